package dev.remanence.daemon.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.daemon.protocol.CallLog;
import dev.remanence.daemon.wire.PrivateFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// `logs/live.jsonl`: a line a call, with who, what, where, how long and how it ended; no text of
/// memories or questions. Written a few times a second, by one thread; what comes faster than the
/// disk takes it is counted and left out, since a log must not hold up calls.
final class LiveLog implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.remanence");
  private static final int WAITING_MAX = 1 << 16;
  private static final long PAUSE_MILLIS = 200;

  private final List<Path> kept;
  private final long bytesMax;
  private final BlockingQueue<Call> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final LongAdder leftOut = new LongAdder();

  /// Guards the files.
  private final Object files = new Object();

  private final Thread thread;
  private volatile boolean closed;

  /// One call, as the log tells it.
  ///
  /// @param failure the name of what it failed with
  record Call(
      Instant time,
      String session,
      String tool,
      String method,
      @Nullable String scope,
      long micros,
      @Nullable String failure) {
    private Json.Obj json() {
      var json =
          Json.object()
              .put("time", time.toString())
              .put("session", session)
              .put("tool", tool)
              .put("method", method);
      if (scope != null) {
        json.put("scope", scope);
      }
      json.put("ms", micros / 1000.0);
      return json.put("outcome", failure == null ? "ok" : failure).build();
    }
  }

  /// @param bytesMax of one file, before the next is begun
  LiveLog(Path store, long bytesMax) throws IOException {
    this.kept = CallLog.files(store);
    this.bytesMax = bytesMax;
    PrivateFiles.createDirectory(CallLog.directory(store), store);
    thread = Thread.ofPlatform().daemon().name("remanence-log").start(this::work);
  }

  void tell(Call call) {
    if (!waiting.offer(call)) {
      leftOut.increment();
    }
  }

  long leftOut() {
    return leftOut.sum();
  }

  private void work() {
    while (!closed) {
      try {
        Thread.sleep(PAUSE_MILLIS);
        flush();
      } catch (InterruptedException _) {
        return;
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "the live log was not written: " + e.getMessage());
      }
    }
  }

  private void flush() throws IOException {
    synchronized (files) {
      var calls = new ArrayList<Call>();
      waiting.drainTo(calls);
      if (calls.isEmpty()) {
        return;
      }
      var lines = new ByteArrayOutputStream();
      for (var call : calls) {
        lines.writeBytes((call.json() + "\n").getBytes(UTF_8));
      }
      var file = kept.getFirst();
      if (Files.exists(file) && Files.size(file) + lines.size() > bytesMax) {
        rotate();
      }
      if (!Files.exists(file)) {
        PrivateFiles.write(file, new byte[0]);
      }
      Files.write(file, lines.toByteArray(), StandardOpenOption.APPEND);
    }
  }

  private void rotate() throws IOException {
    for (int i = kept.size() - 1; i > 0; i--) {
      if (Files.exists(kept.get(i - 1))) {
        Files.move(kept.get(i - 1), kept.get(i), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /// Takes every line out that names one of these scopes.
  void forget(Collection<String> scopes) throws IOException {
    synchronized (files) {
      flush();
      forget(kept, scopes);
    }
  }

  /// The same where nobody writes to the log of a store.
  static void forget(Path store, Collection<String> scopes) throws IOException {
    forget(CallLog.files(store), scopes);
  }

  private static void forget(List<Path> kept, Collection<String> scopes) throws IOException {
    for (var file : kept) {
      forgetIn(file, scopes);
    }
  }

  private static void forgetIn(Path file, Collection<String> scopes) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, UTF_8);
    } catch (NoSuchFileException _) {
      return;
    }
    var kept = lines.stream().filter(line -> !names(line, scopes)).toList();
    if (kept.size() < lines.size()) {
      var text = String.join("\n", kept) + (kept.isEmpty() ? "" : "\n");
      PrivateFiles.write(file, text.getBytes(UTF_8));
    }
  }

  private static boolean names(String line, Collection<String> scopes) {
    try {
      return Json.parse(line) instanceof Json.Obj call
          && call.get("scope") instanceof Json.Str(var scope)
          && scopes.contains(scope);
    } catch (RemanenceException _) {
      // Half a line, which a crash left: nobody can tell what it names.
      return true;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      flush();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the live log was not written: " + e.getMessage());
    }
  }
}
