package dev.remanence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.remanence.RemanenceException.InvalidInput;
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
/// factories alike, rather than bent to fit. Nesting ends at 80 levels.
///
/// The text goes in through `JsonReader` and out through `JsonWriter`.
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
  /// (`295147905179352830000` for 2^68), is accepted. More than 80 levels are [TooLarge].
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
