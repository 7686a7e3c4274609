package dev.remanence.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.StoreLocked;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.daemon.http.HttpSettings;
import dev.remanence.daemon.http.HttpSurface;
import dev.remanence.daemon.protocol.ExitCode;
import dev.remanence.daemon.protocol.RpcLine;
import dev.remanence.daemon.protocol.Times;
import dev.remanence.daemon.server.Owner;
import dev.remanence.daemon.wire.Endpoint;
import dev.remanence.daemon.wire.PrivateFiles;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The process that owns a store on behalf of everyone else: it opens the store, serves it, and
/// ends when it is told to, gets a SIGTERM, or has had no caller for a while.
public final class Daemon {
  private static final System.Logger LOG = System.getLogger("dev.remanence");
  private static final Duration IDLE = Duration.ofMinutes(15);
  private static final long LOG_BYTES_MAX = 4L << 20;
  private static final long LOOK_MILLIS = 500;

  private final Path store;
  private final boolean create;
  private final @Nullable Duration idle;
  private final @Nullable HttpSettings http;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  /// One that is reached by its socket alone.
  ///
  /// @param idle for how long nobody may be connected; null for ever
  public Daemon(Path store, boolean create, @Nullable Duration idle) {
    this(store, create, idle, null);
  }

  /// One that may be reached over HTTP too.
  ///
  /// @param idle for how long nobody may be connected; null for ever
  /// @param http how to be reached over HTTP; null where nobody asked for it
  public Daemon(Path store, boolean create, @Nullable Duration idle, @Nullable HttpSettings http) {
    this.store = store;
    this.create = create;
    this.idle = idle;
    this.http = http;
  }

