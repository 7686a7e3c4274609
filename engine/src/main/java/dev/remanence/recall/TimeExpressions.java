package dev.remanence.recall;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The periods that a question in English names; docs/words.md has the grammar with examples.
///
/// A name of a month or a day that is also another word counts only where a time must stand: `in
/// May`, `March 5`, `last June`; not `may I`, `they march`, `what did June say`. Without a year a
/// date means that date in every year. Weeks begin on Monday; seasons are those of the northern
/// hemisphere, in whole months.
///
/// Pure and total: any text has an answer, in time linear in its length, which is read up to a
/// bound.
public final class TimeExpressions {
  /// More periods than that restrict nothing.
  private static final int PERIODS_MAX = 16;

  private final TimeWords words;
  private final Almanac almanac;
  private final Set<Period> periods = new LinkedHashSet<>();

  /// A period and where the text goes on behind it.
  private record Found(Period period, int end) {}

  private TimeExpressions(String question, Instant now, ZoneId zone) {
    words = new TimeWords(question);
    almanac = new Almanac(now, zone);
  }

  /// The periods that a question names, in the order of their first place, at most sixteen.
  public static List<Period> in(String question, Instant now, ZoneId zone) {
    return TimeWords.mayBeIn(question) ? parsed(question, now, zone) : List.of();
  }

  /// The same without the glance before.
  static List<Period> parsed(String question, Instant now, ZoneId zone) {
    return new TimeExpressions(question, now, zone).all();
  }

  /// The periods that a question names, in UTC.
  public static List<Period> in(String question, Instant now) {
    return in(question, now, ZoneOffset.UTC);
  }

  private List<Period> all() {
    int at = 0;
    while (at < words.size() && periods.size() < PERIODS_MAX) {
      var found = expression(at);
      if (found == null) {
        at++;
      } else {
        periods.add(found.period);
        at = found.end;
      }
    }
    return List.copyOf(periods);
  }

  private @Nullable Found expression(int at) {
    var range = range(at);
    if (range != null) {
      return range;
    }
    var bound = bound(at);
    return bound != null ? bound : point(at);
  }

  // From one time to another.

  /// `between 5 and 9 May`, `from March to May 2023`, `between 2019 and 2021`.
  private @Nullable Found range(int at) {
    boolean between = words.is(at, "between");
    if (!between && !words.is(at, "from")) {
      return null;
    }
    var days = days(at + 1, between);
    if (days != null) {
      return days;
    }
    var from = limit(at + 1);
    if (from == null || !isLink(from.end, between)) {
      return null;
    }
    var to = limit(from.end + 1);
    if (to == null) {
      return null;
    }
    if (from.period instanceof Period.Recurring first
        && to.period instanceof Period.Recurring last) {
      return new Found(new Period.Recurring(first.first(), last.last(), almanac.zone()), to.end);
    }
    var end = almanac.fixed(to.period);
    var start =
        from.period instanceof Period.Recurring recurring
            ? almanac.before(recurring, end.to())
            : almanac.fixed(from.period);
    return start.from().isBefore(end.to())
        ? new Found(new Period.Fixed(start.from(), end.to()), to.end)
        : null;
  }

  /// `5 and 9 May 2023`, `May 5 and 9`: two days of one month.
  private @Nullable Found days(int at, boolean between) {
    int first = words.number(at);
    if (first >= 1 && first <= 31 && isLink(at + 1, between)) {
      var last = point(at + 2);
      if (last != null && words.number(at + 2) >= 1) {
        return upTo(first, last);
      }
    }
    var month = words.month(at);
    int last = words.number(at + 3);
    if (month != null && words.number(at + 1) >= 1 && isLink(at + 2, between) && last >= 1) {
      var end = dated(at + 4, month, last);
      return end == null ? null : upTo(words.number(at + 1), end);
    }
    return null;
  }

  private @Nullable Found upTo(int firstDay, Found last) {
    return switch (last.period) {
      case Period.Recurring recurring when firstDay <= recurring.last().getDayOfMonth() ->
          new Found(
              new Period.Recurring(
                  recurring.last().withDayOfMonth(firstDay), recurring.last(), almanac.zone()),
              last.end);
      case Period.Fixed fixed
          when firstDay <= LocalDate.ofInstant(fixed.from(), almanac.zone()).getDayOfMonth() -> {
        var from = LocalDate.ofInstant(fixed.from(), almanac.zone()).withDayOfMonth(firstDay);
        yield new Found(new Period.Fixed(almanac.start(from), fixed.to()), last.end);
      }
      case Period _ -> null;
    };
  }

