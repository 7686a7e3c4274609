package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.MatchValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.RangeValue;
import dev.remanence.mind.sandbox.Value.Sequence;
import dev.remanence.mind.sandbox.Value.SliceValue;
import dev.remanence.mind.sandbox.Value.TupleValue;
import java.util.ArrayList;
import java.util.List;

/// `a[b]`: read, set and deleted, by index, by slice, or by key.
final class Subscripts {
  private Subscripts() {}

  static Object get(Run run, Object container, Object key) {
    return switch (container) {
      case Sequence sequence -> sequence(run, sequence, key);
      case DictValue dict -> entry(run, dict, key);
      case String text -> text(run, text, key);
      case RangeValue range -> range(range, key);
      case MatchValue match -> RegexModule.group(run, match, key);
      default ->
          throw GuestError.type("'" + Types.nameOf(container) + "' object is not subscriptable");
    };
  }

  private static Object sequence(Run run, Sequence sequence, Object key) {
    var items = sequence.items();
    var name = sequence instanceof ListValue ? "list" : "tuple";
    if (!(key instanceof SliceValue slice)) {
      return items.get(index(key, items.size(), name));
    }
    var picked = pick(run, items, Bounds.of(slice, items.size()));
    return sequence instanceof ListValue ? new ListValue(picked) : new TupleValue(picked);
  }

  private static List<Object> pick(Run run, List<Object> items, Bounds bounds) {
    run.meter.chargeSlots(bounds.count);
    var picked = new ArrayList<Object>(bounds.count);
    for (int i = 0; i < bounds.count; i++) {
      picked.add(items.get(bounds.at(i)));
    }
    return picked;
  }

  private static Object entry(Run run, DictValue dict, Object key) {
    var value = dict.table.get(run, key);
    if (value != null) {
      return value;
    }
    if (dict.flavour == DictValue.Flavour.COUNTER) {
      return 0L;
    }
    if (dict.factory == null) {
      throw GuestError.key(key);
    }
    var made = run.call(dict.factory);
    dict.table.put(run, key, made);
    return made;
  }

  private static Object text(Run run, String text, Object key) {
    int length = Texts.length(run, text);
    if (!(key instanceof SliceValue slice)) {
      run.meter.charge(8);
      return Texts.at(run, text, index(key, length, "string"));
    }
    var bounds = Bounds.of(slice, length);
    run.meter.chargeText(bounds.count);
    if (bounds.count == 0) {
      return "";
    }
    if (bounds.step == 1) {
      return text.substring(
          Texts.offset(run, text, bounds.start),
          Texts.offset(run, text, bounds.start + bounds.count));
    }
    run.meter.charge(length * 4L);
    var points = text.codePoints().toArray();
    var out = new StringBuilder();
    for (int i = 0; i < bounds.count; i++) {
      out.appendCodePoint(points[bounds.at(i)]);
    }
    return out.toString();
  }

  private static Object range(RangeValue range, Object key) {
    if (key instanceof SliceValue slice) {
      if (range.length() > Integer.MAX_VALUE) {
        throw GuestError.overflow("a slice of so long a range is not available");
      }
      var bounds = Bounds.of(slice, (int) range.length());
      long start = range.at(bounds.start);
      long step = range.step() * bounds.step;
      return new RangeValue(start, start + step * bounds.count, step, bounds.count);
    }
    long index = Numbers.index(key);
    index = index < 0 ? index + range.length() : index;
    if (index < 0 || index >= range.length()) {
      throw GuestError.index("range object index out of range");
    }
    return range.at(index);
  }

  /// The index from the front of an item that is there.
  static int index(Object key, int size, String container) {
    if (!Numbers.isInteger(key)) {
      throw GuestError.type(
          container
              + " indices must be integers"
              + (container.equals("string") ? ", not '" : " or slices, not ")
              + Types.nameOf(key)
              + (container.equals("string") ? "'" : ""));
    }
    long index = Numbers.index(key);
    index = index < 0 ? index + size : index;
    if (index < 0 || index >= size) {
      throw GuestError.index(container + " index out of range");
    }
    return (int) index;
  }

