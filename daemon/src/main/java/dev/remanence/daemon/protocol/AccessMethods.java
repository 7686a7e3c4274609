package dev.remanence.daemon.protocol;

import static dev.remanence.daemon.protocol.Method.Group.ACCESS;
import static dev.remanence.daemon.protocol.Parameter.optional;
import static dev.remanence.daemon.protocol.Parameter.required;

import dev.remanence.daemon.protocol.Conversation.Admission;
import java.util.List;
import java.util.Objects;

/// The methods `token.*`: who may call over HTTP. Only an owner answers them, and only on its
/// socket, so that no token can make another.
final class AccessMethods {
  private static final String TOKEN =
      "{id, tool, verbs[], scopes[], createdAt, expires?, lastUsed?}";

  private AccessMethods() {}

  static List<Method> methods() {
    return List.of(
        Method.of(
            "token.create",
            ACCESS,
            "Makes a token for callers over HTTP, and tells its secret this once.",
            List.of(
                required("tool", Type.TEXT, "under which what it writes is recorded"),
                required("verbs", Type.STRINGS, "some of `read`, `write`, `erase`, `admin`"),
                required("scopes", Type.STRINGS, "patterns: `acme`, `acme/*`, `acme/**`, `**`"),
                optional("expires", Type.DURATION, "how long it lasts; for ever unless told")),
            "{id, tool, verbs[], scopes[], createdAt, expires?, secret}",
            (conversation, params) ->
                conversation.createToken(
                    new Admission(
                        params.text("tool"),
                        Objects.requireNonNullElse(params.optionalStrings("verbs"), List.of()),
                        Objects.requireNonNullElse(params.optionalStrings("scopes"), List.of()),
                        params.optionalDuration("expires")))),
        Method.of(
            "token.list",
            ACCESS,
            "Lists the tokens, without their secrets.",
            List.of(),
            "{tokens[" + TOKEN + "]}",
            (conversation, _) ->
                new Shape().list("tokens", conversation.tokens(), token -> token).build()),
        Method.of(
            "token.revoke",
            ACCESS,
            "Ends a token at once.",
            List.of(required("id", Type.TEXT, "the token's id")),
            "{revoked}",
            (conversation, params) -> {
              var id = params.text("id");
              conversation.revokeToken(id);
              return new Shape().put("revoked", id).build();
            }));
  }
}
