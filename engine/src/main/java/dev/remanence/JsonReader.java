package dev.remanence;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.TooLarge;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/// Reads one JSON text in one pass: recursive descent, bounded by [#NESTING_MAX].
///
/// It works on a String even when bytes came in: the JDK decodes ASCII faster than a loop of ours
/// would, and a string without escapes is then one copy. An offset is turned into bytes only when
/// something is refused.
final class JsonReader {
  /// As deep as a content may be nested, and what lines, answers and exports put around it.
  static final int NESTING_MAX = Limits.JSON_LEVELS_MAX + 16;

  /// How much of what was refused a message shows.
  private static final int ECHO_MAX = 20;

  /// A double holds every integer of this many digits.
  private static final int EXACT_DIGITS = 15;

  private static final int END = -1;

  private final String text;
  private final boolean offsetsInBytes;
  private int at;
  private int depth;

  private JsonReader(String text, boolean offsetsInBytes) {
    this.text = text;
    this.offsetsInBytes = offsetsInBytes;
  }

  static Json read(String text) {
    return new JsonReader(text, false).document();
  }

  static Json read(byte[] utf8) {
    var text = new String(utf8, UTF_8);
    // What is not UTF-8 was decoded to U+FFFD, which may also have been sent as itself.
    if (text.indexOf('\uFFFD') >= 0) {
      var in = ByteBuffer.wrap(utf8);
      var result = UTF_8.newDecoder().decode(in, CharBuffer.allocate(utf8.length), true);
      if (result.isError()) {
        int offset = in.position();
        throw refused(offset, "UTF-8", "byte " + Integer.toHexString(utf8[offset] & 0xff));
      }
    }
    return new JsonReader(text, true).document();
  }

  private Json document() {
    skipSpace();
    Json value = value();
    skipSpace();
    if (at < text.length()) {
      throw unexpected("nothing after the value");
    }
    return value;
  }

