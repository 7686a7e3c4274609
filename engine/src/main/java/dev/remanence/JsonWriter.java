package dev.remanence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Writes one JSON text. The forms differ in spaces and in the order of fields, never in how a
/// string or a number looks: that is RFC 8785's way throughout.
final class JsonWriter {
  /// What a text is for.
  enum Form {
    CANONICAL,
    COMPACT,
    PRETTY
  }

  private static final String HEX = "0123456789abcdef";

  /// Below this magnitude an integer is its own shortest form, and a long holds it.
  private static final double PLAIN_INTEGER_MAX = 0x1p53;

  private final StringBuilder out = new StringBuilder(128);
  private final Form form;
  private int depth;

  private JsonWriter(Form form) {
    this.form = form;
  }

  static String write(Json value, Form form) {
    var writer = new JsonWriter(form);
    writer.value(value);
    return writer.out.toString();
  }

  private void value(Json value) {
    switch (value) {
      case Json.Obj(var fields) -> object(fields);
      case Json.Arr(var items) -> array(items);
      case Json.Str(var text) -> string(text);
      case Json.Num(var number) -> appendNumber(out, number);
      case Json.Bool(var truth) -> out.append(truth);
      case Json.Null() -> out.append("null");
    }
  }

  private void object(Map<String, Json> fields) {
    enter('{');
    boolean first = true;
    for (var field : inOrder(fields)) {
      next(first);
      first = false;
      string(field.getKey());
      out.append(form == Form.PRETTY ? ": " : ":");
      value(field.getValue());
    }
    leave('}', first);
  }

  private Iterable<Map.Entry<String, Json>> inOrder(Map<String, Json> fields) {
    if (form != Form.CANONICAL || fields.size() < 2) {
      return fields.entrySet();
    }
    var sorted = new ArrayList<>(fields.entrySet());
    // String compares by UTF-16 code units, as RFC 8785 wants.
    sorted.sort(Map.Entry.comparingByKey());
    return sorted;
  }

  private void array(List<Json> items) {
    enter('[');
    boolean first = true;
    for (Json item : items) {
      next(first);
      first = false;
      value(item);
    }
    leave(']', first);
  }

  private void enter(char bracket) {
    // What is written can be read again.
    if (depth == JsonReader.NESTING_MAX) {
      throw JsonReader.tooDeep("");
    }
    depth++;
    out.append(bracket);
  }

  private void next(boolean first) {
    if (!first) {
      out.append(',');
    }
    newLine();
  }

  private void leave(char bracket, boolean empty) {
    depth--;
    if (!empty) {
      newLine();
    }
    out.append(bracket);
  }

  private void newLine() {
    if (form == Form.PRETTY) {
      out.append('\n').repeat("  ", depth);
    }
  }

  private void string(String text) {
    out.append('"');
    int runStart = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c != '"' && c != '\\') {
        continue;
      }
      out.append(text, runStart, i);
      runStart = i + 1;
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> appendUnicodeEscape(out, c);
      }
    }
    out.append(text, runStart, text.length()).append('"');
  }

  static void appendUnicodeEscape(StringBuilder out, char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX.charAt(c >> shift & 0xf));
    }
  }

  static String number(double value) {
    var out = new StringBuilder(24);
    appendNumber(out, value);
    return out.toString();
  }

  private static void appendNumber(StringBuilder out, double value) {
    if (Math.abs(value) < PLAIN_INTEGER_MAX && value == (long) value) {
      out.append((long) value);
      return;
    }
    if (value < 0) {
      out.append('-');
    }
    appendShortest(out, Math.abs(value));
  }

  /// Writes a positive double as ECMAScript's Number::toString does. The digits are those of
  /// Double.toString, which are the shortest that read back as the same double (since JDK 19),
  /// except that it never prints fewer than two: see [#shortened].
  private static void appendShortest(StringBuilder out, double value) {
    String java = Double.toString(value);
    int exponentAt = java.indexOf('E');
    int end = exponentAt < 0 ? java.length() : exponentAt;
    int pointAt = java.indexOf('.');
    // The value is 0.DIGITS times ten to the power of `point`.
    int point = pointAt + (exponentAt < 0 ? 0 : Integer.parseInt(java, end + 1, java.length(), 10));
    String digits = java.substring(0, pointAt) + java.substring(pointAt + 1, end);
    int zeros = 0;
    while (digits.charAt(zeros) == '0') {
      zeros++;
    }
    point -= zeros;
    int last = digits.length();
    while (digits.charAt(last - 1) == '0') {
      last--;
    }
    digits = digits.substring(zeros, last);
    if (digits.length() == 2) {
      String shorter = shortened(digits, point, value);
      if (shorter.equals("10")) {
        shorter = "1";
        point++;
      }
      digits = shorter;
    }
    appendDecimal(out, digits, point);
  }

  /// Two digits rounded to one if one is enough. Double.toString takes the closest decimal of two
  /// digits where the shortest has one: 4.9E-324 for 5e-324. "10" carries into the exponent.
  private static String shortened(String digits, int point, double value) {
    int rounded = (Integer.parseInt(digits) + 5) / 10;
    return Double.parseDouble(rounded + "E" + (point - 1)) == value
        ? Integer.toString(rounded)
        : digits;
  }

  private static void appendDecimal(StringBuilder out, String digits, int point) {
    int count = digits.length();
    if (count <= point && point <= 21) {
      out.append(digits).repeat('0', point - count);
    } else if (0 < point && point <= 21) {
      out.append(digits, 0, point).append('.').append(digits, point, count);
    } else if (-6 < point && point <= 0) {
      out.append("0.").repeat('0', -point).append(digits);
    } else {
      out.append(digits, 0, 1);
      if (count > 1) {
        out.append('.').append(digits, 1, count);
      }
      int exponent = point - 1;
      out.append('e').append(exponent < 0 ? '-' : '+').append(Math.abs(exponent));
    }
  }
}
