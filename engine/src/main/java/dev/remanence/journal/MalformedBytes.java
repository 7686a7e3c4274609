package dev.remanence.journal;

/// Bytes that no encoder of ours can have written. Becomes `CorruptStore` where the place is known.
public final class MalformedBytes extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedBytes(String message) {
    super(message);
  }
}
