package dev.remanence.daemon.protocol;

import dev.remanence.Json;
import dev.remanence.Limits;
import dev.remanence.RemanenceException.InvalidInput;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// The members of a request's params, or of an object within them, read by name and type.
///
/// Names are checked when this is made, types when a value is read. A member that is JSON's null
/// counts as not given, except where [#isNull] is asked. Every error names the field by its path
/// from the request, such as `memories[3].at`.
final class Params {
  /// What the store records by itself and a caller may not claim.
  private static final Map<String, String> RECORDED =
      Map.of(
          "createdAt", "the store records when it learned of a memory; 'at' says when it happened",
          "updatedAt", "the store records when a memory changed; 'at' says when it happened",
          "recordedAt", "the store records when it learned of a memory; 'at' says when it happened",
          "revision", "the store counts revisions; 'ifRevision' guards a change",
          "count", "the store counts how often a memory was repeated",
          "uses", "the store counts how often a memory was used",
          "strength", "strength is computed when a memory is read",
          "durable", "the store says what is durable",
          "hash", "the store computes hashes");

  private static final int QUOTED_CHARS_MAX = 40;

  private final String where;
  private final Json.Obj given;
  private final List<Parameter> known;
  private final String standardScope;

  /// @param where the path that field names begin with: empty, or such as `filter.`
  Params(String where, Json.Obj given, List<Parameter> known, String standardScope) {
    this.where = where;
    this.given = given;
    this.known = known;
    this.standardScope = standardScope;
    given.fields().keySet().forEach(this::requireKnown);
    for (var parameter : known) {
      if (parameter.required() && !has(parameter.name())) {
        throw missing(parameter);
      }
    }
  }

  private void requireKnown(String name) {
    var names = new ArrayList<String>();
    for (var parameter : known) {
      if (parameter.name().equals(name)) {
        return;
      }
      names.add(parameter.name());
    }
    var field = where + quotable(name);
    var recorded = RECORDED.get(name);
    if (recorded != null) {
      throw new InvalidInput(field + " cannot be given: " + recorded, "field", field);
    }
    var list = String.join(", ", names);
    var nearest = Nearest.to(name, names);
    throw new InvalidInput(
        "unknown parameter "
            + field
            + (nearest == null ? "" : "; did you mean " + where + nearest + "?")
            + (names.isEmpty() ? "; none is taken" : "; known are " + list),
        "field",
        field,
        "known",
        list);
  }

  private InvalidInput missing(Parameter parameter) {
    var field = where + parameter.name();
    return new InvalidInput(
        field + " is required: " + parameter.type().expected() + "; found nothing",
        "field",
        field,
        "expected",
        parameter.type().word(),
        "found",
        "nothing");
  }

  boolean has(String name) {
    return value(name) != null;
  }

  /// Whether the member is there and is JSON's null.
  boolean isNull(String name) {
    return given.get(name) instanceof Json.Null;
  }

  private @Nullable Json value(String name) {
    assert known.stream().anyMatch(parameter -> parameter.name().equals(name)) : name;
    var value = given.get(name);
    return value instanceof Json.Null ? null : value;
  }

  String field(String name) {
    return where + name;
  }

  private InvalidInput wrong(String name, Type type, Json found) {
    return wrong(where + name, type.expected(), type.word(), found);
  }

  private static InvalidInput wrong(String field, String expected, String word, Json found) {
    return new InvalidInput(
        field + " is " + expected + "; found " + typeOf(found),
        "field",
        field,
        "expected",
        word,
        "found",
        typeOf(found));
  }

  static String typeOf(Json value) {
    return switch (value) {
      case Json.Obj _ -> "an object";
      case Json.Arr _ -> "a list";
      case Json.Str _ -> "a string";
      case Json.Num _ -> "a number";
      case Json.Bool _ -> "true or false";
      case Json.Null _ -> "null";
    };
  }

  /// A caller's short value within a message: cut, and without control characters.
  static String quoted(String value) {
    return "'" + quotable(value) + "'";
  }

