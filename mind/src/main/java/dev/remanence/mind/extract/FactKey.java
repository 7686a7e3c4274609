package dev.remanence.mind.extract;

import dev.remanence.Limits;

/// The keys under which facts are kept: `entity/attribute`, each in lower case, in letters and
/// digits of any script with `_` between words. `Anna's sister` and `lives_in` are
/// `anna_s_sister/lives_in`; entities that differ in their marks alone share a key.
final class FactKey {
  private FactKey() {}

  static String of(String entity, Attribute attribute) {
    int charsMax = Limits.KEY_CHARS_MAX / 2 - 1;
    return shortened(word(entity), charsMax) + "/" + shortened(word(attribute.name()), charsMax);
  }

  /// A text as a part of a key: never empty.
  static String word(String text) {
    var lower = Words.lower(text);
    var word = new StringBuilder(lower.length());
    boolean gap = false;
    for (int at = 0; at < lower.length(); at += Character.charCount(lower.codePointAt(at))) {
      int point = lower.codePointAt(at);
      if (Character.isLetterOrDigit(point)
          || Character.getType(point) == Character.NON_SPACING_MARK) {
        if (gap && !word.isEmpty()) {
          word.append('_');
        }
        word.appendCodePoint(point);
        gap = false;
      } else {
        gap = true;
      }
    }
    return word.isEmpty() ? "_" : word.toString();
  }

  private static String shortened(String word, int charsMax) {
    if (word.length() <= charsMax) {
      return word;
    }
    boolean split = Character.isHighSurrogate(word.charAt(charsMax - 1));
    return word.substring(0, split ? charsMax - 1 : charsMax);
  }
}
