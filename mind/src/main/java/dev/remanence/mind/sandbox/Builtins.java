package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Expr.BinaryOperator;
import dev.remanence.mind.sandbox.Expr.UnaryOperator;
import dev.remanence.mind.sandbox.Value.BuiltinFunction;
import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.FunctionValue;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.RangeValue;
import dev.remanence.mind.sandbox.Value.Sequence;
import dev.remanence.mind.sandbox.Value.SetValue;
import dev.remanence.mind.sandbox.Value.TupleValue;
import dev.remanence.mind.sandbox.Value.TypeValue;
import dev.remanence.mind.sandbox.Value.ViewValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The functions that are there without an import. The iterators among them are in [Pipes].
final class Builtins {
  /// Names of Python's that lead out of a program, and what to say of them.
  private static final Map<String, String> MISSING =
      Map.ofEntries(
          Map.entry("open", "there are no files here"),
          Map.entry("input", "there is nobody to ask here"),
          Map.entry("eval", "programs cannot make programs here"),
          Map.entry("exec", "programs cannot make programs here"),
          Map.entry("compile", "programs cannot make programs here"),
          Map.entry("getattr", "there is no reflection here; use a dict"),
          Map.entry("setattr", "there is no reflection here; use a dict"),
          Map.entry("hasattr", "there is no reflection here; use a dict"),
          Map.entry("delattr", "there is no reflection here; use a dict"),
          Map.entry("vars", "there is no reflection here; use a dict"),
          Map.entry("dir", "there is no reflection here"),
          Map.entry("globals", "there is no reflection here; use a dict"),
          Map.entry("locals", "there is no reflection here; use a dict"),
          Map.entry("hash", "values do not show their hashes here"),
          Map.entry("id", "values do not show their addresses here"),
          Map.entry("bytes", "bytes are not available"),
          Map.entry("bytearray", "bytes are not available"),
          Map.entry("memoryview", "bytes are not available"),
          Map.entry("complex", "complex numbers are not available"),
          Map.entry("super", "classes are not available"),
          Map.entry("property", "classes are not available"),
          Map.entry("exit", "let the program come to its end"),
          Map.entry("quit", "let the program come to its end"),
          Map.entry("__import__", "import is a statement here"));

  private Builtins() {}

  static GuestError unknown(String name) {
    var why = MISSING.get(name);
    return new GuestError(
        ExceptionType.NAME, "name '" + name + "' is not defined" + (why == null ? "" : ": " + why));
  }

  /// All of them, by name.
  static Map<String, Object> all() {
    var all = new HashMap<String, Object>();
    for (var type : ExceptionType.values()) {
      boolean ofModule =
          type == ExceptionType.JSON_DECODE
              || type == ExceptionType.REGEX
              || type == ExceptionType.STATISTICS;
      if (!ofModule) {
        all.put(type.word(), type);
      }
    }
    for (var type :
        new TypeValue[] {
          Types.INT,
          Types.FLOAT,
          Types.BOOL,
          Types.STR,
          Types.LIST,
          Types.TUPLE,
          Types.DICT,
          Types.SET,
          Types.TYPE,
          Types.FROZENSET,
          Types.RANGE,
          Types.OBJECT
        }) {
      all.put(type.name, type);
    }
    all.put("__name__", "__main__");
    put(all, "print", Builtins::print);
    put(all, "len", (run, arguments) -> length(run, arguments.exactly(1, 1).at(0)));
    put(all, "abs", Builtins::absolute);
    put(all, "round", Builtins::round);
    put(all, "divmod", Builtins::divideWithRest);
    put(all, "pow", Builtins::power);
    put(all, "sum", Builtins::sum);
    put(all, "min", (run, arguments) -> extreme(run, arguments, false));
    put(all, "max", (run, arguments) -> extreme(run, arguments, true));
    put(all, "any", (run, arguments) -> anyIs(run, arguments, true));
    put(all, "all", (run, arguments) -> !anyIs(run, arguments, false));
    put(all, "sorted", Builtins::sorted);
    put(all, "repr", (run, a) -> Representation.repr(run, a.exactly(1, 1).at(0)));
    put(all, "ascii", (run, a) -> FormatSpec.convert(run, a.exactly(1, 1).at(0), 'a'));
    put(all, "format", Builtins::format);
    put(all, "chr", (_, arguments) -> Conversions.character(arguments.exactly(1, 1).at(0)));
    put(all, "ord", Builtins::ordinal);
    put(all, "hex", (run, arguments) -> digits(run, arguments, "0x", 16));
    put(all, "oct", (run, arguments) -> digits(run, arguments, "0o", 8));
    put(all, "bin", (run, arguments) -> digits(run, arguments, "0b", 2));
    put(all, "isinstance", Builtins::isInstance);
    put(all, "issubclass", Builtins::isSubclass);
    put(all, "callable", (_, arguments) -> isCallable(arguments.exactly(1, 1).at(0)));
    Pipes.addTo(all);
    return all;
  }

