package dev.remanence.mind.extract;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The time that stands at a position of a sentence, resolved against the day it was said: `since
/// 2019`, `until March`, `last week`, `tomorrow at 3pm`, `on the 20th of November`, `two years
/// ago`.
///
/// Weeks begin on Monday, seasons are those of the northern hemisphere in whole months, and `next
/// Friday` is the first Friday to come: as `docs/words.md` has it for questions. A month or a
/// weekday without more is the one before or the one to come, as the rule that asks wants it.
final class When {
  /// Where one says nothing of the year, the time meant lies before the day it is said, or after.
  enum Side {
    BEFORE,
    AFTER
  }

  /// @param from null where only an end is told
  /// @param until the first day that does not belong to it; null where it is open
  /// @param end the position behind it
  record Time(@Nullable LocalDate from, @Nullable LocalDate until, int end) {
    @Nullable Instant fromInstant(ZoneId zone) {
      return from == null ? null : from.atStartOfDay(zone).toInstant();
    }

    @Nullable Instant untilInstant(ZoneId zone) {
      return until == null ? null : until.atStartOfDay(zone).toInstant();
    }
  }

  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "day", ChronoUnit.DAYS,
          "days", ChronoUnit.DAYS,
          "week", ChronoUnit.WEEKS,
          "weeks", ChronoUnit.WEEKS,
          "month", ChronoUnit.MONTHS,
          "months", ChronoUnit.MONTHS,
          "year", ChronoUnit.YEARS,
          "years", ChronoUnit.YEARS);

  private static final Map<String, Integer> SEASONS =
      Map.of("spring", 3, "summer", 6, "autumn", 9, "fall", 9, "winter", 12);

  private static final Map<String, Integer> NAMED_DAYS =
      Map.of("yesterday", -1, "today", 0, "tonight", 0, "tomorrow", 1);

  private static final Map<String, Integer> STEPS =
      Map.of("last", -1, "past", -1, "this", 0, "next", 1, "coming", 1);

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

  private final Sentence sentence;
  private final LocalDate today;
  private final Side side;

  private When(Sentence sentence, LocalDate today, Side side) {
    this.sentence = sentence;
    this.today = today;
    this.side = side;
  }

  /// The time at a position, or null where none begins.
  static @Nullable Time at(Sentence sentence, int at, LocalDate today, Side side) {
    try {
      return new When(sentence, today, side).time(at);
    } catch (DateTimeException _) {
      return null;
    }
  }

  private @Nullable Time time(int at) {
    if (sentence.is(at, "since") || sentence.is(at, "until", "till")) {
      var point = point(sentence.is(at + 1, "the") ? at + 2 : at + 1, true);
      if (point == null) {
        return null;
      }
      return sentence.is(at, "since")
          ? new Time(point.from, null, point.end)
          : new Time(null, point.until, point.end);
    }
    if (sentence.is(at, "for")) {
      return span(at + 1);
    }
    boolean on = sentence.is(at, "on", "in", "from", "by", "this", "around", "during");
    int from = on && !sentence.is(at, "this") ? at + 1 : at;
    var point = point(sentence.is(from, "the") && on ? from + 1 : from, on);
    return point == null ? null : new Time(point.from, point.until, clock(point.end));
  }

  /// `at 3pm`, `morning`: finer than the day it belongs to, and passed over.
  private int clock(int at) {
    int end = sentence.is(at, "morning", "afternoon", "evening", "night") ? at + 1 : at;
    boolean hour = sentence.is(end, "at") && sentence.token(end + 1).isNumber();
    return hour ? end + (sentence.is(end + 2, "am", "pm", "o'clock") ? 3 : 2) : end;
  }

  /// `for ten years`, `for a while`: since then, to the unit.
  private @Nullable Time span(int at) {
    int number = sentence.is(at, "a", "an") ? 1 : Words.number(sentence.word(at));
    var unit = UNITS.get(sentence.word(at + 1));
    return number < 1 || number > 120 || unit == null
        ? null
        : new Time(whole(today.minus(number, unit), unit), null, at + 2);
  }

  /// @param introduced whether a word such as `in` or `since` says that a time follows
  private @Nullable Time point(int at, boolean introduced) {
    var word = sentence.word(at);
    int number = Words.number(word);
    if (word.length() == 10 && word.charAt(4) == '-' && word.charAt(7) == '-') {
      return day(LocalDate.parse(word), at + 1);
    }
    if (NAMED_DAYS.containsKey(word)) {
      return day(today.plusDays(NAMED_DAYS.getOrDefault(word, 0)), at + 1);
    }
    if (STEPS.containsKey(word)) {
      return relative(at + 1, STEPS.getOrDefault(word, 0));
    }
    var ago = ago(at, sentence.is(at, "a", "an") ? 1 : number);
    if (ago != null) {
      return ago;
    }
    if (introduced && number >= 1900 && number <= 2200 && word.length() == 4) {
      return new Time(LocalDate.of(number, 1, 1), LocalDate.of(number + 1, 1, 1), at + 1);
    }
    int month = month(word);
    if (month > 0 && (introduced || ordinal(at + 1) > 0)) {
      return dated(at, month);
    }
    int day = ordinal(at);
    int monthAt = sentence.is(at + 1, "of") ? at + 2 : at + 1;
    if (day > 0 && month(sentence.word(monthAt)) > 0) {
      return dayOf(month(sentence.word(monthAt)), day, monthAt + 1);
    }
    var weekday = weekday(word);
    return introduced && weekday != null
        ? day(
            today.with(
                side == Side.AFTER
                    ? TemporalAdjusters.next(weekday)
                    : TemporalAdjusters.previous(weekday)),
            at + 1)
        : introduced && SEASONS.containsKey(word)
            ? season(word, side == Side.AFTER ? 1 : -1, at)
            : null;
  }

  /// `two years ago`: the unit that holds that moment.
  private @Nullable Time ago(int at, int number) {
    var unit = UNITS.get(sentence.word(at + 1));
    if (number < 1 || number > 500 || unit == null || !sentence.is(at + 2, "ago")) {
      return null;
    }
    var from = whole(today.minus(number, unit), unit);
    return new Time(from, from.plus(1, unit), at + 3);
  }

  private @Nullable Time relative(int at, int step) {
    var word = sentence.word(at);
    var unit = UNITS.get(word);
    if (unit != null && !word.endsWith("s")) {
      var from = whole(today, unit).plus(step, unit);
      return new Time(from, from.plus(1, unit), at + 1);
    }
    if (word.equals("weekend")) {
      var saturday = whole(today, ChronoUnit.WEEKS).plusDays(5).plusWeeks(step);
      return new Time(saturday, saturday.plusDays(2), at + 1);
    }
    var weekday = weekday(word);
    if (weekday != null) {
      return day(
          step < 0
              ? today.with(TemporalAdjusters.previous(weekday))
              : today.with(TemporalAdjusters.next(weekday)),
          at + 1);
    }
    int month = month(word);
    if (month > 0) {
      var first = nearest(month, 1, step < 0 ? Side.BEFORE : Side.AFTER);
      return new Time(first, first.plusMonths(1), at + 1);
    }
    return SEASONS.containsKey(word) ? season(word, step, at) : null;
  }

  private Time season(String word, int step, int at) {
    var first = LocalDate.of(today.getYear(), SEASONS.getOrDefault(word, 1), 1);
    while (step < 0 && first.plusMonths(3).isAfter(today)) {
      first = first.minusYears(1);
    }
    while (step > 0 && !first.isAfter(today)) {
      first = first.plusYears(1);
    }
    return new Time(first, first.plusMonths(3), at + 1);
  }

  /// `March`, `March 2020`, `March 28`, `March 28, 2026`.
  private Time dated(int at, int month) {
    int next = sentence.is(at + 1, ",") ? at + 2 : at + 1;
    int year = year(next);
    if (year > 0) {
      var first = LocalDate.of(year, month, 1);
      return new Time(first, first.plusMonths(1), next + 1);
    }
    int day = ordinal(at + 1);
    if (day > 0) {
      return dayOf(month, day, at + 2);
    }
    var first = nearest(month, 1, side);
    return new Time(first, first.plusMonths(1), at + 1);
  }

  private Time dayOf(int month, int day, int at) {
    int yearAt = sentence.is(at, ",") ? at + 1 : at;
    int year = year(yearAt);
    return year > 0
        ? day(LocalDate.of(year, month, day), yearAt + 1)
        : day(nearest(month, day, side), at);
  }

  private LocalDate nearest(int month, int day, Side wanted) {
    var here = LocalDate.of(today.getYear(), month, day);
    return wanted == Side.AFTER
        ? here.isBefore(today) ? here.plusYears(1) : here
        : here.isAfter(today) ? here.minusYears(1) : here;
  }

  private static Time day(LocalDate day, int end) {
    return new Time(day, day.plusDays(1), end);
  }

  private static LocalDate whole(LocalDate day, ChronoUnit unit) {
    return switch (unit) {
      case WEEKS -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTHS -> day.withDayOfMonth(1);
      case YEARS -> day.withDayOfYear(1);
      default -> day;
    };
  }

  private int year(int at) {
    int number = sentence.word(at).length() == 4 ? Words.number(sentence.word(at)) : -1;
    return number >= 1900 && number <= 2200 ? number : -1;
  }

  /// The day that a position tells: `3`, `3rd`; or -1.
  private int ordinal(int at) {
    var word = sentence.word(at);
    boolean suffixed =
        word.endsWith("st") || word.endsWith("nd") || word.endsWith("rd") || word.endsWith("th");
    int number =
        !sentence.token(at).isNumber()
            ? -1
            : Words.number(suffixed ? word.substring(0, word.length() - 2) : word);
    return number >= 1 && number <= 31 ? number : -1;
  }

  private static int month(String word) {
    return Words.MONTHS.contains(word) ? MONTHS.indexOf(word.substring(0, 3)) + 1 : 0;
  }

  private static @Nullable DayOfWeek weekday(String word) {
    if (Words.DAYS.contains(word)) {
      for (var day : DayOfWeek.values()) {
        if (Words.lower(day.name()).startsWith(word)) {
          return day;
        }
      }
    }
    return null;
  }
}
