package dev.remanence.image;

/// A text as its words and as the stems of these: the two fields in which it is found.
public record Analyzed(Terms words, Terms stems) {
  /// Whether there is nothing to find or to look for.
  public boolean isEmpty() {
    return words.terms().isEmpty();
  }
}
