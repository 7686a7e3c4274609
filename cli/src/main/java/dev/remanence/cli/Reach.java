package dev.remanence.cli;

import dev.remanence.Json;
import dev.remanence.Remanence.Progress;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// How a command reaches its store: through the process that owns it ([OwnerReach]), or by owning
/// it for as long as the command runs ([OwnReach]).
interface Reach extends AutoCloseable {
  Json dispatch(String method, Json.Obj params, Progress progress);

  /// `export` into a stream that the command has open.
  void exportTo(OutputStream out, Progress progress);

  /// `import` from a stream that the command has open.
  Json importFrom(InputStream in, Json.Obj params, Progress progress);

  /// The answer to a line of JSON-RPC, or null where none is due.
  byte @Nullable [] answer(byte[] line);

  @Override
  void close();
}
