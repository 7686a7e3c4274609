package dev.remanence.recall;

import dev.remanence.recall.TimeToken.Kind;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The words of a text as far as they tell times: which stands where, and whether it means a time
/// there. Names of months that are also other words count only where a time must stand.
final class TimeWords {
  static final Map<String, Integer> NUMBERS =
      Map.ofEntries(
          Map.entry("a", 1),
          Map.entry("an", 1),
          Map.entry("one", 1),
          Map.entry("two", 2),
          Map.entry("couple", 2),
          Map.entry("three", 3),
          Map.entry("four", 4),
          Map.entry("five", 5),
          Map.entry("six", 6),
          Map.entry("seven", 7),
          Map.entry("eight", 8),
          Map.entry("nine", 9),
          Map.entry("ten", 10),
          Map.entry("eleven", 11),
          Map.entry("twelve", 12));

  static final Map<String, ChronoUnit> UNITS =
      Map.ofEntries(
          Map.entry("hour", ChronoUnit.HOURS),
          Map.entry("hours", ChronoUnit.HOURS),
          Map.entry("day", ChronoUnit.DAYS),
          Map.entry("days", ChronoUnit.DAYS),
          Map.entry("week", ChronoUnit.WEEKS),
          Map.entry("weeks", ChronoUnit.WEEKS),
          Map.entry("month", ChronoUnit.MONTHS),
          Map.entry("months", ChronoUnit.MONTHS),
          Map.entry("year", ChronoUnit.YEARS),
          Map.entry("years", ChronoUnit.YEARS));

  /// The full names, and abbreviations that are no other word.
  private static final Map<String, Month> MONTHS = months();

  /// Months that are also names of people, verbs or adjectives.
  static final Set<String> ALSO_OTHER_WORDS =
      Set.of("may", "march", "april", "june", "august", "jan");

  static final Map<String, DayOfWeek> WEEKDAYS = weekdays();

  static final Map<String, Month> SEASONS =
      Map.of(
          "spring", Month.MARCH,
          "summer", Month.JUNE,
          "autumn", Month.SEPTEMBER,
          "fall", Month.SEPTEMBER,
          "winter", Month.DECEMBER);

  /// Behind these any name of a month is one, and a number like a year is a year.
  private static final Set<String> BEFORE_A_TIME =
      Set.of("in", "during", "since", "until", "till", "early", "mid", "late", "throughout");

  /// Behind these it is, if it can be nothing else.
  private static final Set<String> OFTEN_BEFORE_A_TIME =
      Set.of("by", "from", "of", "around", "before", "after", "on", "to", "and", "or", "for");

  private static final Set<String> VERBS_LIKE_PLURALS = Set.of("was", "has", "does");

  static final Set<String> LAST = Set.of("last", "past", "previous");
  static final Set<String> NEXT = Set.of("next", "coming", "following");
  static final Set<String> THIS = Set.of("this", "current");

  /// Every expression holds one of these or a digit.
  private static final Set<String> IN_EVERY_EXPRESSION = inEveryExpression();

  private final List<TimeToken> tokens;

  TimeWords(String text) {
    tokens = TimeToken.of(text);
  }

  /// Whether a text may tell a time, at a glance: most do not.
  static boolean mayBeIn(String text) {
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      if (c >= '0' && c <= '9') {
        return true;
      }
      if (Character.isLetter(c)) {
        start = start < 0 ? i : start;
      } else if (start >= 0) {
        if (IN_EVERY_EXPRESSION.contains(text.substring(start, i).toLowerCase(Locale.ROOT))) {
          return true;
        }
        start = -1;
      }
    }
    return false;
  }

  int size() {
    return tokens.size();
  }

  TimeToken get(int at) {
    return tokens.get(at);
  }

  /// The word at a place, or an empty one where there is none.
  String word(int at) {
    return at >= 0 && at < tokens.size() ? tokens.get(at).word() : "";
  }

  boolean is(int at, String word) {
    return at >= 0 && at < tokens.size() && tokens.get(at).word().equals(word);
  }

  int number(int at) {
    return at >= 0 && at < tokens.size() && tokens.get(at).kind() == Kind.NUMBER
        ? tokens.get(at).number()
        : TimeToken.NONE;
  }

  @Nullable Month month(int at) {
    return at >= 0 && at < tokens.size() ? MONTHS.get(tokens.get(at).word()) : null;
  }

  /// Whether a month's name may well be a verb.
  boolean isVerb(int at) {
    return (is(at, "may") || is(at, "march")) && !tokens.get(at).capital();
  }

  /// Whether what stands here must be a time, by the word before.
  boolean meant(int at, boolean ambiguous) {
    if (at == 0) {
      return false;
    }
    var before = tokens.get(at - 1).word();
    return BEFORE_A_TIME.contains(before) || (!ambiguous && OFTEN_BEFORE_A_TIME.contains(before));
  }

  /// Whether a number is one of things: `2000 steps`.
  boolean countsThings(int at) {
    return at + 1 < tokens.size()
        && tokens.get(at + 1).word().matches("[a-z]{3,}s")
        && !VERBS_LIKE_PLURALS.contains(tokens.get(at + 1).word());
  }

  boolean isYear(int at) {
    return number(at) >= 1900 && number(at) < 2100;
  }

  /// Where a year stands behind `,`, `in` or `of`, or [TimeToken#NONE].
  int yearAfter(int at) {
    boolean link =
        is(at, "in") || is(at, "of") || (at < tokens.size() && tokens.get(at).kind() == Kind.COMMA);
    return link && isYear(at + 1) ? at + 1 : TimeToken.NONE;
  }

  private static Map<String, Month> months() {
    var months = new HashMap<String, Month>();
    for (var month : Month.values()) {
      var name = month.name().toLowerCase(Locale.ROOT);
      months.put(name, month);
      if (month != Month.MARCH) {
        months.put(name.substring(0, 3), month);
      }
    }
    months.put("sept", Month.SEPTEMBER);
    return Map.copyOf(months);
  }

  private static Set<String> inEveryExpression() {
    var words = new HashSet<String>(MONTHS.keySet());
    words.addAll(WEEKDAYS.keySet());
    words.addAll(SEASONS.keySet());
    words.addAll(UNITS.keySet());
    words.addAll(Set.of("today", "yesterday", "tomorrow", "tonight", "weekend"));
    words.addAll(Set.of("morning", "afternoon", "evening", "night"));
    words.addAll(Set.of("christmas", "halloween", "thanksgiving", "valentine", "valentines"));
    return Set.copyOf(words);
  }

  private static Map<String, DayOfWeek> weekdays() {
    var days = new HashMap<String, DayOfWeek>();
    for (var day : DayOfWeek.values()) {
      days.put(day.name().toLowerCase(Locale.ROOT), day);
    }
    return Map.copyOf(days);
  }
}
