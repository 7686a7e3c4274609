package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Expr.BinaryOperator;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.SetValue;
import java.util.Set;

/// Sets: what they are made of, and their methods.
final class Sets {
  static final Set<String> METHODS =
      Set.of(
          "add",
          "clear",
          "copy",
          "difference",
          "difference_update",
          "discard",
          "intersection",
          "intersection_update",
          "isdisjoint",
          "issubset",
          "issuperset",
          "pop",
          "remove",
          "symmetric_difference",
          "union",
          "update");

  private static final Set<String> CHANGING =
      Set.of(
          "add",
          "clear",
          "difference_update",
          "discard",
          "intersection_update",
          "pop",
          "remove",
          "update");

  private Sets() {}

  static boolean has(SetValue set, String name) {
    return METHODS.contains(name) && !(set.frozen && CHANGING.contains(name));
  }

  /// The value as a set: itself, or one of what it yields.
  static SetValue of(Run run, Object value) {
    if (value instanceof SetValue set) {
      return set;
    }
    var set = new SetValue(false);
    addAll(run, set, value);
    return set;
  }

  static void addAll(Run run, SetValue set, Object values) {
    run.meter.charge(200);
    var iterator = Iteration.of(run, values);
    for (var value = iterator.next(run); value != null; value = iterator.next(run)) {
      set.table.put(run, value, None.NONE);
    }
  }

  static SetValue combine(Run run, BinaryOperator operator, SetValue left, SetValue right) {
    var result = new SetValue(left.frozen);
    if (operator == BinaryOperator.OR) {
      addAll(run, result, left);
      addAll(run, result, right);
      return result;
    }
    boolean both = operator == BinaryOperator.AND;
    pick(run, left, right, both, result);
    if (operator == BinaryOperator.XOR) {
      pick(run, right, left, false, result);
    }
    return result;
  }

  /// Adds what of one set is in another one, or is not.
  private static void pick(
      Run run, SetValue from, SetValue other, boolean within, SetValue target) {
    run.meter.charge(200);
    for (int i = from.table.entry(run, 0); i >= 0; i = from.table.entry(run, i + 1)) {
      var key = from.table.key(i);
      if (other.table.contains(run, key) == within) {
        target.table.put(run, key, None.NONE);
      }
    }
  }

  static Object call(Run run, SetValue set, String name, Arguments arguments) {
    switch (name) {
      case "add" -> set.table.put(run, arguments.exactly(1, 1).at(0), None.NONE);
      case "clear" -> {
        arguments.exactly(0, 0);
        set.table.clear();
      }
      case "discard" -> set.table.remove(run, arguments.exactly(1, 1).at(0));
      case "remove" -> {
        if (set.table.remove(run, arguments.exactly(1, 1).at(0)) == null) {
          throw GuestError.key(arguments.at(0));
        }
      }
      case "pop" -> {
        arguments.exactly(0, 0);
        int first = set.table.entry(run, 0);
        if (first < 0) {
          throw GuestError.key("pop from an empty set");
        }
        var key = set.table.key(first);
        set.table.remove(run, key);
        return key;
      }
      case "update" -> {
        for (var each : arguments.positional()) {
          addAll(run, set, each == set ? copy(run, set) : each);
        }
      }
      case "difference_update", "intersection_update" -> {
        var result = folded(run, set, operator(name), arguments);
        set.table.clear();
        addAll(run, set, result);
      }
      case "copy" -> {
        arguments.exactly(0, 0);
        return copy(run, set);
      }
      case "union", "difference", "intersection", "symmetric_difference" -> {
        return folded(run, set, operator(name), arguments);
      }
      case "issubset" -> {
        return Equality.isSubset(run, set.table, of(run, arguments.exactly(1, 1).at(0)).table);
      }
      case "issuperset" -> {
        return Equality.isSubset(run, of(run, arguments.exactly(1, 1).at(0)).table, set.table);
      }
      case "isdisjoint" -> {
        var other = of(run, arguments.exactly(1, 1).at(0));
        return combine(run, BinaryOperator.AND, set, other).table.size() == 0;
      }
      default -> throw GuestError.attribute(set, name);
    }
    return None.NONE;
  }

  private static BinaryOperator operator(String method) {
    return switch (method) {
      case "union" -> BinaryOperator.OR;
      case "difference", "difference_update" -> BinaryOperator.SUBTRACT;
      case "intersection", "intersection_update" -> BinaryOperator.AND;
      default -> BinaryOperator.XOR;
    };
  }

  private static SetValue folded(
      Run run, SetValue set, BinaryOperator operator, Arguments arguments) {
    var result = copy(run, set);
    for (var each : arguments.positional()) {
      result = combine(run, operator, result, of(run, each));
    }
    return result;
  }

  private static SetValue copy(Run run, SetValue set) {
    var copy = new SetValue(set.frozen);
    addAll(run, copy, set);
    return copy;
  }
}
