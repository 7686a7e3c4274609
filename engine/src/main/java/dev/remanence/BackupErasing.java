package dev.remanence;

import dev.remanence.BackupErasure.Outcome;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.Busy;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.journal.Backup;
import dev.remanence.journal.Disk;
import dev.remanence.journal.Hash;
import dev.remanence.journal.PartialBackup;
import dev.remanence.journal.SideTable;
import dev.remanence.journal.SqliteJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Takes what a store has erased out of its backups.
///
/// Each backup is unpacked beside itself, in a [PartialBackup], what was erased is erased in that
/// copy, and the copy is packed and takes the backup's name. So the backup has the old bytes or the
/// new ones, and what a killed process leaves is removed by the next one that writes there. A
/// backup that fails is left as it is, and the others follow.
///
/// The receipts say afterwards since when a backup that they name holds nothing of it.
final class BackupErasing {
  private final SqliteJournal journal;
  private final InstantSource wall;

  /// Two at once could give a backup back what the other one took out.
  private final AtomicBoolean running = new AtomicBoolean();

  BackupErasing(SqliteJournal journal, InstantSource wall) {
    this.journal = journal;
    this.wall = wall;
  }

  BackupErasure run(Progress progress) {
    if (!running.compareAndSet(false, true)) {
      throw new Busy("the backups are being rewritten; call again when that is done");
    }
    try {
      return rewriteAll(progress);
    } finally {
      running.set(false);
    }
  }

  /// The store at one moment: what is erased, the backups, the receipts of that.
  private record Known(Erased erased, List<Path> files, List<Kept> receipts) {}

  private record Kept(UUID id, Json.Obj document) {}

  private BackupErasure rewriteAll(Progress progress) {
    var known = known();
    var files = withOthersBeside(known.files);
    var backups = new ArrayList<BackupErasure.Backup>();
    var freed = new LinkedHashSet<String>();
    for (var file : files) {
      progress.at(backups.size(), files.size());
      var backup = rewritten(file, known.erased);
      backups.add(backup);
      if (backup.outcome() != Outcome.FAILED) {
        freed.add(file.toString());
      }
    }
    var receipts = new ArrayList<UUID>();
    for (var receipt : known.receipts) {
      var fresh = freedFrom(receipt.document, freed);
      if (fresh != null) {
        replace(receipt.id, fresh);
        receipts.add(receipt.id);
      }
    }
    return new BackupErasure(List.copyOf(backups), List.copyOf(receipts));
  }

  private Known known() {
    return journal.readConsistently(reader -> {
      var files = new ArrayList<Path>();
      for (var backup : SideTable.BACKUP.rows(reader, "at")) {
        files.add(Path.of(backup.text(0)));
      }
      var receipts = new ArrayList<Kept>();
      for (var row : SideTable.ERASURE.rows(reader, "at")) {
        // An erasure that is not complete may name backups that it was too late for.
        if (Erasing.isComplete(row) && Json.parse(row.text(3)) instanceof Json.Obj document) {
          receipts.add(new Kept(Hash.uuid(row.bytes(0)), document));
        }
      }
      return new Known(Erased.from(reader), files, receipts);
    });
  }

  /// A process that died between naming a backup and recording it left one that is not known.
  private Set<Path> withOthersBeside(List<Path> known) {
    var files = new LinkedHashSet<>(known);
    for (var directory : known.stream().map(Path::getParent).distinct().toList()) {
      if (Files.isDirectory(Objects.requireNonNull(directory))) {
        try {
          files.addAll(Backup.of(journal.storeId(), directory));
        } catch (IOException e) {
          throw Disk.translate(e, directory);
        }
      }
    }
    return files;
  }

  private static BackupErasure.Backup rewritten(Path file, Erased erased) {
    try {
      boolean held = rewrite(file, erased);
      return new BackupErasure.Backup(file, held ? Outcome.REWRITTEN : Outcome.CLEAN, null);
    } catch (IOException e) {
      return new BackupErasure.Backup(file, Outcome.FAILED, Disk.translate(e, file));
    } catch (RemanenceException e) {
      return new BackupErasure.Backup(file, Outcome.FAILED, e);
    }
  }

  /// Answers whether there was something to take out.
  private static boolean rewrite(Path file, Erased erased) throws IOException {
    if (Files.notExists(file)) {
      throw new NotFound(
          "there is no backup at "
              + file
              + "; where it was moved, erased content went with it: bring it back and call again",
          "file",
          file.toString());
    }
    try (var partial = PartialBackup.begin(Objects.requireNonNull(file.getParent()))) {
      var copy = partial.resolve("store");
      Disk.createPrivateDirectory(copy);
      var packed = copy.resolve(SqliteJournal.FILE);
      var header = Backup.unpack(file, packed, Progress.NONE);
      try (var store = Restoring.open(copy)) {
        if (erased.eraseIn(store) == 0) {
          return false;
        }
      }
      Backup.repack(packed, partial, file, header);
      return true;
    }
  }

  /// A receipt whose backups among these are marked; null where none is left to be marked.
  private Json.@Nullable Obj freedFrom(Json.Obj receipt, Set<String> files) {
    boolean changed = false;
    var now = wall.instant().truncatedTo(ChronoUnit.MILLIS);
    var backups = new ArrayList<Json>();
    for (var each : Erasing.items(receipt, "backups")) {
      if (each instanceof Json.Obj held
          && held.get("file") instanceof Json.Str(var file)
          && files.contains(file)
          && held.get(Erasing.REWRITTEN) == null) {
        changed = true;
        backups.add(with(held, Erasing.REWRITTEN, Json.of(now.toString())));
      } else {
        backups.add(each);
      }
    }
    return changed ? Erasing.sign(journal, with(receipt, "backups", Json.array(backups))) : null;
  }

  private static Json.Obj with(Json.Obj object, String name, Json value) {
    var fields = new LinkedHashMap<>(object.fields());
    fields.put(name, value);
    return new Json.Obj(fields);
  }

  /// The file first: where a crash comes between, the next run does both again.
  private void replace(UUID id, Json.Obj document) {
    Erasing.writeFile(journal, id, document);
    journal.write(
        256,
        ledger -> {
          var key = Hash.bytes(id);
          var row = Objects.requireNonNull(SideTable.ERASURE.get(ledger.reader(), key));
          SideTable.ERASURE.put(ledger, key, row.number(1), row.number(2), document.toString());
          return id;
        });
  }
}