  private Json value() {
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> new Json.Str(string());
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      case 't' -> literal("true", new Json.Bool(true));
      case 'f' -> literal("false", new Json.Bool(false));
      case 'n' -> literal("null", new Json.Null());
      case '\uFEFF' -> throw unexpected("a value without a byte order mark");
      default -> throw unexpected("a value");
    };
  }

  private Json literal(String word, Json value) {
    if (!text.startsWith(word, at)) {
      throw unexpected(word);
    }
    at += word.length();
    return value;
  }

  private Json.Obj object() {
    enter();
    var fields = new LinkedHashMap<String, Json>();
    skipSpace();
    if (peek() != '}') {
      do {
        skipSpace();
        if (peek() != '"') {
          throw unexpected("a name in double quotes");
        }
        int nameAt = at;
        String name = string();
        skipSpace();
        if (peek() != ':') {
          throw unexpected("a colon");
        }
        at++;
        skipSpace();
        if (fields.put(name, value()) != null) {
          throw refused(offset(nameAt), "each name once", "a second " + echo(name));
        }
        skipSpace();
      } while (skipComma());
      if (peek() != '}') {
        throw unexpected("a comma or a closing brace");
      }
    }
    leave();
    return new Json.Obj(fields);
  }

  private Json.Arr array() {
    enter();
    var items = new ArrayList<Json>();
    skipSpace();
    if (peek() != ']') {
      do {
        skipSpace();
        items.add(value());
        skipSpace();
      } while (skipComma());
      if (peek() != ']') {
        throw unexpected("a comma or a closing bracket");
      }
    }
    leave();
    return new Json.Arr(items);
  }

  private void enter() {
    if (depth == NESTING_MAX) {
      throw tooDeep(", offset=" + offset(at));
    }
    depth++;
    at++;
  }

  private void leave() {
    depth--;
    at++;
  }

  private String string() {
    int start = ++at;
    while (true) {
      skipPlain();
      int c = peek();
      if (c == '"') {
        return text.substring(start, at++);
      }
      if (c == '\\') {
        return escapedString(start);
      }
      skipPair(c);
    }
  }

  /// The rest of a string that holds an escape, of which the part before it is read.
  private String escapedString(int start) {
    var value = new StringBuilder(at - start + 32);
    int runStart = start;
    while (true) {
      skipPlain();
      int c = peek();
      if (c == '"') {
        return value.append(text, runStart, at++).toString();
      }
      if (c == '\\') {
        value.append(text, runStart, at);
        escape(value);
        runStart = at;
      } else {
        skipPair(c);
      }
    }
  }

  /// Skips what stands for itself in a string and is not a surrogate. The index is a local so that
  /// it stays in a register.
  private void skipPlain() {
    int i = at;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || c < ' ' || Character.isSurrogate(c)) {
        break;
      }
      i++;
    }
    at = i;
  }

  /// Skips a surrogate pair in a string; what else is not plain is not allowed there.
  private void skipPair(int c) {
    if (c < ' ') {
      throw unexpected(c == END ? "a closing quote" : "an escape for a control character");
    }
    assert Character.isSurrogate((char) c);
    if (isHalfPair(text, at)) {
      throw unexpected("both halves of a surrogate pair");
    }
    at += 2;
  }

  private void escape(StringBuilder value) {
    int escapeAt = at++;
    int c = peek();
    switch (c) {
      case '"', '\\', '/' -> value.append((char) c);
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case 'n' -> value.append('\n');
      case 'r' -> value.append('\r');
      case 't' -> value.append('\t');
      case 'u' -> {
        unicodeEscape(value, escapeAt);
        return;
      }
      default -> throw unexpected("one of \"\\/bfnrtu after a backslash");
    }
    at++;
  }

  private void unicodeEscape(StringBuilder value, int escapeAt) {
    at++;
    char first = fourHexDigits();
    value.append(first);
    if (Character.isSurrogate(first)) {
      boolean whole = Character.isHighSurrogate(first) && text.startsWith("\\u", at);
      if (whole) {
        at += 2;
        char second = fourHexDigits();
        value.append(second);
        whole = Character.isLowSurrogate(second);
      }
      if (!whole) {
        at = escapeAt;
        throw unexpected("both halves of a surrogate pair");
      }
    }
  }

  private char fourHexDigits() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int c = peek();
      // Character.digit also knows digits of other scripts.
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw unexpected("four hexadecimal digits");
      }
      code = code << 4 | digit;
      at++;
    }
    return (char) code;
  }

  private Json.Num number() {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    int whole = at;
    skipDigits();
    if (text.charAt(whole) == '0' && at > whole + 1) {
      at = whole;
      throw unexpected("a number without leading zeros");
    }
    int digits = at - whole;
    boolean integer = true;
    if (peek() == '.') {
      integer = false;
      at++;
      skipDigits();
    }
    if (peek() == 'e' || peek() == 'E') {
      integer = false;
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      skipDigits();
    }
    if (integer && digits <= EXACT_DIGITS) {
      return new Json.Num(Long.parseLong(text, start, at, 10));
    }
    return longNumber(text.substring(start, at), start, integer);
  }

  private Json.Num longNumber(String literal, int start, boolean integer) {
    double value = Double.parseDouble(literal);
    if (Double.isInfinite(value)) {
      throw refused(offset(start), "a number in the range of a double", echo(literal));
    }
    if (integer
        && new BigDecimal(literal).compareTo(new BigDecimal(value)) != 0
        && !JsonWriter.number(value).equals(literal)) {
      throw inexact("offset=" + offset(start) + ", ", literal);
    }
    return new Json.Num(value);
  }

  private void skipDigits() {
    int start = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == start) {
      throw unexpected("a digit");
    }
  }

  private boolean skipComma() {
    if (peek() != ',') {
      return false;
    }
    at++;
    return true;
  }

  private void skipSpace() {
    while (true) {
      int c = peek();
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return;
      }
      at++;
    }
  }

  private int peek() {
    return at < text.length() ? text.charAt(at) : END;
  }

  /// Whether the surrogate at an index is not the first of a pair.
  static boolean isHalfPair(String text, int index) {
    return !Character.isHighSurrogate(text.charAt(index))
        || index + 1 == text.length()
        || !Character.isLowSurrogate(text.charAt(index + 1));
  }

  private InvalidInput unexpected(String expected) {
    String found = at < text.length() ? echo(text.substring(at)) : "the end";
    return refused(offset(at), expected, found);
  }

  private static InvalidInput refused(int offset, String expected, String found) {
    return new InvalidInput(
        "not JSON: offset=" + offset + ", expected=" + expected + ", found=" + found,
        "offset",
        offset,
        "expected",
        expected,
        "found",
        found);
  }

  static InvalidInput inexact(String where, String literal) {
    String found = echo(literal);
    return new InvalidInput(
        "integer too long for a JSON number: "
            + where
            + "expected=an integer that a double holds exactly, found="
            + found
            + "; send it as a string",
        "expected",
        "an integer that a double holds exactly",
        "found",
        found);
  }

  static TooLarge tooDeep(String where) {
    return new TooLarge(
        "JSON nested too deeply: levels_max=" + NESTING_MAX + where + "; flatten it",
        "levels_max",
        NESTING_MAX);
  }

  private int offset(int index) {
    if (!offsetsInBytes) {
      return index;
    }
    int bytes = 0;
    for (int i = 0; i < index; i++) {
      char c = text.charAt(i);
      // Half of a pair counts for two of the four bytes.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  /// The beginning of a text in quotes, in printable ASCII.
  static String echo(String text) {
    var shown = new StringBuilder().append('"');
    for (int i = 0; i < Math.min(text.length(), ECHO_MAX); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        shown.append('\\').append(c);
      } else if (c >= ' ' && c < 0x7f) {
        shown.append(c);
      } else {
        JsonWriter.appendUnicodeEscape(shown, c);
      }
    }
    return shown.append(text.length() > ECHO_MAX ? "\"..." : "\"").toString();
  }
}
