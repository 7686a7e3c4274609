package dev.remanence.daemon.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Busy;
import dev.remanence.daemon.protocol.HttpStatus;
import dev.remanence.daemon.protocol.RpcLine;
import java.util.LinkedHashMap;
import java.util.Map;

/// An answer over HTTP that is whole before it is sent.
record Reply(int status, Map<String, String> headers, byte[] body) {
  private static final byte[] NOTHING = {};

  static Reply json(int status, Json json) {
    return text(status, "application/json", json.toString());
  }

  static Reply text(int status, String type, String text) {
    return new Reply(status, Map.of("Content-Type", type), text.getBytes(UTF_8));
  }

  static Reply nothing(int status) {
    return new Reply(status, Map.of(), NOTHING);
  }

  /// A failure of the engine: `{error: {name, message, …facts}}`.
  static Reply of(RemanenceException failure) {
    return of(HttpStatus.of(failure), failure);
  }

  static Reply of(int status, RemanenceException failure) {
    var error =
        Json.object()
            .put("name", failure.name())
            .put("message", String.valueOf(failure.getMessage()));
    if (RpcLine.error(failure).get("data") instanceof Json.Obj data) {
      data.fields()
          .forEach((name, fact) -> {
            if (!name.equals("name") && !name.equals("message")) {
              error.put(name, fact);
            }
          });
    }
    var reply = json(status, Json.object().put("error", error.build()).build());
    return failure instanceof Busy ? reply.with(Map.of("Retry-After", "1")) : reply;
  }

  static Reply fault(Throwable fault) {
    var error =
        Json.object()
            .put("name", "Fault")
            .put("message", "a fault of ours: " + fault.getClass().getSimpleName());
    return json(HttpStatus.FAULT, Json.object().put("error", error.build()).build());
  }

  Reply with(Map<String, String> more) {
    var all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new Reply(status, all, body);
  }
}
