package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Expr.BinaryOperator;
import dev.remanence.mind.sandbox.Expr.CompareOperator;
import dev.remanence.mind.sandbox.Expr.UnaryOperator;
import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.RangeValue;
import dev.remanence.mind.sandbox.Value.Sequence;
import dev.remanence.mind.sandbox.Value.SetValue;
import dev.remanence.mind.sandbox.Value.TupleValue;
import dev.remanence.mind.sandbox.Value.TypeValue;
import dev.remanence.mind.sandbox.Value.ViewValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What operators do with two values.
final class Operators {
  private Operators() {}

  static Object binary(Run run, BinaryOperator operator, Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      var fast = small(operator, a, b);
      if (fast != null) {
        return fast;
      }
    }
    var result = apply(run, operator, left, right);
    if (result == null) {
      throw unsupported(operator, operator.symbol, left, right);
    }
    return result;
  }

  /// What `left op= right` leaves in the target: lists, sets and dicts are changed in place.
  static Object inPlace(Run run, BinaryOperator operator, Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      var fast = small(operator, a, b);
      if (fast != null) {
        return fast;
      }
    }
    if (left instanceof ListValue list && operator == BinaryOperator.ADD) {
      Iteration.into(run, right, list.items());
      return list;
    }
    if (left instanceof ListValue list
        && operator == BinaryOperator.MULTIPLY
        && Numbers.isInteger(right)) {
      var product = repeat(run, list.items(), Numbers.index(right));
      list.items().clear();
      list.items().addAll(product);
      return list;
    }
    if (left instanceof DictValue dict
        && operator == BinaryOperator.OR
        && dict.flavour != DictValue.Flavour.COUNTER) {
      DictMethods.update(run, dict, right);
      return dict;
    }
    var result = apply(run, operator, left, right);
    if (result == null) {
      throw unsupported(operator, operator.symbol + "=", left, right);
    }
    if (left instanceof SetValue set && result instanceof SetValue changed && !set.frozen) {
      set.table.clear();
      Sets.addAll(run, set, changed);
      return set;
    }
    return result;
  }

  private static @Nullable Object small(BinaryOperator operator, long a, long b) {
    return switch (operator) {
      case ADD -> {
        long sum = a + b;
        yield ((a ^ sum) & (b ^ sum)) < 0 ? null : (Object) sum;
      }
      case SUBTRACT -> {
        long difference = a - b;
        yield ((a ^ b) & (a ^ difference)) < 0 ? null : (Object) difference;
      }
      case MULTIPLY -> {
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        yield high == low >> 63 ? (Object) low : null;
      }
      case FLOOR_DIVIDE ->
          b == 0 || (a == Long.MIN_VALUE && b == -1) ? null : (Object) Math.floorDiv(a, b);
      case MODULO -> b == 0 ? null : (Object) Math.floorMod(a, b);
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case DIVIDE, POWER, SHIFT_LEFT, SHIFT_RIGHT -> null;
    };
  }

  /// Null where the operator knows nothing to do with such values.
  private static @Nullable Object apply(
      Run run, BinaryOperator operator, Object left, Object right) {
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return left instanceof Double || right instanceof Double
          ? reals(operator, left, right)
          : integers(run, operator, left, right);
    }
    return switch (operator) {
      case ADD -> add(run, left, right);
      case MULTIPLY -> multiply(run, left, right);
      case MODULO ->
          left instanceof String format
              ? PercentFormat.format(run, format, right)
              : times(operator, left, right);
      case SUBTRACT, AND, OR, XOR -> combine(run, operator, left, right);
      case DIVIDE, FLOOR_DIVIDE -> times(operator, left, right);
      case POWER, SHIFT_LEFT, SHIFT_RIGHT -> null;
    };
  }

  private static @Nullable Object times(BinaryOperator operator, Object left, Object right) {
    return left instanceof Times || right instanceof Times
        ? Times.apply(operator, left, right)
        : null;
  }

  private static Object integers(Run run, BinaryOperator operator, Object left, Object right) {
    return switch (operator) {
      case ADD -> Numbers.add(run, left, right);
      case SUBTRACT -> Numbers.subtract(run, left, right);
      case MULTIPLY -> Numbers.multiply(run, left, right);
      case DIVIDE -> Numbers.divide(run, left, right);
      case FLOOR_DIVIDE -> Numbers.floorDivide(run, left, right);
      case MODULO -> Numbers.modulo(run, left, right);
      case POWER -> Numbers.power(run, left, right);
      case SHIFT_LEFT -> Numbers.shift(run, left, right, true);
      case SHIFT_RIGHT -> Numbers.shift(run, left, right, false);
      case AND, OR, XOR -> bits(run, operator, left, right);
    };
  }

  private static Object bits(Run run, BinaryOperator operator, Object left, Object right) {
    if (left instanceof Boolean a && right instanceof Boolean b) {
      return switch (operator) {
        case AND -> a && b;
        case OR -> a || b;
        default -> !a.equals(b);
      };
    }
    BigInteger a = Numbers.big(left);
    BigInteger b = Numbers.big(right);
    Numbers.charge(run, Math.max(a.bitLength(), b.bitLength()), 64, 64);
    return Numbers.normal(
        switch (operator) {
          case AND -> a.and(b);
          case OR -> a.or(b);
          default -> a.xor(b);
        });
  }

  private static @Nullable Object reals(BinaryOperator operator, Object left, Object right) {
    double a = Numbers.real(left);
    double b = Numbers.real(right);
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / nonzero(b, "float division by zero");
      case FLOOR_DIVIDE -> floorDivide(a, nonzero(b, "float floor division by zero"));
      case MODULO -> modulo(a, nonzero(b, "float modulo"));
      case POWER -> power(a, b);
      case SHIFT_LEFT, SHIFT_RIGHT, AND, OR, XOR -> null;
    };
  }

  private static double nonzero(double value, String message) {
    if (value == 0) {
      throw GuestError.division(message);
    }
    return value;
  }

  static double floorDivide(double a, double b) {
    double rest = a % b;
    double quotient = (a - rest) / b;
    if (rest != 0 && (b < 0) != (rest < 0)) {
      quotient -= 1;
    }
    if (quotient == 0) {
      return Math.copySign(0.0, a / b);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  static double modulo(double a, double b) {
    double rest = a % b;
    if (rest == 0) {
      return Math.copySign(0.0, b);
    }
    return (b < 0) != (rest < 0) ? rest + b : rest;
  }

  static double power(double a, double b) {
    if (a == 0 && b < 0) {
      throw GuestError.division("0.0 cannot be raised to a negative power");
    }
    if (a == 1 || b == 0) {
      return 1.0;
    }
    if (a == -1 && Double.isInfinite(b)) {
      return 1.0;
    }
    if (a < 0 && Double.isFinite(a) && Double.isFinite(b) && b != Math.rint(b)) {
      throw GuestError.value("complex numbers are not available");
    }
    double result = Math.pow(a, b);
    if (Double.isInfinite(result) && Double.isFinite(a) && Double.isFinite(b)) {
      throw new GuestError(ExceptionType.OVERFLOW, 34L, "Numerical result out of range");
    }
    return result;
  }

  private static @Nullable Object add(Run run, Object left, Object right) {
    if (left instanceof String a && right instanceof String b) {
      run.meter.chargeText((long) a.length() + b.length());
      return a.concat(b);
    }
    if (left instanceof Sequence a
        && right instanceof Sequence b
        && left instanceof ListValue == right instanceof ListValue) {
      run.meter.chargeSlots((long) a.items().size() + b.items().size());
      var items = new ArrayList<Object>(a.items().size() + b.items().size());
      items.addAll(a.items());
      items.addAll(b.items());
      return left instanceof ListValue ? new ListValue(items) : new TupleValue(items);
    }
    if (left instanceof DictValue a && right instanceof DictValue b) {
      return Counters.combine(run, BinaryOperator.ADD, a, b);
    }
    return times(BinaryOperator.ADD, left, right);
  }

  private static @Nullable Object multiply(Run run, Object left, Object right) {
    var sequence = Numbers.isInteger(left) ? right : left;
    var count = Numbers.isInteger(left) ? left : right;
    if (!Numbers.isInteger(count)) {
      return times(BinaryOperator.MULTIPLY, left, right);
    }
    return switch (sequence) {
      case String text -> {
        long times = Math.max(0, Numbers.index(count));
        if (text.isEmpty() || times == 0) {
          yield "";
        }
        run.meter.chargeText(product(text.length(), times));
        yield text.repeat((int) times);
      }
      case ListValue list -> new ListValue(repeat(run, list.items(), Numbers.index(count)));
      case TupleValue tuple -> new TupleValue(repeat(run, tuple.items(), Numbers.index(count)));
      default -> times(BinaryOperator.MULTIPLY, left, right);
    };
  }

  private static List<Object> repeat(Run run, List<Object> items, long count) {
    if (items.isEmpty() || count <= 0) {
      return new ArrayList<>();
    }
    run.meter.chargeSlots(product(items.size(), count));
    var all = new ArrayList<Object>((int) (items.size() * count));
    for (long i = 0; i < count; i++) {
      all.addAll(items);
    }
    return all;
  }

  /// A size that is too large for any budget, rather than one that wrapped around.
  private static long product(long size, long count) {
    return Math.multiplyHigh(size, count) != 0 || size * count < 0 || size * count > 1L << 50
        ? 1L << 50
        : size * count;
  }

  private static @Nullable Object combine(
      Run run, BinaryOperator operator, Object left, Object right) {
    if (isSet(left) && isSet(right)) {
      return Sets.combine(run, operator, Sets.of(run, left), Sets.of(run, right));
    }
    if (left instanceof DictValue a && right instanceof DictValue b) {
      if (a.flavour == DictValue.Flavour.COUNTER && b.flavour == DictValue.Flavour.COUNTER) {
        return Counters.combine(run, operator, a, b);
      }
      if (operator == BinaryOperator.OR) {
        var both = DictMethods.copy(run, a);
        DictMethods.update(run, both, b);
        return both;
      }
      return null;
    }
    if (operator == BinaryOperator.OR && isType(left) && isType(right)) {
      return TupleValue.of(left, right);
    }
    return times(operator, left, right);
  }

  private static boolean isType(Object value) {
    return value instanceof TypeValue
        || value instanceof ExceptionType
        || value instanceof TupleValue
        || value == None.NONE;
  }

  private static boolean isSet(Object value) {
    return value instanceof SetValue
        || (value instanceof ViewValue view && view.part != ViewValue.Part.VALUES);
  }

  private static GuestError unsupported(
      BinaryOperator operator, String symbol, Object left, Object right) {
    if (operator == BinaryOperator.ADD && (left instanceof String || left instanceof Sequence)) {
      var type = Types.nameOf(left);
      return GuestError.type(
          left instanceof String
              ? "can only concatenate str (not \"" + Types.nameOf(right) + "\") to str"
              : "can only concatenate "
                  + type
                  + " (not \""
                  + Types.nameOf(right)
                  + "\") to "
                  + type);
    }
    boolean repeats = left instanceof String || left instanceof Sequence;
    if (operator == BinaryOperator.MULTIPLY
        && (repeats || right instanceof String || right instanceof Sequence)) {
      return GuestError.type(
          "can't multiply sequence by non-int of type '"
              + Types.nameOf(repeats ? right : left)
              + "'");
    }
    return GuestError.type(
        "unsupported operand type(s) for "
            + (operator == BinaryOperator.POWER ? "** or pow()" : symbol)
            + ": '"
            + Types.nameOf(left)
            + "' and '"
            + Types.nameOf(right)
            + "'");
  }

  static Object unary(Run run, UnaryOperator operator, Object operand) {
    if (operator == UnaryOperator.NOT) {
      return !Types.isTrue(operand);
    }
    if (operand instanceof Double real && operator != UnaryOperator.INVERT) {
      return operator == UnaryOperator.NEGATE ? -real : real;
    }
    if (operand instanceof Times.Delta delta && operator == UnaryOperator.NEGATE) {
      return new Times.Delta(-delta.micros());
    }
    if (!Numbers.isInteger(operand)) {
      throw GuestError.type(
          "bad operand type for unary " + operator.symbol + ": '" + Types.nameOf(operand) + "'");
    }
    return switch (operator) {
      case NEGATE -> Numbers.subtract(run, 0L, operand);
      case PLUS -> Numbers.add(run, 0L, operand);
      case INVERT -> Numbers.subtract(run, -1L, operand);
      case NOT -> throw new AssertionError("answered above");
    };
  }

  // Comparisons

  static boolean compare(Run run, CompareOperator operator, Object left, Object right) {
    return switch (operator) {
      case EQUAL -> Equality.equal(run, left, right);
      case NOT_EQUAL -> !Equality.equal(run, left, right);
      case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> Ordering.compare(run, operator, left, right);
      case IN -> contains(run, right, left);
      case NOT_IN -> !contains(run, right, left);
      case IS -> isSame(left, right);
      case IS_NOT -> !isSame(left, right);
    };
  }

  /// Small numbers and strings are the same where they are equal, as they mostly are in Python.
  private static boolean isSame(Object left, Object right) {
    if (Equality.isOne(left, right)) {
      return true;
    }
    return switch (left) {
      case Long a -> a.equals(right);
      case Boolean a -> a.equals(right);
      case String a -> a.equals(right);
      case TupleValue a ->
          a.items().isEmpty() && right instanceof TupleValue b && b.items().isEmpty();
      default -> false;
    };
  }

  static boolean contains(Run run, Object container, Object value) {
    return switch (container) {
      case String text -> {
        if (!(value instanceof String part)) {
          throw GuestError.type(
              "'in <string>' requires string as left operand, not " + Types.nameOf(value));
        }
        yield Search.first(run, text, part, 0) >= 0;
      }
      case DictValue dict -> dict.table.contains(run, value);
      case SetValue set -> set.table.contains(run, value);
      case ViewValue view when view.part == ViewValue.Part.KEYS ->
          view.dict.table.contains(run, value);
      case RangeValue range when value instanceof Long number ->
          range.length() > 0
              && Math.floorMod(number - range.start(), Math.abs(range.step())) == 0
              && number >= Math.min(range.start(), range.at(range.length() - 1))
              && number <= Math.max(range.start(), range.at(range.length() - 1));
      default -> {
        var iterator = Iteration.iterable(run, container);
        if (iterator == null) {
          throw GuestError.type(
              "argument of type '" + Types.nameOf(container) + "' is not iterable");
        }
        yield isAmong(run, iterator, value);
      }
    };
  }

  private static boolean isAmong(Run run, GuestIterator iterator, Object value) {
    for (var next = iterator.next(run); next != null; next = iterator.next(run)) {
      if (Equality.isFound(run, next, value)) {
        return true;
      }
    }
    return false;
  }
}
