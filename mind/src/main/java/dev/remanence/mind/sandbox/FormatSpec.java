package dev.remanence.mind.sandbox;

import java.math.BigInteger;
import java.util.Locale;

/// The little language after the colon: `[[fill]align][sign][#][0][width][,][.precision][type]`.
final class FormatSpec {
  private static final int PRECISION_MAX = 1000;

  private int fill = ' ';
  private char align;
  private char sign = '-';
  private boolean alternate;
  private boolean zero;
  private int width;
  private char grouping;
  private int precision = -1;
  private char type;

  private FormatSpec() {}

  /// What `!r`, `!s` and `!a` make of a value.
  static Object convert(Run run, Object value, char conversion) {
    return switch (conversion) {
      case 'r' -> Representation.repr(run, value);
      case 'a' -> Representation.ascii(Representation.repr(run, value));
      case 's' -> Representation.str(run, value);
      default -> value;
    };
  }

  static String format(Run run, Object value, String text) {
    if (text.isEmpty()) {
      return Representation.str(run, value);
    }
    if (value instanceof Times time && !(time instanceof Times.Delta)) {
      return TimeFormat.format(run, time, text);
    }
    boolean formattable = value instanceof String || Numbers.isNumber(value);
    if (!formattable) {
      throw GuestError.type(
          "unsupported format string passed to " + Types.nameOf(value) + ".__format__");
    }
    return parse(text, value).apply(run, value);
  }

  private static FormatSpec parse(String text, Object value) {
    var spec = new FormatSpec();
    int i = 0;
    int first = text.codePointAt(0);
    int afterFirst = Character.charCount(first);
    if (afterFirst < text.length() && isAlign(text.charAt(afterFirst))) {
      spec.fill = first;
      spec.align = text.charAt(afterFirst);
      i = afterFirst + 1;
    } else if (isAlign(text.charAt(0))) {
      spec.align = text.charAt(i++);
    }
    if (i < text.length() && "+- ".indexOf(text.charAt(i)) >= 0) {
      spec.sign = text.charAt(i++);
    }
    if (i < text.length() && text.charAt(i) == '#') {
      spec.alternate = true;
      i++;
    }
    if (i < text.length() && text.charAt(i) == '0') {
      spec.zero = true;
      i++;
    }
    int start = i;
    i = digits(text, i);
    spec.width = number(text, start, i);
    if (i < text.length() && (text.charAt(i) == ',' || text.charAt(i) == '_')) {
      spec.grouping = text.charAt(i++);
    }
    if (i < text.length() && text.charAt(i) == '.') {
      start = ++i;
      i = digits(text, i);
      if (start == i) {
        throw GuestError.value("Format specifier missing precision");
      }
      spec.precision = number(text, start, i);
    }
    if (i < text.length()) {
      spec.type = text.charAt(i++);
    }
    if (i < text.length()) {
      throw GuestError.value(
          "Invalid format specifier '"
              + Texts.start(text, 60)
              + "' for object of type '"
              + Types.nameOf(value)
              + "'");
    }
    return spec;
  }

  private static boolean isAlign(char c) {
    return "<>=^".indexOf(c) >= 0;
  }

