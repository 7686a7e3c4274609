package dev.remanence.daemon.http;

import dev.remanence.Json;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.daemon.protocol.Method;
import dev.remanence.daemon.protocol.Parameter;
import dev.remanence.daemon.protocol.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Makes a call of a request by the table in [Routes], and an answer over HTTP of its result.
final class Rest {
  private final Bodies bodies;

  Rest(Bodies bodies) {
    this.bodies = bodies;
  }

  /// The route of a request with its parameters in the path.
  private record Found(Route route, Map<String, String> variables) {}

  /// @param guest asked only when there is such a resource
  Reply answer(Request request, Guest guest) {
    var found = find(request);
    var route = found.route;
    var query = new LinkedHashMap<>(request.query());
    var method = method(route, query);
    var fields = new LinkedHashMap<String, Json>();
    if (route.hasBody()) {
      try (var body = bodies.read(request)) {
        if (!(Json.parse(body.bytes()) instanceof Json.Obj object)) {
          throw new InvalidInput("the body is an object with the method's parameters");
        }
        fields.putAll(object.fields());
      }
      requireNoneBut(query, "scope");
    }
    for (var field : query.entrySet()) {
      add(fields, field.getKey(), value(method, field.getKey(), field.getValue()));
    }
    found.variables.forEach((name, value) -> add(fields, name, Json.of(value)));
    var ifMatch = request.header("If-Match");
    if (ifMatch != null && method.parameter("ifRevision") != null) {
      add(fields, "ifRevision", Json.of(revision(ifMatch)));
    }
    try {
      var answer =
          guest
              .reception()
              .inTurn(() -> guest.dispatch(method.name(), new Json.Obj(fields), Progress.NONE));
      return reply(request, method, (Json.Obj) answer);
    } catch (Conflict conflict) {
      return Reply.of(ifMatch == null ? 409 : 412, conflict);
    }
  }

  /// Whether there is such a resource; throws where it is asked in another way than it may be.
  private static Found find(Request request) {
    var allowed = new TreeSet<String>();
    for (var route : Routes.ALL) {
      var variables = route.match(request.path());
      if (variables != null) {
        if (route.verb().equals(request.verb())) {
          return new Found(route, variables);
        }
        allowed.add(route.verb());
      }
    }
    if (allowed.isEmpty()) {
      throw Refusal.notFound();
    }
    throw Refusal.notAllowed(String.join(", ", allowed));
  }

  private static Method method(Route route, Map<String, List<String>> query) {
    var instead = route.instead();
    if (instead == null) {
      return route.method();
    }
    var flag = query.remove(instead.name());
    return flag != null && truth(instead.name(), one(instead.name(), flag))
        ? instead
        : route.method();
  }

  private static void requireNoneBut(Map<String, List<String>> query, String only) {
    for (var name : query.keySet()) {
      if (!name.equals(only)) {
        throw new InvalidInput(
            "beside a body only " + only + " stands in the query; found " + quoted(name),
            "field",
            quoted(name));
      }
    }
  }

  private static void add(Map<String, Json> fields, String name, Json value) {
    if (fields.putIfAbsent(name, value) != null) {
      throw new InvalidInput(name + " is given twice", "field", name);
    }
  }

  /// What a query says, by the type of the parameter. What the method does not know it will refuse
  /// itself, by name.
  private static Json value(Method method, String name, List<String> given) {
    var parameter = method.parameter(name);
    var type = parameter == null ? Type.TEXT : parameter.type();
    return switch (type) {
      case STRINGS, IDS -> Json.array(given.stream().<Json>map(Json::of).toList());
      case BOOLEAN -> Json.of(truth(name, one(name, given)));
      case INTEGER, NUMBER -> parsed(parameter, name, one(name, given), Json.Num.class);
      case OBJECT, PROVENANCE, FILTER -> parsed(parameter, name, one(name, given), Json.Obj.class);
      case LINKS, NUMBERS, MEMORIES, TURNS ->
          parsed(parameter, name, one(name, given), Json.Arr.class);
      case JSON -> parsed(parameter, name, one(name, given), Json.class);
      case VALUE -> Type.written(one(name, given));
      case TEXT, TIME, DURATION, ID, SCOPE, CHOICE, PATH -> Json.of(one(name, given));
    };
  }

  private static Json parsed(
      @Nullable Parameter parameter, String name, String text, Class<? extends Json> kind) {
    try {
      var value = Json.parse(text);
      if (kind.isInstance(value)) {
        return value;
      }
    } catch (InvalidInput _) {
      // Answered below, like another kind of value.
    }
    var expected = parameter == null ? "JSON" : parameter.type().word();
    throw new InvalidInput(
        name + " is " + expected + " in JSON; found " + quoted(text),
        "field",
        name,
        "expected",
        expected,
        "found",
        quoted(text));
  }

  private static boolean truth(String name, String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new InvalidInput(name + " is true or false; found " + quoted(text), "field", name);
    };
  }

  private static String one(String name, List<String> given) {
    if (given.size() > 1) {
      throw new InvalidInput(quoted(name) + " is given twice", "field", quoted(name));
    }
    return given.getFirst();
  }

  /// A caller's words within a message: cut, and without control characters.
  private static String quoted(String text) {
    var cut = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return "'" + cut.replaceAll("[\\p{Cntrl}\\x{D800}-\\x{DFFF}]", "?") + "'";
  }

  /// The revision in an entity tag: `"3"`.
  private static long revision(String tag) {
    if (!tag.matches("\"[0-9]{1,9}\"")) {
      throw Refusal.malformed("If-Match is the ETag of a memory, such as \"3\"");
    }
    return Long.parseLong(tag.substring(1, tag.length() - 1));
  }

  private static Reply reply(Request request, Method method, Json.Obj answer) {
    var headers = new LinkedHashMap<String, String>();
    var revision = answer.get("revision") instanceof Json.Num number ? number : null;
    if (revision != null) {
      var tag = "\"" + revision.longValue() + "\"";
      headers.put("ETag", tag);
      if (method.name().equals("get") && isKnown(request.header("If-None-Match"), tag)) {
        return Reply.nothing(304).with(headers);
      }
    }
    boolean created =
        method.name().equals("remember") && "created".equals(answer.string("outcome"));
    if (created) {
      headers.put("Location", "/v1/memories/" + answer.string("id"));
    }
    return Reply.json(created ? 201 : 200, answer).with(headers);
  }

  private static boolean isKnown(@Nullable String field, String tag) {
    if (field != null) {
      for (var each : new ArrayList<>(List.of(field.split(",", -1)))) {
        if (each.strip().replaceFirst("^W/", "").equals(tag)) {
          return true;
        }
      }
    }
    return false;
  }
}
