package dev.remanence.daemon.http;

import dev.remanence.Json;
import dev.remanence.daemon.protocol.Method;
import dev.remanence.daemon.protocol.Parameter;
import dev.remanence.daemon.protocol.Protocol;
import dev.remanence.daemon.protocol.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Describes the resources for programs: an OpenAPI 3.1 document made of the tables of routes and
/// of methods, so that it says what the server does.
final class OpenApi {
  private static final String UUID_PATTERN =
      "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";
  private static final Map<String, String> FAILURES = failures();

  private OpenApi() {}

  private static Map<String, String> failures() {
    var failures = new LinkedHashMap<String, String>();
    failures.put("400", "InvalidInput");
    failures.put("401", "no token that holds");
    failures.put("403", "Forbidden");
    failures.put("404", "NotFound");
    failures.put("409", "Conflict");
    failures.put("412", "Conflict with If-Match");
    failures.put("413", "TooLarge");
    failures.put("415", "the body is not JSON");
    failures.put("503", "Busy, Unavailable");
    return failures;
  }

  static Json.Obj document(String version) {
    var paths = new LinkedHashMap<String, Map<String, Json>>();
    for (var route : Routes.ALL) {
      paths
          .computeIfAbsent(route.path(), _ -> new LinkedHashMap<>())
          .put(route.verb().toLowerCase(Locale.ROOT), operation(route));
    }
    others(paths);
    var all = Json.object();
    paths.forEach((path, operations) -> all.put(path, new Json.Obj(operations)));
    return Json.object()
        .put("openapi", "3.1.0")
        .put(
            "info",
            Json.object()
                .put("title", "Remanence")
                .put("version", version)
                .put("description", "Long-term memory for AI agents; docs/http.md")
                .build())
        .put("servers", array(Json.object().put("url", "/").build()))
        .put("security", array(Json.object().put("token", array()).build()))
        .put("paths", all.build())
        .put("components", components())
        .build();
  }

  /// What is no method of the protocol.
  private static void others(Map<String, Map<String, Json>> paths) {
    var json = "application/json";
    var live = other("live", "Whether the process runs.", Map.of("200", json));
    var ready =
        other(
            "ready",
            "Whether the store answers questions and takes writes; else the reason.",
            Map.of("200", json, "503", json));
    // Without a token.
    paths.put("/health/live", Map.of("get", live.put("security", array()).build()));
    paths.put("/health/ready", Map.of("get", ready.put("security", array()).build()));
    paths.put(
        "/metrics",
        Map.of(
            "get",
            other("metrics", "The owner's numbers for Prometheus.", Map.of("200", Metrics.TYPE))
                .build()));
    paths.put(
        "/openapi.json",
        Map.of("get", other("openApi", "This document.", Map.of("200", json)).build()));
    paths.put(
        "/rpc",
        Map.of(
            "post",
            other("rpc", "A message of JSON-RPC 2.0, or a list of them.", Map.of("200", json))
                .put(
                    "requestBody",
                    Json.object()
                        .put("required", true)
                        .put("content", content(json, Json.object().build()))
                        .build())
                .build()));
    var watch = named("watch");
    paths.put(
        "/v1/watch",
        Map.of(
            "get",
            other("watch", watch.doc(), Map.of("200", "text/event-stream"))
                .put(
                    "parameters",
                    Json.array(
                        watch.parameters().stream()
                            .<Json>map(parameter -> parameter(parameter, "query", false))
                            .toList()))
                .build()));
  }

  private static Method named(String method) {
    return Objects.requireNonNull(Protocol.method(method), method);
  }

  /// @param answers the type of each status's body
  private static Json.Fields other(String id, String doc, Map<String, String> answers) {
    var responses = Json.object();
    new TreeMap<>(answers)
        .forEach((status, type) ->
            responses.put(
                status,
                Json.object()
                    .put("description", status.equals("200") ? "as it is" : "unavailable")
                    .put("content", content(type, Json.object().build()))
                    .build()));
    return Json.object()
        .put("operationId", id)
        .put("summary", doc)
        .put("responses", responses.build());
  }

  private static Json.Obj content(String type, Json.Obj schema) {
    return Json.object().put(type, Json.object().put("schema", schema).build()).build();
  }

  private static Json array(Json... items) {
    return Json.array(List.of(items));
  }

  private static Json.Obj components() {
    var error =
        schema("object")
            .put("required", array(Json.of("error")))
            .put(
                "properties",
                Json.object()
                    .put(
                        "error",
                        schema("object")
                            .put("required", array(Json.of("name"), Json.of("message")))
                            .put(
                                "properties",
                                Json.object()
                                    .put("name", schema("string").build())
                                    .put("message", schema("string").build())
                                    .build())
                            .build())
                    .build())
            .build();
    return Json.object()
        .put(
            "securitySchemes",
            Json.object()
                .put("token", Json.object().put("type", "http").put("scheme", "bearer").build())
                .build())
        .put("schemas", Json.object().put("Error", error).build())
        .build();
  }