  /// `--store DIR [--create] [--idle DURATION|never]`
  public static void main(String[] arguments) {
    Path store = null;
    boolean create = false;
    var idle = System.getenv().getOrDefault("REMANENCE_IDLE", "");
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--store" -> store = Path.of(arguments[++i]);
        case "--create" -> create = true;
        case "--idle" -> idle = arguments[++i];
        default -> throw new IllegalArgumentException(arguments[i]);
      }
    }
    if (store == null) {
      throw new IllegalArgumentException("--store is missing");
    }
    System.exit(runDetached(store, create, idle).number());
  }

  /// Runs as the process that a caller started, and leaves a note for it where that fails.
  private static ExitCode runDetached(Path store, boolean create, String idle) {
    try {
      var http = HttpSettings.ofEnvironment(System.getenv());
      // Whoever calls over HTTP cannot start a daemon: one that serves them stays.
      var lasts = http != null && idle.isEmpty() ? "never" : idle;
      new Daemon(store, create, idle(lasts), http).run();
      return ExitCode.DONE;
    } catch (StoreLocked _) {
      // Somebody else owns it: whoever started this process finds them.
      return ExitCode.DONE;
    } catch (RemanenceException e) {
      LOG.log(System.Logger.Level.ERROR, "the daemon cannot serve: " + e.getMessage());
      try {
        PrivateFiles.write(note(store), RpcLine.error(e).toString().getBytes(UTF_8));
      } catch (IOException failure) {
        LOG.log(System.Logger.Level.ERROR, "nor say so: " + failure.getMessage());
      }
      return ExitCode.of(e);
    }
  }

  /// What is said of the time without a caller: a duration, `never`, or nothing.
  public static @Nullable Duration idle(String text) {
    return switch (text) {
      case "" -> IDLE;
      case "never" -> null;
      default -> Times.duration("idle", text);
    };
  }

  /// Owns and serves the store until it is told to stop, by a call, a signal, or the time without a
  /// caller. Throws StoreLocked where somebody else owns it.
  public void run() {
    var options =
        OpenOptions.DEFAULT.create(create).tool("daemon").shared(false).lockWait(Duration.ZERO);
    try (var owned = Remanence.open(store, options)) {
      // A signal ends the process only when the store is closed, and then in peace.
      var hook =
          new Thread(
              () -> {
                stopped.countDown();
                awaitUninterruptibly(closed);
                Runtime.getRuntime().halt(ExitCode.DONE.number());
              },
              "remanence-signal");
      Runtime.getRuntime().addShutdownHook(hook);
      try (var owner = Owner.serve(owned, Owner.Settings.ofEnvironment(), stopped::countDown);
          var surface = http == null ? null : HttpSurface.open(owner.reception(), http)) {
        LOG.log(System.Logger.Level.INFO, "serving " + store);
        awaitEnd(owner, surface);
        LOG.log(System.Logger.Level.INFO, "ending");
      }
    } finally {
      closed.countDown();
    }
  }

  /// Ends a daemon that runs in this process.
  public void stop() {
    stopped.countDown();
  }

  private void awaitEnd(Owner owner, @Nullable HttpSurface surface) {
    try {
      while (!stopped.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (idle != null
            && owner.idle().compareTo(idle) > 0
            && (surface == null || surface.idle().compareTo(idle) > 0)) {
          return;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean done = false;
    while (!done) {
      try {
        latch.await();
        done = true;
      } catch (InterruptedException _) {
        // A process that ends has nothing else to do.
      }
    }
  }

  // Starting

  /// What the daemon of a store says.
  public static Path log(Path store) {
    return store.resolve("logs").resolve("daemon.log");
  }

  private static Path note(Path store) {
    return Endpoint.directory(store).resolve("failure");
  }

  /// Makes the directory of a store that may not be there yet.
  public static void createDirectory(Path store) throws IOException {
    if (Files.notExists(store)) {
      var parent = store.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
        PrivateFiles.createDirectory(store, parent);
      }
    }
  }

  /// Starts the daemon of a store as a process of its own, which outlives this one and its
  /// terminal.
  public static Process start(Path store, boolean create) throws IOException {
    PrivateFiles.createDirectory(store.resolve("logs"), store);
    Files.deleteIfExists(note(store));
    var log = log(store);
    if (Files.exists(log) && Files.size(log) > LOG_BYTES_MAX) {
      Files.move(log, log.resolveSibling("daemon.1.log"), StandardCopyOption.REPLACE_EXISTING);
    }
    if (Files.notExists(log)) {
      PrivateFiles.write(log, new byte[0]);
    }
    return new ProcessBuilder(detached(command(store, create)))
        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
        .redirectOutput(Redirect.appendTo(log.toFile()))
        .redirectError(Redirect.appendTo(log.toFile()))
        .directory(store.toFile())
        .start();
  }

  private static List<String> command(Path store, boolean create) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Vectors are compared many times faster with it, and nothing is told where it is missing.
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Xlog:disable",
            "-Xlog:all=error:stderr"));
    for (var name : System.getProperties().stringPropertyNames()) {
      // Where the launcher laid the native libraries, and what it found to load faster.
      if (name.startsWith("org.sqlite.lib")
          || name.equals("ZstdNativePath")
          || name.equals("jdk.util.jar.version")) {
        command.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    var cache = System.getProperty("remanence.daemon.aot");
    if (cache != null) {
      command.add("-XX:AOTCache=" + cache);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Daemon.class.getName()));
    command.addAll(List.of("--store", store.toString()));
    if (create) {
      command.add("--create");
    }
    return command;
  }

  /// A session of its own, so that no signal of the terminal reaches it; where there is no setsid,
  /// those signals are ignored, which Java keeps.
  private static List<String> detached(List<String> command) {
    var shell =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                "-c",
                "command -v setsid >/dev/null 2>&1 && exec setsid \"$@\"; trap '' HUP INT; exec \"$@\"",
                "remanence-daemon"));
    shell.addAll(command);
    return shell;
  }

  /// Why a daemon that was started has ended.
  public static RemanenceException failure(Path store, int exit) {
    try {
      if (Json.parse(Files.readAllBytes(note(store))) instanceof Json.Obj error) {
        return RpcLine.failure(error);
      }
    } catch (IOException | RemanenceException _) {
      // It had no time to leave a note.
    }
    return new Unavailable(
        "the daemon of the store " + store + " ended with " + exit + "; see " + log(store),
        null,
        "store",
        store.toString());
  }
}
