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

  /// Which part of the period something held, from 0 to 1. Of a period that is open on a side,
  /// which has no parts, it is 1 for any.
  ///
  /// @param from when it began to hold
  /// @param until when it held no longer, [Instant#MAX] for what still holds
  double share(Instant from, Instant until);

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

    @Override
    public double share(Instant begun, Instant until) {
      var first = begun.isAfter(from) ? begun : from;
      var last = until.isBefore(to) ? until : to;
      if (!first.isBefore(last)) {
        return 0;
      }
      return from.equals(Instant.MIN) || to.equals(Instant.MAX)
          ? 1
          : (double) Duration.between(first, last).toSeconds()
              / Math.max(1, Duration.between(from, to).toSeconds());
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

    /// Of the year in which it held longest. Who held beyond the second one has filled that one.
    @Override
    public double share(Instant begun, Instant until) {
      int year = LocalDate.ofInstant(begun, zone).getYear();
      double share = 0;
      for (int each = year - 1; each <= year + 1; each++) {
        share = Math.max(share, in(each).share(begun, until));
      }
      return share;
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
