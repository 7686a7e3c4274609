package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.RangeValue;
import dev.remanence.mind.sandbox.Value.Sequence;
import dev.remanence.mind.sandbox.Value.SetValue;
import dev.remanence.mind.sandbox.Value.TupleValue;
import dev.remanence.mind.sandbox.Value.ViewValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The values that something can be asked for one after the other.
final class Iteration {
  private Iteration() {}

  static GuestIterator of(Run run, Object value) {
    var iterator = iterable(run, value);
    if (iterator == null) {
      throw GuestError.type("'" + Types.nameOf(value) + "' object is not iterable");
    }
    return iterator;
  }

  static GuestIterator unpacking(Run run, Object value) {
    var iterator = iterable(run, value);
    if (iterator == null) {
      throw GuestError.type("cannot unpack non-iterable " + Types.nameOf(value) + " object");
    }
    return iterator;
  }

  /// Null where the value is not iterable.
  static @Nullable GuestIterator iterable(Run run, Object value) {
    run.meter.charge(32);
    return switch (value) {
      case Sequence sequence -> items(sequence.items());
      case String text -> characters(text);
      case DictValue dict -> entries(dict.table, dict.table::key, "dictionary");
      case SetValue set -> entries(set.table, set.table::key, "Set");
      case ViewValue view -> view(view);
      case RangeValue range -> range(range);
      case GuestIterator iterator -> iterator;
      default -> null;
    };
  }

  private static GuestIterator items(List<Object> items) {
    return new GuestIterator() {
      private int index;

      @Override
      @Nullable Object advance(Run run) {
        return index < items.size() ? items.get(index++) : null;
      }
    };
  }

  private static GuestIterator characters(String text) {
    return new GuestIterator() {
      private int offset;

      @Override
      @Nullable Object advance(Run run) {
        if (offset >= text.length()) {
          return null;
        }
        int start = offset;
        offset += Character.charCount(text.codePointAt(start));
        run.meter.charge(8);
        return text.substring(start, offset);
      }
    };
  }

  private static GuestIterator entries(
      Table table, Function<Integer, Object> part, String container) {
    return new GuestIterator() {
      private final int size = table.size();
      private int entry = -1;

      @Override
      @Nullable Object advance(Run run) {
        if (table.size() != size) {
          throw GuestError.runtime(container + " changed size during iteration");
        }
        if (entry == END) {
          return null;
        }
        entry = table.entry(run, entry + 1);
        if (entry < 0) {
          entry = END;
          return null;
        }
        return part.apply(entry);
      }
    };
  }

  /// The entry of an iterator that has come to its end.
  private static final int END = Integer.MAX_VALUE;

  private static GuestIterator view(ViewValue view) {
    var table = view.dict.table;
    return entries(
        table,
        switch (view.part) {
          case KEYS -> table::key;
          case VALUES -> table::value;
          case ITEMS -> entry -> TupleValue.of(table.key(entry), table.value(entry));
        },
        "dictionary");
  }

  private static GuestIterator range(RangeValue range) {
    return new GuestIterator() {
      private long index;

      @Override
      @Nullable Object advance(Run run) {
        return index < range.length() ? (Object) range.at(index++) : null;
      }
    };
  }

  /// Appends all values to a list, which may be the one that is iterated.
  static void into(Run run, Object source, List<Object> target) {
    if (source instanceof Sequence sequence) {
      run.meter.chargeSlots(sequence.items().size());
      target.addAll(new ArrayList<>(sequence.items()));
      return;
    }
    var iterator = of(run, source);
    for (var value = iterator.next(run); value != null; value = iterator.next(run)) {
      run.meter.charge(32);
      target.add(value);
    }
  }

  /// All values, in a list of their own.
  static List<Object> list(Run run, Object source) {
    var values = new ArrayList<Object>();
    into(run, source, values);
    return values;
  }
}