  private static int digits(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  private static int number(String text, int start, int end) {
    if (end - start > 9) {
      throw GuestError.value("Too many decimal digits in format string");
    }
    return end == start ? 0 : Integer.parseInt(text, start, end, 10);
  }

  private String apply(Run run, Object value) {
    if (value instanceof String text) {
      return text(run, text);
    }
    if (value instanceof Double real) {
      return real(run, real);
    }
    if ("eEfFgG%".indexOf(type) >= 0 && type != 0) {
      return real(run, Numbers.real(value));
    }
    return integer(run, Numbers.big(value));
  }

  private String text(Run run, String text) {
    if (type != 0 && type != 's') {
      throw unknown("str");
    }
    if (align == '=') {
      throw GuestError.value("'=' alignment not allowed in string format specifier");
    }
    if (sign != '-') {
      throw GuestError.value("Sign not allowed in string format specifier");
    }
    if (grouping != 0) {
      throw GuestError.value("Cannot specify '" + grouping + "' with 's'.");
    }
    var shown = text;
    if (precision >= 0 && precision < Texts.length(run, text)) {
      shown = text.substring(0, Texts.offset(run, text, precision));
    }
    if (zero && align == 0) {
      fill = '0';
    }
    return pad(run, "", shown, align == 0 ? '<' : align);
  }

  private GuestError unknown(String name) {
    return GuestError.value("Unknown format code '" + type + "' for object of type '" + name + "'");
  }

  private String integer(Run run, BigInteger value) {
    if (precision >= 0) {
      throw GuestError.value("Precision not allowed in integer format specifier");
    }
    if (type == 'c') {
      return pad(run, "", Conversions.character(Numbers.normal(value)), align == 0 ? '<' : align);
    }
    int radix =
        switch (type) {
          case 0, 'd', 'n' -> 10;
          case 'x', 'X' -> 16;
          case 'o' -> 8;
          case 'b' -> 2;
          default -> throw unknown("int");
        };
    if (radix == 10) {
      run.meter.work((long) value.bitLength() * value.bitLength() / 16384);
    }
    run.meter.chargeText(value.bitLength() + 8L);
    var digits = value.abs().toString(radix);
    var prefix = alternate && radix != 10 ? "0" + (type == 'X' ? "x" : String.valueOf(type)) : "";
    if (type == 'X') {
      digits = digits.toUpperCase(Locale.ROOT);
      prefix = prefix.toUpperCase(Locale.ROOT);
    }
    var signed = sign(value.signum() < 0) + prefix;
    return number(run, signed, digits, "", radix == 10 ? 3 : 4);
  }

  private String real(Run run, double value) {
    if (precision > PRECISION_MAX) {
      throw GuestError.value("precision too big: at most " + PRECISION_MAX);
    }
    run.meter.chargeText(400L + Math.max(0, precision));
    if (type != 0 && "fFeEgGn%".indexOf(type) < 0) {
      throw unknown("float");
    }
    boolean negative = value < 0 || (value == 0 && 1 / value < 0);
    if (!Double.isFinite(value)) {
      var word = Double.isNaN(value) ? "nan" : "inf";
      var shown = Character.isUpperCase(type) ? word.toUpperCase(Locale.ROOT) : word;
      var percent = type == '%' ? "%" : "";
      return pad(run, sign(value < 0), shown + percent, align == 0 ? '>' : align);
    }
    double size = Math.abs(value);
    int places = precision < 0 ? 6 : precision;
    var text =
        switch (type) {
          case 'f', 'F' -> FloatText.fixed(size, places);
          case '%' -> FloatText.fixed(finite(size * 100), places);
          case 'e', 'E' -> FloatText.scientific(size, places);
          case 'g', 'G', 'n' -> FloatText.general(size, places, alternate);
          case 0 -> precision < 0 ? FloatText.shortest(size) : bare(size);
          default -> throw unknown("float");
        };
    if (type == 'E' || type == 'G') {
      text = text.toUpperCase(Locale.ROOT);
    }
    int point = 0;
    while (point < text.length() && Character.isDigit(text.charAt(point))) {
      point++;
    }
    return number(
        run,
        sign(negative),
        text.substring(0, point),
        text.substring(point) + (type == '%' ? "%" : ""),
        3);
  }

  private static double finite(double value) {
    return Double.isInfinite(value) ? Double.MAX_VALUE : value;
  }

  /// Without a type a precision means `g`, but at least one digit after the point.
  private String bare(double size) {
    var text = FloatText.general(size, precision, false);
    if (text.indexOf('e') >= 0 || text.indexOf('.') >= 0) {
      return text;
    }
    if (text.length() >= Math.max(1, precision)) {
      return FloatText.scientific(size, Math.max(0, text.length() - 1)).contains("e")
          ? exponential(size)
          : text;
    }
    return text + ".0";
  }

  private String exponential(double size) {
    var text = FloatText.scientific(size, Math.max(0, Math.max(1, precision) - 1));
    int e = text.indexOf('e');
    var mantissa = text.substring(0, e);
    if (mantissa.indexOf('.') >= 0) {
      int end = mantissa.length();
      while (mantissa.charAt(end - 1) == '0') {
        end--;
      }
      mantissa = mantissa.substring(0, mantissa.charAt(end - 1) == '.' ? end - 1 : end);
    }
    return mantissa + text.substring(e);
  }

  private String sign(boolean negative) {
    return negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
  }

  private String number(Run run, String sign, String digits, String rest, int group) {
    boolean fillsZeros = (zero && align == 0) || (align == '=' && fill == '0');
    int room = fillsZeros ? width - sign.length() - rest.length() : 0;
    run.meter.chargeText(digits.length() * 2L + Math.max(0, room));
    var shown = grouping == 0 ? digits : grouped(digits, group, room);
    if (fillsZeros && shown.length() < room) {
      shown = "0".repeat(room - shown.length()) + shown;
    }
    return pad(run, sign, shown + rest, align == 0 ? '>' : align);
  }

  /// Digits in groups, with zeros before them up to a width.
  private String grouped(String digits, int group, int room) {
    var out = new StringBuilder();
    int count = 0;
    for (int i = digits.length() - 1; i >= 0 || out.length() < room; i--) {
      if (count > 0 && count % group == 0) {
        out.append(grouping);
      }
      out.append(i >= 0 ? digits.charAt(i) : '0');
      count++;
    }
    return out.reverse().toString();
  }

  private String pad(Run run, String sign, String body, char alignment) {
    int length = sign.length() + Texts.length(run, body);
    int missing = width - length;
    run.meter.chargeText(Math.max(0, missing) * 2L + body.length());
    if (missing <= 0) {
      return sign + body;
    }
    var filler = Character.toString(fill);
    return switch (alignment) {
      case '<' -> sign + body + filler.repeat(missing);
      case '^' -> filler.repeat(missing / 2) + sign + body + filler.repeat(missing - missing / 2);
      case '=' -> sign + filler.repeat(missing) + body;
      default -> filler.repeat(missing) + sign + body;
    };
  }
}
