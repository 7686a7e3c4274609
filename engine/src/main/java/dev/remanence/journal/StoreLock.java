package dev.remanence.journal;

import dev.remanence.RemanenceException.StoreLocked;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The owner's claim on a store: an operating system lock on the file `lock`, which the system lets
/// go when the process ends, however it ends. The file names the owner's pid for people. A
/// [PartialBackup] is claimed in the same way.
///
/// POSIX lets go of a process's lock when the process closes any descriptor of the file. So a store
/// that this process owns is known by a list, and its file is never opened a second time.
final class StoreLock implements AutoCloseable {
  private static final long POLL_MILLIS = 20;

  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;

  private StoreLock(Path file, FileChannel channel, FileLock lock) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
  }

  /// Takes the lock, waiting for its owner to let go. Throws [StoreLocked] when the wait is over.
  static StoreLock take(Path directory, Duration wait) throws IOException {
    var file = directory.resolve("lock");
    Disk.createPrivate(file);
    long deadline = System.nanoTime() + wait.toNanos();
    while (true) {
      var lock = tryTake(file);
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() >= deadline) {
        var owner =
            HELD.contains(file.toRealPath())
                ? Long.toString(ProcessHandle.current().pid())
                : Files.readString(file, StandardCharsets.UTF_8).strip();
        throw new StoreLocked(
            "the store "
                + directory
                + " is in use by process "
                + (owner.isEmpty() ? "unknown" : owner)
                + "; waited "
                + wait.toMillis()
                + " ms; close it there or wait longer",
            "store",
            directory.toString(),
            "pid",
            owner);
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoreLocked(
            "interrupted while waiting for the store " + directory, "store", directory.toString());
      }
    }
  }

  static @Nullable StoreLock tryTake(Path path) throws IOException {
    var file = path.toRealPath();
    if (!HELD.add(file)) {
      return null;
    }
    boolean taken = false;
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      var lock = channel.tryLock();
      if (lock == null) {
        return null;
      }
      var pid = Long.toString(ProcessHandle.current().pid()) + "\n";
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
      taken = true;
      return new StoreLock(file, channel, lock);
    } finally {
      if (!taken) {
        HELD.remove(file);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      lock.release();
    } finally {
      HELD.remove(file);
    }
  }
}
