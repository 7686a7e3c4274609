package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.None;
import java.math.BigInteger;
import java.util.ArrayList;

/// JSON text as guests' values: `json.loads`, with integers of any size and Python's `NaN`.
final class JsonText {
  private static final int LEVELS = 3;

  private final Run run;
  private final String text;
  private int offset;

  private JsonText(Run run, String text) {
    this.run = run;
    this.text = text;
  }

  static Object parse(Run run, String text) {
    var reader = new JsonText(run, text);
    reader.blanks();
    var value = reader.value();
    reader.blanks();
    if (reader.offset < text.length()) {
      throw reader.error("Extra data", reader.offset);
    }
    return value;
  }

  private GuestError error(String message, int at) {
    int line = 1;
    int column = at + 1;
    for (int i = 0; i < at && i < text.length(); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        column = at - i;
      }
    }
    return new GuestError(
        ExceptionType.JSON_DECODE,
        message + ": line " + line + " column " + column + " (char " + at + ")");
  }

  private char peek() {
    return offset < text.length() ? text.charAt(offset) : 0;
  }

  private void blanks() {
    while (offset < text.length() && " \t\n\r".indexOf(text.charAt(offset)) >= 0) {
      offset++;
      run.meter.step();
    }
  }

  private Object value() {
    run.meter.descend(LEVELS);
    var value =
        switch (peek()) {
          case '{' -> object();
          case '[' -> array();
          case '"' -> string();
          default -> word();
        };
    run.meter.ascend(LEVELS);
    return value;
  }

  private Object word() {
    if (accept("null")) {
      return None.NONE;
    }
    if (accept("true")) {
      return true;
    }
    if (accept("false")) {
      return false;
    }
    if (accept("NaN")) {
      return Double.NaN;
    }
    if (accept("Infinity")) {
      return Double.POSITIVE_INFINITY;
    }
    if (accept("-Infinity")) {
      return Double.NEGATIVE_INFINITY;
    }
    return number();
  }

  private boolean accept(String word) {
    boolean found = text.startsWith(word, offset);
    offset += found ? word.length() : 0;
    return found;
  }

  private Object number() {
    int start = offset;
    int end = offset + (peek() == '-' ? 1 : 0);
    int whole = end;
    end = digits(end);
    if (end == whole) {
      throw error("Expecting value", start);
    }
    if (text.charAt(whole) == '0') {
      end = whole + 1;
    }
    boolean real = false;
    if (end < text.length() && text.charAt(end) == '.' && digits(end + 1) > end + 1) {
      real = true;
      end = digits(end + 1);
    }
    if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
      int sign = end + 1 < text.length() && "+-".indexOf(text.charAt(end + 1)) >= 0 ? 1 : 0;
      if (digits(end + 1 + sign) > end + 1 + sign) {
        real = true;
        end = digits(end + 1 + sign);
      }
    }
    offset = end;
    int length = end - start;
    run.meter.charge(24 + length);
    if (length > Numbers.DIGITS_MAX) {
      throw GuestError.value("number of more than " + Numbers.DIGITS_MAX + " digits");
    }
    run.meter.work((long) length * length / 256);
    var digits = text.substring(start, end);
    return real ? (Object) Double.parseDouble(digits) : Numbers.normal(new BigInteger(digits));
  }

  private int digits(int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  private Object array() {
    int start = offset++;
    var items = new ArrayList<Object>();
    blanks();
    if (peek() == ']') {
      offset++;
      return new ListValue(items);
    }
    run.meter.chargeSlots(1);
    while (true) {
      items.add(value());
      run.meter.charge(32);
      blanks();
      if (peek() == ']') {
        offset++;
        return new ListValue(items);
      }
      if (peek() != ',') {
        throw error("Expecting ',' delimiter", Math.max(start, offset));
      }
      offset++;
      blanks();
    }
  }

  private Object object() {
    offset++;
    run.meter.charge(300);
    var dict = new DictValue();
    blanks();
    if (peek() == '}') {
      offset++;
      return dict;
    }
    while (true) {
      if (peek() != '"') {
        throw error("Expecting property name enclosed in double quotes", offset);
      }
      var key = string();
      blanks();
      if (peek() != ':') {
        throw error("Expecting ':' delimiter", offset);
      }
      offset++;
      blanks();
      dict.table.put(run, key, value());
      blanks();
      if (peek() == '}') {
        offset++;
        return dict;
      }
      if (peek() != ',') {
        throw error("Expecting ',' delimiter", offset);
      }
      offset++;
      blanks();
    }
  }

  private String string() {
    int start = offset++;
    var out = new StringBuilder();
    while (offset < text.length()) {
      char c = text.charAt(offset++);
      run.meter.charge(2);
      if (c == '"') {
        var value = out.toString();
        run.meter.chargeText(value.length());
        if (!Texts.isWellFormed(value)) {
          throw error("Half a surrogate pair", start);
        }
        return value;
      }
      if (c < 0x20) {
        throw error("Invalid control character at", offset - 1);
      }
      out.append(c == '\\' ? escape(start) : c);
    }
    throw error("Unterminated string starting at", start);
  }

  private char escape(int start) {
    if (offset >= text.length()) {
      throw error("Unterminated string starting at", start);
    }
    char c = text.charAt(offset++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> unit();
      default -> throw error("Invalid \\escape", offset - 2);
    };
  }

  private char unit() {
    int value = 0;
    for (int i = offset; i < offset + 4; i++) {
      char c = i < text.length() ? text.charAt(i) : 'x';
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw error("Invalid \\u escape", offset - 1);
      }
      value = value * 16 + digit;
    }
    offset += 4;
    return (char) value;
  }
}
