package dev.remanence.daemon.http;

import dev.remanence.Json;
import java.util.Map;

/// A request that is refused by what it is as HTTP, before anybody asks the store.
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String name;
  private final transient Map<String, String> headers;

  /// @param name one of the names of errors in docs/protocol.md
  Refusal(int status, String name, String message, Map<String, String> headers) {
    super(message, null, false, false);
    this.status = status;
    this.name = name;
    this.headers = Map.copyOf(headers);
  }

  private Refusal(int status, String name, String message) {
    this(status, name, message, Map.of());
  }

  static Refusal malformed(String message) {
    return new Refusal(400, "InvalidInput", message);
  }

  static Refusal malformed(int status, String message) {
    return new Refusal(status, "InvalidInput", message);
  }

  static Refusal forbidden(String message) {
    return new Refusal(403, "Forbidden", message);
  }

  /// The same to everybody whose token does not hold, whatever is wrong with it.
  static Refusal unauthorized() {
    return new Refusal(
        401,
        "Forbidden",
        "a token is needed here: Authorization: Bearer SECRET; see remanence token create",
        Map.of("WWW-Authenticate", "Bearer realm=\"remanence\""));
  }

  static Refusal notFound() {
    return new Refusal(404, "NotFound", "there is no such resource; see /openapi.json");
  }

  static Refusal notAllowed(String allowed) {
    return new Refusal(
        405, "InvalidInput", "this resource has the methods " + allowed, Map.of("Allow", allowed));
  }

  static Refusal tooLarge(String message) {
    return new Refusal(413, "TooLarge", message);
  }

  static Refusal busy(String message) {
    return new Refusal(503, "Busy", message, Map.of("Retry-After", "1"));
  }

  Reply reply() {
    var error =
        Json.object().put("name", name).put("message", String.valueOf(getMessage())).build();
    return Reply.json(status, Json.object().put("error", error).build()).with(headers);
  }
}
