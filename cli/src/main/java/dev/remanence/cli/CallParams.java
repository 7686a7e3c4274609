package dev.remanence.cli;

import dev.remanence.Json;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.cli.Command.Option;
import dev.remanence.daemon.protocol.Parameter;
import dev.remanence.daemon.protocol.Type;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The params of a call, filled word by word. A word becomes JSON by the type of the parameter that
/// it fills.
final class CallParams {
  /// In place of a value: all of stdin.
  private static final String STDIN = "-";

  private final Supplier<String> stdin;
  private Json.Obj params = new Json.Obj(Map.of());

  CallParams(Supplier<String> stdin) {
    this.stdin = stdin;
  }

  Json.Obj params() {
    return params;
  }

  /// Fills a parameter from its option or from a bare argument; `name` is what the user sees.
  void put(String name, Parameter parameter, String value) {
    var json = json(name, parameter.type(), value);
    if (parameter.type() == Type.STRINGS || parameter.type() == Type.IDS) {
      ((Json.Arr) json).items().forEach(item -> add(parameter.name(), item));
    } else if (params.get(parameter.name()) != null && parameter.type() != Type.FILTER) {
      throw new InvalidInput(name + " is given twice", "field", parameter.name());
    } else {
      set(parameter.name(), _ -> json);
    }
  }

  boolean has(String name) {
    return params.get(name) != null;
  }

  /// Fills the part of a parameter that a shortcut stands for.
  void put(Option shortcut, String value, boolean filter) {
    var text = Json.of(value);
    switch (shortcut.name()) {
      case "link" -> add("links", link(value));
      case "tag" -> add(filter ? "filter.tags.all" : "tags", text);
      case "any-tag" -> add("filter.tags.any", text);
      case "no-tag" -> add("filter.tags.none", text);
      case "kind" -> add("filter.kind", text);
      case "since" -> set("filter.at.from", _ -> text);
      case "before" -> set("filter.at.to", _ -> text);
      case "importance-min" -> set("filter.importance.min", _ -> number(shortcut, value));
      case "importance-max" -> set("filter.importance.max", _ -> number(shortcut, value));
      case "key-prefix" -> set("filter.key.prefix", _ -> text);
      case "tool" -> set("filter.tool", _ -> text);
      case "session" -> set("filter.session", _ -> text);
      case "http" -> set("http", _ -> text);
      case "host", "cors" -> add(shortcut.name(), text);
      case "tls-cert", "tls-key" -> set(shortcut.name(), _ -> path("--" + shortcut.name(), value));
      case "pinned" -> set("filter.pinned", _ -> Json.of(value.equals("true")));
      default -> throw new AssertionError(shortcut.name());
    }
  }

  private static Json number(Option option, String value) {
    return number("--" + option.name(), Type.NUMBER, value);
  }

  private static Json link(String value) {
    int colon = value.lastIndexOf(':');
    if (colon < 1) {
      throw new InvalidInput(
          "--link is TYPE:ID, such as supports:019aa2f3-…; found " + value, "field", "links");
    }
    return Json.object()
        .put("type", value.substring(0, colon))
        .put("to", value.substring(colon + 1))
        .build();
  }

  private void add(String path, Json item) {
    set(
        path,
        old -> {
          var items = new ArrayList<Json>();
          if (old instanceof Json.Arr(var before)) {
            items.addAll(before);
          }
          items.add(item);
          return Json.array(items);
        });
  }

  /// Changes the value at a path such as `filter.tags.all`, making the objects on the way.
  private void set(String path, UnaryOperator<@Nullable Json> change) {
    params = with(params, List.of(path.split("\\.", -1)), change);
  }

  private static Json.Obj with(
      Json.Obj object, List<String> path, UnaryOperator<@Nullable Json> change) {
    var fields = new LinkedHashMap<String, Json>(object.fields());
    var name = path.getFirst();
    var old = fields.get(name);
    var value =
        path.size() == 1
            ? change.apply(old)
            : with(
                old instanceof Json.Obj inner ? inner : new Json.Obj(Map.of()),
                path.subList(1, path.size()),
                change);
    if (value != null) {
      fields.put(name, value);
    }
    return new Json.Obj(fields);
  }

  private Json json(String name, Type type, String value) {
    return switch (type) {
      case TEXT -> Json.of(value.equals(STDIN) ? stdin.get() : value);
      case BOOLEAN -> Json.of(value.equals("true"));
      case INTEGER, NUMBER -> number(name, type, value);
      // The word null opens what was bounded: an `until`, an `expires`.
      case TIME -> value.equals("null") ? Json.ofNull() : Json.of(value);
      case DURATION, ID, SCOPE, CHOICE -> Json.of(value);
      case PATH -> path(name, value);
      case STRINGS, IDS ->
          Json.array(List.of(value.split(",", -1)).stream().map(Json::of).toList());
      case JSON, OBJECT, LINKS, NUMBERS, PROVENANCE, FILTER, TURNS ->
          parse(name, value.equals(STDIN) ? stdin.get() : value);
      case VALUE -> Type.written(value.equals(STDIN) ? stdin.get() : value);
      case MEMORIES -> memories(name, value.equals(STDIN) ? stdin.get() : value);
    };
  }

  private static Json number(String name, Type type, String value) {
    try {
      if (Json.parse(value) instanceof Json.Num number) {
        return number;
      }
    } catch (InvalidInput _) {
      // Answered below, like another kind of value.
    }
    throw new InvalidInput(
        name + " is " + (type == Type.INTEGER ? "a whole number" : "a number") + "; found " + value,
        "field",
        name,
        "expected",
        type.word());
  }

  /// Relative paths are of the directory that the command runs in.
  private static Json path(String name, String value) {
    try {
      return Json.of(value.equals(STDIN) ? STDIN : Path.of(value).toAbsolutePath().toString());
    } catch (InvalidPathException _) {
      throw new InvalidInput(name + " is a path; found " + value, "field", name);
    }
  }

  private static Json parse(String name, String value) {
    try {
      return Json.parse(value);
    } catch (InvalidInput malformed) {
      throw new InvalidInput(name + " is JSON: " + malformed.getMessage(), "field", name);
    }
  }

  /// A JSON array, or one JSON object a line.
  private static Json memories(String name, String value) {
    if (value.stripLeading().startsWith("[")) {
      return parse(name, value);
    }
    var items = new ArrayList<Json>();
    int line = 0;
    for (var text : value.lines().toList()) {
      line++;
      if (!text.isBlank()) {
        items.add(parse(name + ", line " + line + ",", text));
      }
    }
    return Json.array(items);
  }
}