  static void put(Map<String, Object> all, String name, BuiltinFunction.Body body) {
    all.put(name, new BuiltinFunction(name, body));
  }

  private static Object print(Run run, Arguments arguments) {
    for (var name : arguments.named().keySet()) {
      if (!name.equals("sep") && !name.equals("end") && !name.equals("flush")) {
        throw GuestError.type("print() got an unexpected keyword argument '" + name + "'");
      }
    }
    var separator = word(arguments, "sep", " ");
    var end = word(arguments, "end", "\n");
    var out = new StringBuilder();
    for (int i = 0; i < arguments.positional().size(); i++) {
      var text = Representation.str(run, arguments.at(i));
      run.meter.charge(2L * text.length() + separator.length());
      out.append(i == 0 ? "" : separator).append(text);
    }
    run.print(out.append(end).toString());
    return None.NONE;
  }

  private static String word(Arguments arguments, String name, String fallback) {
    var value = arguments.named(name);
    if (value == null || value == None.NONE) {
      return fallback;
    }
    if (value instanceof String text) {
      return text;
    }
    throw GuestError.type(name + " must be None or a string, not " + Types.nameOf(value));
  }

  static Object length(Run run, Object value) {
    return switch (value) {
      case String text -> (long) Texts.length(run, text);
      case Sequence sequence -> (long) sequence.items().size();
      case DictValue dict -> (long) dict.table.size();
      case SetValue set -> (long) set.table.size();
      case ViewValue view -> (long) view.dict.table.size();
      case RangeValue range -> range.length();
      default -> throw GuestError.type("object of type '" + Types.nameOf(value) + "' has no len()");
    };
  }

  private static Object absolute(Run run, Arguments arguments) {
    var value = arguments.exactly(1, 1).at(0);
    return switch (value) {
      case Double real -> Math.abs(real);
      case Times.Delta delta -> new Times.Delta(Math.abs(delta.micros()));
      default -> {
        if (!Numbers.isInteger(value)) {
          throw GuestError.type("bad operand type for abs(): '" + Types.nameOf(value) + "'");
        }
        yield Numbers.big(value).signum() < 0
            ? Operators.unary(run, UnaryOperator.NEGATE, value)
            : Numbers.normal(Numbers.big(value));
      }
    };
  }

  private static Object round(Run run, Arguments arguments) {
    var value = arguments.allow("number", "ndigits").require(0, "number");
    var given = arguments.get(1, "ndigits", None.NONE);
    if (!Numbers.isNumber(value)) {
      throw GuestError.type("type " + Types.nameOf(value) + " doesn't define __round__ method");
    }
    if (given == None.NONE) {
      return value instanceof Double real
          ? Numbers.truncate(Math.rint(real))
          : Numbers.normal(Numbers.big(value));
    }
    int places = Math.clamp(Numbers.index(given), -100_000, 100_000);
    if (value instanceof Double real) {
      if (!Double.isFinite(real) || places > 330) {
        return real;
      }
      if (places < -310) {
        return Math.copySign(0.0, real);
      }
      double rounded = new BigDecimal(real).setScale(places, RoundingMode.HALF_EVEN).doubleValue();
      if (Double.isInfinite(rounded)) {
        throw GuestError.overflow("rounded value too large to represent");
      }
      return Math.copySign(rounded, real);
    }
    if (places >= 0) {
      return Numbers.normal(Numbers.big(value));
    }
    var integer = Numbers.big(value);
    if (-places > integer.bitLength()) {
      return 0L;
    }
    Numbers.charge(run, integer.bitLength(), integer.bitLength(), integer.bitLength());
    return Numbers.normal(
        new BigDecimal(integer).setScale(places, RoundingMode.HALF_EVEN).toBigInteger());
  }

  private static Object divideWithRest(Run run, Arguments arguments) {
    arguments.exactly(2, 2);
    return TupleValue.of(
        Operators.binary(run, BinaryOperator.FLOOR_DIVIDE, arguments.at(0), arguments.at(1)),
        Operators.binary(run, BinaryOperator.MODULO, arguments.at(0), arguments.at(1)));
  }

  private static Object power(Run run, Arguments arguments) {
    arguments.allow("base", "exp", "mod");
    var base = arguments.require(0, "base");
    var exponent = arguments.require(1, "exp");
    var modulus = arguments.get(2, "mod", None.NONE);
    if (modulus == None.NONE) {
      return Operators.binary(run, BinaryOperator.POWER, base, exponent);
    }
    if (!Numbers.isInteger(base) || !Numbers.isInteger(exponent) || !Numbers.isInteger(modulus)) {
      throw GuestError.type("pow() 3rd argument not allowed unless all arguments are integers");
    }
    return Numbers.power(run, base, exponent, modulus);
  }

