package dev.remanence.cli;

import dev.remanence.Json;
import dev.remanence.Remanence.Progress;
import dev.remanence.daemon.client.OwnerCalls;
import dev.remanence.daemon.wire.Spool;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// A store that another process owns. What is a stream here passes through a private temporary
/// file, which the owner reads or writes.
final class OwnerReach implements Reach {
  private final OwnerCalls calls;

  OwnerReach(OwnerCalls calls) {
    this.calls = calls;
  }

  @Override
  public Json dispatch(String method, Json.Obj params, Progress progress) {
    return calls.dispatch(method, params, progress);
  }

  @Override
  public void exportTo(OutputStream out, Progress progress) {
    try (var spool = Spool.make()) {
      dispatch("export", Json.object().put("file", spool.file().toString()).build(), progress);
      spool.copyTo(out);
    }
  }

  @Override
  public Json importFrom(InputStream in, Json.Obj params, Progress progress) {
    try (var spool = Spool.make()) {
      spool.copyFrom(in);
      var fields = new LinkedHashMap<>(params.fields());
      fields.put("file", Json.of(spool.file().toString()));
      return dispatch("import", new Json.Obj(fields), progress);
    }
  }

  @Override
  public byte @Nullable [] answer(byte[] line) {
    return calls.answer(line);
  }

  @Override
  public void close() {
    calls.close();
  }
}
