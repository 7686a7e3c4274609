package dev.remanence.image;

/// How the words of a scope are taken apart and brought to a common form.
public enum Language {
  /// English stems and stop words; text in other scripts is found as in [#NEUTRAL].
  ENGLISH,

  /// No stems and no stop words: the second form of a word is the word without its accents.
  NEUTRAL
}