  private boolean isLink(int at, boolean between) {
    return between
        ? words.is(at, "and")
        : words.is(at, "to") || words.is(at, "until") || words.is(at, "till");
  }

  /// `since March`, `before June 2023`, `until last week`, `after 5 May`.
  private @Nullable Found bound(int at) {
    boolean since = words.is(at, "since");
    boolean after = words.is(at, "after");
    boolean before = words.is(at, "before");
    boolean until = words.is(at, "until") || words.is(at, "till");
    if (!since && !after && !before && !until) {
      return null;
    }
    var point = limit(at + 1);
    if (point == null) {
      return null;
    }
    var fixed = almanac.fixed(point.period);
    var period =
        since
            ? new Period.Fixed(fixed.from(), Instant.MAX)
            : after
                ? new Period.Fixed(fixed.to(), Instant.MAX)
                : new Period.Fixed(Instant.MIN, before ? fixed.from() : fixed.to());
    return new Found(period, point.end);
  }

  /// A time that limits a longer one: where it stands, a month or a year is meant.
  private @Nullable Found limit(int at) {
    var month = words.month(at);
    if (month != null) {
      return named(at, month, true);
    }
    return words.isYear(at) && !words.countsThings(at) && words.month(at + 1) == null
        ? new Found(almanac.year(words.number(at)), at + 1)
        : point(at);
  }

  // One time.

  private @Nullable Found point(int at) {
    if (at >= words.size()) {
      return null;
    }
    var token = words.get(at);
    return switch (token.kind()) {
      case DATE -> literal(token, at + 1);
      case DECADE ->
          token.number() < 1000
              ? null
              : new Found(
                  almanac.days(
                      LocalDate.of(token.number(), 1, 1), LocalDate.of(token.number() + 10, 1, 1)),
                  at + 1);
      case NUMBER -> numbered(at);
      case WORD -> worded(at);
      case COMMA, BREAK -> null;
    };
  }

  private @Nullable Found literal(TimeToken token, int end) {
    int year = token.date().get(0);
    int month = token.date().get(1);
    int day = token.date().get(2);
    if (month < 1 || month > 12 || year < 1000) {
      return null;
    }
    var first = LocalDate.of(year, month, 1);
    if (day == 0) {
      return new Found(almanac.days(first, first.plusMonths(1)), end);
    }
    return day > first.lengthOfMonth()
        ? null
        : new Found(almanac.day(first.withDayOfMonth(day)), end);
  }

  /// `5 March 2023`, `5th of March`, `3 weeks ago`, and `2022` where a year must stand.
  private @Nullable Found numbered(int at) {
    int number = words.get(at).number();
    int afterNumber = words.is(at + 1, "of") ? at + 2 : at + 1;
    var month = words.month(afterNumber);
    if (month != null
        && (!words.isVerb(afterNumber)
            || afterNumber > at + 1
            || words.isYear(at + 2)
            || words.meant(at, false))) {
      var dated = dated(afterNumber + 1, month, number);
      if (dated != null) {
        return dated;
      }
    }
    var ago = ago(at + 1, number, number);
    if (ago != null) {
      return ago;
    }
    boolean asYear =
        words.is(at - 1, "year") || words.is(at - 1, "between") || words.meant(at, false);
    return words.isYear(at) && asYear && !words.countsThings(at)
        ? new Found(almanac.year(number), at + 1)
        : null;
  }

  private @Nullable Found worded(int at) {
    var word = words.word(at);
    var found =
        switch (word) {
          case "today" -> new Found(almanac.day(almanac.today()), at + 1);
          case "yesterday" ->
              new Found(part(almanac.today().minusDays(1), at + 1), partEnd(at + 1));
          case "tomorrow" -> new Found(part(almanac.today().plusDays(1), at + 1), partEnd(at + 1));
          case "tonight" -> new Found(almanac.hours(almanac.today(), 18, 30), at + 1);
          case "day" -> dayBeside(at);
          case "few", "several" -> ago(at + 1, 2, 6);
          case "the" ->
              words.is(at + 1, "weekend") ? new Found(almanac.latestWeekend(), at + 2) : null;
          default -> null;
        };
    if (found != null) {
      return found;
    }
    if (TimeWords.LAST.contains(word)
        || TimeWords.THIS.contains(word)
        || TimeWords.NEXT.contains(word)) {
      return relative(at);
    }
    var number = TimeWords.NUMBERS.get(word);
    if (number != null) {
      var ago =
          ago(word.equals("couple") && words.is(at + 1, "of") ? at + 2 : at + 1, number, number);
      if (ago != null) {
        return ago;
      }
    }
    var month = words.month(at);
    if (month != null) {
      return named(at, month, words.meant(at, TimeWords.ALSO_OTHER_WORDS.contains(word)));
    }
    var weekday = TimeWords.WEEKDAYS.get(word);
    if (weekday != null) {
      return words.is(at - 1, "every") || words.is(at - 1, "each")
          ? null
          : new Found(
              almanac.day(almanac.today().with(TemporalAdjusters.previousOrSame(weekday))), at + 1);
    }
    var season = TimeWords.SEASONS.get(word);
    return season != null ? season(at, season) : holiday(at);
  }

