package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.StoreCare.RestoreReport;
import dev.remanence.journal.Backup;
import dev.remanence.journal.Body;
import dev.remanence.journal.Disk;
import dev.remanence.journal.PartialBackup;
import dev.remanence.journal.Reader;
import dev.remanence.journal.Replay;
import dev.remanence.journal.SideTable;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.life.Changes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes a store from a backup.
///
/// It is built beside its place and gets its name when it is whole, so a crash leaves nothing that
/// could be taken for a store. It signs with a new key. What was erased after the backup was made
/// is erased again, from the word that erasures leave beside the backups.
final class Restoring {
  /// The receipts that erasures leave in a backup directory, a line each.
  static final String ERASURES = "erasures.jsonl";

  private static final String WHY = "erased after the backup";
  private static final String NO_MEMORY = new UUID(0, 0).toString();

  private Restoring() {}

  static RestoreReport restore(Path from, Path into, @Nullable Instant until) {
    var backup = Backup.newest(from.toAbsolutePath().normalize());
    var target = into.toAbsolutePath().normalize();
    var building = target.resolveSibling(target.getFileName() + ".restoring");
    try {
      requireFree(target);
      Disk.deleteTree(building);
      Disk.createPrivateDirectory(Objects.requireNonNull(target.getParent()));
      Disk.createPrivateDirectory(building);
      if (until == null) {
        Backup.unpack(backup, building.resolve(SqliteJournal.FILE));
      } else {
        replay(backup, building, until);
      }
      var report = finish(building, target, erasedSince(backup), until);
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
  private static void replay(Path backup, Path building, Instant until) throws IOException {
    var unpacked = building.resolveSibling(building.getFileName() + ".source");
    Disk.deleteTree(unpacked);
    Disk.createPrivateDirectory(unpacked);
    try {
      Backup.unpack(backup, unpacked.resolve(SqliteJournal.FILE));
      try (var source = open(unpacked);
          var target = open(building)) {
        Replay.copy(source, target, until);
      }
    } finally {
      discard(unpacked);
    }
  }

  private static SqliteJournal open(Path directory) {
    return SqliteJournal.open(
        directory, true, Duration.ofSeconds(10), InstantSource.system(), new SecureRandom());
  }

  private static RestoreReport finish(
      Path building, Path target, Erased erased, @Nullable Instant until) {
    long again = eraseAgain(building, erased);
    try (var journal = open(building)) {
      return new RestoreReport(target, journal.lastPosition(), until, again);
    }
  }

  /// Erases in a copy what was erased in the store it comes from.
  private static long eraseAgain(Path copy, Erased erased) {
    try (var journal = open(copy)) {
      var cause = new Body.Cause("restore", "restore", WHY, null, null);
      var ids = new LinkedHashSet<>(erased.memories);
      ids.addAll(journal.read(Reader::memoriesWithoutBodies));
      long again =
          journal.write(
              4096,
              ledger -> {
                long count = 0;
                for (var id : ids) {
                  var state = ledger.reader().state(id);
                  if (state != null && !state.erased()) {
                    new Changes(ledger, cause).erase(id, WHY);
                    count++;
                  }
                }
                for (var named : erased.scopes) {
                  long scope = ledger.reader().scopeOf(named.site, named.uid);
                  var path = scope == 0 ? null : ledger.reader().scopePath(scope);
                  if (path != null) {
                    ledger.eraseScopeName(scope, path);
                    count++;
                  }
                }
                return count;
              });
      if (again > 0) {
        journal.replaceDictionaries();
      }
      return again;
    }
  }

  /// A chain whose scope lost its name.
  private record Named(String site, String uid) {}

  /// What must not come back.
  private record Erased(Set<UUID> memories, Set<Named> scopes) {
    boolean isEmpty() {
      return memories.isEmpty() && scopes.isEmpty();
    }
  }

  /// Rewrites every backup that a store knows of without the memories that it has erased. Answers
  /// how many were rewritten. A backup keeps its name and its time; it gets the new bytes when they
  /// are whole.
  static int eraseFromBackups(Path store) {
    var directory = store.toAbsolutePath().normalize();
    int rewritten = 0;
    try (var journal = open(directory)) {
      var erased = new Erased(new LinkedHashSet<>(), new LinkedHashSet<>());
      for (var row : journal.read(reader -> SideTable.ERASURE.rows(reader, "at"))) {
        if (Json.parse(row.text(3)) instanceof Json.Obj document) {
          add(erased, document);
        }
      }
      for (var backup : journal.read(reader -> SideTable.BACKUP.rows(reader, "at"))) {
        var file = Path.of(backup.text(0));
        if (!erased.isEmpty() && Files.exists(file) && rewrite(file, erased)) {
          rewritten++;
        }
      }
    } catch (IOException e) {
      throw Disk.translate(e, directory);
    }
    return rewritten;
  }

  private static boolean rewrite(Path backup, Erased erased) throws IOException {
    try (var partial = PartialBackup.begin(Objects.requireNonNull(backup.getParent()))) {
      var work = partial.resolve("store");
      Disk.createPrivateDirectory(work);
      var header = Backup.unpack(backup, work.resolve(SqliteJournal.FILE));
      if (eraseAgain(work, erased) == 0) {
        return false;
      }
      Backup.repack(work.resolve(SqliteJournal.FILE), partial, backup, header);
      return true;
    }
  }

  private static Erased erasedSince(Path backup) throws IOException {
    var lines = Disk.wholeLines(backup.resolveSibling(ERASURES));
    var erased = new Erased(new LinkedHashSet<>(), new LinkedHashSet<>());
    for (var line : new String(lines, StandardCharsets.UTF_8).lines().toList()) {
      if (Json.parse(line) instanceof Json.Obj receipt) {
        add(erased, receipt);
      }
    }
    return erased;
  }

  /// Adds what a receipt names: its memories, and the scopes whose OPEN revision, which is of no
  /// memory, lost its body.
  private static void add(Erased erased, Json.Obj receipt) {
    erased.memories.addAll(Erasing.uuids(receipt, "memories"));
    if (receipt.get("revisions") instanceof Json.Arr(var revisions)) {
      for (var each : revisions) {
        if (each instanceof Json.Obj revision
            && NO_MEMORY.equals(revision.string("memory"))
            && revision.get("site") instanceof Json.Str(var site)
            && revision.get("scope") instanceof Json.Str(var uid)) {
          erased.scopes.add(new Named(site, uid));
        }
      }
    }
  }
}
