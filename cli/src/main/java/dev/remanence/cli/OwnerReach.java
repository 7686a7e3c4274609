package dev.remanence.cli;

import dev.remanence.Json;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.daemon.client.OwnerCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
    throughFile(file -> {
      dispatch("export", Json.object().put("file", file.toString()).build(), progress);
      Files.copy(file, out);
      return file;
    });
  }

  @Override
  public Json importFrom(InputStream in, Json.Obj params, Progress progress) {
    return throughFile(file -> {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      var fields = new LinkedHashMap<>(params.fields());
      fields.put("file", Json.of(file.toString()));
      return dispatch("import", new Json.Obj(fields), progress);
    });
  }

  @FunctionalInterface
  private interface OverFile<T> {
    T run(Path file) throws IOException;
  }

  private static <T> T throughFile(OverFile<T> use) {
    try {
      // Only the user can read what is made like this.
      var directory = Files.createTempDirectory("remanence-");
      var file = directory.resolve("stream");
      try {
        return use.run(file);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new Unavailable(
          "what is exported or imported could not pass through a temporary file: " + e.getMessage(),
          e);
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
