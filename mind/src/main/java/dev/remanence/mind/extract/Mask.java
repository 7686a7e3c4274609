package dev.remanence.mind.extract;

import java.util.ArrayList;
import java.util.List;

/// A stretch of a text that its speaker does not say as a claim: code, an address, a quotation, a
/// line that cites. Found in one pass; a quotation that is not closed ends with its line.
record Mask(Token.Kind kind, int start, int end) {

  static List<Mask> of(String text) {
    var masks = new ArrayList<Mask>();
    int at = 0;
    boolean lineBegins = true;
    while (at < text.length()) {
      char character = text.charAt(at);
      int end = -1;
      var kind = Token.Kind.QUOTED;
      if (text.startsWith("```", at)) {
        int close = text.indexOf("```", at + 3);
        end = close < 0 ? text.length() : close + 3;
        kind = Token.Kind.CODE;
      } else if (character == '`') {
        end = closed(text, at, '`');
        kind = Token.Kind.CODE;
      } else if (lineBegins && character == '>') {
        end = lineEnd(text, at);
      } else if (character == '"') {
        end = closed(text, at, '"');
      } else if (character == '\u201c' || character == '\u201e' || character == '\u00ab') {
        end = closed(text, at, character == '\u00ab' ? '\u00bb' : '\u201d');
      } else if (character == '\'' || character == '\u2018') {
        end = singleClosed(text, at);
      } else if (isAddress(text, at)) {
        end = at;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
          end++;
        }
        kind = Token.Kind.ADDRESS;
      }
      if (end > at) {
        masks.add(new Mask(kind, at, end));
        at = end;
        lineBegins = false;
      } else {
        lineBegins = character == '\n' || (lineBegins && character <= ' ');
        at++;
      }
    }
    return masks;
  }

  private static int lineEnd(String text, int at) {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  private static int closed(String text, int at, char close) {
    int line = at + 1;
    while (line < text.length() && text.charAt(line) != '\n') {
      if (text.charAt(line) == close) {
        return line + 1;
      }
      line++;
    }
    return line;
  }

  /// A single quote opens a quotation behind a space and before a letter, and must be closed before
  /// something that is no letter; else it is an apostrophe.
  private static int singleClosed(String text, int at) {
    boolean opens =
        (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))
            && at + 1 < text.length()
            && Character.isLetterOrDigit(text.charAt(at + 1));
    if (!opens) {
      return -1;
    }
    // Beyond a bound it is an apostrophe: without one, many apostrophes would be quadratic.
    int bound = Math.min(text.length(), at + 300);
    for (int close = at + 1; close < bound && text.charAt(close) != '\n'; close++) {
      char character = text.charAt(close);
      boolean ends = close + 1 == text.length() || !Character.isLetter(text.charAt(close + 1));
      if ((character == '\'' || character == '\u2019') && ends) {
        return close + 1;
      }
    }
    return -1;
  }

  private static boolean isAddress(String text, int at) {
    return text.startsWith("http://", at)
        || text.startsWith("https://", at)
        || text.startsWith("www.", at);
  }
}