  private @Nullable Found dayBeside(int at) {
    if (words.is(at + 1, "before") && words.is(at + 2, "yesterday")) {
      return new Found(almanac.day(almanac.today().minusDays(2)), at + 3);
    }
    return words.is(at + 1, "after") && words.is(at + 2, "tomorrow")
        ? new Found(almanac.day(almanac.today().plusDays(2)), at + 3)
        : null;
  }

  /// `yesterday`, `yesterday morning`.
  private Period part(LocalDate day, int at) {
    return almanac.partOfDay(day, at < words.size() ? words.word(at) : "");
  }

  private int partEnd(int at) {
    return words.is(at, "morning")
            || words.is(at, "afternoon")
            || words.is(at, "evening")
            || words.is(at, "night")
        ? at + 1
        : at;
  }

  /// `2 weeks ago`: the day, week, month or year that holds the moment so long ago.
  private @Nullable Found ago(int at, int least, int most) {
    var unit = at < words.size() ? TimeWords.UNITS.get(words.word(at)) : null;
    if (unit == null
        || !(words.is(at + 1, "ago") || words.is(at + 1, "back") || words.is(at + 1, "earlier"))) {
      return null;
    }
    if (unit == ChronoUnit.HOURS) {
      return new Found(
          new Period.Fixed(
              almanac.instant(almanac.now().minusHours(most + 1L)),
              almanac.instant(almanac.now().minusHours(least - 1L))),
          at + 2);
    }
    var from = almanac.whole(almanac.today().minus(most, unit), unit);
    var to = almanac.whole(almanac.today().minus(least, unit), unit).plus(1, unit);
    return new Found(almanac.days(from, to), at + 2);
  }

  /// What follows `last`, `this` or `next`.
  private @Nullable Found relative(int at) {
    var word = words.word(at);
    int step = TimeWords.LAST.contains(word) ? -1 : TimeWords.NEXT.contains(word) ? 1 : 0;
    int next = at + 1;
    if (next >= words.size()) {
      return null;
    }
    var named = words.word(next);
    var unit = TimeWords.UNITS.get(named);
    if (unit != null && unit != ChronoUnit.HOURS && !named.endsWith("s")) {
      var from = almanac.whole(almanac.today(), unit).plus(step, unit);
      return new Found(almanac.days(from, from.plus(1, unit)), next + 1);
    }
    var span = span(next, step);
    if (span != null) {
      return span;
    }
    if (named.equals("weekend")) {
      return new Found(almanac.weekend(step), next + 1);
    }
    if (partEnd(next) > next) {
      return step > 0
          ? null
          : new Found(
              almanac.partOfDay(
                  step < 0 && !TimeWords.THIS.contains(word)
                      ? almanac.today().minusDays(1)
                      : almanac.today(),
                  named),
              next + 1);
    }
    var weekday = TimeWords.WEEKDAYS.get(named);
    if (weekday != null) {
      var day =
          step < 0
              ? almanac.today().with(TemporalAdjusters.previous(weekday))
              : step > 0
                  ? almanac.today().with(TemporalAdjusters.next(weekday))
                  : almanac
                      .whole(almanac.today(), ChronoUnit.WEEKS)
                      .with(TemporalAdjusters.nextOrSame(weekday));
      return new Found(almanac.day(day), next + 1);
    }
    var month = words.month(next);
    if (month != null && (step != 0 || !words.isVerb(next))) {
      return new Found(almanac.stepped(month, 1, step), next + 1);
    }
    var season = TimeWords.SEASONS.get(named);
    if (season != null) {
      return new Found(almanac.stepped(season, 3, step), next + 1);
    }
    return holiday(next) instanceof Found(Period.Recurring holiday, int end)
        ? new Found(almanac.stepped(holiday, step), end)
        : null;
  }

