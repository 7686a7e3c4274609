package dev.remanence.daemon.client;

import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.RemanenceException.StoreLocked;
import dev.remanence.daemon.server.Owner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Finds the next owner of a store that a program had attached to, or makes this process the owner,
/// which then serves the others. Thread-safe: of many callers one succeeds, for all.
final class Succession implements AutoCloseable {
  private static final long PAUSE_MILLIS = 10;

  private final Path store;
  private final OpenOptions options;
  private @Nullable Remanence own;
  private @Nullable Owner serving;
  private boolean closed;

  Succession(Path store, OpenOptions options) {
    this.store = store;
    this.options = options;
  }

  Path store() {
    return store;
  }

  /// A connection to the owner, or the store itself where this process owns it.
  record Found(@Nullable RpcClient client, @Nullable Remanence own) {}

  /// @param find connects to the owner that serves now; null where nobody does
  Found findOrSucceed(Supplier<@Nullable RpcClient> find) {
    long deadline = System.nanoTime() + options.lockWait().toNanos();
    while (true) {
      var present = succeeded();
      if (present != null) {
        return new Found(null, present);
      }
      var client = find.get();
      if (client != null) {
        return new Found(client, null);
      }
      try {
        return new Found(null, succeed());
      } catch (StoreLocked e) {
        // Another one is just becoming the owner, or somebody has the store who serves nobody.
        if (System.nanoTime() >= deadline || !pause()) {
          throw e;
        }
      }
    }
  }

  private synchronized @Nullable Remanence succeeded() {
    return own;
  }

  private synchronized Remanence succeed() {
    if (closed) {
      throw new StoreClosed("the store was closed", "store", store.toString());
    }
    if (own == null) {
      var opened =
          Remanence.open(store, options.create(false).shared(false).lockWait(Duration.ZERO));
      try {
        serving = Owner.ofProgram(opened);
      } catch (RuntimeException e) {
        opened.close();
        throw e;
      }
      own = opened;
    }
    return own;
  }

  private static boolean pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (serving != null) {
      serving.close();
    }
    if (own != null) {
      own.close();
    }
  }
}
