package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Expr.Part;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes an f-string apart: text, and fields of `{expression=!r:format}`, where a format has fields
/// of its own.
final class FormattedParser {
  private static final int LEVELS_MAX = 2;

  private final String body;
  private final boolean raw;
  private final int line;
  private final ExpressionParser around;
  private int offset;

  FormattedParser(String body, boolean raw, int line, ExpressionParser around) {
    this.body = body;
    this.raw = raw;
    this.line = line;
    this.around = around;
  }

  List<Part> parts() {
    return parts(0);
  }

  /// At level 0 the parts of the string, at deeper ones those of a format, up to its brace.
  private List<Part> parts(int level) {
    var parts = new ArrayList<Part>();
    var text = new StringBuilder();
    while (offset < body.length()) {
      char c = body.charAt(offset);
      boolean twice = level == 0 && offset + 1 < body.length() && body.charAt(offset + 1) == c;
      if ((c == '{' || c == '}') && twice) {
        text.append(c);
        offset += 2;
      } else if (c == '{') {
        flush(text, parts);
        offset++;
        field(level, parts);
      } else if (c == '}') {
        if (level == 0) {
          throw error("f-string: single '}' is not allowed");
        }
        break;
      } else if (c == '\\' && !raw && offset + 1 < body.length()) {
        text.append(c).append(body.charAt(offset + 1));
        offset += 2;
      } else {
        text.append(c);
        offset++;
      }
    }
    flush(text, parts);
    return parts;
  }

  private void flush(StringBuilder text, List<Part> parts) {
    if (!text.isEmpty()) {
      var plain = text.toString();
      parts.add(new Expr.Plain(raw ? plain : Escapes.resolve(plain, line)));
      text.setLength(0);
    }
  }

  private void field(int level, List<Part> parts) {
    if (level >= LEVELS_MAX) {
      throw error("f-string: expressions nested too deeply");
    }
    int start = offset;
    offset = expressionEnd();
    var source = body.substring(start, offset);
    boolean shown = isShown(source);
    var bare = shown ? source.stripTrailing() : source;
    bare = shown ? bare.substring(0, bare.length() - 1) : bare;
    if (bare.isBlank()) {
      throw error("f-string: empty expression not allowed");
    }
    var value = ExpressionParser.field(bare, line, around);
    char conversion = conversion();
    var format = format(level);
    if (offset >= body.length() || body.charAt(offset) != '}') {
      throw error("f-string: expecting '}'");
    }
    offset++;
    if (shown) {
      parts.add(new Expr.Plain(source));
      conversion = conversion == 0 && format == null ? 'r' : conversion;
    }
    parts.add(new Expr.Field(value, conversion, format));
  }

  private static boolean isShown(String source) {
    var text = source.stripTrailing();
    return text.endsWith("=")
        && text.length() > 1
        && "=!<>".indexOf(text.charAt(text.length() - 2)) < 0;
  }

  private char conversion() {
    if (offset >= body.length() || body.charAt(offset) != '!') {
      return 0;
    }
    char conversion = offset + 1 < body.length() ? body.charAt(offset + 1) : 0;
    if (conversion != 'r' && conversion != 's' && conversion != 'a') {
      throw error("f-string: invalid conversion character: expected 's', 'r', or 'a'");
    }
    offset += 2;
    return conversion;
  }

  private Expr.@Nullable Formatted format(int level) {
    if (offset >= body.length() || body.charAt(offset) != ':') {
      return null;
    }
    offset++;
    return new Expr.Formatted(List.copyOf(parts(level + 1)));
  }

  /// Where the expression of a field ends: at `}`, `:` or `!` outside brackets and strings.
  private int expressionEnd() {
    int depth = 0;
    for (int i = offset; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c == '\'' || c == '"') {
        i = stringEnd(i);
      } else if (c == '(' || c == '[' || c == '{') {
        depth++;
      } else if (depth > 0 && (c == ')' || c == ']' || c == '}')) {
        depth--;
      } else if (depth == 0 && (c == '}' || c == ':')) {
        return i;
      } else if (depth == 0 && c == '!' && (i + 1 >= body.length() || body.charAt(i + 1) != '=')) {
        return i;
      }
    }
    throw error("f-string: expecting '}'");
  }

  private int stringEnd(int start) {
    int end = body.indexOf(body.charAt(start), start + 1);
    if (end < 0) {
      throw error("f-string: unterminated string");
    }
    return end;
  }

  private Unreadable error(String message) {
    return new Unreadable(message, line);
  }
}
