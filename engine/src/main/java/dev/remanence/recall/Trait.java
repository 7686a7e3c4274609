package dev.remanence.recall;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What can be said of a content without knowing the question. Found once, when the content is
/// taken into an image, and kept as bits: a question looks at hundreds of contents.
public enum Trait {
  /// The turn says nothing, it only asks: what it is about is in the answer.
  ONLY_ASKS(1),
  /// The turn names a time.
  NAMES_A_TIME(2),
  /// The turn holds a number.
  HOLDS_A_NUMBER(4),
  /// The user of an assistant said it.
  BY_USER(8),
  /// It is the value of a key: it holds until another one does.
  KEYED(16);

  /// A longer turn is no mere question, and is read to this many characters for the rest.
  private static final int ASKING_CHARS_MAX = 200;

  private static final int CHARS_MAX = 4_000;

  /// A sentence of so many words or fewer beside a question is politeness: `Wow!`, `That's great.`
  private static final int POLITE_WORDS_MAX = 3;

  private static final Set<String> TIME_WORDS =
      Set.of(
          "ago",
          "day",
          "days",
          "week",
          "weeks",
          "weekend",
          "month",
          "months",
          "year",
          "years",
          "recently",
          "soon",
          "earlier",
          "later",
          "date");

  private static final Set<String> NUMBER_WORDS =
      Set.of(
          "two",
          "three",
          "four",
          "five",
          "six",
          "seven",
          "eight",
          "nine",
          "ten",
          "eleven",
          "twelve",
          "twenty",
          "thirty",
          "forty",
          "fifty",
          "hundred",
          "thousand",
          "million",
          "dozen",
          "couple",
          "several",
          "once",
          "twice",
          "both",
          "half");

  private final int bit;

  Trait(int bit) {
    this.bit = bit;
  }

  public boolean isIn(byte traits) {
    return (traits & bit) != 0;
  }

  /// The traits of a content, as bits.
  public static byte of(String text, @Nullable String speaker, @Nullable String key) {
    var read = text.length() > CHARS_MAX ? text.substring(0, CHARS_MAX) : text;
    var words = Question.words(read);
    int traits = onlyAsks(text) ? ONLY_ASKS.bit : 0;
    traits |= namesATime(read, words) ? NAMES_A_TIME.bit : 0;
    traits |= holdsANumber(read, words) ? HOLDS_A_NUMBER.bit : 0;
    traits |= Speakers.isUser(speaker) ? BY_USER.bit : 0;
    traits |= key == null ? 0 : KEYED.bit;
    return (byte) traits;
  }

  private static boolean onlyAsks(String text) {
    if (text.length() > ASKING_CHARS_MAX) {
      return false;
    }
    boolean asks = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean question = c == '?' || c == '？' || c == '؟';
      if (question || c == '.' || c == '!' || c == '。' || c == '！') {
        if (!question && Question.words(text.substring(start, i)).size() > POLITE_WORDS_MAX) {
          return false;
        }
        asks |= question;
        start = i + 1;
      }
    }
    return asks && Question.words(text.substring(start)).size() <= POLITE_WORDS_MAX;
  }

  private static boolean namesATime(String text, List<String> words) {
    return words.stream().anyMatch(TIME_WORDS::contains)
        || !TimeExpressions.in(text, Instant.EPOCH).isEmpty();
  }

  private static boolean holdsANumber(String text, List<String> words) {
    return text.chars().anyMatch(Character::isDigit)
        || words.stream().anyMatch(NUMBER_WORDS::contains);
  }
}
