package dev.remanence.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The place where a backup is made: a directory beside it that is gone once the backup has its
/// name.
///
/// A process that dies leaves one behind, with the content of a store in it. The next backup there
/// removes it. What tells it from the directory of a running backup, of this process or another, is
/// a lock on the file `claim` in it, which the system lets go when its process ends. Whoever
/// removes a directory holds its lock until the file is gone, so whoever makes one and takes the
/// lock later finds no file, and makes another directory.
public final class PartialBackup implements AutoCloseable {
  private static final String PREFIX = "remanence-partial-";
  private static final String CLAIM = "claim";

  private final Path directory;
  private final StoreLock lock;

  private PartialBackup(Path directory, StoreLock lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /// Makes a place in a directory of backups, and removes those that dead processes left there.
  public static PartialBackup begin(Path backups) throws IOException {
    removeAbandoned(backups);
    while (true) {
      var directory = Files.createTempDirectory(backups, PREFIX);
      var lock = claim(directory);
      if (lock != null) {
        return new PartialBackup(directory, lock);
      }
    }
  }

  /// Where a file of this name is made.
  public Path resolve(String name) {
    return directory.resolve(name);
  }

  /// Takes a directory's lock; null where someone else has it, or had it and removed the directory.
  private static @Nullable StoreLock claim(Path directory) throws IOException {
    var file = directory.resolve(CLAIM);
    StoreLock lock;
    try {
      Disk.createPrivate(file);
      lock = StoreLock.tryTake(file);
    } catch (NoSuchFileException e) {
      return null;
    }
    if (lock != null && Files.notExists(file)) {
      lock.close();
      return null;
    }
    return lock;
  }

  private static void removeAbandoned(Path backups) throws IOException {
    try (var found = Files.newDirectoryStream(backups, PartialBackup::isPartial)) {
      for (var directory : found) {
        try (var lock = claim(directory)) {
          if (lock != null) {
            Disk.deleteTree(directory);
          }
        } catch (IOException e) {
          log("could not remove " + directory, e);
        }
      }
    }
  }

  private static boolean isPartial(Path path) {
    return String.valueOf(path.getFileName()).startsWith(PREFIX)
        && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static void log(String message, IOException failure) {
    System.getLogger("dev.remanence").log(System.Logger.Level.WARNING, message, failure);
  }

  /// Removes the place. Where that fails, the next backup does it.
  @Override
  public void close() {
    try (lock) {
      Disk.deleteTree(directory);
    } catch (IOException e) {
      log("could not remove " + directory, e);
    }
  }
}
