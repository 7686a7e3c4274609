package dev.remanence.image;

import dev.remanence.journal.Disk;
import dev.remanence.journal.SqliteJournal;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The snapshot files of a store, in its directory `images/`. Nothing here fails a question: what
/// cannot be read is passed over, what cannot be written is not there, and the log says so once.
///
/// A file is written under the name `<scope>.image.new` and renamed. It is not synced: its
/// checksums tell whether it came to the disk whole.
///
/// Thread-safe. One file is written at a time; it gets its name, and is removed, under this
/// object's monitor. An erasure does not wait until a file of its scope is written: the writer is
/// told to give up and does so at its next buffer. So what was removed because something was erased
/// cannot come back by a writer that began before, and [#remove] tells later ones from when on a
/// snapshot is free of it.
final class Snapshots {
  private static final System.Logger LOG = System.getLogger("dev.remanence");
  private static final String SUFFIX = ".image";
  private static final String UNFINISHED = ".image.new";
  private static final String UNFINISHED_NAMES = "\\d+\\.image\\.new";

  private final Path directory;
  private final String store;
  private final Indexing indexing;

  /// By scope: the position before which a snapshot may hold what was erased.
  private final Map<Long, Long> goodFrom = new HashMap<>();

  /// Scopes whose file was passed over; it is not tried again.
  private final Set<Long> ignored = ConcurrentHashMap.newKeySet();

  /// How many wish that none is written.
  private int holds;

  /// Held while a file is written; the monitor is taken inside it, never the other way.
  private final ReentrantLock turn = new ReentrantLock();

  /// The file that is being written. Guarded by the monitor.
  private @Nullable Writing writing;

  private boolean saidUnwritten;

  /// [Snapshot#fingerprint], once it was needed.
  private volatile @Nullable Long fingerprint;

  Snapshots(Path directory, String store, Indexing indexing) {
    this.directory = directory;
    this.store = store;
    this.indexing = indexing;
    removeUnfinished();
  }

  /// Takes over what a file holds.
  @FunctionalInterface
  interface Taking {
    void take(SnapshotIn in) throws SQLException, UnusableSnapshot;
  }

  /// Reads a scope's file, if there is one that is good.
  void read(long scope, Taking taking) throws SQLException {
    var file = file(scope);
    if (ignored.contains(scope) || Files.notExists(file)) {
      return;
    }
    try {
      taking.take(new SnapshotIn(Disk.map(file)));
    } catch (NoSuchFileException e) {
      // It was removed just now, because something was erased.
      return;
    } catch (UnusableSnapshot | IOException e) {
      ignored.add(scope);
      LOG.log(
          Level.WARNING,
          "the snapshot " + file + " is passed over, the journal is read: " + e.getMessage());
    }
  }

  /// That a snapshot is of this store and scope and made by a program that indexes as this one.
  void requireOwn(Snapshot.Identity identity, long scope) throws UnusableSnapshot {
    if (!identity.store().equals(store) || identity.scope() != scope) {
      throw new UnusableSnapshot("it is of another store or scope");
    }
    if (identity.fingerprint() != fingerprint()) {
      throw new UnusableSnapshot("it was made by a version that takes texts apart in another way");
    }
  }

  private long fingerprint() {
    var known = fingerprint;
    if (known == null) {
      known = Snapshot.fingerprint(indexing);
      fingerprint = known;
    }
    return known;
  }

  /// Writes a scope's file in place of the one before. Answers whether it is there.
  boolean write(long scope, Snapshot snapshot) {
    turn.lock();
    try {
      var begun = begin(scope, snapshot);
      if (begun == null) {
        return false;
      }
      boolean whole = false;
      try {
        writeUnfinished(begun, snapshot);
        whole = true;
      } catch (IOException e) {
        tellUnwritten(begun, e);
      } finally {
        whole = end(begun, whole);
      }
      return whole;
    } finally {
      turn.unlock();
    }
  }

  private synchronized @Nullable Writing begin(long scope, Snapshot snapshot) {
    if (holds > 0 || snapshot.upTo() < goodFrom.getOrDefault(scope, 0L)) {
      return null;
    }
    writing = new Writing(scope);
    return writing;
  }

  private void writeUnfinished(Writing begun, Snapshot snapshot) throws IOException {
    var unfinished = unfinished(begun.scope);
    Disk.createPrivateDirectory(directory);
    Disk.createPrivate(unfinished);
    try (var file = Files.newOutputStream(unfinished, StandardOpenOption.TRUNCATE_EXISTING)) {
      snapshot.write(begun.guard(file), store, begun.scope, fingerprint());
    }
  }

  /// Gives a whole file its name, unless something was erased meanwhile. Answers whether it has it.
  private synchronized boolean end(Writing begun, boolean whole) {
    var unfinished = unfinished(begun.scope);
    try {
      if (!whole || begun.cancelled) {
        delete(unfinished);
        return false;
      }
      Files.move(
          unfinished,
          file(begun.scope),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      ignored.remove(begun.scope);
      return true;
    } catch (IOException e) {
      delete(unfinished);
      tellUnwritten(begun, e);
      return false;
    } finally {
      writing = null;
      notifyAll();
    }
  }

  private synchronized void tellUnwritten(Writing begun, IOException failure) {
    if (!saidUnwritten && !begun.cancelled) {
      saidUnwritten = true;
      LOG.log(
          Level.WARNING,
          "images cannot be kept in " + directory + "; a store opens more slowly: " + failure);
    }
  }

  /// A file that is being written.
  private static final class Writing {
    final long scope;
    volatile boolean cancelled;

    Writing(long scope) {
      this.scope = scope;
    }

    /// The file, as long as the writing goes on.
    OutputStream guard(OutputStream file) {
      return new FilterOutputStream(file) {
        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
          if (cancelled) {
            throw new IOException("something was erased");
          }
          out.write(bytes, offset, count);
        }
      };
    }
  }

  /// Removes a scope's file: something in the scope was erased.
  ///
  /// @param position the journal's, at which it is gone
  synchronized void remove(long scope, long position) throws IOException {
    goodFrom.put(scope, position);
    if (writing != null && writing.scope == scope) {
      cancel(writing);
    }
    Files.deleteIfExists(unfinished(scope));
    Files.deleteIfExists(file(scope));
  }

  /// Removes all files, and writes none until [#release].
  synchronized void hold() throws IOException {
    holds++;
    if (writing != null) {
      cancel(writing);
    }
    Disk.deleteNamed(directory, SqliteJournal.IMAGE_NAMES);
  }

  /// Waits until a writer has let its file go, which takes it one buffer: what has no name any more
  /// and is open would still hold what was erased. Under the monitor, which is free meanwhile.
  private void cancel(Writing given) {
    given.cancelled = true;
    boolean interrupted = false;
    while (writing == given) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void release() {
    holds--;
  }

  /// Removes what a crash left half written.
  private void removeUnfinished() {
    try {
      Disk.deleteNamed(directory, UNFINISHED_NAMES);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot look for unfinished snapshots: " + e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot remove " + file + ": " + e);
    }
  }

  private Path unfinished(long scope) {
    return directory.resolve(scope + UNFINISHED);
  }

  private Path file(long scope) {
    return directory.resolve(scope + SUFFIX);
  }
}
