package dev.remanence.mind.sandbox;

/// Ends a run. It is no exception of the guest's, so no `except` and no `finally` sees it.
final class LimitExceeded extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LimitExceeded(String message) {
    super(message, null, false, false);
  }
}
