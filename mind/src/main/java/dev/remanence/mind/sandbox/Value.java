package dev.remanence.mind.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a guest's expression can yield, beside four types of Java's: `Boolean`, `String`, `Double`,
/// and `Long` or, for what a long cannot hold, `BigInteger`. Strings are well-formed Unicode.
///
/// The classes are no records on purpose: nothing may compare or print a guest's value but
/// [Equality] and [Representation], which charge for it and know how deep they are.
sealed interface Value
    permits ExceptionType,
        GuestIterator,
        Times,
        Value.BoundMethod,
        Value.BuiltinFunction,
        Value.DictValue,
        Value.ExceptionValue,
        Value.FunctionValue,
        Value.MatchValue,
        Value.ModuleValue,
        Value.None,
        Value.PatternValue,
        Value.RangeValue,
        Value.Sequence,
        Value.SetValue,
        Value.SliceValue,
        Value.TypeValue,
        Value.ViewValue {

  enum None implements Value {
    NONE
  }

  /// A list or a tuple.
  sealed interface Sequence extends Value {
    List<Object> items();
  }

  final class ListValue implements Sequence {
    private final List<Object> items;

    /// Takes the items over.
    ListValue(List<Object> items) {
      this.items = items;
    }

    ListValue() {
      this(new ArrayList<>());
    }

    @Override
    public List<Object> items() {
      return items;
    }
  }

  final class TupleValue implements Sequence {
    static final TupleValue EMPTY = new TupleValue(List.of());
    private final List<Object> items;

    /// Takes the items over; nobody changes them any more.
    TupleValue(List<Object> items) {
      this.items = items;
    }

    static TupleValue of(Object... items) {
      return new TupleValue(List.of(items));
    }

    @Override
    public List<Object> items() {
      return items;
    }
  }

  /// A dict, or one of the two dicts of `collections`.
  final class DictValue implements Value {
    final Table table = new Table();
    final Flavour flavour;

    /// Makes what is missing in a defaultdict.
    final @Nullable Object factory;

    enum Flavour {
      PLAIN("dict"),
      COUNTER("Counter"),
      DEFAULT("defaultdict");

      final String word;

      Flavour(String word) {
        this.word = word;
      }
    }

    DictValue() {
      this(Flavour.PLAIN, null);
    }

    DictValue(Flavour flavour, @Nullable Object factory) {
      this.flavour = flavour;
      this.factory = factory;
    }
  }

  final class SetValue implements Value {
    final Table table = new Table();
    final boolean frozen;

    SetValue(boolean frozen) {
      this.frozen = frozen;
    }
  }

  /// What `keys`, `values` and `items` of a dict answer.
  final class ViewValue implements Value {
    final DictValue dict;
    final Part part;

    enum Part {
      KEYS,
      VALUES,
      ITEMS
    }

    ViewValue(DictValue dict, Part part) {
      this.dict = dict;
      this.part = part;
    }
  }

  record RangeValue(long start, long stop, long step, long length) implements Value {
    long at(long index) {
      return start + index * step;
    }
  }

  /// The parts of `a[start:stop:step]`.
  final class SliceValue implements Value {
    final Object start;
    final Object stop;
    final Object step;

    SliceValue(Object start, Object stop, Object step) {
      this.start = start;
      this.stop = stop;
      this.step = step;
    }
  }

  final class FunctionValue implements Value {
    final FunctionCode code;

    /// By the index of the parameter.
    final @Nullable Object[] defaults;

    final Frame scope;

    FunctionValue(FunctionCode code, @Nullable Object[] defaults, Frame scope) {
      this.code = code;
      this.defaults = defaults;
      this.scope = scope;
    }
  }

  /// A function of ours or of the host's.
  final class BuiltinFunction implements Value {
    final String name;
    final Body body;

    @FunctionalInterface
    interface Body {
      Object call(Run run, Arguments arguments);
    }

    BuiltinFunction(String name, Body body) {
      this.name = name;
      this.body = body;
    }
  }

  final class BoundMethod implements Value {
    final Object target;
    final String name;

    BoundMethod(Object target, String name) {
      this.target = target;
      this.name = name;
    }
  }

  /// A type: it makes values when it is called, and `isinstance` takes it.
  final class TypeValue implements Value {
    final String name;
    final BuiltinFunction.Body make;

    TypeValue(String name, BuiltinFunction.Body make) {
      this.name = name;
      this.make = make;
    }
  }

  final class ExceptionValue implements Value {
    final ExceptionType type;
    final List<Object> arguments;

    ExceptionValue(ExceptionType type, List<Object> arguments) {
      this.type = type;
      this.arguments = arguments;
    }
  }

  final class ModuleValue implements Value {
    final String name;
    final Map<String, Object> members;

    ModuleValue(String name, Map<String, Object> members) {
      this.name = name;
      this.members = members;
    }
  }

  final class PatternValue implements Value {
    final RegexProgram program;

    PatternValue(RegexProgram program) {
      this.program = program;
    }
  }

  final class MatchValue implements Value {
    final RegexProgram program;
    final String text;

    /// Two for each group: where it begins and ends, or -1.
    final int[] bounds;

    MatchValue(RegexProgram program, String text, int[] bounds) {
      this.program = program;
      this.text = text;
      this.bounds = bounds;
    }
  }
}
