package dev.remanence.daemon.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.remanence.Caller;
import dev.remanence.Json;
import dev.remanence.Remanence;
import dev.remanence.Watch;
import dev.remanence.WatchEvent;
import dev.remanence.daemon.protocol.Events;
import dev.remanence.daemon.protocol.Protocol;
import dev.remanence.daemon.protocol.RpcLine;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A link without a wire: every call becomes the bytes of a line, and the bytes of the answer are
/// read again, over a store in this process.
final class LineLink implements Link {
  private final Remanence served;
  private final Protocol protocol;

  LineLink(Remanence served) {
    this.served = served;
    // A caller must not depend on the scope that the owner would fill in.
    this.protocol = new Protocol(served, "nowhere");
  }

  @Override
  public Json call(String method, Json.Obj params, Remanence.Progress progress) {
    var line =
        Json.object()
            .put("jsonrpc", "2.0")
            .put("id", 1)
            .put("method", method)
            .put("params", params)
            .build()
            .toString()
            .getBytes(UTF_8);
    var rpc = new RpcLine((name, given, _) -> protocol.dispatch(name, given, progress));
    var answer = line.length > RpcLine.LINE_BYTES_MAX ? RpcLine.tooLong() : rpc.answer(line);
    return RpcLine.resultOf((Json.Obj) Json.parse(requireNonNull(answer).getBytes(UTF_8)));
  }

  @Override
  public Watch watch(
      @Nullable String scope,
      boolean recursive,
      @Nullable Long since,
      Consumer<WatchEvent> consumer) {
    return served.watch(
        scope,
        recursive,
        since,
        event -> {
          var line = Events.of(event).toString().getBytes(UTF_8);
          consumer.accept(Decoded.event(Answer.of(Json.parse(line))));
        });
  }

  @Override
  public Link session(Caller caller) {
    return new LineLink(served.session(caller));
  }

  @Override
  public void close() {
    served.close();
  }
}
