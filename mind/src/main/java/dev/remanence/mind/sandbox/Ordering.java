package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Expr.CompareOperator;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.Sequence;
import dev.remanence.mind.sandbox.Value.SetValue;
import dev.remanence.mind.sandbox.Value.ViewValue;
import java.util.List;

/// Which of two values is less, and the sorting that goes with it.
final class Ordering {
  private static final int LEVELS = 3;

  private Ordering() {}

  /// `<`, `<=`, `>` or `>=`.
  static boolean compare(Run run, CompareOperator operator, Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      return holds(operator, Long.compare(a, b));
    }
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      var order = Numbers.compare(left, right);
      return order != null && holds(operator, order);
    }
    if (left instanceof String a && right instanceof String b) {
      run.meter.work(Math.min(a.length(), b.length()) >> 4);
      return holds(operator, texts(a, b));
    }
    if (left instanceof Sequence a
        && right instanceof Sequence b
        && left instanceof ListValue == right instanceof ListValue) {
      return sequences(run, operator, a.items(), b.items());
    }
    if (isSet(left) && isSet(right)) {
      return sets(run, operator, Sets.of(run, left), Sets.of(run, right));
    }
    if (left instanceof Times a && right instanceof Times b && Times.comparable(a, b)) {
      return holds(operator, Times.compare(a, b));
    }
    throw GuestError.type(
        "'"
            + operator.symbol
            + "' not supported between instances of '"
            + Types.nameOf(left)
            + "' and '"
            + Types.nameOf(right)
            + "'");
  }

  private static boolean isSet(Object value) {
    return value instanceof SetValue
        || (value instanceof ViewValue view && view.part != ViewValue.Part.VALUES);
  }

  private static boolean holds(CompareOperator operator, int order) {
    return switch (operator) {
      case LESS -> order < 0;
      case LESS_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_EQUAL -> order >= 0;
      case EQUAL, NOT_EQUAL, IN, NOT_IN, IS, IS_NOT -> throw new AssertionError(operator);
    };
  }

  /// By code point, which differs from the order of UTF-16 above the surrogates.
  static int texts(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean wide = Character.isSurrogate(x) || Character.isSurrogate(y);
        return wide ? Integer.compare(point(a, i), point(b, i)) : Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  private static int point(String text, int index) {
    boolean second = index > 0 && Character.isLowSurrogate(text.charAt(index));
    return text.codePointAt(second ? index - 1 : index);
  }

  private static boolean sequences(
      Run run, CompareOperator operator, List<Object> left, List<Object> right) {
    run.meter.descend(LEVELS);
    int length = Math.min(left.size(), right.size());
    int i = 0;
    while (i < length && Equality.equal(run, left.get(i), right.get(i))) {
      run.meter.step();
      i++;
    }
    boolean holds =
        i < length
            ? compare(run, operator, left.get(i), right.get(i))
            : holds(operator, Integer.compare(left.size(), right.size()));
    run.meter.ascend(LEVELS);
    return holds;
  }

  private static boolean sets(Run run, CompareOperator operator, SetValue left, SetValue right) {
    boolean smaller = operator == CompareOperator.LESS || operator == CompareOperator.LESS_EQUAL;
    var part = smaller ? left.table : right.table;
    var whole = smaller ? right.table : left.table;
    boolean proper = operator == CompareOperator.LESS || operator == CompareOperator.GREATER;
    return Equality.isSubset(run, part, whole) && (!proper || part.size() < whole.size());
  }

  static boolean isLess(Run run, Object left, Object right) {
    return compare(run, CompareOperator.LESS, left, right);
  }

  /// Sorts indexes by the keys under them: stable, by merging, asking only which is less. It never
  /// trusts the guest's order to be one.
  static int[] sort(Run run, List<Object> keys, boolean reverse) {
    int count = keys.size();
    run.meter.charge(count * 8L);
    var order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    var spare = new int[count];
    for (int width = 1; width < count; width *= 2) {
      for (int start = 0; start < count; start += 2 * width) {
        int middle = Math.min(start + width, count);
        merge(run, keys, reverse, order, spare, start, middle, Math.min(start + 2 * width, count));
      }
      var swap = order;
      order = spare;
      spare = swap;
      if (width > count / 2) {
        break;
      }
    }
    return order;
  }

  private static void merge(
      Run run,
      List<Object> keys,
      boolean reverse,
      int[] from,
      int[] to,
      int start,
      int middle,
      int end) {
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      run.meter.step();
      boolean takeRight = left >= middle;
      if (!takeRight && right < end) {
        var a = keys.get(from[left]);
        var b = keys.get(from[right]);
        takeRight = reverse ? isLess(run, a, b) : isLess(run, b, a);
      }
      to[i] = takeRight ? from[right++] : from[left++];
    }
  }
}
