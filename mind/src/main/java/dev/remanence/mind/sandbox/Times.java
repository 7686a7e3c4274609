package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Expr.BinaryOperator;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// The values of `datetime`: moments with or without an offset, days, spans, and offsets.
sealed interface Times extends Value {
  long MICROS_A_DAY = 86_400_000_000L;

  record DateTime(LocalDateTime local, @Nullable ZoneOffset offset) implements Times {}

  record Date(LocalDate day) implements Times {}

  record Delta(long micros) implements Times {}

  record Zone(ZoneOffset offset) implements Times {}

  /// As `str` shows it.
  default String text() {
    return switch (this) {
      case DateTime moment -> TimeFormat.iso(moment, " ", "auto");
      case Date(var day) -> TimeFormat.day(day);
      case Delta delta -> TimeFormat.span(delta);
      case Zone(var offset) ->
          "UTC" + (offset.getTotalSeconds() == 0 ? "" : TimeFormat.offset(offset));
    };
  }

  /// As `repr` shows it.
  default String representation() {
    return switch (this) {
      case DateTime moment -> TimeFormat.call(moment);
      case Date(var day) ->
          "datetime.date("
              + day.getYear()
              + ", "
              + day.getMonthValue()
              + ", "
              + day.getDayOfMonth()
              + ")";
      case Delta delta -> TimeFormat.call(delta);
      case Zone(var offset) ->
          offset.getTotalSeconds() == 0
              ? "datetime.timezone.utc"
              : "datetime.timezone("
                  + TimeFormat.call(new Delta(offset.getTotalSeconds() * 1_000_000L))
                  + ")";
    };
  }

  static boolean equal(Times left, Times right) {
    if (left instanceof DateTime a && right instanceof DateTime b) {
      return (a.offset == null) == (b.offset == null) && micros(a) == micros(b);
    }
    return left.equals(right);
  }

  static int hash(Times time) {
    return time instanceof DateTime moment ? Long.hashCode(micros(moment)) : time.hashCode();
  }

  static boolean comparable(Times left, Times right) {
    if (left instanceof DateTime a && right instanceof DateTime b) {
      requireAlike(a, b, "compare");
    }
    return left.getClass() == right.getClass() && !(left instanceof Zone);
  }

  static int compare(Times left, Times right) {
    return switch (left) {
      case DateTime a when right instanceof DateTime b -> Long.compare(micros(a), micros(b));
      case Date a when right instanceof Date b -> a.day.compareTo(b.day);
      case Delta a when right instanceof Delta b -> Long.compare(a.micros, b.micros);
      default -> throw new AssertionError("asked before whether they compare");
    };
  }

  /// Since 1970, in UTC, or as if it were UTC.
  static long micros(DateTime moment) {
    var instant = moment.local.toInstant(moment.offset == null ? ZoneOffset.UTC : moment.offset);
    return instant.getEpochSecond() * 1_000_000L + instant.getNano() / 1000;
  }

  private static void requireAlike(DateTime a, DateTime b, String what) {
    if ((a.offset == null) != (b.offset == null)) {
      throw GuestError.type("can't " + what + " offset-naive and offset-aware datetimes");
    }
  }

  /// Null where the operator knows nothing to do with such values.
  static @Nullable Object apply(BinaryOperator operator, Object left, Object right) {
    try {
      return switch (operator) {
        case ADD -> {
          if (left instanceof Delta delta && !(right instanceof Delta)) {
            yield plus(right, delta);
          }
          yield right instanceof Delta delta ? plus(left, delta) : null;
        }
        case SUBTRACT -> minus(left, right);
        case MULTIPLY -> {
          if (left instanceof Delta delta && Numbers.isNumber(right)) {
            yield times(delta, right);
          }
          yield right instanceof Delta delta && Numbers.isNumber(left) ? times(delta, left) : null;
        }
        case DIVIDE -> divide(left, right);
        case FLOOR_DIVIDE -> floorDivide(left, right);
        case MODULO ->
            left instanceof Delta a && right instanceof Delta b
                ? new Delta(Math.floorMod(a.micros, nonzero(b.micros)))
                : null;
        case POWER, SHIFT_LEFT, SHIFT_RIGHT, AND, OR, XOR -> null;
      };
    } catch (ArithmeticException | DateTimeException _) {
      throw GuestError.overflow("date value out of range");
    }
  }

  private static long nonzero(long micros) {
    if (micros == 0) {
      throw GuestError.division("integer division or modulo by zero");
    }
    return micros;
  }

  private static @Nullable Object plus(Object left, Delta delta) {
    return switch (left) {
      case Delta other -> new Delta(Math.addExact(other.micros, delta.micros));
      case DateTime(var local, var offset) ->
          new DateTime(inRange(local.plus(delta.micros, ChronoUnit.MICROS)), offset);
      case Date(var day) ->
          new Date(
              inRange(day.plusDays(Math.floorDiv(delta.micros, MICROS_A_DAY)).atStartOfDay())
                  .toLocalDate());
      default -> null;
    };
  }

  static LocalDateTime inRange(LocalDateTime moment) {
    if (moment.getYear() < 1 || moment.getYear() > 9999) {
      throw GuestError.overflow("date value out of range");
    }
    return moment;
  }

  private static @Nullable Object minus(Object left, Object right) {
    if (left instanceof DateTime a && right instanceof DateTime b) {
      requireAlike(a, b, "subtract");
      return new Delta(micros(a) - micros(b));
    }
    if (left instanceof Date a && right instanceof Date b) {
      return new Delta(ChronoUnit.DAYS.between(b.day, a.day) * MICROS_A_DAY);
    }
    return right instanceof Delta delta
        ? plus(left, new Delta(Math.negateExact(delta.micros)))
        : null;
  }

  private static Delta times(Delta delta, Object factor) {
    if (factor instanceof Double real) {
      return ofMicros(delta.micros * real);
    }
    return new Delta(Math.multiplyExact(delta.micros, Numbers.index(factor)));
  }

  static Delta ofMicros(double micros) {
    if (Double.isNaN(micros)) {
      throw GuestError.value("cannot convert float NaN to integer");
    }
    if (Math.abs(micros) > 0x1p62) {
      throw GuestError.overflow("timedelta out of range");
    }
    return new Delta((long) Math.rint(micros));
  }

  private static @Nullable Object divide(Object left, Object right) {
    if (!(left instanceof Delta a)) {
      return null;
    }
    if (right instanceof Delta b) {
      return (double) a.micros / nonzero(b.micros);
    }
    if (!Numbers.isNumber(right)) {
      return null;
    }
    double divisor = Numbers.real(right);
    if (divisor == 0) {
      throw GuestError.division("division by zero");
    }
    return ofMicros(a.micros / divisor);
  }

  private static @Nullable Object floorDivide(Object left, Object right) {
    if (left instanceof Delta a && right instanceof Delta b) {
      return Math.floorDiv(a.micros, nonzero(b.micros));
    }
    if (left instanceof Delta a && Numbers.isInteger(right)) {
      return new Delta(Math.floorDiv(a.micros, nonzero(Numbers.index(right))));
    }
    return null;
  }
}