  private static String quotable(String value) {
    var cut = value.length() > QUOTED_CHARS_MAX ? value.substring(0, QUOTED_CHARS_MAX) : value;
    var out = new StringBuilder();
    cut.codePoints()
        .forEach(c -> out.appendCodePoint(Character.isISOControl(c) || isHalf(c) ? '?' : c));
    return cut.length() < value.length() ? out.append('…').toString() : out.toString();
  }

  private static boolean isHalf(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static InvalidInput malformed(String field, Type type, String value) {
    var found = quoted(value);
    return new InvalidInput(
        field + " is " + type.expected() + "; found " + found,
        "field",
        field,
        "expected",
        type.word(),
        "found",
        found);
  }

  /// The scope that was given, or the caller's default one.
  String scope() {
    var scope = optionalText("scope");
    return scope == null ? standardScope : Limits.scope(scope);
  }

  String text(String name) {
    return there(name, optionalText(name));
  }

  @Nullable String optionalText(String name) {
    return switch (value(name)) {
      case null -> null;
      case Json.Str(var text) -> text;
      case Json other -> throw wrong(name, Type.TEXT, other);
    };
  }

  @Nullable Json json(String name) {
    return value(name);
  }

  Json.@Nullable Obj object(String name) {
    return switch (value(name)) {
      case null -> null;
      case Json.Obj object -> object;
      case Json other -> throw wrong(name, Type.OBJECT, other);
    };
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(optionalFlag(name));
  }

  @Nullable Boolean optionalFlag(String name) {
    return switch (value(name)) {
      case null -> null;
      case Json.Bool(var flag) -> flag;
      case Json other -> throw wrong(name, Type.BOOLEAN, other);
    };
  }

  int integer(String name) {
    return there(name, optionalInteger(name));
  }

  @Nullable Integer optionalInteger(String name) {
    return switch (value(name)) {
      case null -> null;
      case Json.Num(var number) when number == (int) number -> (int) number;
      case Json.Num(var number) ->
          throw malformed(where + name, Type.INTEGER, Double.toString(number));
      case Json other -> throw wrong(name, Type.INTEGER, other);
    };
  }

  @Nullable Double optionalNumber(String name) {
    return switch (value(name)) {
      case null -> null;
      case Json.Num(var number) -> number;
      case Json other -> throw wrong(name, Type.NUMBER, other);
    };
  }

  @Nullable Instant optionalTime(String name) {
    return switch (value(name)) {
      case null -> null;
      case Json.Str(var text) -> Times.parse(where + name, text);
      case Json other -> throw wrong(name, Type.TIME, other);
    };
  }

  @Nullable Duration optionalDuration(String name) {
    return switch (value(name)) {
      case null -> null;
      case Json.Str(var text) -> Times.duration(where + name, text);
      case Json other -> throw wrong(name, Type.DURATION, other);
    };
  }

  UUID id(String name) {
    return there(name, optionalId(name));
  }

  @Nullable UUID optionalId(String name) {
    return switch (value(name)) {
      case null -> null;
      case Json.Str(var text) -> id(where + name, text);
      case Json other -> throw wrong(name, Type.ID, other);
    };
  }

  private static UUID id(String field, String text) {
    try {
      // UUID.fromString alone also takes groups that are too short.
      var id = UUID.fromString(text);
      if (id.toString().equals(text.toLowerCase(Locale.ROOT))) {
        return id;
      }
    } catch (IllegalArgumentException _) {
      // Answered below, like a short one.
    }
    throw malformed(field, Type.ID, text);
  }

  @Nullable Path optionalPath(String name) {
    var text = optionalText(name);
    if (text == null) {
      return null;
    }
    try {
      if (!text.isEmpty()) {
        return Path.of(text).toAbsolutePath().normalize();
      }
    } catch (InvalidPathException _) {
      // Answered below, like an empty one.
    }
    throw malformed(where + name, Type.PATH, text);
  }

  Path path(String name) {
    return there(name, optionalPath(name));
  }

  /// The constant that a word stands for: its name in lower case. The words are the parameter's
  /// own.
  <E extends Enum<E>> @Nullable E optionalChoice(String name, Class<E> type) {
    var text = optionalText(name);
    return text == null ? null : choice(where + name, type, text);
  }

  <E extends Enum<E>> E choice(String name, E standard) {
    var found = optionalChoice(name, standard.getDeclaringClass());
    return found == null ? standard : found;
  }

  private static <E extends Enum<E>> E choice(String field, Class<E> type, String text) {
    for (var constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
        return constant;
      }
    }
    var words = words(type);
    var nearest = Nearest.to(text, words);
    throw new InvalidInput(
        field
            + " is one of "
            + String.join(", ", words)
            + "; found "
            + quoted(text)
            + (nearest == null ? "" : ", did you mean " + nearest + "?"),
        "field",
        field,
        "expected",
        String.join(", ", words),
        "found",
        quoted(text));
  }

