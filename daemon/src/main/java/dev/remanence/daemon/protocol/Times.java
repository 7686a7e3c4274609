package dev.remanence.daemon.protocol;

import dev.remanence.RemanenceException.InvalidInput;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/// Times and durations as the protocol writes them.
///
/// A time is RFC 3339 with any offset, or a date, which stands for its first moment in UTC. Output
/// is UTC with milliseconds. A duration is numbers with units: `90s`, `1h30m`, `7d`. The code is by
/// hand because loading the formatters of `java.time` costs a command more than its own work.
public final class Times {
  private Times() {}

  public static String format(Instant time) {
    var local = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
    var out = new StringBuilder(24);
    digits(out, local.getYear(), 4);
    digits(out.append('-'), local.getMonthValue(), 2);
    digits(out.append('-'), local.getDayOfMonth(), 2);
    digits(out.append('T'), local.getHour(), 2);
    digits(out.append(':'), local.getMinute(), 2);
    digits(out.append(':'), local.getSecond(), 2);
    digits(out.append('.'), local.getNano() / 1_000_000, 3);
    return out.append('Z').toString();
  }

  private static void digits(StringBuilder out, int value, int width) {
    var text = Integer.toString(value);
    out.repeat('0', Math.max(0, width - text.length())).append(text);
  }

  /// Reads a time; what lies below a millisecond is cut off.
  public static Instant parse(String field, String value) {
    try {
      return new Scan(value).time().truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeException _) {
      throw wrong(field, Type.TIME, value);
    }
  }

  public static Duration duration(String field, String value) {
    try {
      return new Scan(value).duration();
    } catch (DateTimeException | ArithmeticException _) {
      throw wrong(field, Type.DURATION, value);
    }
  }

  /// The shortest form with whole units: `7d`, `1h30m`, `500ms`.
  public static String format(Duration duration) {
    var out = new StringBuilder();
    part(out, duration.toDaysPart(), "d");
    part(out, duration.toHoursPart(), "h");
    part(out, duration.toMinutesPart(), "m");
    part(out, duration.toSecondsPart(), "s");
    part(out, duration.toMillisPart(), "ms");
    return out.isEmpty() ? "0s" : out.toString();
  }

  private static void part(StringBuilder out, long count, String unit) {
    if (count != 0) {
      out.append(count).append(unit);
    }
  }

  private static InvalidInput wrong(String field, Type type, String value) {
    var found = Params.quoted(value);
    return new InvalidInput(
        field + " is " + type.expected() + "; found " + found,
        "field",
        field,
        "expected",
        type.word(),
        "found",
        found);
  }

  /// Reads one value from its first character to its last.
  private static final class Scan {
    private final String text;
    private int offset;

    Scan(String text) {
      this.text = text;
    }

    Instant time() {
      int year = number(4);
      take("-");
      int month = number(2);
      take("-");
      int day = number(2);
      if (atEnd()) {
        return LocalDateTime.of(year, month, day, 0, 0).toInstant(ZoneOffset.UTC);
      }
      take("Tt ");
      int hour = number(2);
      take(":");
      int minute = number(2);
      int second = 0;
      int nano = 0;
      if (is(":")) {
        take(":");
        second = number(2);
        if (is(".")) {
          take(".");
          nano = fraction();
        }
      }
      // RFC 3339 writes a leap second as the sixtieth; the time line of java.time has no such
      // moment.
      int leap = second == 60 && minute == 59 ? 1 : 0;
      return LocalDateTime.of(year, month, day, hour, minute, second - leap, nano)
          .toInstant(offset())
          .plusSeconds(leap);
    }

    private ZoneOffset offset() {
      if (is("Zz")) {
        take("Zz");
        end();
        return ZoneOffset.UTC;
      }
      int sign = take("+-") == '-' ? -1 : 1;
      int hours = number(2);
      take(":");
      int minutes = number(2);
      end();
      if (minutes > 59) {
        throw malformed();
      }
      return ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
    }

    Duration duration() {
      var sum = Duration.ZERO;
      do {
        long count = count();
        sum = sum.plus(count, unit());
      } while (!atEnd());
      return sum;
    }

    private ChronoUnit unit() {
      int start = offset;
      while (!atEnd() && Character.isLetter(text.charAt(offset))) {
        offset++;
      }
      return switch (text.substring(start, offset)) {
        case "ms" -> ChronoUnit.MILLIS;
        case "s" -> ChronoUnit.SECONDS;
        case "m" -> ChronoUnit.MINUTES;
        case "h" -> ChronoUnit.HOURS;
        case "d" -> ChronoUnit.DAYS;
        default -> throw malformed();
      };
    }

    private long count() {
      int start = offset;
      while (isDigit()) {
        offset++;
      }
      if (offset == start || offset - start > 12) {
        throw malformed();
      }
      return Long.parseLong(text, start, offset, 10);
    }

    private int number(int width) {
      int value = 0;
      for (int i = 0; i < width; i++) {
        if (!isDigit()) {
          throw malformed();
        }
        value = value * 10 + (text.charAt(offset++) - '0');
      }
      return value;
    }

    private int fraction() {
      int nano = 0;
      int unit = 100_000_000;
      if (!isDigit()) {
        throw malformed();
      }
      while (isDigit()) {
        nano += (text.charAt(offset++) - '0') * unit;
        unit /= 10;
      }
      return nano;
    }

    private char take(String oneOf) {
      if (!is(oneOf)) {
        throw malformed();
      }
      return text.charAt(offset++);
    }

    private boolean is(String oneOf) {
      return !atEnd() && oneOf.indexOf(text.charAt(offset)) >= 0;
    }

    private boolean isDigit() {
      return !atEnd() && text.charAt(offset) >= '0' && text.charAt(offset) <= '9';
    }

    private boolean atEnd() {
      return offset == text.length();
    }

    private void end() {
      if (!atEnd()) {
        throw malformed();
      }
    }

    private static DateTimeException malformed() {
      return new DateTimeException("malformed");
    }
  }
}
