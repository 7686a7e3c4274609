package dev.remanence.daemon.wire;

import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.DiskFull;
import dev.remanence.RemanenceException.Unavailable;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A temporary file through which this process and the owner hand over what is too long for a line.
///
/// It stands in a directory of its own that only the user may enter (0700): the owner also writes
/// beside the file, and what a file is made with depends on who makes it. Both are gone when this
/// is closed. Of a process that was killed they stay, with a file `claim` that nobody has locked
/// any more: those are removed by the next one that makes a spool, or that owns a store.
public final class Spool implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Spool.class.getName());
  private static final String PREFIX = "remanence-spool-";
  private static final String CLAIM = "claim";

  /// Between making a directory and claiming it lies no such time.
  private static final Duration UNCLAIMED_MAX = Duration.ofHours(1);

  /// Those of this process. A process must not open a file that it has locked: closing that lets go
  /// of the lock.
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel claim;

  private Spool(Path directory, FileChannel claim) {
    this.directory = directory;
    this.claim = claim;
  }

  public static Spool make() {
    sweep();
    try {
      while (true) {
        var directory = Files.createTempDirectory(PREFIX);
        OWN.add(directory);
        var claim = claim(directory, StandardOpenOption.CREATE);
        if (claim != null) {
          return new Spool(directory, claim);
        }
        // Somebody sweeps just here.
        OWN.remove(directory);
      }
    } catch (IOException failure) {
      throw unusable(failure);
    }
  }

  /// The claim on a directory, or null where somebody else has it or has removed it.
  private static @Nullable FileChannel claim(Path directory, StandardOpenOption... how)
      throws IOException {
    var file = directory.resolve(CLAIM);
    var options = new HashSet<>(Set.of(how));
    options.add(StandardOpenOption.WRITE);
    FileChannel channel;
    try {
      channel = FileChannel.open(file, options);
    } catch (NoSuchFileException _) {
      return null;
    }
    if (channel.tryLock() == null || Files.notExists(file)) {
      channel.close();
      return null;
    }
    return channel;
  }

  /// Removes what processes that were killed have left, as far as this user may.
  public static void sweep() {
    var temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (var left = Files.newDirectoryStream(temporary, PREFIX + "*")) {
      for (var directory : left) {
        if (!OWN.contains(directory)) {
          sweep(directory);
        }
      }
    } catch (IOException | DirectoryIteratorException failure) {
      LOG.log(System.Logger.Level.DEBUG, "looking for what was left in " + temporary, failure);
    }
  }

  private static void sweep(Path directory) {
    try (var claim = claim(directory)) {
      var made = Files.getLastModifiedTime(directory).toInstant();
      boolean unclaimed =
          Files.notExists(directory.resolve(CLAIM))
              && made.plus(UNCLAIMED_MAX).isBefore(Instant.now());
      if (claim != null || unclaimed) {
        remove(directory);
      }
    } catch (IOException | DirectoryIteratorException failure) {
      // Another user's, or removed meanwhile by another process.
      LOG.log(System.Logger.Level.DEBUG, "removing " + directory, failure);
    }
  }

  private static void remove(Path directory) throws IOException {
    try (var files = Files.newDirectoryStream(directory)) {
      for (var file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  public Path file() {
    return directory.resolve("spool.jsonl").toAbsolutePath();
  }

  public void copyFrom(InputStream in) {
    try {
      Files.copy(in, file());
    } catch (IOException failure) {
      throw unusable(failure);
    }
  }

  public void write(List<byte[]> lines) {
    try (var out = new BufferedOutputStream(Files.newOutputStream(file()))) {
      for (var line : lines) {
        out.write(line);
        out.write('\n');
      }
    } catch (IOException failure) {
      throw unusable(failure);
    }
  }

  public void copyTo(OutputStream out) {
    try {
      Files.copy(file(), out);
      out.flush();
    } catch (IOException failure) {
      throw unusable(failure);
    }
  }

  private static RemanenceException unusable(IOException failure) {
    var reason = String.valueOf(failure.getMessage());
    return reason.toLowerCase(Locale.ROOT).contains("no space left")
        ? new DiskFull(
            "no room for what is handed to the owner or comes from it; free some space", failure)
        : new Unavailable(
            "what is handed to the owner, or comes from it, cannot be copied: " + reason, failure);
  }

  /// What was handed over holds, whether or not its copy can be removed.
  @Override
  public void close() {
    try (claim) {
      remove(directory);
    } catch (IOException | DirectoryIteratorException failure) {
      LOG.log(System.Logger.Level.WARNING, "remove " + directory + " by hand", failure);
    } finally {
      OWN.remove(directory);
    }
  }
}
