package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Times.Date;
import dev.remanence.mind.sandbox.Times.DateTime;
import dev.remanence.mind.sandbox.Times.Delta;
import dev.remanence.mind.sandbox.Times.Zone;
import dev.remanence.mind.sandbox.Value.BuiltinFunction;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.TypeValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The module `datetime`. Local time is UTC.
final class DatetimeModule {
  private static final Set<String> MOMENT =
      Set.of(
          "astimezone",
          "date",
          "isoformat",
          "isoweekday",
          "replace",
          "strftime",
          "timestamp",
          "utcoffset",
          "weekday");
  private static final Set<String> DAY =
      Set.of("isoformat", "isoweekday", "replace", "strftime", "weekday");

  private static final String[] PARTS = {
    "year", "month", "day", "hour", "minute", "second", "microsecond"
  };

  private DatetimeModule() {}

  static Map<String, Object> members() {
    return Map.of(
        "datetime", Types.DATETIME,
        "date", Types.DATE,
        "timedelta", Types.TIMEDELTA,
        "timezone", Types.TIMEZONE,
        "UTC", new Zone(ZoneOffset.UTC));
  }

  // Making

  static Object datetime(Run run, Arguments arguments) {
    run.meter.charge(64);
    arguments.allow("year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo");
    arguments.require(2, "day");
    var parts = new int[PARTS.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Numbers.count(arguments.get(i, PARTS[i], 0L));
    }
    return new DateTime(moment(parts), zone(arguments.get(7, "tzinfo", None.NONE)));
  }

