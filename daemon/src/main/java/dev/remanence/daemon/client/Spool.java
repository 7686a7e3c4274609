package dev.remanence.daemon.client;

import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.DiskFull;
import dev.remanence.RemanenceException.Unavailable;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// A temporary file through which this process and the owner hand over what is too long for a line.
///
/// It stands in a directory of its own that only the user may enter (0700): the owner also writes
/// beside the file, and what a file is made with depends on who makes it. Both are gone when this
/// is closed.
final class Spool implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Spool.class.getName());

  private final Path directory;

  private Spool(Path directory) {
    this.directory = directory;
  }

  static Spool make() {
    try {
      return new Spool(Files.createTempDirectory("remanence-"));
    } catch (IOException failure) {
      throw unusable(failure);
    }
  }

  Path file() {
    return directory.resolve("spool.jsonl").toAbsolutePath();
  }

  void copyFrom(InputStream in) {
    try {
      Files.copy(in, file());
    } catch (IOException failure) {
      throw unusable(failure);
    }
  }

  void write(List<byte[]> lines) {
    try (var out = new BufferedOutputStream(Files.newOutputStream(file()))) {
      for (var line : lines) {
        out.write(line);
        out.write('\n');
      }
    } catch (IOException failure) {
      throw unusable(failure);
    }
  }

  void copyTo(OutputStream out) {
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
    try (var files = Files.newDirectoryStream(directory)) {
      for (var file : files) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException | DirectoryIteratorException failure) {
      LOG.log(System.Logger.Level.WARNING, "remove " + directory + " by hand", failure);
    }
  }
}
