package dev.remanence.mind.sandbox;

/// The text is no program: a `SyntaxError`, before anything has run.
final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;

  Unreadable(String message, int line) {
    super(message, null, false, false);
    this.line = line;
  }

  int line() {
    return line;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
