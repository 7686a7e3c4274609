package dev.remanence.journal;

import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.StoreCare.RepairReport;
import dev.remanence.Verification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes a damaged store sound again, with the least that does it:
///
/// - Rows that are derived are wrong: [Rebuild] in place.
/// - SQLite's structure is damaged and every row of the truth can be read: the rows go into a fresh
///   file as they are, and the store keeps its commits and its site.
/// - The truth is damaged: [Salvage] into a fresh store, which signs with a new key and begins a
///   new commit chain; what could not be read is listed.
///
/// A fresh store is built and verified beside the old one, under the name `<store>.repaired`; then
/// the old directory is renamed to `<store>.damaged-<time>`, and the fresh one takes its place. A
/// crash between the two renames leaves no store at the path: repairing again finishes.
public final class Repair {
  /// The row of `meta` in which a salvaged store names the commit that it continues from.
  static final String CONTINUES = "continues";

  private static final int BATCH = 512;
  private static final Duration LOCK_WAIT = Duration.ofSeconds(10);
  private static final String STRUCTURE = "journal.db, its structure";

  /// Tables that are copied as they are. `revision` carries the truth; what is derived is left out.
  private static final List<String> COPIED =
      List.of(
          "meta",
          "dict",
          "site",
          "scope",
          "chain",
          "signed_head",
          "gap",
          "revision",
          "vector",
          "commits",
          "given",
          "session",
          "uses",
          "erasure",
          "backup");

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path store;
  private final Path fresh;
  private final InstantSource wall;
  private final Progress progress;

  private Repair(Path store, InstantSource wall, Progress progress) {
    this.store = store;
    this.fresh = store.resolveSibling(store.getFileName() + ".repaired");
    this.wall = wall;
    this.progress = progress;
  }

  public static RepairReport repair(Path store, Progress progress) {
    var directory = store.toAbsolutePath().normalize();
    try {
      return new Repair(directory, InstantSource.system(), progress).run();
    } catch (IOException e) {
      throw Disk.translate(e, directory);
    } catch (SQLException e) {
      throw Sql.translate(e, directory);
    }
  }

  private RepairReport run() throws IOException, SQLException {
    if (Files.notExists(store) && Files.exists(fresh.resolve(SqliteJournal.FILE))) {
      requireSound(fresh);
      Disk.rename(fresh, store);
    }
    var found = Verifier.verifyStore(store, true, null, progress);
    if (found.sound()) {
      return new RepairReport(false, found.revisions(), List.of(), null);
    }
    boolean structural = found.problems().stream().anyMatch(each -> each.where().equals(STRUCTURE));
    boolean lossless =
        found.problems().stream()
            .allMatch(each -> each.derived() || each.where().equals(STRUCTURE));
    var after = lossless && !structural ? rebuild(found) : found;
    if (after.sound()) {
      return new RepairReport(false, after.revisions(), List.of(), null);
    }
    try (var lock = StoreLock.take(store, LOCK_WAIT)) {
      assert lock != null;
      var copied = lossless ? copyRows() : null;
      return copied == null ? salvage() : copied;
    }
  }

  // In place

  /// Answers what is wrong afterwards: nothing, or what was wrong before.
  private Verification rebuild(Verification found) throws IOException {
    keepGenuineHeads(store);
    try (var journal = open(store, false)) {
      journal.alone(Rebuild::run);
    } catch (CorruptStore e) {
      return found;
    }
    return Verifier.verifyStore(store, true, null, progress);
  }

  /// Drops lines of `heads.jsonl` that are no longer signed heads: they prove nothing.
  private static void keepGenuineHeads(Path directory) throws IOException {
    var heads = SignedHead.readAll(directory);
    if (heads.stream().allMatch(head -> head != null && head.isGenuine())) {
      return;
    }
    var kept = new StringBuilder();
    for (var head : heads) {
      if (head != null && head.isGenuine()) {
        kept.append(head.toJson()).append('\n');
      }
    }
    Disk.replace(SignedHead.path(directory), kept.toString().getBytes(StandardCharsets.UTF_8));
  }

  // Row by row into a fresh file

  /// Copies every row of the truth, or answers null where one cannot be read or the copy is not
  /// sound.
  private @Nullable RepairReport copyRows() throws IOException, SQLException {
    startFresh();
    var file = fresh.resolve(SqliteJournal.FILE);
    Disk.createPrivate(file);
    try {
      copyRows(file);
    } catch (SQLException e) {
      if (Sql.isFull(e)) {
        throw e;
      }
      return null;
    } catch (CorruptStore e) {
      return null;
    }
    copyIfThere("acked");
    copyIfThere("heads.jsonl");
    keepGenuineHeads(fresh);
    copyReceipts();
    var made = Verifier.verifyStore(fresh, true, null, progress);
    if (!made.sound()) {
      return null;
    }
    Disk.sync(file);
    var kept = swap();
    // The key's file moves, so the store stays the site it was and the damaged copy is none.
    if (Files.exists(SiteKey.path(kept))) {
      Disk.rename(SiteKey.path(kept), SiteKey.path(store));
    }
    return new RepairReport(false, made.revisions(), List.of(), kept);
  }

