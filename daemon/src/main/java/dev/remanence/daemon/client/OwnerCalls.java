package dev.remanence.daemon.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException;
import dev.remanence.daemon.protocol.Calls;
import dev.remanence.daemon.protocol.Conversation.Hello;
import dev.remanence.daemon.protocol.Method;
import dev.remanence.daemon.protocol.Protocol;
import dev.remanence.daemon.protocol.RpcLine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Calls to the owner of a store, one after the other, whoever that is at the time: where the owner
/// ends, what was not sent, and what only reads, goes to the next one.
public final class OwnerCalls implements Calls, AutoCloseable {
  private static final int TRIES = 5;

  private final Function<Hello, RpcClient> connecting;
  private final Hello hello;
  private @Nullable RpcClient client;

  /// @param connecting finds or starts the owner; throws where there is none
  public OwnerCalls(Function<Hello, RpcClient> connecting, Hello hello) {
    this.connecting = connecting;
    this.hello = hello;
  }

  private synchronized RpcClient client() {
    var present = client;
    if (present == null || present.isBroken()) {
      present = connecting.apply(hello);
      client = present;
    }
    return present;
  }

  @Override
  public Json dispatch(String name, Json.Obj params, Progress progress) {
    var method = Protocol.method(name);
    for (int tried = 1; ; tried++) {
      try {
        return client().call(name, params, progress);
      } catch (ConnectionLost lost) {
        boolean again = !lost.wasSent() || (method != null && method.isRepeatable());
        if (!again || tried == TRIES) {
          throw lost.told(name);
        }
      }
    }
  }

  /// The answer to a line as it came from somewhere else; null where none is due.
  public byte @Nullable [] answer(byte[] line) {
    List<Request> requests;
    try {
      requests = requests(Json.parse(line));
    } catch (RemanenceException _) {
      // Malformed: the owner says how.
      requests = List.of(new Request(Json.ofNull(), null));
    }
    boolean due = requests.stream().anyMatch(request -> request.id != null);
    for (int tried = 1; ; tried++) {
      try {
        return client().relay(line, due);
      } catch (ConnectionLost lost) {
        boolean again = !lost.wasSent() || requests.stream().allMatch(Request::isRepeatable);
        if (!again || tried == TRIES) {
          return due ? refusals(requests, lost).toString().getBytes(UTF_8) : null;
        }
      } catch (RemanenceException e) {
        return due ? refusals(requests, e).toString().getBytes(UTF_8) : null;
      }
    }
  }

  /// @param id null for a notification
  /// @param method null where it is unknown
  private record Request(@Nullable Json id, @Nullable Method method) {
    boolean isRepeatable() {
      return method != null && method.isRepeatable();
    }
  }

  private static List<Request> requests(Json message) {
    var requests = new ArrayList<Request>();
    switch (message) {
      case Json.Arr(var items) when !items.isEmpty() -> {
        for (var item : items) {
          requests.add(request(item));
        }
      }
      default -> requests.add(request(message));
    }
    return requests;
  }

  /// What is no well-formed request is answered, with an error.
  private static Request request(Json message) {
    if (!(message instanceof Json.Obj request)
        || !(request.get("method") instanceof Json.Str(var name))
        || !(request.get("jsonrpc") instanceof Json.Str(var version))
        || !version.equals("2.0")) {
      return new Request(Json.ofNull(), null);
    }
    return new Request(request.get("id"), Protocol.method(name));
  }

  private static Json refusals(List<Request> requests, ConnectionLost lost) {
    var method = requests.getFirst().method;
    return refusals(requests, lost.told(method == null ? "the call" : method.name()));
  }

  private static Json refusals(List<Request> requests, RemanenceException failure) {
    var refusals = new ArrayList<Json>();
    for (var request : requests) {
      if (request.id != null) {
        refusals.add(RpcLine.refusal(request.id, failure));
      }
    }
    return requests.size() == 1 ? refusals.getFirst() : Json.array(refusals);
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
    }
  }
}
