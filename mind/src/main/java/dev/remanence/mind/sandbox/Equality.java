package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.BoundMethod;
import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.ExceptionValue;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.RangeValue;
import dev.remanence.mind.sandbox.Value.Sequence;
import dev.remanence.mind.sandbox.Value.SetValue;
import dev.remanence.mind.sandbox.Value.TupleValue;
import dev.remanence.mind.sandbox.Value.ViewValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/// Which values are equal, and the hashes that go with it: `1`, `1.0` and `True` are one key.
final class Equality {
  private static final int LEVELS = 3;

  private Equality() {}

  /// Whether two values are one: containers take a value for equal to itself, NaN included.
  @SuppressWarnings("ReferenceEquality")
  static boolean isOne(Object left, Object right) {
    return left == right;
  }

  /// Whether a container that holds one value has the other.
  static boolean isFound(Run run, Object held, Object wanted) {
    return isOne(held, wanted) || equal(run, held, wanted);
  }

  static boolean equal(Run run, Object left, Object right) {
    if (isOne(left, right)) {
      return !(left instanceof Double real && real.isNaN());
    }
    if (left instanceof String a) {
      if (!(right instanceof String b)) {
        return false;
      }
      run.meter.work(Math.min(a.length(), b.length()) >> 4);
      return a.equals(b);
    }
    if (Numbers.isNumber(left)) {
      if (!Numbers.isNumber(right)) {
        return false;
      }
      var order = Numbers.compare(left, right);
      return order != null && order == 0;
    }
    return left instanceof Value && right instanceof Value && equalValues(run, left, right);
  }

  private static boolean equalValues(Run run, Object left, Object right) {
    run.meter.descend(LEVELS);
    boolean equal =
        switch (left) {
          case ListValue a -> right instanceof ListValue b && all(run, a.items(), b.items());
          case TupleValue a -> right instanceof TupleValue b && all(run, a.items(), b.items());
          case DictValue a -> right instanceof DictValue b && dicts(run, a, b);
          case SetValue a when right instanceof ViewValue view -> views(run, view, a);
          case SetValue a ->
              right instanceof SetValue b
                  && a.table.size() == b.table.size()
                  && isSubset(run, a.table, b.table);
          case ViewValue a -> views(run, a, right);
          case RangeValue a -> right instanceof RangeValue b && ranges(a, b);
          case Times a -> right instanceof Times b && Times.equal(a, b);
          case BoundMethod a ->
              right instanceof BoundMethod b && isOne(a.target, b.target) && a.name.equals(b.name);
          default -> false;
        };
    run.meter.ascend(LEVELS);
    return equal;
  }

  private static boolean all(Run run, List<Object> left, List<Object> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size() && i < right.size(); i++) {
      run.meter.step();
      var a = left.get(i);
      var b = right.get(i);
      if (!isFound(run, a, b)) {
        return false;
      }
    }
    return true;
  }

  private static boolean dicts(Run run, DictValue left, DictValue right) {
    if (left.table.size() != right.table.size()) {
      return false;
    }
    for (int i = left.table.entry(run, 0); i >= 0; i = left.table.entry(run, i + 1)) {
      var value = left.table.value(i);
      var other = right.table.get(run, left.table.key(i));
      if (other == null || !isFound(run, value, other)) {
        return false;
      }
    }
    return true;
  }

  static boolean isSubset(Run run, Table part, Table whole) {
    for (int i = part.entry(run, 0); i >= 0; i = part.entry(run, i + 1)) {
      if (!whole.contains(run, part.key(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean views(Run run, ViewValue left, Object right) {
    boolean alike =
        right instanceof SetValue
            || (right instanceof ViewValue other && other.part != ViewValue.Part.VALUES);
    return left.part != ViewValue.Part.VALUES
        && alike
        && equal(run, Sets.of(run, left), Sets.of(run, right));
  }

  private static boolean ranges(RangeValue a, RangeValue b) {
    return a.length() == b.length()
        && (a.length() == 0
            || (a.start() == b.start() && (a.length() == 1 || a.step() == b.step())));
  }

  static int hash(Run run, Object value) {
    return switch (value) {
      case String text -> text.hashCode();
      case Long number -> Long.hashCode(number);
      case Boolean truth -> truth ? 1 : 0;
      case BigInteger number -> {
        run.meter.work(number.bitLength() >> 6);
        yield number.hashCode();
      }
      case Double number -> hashOf(number);
      case TupleValue tuple -> {
        run.meter.descend(LEVELS);
        int hash = 17;
        for (var item : tuple.items()) {
          run.meter.step();
          hash = hash * 31 + hash(run, item);
        }
        run.meter.ascend(LEVELS);
        yield hash;
      }
      case SetValue set when set.frozen -> {
        run.meter.descend(LEVELS);
        int hash = 19;
        for (int i = set.table.entry(run, 0); i >= 0; i = set.table.entry(run, i + 1)) {
          hash += hash(run, set.table.key(i)) * 0x9E3779B9;
        }
        run.meter.ascend(LEVELS);
        yield hash;
      }
      case Times time -> Times.hash(time);
      case RangeValue range ->
          Long.hashCode(range.length()) + (range.length() == 0 ? 0 : Long.hashCode(range.start()));
      case BoundMethod method -> System.identityHashCode(method.target) + method.name.hashCode();
      case ExceptionValue error -> System.identityHashCode(error);
      case Sequence _, DictValue _, SetValue _, ViewValue _, Value.SliceValue _ ->
          throw GuestError.type("unhashable type: '" + Types.nameOf(value) + "'");
      default -> System.identityHashCode(value);
    };
  }

  private static int hashOf(double number) {
    if (number == Math.rint(number) && !Double.isInfinite(number)) {
      if (Math.abs(number) < 0x1p62) {
        return Long.hashCode((long) number);
      }
      var exact = Numbers.normal(new BigDecimal(number).toBigInteger());
      return exact.hashCode();
    }
    return Double.hashCode(number);
  }
}
