package dev.remanence.daemon.http;

import dev.remanence.Grant;
import dev.remanence.Json;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.Verb;
import dev.remanence.daemon.protocol.Calls;
import dev.remanence.daemon.protocol.Method;
import dev.remanence.daemon.protocol.Method.Group;
import dev.remanence.daemon.protocol.Protocol;
import dev.remanence.daemon.protocol.Type;
import dev.remanence.daemon.server.Reception;
import dev.remanence.daemon.server.Sessions;
import java.util.Locale;
import java.util.Objects;

/// Whoever makes a request, once the [Doorkeeper] has let it in: the calls it may make.
///
/// What a grant says of scopes and memories, the engine holds against every call. Here is refused
/// what no grant is about: files of this machine, the connection, the store as a whole.
///
/// @param isLocal whether the caller itself is on this machine
record Guest(Reception reception, Sessions.Session session, boolean isLocal) implements Calls {
  Grant grant() {
    return session.caller().grant();
  }

  @Override
  public Json dispatch(String name, Json.Obj params, Progress progress) {
    var scope = params.get("scope") instanceof Json.Str(var text) ? text : Protocol.STANDARD_SCOPE;
    return reception.account(
        session,
        name,
        scope,
        () -> {
          require(Objects.requireNonNull(Protocol.method(name)), params);
          return new Protocol(session.store(), Protocol.STANDARD_SCOPE)
              .dispatch(name, params, progress);
        });
  }

  private void require(Method method, Json.Obj params) {
    if (method.isOfConnection()) {
      throw new Forbidden(
          method.name() + " is about a connection to the owner's socket; HTTP has none",
          "method",
          method.name());
    }
    if (!grant().verbs().contains(method.verb())) {
      throw new Forbidden(
          "this token may not " + method.verb().name().toLowerCase(Locale.ROOT),
          "method",
          method.name());
    }
    if (method.group() == Group.CARE && !grant().isForAllScopes()) {
      throw new Forbidden(
          method.name() + " concerns the store as a whole: a token needs the scopes ** for it",
          "method",
          method.name());
    }
    for (var parameter : method.parameters()) {
      var value = params.get(parameter.name());
      boolean given = value != null && !(value instanceof Json.Null);
      if (given && parameter.type() == Type.PATH && !mayUseFiles()) {
        throw new Forbidden(
            parameter.name()
                + " is a file of the store's machine: only a caller on it, with admin on **, may"
                + " name one",
            "method",
            method.name(),
            "field",
            parameter.name());
      }
    }
  }

  private boolean mayUseFiles() {
    return isLocal && grant().isForAllScopes() && grant().verbs().contains(Verb.ADMIN);
  }
}
