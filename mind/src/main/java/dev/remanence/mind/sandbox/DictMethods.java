package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.TupleValue;
import dev.remanence.mind.sandbox.Value.ViewValue;
import java.util.Set;

/// The methods of dicts; what a Counter has beside them is in [Counters].
final class DictMethods {
  static final Set<String> NAMES =
      Set.of(
          "clear",
          "copy",
          "fromkeys",
          "get",
          "items",
          "keys",
          "pop",
          "popitem",
          "setdefault",
          "update",
          "values");

  private DictMethods() {}

  static boolean has(DictValue dict, String name) {
    return NAMES.contains(name)
        || (dict.flavour == DictValue.Flavour.COUNTER && Counters.METHODS.contains(name));
  }

  static Object call(Run run, DictValue dict, String name, Arguments arguments) {
    var table = dict.table;
    return switch (name) {
      case "get" -> {
        var value = table.get(run, arguments.exactly(1, 2).at(0));
        yield value != null ? value : arguments.count() > 1 ? arguments.at(1) : None.NONE;
      }
      case "keys" -> view(run, dict, ViewValue.Part.KEYS, arguments);
      case "values" -> view(run, dict, ViewValue.Part.VALUES, arguments);
      case "items" -> view(run, dict, ViewValue.Part.ITEMS, arguments);
      case "pop" -> {
        var value = table.remove(run, arguments.exactly(1, 2).at(0));
        if (value == null && arguments.count() < 2) {
          throw GuestError.key(arguments.at(0));
        }
        yield value == null ? arguments.at(1) : value;
      }
      case "popitem" -> popItem(run, table, arguments.exactly(0, 0));
      case "setdefault" -> {
        var value = table.get(run, arguments.exactly(1, 2).at(0));
        if (value == null) {
          value = arguments.count() > 1 ? arguments.at(1) : None.NONE;
          table.put(run, arguments.at(0), value);
        }
        yield value;
      }
      case "update" -> {
        if (dict.flavour == DictValue.Flavour.COUNTER) {
          yield Counters.count(run, dict, arguments, 1);
        }
        arguments.positional().forEach(each -> update(run, dict, each));
        arguments.named().forEach((key, value) -> table.put(run, key, value));
        yield None.NONE;
      }
      case "clear" -> {
        arguments.exactly(0, 0);
        table.clear();
        yield None.NONE;
      }
      case "copy" -> {
        arguments.exactly(0, 0);
        yield copy(run, dict);
      }
      case "fromkeys" -> fromKeys(run, arguments);
      default -> Counters.call(run, dict, name, arguments);
    };
  }

  private static Object view(Run run, DictValue dict, ViewValue.Part part, Arguments arguments) {
    arguments.exactly(0, 0);
    run.meter.charge(32);
    return new ViewValue(dict, part);
  }

  private static Object popItem(Run run, Table table, Arguments arguments) {
    assert arguments.count() == 0 : "checked before";
    int last = table.last(run);
    if (last < 0) {
      throw GuestError.key("popitem(): dictionary is empty");
    }
    var item = TupleValue.of(table.key(last), table.value(last));
    table.remove(run, table.key(last));
    return item;
  }

  static DictValue copy(Run run, DictValue dict) {
    run.meter.charge(300);
    var copy = new DictValue(dict.flavour, dict.factory);
    update(run, copy, dict);
    return copy;
  }

  static Object fromKeys(Run run, Arguments arguments) {
    arguments.exactly(1, 2);
    run.meter.charge(300);
    var dict = new DictValue();
    var value = arguments.count() > 1 ? arguments.at(1) : None.NONE;
    var keys = Iteration.of(run, arguments.at(0));
    for (var key = keys.next(run); key != null; key = keys.next(run)) {
      dict.table.put(run, key, value);
    }
    return dict;
  }

  /// Puts what a dict, or something that yields pairs, holds.
  static void update(Run run, DictValue dict, Object more) {
    if (more instanceof DictValue other) {
      if (other == dict) {
        return;
      }
      var table = other.table;
      for (int i = table.entry(run, 0); i >= 0; i = table.entry(run, i + 1)) {
        dict.table.put(run, table.key(i), table.value(i));
      }
      return;
    }
    var pairs = Iteration.of(run, more);
    int index = 0;
    for (var pair = pairs.next(run); pair != null; pair = pairs.next(run)) {
      var parts = Iteration.iterable(run, pair);
      if (parts == null) {
        throw GuestError.type(
            "cannot convert dictionary update sequence element #" + index + " to a sequence");
      }
      var both = Iteration.list(run, parts);
      if (both.size() != 2) {
        throw GuestError.value(
            "dictionary update sequence element #"
                + index
                + " has length "
                + both.size()
                + "; 2 is required");
      }
      dict.table.put(run, both.getFirst(), both.getLast());
      index++;
    }
  }
}
