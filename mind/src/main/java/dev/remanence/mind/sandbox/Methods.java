package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.BoundMethod;
import dev.remanence.mind.sandbox.Value.BuiltinFunction;
import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.ExceptionValue;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.MatchValue;
import dev.remanence.mind.sandbox.Value.PatternValue;
import dev.remanence.mind.sandbox.Value.RangeValue;
import dev.remanence.mind.sandbox.Value.SetValue;
import dev.remanence.mind.sandbox.Value.TupleValue;
import dev.remanence.mind.sandbox.Value.TypeValue;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The methods and properties that values have. A name that is in none of these lists is no
/// attribute: nothing is looked up by reflection.
final class Methods {
  private static final Set<String> TUPLE = Set.of("count", "index");
  private static final Set<String> INTEGER = Set.of("bit_length", "bit_count", "conjugate");
  private static final Set<String> REAL = Set.of("is_integer");

  private Methods() {}

  static boolean has(Object target, String name) {
    return switch (target) {
      case String _ -> TextMethods.NAMES.contains(name);
      case ListValue _ -> ListMethods.NAMES.contains(name);
      case DictValue dict -> DictMethods.has(dict, name);
      case SetValue set -> Sets.has(set, name);
      case TupleValue _ -> TUPLE.contains(name);
      case RangeValue _ -> TUPLE.contains(name);
      case Long _ -> INTEGER.contains(name);
      case BigInteger _ -> INTEGER.contains(name);
      case Boolean _ -> INTEGER.contains(name);
      case Double _ -> REAL.contains(name);
      case PatternValue _ -> RegexModule.PATTERN_METHODS.contains(name);
      case MatchValue _ -> RegexModule.MATCH_METHODS.contains(name);
      case Times time -> DatetimeModule.has(time, name);
      default -> false;
    };
  }

  static Object attribute(Run run, Object target, String name) {
    var property = property(run, target, name);
    if (property != null) {
      return property;
    }
    if (has(target, name)) {
      run.meter.charge(32);
      return new BoundMethod(target, name);
    }
    if (target instanceof TypeValue type) {
      throw new GuestError(
          ExceptionType.ATTRIBUTE,
          "type object '" + type.name + "' has no attribute '" + name + "'");
    }
    throw GuestError.attribute(target, name);
  }

  private static @Nullable Object property(Run run, Object target, String name) {
    return switch (target) {
      case Times time -> DatetimeModule.property(time, name);
      case TypeValue type -> ofType(run, type, name);
      case ExceptionValue error when name.equals("args") -> new TupleValue(error.arguments);
      case PatternValue pattern when name.equals("pattern") -> pattern.program.pattern();
      case MatchValue match when name.equals("string") -> match.text;
      case Long _, BigInteger _ -> name.equals("real") || name.equals("numerator") ? target : null;
      default -> null;
    };
  }

  /// A method of a type that takes the value first, as in `map(str.strip, lines)`, or one that
  /// makes a value.
  private static @Nullable Object ofType(Run run, TypeValue type, String name) {
    var made = DatetimeModule.ofType(type, name);
    if (made != null) {
      return made;
    }
    if (type == Types.DICT && name.equals("fromkeys")) {
      return new BuiltinFunction(name, DictMethods::fromKeys);
    }
    if (type == Types.STR && name.equals("maketrans")) {
      return new BuiltinFunction(name, TextMethods::translation);
    }
    boolean known =
        (type == Types.STR && TextMethods.NAMES.contains(name))
            || (type == Types.LIST && ListMethods.NAMES.contains(name))
            || (type == Types.DICT && DictMethods.NAMES.contains(name))
            || (type == Types.SET && Sets.METHODS.contains(name));
    run.meter.charge(64);
    return known ? new BuiltinFunction(name, (r, a) -> unbound(r, type, name, a)) : null;
  }

  private static Object unbound(Run run, TypeValue type, String name, Arguments arguments) {
    if (arguments.positional().isEmpty() || !Types.isInstance(run, arguments.at(0), type)) {
      throw GuestError.type("descriptor '" + name + "' requires a '" + type.name + "' object");
    }
    var rest = arguments.positional().subList(1, arguments.positional().size());
    return call(
        run, arguments.at(0), name, new Arguments(name, List.copyOf(rest), arguments.named()));
  }

  private static Object range(Run run, RangeValue range, String name, Object value) {
    boolean within = Operators.contains(run, range, value);
    if (name.equals("count")) {
      return within ? 1L : 0L;
    }
    if (!within) {
      throw GuestError.value(Representation.repr(run, value) + " is not in range");
    }
    var distance = Operators.binary(run, Expr.BinaryOperator.SUBTRACT, value, range.start());
    return Operators.binary(run, Expr.BinaryOperator.FLOOR_DIVIDE, distance, range.step());
  }

  static Object call(Run run, Object target, String name, Arguments arguments) {
    run.meter.step();
    return switch (target) {
      case String text -> TextMethods.call(run, text, name, arguments);
      case ListValue list -> ListMethods.call(run, list, name, arguments);
      case DictValue dict -> DictMethods.call(run, dict, name, arguments);
      case SetValue set -> Sets.call(run, set, name, arguments);
      case TupleValue tuple -> ListMethods.search(run, tuple, name, arguments);
      case RangeValue range -> range(run, range, name, arguments.exactly(1, 1).at(0));
      case PatternValue pattern -> RegexModule.call(run, pattern, name, arguments);
      case MatchValue match -> RegexModule.call(run, match, name, arguments);
      case Times time -> DatetimeModule.call(run, time, name, arguments);
      case Double real -> {
        arguments.exactly(0, 0);
        yield real == Math.rint(real) && !Double.isInfinite(real);
      }
      default -> {
        arguments.exactly(0, 0);
        var integer = Numbers.big(target);
        yield switch (name) {
          case "bit_length" -> (Object) (long) integer.abs().bitLength();
          case "bit_count" -> (long) integer.abs().bitCount();
          default -> target;
        };
      }
    };
  }
}