  private void copyRows(Path file) throws SQLException {
    try (var connection = Sql.connect(file);
        var reader = new Reader(connection, new Packer())) {
      Sql.run(
          connection,
          "PRAGMA page_size = " + Pages.PAGE_BYTES,
          "PRAGMA auto_vacuum = INCREMENTAL",
          "PRAGMA journal_mode = WAL",
          "PRAGMA synchronous = FULL",
          "PRAGMA secure_delete = ON");
      Schema.create(connection);
      var attach = reader.prepared("ATTACH ? AS damaged");
      attach.setString(1, Inspection.uri(store.resolve(SqliteJournal.FILE), "mode=ro"));
      attach.execute();
      reader.prepared("BEGIN IMMEDIATE").execute();
      for (var table : COPIED) {
        Sql.run(connection, "INSERT INTO main." + table + " SELECT * FROM damaged." + table);
      }
      Sql.run(
          connection,
          "DELETE FROM main.sqlite_sequence",
          "INSERT INTO main.sqlite_sequence SELECT * FROM damaged.sqlite_sequence");
      reader.prepared("COMMIT").execute();
      Sql.run(connection, "DETACH damaged");
    }
    var packer = new Packer();
    try (var connection = Sql.connect(file);
        var reader = new Reader(connection, packer)) {
      Opened.loadDictionaries(reader, packer);
      Rebuild.run(reader);
    }
  }

  // Salvage

  private RepairReport salvage() throws IOException, SQLException {
    startFresh();
    var lost = new ArrayList<String>();
    var ownKey = SiteKey.read(store);
    try (var salvage =
        Salvage.open(
            store.resolve(SqliteJournal.FILE), ownKey == null ? null : ownKey.publicKey())) {
      var found = salvage.found();
      if (found.chains().isEmpty()) {
        throw new CorruptStore(
            "nothing can be read of " + store + "; restore a backup into another directory",
            "store",
            store.toString());
      }
      continueStore(found);
      try (var journal = open(fresh, false)) {
        fill(journal, salvage, found, lost);
        // Whose a key is depends on what had expired when it was taken: an intake does not know.
        journal.alone(Rebuild::run);
      }
      lost.addAll(salvage.missing());
      tellAcknowledged(found, lost);
    }
    try (var journal = open(fresh, false)) {
      copyBeside(journal, lost);
    }
    copyReceipts();
    var made = requireSound(fresh);
    var kept = swap();
    return new RepairReport(true, made.revisions(), List.copyOf(lost), kept);
  }

  /// The fresh store goes on as the same store; its commit chain names the head it continues from.
  private void continueStore(Salvage.Salvaged found) {
    try (var journal = open(fresh, true)) {
      journal.write(
          256,
          ledger -> {
            if (found.store() != null) {
              ledger.setMeta("store", found.store());
            }
            var commit = found.commit();
            ledger.setMeta(
                CONTINUES,
                commit == null ? "unknown" : commit.commit() + " " + Hash.hex(commit.hash()));
            return found;
          });
    }
  }

  private SqliteJournal open(Path directory, boolean create) {
    return SqliteJournal.open(directory, create, LOCK_WAIT, wall, new SecureRandom());
  }

  private void fill(
      SqliteJournal journal, Salvage salvage, Salvage.Salvaged found, List<String> lost)
      throws IOException, SQLException {
    var intake = new Intake();
    found.publicKeys().forEach(intake::site);
    journal.write(
        1024,
        ledger -> {
          for (var chain : found.chains()) {
            if (!chain.open() && chain.path() != null) {
              openWithoutName(ledger, chain, chain.path());
            }
          }
          return found;
        });
    var batch = new ArrayList<RevisionJson.Line>(BATCH);
    salvage.each(line -> {
      batch.add(line);
      if (batch.size() == BATCH) {
        take(journal, intake, batch, lost);
        progress.at(journal.lastPosition(), Math.max(journal.lastPosition(), salvage.size()));
      }
    });
    take(journal, intake, batch, lost);
  }

