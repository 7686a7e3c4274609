package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.DictValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `str.format`: fields of `{name.attribute[key]!r:format}`. Of attributes there are those that the
/// language has, which lead nowhere else.
final class StrFormat {
  private final Run run;
  private final String text;
  private final Arguments arguments;
  private final @Nullable DictValue mapping;
  private final StringBuilder out = new StringBuilder();
  private int next;

  private StrFormat(Run run, String text, Arguments arguments, @Nullable DictValue mapping) {
    this.run = run;
    this.text = text;
    this.arguments = arguments;
    this.mapping = mapping;
  }

  static String format(Run run, String text, Arguments arguments) {
    return new StrFormat(run, text, arguments, null).format();
  }

  static String formatMap(Run run, String text, Object mapping) {
    if (!(mapping instanceof DictValue dict)) {
      throw GuestError.type("format_map() needs a dict");
    }
    var none = new Arguments("format_map", java.util.List.of(), Map.of());
    return new StrFormat(run, text, none, dict).format();
  }

  private String format() {
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      boolean twice = i + 1 < text.length() && text.charAt(i + 1) == c;
      if ((c == '{' || c == '}') && twice) {
        put(String.valueOf(c));
        i += 2;
      } else if (c == '{') {
        int end = fieldEnd(i + 1);
        put(field(text.substring(i + 1, end), 0));
        i = end + 1;
      } else if (c == '}') {
        throw GuestError.value("Single '}' encountered in format string");
      } else {
        int stop = i;
        while (stop < text.length() && text.charAt(stop) != '{' && text.charAt(stop) != '}') {
          stop++;
        }
        put(text.substring(i, stop));
        i = stop;
      }
    }
    run.meter.chargeText(out.length());
    return out.toString();
  }

  private void put(String piece) {
    run.meter.charge(2L * piece.length() + 2);
    out.append(piece);
  }

  private int fieldEnd(int start) {
    int depth = 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '{') {
        depth++;
      } else if (c == '}' && depth-- == 0) {
        return i;
      }
    }
    throw GuestError.value(
        start == text.length()
            ? "Single '{' encountered in format string"
            : "expected '}' before end of string");
  }

  private String field(String field, int level) {
    int colon = field.indexOf(':');
    int bracket = field.indexOf('[');
    if (bracket >= 0 && bracket < colon) {
      colon = field.indexOf(':', Math.max(bracket, field.indexOf(']', bracket)));
    }
    var head = colon < 0 ? field : field.substring(0, colon);
    var format = colon < 0 ? "" : field.substring(colon + 1);
    char conversion = 0;
    int mark = head.indexOf('!');
    if (mark >= 0) {
      if (mark + 2 != head.length() || "rsa".indexOf(head.charAt(mark + 1)) < 0) {
        throw GuestError.value("Unknown conversion specifier in format string");
      }
      conversion = head.charAt(mark + 1);
      head = head.substring(0, mark);
    }
    var value = FormatSpec.convert(run, lookUp(head), conversion);
    return FormatSpec.format(run, value, nested(format, level));
  }

  /// The format with its own fields filled in.
  private String nested(String format, int level) {
    if (format.indexOf('{') < 0) {
      return format;
    }
    if (level > 0) {
      throw GuestError.value("Max string recursion exceeded");
    }
    var filled = new StringBuilder();
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i);
      int end = c == '{' ? format.indexOf('}', i) : -1;
      if (c == '{' && end < 0) {
        throw GuestError.value("expected '}' before end of string");
      }
      filled.append(c == '{' ? field(format.substring(i + 1, end), level + 1) : String.valueOf(c));
      run.meter.charge(16);
      i = c == '{' ? end + 1 : i + 1;
    }
    return filled.toString();
  }

  private Object lookUp(String head) {
    int end = 0;
    while (end < head.length() && head.charAt(end) != '.' && head.charAt(end) != '[') {
      end++;
    }
    var value = first(head.substring(0, end));
    while (end < head.length()) {
      run.meter.step();
      if (head.charAt(end) == '.') {
        int start = end + 1;
        end = start;
        while (end < head.length() && head.charAt(end) != '.' && head.charAt(end) != '[') {
          end++;
        }
        value = run.evaluator.attribute(value, head.substring(start, end));
      } else if (head.charAt(end) == '[') {
        int close = head.indexOf(']', end);
        if (close < 0) {
          throw GuestError.value("Missing ']' in format string");
        }
        value = Subscripts.get(run, value, key(head.substring(end + 1, close)));
        end = close + 1;
      } else {
        throw GuestError.value("Only '.' or '[' may follow ']' in format field specifier");
      }
    }
    return value;
  }

  private static Object key(String text) {
    return isNumber(text) ? (Object) Long.parseLong(text) : text;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() < 18
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private Object first(String name) {
    if (mapping != null) {
      return Subscripts.get(run, mapping, name);
    }
    if (!name.isEmpty() && !isNumber(name)) {
      var value = arguments.named().get(name);
      if (value == null) {
        throw GuestError.key(name);
      }
      return value;
    }
    boolean numbered = !name.isEmpty();
    if (numbered ? next > 0 : next < 0) {
      throw GuestError.value(
          numbered
              ? "cannot switch from automatic field numbering to manual field specification"
              : "cannot switch from manual field specification to automatic field numbering");
    }
    long index = numbered ? Long.parseLong(name) : next;
    next = numbered ? -1 : next + 1;
    if (index >= arguments.positional().size()) {
      throw GuestError.index(
          "Replacement index " + index + " out of range for positional args tuple");
    }
    return arguments.at((int) index);
  }
}
