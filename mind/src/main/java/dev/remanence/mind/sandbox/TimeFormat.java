package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Times.Date;
import dev.remanence.mind.sandbox.Times.DateTime;
import dev.remanence.mind.sandbox.Times.Delta;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Times as text, and texts as times: ISO 8601, and the directives of `strftime` and `strptime`.
final class TimeFormat {
  private TimeFormat() {}

  static String pad(long value, int width) {
    var text = Long.toString(value);
    return "0".repeat(Math.max(0, width - text.length())) + text;
  }

  static String day(LocalDate day) {
    return pad(day.getYear(), 4)
        + "-"
        + pad(day.getMonthValue(), 2)
        + "-"
        + pad(day.getDayOfMonth(), 2);
  }

  static String iso(DateTime moment, String separator, String precision) {
    var local = moment.local();
    int micros = local.getNano() / 1000;
    var time = pad(local.getHour(), 2);
    if (!precision.equals("hours")) {
      time += ":" + pad(local.getMinute(), 2);
    }
    if (!precision.equals("hours") && !precision.equals("minutes")) {
      time += ":" + pad(local.getSecond(), 2);
    }
    if (precision.equals("milliseconds")) {
      time += "." + pad(micros / 1000, 3);
    } else if (precision.equals("microseconds") || (precision.equals("auto") && micros > 0)) {
      time += "." + pad(micros, 6);
    }
    var offset = moment.offset();
    return day(local.toLocalDate()) + separator + time + (offset == null ? "" : offset(offset));
  }

  static String offset(ZoneOffset offset) {
    int seconds = Math.abs(offset.getTotalSeconds());
    var text =
        (offset.getTotalSeconds() < 0 ? "-" : "+")
            + pad(seconds / 3600, 2)
            + ":"
            + pad(seconds / 60 % 60, 2);
    return seconds % 60 == 0 ? text : text + ":" + pad(seconds % 60, 2);
  }

  static String span(Delta delta) {
    long days = Math.floorDiv(delta.micros(), Times.MICROS_A_DAY);
    long rest = Math.floorMod(delta.micros(), Times.MICROS_A_DAY);
    long seconds = rest / 1_000_000;
    var time = seconds / 3600 + ":" + pad(seconds / 60 % 60, 2) + ":" + pad(seconds % 60, 2);
    time += rest % 1_000_000 == 0 ? "" : "." + pad(rest % 1_000_000, 6);
    return days == 0 ? time : days + (Math.abs(days) == 1 ? " day, " : " days, ") + time;
  }

  static String call(Delta delta) {
    long days = Math.floorDiv(delta.micros(), Times.MICROS_A_DAY);
    long rest = Math.floorMod(delta.micros(), Times.MICROS_A_DAY);
    var parts = new StringBuilder();
    part(parts, "days", days);
    part(parts, "seconds", rest / 1_000_000);
    part(parts, "microseconds", rest % 1_000_000);
    return "datetime.timedelta(" + (parts.isEmpty() ? "0" : parts) + ")";
  }

  private static void part(StringBuilder parts, String name, long value) {
    if (value != 0) {
      parts.append(parts.isEmpty() ? "" : ", ").append(name).append('=').append(value);
    }
  }

  static String call(DateTime moment) {
    var local = moment.local();
    var parts = new StringBuilder("datetime.datetime(");
    parts.append(local.getYear()).append(", ").append(local.getMonthValue());
    parts.append(", ").append(local.getDayOfMonth()).append(", ").append(local.getHour());
    parts.append(", ").append(local.getMinute());
    int micros = local.getNano() / 1000;
    if (local.getSecond() != 0 || micros != 0) {
      parts.append(", ").append(local.getSecond());
    }
    if (micros != 0) {
      parts.append(", ").append(micros);
    }
    if (moment.offset() != null) {
      parts.append(", tzinfo=").append(new Times.Zone(moment.offset()).representation());
    }
    return parts.append(')').toString();
  }

  // strftime