  private static void take(
      SqliteJournal journal, Intake intake, List<RevisionJson.Line> batch, List<String> lost) {
    if (batch.isEmpty()) {
      return;
    }
    var refused =
        journal.write(
            1 << 20,
            ledger -> {
              var lines = new ArrayList<String>();
              for (var line : batch) {
                try {
                  ledger.attempt(part -> intake.take(part, line));
                } catch (InvalidInput | Conflict e) {
                  intake.startOver();
                  lines.add(
                      "revision "
                          + line.seq()
                          + " of scope id "
                          + line.scope()
                          + ": "
                          + e.getMessage());
                }
              }
              return lines;
            });
    lost.addAll(refused);
    batch.clear();
  }

  /// A chain whose OPEN revision is lost but not its scope's name: it goes where it was.
  private static void openWithoutName(Ledger ledger, Salvage.FoundChain chain, String path)
      throws SQLException {
    var reader = ledger.reader();
    var insert =
        reader.prepared(
            "INSERT INTO site(uid, public_key, continues, since) VALUES(?, ?, NULL, ?)"
                + " ON CONFLICT(uid) DO NOTHING");
    insert.setBytes(1, SiteKey.idOf(chain.publicKey()));
    insert.setBytes(2, chain.publicKey());
    insert.setLong(3, ledger.nowMillis());
    insert.executeUpdate();
    var select = reader.prepared("SELECT id FROM site WHERE uid = ?");
    select.setBytes(1, SiteKey.idOf(chain.publicKey()));
    long site;
    try (var row = select.executeQuery()) {
      row.next();
      site = row.getLong(1);
    }
    ledger.insertChain(site, ledger.openScope(path), chain.uid());
  }

  /// Sessions, uses, receipts of erasures and known backups, as far as SQLite reads them.
  private void copyBeside(SqliteJournal journal, List<String> lost) throws IOException {
    for (var table : SideTable.values()) {
      if (table.isOfThisJournal()) {
        continue;
      }
      var rows = new ArrayList<SideTable.Cells>();
      try (var damaged = Inspection.ofFile(store.resolve(SqliteJournal.FILE))) {
        int dropped = table.takeWhole(damaged.reader(), rows::add);
        if (dropped > 0) {
          lost.add(dropped + " rows of the table '" + table.table() + "'");
        }
      } catch (SQLException e) {
        lost.add("part of the table '" + table.table() + "': " + e.getMessage());
      }
      if (!rows.isEmpty()) {
        journal.write(
            128 * rows.size(),
            ledger -> {
              for (var row : rows) {
                table.put(ledger, row.values().toArray());
              }
              return rows.size();
            });
      }
    }
  }

  /// Commits that were acknowledged and of which nothing is left are a loss, too.
  private void tellAcknowledged(Salvage.Salvaged found, List<String> lost) throws IOException {
    var mark = Acknowledged.read(store);
    long last = found.commit() == null ? 0 : found.commit().commit();
    if (mark != null && mark.commit() > last) {
      lost.add(
          "commits "
              + (last + 1)
              + " to "
              + mark.commit()
              + " were acknowledged; what of them is not here is lost");
    }
  }

  // Directories

  private void startFresh() throws IOException {
    Disk.deleteTree(fresh);
    Disk.createPrivateDirectory(fresh);
  }

  private void copyIfThere(String name) throws IOException {
    var file = store.resolve(name);
    if (Files.exists(file)) {
      var copy = fresh.resolve(name);
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      Disk.makePrivate(copy);
      Disk.sync(copy);
    }
  }

  private void copyReceipts() throws IOException {
    var receipts = store.resolve("receipts");
    if (Files.isDirectory(receipts)) {
      Disk.createPrivateDirectory(fresh.resolve("receipts"));
      try (var files = Files.list(receipts)) {
        for (var file : files.toList()) {
          copyIfThere("receipts/" + file.getFileName());
        }
      }
    }
  }

  private Verification requireSound(Path directory) {
    var verification = Verifier.verifyStore(directory, true, null, progress);
    if (!verification.sound()) {
      throw Verifier.unsound(directory, verification);
    }
    return verification;
  }

  /// Puts the fresh directory in the store's place. Answers where the old one is kept.
  private Path swap() throws IOException {
    Disk.syncDirectory(fresh);
    var name =
        store.getFileName() + ".damaged-" + STAMP.format(Instant.ofEpochMilli(wall.millis()));
    var kept = store.resolveSibling(name);
    for (int i = 2; Files.exists(kept); i++) {
      kept = store.resolveSibling(name + "-" + i);
    }
    Files.move(store, kept, StandardCopyOption.ATOMIC_MOVE);
    Disk.syncDirectory(Objects.requireNonNull(store.getParent()));
    Disk.rename(fresh, store);
    return kept;
  }
}
