package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.RangeValue;
import dev.remanence.mind.sandbox.Value.SetValue;
import dev.remanence.mind.sandbox.Value.TupleValue;
import java.math.BigInteger;
import java.util.regex.Pattern;

/// What a call of a type makes of its arguments.
final class Conversions {
  /// Ours, fixed and without repetition of repetition: guests' patterns never come here.
  private static final Pattern REAL =
      Pattern.compile("[+-]?(\\d[\\d_]*\\.?[\\d_]*|\\.\\d[\\d_]*)([eE][+-]?\\d+)?");

  private static final int REAL_CHARS_MAX = 2000;

  private Conversions() {}

  static Object integer(Run run, Arguments arguments) {
    arguments.allow("x", "base");
    if (arguments.count() == 0) {
      return 0L;
    }
    var value = arguments.require(0, "x");
    var base = arguments.get(1, "base");
    if (base != null) {
      if (!(value instanceof String text)) {
        throw GuestError.type("int() can't convert non-string with explicit base");
      }
      return parse(run, text, Numbers.count(base));
    }
    return switch (value) {
      case Long number -> number;
      case BigInteger number -> number;
      case Boolean truth -> truth ? 1L : 0L;
      case Double real -> Numbers.truncate(real);
      case String text -> parse(run, text, 10);
      default ->
          throw GuestError.type(
              "int() argument must be a string, a bytes-like object or a real number, not '"
                  + Types.nameOf(value)
                  + "'");
    };
  }

  private static Object parse(Run run, String text, int base) {
    if (base != 0 && (base < 2 || base > 36)) {
      throw GuestError.value("int() base must be >= 2 and <= 36, or 0");
    }
    run.meter.chargeText(text.length());
    var digits = Texts.strip(text, true, true);
    boolean negative = digits.startsWith("-");
    digits = negative || digits.startsWith("+") ? digits.substring(1) : digits;
    int radix = base;
    var prefix =
        digits.length() > 1 ? digits.substring(0, 2).toLowerCase(java.util.Locale.ROOT) : "";
    int named = prefix.equals("0x") ? 16 : prefix.equals("0o") ? 8 : prefix.equals("0b") ? 2 : 0;
    if (named != 0 && (base == 0 || base == named)) {
      digits = digits.substring(2);
      radix = named;
    }
    radix = radix == 0 ? 10 : radix;
    boolean separated = !digits.startsWith("_") && !digits.endsWith("_") && !digits.contains("__");
    digits = digits.replace("_", "");
    if (!separated || !isAll(digits, radix)) {
      throw GuestError.value(
          "invalid literal for int() with base "
              + base
              + ": "
              + Representation.quoted(Texts.start(text, 200)));
    }
    if (digits.length() > Numbers.DIGITS_MAX) {
      throw GuestError.value("integer string of more than " + Numbers.DIGITS_MAX + " digits");
    }
    run.meter.work((long) digits.length() * digits.length() / 256);
    var value = new BigInteger(digits, radix);
    return Numbers.normal(negative ? value.negate() : value);
  }

  private static boolean isAll(String digits, int radix) {
    for (int i = 0; i < digits.length(); i++) {
      if (Character.digit(digits.charAt(i), radix) < 0) {
        return false;
      }
    }
    return !digits.isEmpty();
  }

  static Object real(Run run, Arguments arguments) {
    arguments.exactly(0, 1);
    if (arguments.count() == 0) {
      return 0.0;
    }
    var value = arguments.at(0);
    if (!(value instanceof String text)) {
      if (!Numbers.isNumber(value)) {
        throw GuestError.type(
            "float() argument must be a string or a real number, not '"
                + Types.nameOf(value)
                + "'");
      }
      return Numbers.real(value);
    }
    run.meter.chargeText(text.length());
    var word = Texts.strip(text, true, true);
    if (word.length() <= REAL_CHARS_MAX && REAL.matcher(word).matches()) {
      return Double.parseDouble(word.replace("_", ""));
    }
    return switch (word.toLowerCase(java.util.Locale.ROOT)) {
      case "nan", "+nan", "-nan" -> Double.NaN;
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default ->
          throw GuestError.value(
              "could not convert string to float: "
                  + Representation.quoted(Texts.start(text, 200)));
    };
  }

  static Object truth(Run run, Arguments arguments) {
    run.meter.step();
    arguments.exactly(0, 1);
    return arguments.count() > 0 && Types.isTrue(arguments.at(0));
  }

  static Object text(Run run, Arguments arguments) {
    arguments.exactly(0, 1);
    return arguments.count() == 0 ? "" : Representation.str(run, arguments.at(0));
  }

  static Object list(Run run, Arguments arguments) {
    arguments.exactly(0, 1);
    return arguments.count() == 0
        ? new ListValue()
        : new ListValue(Iteration.list(run, arguments.at(0)));
  }

  static Object tuple(Run run, Arguments arguments) {
    arguments.exactly(0, 1);
    if (arguments.count() == 0) {
      return TupleValue.EMPTY;
    }
    return arguments.at(0) instanceof TupleValue tuple
        ? tuple
        : new TupleValue(Iteration.list(run, arguments.at(0)));
  }

  static Object dict(Run run, Arguments arguments) {
    run.meter.charge(300);
    var dict = new DictValue();
    if (arguments.positional().size() > 1) {
      throw GuestError.type(
          "dict expected at most 1 argument, got " + arguments.positional().size());
    }
    arguments.positional().forEach(each -> DictMethods.update(run, dict, each));
    arguments.named().forEach((name, value) -> dict.table.put(run, name, value));
    return dict;
  }

  static Object set(Run run, Arguments arguments) {
    return set(run, arguments, false);
  }

  static Object frozenset(Run run, Arguments arguments) {
    return set(run, arguments, true);
  }

  private static Object set(Run run, Arguments arguments, boolean frozen) {
    arguments.exactly(0, 1);
    var set = new SetValue(frozen);
    Sets.addAll(run, set, arguments.count() == 0 ? TupleValue.EMPTY : arguments.at(0));
    return set;
  }

  static Object range(Run run, Arguments arguments) {
    run.meter.step();
    arguments.exactly(1, 3);
    var ends = new long[3];
    for (int i = 0; i < arguments.count(); i++) {
      var number = Numbers.index(arguments.at(i));
      if (Math.abs(number) > 1L << 60) {
        throw GuestError.overflow("a range ends within 2 ** 60");
      }
      ends[i] = number;
    }
    long start = arguments.count() == 1 ? 0 : ends[0];
    long stop = arguments.count() == 1 ? ends[0] : ends[1];
    long step = arguments.count() < 3 ? 1 : ends[2];
    if (step == 0) {
      throw GuestError.value("range() arg 3 must not be zero");
    }
    long span = step > 0 ? stop - start : start - stop;
    long length = span <= 0 ? 0 : (span - 1) / Math.abs(step) + 1;
    return new RangeValue(start, stop, step, length);
  }

  /// `chr`.
  static String character(Object value) {
    long point = Numbers.index(value);
    if (point != (int) point) {
      throw GuestError.overflow("Python int too large to convert to C int");
    }
    if (point < 0 || point > Character.MAX_CODE_POINT) {
      throw GuestError.value("chr() arg not in range(0x110000)");
    }
    if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
      throw GuestError.value("half a surrogate pair is no character here");
    }
    return Character.toString((int) point);
  }
}
