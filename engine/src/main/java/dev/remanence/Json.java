package dev.remanence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.TooLarge;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON value: immutable, compared by content, the order of an object's fields left aside.
///
/// The data model is that of RFC 8785, so every value has exactly one canonical form and can be
/// hashed: numbers are IEEE doubles, strings are well-formed Unicode, names within an object are
/// distinct. Whatever is outside the model is refused on the way in, by [#parse(String)] and by the
/// factories alike, rather than bent to fit. Nesting ends at 64 levels.
///
/// The text goes in through `JsonReader` and out through `JsonWriter`, both in this file.
public sealed interface Json {

  /// An object; its fields keep the order they came in.
  record Obj(Map<String, Json> fields) implements Json {
    /// Copies the fields. Refuses a name that is not well-formed Unicode.
    public Obj {
      var copy = new LinkedHashMap<>(fields);
      for (var field : copy.entrySet()) {
        requireWellFormed(field.getKey());
        requireNonNull(field.getValue());
      }
      fields = Collections.unmodifiableMap(copy);
    }

    /// The value of a field, or null where the object has no such field.
    public @Nullable Json get(String name) {
      return fields.get(name);
    }

    /// The text of a field, or null where it is absent or JSON's null; refuses any other kind.
    public @Nullable String string(String name) {
      return switch (get(name)) {
        case null -> null;
        case Null _ -> null;
        case Str(var value) -> value;
        case Json other -> throw mismatch(name, "a string", other);
      };
    }

    /// The number in a field, or null where it is absent or JSON's null; refuses any other kind.
    public @Nullable Num number(String name) {
      return switch (get(name)) {
        case null -> null;
        case Null _ -> null;
        case Num number -> number;
        case Json other -> throw mismatch(name, "a number", other);
      };
    }

    /// The truth value of a field, or null where it is absent or JSON's null; refuses any other
    /// kind.
    public @Nullable Boolean bool(String name) {
      return switch (get(name)) {
        case null -> null;
        case Null _ -> null;
        case Bool(var value) -> value;
        case Json other -> throw mismatch(name, "true or false", other);
      };
    }

    /// The array in a field, or null where it is absent or JSON's null; refuses any other kind.
    public @Nullable Arr array(String name) {
      return switch (get(name)) {
        case null -> null;
        case Null _ -> null;
        case Arr array -> array;
        case Json other -> throw mismatch(name, "an array", other);
      };
    }

    /// The object in a field, or null where it is absent or JSON's null; refuses any other kind.
    public @Nullable Obj object(String name) {
      return switch (get(name)) {
        case null -> null;
        case Null _ -> null;
        case Obj object -> object;
        case Json other -> throw mismatch(name, "an object", other);
      };
    }

    private static InvalidInput mismatch(String name, String expected, Json other) {
      String field = JsonReader.echo(name);
      String found = other.kind();
      return new InvalidInput(
          "field of the wrong kind: field=" + field + ", expected=" + expected + ", found=" + found,
          "field",
          field,
          "expected",
          expected,
          "found",
          found);
    }

    @Override
    public String toString() {
      return JsonWriter.write(this, JsonWriter.Form.COMPACT);
    }
  }

  /// An array.
  record Arr(List<Json> items) implements Json {
    /// Copies the items.
    public Arr {
      items = List.copyOf(items);
    }

    @Override
    public String toString() {
      return JsonWriter.write(this, JsonWriter.Form.COMPACT);
    }
  }

  /// A string of well-formed Unicode.
  record Str(String value) implements Json {
    /// Refuses half a surrogate pair: UTF-8 cannot carry it.
    public Str {
      requireWellFormed(value);
    }

    @Override
    public String toString() {
      return JsonWriter.write(this, JsonWriter.Form.COMPACT);
    }
  }

  /// A finite IEEE double; negative zero is zero.
  record Num(double value) implements Json {
    /// Refuses what JSON cannot write: NaN and the infinities.
    public Num {
      if (!Double.isFinite(value)) {
        throw new InvalidInput(
            "number outside JSON: expected=a finite number, found=" + value,
            "expected",
            "a finite number",
            "found",
            Double.toString(value));
      }
      if (value == 0) {
        value = 0;
      }
    }

    /// The number as an integer; refuses one with a fraction, or beyond the range of a long.
    public long longValue() {
      if (value != Math.rint(value) || value < -0x1p63 || value >= 0x1p63) {
        throw new InvalidInput(
            "not a 64-bit integer: expected=an integer, found=" + this,
            "expected",
            "an integer",
            "found",
            toString());
      }
      return (long) value;
    }

    @Override
    public String toString() {
      return JsonWriter.number(value);
    }
  }

