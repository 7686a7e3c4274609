package dev.remanence.recall;

import dev.remanence.recall.TimeToken.Kind;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  private static final Map<String, Integer> NUMBERS =
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

  private static final Map<String, ChronoUnit> UNITS =
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
  private static final Set<String> ALSO_OTHER_WORDS =
      Set.of("may", "march", "april", "june", "august", "jan");

  private static final Map<String, DayOfWeek> WEEKDAYS = weekdays();

  private static final Map<String, Month> SEASONS =
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

  private static final Set<String> LAST = Set.of("last", "past", "previous");
  private static final Set<String> NEXT = Set.of("next", "coming", "following");
  private static final Set<String> THIS = Set.of("this", "current");

  private final List<TimeToken> tokens;
  private final LocalDateTime now;
  private final LocalDate today;
  private final ZoneId zone;
  private final Set<Period> periods = new LinkedHashSet<>();

  /// A period and where the text goes on behind it.
  private record Found(Period period, int end) {}

  private TimeExpressions(String question, Instant now, ZoneId zone) {
    this.tokens = TimeToken.of(question);
    this.zone = zone;
    this.now = LocalDateTime.ofInstant(clamped(now), zone);
    this.today = this.now.toLocalDate();
  }

  /// The periods that a question names, in the order of their first place, at most sixteen.
  public static List<Period> in(String question, Instant now, ZoneId zone) {
    return new TimeExpressions(question, now, zone).all();
  }

  /// The periods that a question names, in UTC.
  public static List<Period> in(String question, Instant now) {
    return in(question, now, ZoneOffset.UTC);
  }

  private static Instant clamped(Instant now) {
    var least = Instant.parse("0001-01-02T00:00:00Z");
    var greatest = Instant.parse("9999-12-30T00:00:00Z");
    return now.isBefore(least) ? least : now.isAfter(greatest) ? greatest : now;
  }

  private List<Period> all() {
    int at = 0;
    while (at < tokens.size() && periods.size() < PERIODS_MAX) {
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
    boolean between = is(at, "between");
    if (!between && !is(at, "from")) {
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
      return new Found(new Period.Recurring(first.first(), last.last(), zone), to.end);
    }
    var end = fixed(to.period);
    var start =
        from.period instanceof Period.Recurring recurring
            ? before(recurring, end.to())
            : fixed(from.period);
    return start.from().isBefore(end.to())
        ? new Found(new Period.Fixed(start.from(), end.to()), to.end)
        : null;
  }

  /// `5 and 9 May 2023`, `May 5 and 9`: two days of one month.
  private @Nullable Found days(int at, boolean between) {
    int first = number(at);
    if (first >= 1 && first <= 31 && isLink(at + 1, between)) {
      var last = point(at + 2);
      if (last != null && number(at + 2) >= 1) {
        return upTo(first, last);
      }
    }
    var month = month(at);
    int last = number(at + 3);
    if (month != null && number(at + 1) >= 1 && isLink(at + 2, between) && last >= 1) {
      var end = dated(at + 4, month, last);
      return end == null ? null : upTo(number(at + 1), end);
    }
    return null;
  }

  private @Nullable Found upTo(int firstDay, Found last) {
    return switch (last.period) {
      case Period.Recurring recurring when firstDay <= recurring.last().getDayOfMonth() ->
          new Found(
              new Period.Recurring(
                  recurring.last().withDayOfMonth(firstDay), recurring.last(), zone),
              last.end);
      case Period.Fixed fixed
          when firstDay <= LocalDate.ofInstant(fixed.from(), zone).getDayOfMonth() -> {
        var from = LocalDate.ofInstant(fixed.from(), zone).withDayOfMonth(firstDay);
        yield new Found(new Period.Fixed(start(from), fixed.to()), last.end);
      }
      case Period _ -> null;
    };
  }

  private boolean isLink(int at, boolean between) {
    return between ? is(at, "and") : is(at, "to") || is(at, "until") || is(at, "till");
  }

  /// `since March`, `before June 2023`, `until last week`, `after 5 May`.
  private @Nullable Found bound(int at) {
    boolean since = is(at, "since");
    boolean after = is(at, "after");
    boolean before = is(at, "before");
    boolean until = is(at, "until") || is(at, "till");
    if (!since && !after && !before && !until) {
      return null;
    }
    var point = limit(at + 1);
    if (point == null) {
      return null;
    }
    var fixed = fixed(point.period);
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
    var month = month(at);
    if (month != null) {
      return named(at, month, true);
    }
    return isYear(at) && !countsThings(at) && month(at + 1) == null
        ? new Found(year(number(at)), at + 1)
        : point(at);
  }

  /// A period without a year is the latest one that has begun.
  private Period.Fixed fixed(Period period) {
    return switch (period) {
      case Period.Fixed fixed -> fixed;
      case Period.Recurring recurring -> before(recurring, now.atZone(zone).toInstant());
    };
  }

  private Period.Fixed before(Period.Recurring recurring, Instant moment) {
    int year = LocalDate.ofInstant(moment, zone).getYear();
    var same = recurring.in(year);
    return same.from().isBefore(moment) ? same : recurring.in(year - 1);
  }

  // One time.

  private @Nullable Found point(int at) {
    if (at >= tokens.size()) {
      return null;
    }
    var token = tokens.get(at);
    return switch (token.kind()) {
      case DATE -> literal(token, at + 1);
      case DECADE ->
          token.number() < 1000
              ? null
              : new Found(
                  days(LocalDate.of(token.number(), 1, 1), LocalDate.of(token.number() + 10, 1, 1)),
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
      return new Found(days(first, first.plusMonths(1)), end);
    }
    return day > first.lengthOfMonth() ? null : new Found(day(first.withDayOfMonth(day)), end);
  }

  /// `5 March 2023`, `5th of March`, `3 weeks ago`, and `2022` where a year must stand.
  private @Nullable Found numbered(int at) {
    int number = tokens.get(at).number();
    int afterNumber = is(at + 1, "of") ? at + 2 : at + 1;
    var month = month(afterNumber);
    if (month != null
        && (!isVerb(afterNumber) || afterNumber > at + 1 || isYear(at + 2) || meant(at, false))) {
      var dated = dated(afterNumber + 1, month, number);
      if (dated != null) {
        return dated;
      }
    }
    var ago = ago(at + 1, number, number);
    if (ago != null) {
      return ago;
    }
    boolean asYear = is(at - 1, "year") || is(at - 1, "between") || meant(at, false);
    return isYear(at) && asYear && !countsThings(at) ? new Found(year(number), at + 1) : null;
  }

  private @Nullable Found worded(int at) {
    var word = tokens.get(at).word();
    var found =
        switch (word) {
          case "today" -> new Found(day(today), at + 1);
          case "yesterday" -> new Found(part(today.minusDays(1), at + 1), partEnd(at + 1));
          case "tomorrow" -> new Found(part(today.plusDays(1), at + 1), partEnd(at + 1));
          case "tonight" -> new Found(hours(today, 18, 30), at + 1);
          case "day" -> dayBeside(at);
          case "few", "several" -> ago(at + 1, 2, 6);
          case "the" -> is(at + 1, "weekend") ? new Found(latestWeekend(), at + 2) : null;
          default -> null;
        };
    if (found != null) {
      return found;
    }
    if (LAST.contains(word) || THIS.contains(word) || NEXT.contains(word)) {
      return relative(at);
    }
    var number = NUMBERS.get(word);
    if (number != null) {
      var ago = ago(word.equals("couple") && is(at + 1, "of") ? at + 2 : at + 1, number, number);
      if (ago != null) {
        return ago;
      }
    }
    var month = month(at);
    if (month != null) {
      return named(at, month, meant(at, ALSO_OTHER_WORDS.contains(word)));
    }
    var weekday = WEEKDAYS.get(word);
    if (weekday != null) {
      return is(at - 1, "every") || is(at - 1, "each")
          ? null
          : new Found(day(today.with(TemporalAdjusters.previousOrSame(weekday))), at + 1);
    }
    var season = SEASONS.get(word);
    return season != null ? season(at, season) : holiday(at);
  }

  private @Nullable Found dayBeside(int at) {
    if (is(at + 1, "before") && is(at + 2, "yesterday")) {
      return new Found(day(today.minusDays(2)), at + 3);
    }
    return is(at + 1, "after") && is(at + 2, "tomorrow")
        ? new Found(day(today.plusDays(2)), at + 3)
        : null;
  }

  /// `yesterday`, `yesterday morning`.
  private Period part(LocalDate day, int at) {
    return partOfDay(day, at < tokens.size() ? tokens.get(at).word() : "");
  }

  private Period partOfDay(LocalDate day, String part) {
    return switch (part) {
      case "morning" -> hours(day, 5, 12);
      case "afternoon" -> hours(day, 12, 18);
      case "evening" -> hours(day, 18, 24);
      case "night" -> hours(day, 18, 30);
      default -> day(day);
    };
  }

  private int partEnd(int at) {
    return is(at, "morning") || is(at, "afternoon") || is(at, "evening") || is(at, "night")
        ? at + 1
        : at;
  }

  /// `2 weeks ago`: the day, week, month or year that holds the moment so long ago.
  private @Nullable Found ago(int at, int least, int most) {
    var unit = at < tokens.size() ? UNITS.get(tokens.get(at).word()) : null;
    if (unit == null || !(is(at + 1, "ago") || is(at + 1, "back") || is(at + 1, "earlier"))) {
      return null;
    }
    if (unit == ChronoUnit.HOURS) {
      return new Found(
          new Period.Fixed(instant(now.minusHours(most + 1L)), instant(now.minusHours(least - 1L))),
          at + 2);
    }
    var from = whole(today.minus(most, unit), unit);
    var to = whole(today.minus(least, unit), unit).plus(1, unit);
    return new Found(days(from, to), at + 2);
  }

  /// What follows `last`, `this` or `next`.
  private @Nullable Found relative(int at) {
    var word = tokens.get(at).word();
    int step = LAST.contains(word) ? -1 : NEXT.contains(word) ? 1 : 0;
    int next = at + 1;
    if (next >= tokens.size()) {
      return null;
    }
    var named = tokens.get(next).word();
    var unit = UNITS.get(named);
    if (unit != null && unit != ChronoUnit.HOURS && !named.endsWith("s")) {
      var from = whole(today, unit).plus(step, unit);
      return new Found(days(from, from.plus(1, unit)), next + 1);
    }
    var span = span(next, step);
    if (span != null) {
      return span;
    }
    if (named.equals("weekend")) {
      return new Found(weekend(step), next + 1);
    }
    if (partEnd(next) > next) {
      return step > 0
          ? null
          : new Found(
              partOfDay(step < 0 && !THIS.contains(word) ? today.minusDays(1) : today, named),
              next + 1);
    }
    var weekday = WEEKDAYS.get(named);
    if (weekday != null) {
      var day =
          step < 0
              ? today.with(TemporalAdjusters.previous(weekday))
              : step > 0
                  ? today.with(TemporalAdjusters.next(weekday))
                  : whole(today, ChronoUnit.WEEKS).with(TemporalAdjusters.nextOrSame(weekday));
      return new Found(day(day), next + 1);
    }
    var month = month(next);
    if (month != null && (step != 0 || !isVerb(next))) {
      return new Found(stepped(month, 1, step), next + 1);
    }
    var season = SEASONS.get(named);
    if (season != null) {
      return new Found(stepped(season, 3, step), next + 1);
    }
    return holiday(next) instanceof Found(Period.Recurring holiday, int end)
        ? new Found(stepped(holiday, step), end)
        : null;
  }

  /// `last 3 days`, `past two weeks`, `next six months`: from or up to now.
  private @Nullable Found span(int at, int step) {
    int number = number(at);
    if (number < 0) {
      number = NUMBERS.getOrDefault(tokens.get(at).word(), 0);
    }
    if (is(at, "few") || is(at, "several")) {
      number = 6;
    }
    int unitAt = is(at, "couple") && is(at + 1, "of") ? at + 2 : at + 1;
    var unit = unitAt < tokens.size() ? UNITS.get(tokens.get(unitAt).word()) : null;
    if (number < 1 || unit == null || step == 0) {
      return null;
    }
    var other = now.plus((long) step * number, unit);
    return new Found(
        step < 0
            ? new Period.Fixed(instant(other), instant(now))
            : new Period.Fixed(instant(now), instant(other)),
        unitAt + 1);
  }

  /// The months before, around or after now that begin with the given one.
  private Period.Fixed stepped(Month first, int months, int step) {
    return stepped(
        new Period.Recurring(
            MonthDay.of(first, 1),
            MonthDay.of(first.plus(months - 1), first.plus(months - 1).maxLength()),
            zone),
        step);
  }

  private Period.Fixed stepped(Period.Recurring recurring, int step) {
    var moment = instant(now);
    int year = today.getYear();
    if (step == 0) {
      var before = recurring.in(year - 1);
      return before.contains(moment) ? before : recurring.in(year);
    }
    if (step > 0) {
      var same = recurring.in(year);
      return same.from().isAfter(moment) ? same : recurring.in(year + 1);
    }
    for (int back = 0; back < 2; back++) {
      var earlier = recurring.in(year - back);
      if (!earlier.to().isAfter(moment)) {
        return earlier;
      }
    }
    return recurring.in(year - 2);
  }

  // Months, seasons, holidays by name.

  /// `March 5, 2023`, `March 2023`, `in March`.
  ///
  /// @param meant whether a month must stand here
  private @Nullable Found named(int at, Month month, boolean meant) {
    int day = number(at + 1);
    if (isYear(at + 1)) {
      return new Found(month(month, number(at + 1)), at + 2);
    }
    if (day >= 1 && day <= 31 && (meant || !isVerb(at) || is(at - 1, "on"))) {
      var dated = dated(at + 2, month, day);
      if (dated != null) {
        return dated;
      }
    }
    int yearAt = yearAfter(at + 1);
    if (yearAt > 0) {
      return new Found(month(month, number(yearAt)), yearAt + 1);
    }
    return meant
        ? new Found(
            new Period.Recurring(
                MonthDay.of(month, 1), MonthDay.of(month, month.maxLength()), zone),
            at + 1)
        : null;
  }

  /// A day of a month, with the year if one follows.
  private @Nullable Found dated(int at, Month month, int day) {
    if (day < 1 || day > month.maxLength()) {
      return null;
    }
    int yearAt = isYear(at) ? at : yearAfter(at);
    if (yearAt < 0) {
      var each = MonthDay.of(month, day);
      return new Found(new Period.Recurring(each, each, zone), at);
    }
    try {
      return new Found(day(LocalDate.of(number(yearAt), month, day)), yearAt + 1);
    } catch (DateTimeException _) {
      // The 29th of February of a year that has none.
      return new Found(month(month, number(yearAt)), yearAt + 1);
    }
  }

  private @Nullable Found season(int at, Month first) {
    int yearAt = isYear(at + 1) ? at + 1 : yearAfter(at + 1);
    var last = first.plus(2);
    var each =
        new Period.Recurring(MonthDay.of(first, 1), MonthDay.of(last, last.maxLength()), zone);
    if (yearAt > 0) {
      return new Found(each.in(number(yearAt)), yearAt + 1);
    }
    int before = is(at - 1, "the") ? at - 2 : at - 1;
    return is(before, "in") || is(before, "during") || is(before, "since")
        ? new Found(each, at + 1)
        : null;
  }

  private @Nullable Found holiday(int at) {
    int end = at + 1;
    Period.Recurring each = null;
    switch (tokens.get(at).word()) {
      case "christmas" -> {
        boolean eve = is(at + 1, "eve");
        end = eve || is(at + 1, "day") ? at + 2 : at + 1;
        each =
            each(
                Month.DECEMBER,
                eve ? 24 : is(at + 1, "day") ? 25 : 24,
                eve ? 24 : end > at + 1 ? 25 : 26);
      }
      case "halloween" -> each = each(Month.OCTOBER, 31, 31);
      case "thanksgiving" -> each = each(Month.NOVEMBER, 22, 28);
      case "valentine", "valentines" -> {
        end = is(at + 1, "day") ? at + 2 : at + 1;
        each = end == at + 2 ? each(Month.FEBRUARY, 14, 14) : null;
      }
      case "new" -> {
        boolean eve = is(at + 2, "eve");
        end = at + 3;
        each =
            (is(at + 1, "year") || is(at + 1, "years")) && (eve || is(at + 2, "day"))
                ? eve ? each(Month.DECEMBER, 31, 31) : each(Month.JANUARY, 1, 1)
                : null;
      }
      default -> {}
    }
    if (each == null) {
      return null;
    }
    int yearAt = isYear(end) ? end : yearAfter(end);
    return yearAt > 0 ? new Found(each.in(number(yearAt)), yearAt + 1) : new Found(each, end);
  }

  private Period.Recurring each(Month month, int first, int last) {
    return new Period.Recurring(MonthDay.of(month, first), MonthDay.of(month, last), zone);
  }

  // What stands where.

  private boolean is(int at, String word) {
    return at >= 0 && at < tokens.size() && tokens.get(at).word().equals(word);
  }

  private int number(int at) {
    return at >= 0 && at < tokens.size() && tokens.get(at).kind() == Kind.NUMBER
        ? tokens.get(at).number()
        : TimeToken.NONE;
  }

  private @Nullable Month month(int at) {
    return at >= 0 && at < tokens.size() ? MONTHS.get(tokens.get(at).word()) : null;
  }

  /// Whether a month's name may well be a verb.
  private boolean isVerb(int at) {
    return (is(at, "may") || is(at, "march")) && !tokens.get(at).capital();
  }

  /// Whether what stands here must be a time, by the word before.
  private boolean meant(int at, boolean ambiguous) {
    if (at == 0) {
      return false;
    }
    var before = tokens.get(at - 1).word();
    return BEFORE_A_TIME.contains(before) || (!ambiguous && OFTEN_BEFORE_A_TIME.contains(before));
  }

  /// Whether a number is one of things: `2000 steps`.
  private boolean countsThings(int at) {
    return at + 1 < tokens.size()
        && tokens.get(at + 1).word().matches("[a-z]{3,}s")
        && !VERBS_LIKE_PLURALS.contains(tokens.get(at + 1).word());
  }

  private boolean isYear(int at) {
    return number(at) >= 1900 && number(at) < 2100;
  }

  /// Where a year stands behind `,`, `in` or `of`, or [TimeToken#NONE].
  private int yearAfter(int at) {
    boolean link =
        is(at, "in") || is(at, "of") || (at < tokens.size() && tokens.get(at).kind() == Kind.COMMA);
    return link && isYear(at + 1) ? at + 1 : TimeToken.NONE;
  }

  // Days and moments.

  private static LocalDate whole(LocalDate day, ChronoUnit unit) {
    return switch (unit) {
      case WEEKS -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTHS -> day.withDayOfMonth(1);
      case YEARS -> day.withDayOfYear(1);
      default -> day;
    };
  }

  /// Saturday and Sunday of this week, or of one so many weeks from it.
  private Period weekend(int step) {
    var saturday = whole(today, ChronoUnit.WEEKS).plusDays(5).plusWeeks(step);
    return days(saturday, saturday.plusDays(2));
  }

  private Period latestWeekend() {
    var saturday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.SATURDAY));
    return days(saturday, saturday.plusDays(2));
  }

  private Period year(int year) {
    return days(LocalDate.of(year, 1, 1), LocalDate.of(year + 1, 1, 1));
  }

  private Period month(Month month, int year) {
    var first = LocalDate.of(year, month, 1);
    return days(first, first.plusMonths(1));
  }

  private Period day(LocalDate day) {
    return days(day, day.plusDays(1));
  }

  private Period days(LocalDate from, LocalDate to) {
    return new Period.Fixed(start(from), start(to));
  }

  private Period hours(LocalDate day, int from, int to) {
    var midnight = LocalDateTime.of(day, LocalTime.MIDNIGHT);
    return new Period.Fixed(instant(midnight.plusHours(from)), instant(midnight.plusHours(to)));
  }

  private Instant start(LocalDate day) {
    return day.atStartOfDay(zone).toInstant();
  }

  private Instant instant(LocalDateTime time) {
    return time.atZone(zone).toInstant();
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

  private static Map<String, DayOfWeek> weekdays() {
    var days = new HashMap<String, DayOfWeek>();
    for (var day : DayOfWeek.values()) {
      days.put(day.name().toLowerCase(Locale.ROOT), day);
    }
    return Map.copyOf(days);
  }
}
