package dev.remanence.recall;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/// Days, weeks, months and seasons as periods, seen from a moment in a zone. Weeks begin on Monday.
final class Almanac {
  private static final Instant LEAST = Instant.parse("0001-01-02T00:00:00Z");
  private static final Instant GREATEST = Instant.parse("9999-12-30T00:00:00Z");

  private final LocalDateTime now;
  private final LocalDate today;
  private final ZoneId zone;

  Almanac(Instant now, ZoneId zone) {
    this.zone = zone;
    this.now = LocalDateTime.ofInstant(clamped(now), zone);
    this.today = this.now.toLocalDate();
  }

  private static Instant clamped(Instant now) {
    return now.isBefore(LEAST) ? LEAST : now.isAfter(GREATEST) ? GREATEST : now;
  }

  LocalDateTime now() {
    return now;
  }

  LocalDate today() {
    return today;
  }

  ZoneId zone() {
    return zone;
  }

  /// A period without a year is the latest one that has begun.
  Period.Fixed fixed(Period period) {
    return switch (period) {
      case Period.Fixed fixed -> fixed;
      case Period.Recurring recurring -> before(recurring, now.atZone(zone).toInstant());
    };
  }

  Period.Fixed before(Period.Recurring recurring, Instant moment) {
    int year = LocalDate.ofInstant(moment, zone).getYear();
    var same = recurring.in(year);
    return same.from().isBefore(moment) ? same : recurring.in(year - 1);
  }

  Period partOfDay(LocalDate day, String part) {
    return switch (part) {
      case "morning" -> hours(day, 5, 12);
      case "afternoon" -> hours(day, 12, 18);
      case "evening" -> hours(day, 18, 24);
      case "night" -> hours(day, 18, 30);
      default -> day(day);
    };
  }

  /// The months before, around or after now that begin with the given one.
  Period.Fixed stepped(Month first, int months, int step) {
    return stepped(
        new Period.Recurring(
            MonthDay.of(first, 1),
            MonthDay.of(first.plus(months - 1), first.plus(months - 1).maxLength()),
            zone),
        step);
  }

  Period.Fixed stepped(Period.Recurring recurring, int step) {
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

  Period.Recurring each(Month month, int first, int last) {
    return new Period.Recurring(MonthDay.of(month, first), MonthDay.of(month, last), zone);
  }

  LocalDate whole(LocalDate day, ChronoUnit unit) {
    return switch (unit) {
      case WEEKS -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTHS -> day.withDayOfMonth(1);
      case YEARS -> day.withDayOfYear(1);
      default -> day;
    };
  }

  /// Saturday and Sunday of this week, or of one so many weeks from it.
  Period weekend(int step) {
    var saturday = whole(today, ChronoUnit.WEEKS).plusDays(5).plusWeeks(step);
    return days(saturday, saturday.plusDays(2));
  }

  Period latestWeekend() {
    var saturday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.SATURDAY));
    return days(saturday, saturday.plusDays(2));
  }

  Period year(int year) {
    return days(LocalDate.of(year, 1, 1), LocalDate.of(year + 1, 1, 1));
  }

  Period month(Month month, int year) {
    var first = LocalDate.of(year, month, 1);
    return days(first, first.plusMonths(1));
  }

  Period day(LocalDate day) {
    return days(day, day.plusDays(1));
  }

  Period days(LocalDate from, LocalDate to) {
    return new Period.Fixed(start(from), start(to));
  }

  Period hours(LocalDate day, int from, int to) {
    var midnight = LocalDateTime.of(day, LocalTime.MIDNIGHT);
    return new Period.Fixed(instant(midnight.plusHours(from)), instant(midnight.plusHours(to)));
  }

  Instant start(LocalDate day) {
    return day.atStartOfDay(zone).toInstant();
  }

  Instant instant(LocalDateTime time) {
    return time.atZone(zone).toInstant();
  }
}
