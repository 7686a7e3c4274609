package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.BoundMethod;
import dev.remanence.mind.sandbox.Value.BuiltinFunction;
import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.ExceptionValue;
import dev.remanence.mind.sandbox.Value.FunctionValue;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.MatchValue;
import dev.remanence.mind.sandbox.Value.ModuleValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.PatternValue;
import dev.remanence.mind.sandbox.Value.RangeValue;
import dev.remanence.mind.sandbox.Value.SetValue;
import dev.remanence.mind.sandbox.Value.SliceValue;
import dev.remanence.mind.sandbox.Value.TupleValue;
import dev.remanence.mind.sandbox.Value.TypeValue;
import dev.remanence.mind.sandbox.Value.ViewValue;
import java.math.BigInteger;

/// The types: a name, what a call of it makes, and which values it has. There is nothing else to
/// learn from one.
final class Types {
  static final TypeValue INT = new TypeValue("int", Conversions::integer);
  static final TypeValue FLOAT = new TypeValue("float", Conversions::real);
  static final TypeValue BOOL = new TypeValue("bool", Conversions::truth);
  static final TypeValue STR = new TypeValue("str", Conversions::text);
  static final TypeValue LIST = new TypeValue("list", Conversions::list);
  static final TypeValue TUPLE = new TypeValue("tuple", Conversions::tuple);
  static final TypeValue DICT = new TypeValue("dict", Conversions::dict);
  static final TypeValue SET = new TypeValue("set", Conversions::set);
  static final TypeValue FROZENSET = new TypeValue("frozenset", Conversions::frozenset);
  static final TypeValue RANGE = new TypeValue("range", Conversions::range);
  static final TypeValue COUNTER = new TypeValue("Counter", Counters::counter);
  static final TypeValue DEFAULTDICT = new TypeValue("defaultdict", Counters::defaultdict);
  static final TypeValue DATETIME = new TypeValue("datetime.datetime", DatetimeModule::datetime);
  static final TypeValue DATE = new TypeValue("datetime.date", DatetimeModule::date);
  static final TypeValue TIMEDELTA = new TypeValue("datetime.timedelta", DatetimeModule::timedelta);
  static final TypeValue TIMEZONE = new TypeValue("datetime.timezone", DatetimeModule::timezone);
  static final TypeValue TYPE =
      new TypeValue("type", (_, arguments) -> of(arguments.exactly(1, 1).at(0)));
  static final TypeValue OBJECT = named("object");
  static final TypeValue NONE = named("NoneType");
  static final TypeValue FUNCTION = named("function");
  static final TypeValue BUILTIN = named("builtin_function_or_method");
  static final TypeValue MODULE = named("module");
  static final TypeValue PATTERN = named("re.Pattern");
  static final TypeValue MATCH = named("re.Match");
  static final TypeValue ITERATOR = named("iterator");
  static final TypeValue KEYS = named("dict_keys");
  static final TypeValue VALUES = named("dict_values");
  static final TypeValue ITEMS = named("dict_items");
  static final TypeValue SLICE = named("slice");

  private Types() {}

  private static TypeValue named(String name) {
    return new TypeValue(
        name,
        (_, _) -> {
          throw GuestError.type("cannot create '" + name + "' instances");
        });
  }

  static Object of(Object value) {
    return switch (value) {
      case String _ -> STR;
      case Long _ -> INT;
      case BigInteger _ -> INT;
      case Double _ -> FLOAT;
      case Boolean _ -> BOOL;
      case Value other -> ofValue(other);
      default -> throw new AssertionError("no value of a guest: " + value.getClass());
    };
  }

  private static Object ofValue(Value value) {
    return switch (value) {
      case None _ -> NONE;
      case ListValue _ -> LIST;
      case TupleValue _ -> TUPLE;
      case DictValue dict ->
          switch (dict.flavour) {
            case PLAIN -> DICT;
            case COUNTER -> COUNTER;
            case DEFAULT -> DEFAULTDICT;
          };
      case SetValue set -> set.frozen ? FROZENSET : SET;
      case RangeValue _ -> RANGE;
      case FunctionValue _ -> FUNCTION;
      case BuiltinFunction _, BoundMethod _ -> BUILTIN;
      case TypeValue _, ExceptionType _ -> TYPE;
      case ExceptionValue error -> error.type;
      case ModuleValue _ -> MODULE;
      case PatternValue _ -> PATTERN;
      case MatchValue _ -> MATCH;
      case GuestIterator _ -> ITERATOR;
      case SliceValue _ -> SLICE;
      case ViewValue view ->
          switch (view.part) {
            case KEYS -> KEYS;
            case VALUES -> VALUES;
            case ITEMS -> ITEMS;
          };
      case Times.DateTime _ -> DATETIME;
      case Times.Date _ -> DATE;
      case Times.Delta _ -> TIMEDELTA;
      case Times.Zone _ -> TIMEZONE;
    };
  }

  static String nameOf(Object value) {
    return switch (of(value)) {
      case TypeValue type -> type.name;
      case ExceptionType type -> type.word();
      default -> throw new AssertionError("a type is one of two");
    };
  }

  static boolean isInstance(Run run, Object value, Object type) {
    return switch (type) {
      case TypeValue wanted -> {
        var found = of(value);
        yield found == wanted
            || wanted == OBJECT
            || (wanted == INT && found == BOOL)
            || (wanted == DICT && (found == COUNTER || found == DEFAULTDICT))
            || (wanted == DATE && found == DATETIME)
            || (wanted == FUNCTION && found == BUILTIN);
      }
      case ExceptionType wanted -> value instanceof ExceptionValue error && error.type.isA(wanted);
      case None _ -> value == None.NONE;
      case TupleValue types -> {
        run.meter.descend(1);
        boolean any = false;
        for (var each : types.items()) {
          any |= isInstance(run, value, each);
        }
        run.meter.ascend(1);
        yield any;
      }
      default ->
          throw GuestError.type("isinstance() arg 2 must be a type, a tuple of types, or a union");
    };
  }

  static boolean isTrue(Object value) {
    return switch (value) {
      case Boolean truth -> truth;
      case None _ -> false;
      case Long number -> number != 0;
      case String text -> !text.isEmpty();
      case Double number -> number != 0;
      case Value.Sequence sequence -> !sequence.items().isEmpty();
      case DictValue dict -> dict.table.size() > 0;
      case SetValue set -> set.table.size() > 0;
      case ViewValue view -> view.dict.table.size() > 0;
      case RangeValue range -> range.length() > 0;
      case Times.Delta delta -> delta.micros() != 0;
      default -> true;
    };
  }
}