  /// `last 3 days`, `past two weeks`, `next six months`: from or up to now.
  private @Nullable Found span(int at, int step) {
    int number = words.number(at);
    if (number < 0) {
      number = TimeWords.NUMBERS.getOrDefault(words.word(at), 0);
    }
    if (words.is(at, "few") || words.is(at, "several")) {
      number = 6;
    }
    int unitAt = words.is(at, "couple") && words.is(at + 1, "of") ? at + 2 : at + 1;
    var unit = unitAt < words.size() ? TimeWords.UNITS.get(words.word(unitAt)) : null;
    if (number < 1 || unit == null || step == 0) {
      return null;
    }
    var other = almanac.now().plus((long) step * number, unit);
    return new Found(
        step < 0
            ? new Period.Fixed(almanac.instant(other), almanac.instant(almanac.now()))
            : new Period.Fixed(almanac.instant(almanac.now()), almanac.instant(other)),
        unitAt + 1);
  }

  // Months, seasons, holidays by name.

  /// `March 5, 2023`, `March 2023`, `in March`.
  ///
  /// @param meant whether a month must stand here
  private @Nullable Found named(int at, Month month, boolean meant) {
    int day = words.number(at + 1);
    if (words.isYear(at + 1)) {
      return new Found(almanac.month(month, words.number(at + 1)), at + 2);
    }
    if (day >= 1 && day <= 31 && (meant || !words.isVerb(at) || words.is(at - 1, "on"))) {
      var dated = dated(at + 2, month, day);
      if (dated != null) {
        return dated;
      }
    }
    int yearAt = words.yearAfter(at + 1);
    if (yearAt > 0) {
      return new Found(almanac.month(month, words.number(yearAt)), yearAt + 1);
    }
    return meant
        ? new Found(
            new Period.Recurring(
                MonthDay.of(month, 1), MonthDay.of(month, month.maxLength()), almanac.zone()),
            at + 1)
        : null;
  }

  /// A day of a month, with the year if one follows.
  private @Nullable Found dated(int at, Month month, int day) {
    if (day < 1 || day > month.maxLength()) {
      return null;
    }
    int yearAt = words.isYear(at) ? at : words.yearAfter(at);
    if (yearAt < 0) {
      var each = MonthDay.of(month, day);
      return new Found(new Period.Recurring(each, each, almanac.zone()), at);
    }
    try {
      return new Found(almanac.day(LocalDate.of(words.number(yearAt), month, day)), yearAt + 1);
    } catch (DateTimeException _) {
      // The 29th of February of a year that has none.
      return new Found(almanac.month(month, words.number(yearAt)), yearAt + 1);
    }
  }

  private @Nullable Found season(int at, Month first) {
    int yearAt = words.isYear(at + 1) ? at + 1 : words.yearAfter(at + 1);
    var last = first.plus(2);
    var each =
        new Period.Recurring(
            MonthDay.of(first, 1), MonthDay.of(last, last.maxLength()), almanac.zone());
    if (yearAt > 0) {
      return new Found(each.in(words.number(yearAt)), yearAt + 1);
    }
    int before = words.is(at - 1, "the") ? at - 2 : at - 1;
    return words.is(before, "in") || words.is(before, "during") || words.is(before, "since")
        ? new Found(each, at + 1)
        : null;
  }

  private @Nullable Found holiday(int at) {
    int end = at + 1;
    Period.Recurring each = null;
    switch (words.word(at)) {
      case "christmas" -> {
        boolean eve = words.is(at + 1, "eve");
        end = eve || words.is(at + 1, "day") ? at + 2 : at + 1;
        each =
            almanac.each(
                Month.DECEMBER,
                eve ? 24 : words.is(at + 1, "day") ? 25 : 24,
                eve ? 24 : end > at + 1 ? 25 : 26);
      }
      case "halloween" -> each = almanac.each(Month.OCTOBER, 31, 31);
      case "thanksgiving" -> each = almanac.each(Month.NOVEMBER, 22, 28);
      case "valentine", "valentines" -> {
        end = words.is(at + 1, "day") ? at + 2 : at + 1;
        each = end == at + 2 ? almanac.each(Month.FEBRUARY, 14, 14) : null;
      }
      case "new" -> {
        boolean eve = words.is(at + 2, "eve");
        end = at + 3;
        each =
            (words.is(at + 1, "year") || words.is(at + 1, "years"))
                    && (eve || words.is(at + 2, "day"))
                ? eve ? almanac.each(Month.DECEMBER, 31, 31) : almanac.each(Month.JANUARY, 1, 1)
                : null;
      }
      default -> {}
    }
    if (each == null) {
      return null;
    }
    int yearAt = words.isYear(end) ? end : words.yearAfter(end);
    return yearAt > 0 ? new Found(each.in(words.number(yearAt)), yearAt + 1) : new Found(each, end);
  }
}
