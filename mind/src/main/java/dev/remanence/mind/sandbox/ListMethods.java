package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// The methods of lists, and the two that tuples share.
final class ListMethods {
  static final Set<String> NAMES =
      Set.of(
          "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove",
          "reverse", "sort");

  private ListMethods() {}

  static Object call(Run run, ListValue list, String name, Arguments arguments) {
    var items = list.items();
    switch (name) {
      case "append" -> {
        run.meter.charge(32);
        items.add(arguments.exactly(1, 1).at(0));
      }
      case "extend" -> Iteration.into(run, arguments.exactly(1, 1).at(0), items);
      case "insert" -> {
        run.meter.charge(32);
        run.meter.work(items.size() / 8);
        arguments.exactly(2, 2);
        long index = Numbers.index(arguments.at(0));
        index = index < 0 ? index + items.size() : index;
        items.add((int) Math.clamp(index, 0L, items.size()), arguments.at(1));
      }
      case "pop" -> {
        return pop(run, items, arguments.exactly(0, 1));
      }
      case "remove" -> {
        var value = arguments.exactly(1, 1).at(0);
        int index = find(run, list, value, 0, items.size());
        if (index < 0) {
          throw GuestError.value("list.remove(x): x not in list");
        }
        run.meter.work(items.size() / 8);
        items.remove(index);
      }
      case "clear" -> {
        arguments.exactly(0, 0);
        items.clear();
      }
      case "copy" -> {
        arguments.exactly(0, 0);
        return new ListValue(Iteration.list(run, list));
      }
      case "reverse" -> {
        arguments.exactly(0, 0);
        run.meter.work(items.size() / 4);
        Collections.reverse(items);
      }
      case "sort" -> sort(run, list, arguments);
      default -> {
        return search(run, list, name, arguments);
      }
    }
    return None.NONE;
  }

  private static Object pop(Run run, List<Object> items, Arguments arguments) {
    if (items.isEmpty()) {
      throw GuestError.index("pop from empty list");
    }
    long index = arguments.positional().isEmpty() ? -1 : Numbers.index(arguments.at(0));
    index = index < 0 ? index + items.size() : index;
    if (index < 0 || index >= items.size()) {
      throw GuestError.index("pop index out of range");
    }
    run.meter.work((items.size() - index) / 8);
    return items.remove((int) index);
  }

  /// Sorts what was in the list when it began: a key that changes the list meanwhile is refused.
  private static void sort(Run run, ListValue list, Arguments arguments) {
    if (!arguments.positional().isEmpty()) {
      throw GuestError.type("sort() takes no positional arguments");
    }
    var before = new ArrayList<>(list.items());
    var sorted = sorted(run, before, arguments);
    if (list.items().size() != before.size()) {
      throw GuestError.value("list modified during sort");
    }
    list.items().clear();
    list.items().addAll(sorted);
  }

  /// Sorted by `key` and `reverse` of the arguments.
  static List<Object> sorted(Run run, List<Object> items, Arguments arguments) {
    var key = arguments.named().getOrDefault("key", None.NONE);
    boolean reverse = Types.isTrue(arguments.named().getOrDefault("reverse", false));
    for (var name : arguments.named().keySet()) {
      if (!name.equals("key") && !name.equals("reverse")) {
        throw GuestError.type("sort() got an unexpected keyword argument '" + name + "'");
      }
    }
    run.meter.chargeSlots(items.size() * 2L);
    var keys = items;
    if (key != None.NONE) {
      keys = new ArrayList<>(items.size());
      for (var item : items) {
        run.meter.step();
        keys.add(run.call(key, item));
      }
    }
    var sorted = new ArrayList<Object>(items.size());
    for (int index : Ordering.sort(run, keys, reverse)) {
      sorted.add(items.get(index));
    }
    return sorted;
  }

  static Object search(Run run, Sequence sequence, String name, Arguments arguments) {
    var items = sequence.items();
    if (name.equals("count")) {
      var value = arguments.exactly(1, 1).at(0);
      long count = 0;
      for (int i = 0; i < items.size(); i++) {
        run.meter.step();
        count += Equality.isFound(run, items.get(i), value) ? 1 : 0;
      }
      return count;
    }
    arguments.exactly(1, 3);
    int from = arguments.count() > 1 ? bound(arguments.at(1), items.size()) : 0;
    int to = arguments.count() > 2 ? bound(arguments.at(2), items.size()) : items.size();
    int index = find(run, sequence, arguments.at(0), from, to);
    if (index < 0) {
      throw GuestError.value(
          sequence instanceof ListValue
              ? Representation.repr(run, arguments.at(0)) + " is not in list"
              : "tuple.index(x): x not in tuple");
    }
    return (long) index;
  }

  private static int bound(Object value, int size) {
    long index = Numbers.index(value);
    return (int) Math.clamp(index < 0 ? index + size : index, 0L, size);
  }

  private static int find(Run run, Sequence sequence, Object value, int from, int to) {
    var items = sequence.items();
    for (int i = from; i < to && i < items.size(); i++) {
      run.meter.step();
      if (Equality.isFound(run, items.get(i), value)) {
        return i;
      }
    }
    return -1;
  }
}
