package dev.remanence.daemon.http;

import dev.remanence.daemon.protocol.Method;
import dev.remanence.daemon.protocol.Parameter;
import dev.remanence.daemon.protocol.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One row of [Routes]: a verb and a path, and the method of the protocol that they stand for.
///
/// `{…}` in the path is a parameter of the method, by its name. The others come from the query with
/// GET and DELETE, else from the object in the body.
///
/// @param instead a method that the query asks for by a flag of the same name
record Route(String verb, List<String> template, Method method, @Nullable Method instead) {

  static Route of(String verb, String template, String method) {
    return new Route(verb, segments(template), named(method), null);
  }

  static Route of(String verb, String template, String method, String instead) {
    return new Route(verb, segments(template), named(method), named(instead));
  }

  private static List<String> segments(String template) {
    return List.of(template.substring(1).split("/", -1));
  }

  private static Method named(String method) {
    return Objects.requireNonNull(Protocol.method(method), method);
  }

  Route {
    for (var name : variables(template)) {
      assert method.parameter(name) != null : method.name() + " " + name;
    }
  }

  private static boolean isVariable(String segment) {
    return segment.startsWith("{");
  }

  private static String variable(String segment) {
    return segment.substring(1, segment.length() - 1);
  }

  private static List<String> variables(List<String> template) {
    var names = new ArrayList<String>();
    for (var segment : template) {
      if (isVariable(segment)) {
        names.add(variable(segment));
      }
    }
    return names;
  }

  List<String> variables() {
    return variables(template);
  }

  String path() {
    return "/" + String.join("/", template);
  }

  boolean hasBody() {
    return !verb.equals("GET") && !verb.equals("DELETE");
  }

  /// The method's parameters that are not in the path.
  List<Parameter> others() {
    var others = new ArrayList<Parameter>();
    for (var parameter : method.parameters()) {
      if (!variables().contains(parameter.name())) {
        others.add(parameter);
      }
    }
    return others;
  }

  /// The parameters in a path, or null where it is another one.
  @Nullable Map<String, String> match(List<String> path) {
    if (path.size() != template.size()) {
      return null;
    }
    var found = new HashMap<String, String>();
    for (int i = 0; i < path.size(); i++) {
      var segment = template.get(i);
      if (isVariable(segment)) {
        if (path.get(i).isEmpty()) {
          return null;
        }
        found.put(variable(segment), path.get(i));
      } else if (!segment.equals(path.get(i))) {
        return null;
      }
    }
    return found;
  }
}
