package dev.remanence.mind.llm;

import dev.remanence.Json;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The form that an answer must have: a small part of JSON Schema, used both to ask and to check.
///
/// Objects have exactly the fields that are named. A field that may be null may be left out; all
/// others are required. Objects are told to servers with every field required, as the strict modes
/// want it.
public sealed interface Schema {

  /// An object with these fields and no others.
  record Obj(List<Field> fields) implements Schema {
    public Obj {
      fields = List.copyOf(fields);
    }
  }

  /// A field of an object.
  record Field(String name, Schema schema) {}

  /// A list.
  record Arr(Schema items, int itemsMax) implements Schema {}

  /// A string.
  record Text(int charsMax) implements Schema {}

  /// One of some strings.
  record Choice(List<String> of) implements Schema {
    public Choice {
      of = List.copyOf(of);
    }
  }

  /// A number; the bounds belong to it.
  record Num(double min, double max) implements Schema {}

  /// True or false.
  record Bool() implements Schema {}

  /// Null, or what another schema allows.
  record OrNull(Schema schema) implements Schema {}

  /// Fields of an object, in order.
  static Obj object(Field... fields) {
    return new Obj(List.of(fields));
  }

  static Field field(String name, Schema schema) {
    return new Field(name, schema);
  }

  /// The whole of it as JSON Schema.
  default Json.Obj json() {
    return write(this, true);
  }

  /// The same without bounds of numbers, lengths and counts: what every strict mode knows.
  default Json.Obj shape() {
    return write(this, false);
  }

  /// What is wrong with a value first, with the place; null where nothing is. It names what was
  /// expected and never repeats what came.
  default @Nullable String error(Json value) {
    return error(this, value, "$");
  }

  private static Json.Obj write(Schema schema, boolean bounds) {
    var json = Json.object();
    switch (schema) {
      case Obj(var fields) -> {
        var properties = Json.object();
        fields.forEach(field -> properties.put(field.name, write(field.schema, bounds)));
        json.put("type", "object")
            .put("properties", properties.build())
            .put("required", Json.array(fields.stream().map(each -> Json.of(each.name)).toList()))
            .put("additionalProperties", false);
      }
      case Arr(var items, int itemsMax) -> {
        json.put("type", "array").put("items", write(items, bounds));
        if (bounds) {
          json.put("maxItems", itemsMax);
        }
      }
      case Text(int charsMax) -> {
        json.put("type", "string");
        if (bounds) {
          json.put("maxLength", charsMax);
        }
      }
      case Choice(var of) ->
          json.put("type", "string").put("enum", Json.array(of.stream().map(Json::of).toList()));
      case Num(double min, double max) -> {
        json.put("type", "number");
        if (bounds) {
          json.put("minimum", min).put("maximum", max);
        }
      }
      case Bool() -> json.put("type", "boolean");
      case OrNull(var of) ->
          json.put(
              "anyOf",
              Json.array(List.of(write(of, bounds), Json.object().put("type", "null").build())));
    }
    return json.build();
  }

  private static @Nullable String error(Schema schema, Json value, String path) {
    return switch (schema) {
      case Obj object ->
          value instanceof Json.Obj given
              ? errorOfFields(object, given, path)
              : path + ": expected an object";
      case Arr(var items, int itemsMax) ->
          value instanceof Json.Arr(var given) && given.size() <= itemsMax
              ? IntStream.range(0, given.size())
                  .mapToObj(at -> errorOfItem(items, given.get(at), path + "[" + at + "]"))
                  .filter(error -> !error.isEmpty())
                  .findFirst()
                  .orElse(null)
              : path + ": expected a list of at most " + itemsMax;
      case Text(int charsMax) ->
          value instanceof Json.Str(var text) && text.length() <= charsMax
              ? null
              : path + ": expected a string of at most " + charsMax + " characters";
      case Choice(var of) ->
          value instanceof Json.Str(var text) && of.contains(text)
              ? null
              : path + ": expected one of the strings that the schema names";
      case Num(double min, double max) ->
          value instanceof Json.Num(double number) && number >= min && number <= max
              ? null
              : path + ": expected a number from " + Json.of(min) + " to " + Json.of(max);
      case Bool() -> value instanceof Json.Bool ? null : path + ": expected true or false";
      case OrNull(var of) -> value instanceof Json.Null ? null : error(of, value, path);
    };
  }

  private static String errorOfItem(Schema schema, Json value, String path) {
    var error = error(schema, value, path);
    return error == null ? "" : error;
  }

  private static @Nullable String errorOfFields(Obj object, Json.Obj given, String path) {
    int known = 0;
    for (var field : object.fields) {
      var value = given.get(field.name);
      if (value != null) {
        known++;
        var error = error(field.schema, value, path + "." + field.name);
        if (error != null) {
          return error;
        }
      } else if (!(field.schema instanceof OrNull)) {
        return path + "." + field.name + ": expected, and left out";
      }
    }
    return known == given.fields().size() ? null : path + ": has a field that the schema has not";
  }
}