  private static Json.Obj operation(Route route) {
    var method = route.method();
    var parameters = new ArrayList<Json>();
    for (var name : route.variables()) {
      for (var parameter : method.parameters()) {
        if (parameter.name().equals(name)) {
          parameters.add(parameter(parameter, "path", true));
        }
      }
    }
    var operation =
        Json.object()
            .put("operationId", operationId(route))
            .put("summary", method.doc())
            .put("tags", array(Json.of(method.group().title())));
    if (route.hasBody()) {
      operation.put("requestBody", body(route));
    } else {
      for (var parameter : route.others()) {
        parameters.add(parameter(parameter, "query", parameter.required()));
      }
      var instead = route.instead();
      if (instead != null) {
        parameters.add(flag(instead));
      }
    }
    if (method.parameter("ifRevision") != null) {
      parameters.add(
          Json.object()
              .put("name", "If-Match")
              .put("in", "header")
              .put("description", "the ETag that must still be current")
              .put("schema", schema("string").put("pattern", "^\"[0-9]{1,9}\"$").build())
              .build());
    }
    if (!parameters.isEmpty()) {
      operation.put("parameters", Json.array(parameters));
    }
    return operation.put("responses", responses(method)).build();
  }

  private static String operationId(Route route) {
    var id = new StringBuilder(route.verb().toLowerCase(Locale.ROOT));
    for (var segment : route.template()) {
      var word = segment.replaceAll("[{}]", "");
      id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return id.toString();
  }

  private static Json.Obj flag(Method instead) {
    return Json.object()
        .put("name", instead.name())
        .put("in", "query")
        .put("description", instead.doc())
        .put("schema", schema("boolean").build())
        .build();
  }

  private static Json.Obj parameter(Parameter parameter, String in, boolean required) {
    var fields =
        Json.object()
            .put("name", parameter.name())
            .put("in", in)
            .put("description", parameter.doc())
            .put("required", required);
    return isStructure(parameter.type())
        ? fields
            .put(
                "content",
                Json.object()
                    .put("application/json", Json.object().put("schema", schema(parameter)).build())
                    .build())
            .build()
        : fields.put("schema", schema(parameter)).build();
  }

  private static boolean isStructure(Type type) {
    return switch (type) {
      case JSON, VALUE, OBJECT, LINKS, NUMBERS, PROVENANCE, FILTER, MEMORIES, TURNS -> true;
      case TEXT, BOOLEAN, INTEGER, NUMBER, TIME, DURATION, ID, SCOPE, CHOICE, STRINGS, IDS, PATH ->
          false;
    };
  }

  private static Json.Obj body(Route route) {
    var properties = Json.object();
    var required = new ArrayList<Json>();
    for (var parameter : route.others()) {
      properties.put(parameter.name(), schema(parameter));
      if (parameter.required()) {
        required.add(Json.of(parameter.name()));
      }
    }
    var schema =
        schema("object").put("properties", properties.build()).put("additionalProperties", false);
    if (!required.isEmpty()) {
      schema.put("required", Json.array(required));
    }
    return Json.object()
        .put("required", true)
        .put(
            "content",
            Json.object()
                .put("application/json", Json.object().put("schema", schema.build()).build())
                .build())
        .build();
  }

  private static Json.Fields schema(String type) {
    return Json.object().put("type", type);
  }

  private static Json.Obj schema(Parameter parameter) {
    var schema =
        switch (parameter.type()) {
          case TEXT, TIME, PATH -> schema("string");
          case DURATION -> schema("string").put("pattern", "^([0-9]+(ms|s|m|h|d))+$");
          case ID -> schema("string").put("pattern", UUID_PATTERN);
          case SCOPE -> schema("string").put("pattern", "^[A-Za-z0-9._:@/-]+$");
          case CHOICE ->
              schema("string")
                  .put("enum", Json.array(parameter.words().stream().<Json>map(Json::of).toList()));
          case JSON, VALUE -> Json.object();
          case OBJECT, PROVENANCE, FILTER -> schema("object");
          case BOOLEAN -> schema("boolean");
          case INTEGER -> schema("integer");
          case NUMBER -> schema("number");
          case STRINGS -> list(schema("string"));
          case IDS -> list(schema("string").put("pattern", UUID_PATTERN));
          case NUMBERS -> list(schema("number"));
          case LINKS, MEMORIES, TURNS -> list(schema("object"));
        };
    return schema.put("description", parameter.doc()).build();
  }

  private static Json.Fields list(Json.Fields items) {
    return schema("array").put("items", items.build());
  }

  private static Json.Obj responses(Method method) {
    var content =
        Json.object()
            .put("application/json", Json.object().put("schema", schema("object").build()).build())
            .build();
    var responses = Json.object();
    responses.put(
        "200", Json.object().put("description", method.result()).put("content", content).build());
    if (method.name().equals("remember")) {
      responses.put(
          "201",
          Json.object()
              .put("description", "created: " + method.result())
              .put("content", content)
              .build());
    }
    if (method.name().equals("get")) {
      responses.put("304", Json.object().put("description", "If-None-Match names it").build());
    }
    var error =
        Json.object()
            .put(
                "application/json",
                Json.object()
                    .put("schema", Json.object().put("$ref", "#/components/schemas/Error").build())
                    .build())
            .build();
    FAILURES.forEach((status, meaning) ->
        responses.put(
            status, Json.object().put("description", meaning).put("content", error).build()));
    return responses.build();
  }
}
