package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Expr.Clause;
import dev.remanence.mind.sandbox.Expr.Comprehension;
import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.SetValue;
import dev.remanence.mind.sandbox.Value.TupleValue;
import org.jspecify.annotations.Nullable;

/// Comprehensions, and generator expressions, which are lazy: an iterator for each clause, of which
/// the innermost is asked first.
final class Comprehensions {
  private Comprehensions() {}

  static Object evaluate(Run run, Comprehension comprehension, Frame outer) {
    run.meter.charge(200 + 32L * comprehension.clauses().size());
    var generator = new Generator(run, comprehension, outer);
    return switch (comprehension.form()) {
      case GENERATOR -> generator;
      case LIST -> new ListValue(Iteration.list(run, generator));
      case SET -> {
        var set = new SetValue(false);
        for (var item = generator.next(run); item != null; item = generator.next(run)) {
          set.table.put(run, item, None.NONE);
        }
        yield set;
      }
      case DICT -> {
        var dict = new DictValue();
        for (var item = generator.next(run); item != null; item = generator.next(run)) {
          if (item instanceof TupleValue pair) {
            dict.table.put(run, pair.items().getFirst(), pair.items().getLast());
          }
        }
        yield dict;
      }
    };
  }

  private static final class Generator extends GuestIterator {
    private final Comprehension comprehension;
    private final Frame frame;
    private final @Nullable GuestIterator[] sources;

    /// The clause that is to be advanced; -1 at the end.
    private int depth;

    private boolean running;

    /// The first source is evaluated at once, and where the comprehension stands.
    Generator(Run run, Comprehension comprehension, Frame outer) {
      this.comprehension = comprehension;
      this.frame = new Frame(comprehension.code(), outer);
      this.sources = new @Nullable GuestIterator[comprehension.clauses().size()];
      var first = comprehension.clauses().getFirst().source();
      sources[0] = Iteration.of(run, run.evaluator.evaluate(first, outer));
    }

    @Override
    @Nullable Object advance(Run run) {
      if (running) {
        throw GuestError.value("generator already executing");
      }
      running = true;
      run.meter.descend(comprehension.code().height());
      try {
        return element(run);
      } catch (GuestError error) {
        depth = -1;
        throw error;
      } finally {
        run.meter.ascend(comprehension.code().height());
        running = false;
      }
    }

    private @Nullable Object element(Run run) {
      var clauses = comprehension.clauses();
      while (depth >= 0) {
        var source = sources[depth];
        var value = source == null ? null : source.next(run);
        if (value == null) {
          depth--;
        } else if (passes(run, clauses.get(depth), value)) {
          if (depth == clauses.size() - 1) {
            return yielded(run);
          }
          depth++;
          sources[depth] =
              Iteration.of(run, run.evaluator.evaluate(clauses.get(depth).source(), frame));
        }
      }
      return null;
    }

    private boolean passes(Run run, Clause clause, Object value) {
      run.evaluator.statements().assign(clause.target(), value, frame);
      for (var test : clause.tests()) {
        if (!Types.isTrue(run.evaluator.evaluate(test, frame))) {
          return false;
        }
      }
      return true;
    }

    private Object yielded(Run run) {
      var element = run.evaluator.evaluate(comprehension.element(), frame);
      var value = comprehension.value();
      return value == null ? element : TupleValue.of(element, run.evaluator.evaluate(value, frame));
    }
  }
}