  private static LocalDateTime moment(int... parts) {
    try {
      requireIn("microsecond", parts[6], 999_999);
      return Times.inRange(
          LocalDateTime.of(
              parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6] * 1000));
    } catch (DateTimeException _) {
      requireIn("hour", parts[3], 23);
      requireIn("minute", parts[4], 59);
      requireIn("second", parts[5], 59);
      throw outside(parts[0], parts[1]);
    }
  }

  private static void requireIn(String name, int value, int most) {
    if (value < 0 || value > most) {
      throw GuestError.value(name + " must be in 0.." + most);
    }
  }

  private static GuestError outside(int year, int month) {
    if (year < 1 || year > 9999) {
      return GuestError.value("year " + year + " is out of range");
    }
    return GuestError.value(
        month < 1 || month > 12 ? "month must be in 1..12" : "day is out of range for month");
  }

  private static @Nullable ZoneOffset zone(Object value) {
    return switch (value) {
      case None _ -> null;
      case Zone(var offset) -> offset;
      default ->
          throw GuestError.type(
              "tzinfo argument must be None or of a tzinfo subclass, not type '"
                  + Types.nameOf(value)
                  + "'");
    };
  }

  static Object date(Run run, Arguments arguments) {
    run.meter.charge(48);
    arguments.allow("year", "month", "day");
    int year = Numbers.count(arguments.require(0, "year"));
    int month = Numbers.count(arguments.require(1, "month"));
    return day(year, month, Numbers.count(arguments.require(2, "day")));
  }

  private static Date day(int year, int month, int day) {
    try {
      return new Date(Times.inRange(LocalDate.of(year, month, day).atStartOfDay()).toLocalDate());
    } catch (DateTimeException _) {
      throw outside(year, month);
    }
  }

  static Object timedelta(Run run, Arguments arguments) {
    run.meter.charge(32);
    var names =
        new String[] {
          "days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"
        };
    var units =
        new long[] {
          Times.MICROS_A_DAY, 1_000_000, 1, 1000, 60_000_000, 3_600_000_000L, 7 * Times.MICROS_A_DAY
        };
    arguments.allow(names);
    long micros = 0;
    for (int i = 0; i < names.length; i++) {
      var part = arguments.get(i, names[i], 0L);
      try {
        micros =
            Math.addExact(
                micros,
                part instanceof Double real
                    ? Times.ofMicros(real * units[i]).micros()
                    : Math.multiplyExact(Numbers.index(part), units[i]));
      } catch (ArithmeticException _) {
        throw GuestError.overflow("timedelta out of range");
      }
    }
    return new Delta(micros);
  }

  static Object timezone(Run run, Arguments arguments) {
    run.meter.charge(32);
    if (!(arguments.exactly(1, 2).at(0) instanceof Delta(var micros))) {
      throw GuestError.type("timezone() argument 1 must be datetime.timedelta");
    }
    if (Math.abs(micros) > 18 * 3_600_000_000L) {
      throw GuestError.value("offset must be a timedelta within 18 hours");
    }
    return new Zone(ZoneOffset.ofTotalSeconds((int) (micros / 1_000_000)));
  }

  /// What the types have: `datetime.now`, `date.today`, `timezone.utc` and the like.
  static @Nullable Object ofType(TypeValue type, String name) {
    if (type == Types.TIMEZONE && name.equals("utc")) {
      return new Zone(ZoneOffset.UTC);
    }
    if (type == Types.DATETIME) {
      return switch (name) {
        case "now" -> function(name, (run, a) -> now(run, a.allow("tz").get(0, "tz", None.NONE)));
        case "utcnow", "today" -> function(name, (run, a) -> now(run, a.exactly(0, 0)));
        case "fromisoformat" ->
            function(name, (_, a) -> TimeFormat.parseIso(TextMethods.text(a.exactly(1, 1).at(0))));
        case "fromtimestamp", "utcfromtimestamp" -> function(name, DatetimeModule::fromTimestamp);
        case "strptime" ->
            function(
                name,
                (run, a) ->
                    TimeFormat.parse(
                        run, TextMethods.text(a.exactly(2, 2).at(0)), TextMethods.text(a.at(1))));
        case "min" -> new DateTime(LocalDateTime.of(1, 1, 1, 0, 0), null);
        case "max" -> new DateTime(LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_000), null);
        default -> null;
      };
    }
    if (type == Types.DATE) {
      return switch (name) {
        case "today" ->
            function(name, (run, _) -> new Date(local(run.clock.instant()).toLocalDate()));
        case "fromisoformat" ->
            function(
                name,
                (_, a) ->
                    new Date(
                        TimeFormat.parseIso(TextMethods.text(a.exactly(1, 1).at(0)))
                            .local()
                            .toLocalDate()));
        default -> null;
      };
    }
    return null;
  }

  private static BuiltinFunction function(String name, BuiltinFunction.Body body) {
    return new BuiltinFunction(name, body);
  }

  private static LocalDateTime local(Instant instant) {
    return LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
  }

  private static Object now(Run run, Object zone) {
    var offset = zone instanceof Arguments ? null : zone(zone);
    var local = local(run.clock.instant());
    return new DateTime(
        offset == null ? local : local.plusSeconds(offset.getTotalSeconds()), offset);
  }

  private static Object fromTimestamp(Run run, Arguments arguments) {
    run.meter.step();
    arguments.allow("timestamp", "tz");
    double seconds = Numbers.real(arguments.require(0, "timestamp"));
    var offset = zone(arguments.get(1, "tz", None.NONE));
    if (!(Math.abs(seconds) < 1e12)) {
      throw GuestError.value("timestamp out of range");
    }
    long micros = (long) Math.rint(seconds * 1e6);
    var local =
        LocalDateTime.of(1970, 1, 1, 0, 0)
            .plus(micros, ChronoUnit.MICROS)
            .plusSeconds(offset == null ? 0 : offset.getTotalSeconds());
    return new DateTime(Times.inRange(local), offset);
  }

  // Asking

  static boolean has(Times time, String name) {
    return switch (time) {
      case DateTime _ -> MOMENT.contains(name);
      case Date _ -> DAY.contains(name);
      case Delta _ -> name.equals("total_seconds");
      case Zone _ -> false;
    };
  }

  static @Nullable Object property(Times time, String name) {
    return switch (time) {
      case DateTime(var local, var offset) ->
          switch (name) {
            case "hour" -> (Object) (long) local.getHour();
            case "minute" -> (long) local.getMinute();
            case "second" -> (long) local.getSecond();
            case "microsecond" -> (long) local.getNano() / 1000;
            case "tzinfo" -> offset == null ? None.NONE : new Zone(offset);
            default -> property(local.toLocalDate(), name);
          };
      case Date(var day) -> property(day, name);
      case Delta(var micros) -> {
        long rest = Math.floorMod(micros, Times.MICROS_A_DAY);
        yield switch (name) {
          case "days" -> (Object) Math.floorDiv(micros, Times.MICROS_A_DAY);
          case "seconds" -> rest / 1_000_000;
          case "microseconds" -> rest % 1_000_000;
          default -> null;
        };
      }
      case Zone _ -> null;
    };
  }

  private static @Nullable Object property(LocalDate day, String name) {
    return switch (name) {
      case "year" -> (Object) (long) day.getYear();
      case "month" -> (long) day.getMonthValue();
      case "day" -> (long) day.getDayOfMonth();
      default -> null;
    };
  }

  static Object call(Run run, Times time, String name, Arguments arguments) {
    run.meter.charge(128);
    return switch (time) {
      case Delta(var micros) -> {
        arguments.exactly(0, 0);
        yield micros / 1e6;
      }
      case Date(var day) -> onDay(run, time, day, name, arguments);
      case DateTime moment ->
          switch (name) {
            case "isoformat" -> isoformat(moment, arguments);
            case "date" -> new Date(moment.local().toLocalDate());
            case "timestamp" -> Times.micros(moment) / 1e6;
            case "utcoffset" ->
                moment.offset() == null
                    ? None.NONE
                    : new Delta(moment.offset().getTotalSeconds() * 1_000_000L);
            case "astimezone" -> moved(moment, arguments);
            case "replace" -> replaced(moment, arguments);
            default -> onDay(run, time, moment.local().toLocalDate(), name, arguments);
          };
      case Zone _ -> throw GuestError.attribute(time, name);
    };
  }

  private static Object isoformat(DateTime moment, Arguments arguments) {
    arguments.allow("sep", "timespec");
    return TimeFormat.iso(
        moment,
        TextMethods.text(arguments.get(0, "sep", "T")),
        TextMethods.text(arguments.get(1, "timespec", "auto")));
  }

  private static Object onDay(
      Run run, Times time, LocalDate day, String name, Arguments arguments) {
    return switch (name) {
      case "isoformat" -> TimeFormat.day(day);
      case "weekday" -> day.getDayOfWeek().getValue() - 1L;
      case "isoweekday" -> (long) day.getDayOfWeek().getValue();
      case "strftime" ->
          TimeFormat.format(run, time, TextMethods.text(arguments.exactly(1, 1).at(0)));
      case "replace" -> {
        arguments.allow("year", "month", "day");
        yield day(
            part(arguments, 0, "year", day.getYear()),
            part(arguments, 1, "month", day.getMonthValue()),
            part(arguments, 2, "day", day.getDayOfMonth()));
      }
      default -> throw GuestError.attribute(time, name);
    };
  }

  private static int part(Arguments arguments, int index, String name, int fallback) {
    return Numbers.count(arguments.get(index, name, (long) fallback));
  }

  private static Object moved(DateTime moment, Arguments arguments) {
    var offset = zone(arguments.allow("tz").get(0, "tz", None.NONE));
    var to = offset == null ? ZoneOffset.UTC : offset;
    var from = moment.offset() == null ? ZoneOffset.UTC : moment.offset();
    long seconds = (long) to.getTotalSeconds() - from.getTotalSeconds();
    return new DateTime(Times.inRange(moment.local().plusSeconds(seconds)), to);
  }

  private static Object replaced(DateTime moment, Arguments arguments) {
    arguments.allow("year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo");
    var local = moment.local();
    var kept = moment.offset() == null ? None.NONE : new Zone(moment.offset());
    return new DateTime(
        moment(
            part(arguments, 0, "year", local.getYear()),
            part(arguments, 1, "month", local.getMonthValue()),
            part(arguments, 2, "day", local.getDayOfMonth()),
            part(arguments, 3, "hour", local.getHour()),
            part(arguments, 4, "minute", local.getMinute()),
            part(arguments, 5, "second", local.getSecond()),
            part(arguments, 6, "microsecond", local.getNano() / 1000)),
        zone(arguments.get(7, "tzinfo", kept)));
  }
}
