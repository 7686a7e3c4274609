package dev.remanence.mind.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A word, a number, a mark, or a stretch that is not read (quoted words, code, an address).
///
/// Contractions are two tokens, also where the apostrophe was left out: `I'm` and `im` are `i` and
/// `'m`, `don't` and `dont` are `do` and `n't`. Cutting takes time linear in the text.
///
/// @param text as it was written
/// @param word in lower case, in its full spelling, with straight apostrophes
record Token(Kind kind, int start, int end, String text, String word) {
  enum Kind {
    WORD,
    MARK,
    QUOTED,
    CODE,
    ADDRESS,
    LINE_END
  }

  /// Of what was written as one word, where the second begins and how the two are spelled.
  private record Contraction(int cut, String first, String second) {}

  private static final Map<String, Contraction> WITHOUT_APOSTROPHE =
      Map.ofEntries(
          Map.entry("im", new Contraction(1, "i", "'m")),
          Map.entry("ive", new Contraction(1, "i", "'ve")),
          Map.entry("dont", new Contraction(2, "do", "n't")),
          Map.entry("doesnt", new Contraction(4, "does", "n't")),
          Map.entry("didnt", new Contraction(3, "did", "n't")),
          Map.entry("cant", new Contraction(3, "can", "n't")),
          Map.entry("wont", new Contraction(2, "will", "n't")),
          Map.entry("isnt", new Contraction(2, "is", "n't")),
          Map.entry("arent", new Contraction(3, "are", "n't")),
          Map.entry("wasnt", new Contraction(3, "was", "n't")),
          Map.entry("havent", new Contraction(4, "have", "n't")),
          Map.entry("hasnt", new Contraction(3, "has", "n't")),
          Map.entry("whats", new Contraction(4, "what", "'s")),
          Map.entry("thats", new Contraction(4, "that", "'s")),
          Map.entry("hes", new Contraction(2, "he", "'s")),
          Map.entry("shes", new Contraction(3, "she", "'s")));

  /// Words longer than this are noise; they become one token that no rule knows.
  private static final int WORD_CHARS_MAX = 200;

  boolean isWord() {
    return kind == Kind.WORD;
  }

  boolean isCapital() {
    return kind == Kind.WORD && Character.isUpperCase(text.codePointAt(0));
  }

  boolean isNumber() {
    return kind == Kind.WORD && Character.isDigit(text.charAt(0));
  }

  static List<Token> of(String text, List<Mask> masks) {
    var tokens = new ArrayList<Token>();
    int at = 0;
    for (var mask : masks) {
      cut(text, at, mask.start(), tokens);
      tokens.add(
          new Token(
              mask.kind(), mask.start(), mask.end(), text.substring(mask.start(), mask.end()), ""));
      at = mask.end();
    }
    cut(text, at, text.length(), tokens);
    return tokens;
  }

  private static void cut(String text, int from, int to, List<Token> tokens) {
    int at = from;
    while (at < to) {
      int point = text.codePointAt(at);
      int size = Math.min(Character.charCount(point), to - at);
      if (point == '\n' || point == '\r' || point == 0x2028 || point == 0x2029) {
        tokens.add(new Token(Kind.LINE_END, at, at + size, "\n", "\n"));
      } else if (isWordPart(point)) {
        int end = wordEnd(text, at, to);
        word(text, at, end, tokens);
        at = end;
        continue;
      } else if (!Character.isWhitespace(point) && !Character.isSpaceChar(point)) {
        var mark = text.substring(at, at + size);
        tokens.add(new Token(Kind.MARK, at, at + size, mark, mark));
      }
      at += size;
    }
  }

  private static boolean isWordPart(int point) {
    return Character.isLetterOrDigit(point)
        || Character.getType(point) == Character.NON_SPACING_MARK
        || point == '_'
        || point == '@'
        || point == '#'
        || point == '+'
        || point == '&';
  }

  private static int wordEnd(String text, int from, int to) {
    int at = from;
    while (at < to) {
      int point = text.codePointAt(at);
      int next = at + Math.min(Character.charCount(point), to - at);
      boolean inside =
          isWordPart(point)
              || (next < to
                  && at > from
                  && Character.isLetterOrDigit(text.codePointAt(next))
                  && joins(point, text.charAt(at - 1), text.charAt(next)));
      if (!inside) {
        break;
      }
      at = next;
    }
    return at;
  }

  private static boolean joins(int point, char before, char after) {
    return switch (point) {
      case '-', '/', '\'', '\u2019', '\u2011' -> true;
      case '.' -> Character.isDigit(after) || !Character.isUpperCase(after) || before < 'a';
      case ',', ':' -> Character.isDigit(before) && Character.isDigit(after);
      default -> false;
    };
  }

  private static void word(String text, int start, int end, List<Token> tokens) {
    var written = text.substring(start, end);
    if (end - start > WORD_CHARS_MAX) {
      tokens.add(new Token(Kind.CODE, start, end, written, ""));
      return;
    }
    var word = Words.lower(written).replace('\u2019', '\'');
    var known = WITHOUT_APOSTROPHE.get(word);
    if (known != null) {
      pair(text, start, end, known, tokens);
      return;
    }
    int cut =
        word.endsWith("n't") && word.length() > 3 ? word.length() - 3 : word.lastIndexOf('\'');
    if (cut > 0 && word.length() - cut <= 3 && word.length() == written.length()) {
      var first = word.substring(0, cut);
      var full = first.equals("ca") ? "can" : first.equals("wo") ? "will" : first;
      pair(text, start, end, new Contraction(cut, full, word.substring(cut)), tokens);
    } else {
      tokens.add(new Token(Kind.WORD, start, end, written, word));
    }
  }

  private static void pair(String text, int start, int end, Contraction parts, List<Token> tokens) {
    int cut = start + parts.cut;
    tokens.add(new Token(Kind.WORD, start, cut, text.substring(start, cut), parts.first));
    tokens.add(new Token(Kind.WORD, cut, end, text.substring(cut, end), parts.second));
  }
}
