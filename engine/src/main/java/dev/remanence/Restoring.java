package dev.remanence;

import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.StoreCare.RestoreReport;
import dev.remanence.journal.Backup;
import dev.remanence.journal.Disk;
import dev.remanence.journal.Replay;
import dev.remanence.journal.SqliteJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes a store from a backup.
///
/// It is built beside its place and gets its name when it is whole, so a crash leaves nothing that
/// could be taken for a store. It signs with a new key. What was erased after the backup was made
/// is erased again, from the word that erasures leave beside the backups.
final class Restoring {
  private Restoring() {}

  static RestoreReport restore(Path from, Path into, @Nullable Instant until, Progress progress) {
    var backup = Backup.newest(from.toAbsolutePath().normalize());
    var target = into.toAbsolutePath().normalize();
    var building = target.resolveSibling(target.getFileName() + ".restoring");
    try {
      requireFree(target);
      Disk.deleteTree(building);
      Disk.createPrivateDirectory(Objects.requireNonNull(target.getParent()));
      Disk.createPrivateDirectory(building);
      var header =
          until == null
              ? Backup.unpack(backup, building.resolve(SqliteJournal.FILE), progress)
              : replay(backup, building, until, progress);
      var report = finish(building, target, backup, header, until);
      if (Files.isDirectory(target)) {
        Files.delete(target);
      }
      Disk.rename(building, target);
      return report;
    } catch (IOException e) {
      throw Disk.translate(e, target);
    } finally {
      discard(building);
    }
  }

  private static void discard(Path building) {
    try {
      Disk.deleteTree(building);
    } catch (IOException e) {
      System.getLogger("dev.remanence")
          .log(System.Logger.Level.WARNING, "could not remove " + building, e);
    }
  }

  private static void requireFree(Path target) throws IOException {
    if (Files.exists(target)) {
      boolean empty;
      if (Files.isDirectory(target)) {
        try (var files = Files.list(target)) {
          empty = files.findAny().isEmpty();
        }
      } else {
        empty = false;
      }
      if (!empty) {
        throw new InvalidInput(
            "a restore makes a new store; "
                + target
                + " is not empty: choose another place, or move it away first",
            "into",
            target.toString());
      }
    }
  }

  /// Takes over only what was recorded up to a moment.
  private static Backup.Header replay(Path backup, Path building, Instant until, Progress progress)
      throws IOException {
    var unpacked = building.resolveSibling(building.getFileName() + ".source");
    Disk.deleteTree(unpacked);
    Disk.createPrivateDirectory(unpacked);
    try {
      var header = Backup.unpack(backup, unpacked.resolve(SqliteJournal.FILE), progress);
      try (var source = open(unpacked);
          var target = open(building)) {
        Replay.copy(source, target, until);
      }
      return header;
    } finally {
      discard(unpacked);
    }
  }

  /// Opens what was unpacked, under a new site key.
  static SqliteJournal open(Path directory) {
    return SqliteJournal.open(
        directory, true, Duration.ofSeconds(10), InstantSource.system(), new SecureRandom());
  }

  /// The backup becomes one that the store knows: it holds what the store will erase.
  private static RestoreReport finish(
      Path building, Path target, Path backup, Backup.Header header, @Nullable Instant until)
      throws IOException {
    try (var journal = open(building)) {
      long again = Erased.besides(backup).eraseIn(journal);
      Backup.record(journal, backup, header.time(), null);
      return new RestoreReport(target, journal.lastPosition(), until, again);
    }
  }
}
