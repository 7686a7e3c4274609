package dev.remanence.recall;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A piece of a question, as far as it matters to times.
///
/// @param word lower case, without a possessive; empty if this is not a word
/// @param capital whether the word begins with a capital letter
/// @param number the number's value, or [#NONE]; ordinals count
/// @param date year, month, day as they stand in `2023-03-05` and the like, missing ones 0; or
///   empty
record TimeToken(Kind kind, String word, boolean capital, int number, List<Integer> date) {
  enum Kind {
    WORD,
    NUMBER,
    /// A decade: `1990s`.
    DECADE,
    DATE,
    COMMA,
    /// The end of a sentence, a bracket, a quotation mark: nothing goes on behind it.
    BREAK
  }

  static final int NONE = -1;

  private static final List<Integer> NO_DATE = List.of();

  /// Questions are short; what is longer is read to this many characters.
  private static final int CHARS_MAX = 20_000;

  /// What a piece is. No alternative can be tried twice on the same characters: every quantifier is
  /// possessive or bounded.
  static final Pattern PIECE =
      Pattern.compile(
          "(?<iso>(?<![\\p{L}\\p{N}/.-])(\\d{4})([-/])(\\d{1,2})(?:\\3(\\d{1,2}))?(?!(?!T\\d)[\\p{L}\\p{N}]|[-./]\\d))"
              + "|(?<slashed>(?<![\\p{L}\\p{N}/.-])(\\d{1,2})([/.])(\\d{1,2})\\8(\\d{4})(?![\\p{L}\\p{N}]|[./]\\d))"
              + "|(?<decade>(?<![\\p{L}\\p{N}])(\\d{3}0)s(?![\\p{L}\\p{N}]))"
              + "|(?<number>(?<![\\p{L}\\p{N}.,])(\\d{1,4})(?:st|nd|rd|th)?(?![\\p{L}\\p{N}]|[.,]\\d))"
              + "|(?<word>[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}]*+(?:['\u2019]\\p{L}{1,2}+)?+)"
              + "|(?<comma>,)"
              + "|(?<end>[^\\s\\p{L}\\p{N}\\p{M},'\u2019-])",
          Pattern.CASE_INSENSITIVE);

  /// The pieces of a text. Most are words, which are told by their first letter; the pattern is
  /// asked where a digit stands.
  static List<TimeToken> of(String text) {
    var read = text.length() > CHARS_MAX ? text.substring(0, CHARS_MAX) : text;
    var tokens = new ArrayList<TimeToken>();
    var matcher = PIECE.matcher(read).useTransparentBounds(true).useAnchoringBounds(false);
    for (int at = 0; at < read.length(); ) {
      int code = read.codePointAt(at);
      if (Character.isLetter(code)) {
        int end = endOfWord(read, at);
        tokens.add(word(read.substring(at, end)));
        at = end;
      } else if (isNumber(code)) {
        matcher.region(at, read.length()).lookingAt();
        tokens.add(token(matcher));
        at = matcher.end();
      } else {
        if (!standsBetween(code)) {
          tokens.add(
              new TimeToken(code == ',' ? Kind.COMMA : Kind.BREAK, "", false, NONE, NO_DATE));
        }
        at += Character.charCount(code);
      }
    }
    return tokens;
  }

  /// Letters, marks and digits, and the short ending behind an apostrophe.
  private static int endOfWord(String text, int start) {
    int at = start;
    while (at < text.length() && isOfWord(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    if (at < text.length() && isApostrophe(text.charAt(at))) {
      int end = at + 1;
      for (int i = 0; i < 2 && end < text.length(); i++) {
        int code = text.codePointAt(end);
        end += Character.isLetter(code) ? Character.charCount(code) : 0;
      }
      at = end > at + 1 ? end : at;
    }
    return at;
  }

  private static boolean isOfWord(int code) {
    return Character.isLetter(code) || isNumber(code) || isMark(code);
  }

  private static boolean isNumber(int code) {
    int type = Character.getType(code);
    return type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  private static boolean isMark(int code) {
    int type = Character.getType(code);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }

  private static boolean isApostrophe(int code) {
    return code == '\'' || code == '\u2019';
  }

  /// What separates pieces and ends nothing.
  private static boolean standsBetween(int code) {
    return code == ' '
        || (code >= '\t' && code <= '\r')
        || code == '-'
        || isApostrophe(code)
        || isMark(code);
  }

  /// A match of the pattern.
  static TimeToken token(Matcher matcher) {
    if (matcher.group("word") != null) {
      return word(matcher.group("word"));
    } else if (matcher.group("number") != null) {
      return number(Kind.NUMBER, matcher.group(14));
    } else if (matcher.group("decade") != null) {
      return number(Kind.DECADE, matcher.group(12));
    } else if (matcher.group("iso") != null) {
      var day = matcher.group(5);
      return date(matcher.group(2), matcher.group(4), day == null ? "0" : day);
    } else if (matcher.group("slashed") != null) {
      return monthFirst(matcher)
          ? date(matcher.group(10), matcher.group(7), matcher.group(9))
          : date(matcher.group(10), matcher.group(9), matcher.group(7));
    }
    return new TimeToken(
        matcher.group("comma") != null ? Kind.COMMA : Kind.BREAK, "", false, NONE, List.of());
  }

  /// `03/05/2023` is the fifth of March as the language is English; `13/05/2023` can only be the
  /// thirteenth of May, and with dots the day always comes first.
  private static boolean monthFirst(Matcher matcher) {
    return matcher.group(8).equals("/") && Integer.parseInt(matcher.group(7)) <= 12;
  }

  private static TimeToken word(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    int apostrophe = Math.max(lower.indexOf('\''), lower.indexOf('\u2019'));
    var word = apostrophe > 0 ? lower.substring(0, apostrophe) : lower;
    return new TimeToken(
        Kind.WORD, word, Character.isUpperCase(text.codePointAt(0)), NONE, List.of());
  }

  private static TimeToken number(Kind kind, String digits) {
    return new TimeToken(kind, "", false, Integer.parseInt(digits), List.of());
  }

  private static TimeToken date(String year, String month, String day) {
    return new TimeToken(
        Kind.DATE,
        "",
        false,
        NONE,
        List.of(Integer.parseInt(year), Integer.parseInt(month), Integer.parseInt(day)));
  }
}
