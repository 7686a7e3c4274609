package dev.remanence;

/// How many tokens a text is for a model, estimated: a token a quarter of its characters, rounded
/// up.
final class Tokens {
  private Tokens() {}

  static long of(CharSequence text) {
    return (text.length() + 3L) / 4;
  }
}
