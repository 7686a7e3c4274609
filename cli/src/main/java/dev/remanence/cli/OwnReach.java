package dev.remanence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Progress;
import dev.remanence.daemon.protocol.Protocol;
import dev.remanence.daemon.protocol.RpcLine;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// A store that the command opens itself. It is closed at the end of the command, or by the signal
/// that ends it earlier.
final class OwnReach implements Reach {
  private final Remanence store;
  private final Protocol protocol;
  private final RpcLine rpc;
  private final Thread hook;

  OwnReach(Remanence store, String scope) {
    this.store = store;
    this.protocol = new Protocol(store, scope);
    this.rpc = new RpcLine(protocol);
    this.hook = new Thread(store::close, "remanence-close");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public Json dispatch(String method, Json.Obj params, Progress progress) {
    return protocol.dispatch(method, params, progress);
  }

  @Override
  public void exportTo(OutputStream out, Progress progress) {
    protocol.exportTo(out, progress);
  }

  @Override
  public Json importFrom(InputStream in, Json.Obj params, Progress progress) {
    return protocol.importFrom(in, params, progress);
  }

  @Override
  public byte @Nullable [] answer(byte[] line) {
    var answer = rpc.answer(line);
    return answer == null ? null : answer.getBytes(UTF_8);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      return; // A signal came, and the hook closes.
    }
    store.close();
  }
}
