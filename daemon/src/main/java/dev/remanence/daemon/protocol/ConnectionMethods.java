package dev.remanence.daemon.protocol;

import static dev.remanence.daemon.protocol.Method.Group.CONNECTION;
import static dev.remanence.daemon.protocol.Parameter.optional;
import static dev.remanence.daemon.protocol.Parameter.required;
import static dev.remanence.daemon.protocol.Parameter.standard;

import dev.remanence.Caller;
import dev.remanence.Grant;
import dev.remanence.Limits;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.Verb;
import dev.remanence.daemon.protocol.Conversation.Hello;
import java.util.List;

/// The methods about a connection itself, which only an owner answers: `hello`, `heartbeat`,
/// `goodbye`, `activity`, `watch`, `unwatch`, `stop`.
final class ConnectionMethods {
  private static final int PROTOCOL_STANDARD = 1;

  private ConnectionMethods() {}

  static List<Method> methods() {
    return List.of(
        Method.of(
            "hello",
            CONNECTION,
            "Says who calls: the first request of a connection. What is written later carries it.",
            List.of(
                required("tool", Type.TEXT, "the program's name"),
                optional("version", Type.TEXT, "the program's version"),
                optional("pid", Type.INTEGER, "the program's process"),
                optional(
                    "verbs",
                    Type.STRINGS,
                    "some of `read`, `write`, `erase`, `admin`, to be held to; all unless told"),
                optional(
                    "scopes",
                    Type.STRINGS,
                    "patterns such as `acme/**`, to be held to; all unless told"),
                optional("session", Type.ID, "an open session, to join it"),
                optional("scope", Type.SCOPE, "for calls that name none"),
                standard("protocol", Type.INTEGER, "1", "what the caller speaks"),
                optional("progress", Type.BOOLEAN, "send `progress` notifications of long calls"),
                optional("time", Type.TIME, "the caller's clock, which `doctor` compares"),
                optional("token", Type.TEXT, "what `run/endpoint` says, on a loopback port")),
            "{session, version, protocol, pid, store}",
            (conversation, params) -> conversation.hello(hello(params))),
        Method.of(
            "heartbeat",
            CONNECTION,
            "Says that the caller is alive, and hears that the owner is.",
            List.of(),
            "{}",
            (_, _) -> new Shape().build()),
        Method.of(
            "goodbye",
            CONNECTION,
            "Ends the session; the connection is closed after the answer.",
            List.of(),
            "{}",
            (conversation, _) -> {
              conversation.goodbye();
              return new Shape().build();
            }),
        Method.of(
            "activity",
            CONNECTION,
            "Answers what goes on in the owner: connections, sessions, calls and their latencies.",
            List.of(),
            "{pid, version, store, uptimeSeconds, connections, inHand, sessions[{session, tool, pid,"
                + " version?, skewMillis?, connections, calls, since}], methods[{method, calls, failures, p50Micros,"
                + " p99Micros}], heapBytes, residentBytes}",
            (conversation, _) -> conversation.activity()),
        Method.of(
            "watch",
            CONNECTION,
            "Tells each revision that is recorded, from now on or since a position, by `watch`"
                + " notifications on this connection. It has one watch at a time.",
            List.of(
                optional("scope", Type.SCOPE, "only this scope; all of the store unless told"),
                optional("recursive", Type.BOOLEAN, "the scope's descendants too"),
                optional("since", Type.INTEGER, "the position after which to begin")),
            "{position}; then `{position, id, scope, revision, change, recordedAt, session?, tool?}`"
                + " in the params of each notification",
            (conversation, params) -> {
              var since = params.optionalNumber("since");
              var scope = params.optionalText("scope");
              return conversation.watch(
                  scope == null ? null : Limits.scope(scope),
                  params.flag("recursive"),
                  since == null ? null : position(since));
            }),
        Method.of(
            "unwatch",
            CONNECTION,
            "Ends the watch of this connection.",
            List.of(),
            "{}",
            (conversation, _) -> {
              conversation.unwatch();
              return new Shape().build();
            }),
        Method.of(
            "stop",
            CONNECTION,
            "Ends the daemon once the calls in hand are answered.",
            List.of(),
            "{stopping}",
            (conversation, _) -> {
              conversation.stop();
              return new Shape().put("stopping", true).build();
            }));
  }

  /// Positions outgrow what other integers hold.
  private static long position(double since) {
    if (since != (long) since) {
      throw new InvalidInput(
          "since is the position of an event; found a fraction", "field", "since");
    }
    return (long) since;
  }

  private static Hello hello(Params params) {
    var pid = params.optionalInteger("pid");
    var protocol = params.optionalInteger("protocol");
    return new Hello(
        new Caller(params.text("tool"), pid == null ? 0 : pid, grant(params)),
        params.optionalText("version"),
        params.optionalId("session"),
        params.optionalText("scope"),
        protocol == null ? PROTOCOL_STANDARD : protocol,
        params.flag("progress"),
        params.optionalTime("time"),
        params.optionalText("token"));
  }

  private static Grant grant(Params params) {
    var scopes = params.optionalStrings("scopes");
    return new Grant(
        params.has("verbs") ? params.choices("verbs", Verb.class) : Grant.ALL.verbs(),
        scopes == null ? Grant.ALL.patterns() : scopes);
  }
}