  /// True or false.
  record Bool(boolean value) implements Json {
    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  /// JSON's null: a value that is there and says nothing.
  record Null() implements Json {
    @Override
    public String toString() {
      return "null";
    }
  }

  /// The fields of an object to be, in the order they are put.
  final class Fields {
    private final Map<String, Json> fields = new LinkedHashMap<>();

    private Fields() {}

    /// Adds a field. Refuses a name that was put before.
    public Fields put(String name, Json value) {
      if (fields.putIfAbsent(requireNonNull(name), requireNonNull(value)) != null) {
        String field = JsonReader.echo(name);
        throw new InvalidInput(
            "duplicate field: field=" + field + ", expected=each name once", "field", field);
      }
      return this;
    }

    /// Adds a string.
    public Fields put(String name, String value) {
      return put(name, of(value));
    }

    /// Adds an integer; refuses one that a double cannot hold.
    public Fields put(String name, long value) {
      return put(name, of(value));
    }

    /// Adds a number.
    public Fields put(String name, double value) {
      return put(name, of(value));
    }

    /// Adds a truth value.
    public Fields put(String name, boolean value) {
      return put(name, of(value));
    }

    /// The object with the fields put so far.
    public Obj build() {
      return new Obj(fields);
    }
  }

  /// Reads one JSON text, strictly as RFC 8259 defines it and within the rules of this type.
  ///
  /// Refused, with the offset in characters, what was expected and what came: anything after the
  /// value, a byte order mark, duplicate names, half a surrogate pair (raw or escaped), raw control
  /// characters, a number beyond a double's range, and an integer whose digits a double would lose.
  /// An integer that a double holds only in its shortest form, as RFC 8785 prints it
  /// (`295147905179352830000` for 2^68), is accepted. More than 64 levels are [TooLarge].
  static Json parse(String text) {
    return JsonReader.read(text);
  }

  /// Reads one JSON text in UTF-8; as [#parse(String)], with offsets in bytes. Refuses bytes that
  /// are not UTF-8.
  static Json parse(byte[] utf8) {
    return JsonReader.read(utf8);
  }

  /// A string.
  static Str of(String value) {
    return new Str(value);
  }

  /// An integer. Refuses one that a double cannot hold: send it as a string.
  static Num of(long value) {
    // Long.MAX_VALUE rounds up to 2^63, which the cast brings back down to Long.MAX_VALUE.
    if ((long) (double) value != value || value == Long.MAX_VALUE) {
      throw JsonReader.inexact("", Long.toString(value));
    }
    return new Num(value);
  }

  /// A number. Refuses NaN and the infinities.
  static Num of(double value) {
    return new Num(value);
  }

  /// A truth value.
  static Bool of(boolean value) {
    return new Bool(value);
  }

  /// JSON's null.
  static Null ofNull() {
    return new Null();
  }

  /// An object to fill.
  static Fields object() {
    return new Fields();
  }

  /// An array of the items, copied.
  static Arr array(List<? extends Json> items) {
    return new Arr(List.copyOf(items));
  }

  /// The canonical form of RFC 8785: equal values have equal canonical forms.
  default String canonical() {
    return JsonWriter.write(this, JsonWriter.Form.CANONICAL);
  }

  /// The canonical form in UTF-8: what is hashed and signed.
  default byte[] canonicalBytes() {
    return canonical().getBytes(UTF_8);
  }

  /// The value for people to read: a line for each field and item, indented by two spaces.
  default String pretty() {
    return JsonWriter.write(this, JsonWriter.Form.PRETTY);
  }

  /// The value in one line without spaces, the fields in their own order.
  @Override
  String toString();

  private String kind() {
    return switch (this) {
      case Obj _ -> "an object";
      case Arr _ -> "an array";
      case Str _ -> "a string";
      case Num _ -> "a number";
      case Bool _ -> "true or false";
      case Null _ -> "null";
    };
  }

  private static void requireWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (JsonReader.isHalfPair(text, i)) {
          String found = JsonReader.echo(text.substring(i, i + 1));
          throw new InvalidInput(
              "half a surrogate pair: index="
                  + i
                  + ", expected=well-formed Unicode, found="
                  + found,
              "index",
              i,
              "expected",
              "well-formed Unicode",
              "found",
              found);
        }
        i++;
      }
    }
  }
}

/// Reads one JSON text in one pass: recursive descent, bounded by [#NESTING_MAX].
///
/// It works on a String even when bytes came in: the JDK decodes ASCII faster than a loop of ours
/// would, and a string without escapes is then one copy. An offset is turned into bytes only when
/// something is refused.
final class JsonReader {
  static final int NESTING_MAX = 64;

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
