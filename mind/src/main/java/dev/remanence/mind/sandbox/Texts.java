package dev.remanence.mind.sandbox;

/// Strings as Python counts them: by code point. Most are narrow, which is to say that every
/// character is a code point of its own, and cost nothing extra.
final class Texts {
  private Texts() {}

  static boolean isNarrow(Run run, String text) {
    int length = text.length();
    if (length > 64) {
      if (run.isKnownNarrow(text)) {
        return true;
      }
      run.meter.work(length >> 4);
    }
    for (int i = 0; i < length; i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return false;
      }
    }
    if (length > 64) {
      run.knowNarrow(text);
    }
    return true;
  }

  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  static int length(Run run, String text) {
    return isNarrow(run, text) ? text.length() : text.codePointCount(0, text.length());
  }

  /// The offset in characters of a code point.
  static int offset(Run run, String text, int index) {
    return isNarrow(run, text) ? index : text.offsetByCodePoints(0, index);
  }

  /// The index as a code point of an offset in characters.
  static int index(Run run, String text, int offset) {
    return offset < 0 || isNarrow(run, text) ? offset : text.codePointCount(0, offset);
  }

  static String at(Run run, String text, int index) {
    int offset = offset(run, text, index);
    return text.substring(offset, offset + Character.charCount(text.codePointAt(offset)));
  }

  /// No more than so many characters of the beginning, for messages.
  static String start(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "…";
  }

  static boolean isSpace(int point) {
    return point == ' '
        || (point >= 9 && point <= 13)
        || (point >= 0x1c && point <= 0x1f)
        || point == 0x85
        || point == 0xa0
        || (point > 127 && Character.isSpaceChar(point));
  }

  static String strip(String text, boolean left, boolean right) {
    int start = 0;
    int end = text.length();
    while (left && start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (right && end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }
}
