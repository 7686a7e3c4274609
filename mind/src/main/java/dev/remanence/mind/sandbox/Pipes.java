package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.RangeValue;
import dev.remanence.mind.sandbox.Value.Sequence;
import dev.remanence.mind.sandbox.Value.TupleValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions that pass values on one at a time: `enumerate`, `zip`, `map`, `filter`,
/// `reversed`, `iter`, `next`.
final class Pipes {
  private Pipes() {}

  static void addTo(Map<String, Object> all) {
    Builtins.put(all, "enumerate", Pipes::enumerate);
    Builtins.put(all, "zip", Pipes::zip);
    Builtins.put(all, "map", Pipes::map);
    Builtins.put(all, "filter", Pipes::filter);
    Builtins.put(all, "reversed", Pipes::reversed);
    Builtins.put(all, "iter", (run, a) -> Iteration.of(run, a.exactly(1, 1).at(0)));
    Builtins.put(all, "next", Pipes::next);
  }

  private static Object enumerate(Run run, Arguments arguments) {
    var source = Iteration.of(run, arguments.allow("iterable", "start").require(0, "iterable"));
    long start = Numbers.index(arguments.get(1, "start", 0L));
    run.meter.charge(48);
    return new GuestIterator() {
      private long index = start;

      @Override
      @Nullable Object advance(Run r) {
        var value = source.next(r);
        r.meter.charge(64);
        return value == null ? null : TupleValue.of(index++, value);
      }
    };
  }

  private static List<GuestIterator> sources(Run run, List<Object> values) {
    run.meter.chargeSlots(values.size());
    var sources = new ArrayList<GuestIterator>();
    for (var value : values) {
      sources.add(Iteration.of(run, value));
    }
    return sources;
  }

  private static Object zip(Run run, Arguments arguments) {
    for (var name : arguments.named().keySet()) {
      if (!name.equals("strict")) {
        throw GuestError.type("zip() got an unexpected keyword argument '" + name + "'");
      }
    }
    boolean strict = Types.isTrue(arguments.named().getOrDefault("strict", false));
    var sources = sources(run, arguments.positional());
    return new GuestIterator() {
      @Override
      @Nullable Object advance(Run r) {
        var row = row(r, sources);
        if (row == null) {
          return null;
        }
        if (row.size() < sources.size()) {
          if (strict) {
            requireEnd(r, sources, row.size());
          }
          return null;
        }
        return new TupleValue(row);
      }
    };
  }

  /// What each source has next, up to the first that has nothing; null where there is no source.
  private static @Nullable List<Object> row(Run run, List<GuestIterator> sources) {
    if (sources.isEmpty()) {
      return null;
    }
    run.meter.chargeSlots(sources.size());
    var row = new ArrayList<Object>(sources.size());
    for (var source : sources) {
      var value = source.next(run);
      if (value == null) {
        break;
      }
      row.add(value);
    }
    return row;
  }

  private static void requireEnd(Run run, List<GuestIterator> sources, int ended) {
    if (ended > 0) {
      throw GuestError.value(
          "zip() argument " + (ended + 1) + " is shorter than argument " + ended);
    }
    for (int i = 1; i < sources.size(); i++) {
      if (sources.get(i).next(run) != null) {
        throw GuestError.value("zip() argument " + (i + 1) + " is longer than argument " + i);
      }
    }
  }

  private static Object map(Run run, Arguments arguments) {
    if (arguments.exactly(1, Integer.MAX_VALUE).count() < 2) {
      throw GuestError.type("map() must have at least two arguments.");
    }
    var function = arguments.at(0);
    var sources = sources(run, arguments.positional().subList(1, arguments.positional().size()));
    return new GuestIterator() {
      @Override
      @Nullable Object advance(Run r) {
        var row = row(r, sources);
        return row == null || row.size() < sources.size()
            ? null
            : Calls.call(r, function, row, Map.of());
      }
    };
  }

  private static Object filter(Run run, Arguments arguments) {
    var function = arguments.exactly(2, 2).at(0);
    var source = Iteration.of(run, arguments.at(1));
    return new GuestIterator() {
      @Override
      @Nullable Object advance(Run r) {
        for (var value = source.next(r); value != null; value = source.next(r)) {
          if (Types.isTrue(function == None.NONE ? value : r.call(function, value))) {
            return value;
          }
        }
        return null;
      }
    };
  }

  private static Object reversed(Run run, Arguments arguments) {
    var value = arguments.exactly(1, 1).at(0);
    boolean ordered =
        value instanceof Sequence
            || value instanceof String
            || value instanceof DictValue
            || value instanceof Value.ViewValue;
    if (value instanceof RangeValue range) {
      long last = range.length() == 0 ? range.start() : range.at(range.length() - 1);
      return Iteration.of(
          run, new RangeValue(last, range.start() - range.step(), -range.step(), range.length()));
    }
    if (!ordered) {
      throw GuestError.type("'" + Types.nameOf(value) + "' object is not reversible");
    }
    var items = Iteration.list(run, value);
    Collections.reverse(items);
    return Iteration.of(run, new ListValue(items));
  }

  private static Object next(Run run, Arguments arguments) {
    arguments.exactly(1, 2);
    if (!(arguments.at(0) instanceof GuestIterator iterator)) {
      throw GuestError.type("'" + Types.nameOf(arguments.at(0)) + "' object is not an iterator");
    }
    var value = iterator.next(run);
    if (value == null) {
      if (arguments.count() < 2) {
        throw new GuestError(ExceptionType.STOP_ITERATION);
      }
      return arguments.at(1);
    }
    return value;
  }
}
