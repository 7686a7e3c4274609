package dev.remanence.journal;

import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.RemanenceException.Timeout;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The reading connections. A read borrows one for as long as it runs, which is microseconds; the
/// long ones (backup, export, verify) can be ended by an erasure, see [#endLongerThan].
///
/// Thread-safe. The lock guards two small collections and is never held across a read.
final class Readers implements AutoCloseable {
  private static final int CONNECTIONS_MAX =
      Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

  /// Page cache of all reading connections together.
  private static final long CACHE_BYTES =
      Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 4);

  private final Path directory;
  private final Packer packer;
  private final Semaphore permits = new Semaphore(CONNECTIONS_MAX);
  private final Object lock = new Object();
  private final ArrayDeque<Reader> idle = new ArrayDeque<>();
  private final Map<Reader, Long> busySinceNanos = new HashMap<>();
  private volatile boolean closed;

  Readers(Path directory, Packer packer) {
    this.directory = directory;
    this.packer = packer;
  }

  <T extends @Nullable Object> T read(Reader.Reading<T> reading) {
    permits.acquireUninterruptibly();
    Reader reader = null;
    boolean healthy = false;
    try {
      reader = take();
      T answer = reading.read(reader);
      healthy = true;
      return answer;
    } catch (SQLException e) {
      if (closed) {
        throw closed();
      }
      throw Sql.translate(e, directory);
    } catch (MalformedBytes e) {
      throw new dev.remanence.RemanenceException.CorruptStore(
          "journal.db holds bytes that no version wrote (" + e.getMessage() + ")",
          e,
          "store",
          directory.toString());
    } catch (dev.remanence.RemanenceException e) {
      healthy = !(e instanceof Timeout);
      throw e;
    } finally {
      giveBack(reader, healthy);
      permits.release();
    }
  }

  private Reader take() throws SQLException {
    synchronized (lock) {
      if (closed) {
        throw closed();
      }
      var reader = idle.pollFirst();
      if (reader != null) {
        busySinceNanos.put(reader, System.nanoTime());
        return reader;
      }
    }
    var reader = connect(directory, packer);
    synchronized (lock) {
      busySinceNanos.put(reader, System.nanoTime());
    }
    return reader;
  }

  static Reader connect(Path directory, Packer packer) throws SQLException {
    return new Reader(
        Sql.connect(
            directory.resolve("journal.db"),
            "PRAGMA busy_timeout = 10000",
            "PRAGMA query_only = 1",
            "PRAGMA cache_size = -" + CACHE_BYTES / CONNECTIONS_MAX / 1024),
        packer);
  }

  private void giveBack(@Nullable Reader reader, boolean healthy) {
    if (reader == null) {
      return;
    }
    boolean keep;
    synchronized (lock) {
      busySinceNanos.remove(reader);
      keep = healthy && !closed;
      if (keep) {
        idle.addFirst(reader);
      }
      lock.notifyAll();
    }
    if (!keep) {
      closeQuietly(reader);
    }
  }

  private static void closeQuietly(Reader reader) {
    try {
      reader.close();
    } catch (SQLException e) {
      // The connection is given up; what it read was read.
      System.getLogger("dev.remanence").log(System.Logger.Level.DEBUG, "closing a reader", e);
    }
  }

  /// Ends reads that run for longer than this; their callers get `Timeout`.
  void endLongerThan(long nanos) throws SQLException {
    synchronized (lock) {
      long now = System.nanoTime();
      for (var each : busySinceNanos.entrySet()) {
        if (now - each.getValue() > nanos) {
          ((org.sqlite.SQLiteConnection) each.getKey().connection()).getDatabase().interrupt();
        }
      }
    }
  }

  /// Waits for running reads, then closes all connections. Later reads get `StoreClosed`.
  @Override
  public void close() throws SQLException {
    boolean interrupted = false;
    synchronized (lock) {
      closed = true;
      while (!busySinceNanos.isEmpty()) {
        try {
          lock.wait(100);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      for (var reader : idle) {
        closeQuietly(reader);
      }
      idle.clear();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private StoreClosed closed() {
    return new StoreClosed("the store was closed", "store", directory.toString());
  }
}
