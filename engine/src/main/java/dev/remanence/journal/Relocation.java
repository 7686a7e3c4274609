package dev.remanence.journal;

import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;

/// Moves a closed store to another directory.
///
/// Within a file system the directory gets another name. Across file systems it is copied, synced
/// and verified to the last byte under the name `<target>.moving`, told that its key is in its
/// place, and only then named and the old one removed. A crash leaves the old store whole, or both;
/// where both are there, the key's place makes one of them a copy, which signs with a key of its
/// own.
public final class Relocation {
  private static final Duration LOCK_WAIT = Duration.ofSeconds(10);

  private Relocation() {}

  public static void move(Path from, Path to) {
    var source = from.toAbsolutePath().normalize();
    var target = to.toAbsolutePath().normalize();
    try {
      requireMovable(source, target);
      try (var lock = StoreLock.take(source, LOCK_WAIT)) {
        assert lock != null;
        Disk.createPrivateDirectory(Objects.requireNonNull(target.getParent()));
        if (Files.exists(target)) {
          Files.delete(target);
        }
        if (!rename(source, target)) {
          copy(source, target);
        }
      }
      Disk.deleteTree(source);
    } catch (IOException e) {
      throw Disk.translate(e, target);
    } catch (SQLException e) {
      throw Sql.translate(e, target);
    }
  }

  private static void requireMovable(Path source, Path target) throws IOException {
    if (Files.notExists(source.resolve(SqliteJournal.FILE))) {
      throw new NotFound("there is no store at " + source, "store", source.toString());
    }
    if (target.startsWith(source)) {
      throw new InvalidInput(
          "a store is moved out of its directory; " + target + " lies in it",
          "to",
          target.toString());
    }
    if (Files.exists(target)) {
      if (!Files.isDirectory(target)) {
        throw new InvalidInput(
            "a new or an empty directory is expected at " + target + "; a file is there",
            "to",
            target.toString());
      }
      try (var files = Files.list(target)) {
        if (files.findAny().isPresent()) {
          throw new InvalidInput(
              "a new or an empty directory is expected at " + target + "; it holds files",
              "to",
              target.toString());
        }
      }
    }
  }

  /// Renames where both are on one file system.
  private static boolean rename(Path source, Path target) throws IOException {
    if (!Files.getFileStore(source)
        .equals(Files.getFileStore(Objects.requireNonNull(target.getParent())))) {
      return false;
    }
    try {
      Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      return false;
    } catch (FileSystemException e) {
      // Bind mounts of one file system: EXDEV without its own exception on some platforms.
      if (String.valueOf(e.getReason()).contains("cross-device")) {
        return false;
      }
      throw e;
    }
    Disk.syncDirectory(Objects.requireNonNull(target.getParent()));
    Disk.syncDirectory(Objects.requireNonNull(source.getParent()));
    return true;
  }

  static void copy(Path source, Path target) throws IOException, SQLException {
    var moving = target.resolveSibling(target.getFileName() + ".moving");
    Disk.deleteTree(moving);
    Disk.createPrivateDirectory(moving);
    copyTree(source, moving);
    var verification = Verifier.verifyStore(moving, true, null, Progress.NONE);
    if (!verification.sound()) {
      Disk.deleteTree(moving);
      throw Verifier.unsound(source, verification);
    }
    takePlace(source, moving);
    Files.deleteIfExists(moving.resolve("lock"));
    Disk.syncDirectory(moving);
    Disk.rename(moving, target);
  }

  private static void copyTree(Path source, Path target) throws IOException {
    try (var files = Files.list(source)) {
      for (var file : files.toList()) {
        var name = String.valueOf(file.getFileName());
        var copy = target.resolve(name);
        if (StorePlace.BESIDE.contains(name)) {
          continue;
        }
        if (Files.isDirectory(file)) {
          Disk.createPrivateDirectory(copy);
          copyTree(file, copy);
        } else if (Files.isRegularFile(file)
            && !name.equals("lock")
            && !name.equals(SqliteJournal.FILE + "-shm")) {
          Files.copy(file, copy);
          Disk.makePrivate(copy);
          Disk.sync(copy);
        }
      }
    }
    Disk.syncDirectory(target);
  }

  /// The key has moved with its store: the journal learns its new place, so that the site goes on.
  /// A store that was itself a copy does not know its key's place and stays one.
  private static void takePlace(Path source, Path directory) throws IOException, SQLException {
    if (Files.notExists(SiteKey.path(directory))) {
      return;
    }
    try (var connection = Sql.connect(directory.resolve(SqliteJournal.FILE));
        var reader = new Reader(connection, new Packer())) {
      Sql.run(connection, "PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON");
      if (Disk.place(SiteKey.path(source)).equals(reader.meta("place"))) {
        Opened.setMeta(reader, "place", Disk.place(SiteKey.path(directory)));
      }
    }
  }
}
