package dev.remanence.recall;

import java.util.ArrayList;
import java.util.List;

/// The pieces of a text: what is indexed and embedded by itself. A text of up to 1200 characters is
/// one piece; a longer one is cut into pieces of about 800, at the end of a paragraph, a sentence
/// or a word, in this order, and never within a character.
///
/// The pieces of a text are the same on every machine: vectors are kept by their numbers.
public final class Pieces {
  static final int WHOLE_CHARS_MAX = 1200;
  private static final int PIECE_CHARS = 800;
  private static final int SHORTEST = PIECE_CHARS / 2;

  private Pieces() {}

  public static List<String> of(String text) {
    if (text.length() <= WHOLE_CHARS_MAX) {
      return List.of(text);
    }
    var pieces = new ArrayList<String>(text.length() / SHORTEST + 1);
    int start = 0;
    while (text.length() - start > WHOLE_CHARS_MAX) {
      int end = cut(text, start);
      pieces.add(text.substring(start, end));
      start = end;
    }
    pieces.add(text.substring(start));
    return List.copyOf(pieces);
  }

  private static int cut(String text, int start) {
    int latest = start + PIECE_CHARS;
    int sentence = 0;
    int word = 0;
    for (int end = latest; end > start + SHORTEST; end--) {
      char before = text.charAt(end - 1);
      if (before == '\n') {
        return end;
      }
      if (Character.isWhitespace(before)) {
        word = Math.max(word, end);
        char last = text.charAt(end - 2);
        if (sentence == 0 && (last == '.' || last == '!' || last == '?')) {
          sentence = end;
        }
      } else if (sentence == 0 && (before == '。' || before == '！' || before == '？')) {
        sentence = end;
      }
    }
    if (sentence > 0) {
      return sentence;
    }
    if (word > 0) {
      return word;
    }
    return Character.isLowSurrogate(text.charAt(latest)) ? latest - 1 : latest;
  }
}