  static String format(Run run, Times time, String format) {
    var moment =
        switch (time) {
          case DateTime given -> given;
          case Date(var day) -> new DateTime(day.atStartOfDay(), null);
          case Delta _, Times.Zone _ ->
              throw GuestError.type("unsupported format string for " + Types.nameOf(time));
        };
    var out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      run.meter.charge(16);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
      } else {
        out.append(directive(moment, format.charAt(++i)));
      }
    }
    run.meter.chargeText(out.length());
    return out.toString();
  }

  private static String directive(DateTime moment, char directive) {
    var local = moment.local();
    int hour = local.getHour() % 12 == 0 ? 12 : local.getHour() % 12;
    return switch (directive) {
      case 'Y' -> pad(local.getYear(), 4);
      case 'y' -> pad(local.getYear() % 100, 2);
      case 'm' -> pad(local.getMonthValue(), 2);
      case 'd' -> pad(local.getDayOfMonth(), 2);
      case 'H' -> pad(local.getHour(), 2);
      case 'I' -> pad(hour, 2);
      case 'M' -> pad(local.getMinute(), 2);
      case 'S' -> pad(local.getSecond(), 2);
      case 'f' -> pad(local.getNano() / 1000, 6);
      case 'j' -> pad(local.getDayOfYear(), 3);
      case 'p' -> local.getHour() < 12 ? "AM" : "PM";
      case 'a' -> local.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'A' -> local.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b' -> local.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'B' -> local.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'w' -> String.valueOf(local.getDayOfWeek().getValue() % 7);
      case 'u' -> String.valueOf(local.getDayOfWeek().getValue());
      case 'V' -> pad(local.get(java.time.temporal.IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2);
      case 'F' -> day(local.toLocalDate());
      case 'T' ->
          pad(local.getHour(), 2)
              + ":"
              + pad(local.getMinute(), 2)
              + ":"
              + pad(local.getSecond(), 2);
      case 'z' -> moment.offset() == null ? "" : offset(moment.offset()).replace(":", "");
      case 'Z' -> moment.offset() == null ? "" : new Times.Zone(moment.offset()).text();
      case '%' -> "%";
      default -> throw GuestError.value("the directive '%" + directive + "' is not available");
    };
  }

  // Reading

  private static final class Scan {
    private final String text;
    private int offset;

    Scan(String text) {
      this.text = text;
    }

    boolean atEnd() {
      return offset == text.length();
    }

    char peek() {
      return atEnd() ? 0 : text.charAt(offset);
    }

    boolean take(char c) {
      boolean found = peek() == c && !atEnd();
      offset += found ? 1 : 0;
      return found;
    }

    int number(int least, int most) {
      int start = offset;
      while (offset < text.length()
          && offset - start < most
          && text.charAt(offset) >= '0'
          && text.charAt(offset) <= '9') {
        offset++;
      }
      if (offset - start < least) {
        throw new DateTimeException("digits expected");
      }
      return Integer.parseInt(text, start, offset, 10);
    }

    int fraction() {
      int start = offset;
      int value = number(1, 6);
      for (int digits = offset - start; digits < 6; digits++) {
        value *= 10;
      }
      while (peek() >= '0' && peek() <= '9') {
        offset++;
      }
      return value;
    }

    ZoneOffset zone() {
      if (take('Z') || take('z')) {
        return ZoneOffset.UTC;
      }
      int sign = take('-') ? -1 : take('+') ? 1 : 0;
      if (sign == 0) {
        throw new DateTimeException("an offset expected");
      }
      int hours = number(2, 2);
      take(':');
      int minutes = atEnd() ? 0 : number(2, 2);
      return ZoneOffset.ofTotalSeconds(sign * (hours * 3600 + minutes * 60));
    }
  }

  static DateTime parseIso(String text) {
    try {
      var scan = new Scan(text);
      int year = scan.number(4, 4);
      boolean dashes = scan.take('-');
      int month = scan.number(2, 2);
      if (dashes != scan.take('-')) {
        throw new DateTimeException("dashes");
      }
      var day = LocalDate.of(year, month, scan.number(2, 2));
      if (scan.atEnd()) {
        return new DateTime(Times.inRange(day.atStartOfDay()), null);
      }
      scan.offset++;
      var time = time(scan);
      var offset = scan.atEnd() ? null : scan.zone();
      if (!scan.atEnd()) {
        throw new DateTimeException("more than a time");
      }
      return new DateTime(Times.inRange(LocalDateTime.of(day, time)), offset);
    } catch (DateTimeException _) {
      throw GuestError.value(
          "Invalid isoformat string: " + Representation.quoted(Texts.start(text, 100)));
    }
  }

  private static LocalTime time(Scan scan) {
    int hour = scan.number(2, 2);
    int minute = 0;
    int second = 0;
    int micros = 0;
    boolean colons = scan.take(':');
    if (colons || Character.isDigit(scan.peek())) {
      minute = scan.number(2, 2);
      if (colons ? scan.take(':') : Character.isDigit(scan.peek())) {
        second = scan.number(2, 2);
        if (scan.take('.') || scan.take(',')) {
          micros = scan.fraction();
        }
      }
    }
    return LocalTime.of(hour, minute, second, micros * 1000);
  }

  /// `strptime`: the same directives but those of weeks.
  static DateTime parse(Run run, String text, String format) {
    run.meter.work(text.length() + format.length());
    try {
      return new Fields().read(new Scan(text), format);
    } catch (DateTimeException _) {
      throw GuestError.value(
          "time data "
              + Representation.quoted(Texts.start(text, 100))
              + " does not match format "
              + Representation.quoted(Texts.start(format, 100)));
    }
  }

  private static final class Fields {
    private int year = 1900;
    private int month = 1;
    private int day = 1;
    private int hour;
    private int minute;
    private int second;
    private int micros;
    private int half = -1;
    private @Nullable ZoneOffset offset;

    DateTime read(Scan scan, String format) {
      for (int i = 0; i < format.length(); i++) {
        char c = format.charAt(i);
        if (c == '%' && i + 1 < format.length()) {
          field(scan, format.charAt(++i));
        } else if (Character.isWhitespace(c)) {
          while (Character.isWhitespace(scan.peek())) {
            scan.offset++;
          }
        } else if (!scan.take(c)) {
          throw new DateTimeException("another character");
        }
      }
      if (!scan.atEnd()) {
        throw GuestError.value(
            "unconverted data remains: " + Texts.start(scan.text.substring(scan.offset), 100));
      }
      hour = half < 0 ? hour : hour % 12 + 12 * half;
      return new DateTime(
          Times.inRange(LocalDateTime.of(year, month, day, hour, minute, second, micros * 1000)),
          offset);
    }

    private void field(Scan scan, char directive) {
      switch (directive) {
        case 'Y' -> year = scan.number(4, 4);
        case 'y' -> {
          int short2 = scan.number(2, 2);
          year = short2 < 69 ? 2000 + short2 : 1900 + short2;
        }
        case 'm' -> month = scan.number(1, 2);
        case 'd' -> day = scan.number(1, 2);
        case 'H', 'I' -> hour = scan.number(1, 2);
        case 'M' -> minute = scan.number(1, 2);
        case 'S' -> second = scan.number(1, 2);
        case 'f' -> micros = scan.fraction();
        case 'z' -> offset = scan.zone();
        case 'p' -> half = word(scan, "AM", "PM");
        case 'b' -> month = 1 + word(scan, months(TextStyle.SHORT));
        case 'B' -> month = 1 + word(scan, months(TextStyle.FULL));
        case 'a' -> word(scan, days(TextStyle.SHORT));
        case 'A' -> word(scan, days(TextStyle.FULL));
        case '%' -> {
          if (!scan.take('%')) {
            throw new DateTimeException("a percent sign expected");
          }
        }
        default -> throw GuestError.value("'" + directive + "' is a bad directive in format");
      }
    }

    private static String[] months(TextStyle style) {
      var names = new String[12];
      for (int i = 0; i < names.length; i++) {
        names[i] = java.time.Month.of(i + 1).getDisplayName(style, Locale.ENGLISH);
      }
      return names;
    }

    private static String[] days(TextStyle style) {
      var names = new String[7];
      for (int i = 0; i < names.length; i++) {
        names[i] = java.time.DayOfWeek.of(i + 1).getDisplayName(style, Locale.ENGLISH);
      }
      return names;
    }

    private static int word(Scan scan, String... words) {
      for (int i = 0; i < words.length; i++) {
        if (scan.text.regionMatches(true, scan.offset, words[i], 0, words[i].length())) {
          scan.offset += words[i].length();
          return i;
        }
      }
      throw new DateTimeException("another word");
    }
  }
}