  static List<String> words(Class<? extends Enum<?>> type) {
    var words = new ArrayList<String>();
    for (var constant : type.getEnumConstants()) {
      words.add(constant.name().toLowerCase(Locale.ROOT));
    }
    return words;
  }

  @Nullable List<String> optionalStrings(String name) {
    return list(name, Type.STRINGS, Params::string);
  }

  @Nullable List<UUID> optionalIds(String name) {
    return list(
        name,
        Type.IDS,
        (field, item) -> {
          if (item instanceof Json.Str(var text)) {
            return id(field, text);
          }
          throw wrong(field, Type.ID.expected(), Type.ID.word(), item);
        });
  }

  List<UUID> ids(String name) {
    return there(name, optionalIds(name));
  }

  Set<String> strings(String name) {
    var strings = optionalStrings(name);
    return strings == null ? Set.of() : Set.copyOf(strings);
  }

  <E extends Enum<E>> Set<E> choices(String name, Class<E> type) {
    var choices =
        list(name, Type.STRINGS, (field, item) -> choice(field, type, string(field, item)));
    return choices == null ? Set.of() : new HashSet<>(choices);
  }

  private static String string(String field, Json item) {
    if (item instanceof Json.Str(var text)) {
      return text;
    }
    throw wrong(field, Type.TEXT.expected(), Type.TEXT.word(), item);
  }

  float @Nullable [] optionalVector(String name) {
    var numbers = list(name, Type.NUMBERS, Params::number);
    if (numbers == null) {
      return null;
    }
    var vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = numbers.get(i).floatValue();
    }
    return vector;
  }

  private static Double number(String field, Json item) {
    if (item instanceof Json.Num(var number)) {
      return number;
    }
    throw wrong(field, Type.NUMBER.expected(), Type.NUMBER.word(), item);
  }

  /// The objects of a list, each with its own known members.
  @Nullable List<Params> optionalObjects(String name, Type type, List<Parameter> members) {
    return list(
        name,
        type,
        (field, item) -> {
          if (item instanceof Json.Obj object) {
            return new Params(field + ".", object, members, standardScope);
          }
          throw wrong(field, Type.OBJECT.expected(), Type.OBJECT.word(), item);
        });
  }

  List<Params> objects(String name, Type type, List<Parameter> members) {
    return there(name, optionalObjects(name, type, members));
  }

  /// The object under a name, with its own known members.
  @Nullable Params optionalObject(String name, List<Parameter> members) {
    var object = object(name);
    return object == null ? null : new Params(where + name + ".", object, members, standardScope);
  }

  private <T> @Nullable List<T> list(String name, Type type, BiFunction<String, Json, T> read) {
    return switch (value(name)) {
      case null -> null;
      case Json.Arr(var items) -> {
        var list = new ArrayList<T>(items.size());
        for (int i = 0; i < items.size(); i++) {
          list.add(read.apply(where + name + "[" + i + "]", items.get(i)));
        }
        yield list;
      }
      case Json other -> throw wrong(name, type, other);
    };
  }

  private <T> T there(String name, @Nullable T value) {
    if (value == null) {
      for (var parameter : known) {
        if (parameter.name().equals(name)) {
          throw missing(parameter);
        }
      }
      throw new AssertionError(name);
    }
    return value;
  }
}
