package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Expr.BinaryOperator;
import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.DictValue.Flavour;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.TupleValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The two dicts of `collections`: one that counts, and one that makes what is missing.
final class Counters {
  static final Set<String> METHODS = Set.of("elements", "most_common", "subtract", "total");

  private Counters() {}

  static Object defaultdict(Run run, Arguments arguments) {
    run.meter.charge(300);
    var factory = arguments.positional().isEmpty() ? None.NONE : arguments.at(0);
    if (factory != None.NONE && !Builtins.isCallable(factory)) {
      throw GuestError.type("first argument must be callable or None");
    }
    var dict = new DictValue(Flavour.DEFAULT, factory == None.NONE ? null : factory);
    if (arguments.positional().size() > 1) {
      DictMethods.update(run, dict, arguments.at(1));
    }
    arguments.named().forEach((name, value) -> dict.table.put(run, name, value));
    return dict;
  }

  static Object counter(Run run, Arguments arguments) {
    run.meter.charge(300);
    var counter = new DictValue(Flavour.COUNTER, null);
    count(run, counter, arguments, 1);
    return counter;
  }

  /// Adds the counts of a dict, or one for each value that something yields; or takes them away.
  static Object count(Run run, DictValue counter, Arguments arguments, long sign) {
    if (arguments.positional().size() > 1) {
      throw GuestError.type("expected at most 1 argument, got " + arguments.positional().size());
    }
    for (var source : arguments.positional()) {
      if (source == None.NONE) {
        continue;
      }
      if (source instanceof DictValue dict) {
        for (var item : entries(run, dict)) {
          add(run, counter, item.getKey(), item.getValue(), sign);
        }
      } else {
        var values = Iteration.of(run, source);
        for (var value = values.next(run); value != null; value = values.next(run)) {
          add(run, counter, value, 1L, sign);
        }
      }
    }
    arguments.named().forEach((name, value) -> add(run, counter, name, value, sign));
    return None.NONE;
  }

  private static void add(Run run, DictValue counter, Object key, Object count, long sign) {
    var before = counter.table.get(run, key);
    var operator = sign > 0 ? BinaryOperator.ADD : BinaryOperator.SUBTRACT;
    counter.table.put(
        run, key, Operators.binary(run, operator, before == null ? 0L : before, count));
  }

  private static List<Map.Entry<Object, Object>> entries(Run run, DictValue dict) {
    run.meter.charge(dict.table.size() * 48L);
    var entries = new ArrayList<Map.Entry<Object, Object>>();
    for (int i = dict.table.entry(run, 0); i >= 0; i = dict.table.entry(run, i + 1)) {
      entries.add(Map.entry(dict.table.key(i), dict.table.value(i)));
    }
    return entries;
  }

  static Object call(Run run, DictValue counter, String name, Arguments arguments) {
    return switch (name) {
      case "subtract" -> count(run, counter, arguments, -1);
      case "most_common" -> mostCommon(run, counter, arguments.allow("n"));
      case "total" -> {
        Object sum = 0L;
        for (var entry : entries(run, counter)) {
          sum = Operators.binary(run, BinaryOperator.ADD, sum, entry.getValue());
        }
        yield sum;
      }
      case "elements" -> {
        var elements = new ArrayList<Object>();
        for (var entry : entries(run, counter)) {
          long times = Math.max(0, Numbers.index(entry.getValue()));
          run.meter.chargeSlots(Math.min(times, 1L << 40));
          for (long i = 0; i < times; i++) {
            elements.add(entry.getKey());
          }
        }
        yield Iteration.of(run, new ListValue(elements));
      }
      default -> throw GuestError.attribute(counter, name);
    };
  }

  private static Object mostCommon(Run run, DictValue counter, Arguments arguments) {
    var sorted = sorted(run, counter);
    var wanted = arguments.get(0, "n", None.NONE);
    long most = wanted == None.NONE ? Long.MAX_VALUE : Math.max(0, Numbers.index(wanted));
    var items = new ArrayList<Object>();
    for (var entry : entries(run, sorted)) {
      if (items.size() >= most) {
        break;
      }
      run.meter.chargeSlots(2);
      items.add(TupleValue.of(entry.getKey(), entry.getValue()));
    }
    return new ListValue(items);
  }

  /// The same, greatest count first; as it is where the counts have no order.
  static DictValue sorted(Run run, DictValue counter) {
    var entries = entries(run, counter);
    var counts = new ArrayList<Object>();
    entries.forEach(entry -> counts.add(entry.getValue()));
    long mark = run.meter.mark();
    try {
      var sorted = new DictValue(Flavour.PLAIN, null);
      for (int index : Ordering.sort(run, counts, true)) {
        sorted.table.put(run, entries.get(index).getKey(), entries.get(index).getValue());
      }
      return sorted;
    } catch (GuestError _) {
      run.meter.restore(mark);
      return counter;
    }
  }

  /// `+`, `-`, `&` and `|` of two counters, of which only counts above zero stay.
  static @Nullable Object combine(
      Run run, BinaryOperator operator, DictValue left, DictValue right) {
    if (left.flavour != Flavour.COUNTER || right.flavour != Flavour.COUNTER) {
      return null;
    }
    run.meter.charge(300);
    var result = new DictValue(Flavour.COUNTER, null);
    for (var entry : entries(run, left)) {
      keep(run, result, operator, entry.getKey(), left, right);
    }
    for (var entry : entries(run, right)) {
      if (!left.table.contains(run, entry.getKey())) {
        keep(run, result, operator, entry.getKey(), left, right);
      }
    }
    return result;
  }

  private static void keep(
      Run run,
      DictValue result,
      BinaryOperator operator,
      Object key,
      DictValue left,
      DictValue right) {
    var foundLeft = left.table.get(run, key);
    var foundRight = right.table.get(run, key);
    Object a = foundLeft == null ? 0L : foundLeft;
    Object b = foundRight == null ? 0L : foundRight;
    var count =
        switch (operator) {
          case ADD, SUBTRACT -> Operators.binary(run, operator, a, b);
          case AND -> Ordering.isLess(run, a, b) ? a : b;
          case OR -> Ordering.isLess(run, a, b) ? b : a;
          default ->
              throw GuestError.type(
                  "unsupported operand type(s) for "
                      + operator.symbol
                      + ": 'Counter' and 'Counter'");
        };
    if (Ordering.isLess(run, 0L, count)) {
      result.table.put(run, key, count);
    }
  }
}