  static void set(Run run, Object container, Object key, Object value) {
    switch (container) {
      case ListValue list -> {
        if (key instanceof SliceValue slice) {
          setSlice(run, list, slice, Iteration.list(run, value));
        } else {
          list.items().set(assigned(key, list.items().size()), value);
        }
      }
      case DictValue dict -> dict.table.put(run, key, value);
      default ->
          throw GuestError.type(
              "'" + Types.nameOf(container) + "' object does not support item assignment");
    }
  }

  private static int assigned(Object key, int size) {
    try {
      return index(key, size, "list");
    } catch (GuestError error) {
      throw error.value().type == ExceptionType.INDEX
          ? GuestError.index("list assignment index out of range")
          : error;
    }
  }

  private static void setSlice(Run run, ListValue list, SliceValue slice, List<Object> values) {
    var items = list.items();
    var bounds = Bounds.of(slice, items.size());
    run.meter.work(items.size() / 8);
    if (bounds.step == 1) {
      var part = items.subList(bounds.start, bounds.start + bounds.count);
      part.clear();
      items.addAll(bounds.start, values);
      return;
    }
    if (values.size() != bounds.count) {
      throw GuestError.value(
          "attempt to assign sequence of size "
              + values.size()
              + " to extended slice of size "
              + bounds.count);
    }
    for (int i = 0; i < bounds.count; i++) {
      items.set(bounds.at(i), values.get(i));
    }
  }

  static void delete(Run run, Object container, Object key) {
    switch (container) {
      case ListValue list when key instanceof SliceValue slice -> {
        var bounds = Bounds.of(slice, list.items().size());
        var gone = new boolean[list.items().size()];
        run.meter.charge(gone.length);
        for (int i = 0; i < bounds.count; i++) {
          gone[bounds.at(i)] = true;
        }
        var kept = new ArrayList<Object>();
        run.meter.chargeSlots(gone.length);
        for (int i = 0; i < gone.length; i++) {
          if (!gone[i]) {
            kept.add(list.items().get(i));
          }
        }
        list.items().clear();
        list.items().addAll(kept);
      }
      case ListValue list -> {
        run.meter.work(list.items().size() / 8);
        list.items().remove(assigned(key, list.items().size()));
      }
      case DictValue dict -> {
        if (dict.table.remove(run, key) == null) {
          throw GuestError.key(key);
        }
      }
      default ->
          throw GuestError.type(
              "'" + Types.nameOf(container) + "' object doesn't support item deletion");
    }
  }

  /// A slice that was fitted to a size: so many items from a start on, a step apart.
  private record Bounds(int start, int step, int count) {
    static Bounds of(SliceValue slice, int size) {
      long step = slice.step == None.NONE ? 1 : part(slice.step);
      if (step == 0) {
        throw GuestError.value("slice step cannot be zero");
      }
      step = Math.clamp(step, -1L << 30, 1L << 30);
      long start = end(slice.start, step > 0 ? 0 : size - 1, size, step);
      long stop = end(slice.stop, step > 0 ? size : -1, size, step);
      long span = step > 0 ? stop - start + step - 1 : start - stop - step - 1;
      long count = Math.max(0, span / Math.abs(step));
      return new Bounds((int) start, (int) step, (int) count);
    }

    private static long part(Object value) {
      if (!Numbers.isInteger(value)) {
        throw GuestError.type("slice indices must be integers or None or have an __index__ method");
      }
      return Numbers.index(value);
    }

    private static long end(Object value, long fallback, int size, long step) {
      if (value == None.NONE) {
        return fallback;
      }
      long index = part(value);
      index = index < 0 ? index + size : index;
      return step > 0 ? Math.clamp(index, 0L, size) : Math.clamp(index, -1L, size - 1L);
    }

    int at(int index) {
      return (int) (start + (long) index * step);
    }
  }
}
