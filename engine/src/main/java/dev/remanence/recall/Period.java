package dev.remanence.recall;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.ZoneId;

/// A time that a question names.
public sealed interface Period {
  /// Whether a moment lies in the period or so soon after it that one may still speak of it.
  boolean reaches(Instant moment, Duration after);

  /// Whether a moment lies in the period.
  default boolean contains(Instant moment) {
    return reaches(moment, Duration.ZERO);
  }

  /// From a moment on, up to another one, which does not belong to it. [Instant#MIN] and
  /// [Instant#MAX] stand for an open side.
  record Fixed(Instant from, Instant to) implements Period {
    @Override
    public boolean reaches(Instant moment, Duration after) {
      if (moment.isBefore(from)) {
        return false;
      }
      return moment.isBefore(to) || moment.minus(after).isBefore(to);
    }
  }

  /// The same days of every year, first and last one included; from December into January if the
  /// first comes after the last. What a question means that names no year: it may be asked long
  /// after.
  record Recurring(MonthDay first, MonthDay last, ZoneId zone) implements Period {
    @Override
    public boolean reaches(Instant moment, Duration after) {
      int year = LocalDate.ofInstant(moment, zone).getYear();
      return in(year).reaches(moment, after) || in(year - 1).reaches(moment, after);
    }

    /// The days that begin in a year.
    Fixed in(int year) {
      var from = first.atYear(year);
      var to = last.atYear(first.isAfter(last) ? year + 1 : year);
      return new Fixed(
          from.atStartOfDay(zone).toInstant(), to.plusDays(1).atStartOfDay(zone).toInstant());
    }
  }
}
