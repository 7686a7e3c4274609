package dev.remanence.daemon.client;

import dev.remanence.Json;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.Timeout;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.StoreCare;
import dev.remanence.daemon.Daemon;
import dev.remanence.daemon.protocol.Conversation.Hello;
import dev.remanence.daemon.wire.Endpoint;
import dev.remanence.daemon.wire.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Finds the owner of a store, or starts the daemon that becomes it.
public final class Owners {
  private static final Duration START = Duration.ofSeconds(30);
  private static final long PAUSE_MILLIS = 5;

  private Owners() {}

  /// A connection to the owner, or null where nobody serves the store.
  public static @Nullable RpcClient find(Path store, Hello hello) {
    var endpoint = Endpoint.read(store);
    if (endpoint == null) {
      return null;
    }
    try {
      return RpcClient.connect(endpoint, hello);
    } catch (IOException _) {
      // What is left of an owner that was killed, or that is just ending.
      return null;
    }
  }

  /// A connection to the owner, who is started where there is none.
  ///
  /// @param create whether a store that is not there is made
  public static RpcClient findOrStart(Path directory, Hello hello, boolean create) {
    var store = directory.toAbsolutePath().normalize();
    long deadline = System.nanoTime() + START.toNanos();
    while (true) {
      var found = find(store, hello);
      if (found != null) {
        return found;
      }
      StoreCare.requirePlace(store, create);
      try (var starting = lockStart(store)) {
        if (starting != null) {
          var started = start(store, hello, create, deadline);
          if (started != null) {
            return started;
          }
        }
      } catch (IOException e) {
        throw new Unavailable(
            "the daemon of the store " + store + " cannot be started: " + e.getMessage(), e);
      }
      if (System.nanoTime() > deadline) {
        throw new Unavailable(
            "nobody serves the store "
                + store
                + " after "
                + START.toSeconds()
                + " s; see "
                + Daemon.log(store),
            null,
            "store",
            store.toString());
      }
      pause();
    }
  }

  /// Asks the owner to end, and waits until the store is free.
  public static Json stop(Path store, RpcClient owner) {
    var pid = owner.welcome().number("pid");
    var answer = owner.call("stop", Json.object().build(), Progress.NONE);
    var process = pid == null ? Optional.<ProcessHandle>empty() : ProcessHandle.of(pid.longValue());
    long deadline = System.nanoTime() + START.toNanos();
    while (process.isPresent() && process.get().isAlive()) {
      if (System.nanoTime() > deadline) {
        throw new Timeout(
            "process " + pid + " still has the store after " + START.toSeconds() + " s",
            "pid",
            process.get().pid());
      }
      pause();
    }
    return answer;
  }

  /// Taken by the one that starts the daemon; null for the others, who wait for its endpoint.
  private static @Nullable FileChannel lockStart(Path store) throws IOException {
    Daemon.createDirectory(store);
    var run = Endpoint.directory(store);
    PrivateFiles.createDirectory(run, store);
    var channel =
        FileChannel.open(run.resolve("start"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException _) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      return null;
    }
    return channel;
  }

  /// Starts the daemon and waits until it serves; null where somebody else owns the store.
  private static @Nullable RpcClient start(Path store, Hello hello, boolean create, long deadline)
      throws IOException {
    // Another caller may have started it while this one looked.
    var there = find(store, hello);
    if (there != null) {
      return there;
    }
    var process = Daemon.start(store, create);
    while (System.nanoTime() < deadline) {
      var found = find(store, hello);
      if (found != null) {
        return found;
      }
      try {
        if (process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          return ended(process, store, hello);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the daemon starts", e);
      }
    }
    return null;
  }

  /// The daemon ended before it served: because somebody owns the store, or because of a failure
  /// that it told.
  private static @Nullable RpcClient ended(Process process, Path store, Hello hello)
      throws IOException {
    if (process.exitValue() == 0) {
      return find(store, hello);
    }
    throw Daemon.failure(store, process.exitValue());
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while waiting for the store's owner", e);
    }
  }
}
