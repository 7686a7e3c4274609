package dev.remanence.daemon.client;

import dev.remanence.Json;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.daemon.protocol.Times;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An object of an answer, read by name and type.
///
/// Members that are not known here are passed over: a newer owner may tell more. What is missing or
/// of another type than docs/protocol.md says is `Unavailable`: nobody can use such an answer.
final class Answer {
  private final Json.Obj given;

  private Answer(Json.Obj given) {
    this.given = given;
  }

  static Answer of(Json json) {
    if (json instanceof Json.Obj object) {
      return new Answer(object);
    }
    throw unusable("the answer is no object");
  }

  private static Unavailable unusable(String what) {
    return new Unavailable(
        "the owner of the store gave an answer that this version cannot read: " + what, null);
  }

  private static Unavailable wrong(String name) {
    return unusable(name + " is missing or of another type");
  }

  private @Nullable Json value(String name) {
    var value = given.get(name);
    return value instanceof Json.Null ? null : value;
  }

  private static <T> T there(String name, @Nullable T value) {
    if (value == null) {
      throw wrong(name);
    }
    return value;
  }

  String text(String name) {
    return there(name, optionalText(name));
  }

  @Nullable String optionalText(String name) {
    return switch (value(name)) {
      case null -> null;
      case Json.Str(var text) -> text;
      case Json _ -> throw wrong(name);
    };
  }

  /// The value as it is, JSON's null included.
  Json json(String name) {
    return there(name, given.get(name));
  }

  Json.Obj object(String name) {
    return there(name, optionalObject(name));
  }

  Json.@Nullable Obj optionalObject(String name) {
    return switch (value(name)) {
      case null -> null;
      case Json.Obj object -> object;
      case Json _ -> throw wrong(name);
    };
  }

  Answer inner(String name) {
    return new Answer(object(name));
  }

  @Nullable Answer optionalInner(String name) {
    var object = optionalObject(name);
    return object == null ? null : new Answer(object);
  }

  boolean flag(String name) {
    if (value(name) instanceof Json.Bool(var flag)) {
      return flag;
    }
    throw wrong(name);
  }

  double decimal(String name) {
    return there(name, optionalDecimal(name));
  }

  @Nullable Double optionalDecimal(String name) {
    return switch (value(name)) {
      case null -> null;
      case Json.Num(var number) -> number;
      case Json _ -> throw wrong(name);
    };
  }

  long number(String name) {
    return whole(name, decimal(name));
  }

  int integer(String name) {
    return integer(name, decimal(name));
  }

  private static long whole(String name, double number) {
    if (number != (long) number) {
      throw wrong(name);
    }
    return (long) number;
  }

  private static int integer(String name, double number) {
    if (number != (int) number) {
      throw wrong(name);
    }
    return (int) number;
  }

  UUID id(String name) {
    return id(name, text(name));
  }

  @Nullable UUID optionalId(String name) {
    var text = optionalText(name);
    return text == null ? null : id(name, text);
  }

  private static UUID id(String name, String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      throw wrong(name);
    }
  }

  Instant time(String name) {
    return there(name, optionalTime(name));
  }

  @Nullable Instant optionalTime(String name) {
    var text = optionalText(name);
    try {
      return text == null ? null : Times.parse(name, text);
    } catch (InvalidInput _) {
      throw wrong(name);
    }
  }

  Path path(String name) {
    return Path.of(text(name));
  }

  /// The constant whose name in lower case is the word.
  <E extends Enum<E>> E choice(String name, Class<E> type) {
    return choice(name, text(name), type);
  }

  static <E extends Enum<E>> E choice(String name, String word, Class<E> type) {
    for (var constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(word)) {
        return constant;
      }
    }
    throw unusable(name + " is " + word);
  }

  <T> List<T> list(String name, Function<Answer, T> read) {
    return items(name, item -> read.apply(of(item)));
  }

  /// None where it is missing.
  <T> List<T> optionalList(String name, Function<Answer, T> read) {
    return value(name) == null ? List.of() : list(name, read);
  }

  List<String> texts(String name) {
    return items(
        name,
        item -> {
          if (item instanceof Json.Str(var text)) {
            return text;
          }
          throw wrong(name);
        });
  }

  List<UUID> ids(String name) {
    return texts(name).stream().map(text -> id(name, text)).toList();
  }

  List<Integer> integers(String name) {
    return decimals(name).stream().map(number -> integer(name, number)).toList();
  }

  float[] vector(String name) {
    var numbers = decimals(name);
    var vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = numbers.get(i).floatValue();
    }
    return vector;
  }

  private List<Double> decimals(String name) {
    return items(
        name,
        item -> {
          if (item instanceof Json.Num(var number)) {
            return number;
          }
          throw wrong(name);
        });
  }

  private <T> List<T> items(String name, Function<Json, T> read) {
    if (value(name) instanceof Json.Arr(var items)) {
      var list = new ArrayList<T>(items.size());
      items.forEach(item -> list.add(read.apply(item)));
      return list;
    }
    throw wrong(name);
  }
}