  private static Object sum(Run run, Arguments arguments) {
    arguments.allow("iterable", "start");
    var sum = arguments.get(1, "start", 0L);
    if (sum instanceof String) {
      throw GuestError.type("sum() can't sum strings [use ''.join(seq) instead]");
    }
    var values = Iteration.of(run, arguments.require(0, "iterable"));
    for (var value = values.next(run); value != null; value = values.next(run)) {
      sum = Operators.binary(run, BinaryOperator.ADD, sum, value);
    }
    return sum;
  }

  private static Object extreme(Run run, Arguments arguments, boolean greatest) {
    for (var name : arguments.named().keySet()) {
      if (!name.equals("key") && !name.equals("default")) {
        throw GuestError.type(
            arguments.function() + "() got an unexpected keyword argument '" + name + "'");
      }
    }
    if (arguments.positional().isEmpty()) {
      throw GuestError.type(arguments.function() + " expected at least 1 argument, got 0");
    }
    var source =
        arguments.positional().size() == 1
            ? arguments.at(0)
            : new TupleValue(arguments.positional());
    var key = arguments.named().getOrDefault("key", None.NONE);
    Object best = null;
    Object bestKey = None.NONE;
    var values = Iteration.of(run, source);
    for (var value = values.next(run); value != null; value = values.next(run)) {
      var found = key == None.NONE ? value : run.call(key, value);
      boolean better =
          best == null
              || (greatest
                  ? Ordering.compare(run, Expr.CompareOperator.GREATER, found, bestKey)
                  : Ordering.isLess(run, found, bestKey));
      if (better) {
        best = value;
        bestKey = found;
      }
    }
    if (best != null) {
      return best;
    }
    var fallback = arguments.named("default");
    if (fallback == null) {
      throw GuestError.value(arguments.function() + "() arg is an empty sequence");
    }
    return fallback;
  }

  private static boolean anyIs(Run run, Arguments arguments, boolean wanted) {
    var values = Iteration.of(run, arguments.exactly(1, 1).at(0));
    for (var value = values.next(run); value != null; value = values.next(run)) {
      if (Types.isTrue(value) == wanted) {
        return true;
      }
    }
    return false;
  }

  private static Object sorted(Run run, Arguments arguments) {
    if (arguments.positional().size() != 1) {
      throw GuestError.type("sorted expected 1 argument, got " + arguments.positional().size());
    }
    return new ListValue(ListMethods.sorted(run, Iteration.list(run, arguments.at(0)), arguments));
  }

  private static Object format(Run run, Arguments arguments) {
    arguments.exactly(1, 2);
    var spec = arguments.count() > 1 ? TextMethods.text(arguments.at(1)) : "";
    return FormatSpec.format(run, arguments.at(0), spec);
  }

  private static Object ordinal(Run run, Arguments arguments) {
    var value = arguments.exactly(1, 1).at(0);
    if (!(value instanceof String text)) {
      throw GuestError.type(
          "ord() expected string of length 1, but " + Types.nameOf(value) + " found");
    }
    int length = Texts.length(run, text);
    if (length != 1) {
      throw GuestError.type(
          "ord() expected a character, but string of length " + length + " found");
    }
    return (long) text.codePointAt(0);
  }

  private static Object digits(Run run, Arguments arguments, String prefix, int radix) {
    var value = arguments.exactly(1, 1).at(0);
    if (!Numbers.isInteger(value)) {
      throw GuestError.type(
          "'" + Types.nameOf(value) + "' object cannot be interpreted as an integer");
    }
    var integer = Numbers.big(value);
    run.meter.chargeText(integer.bitLength() + 4L);
    var digits = integer.abs().toString(radix).toLowerCase(Locale.ROOT);
    return (integer.signum() < 0 ? "-" : "") + prefix + digits;
  }

  private static Object isInstance(Run run, Arguments arguments) {
    arguments.exactly(2, 2);
    return Types.isInstance(run, arguments.at(0), arguments.at(1));
  }

  private static Object isSubclass(Run run, Arguments arguments) {
    run.meter.step();
    arguments.exactly(2, 2);
    var left = arguments.at(0);
    var right = arguments.at(1);
    if (left instanceof ExceptionType a && right instanceof ExceptionType b) {
      return a.isA(b);
    }
    if (left instanceof TypeValue && right instanceof TypeValue) {
      return left.equals(right)
          || right == Types.OBJECT
          || (left == Types.BOOL && right == Types.INT);
    }
    throw GuestError.type("issubclass() arg 1 must be a class");
  }

  static boolean isCallable(Object value) {
    return value instanceof FunctionValue
        || value instanceof BuiltinFunction
        || value instanceof Value.BoundMethod
        || value instanceof TypeValue
        || value instanceof ExceptionType;
  }
}
