package dev.remanence.journal;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// Whether a directory holds a store, may become one, or is something else.
public final class StorePlace {
  /// What processes that share a store write beside its data: derived, and never moved with it.
  static final Set<String> BESIDE = Set.of("run", "logs");

  private StorePlace() {}

  /// Refuses what is no store and, where one may be made, no place for one. Changes nothing.
  public static void require(Path directory, boolean create) throws IOException {
    if (Files.notExists(directory)) {
      if (!create) {
        throw lostJournal(directory);
      }
      return;
    }
    if (!Files.isDirectory(directory)) {
      throw new InvalidInput(
          "a directory is expected at " + directory + "; a file is there",
          "store",
          directory.toString());
    }
    if (Files.notExists(directory.resolve(SqliteJournal.FILE)) && !create) {
      throw lostJournal(directory);
    }
    if (Files.notExists(directory.resolve(SqliteJournal.FILE)) && holdsStrangers(directory)) {
      throw new InvalidInput(
          "the directory "
              + directory
              + " holds other files; a store wants an empty or a new directory",
          "store",
          directory.toString());
    }
  }

  static Unavailable lostJournal(Path directory) {
    var what =
        Files.exists(Acknowledged.path(directory))
            ? "the store "
                + directory
                + " has lost its journal.db; bring the file back or restore a backup into another"
                + " directory"
            : "there is no store at " + directory + "; 'remember' makes one";
    return new Unavailable(what, null, "store", directory.toString());
  }

  /// Looks once, so that a journal that is made meanwhile is no stranger.
  private static boolean holdsStrangers(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      var names = files.map(file -> String.valueOf(file.getFileName())).toList();
      return !names.contains(SqliteJournal.FILE) && !names.stream().allMatch(StorePlace::isOurs);
    }
  }

  /// What may be there before the journal is.
  private static boolean isOurs(String name) {
    return name.equals("lock")
        || name.equals("acked")
        || name.equals(SqliteJournal.IMAGES)
        || name.startsWith("site.key")
        || name.equals("heads.jsonl")
        // Who may call a store is told beside it.
        || name.startsWith("tokens.json")
        || BESIDE.contains(name);
  }
}
