package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.TupleValue;
import java.util.List;

/// `format % values`, as C's printf has it.
final class PercentFormat {
  private final Run run;
  private final String format;
  private final Object values;
  private final List<Object> items;
  private final StringBuilder out = new StringBuilder();
  private int next;
  private int offset;

  private PercentFormat(Run run, String format, Object values) {
    this.run = run;
    this.format = format;
    this.values = values;
    this.items = values instanceof TupleValue tuple ? tuple.items() : List.of(values);
  }

  static String format(Run run, String format, Object values) {
    return new PercentFormat(run, format, values).format();
  }

  private String format() {
    while (offset < format.length()) {
      int mark = format.indexOf('%', offset);
      put(format.substring(offset, mark < 0 ? format.length() : mark));
      if (mark < 0) {
        break;
      }
      offset = mark + 1;
      put(conversion());
    }
    if (next < items.size() && !(values instanceof DictValue) && !isUnusedContainer()) {
      throw GuestError.type("not all arguments converted during string formatting");
    }
    run.meter.chargeText(out.length());
    return out.toString();
  }

  /// A list counts as a mapping here, so it may go unused.
  private boolean isUnusedContainer() {
    return values instanceof Value.ListValue && next == 0;
  }

  private void put(String text) {
    run.meter.charge(2L * text.length() + 2);
    out.append(text);
  }

  private char peek() {
    if (offset >= format.length()) {
      throw GuestError.value("incomplete format");
    }
    return format.charAt(offset);
  }

  private Object item() {
    if (next >= items.size()) {
      throw GuestError.type("not enough arguments for format string");
    }
    return items.get(next++);
  }

  private String conversion() {
    Object value = null;
    if (peek() == '(') {
      int close = format.indexOf(')', offset);
      if (close < 0) {
        throw GuestError.value("incomplete format key");
      }
      if (!(values instanceof DictValue dict)) {
        throw GuestError.type("format requires a mapping");
      }
      value = Subscripts.get(run, dict, format.substring(offset + 1, close));
      offset = close + 1;
    }
    var flags = new StringBuilder();
    while ("-+ #0".indexOf(peek()) >= 0) {
      flags.append(format.charAt(offset++));
    }
    int width = size(-1);
    boolean left = flags.indexOf("-") >= 0 || (width < -1);
    int precision = -1;
    if (peek() == '.') {
      offset++;
      precision = Math.max(0, size(0));
    }
    while ("hlL".indexOf(peek()) >= 0) {
      offset++;
    }
    char type = format.charAt(offset++);
    if (type == '%') {
      return "%";
    }
    value = value == null ? item() : value;
    return convert(value, type, flags.toString(), Math.abs(width), precision, left);
  }

  private int size(int fallback) {
    if (peek() == '*') {
      offset++;
      var item = item();
      if (!Numbers.isInteger(item)) {
        throw GuestError.type("* wants int");
      }
      return Numbers.count(item);
    }
    int start = offset;
    while (peek() >= '0' && peek() <= '9') {
      offset++;
    }
    if (offset - start > 9) {
      throw GuestError.value("width too big");
    }
    return offset == start ? fallback : Integer.parseInt(format, start, offset, 10);
  }

  private String convert(
      Object value, char type, String flags, int width, int precision, boolean left) {
    boolean zero = flags.indexOf('0') >= 0 && !left;
    var sign = flags.indexOf('+') >= 0 ? "+" : flags.indexOf(' ') >= 0 ? " " : "";
    var alternate = flags.indexOf('#') >= 0 ? "#" : "";
    return switch (type) {
      case 's', 'r', 'a' -> {
        var text = (String) FormatSpec.convert(run, value, type);
        yield pad(precision >= 0 ? cut(text, precision) : text, width, left);
      }
      case 'c' ->
          pad(value instanceof String text ? text : Conversions.character(value), width, left);
      case 'd', 'i', 'u', 'x', 'X', 'o' -> {
        var integer = integer(value, type);
        var spec = sign + alternate + (type == 'i' || type == 'u' ? 'd' : type);
        yield padNumber(
            FormatSpec.format(run, integer, digits(spec, precision)), width, zero, left);
      }
      case 'e', 'E', 'f', 'F', 'g', 'G' -> {
        if (!Numbers.isNumber(value)) {
          throw GuestError.type("must be real number, not " + Types.nameOf(value));
        }
        var spec = sign + alternate + "." + (precision < 0 ? 6 : precision) + type;
        yield padNumber(FormatSpec.format(run, value, spec), width, zero, left);
      }
      default ->
          throw GuestError.value(
              "unsupported format character '"
                  + type
                  + "' (0x"
                  + Integer.toHexString(type)
                  + ") at index "
                  + (offset - 1));
    };
  }

  /// A precision of an integer is its least number of digits.
  private static String digits(String spec, int precision) {
    if (precision <= 0) {
      return spec;
    }
    return spec.substring(0, spec.length() - 1) + "0" + precision + spec.charAt(spec.length() - 1);
  }

  private static Object integer(Object value, char type) {
    if (Numbers.isInteger(value)) {
      return value;
    }
    if (value instanceof Double real && "diu".indexOf(type) >= 0) {
      return Numbers.truncate(real);
    }
    boolean decimal = "diu".indexOf(type) >= 0;
    throw GuestError.type(
        "%"
            + type
            + " format: "
            + (decimal ? "a real number" : "an integer")
            + " is required, not "
            + Types.nameOf(value));
  }

  private String cut(String text, int length) {
    return length < Texts.length(run, text)
        ? text.substring(0, Texts.offset(run, text, length))
        : text;
  }

  private String pad(String text, int width, boolean left) {
    int missing = width - Texts.length(run, text);
    if (missing <= 0) {
      return text;
    }
    run.meter.chargeText(missing);
    return left ? text + " ".repeat(missing) : " ".repeat(missing) + text;
  }

  private String padNumber(String text, int width, boolean zero, boolean left) {
    int missing = width - text.length();
    if (!zero || missing <= 0) {
      return pad(text, width, left);
    }
    run.meter.chargeText(missing);
    int sign = text.startsWith("-") || text.startsWith("+") || text.startsWith(" ") ? 1 : 0;
    return text.substring(0, sign) + "0".repeat(missing) + text.substring(sign);
  }
}
