package dev.remanence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Remanence;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.FormatTooNew;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.StoreLocked;
import dev.remanence.StoreCare;
import dev.remanence.StoreCare.Severity;
import dev.remanence.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `verify` says of sound stores, nothing, and of stores that were changed behind its back,
/// each of which it must find; and what `repair`, `move` and `doctor` do then.
final class VerifierTest {
  @TempDir Path temp;
  private Path store;

  @BeforeEach
  void makeStore() {
    store = temp.resolve("store");
    ChurnedStore.make(store, 7, 300);
  }

  // Sound

  @Test
  void verify_afterAnySequenceOfChanges_findsNothing() {
    for (long seed = 1; seed <= 12; seed++) {
      var churned = temp.resolve("churned" + seed);
      ChurnedStore.make(churned, seed, 400);
      assertThat(deep(churned).problems()).as("seed " + seed).isEmpty();
      assertThat(StoreCare.verify(churned, false, null).problems()).as("seed " + seed).isEmpty();
    }
  }

  @Test
  void verify_whileOpen_findsNothing() {
    try (var journal = ChurnedStore.makeOpen(temp.resolve("open"), 3, 200)) {
      assertThat(Verifier.verify(journal, true, null, Remanence.Progress.NONE).problems())
          .isEmpty();
      assertThat(deep(journal.directory()).problems()).as("from beside it").isEmpty();
    }
  }

  @Test
  void verify_changesNoFile() throws IOException {
    var wal = temp.resolve("with-wal");
    try (var journal = ChurnedStore.makeOpen(temp.resolve("open"), 3, 200)) {
      ChurnedStore.copy(journal.directory(), wal);
    }
    for (var each : List.of(store, wal)) {
      Files.deleteIfExists(each.resolve("journal.db-shm"));
      Files.deleteIfExists(each.resolve("lock"));
      var before = contents(each);
      assertThat(deep(each).problems()).isEmpty();
      Files.delete(each.resolve("lock"));
      assertThat(contents(each)).isEqualTo(before);
    }
  }

  private static String contents(Path directory) throws IOException {
    var lines = new StringBuilder();
    try (var files = Files.list(directory)) {
      for (var file : files.sorted().toList()) {
        lines.append(file.getFileName()).append(' ');
        lines.append(Hash.hex(Hash.sha256(Files.readAllBytes(file)))).append('\n');
      }
    }
    return lines.toString();
  }

  @Test
  void verify_afterARebuild_findsNothing() {
    for (long seed = 1; seed <= 12; seed++) {
      var churned = temp.resolve("churned" + seed);
      ChurnedStore.make(churned, seed, 400);
      long memories = deep(churned).memories();
      sql(churned, reader -> Rebuild.run(reader));
      assertThat(deep(churned).problems()).as("seed " + seed).isEmpty();
      assertThat(deep(churned).memories()).isEqualTo(memories);
    }
  }

  // The truth, changed

  @Test
  void verify_newestRevisionsDeleted_findsThem() {
    deleteNewest();
    assertFound(false, "acked", "heads.jsonl");
  }

  private void deleteNewest() {
    sql(
        store,
        "DELETE FROM commits WHERE n = (SELECT max(n) FROM commits)",
        "DELETE FROM revision WHERE pos > (SELECT last FROM commits ORDER BY n DESC LIMIT 1)",
        "UPDATE chain SET seq = (SELECT max(seq) FROM revision WHERE chain = chain.id), hash ="
            + " (SELECT hash FROM revision r WHERE r.chain = chain.id ORDER BY seq DESC LIMIT 1)");
  }

  @Test
  void verify_newestRevisionsAndEvidenceDeleted_findsThemByTheAnchor() throws IOException {
    var heads = Files.readAllLines(store.resolve("heads.jsonl"));
    var anchor = temp.resolve("anchor");
    Files.writeString(anchor, heads.getLast() + "\n");
    deleteNewest();
    Files.delete(store.resolve("acked"));
    Files.delete(store.resolve("heads.jsonl"));
    sql(store, reader -> Rebuild.run(reader));
    sql(store, "UPDATE chain SET hlc = hlc");
    assertThat(deep(store).problems()).as("nothing inside says so").isEmpty();
    assertThat(StoreCare.verify(store, true, anchor).problems())
        .anyMatch(problem -> problem.where().equals("anchor"));
  }

  @Test
  void verify_anOlderCopyPutBack_findsItByTheAnchor() throws IOException {
    var older = temp.resolve("older");
    ChurnedStore.copy(store, older);
    var anchor = temp.resolve("anchor");
    try (var open = Remanence.open(store)) {
      open.remember("acme", dev.remanence.Draft.of("one more"));
    }
    Files.writeString(anchor, Files.readAllLines(store.resolve("heads.jsonl")).getLast());
    assertThat(StoreCare.verify(store, true, anchor).problems()).isEmpty();
    assertThat(StoreCare.verify(older, true, anchor).problems())
        .anyMatch(problem -> problem.where().equals("anchor") && !problem.derived());
  }

  @Test
  void verify_anAnchorOfAnotherStore_saysSo() throws IOException {
    var other = temp.resolve("other");
    ChurnedStore.make(other, 8, 50);
    var anchor = other.resolve("heads.jsonl");
    assertThat(StoreCare.verify(store, false, anchor).problems())
        .anyMatch(problem -> problem.what().contains("it was made for store"));
    assertThatThrownBy(() -> StoreCare.verify(store, false, store.resolve("acked")))
        .isInstanceOf(InvalidInput.class);
  }

  @Test
  void verify_aRevisionInTheMiddleDeleted_findsIt() {
    sql(store, "DELETE FROM revision WHERE pos = 30");
    assertFound(false, "chain ");
    assertThat(StoreCare.verify(store, false, null).problems()).as("fast").isNotEmpty();
  }

  @Test
  void verify_twoRevisionsSwapped_findsThem() {
    sql(
        store,
        "UPDATE revision SET seq = -1 WHERE pos = 31",
        "UPDATE revision SET seq = (SELECT seq FROM revision WHERE pos = 31) WHERE pos = -1",
        "CREATE TEMP TABLE two AS SELECT * FROM revision WHERE pos IN (40, 41)",
        "DELETE FROM revision WHERE pos IN (40, 41)",
        "UPDATE two SET pos = 81 - pos",
        "INSERT INTO revision SELECT * FROM two");
    assertFound(false, "journal.db, revision at position 40");
  }

  @Test
  void verify_aBodyReplacedWithItsChecksum_findsItByTheHash() {
    sql(
        store,
        reader -> {
          var entry = reader.entry(20);
          var said = Objects.requireNonNull(entry.decoded());
          var forged =
              new Body(
                      new Body.Content("forged", null, null, null), said.attributes(), said.cause())
                  .encode();
          int checksum =
              Entry.checksum(
                  20,
                  entry.chain(),
                  entry.seq(),
                  entry.prev(),
                  entry.base(),
                  entry.head(),
                  entry.salt(),
                  forged,
                  entry.bodyHash(),
                  entry.hash());
          var update =
              reader.prepared("UPDATE revision SET body = ?, dict = 0, chk = ? WHERE pos = 20");
          update.setBytes(1, forged);
          update.setInt(2, checksum);
          return update.executeUpdate();
        });
    assertFound(false, "journal.db, revision at position 20");
  }

  @Test
  void verify_aBodyRemovedAsIfErased_findsIt() {
    sql(
        store,
        reader -> {
          for (var entry : reader.entries(0, 1000)) {
            var header = entry.header();
            var state = header.holdsContent() ? reader.state(header.memory()) : null;
            if (state != null && !state.erased()) {
              var erased = entry.withoutBody();
              var update =
                  reader.prepared(
                      "UPDATE revision SET salt = NULL, body = NULL, dict = 0, body_hash = ?,"
                          + " chk = ? WHERE pos = ?");
              update.setBytes(1, erased.bodyHash());
              update.setInt(2, erased.checksum());
              update.setLong(3, erased.pos());
              return update.executeUpdate();
            }
          }
          return 0;
        });
    assertThat(deep(store).problems())
        .anyMatch(problem -> problem.what().contains("its memory was not erased"));
  }

  @Test
  void verify_commitsAltered_findsThem() {
    sql(store, "UPDATE commits SET last = last - 1 WHERE n = 5");
    assertFound(false, "table commits, row 5");
  }

  @Test
  void verify_aCommitDeleted_findsIt() {
    sql(store, "DELETE FROM commits WHERE n = 5");
    assertFound(false, "table commits");
    assertThat(StoreCare.verify(store, false, null).problems()).as("fast").isNotEmpty();
  }

  @Test
  void verify_aReceiptAltered_findsIt() {
    sql(store, "UPDATE erasure SET receipt = 'none'");
    assertFound(false, "table erasure");
  }

  @Test
  void verify_aSiteAltered_findsIt() {
    sql(store, "UPDATE site SET public_key = x'00'");
    assertFound(false, "table site, row 1");
  }

  @Test
  void verify_theTablesAltered_findsIt() {
    sql(store, "DROP INDEX chain_uid");
    assertFound(false, "journal.db, its tables");
  }

  @Test
  void verify_aForeignFileOrANewerFormat_isRefused() {
    sql(store, "CREATE TABLE more(a)", "PRAGMA user_version = 9");
    assertThatThrownBy(() -> deep(store)).isInstanceOf(FormatTooNew.class);
    sql(store, "PRAGMA application_id = 7");
    assertThatThrownBy(() -> deep(store)).isInstanceOf(InvalidInput.class);
  }

  // What is derived, changed: found, told apart, and repaired in place

  @Test
  void verify_derivedRowsAltered_findsThemAndRepairRebuilds() {
    var changes =
        List.of(
            "UPDATE memory SET head = head + 1 WHERE last = (SELECT max(last) FROM memory)",
            "UPDATE memory SET state = 2 - state WHERE last = (SELECT max(last) FROM memory)",
            "DELETE FROM memory WHERE uid = (SELECT max(uid) FROM memory)",
            "DELETE FROM memory",
            "UPDATE version SET at = at + 1",
            "DELETE FROM version WHERE pos = (SELECT max(pos) FROM version)",
            "INSERT INTO version SELECT x'00112233445566778899aabbccddeeff', 0, 0, 9, 9",
            "UPDATE slot SET memory = (SELECT max(uid) FROM memory) WHERE k > x'02'",
            "DELETE FROM slot WHERE k = (SELECT max(k) FROM slot)",
            "DELETE FROM slot WHERE k > x'01' AND k < x'02'",
            "UPDATE scope SET path = 'elsewhere' WHERE id = 1",
            "DELETE FROM scope WHERE id = 2",
            "UPDATE chain SET hlc = hlc + 1 WHERE id = 1",
            "UPDATE chain SET hash = zeroblob(32) WHERE id = 1",
            "UPDATE sqlite_sequence SET seq = 0",
            "UPDATE revision SET prev = prev + 1 WHERE pos = 33",
            "UPDATE revision SET base = 7 WHERE pos = 34",
            "INSERT INTO vector VALUES(9, 0, 'm', 2, NULL, x'00000000', 1)",
            "UPDATE given SET dims = dims + 1",
            "UPDATE session SET pid = pid + 1",
            "UPDATE uses SET count = count + 1",
            "UPDATE backup SET file = 'elsewhere'");
    for (var change : changes) {
      var copy = temp.resolve("copy");
      copyWithPlace(copy);
      sql(copy, change);
      var found = deep(copy).problems();
      assertThat(found).as(change).isNotEmpty().allMatch(Verification.Problem::derived);
      var report = StoreCare.repair(copy);
      assertThat(report.salvaged()).as(change).isFalse();
      assertThat(report.kept()).as(change).isNull();
      assertThat(deep(copy).problems()).as(change).isEmpty();
    }
  }

  @Test
  void verify_aPredecessorAlteredWithItsChecksum_findsIt() {
    sql(
        store,
        reader -> {
          var entry = reader.entry(60);
          int checksum =
              Entry.checksum(
                  60,
                  entry.chain(),
                  entry.seq(),
                  entry.prev() == 0 ? 1 : 0,
                  entry.base(),
                  entry.head(),
                  entry.salt(),
                  entry.body(),
                  entry.bodyHash(),
                  entry.hash());
          Sql.run(
              reader.connection(),
              "UPDATE revision SET prev = prev = 0, chk = " + checksum + " WHERE pos = 60");
          return reader;
        });
    assertFound(true, "journal.db, revision at position 60");
    assertThat(StoreCare.repair(store).salvaged()).isFalse();
    assertThat(deep(store).problems()).isEmpty();
  }

  @Test
  void verify_aSlotMovedWithItsChecksum_findsIt() {
    sql(
        store,
        reader -> {
          byte[] key;
          byte[] other;
          try (var row =
              reader
                  .prepared("SELECT k, (SELECT max(uid) FROM memory) FROM slot ORDER BY k DESC")
                  .executeQuery()) {
            row.next();
            key = row.getBytes(1);
            other = row.getBytes(2);
          }
          var update = reader.prepared("UPDATE slot SET memory = ?, chk = ? WHERE k = ?");
          update.setBytes(1, other);
          update.setInt(2, Reader.slotChecksum(key, other));
          update.setBytes(3, key);
          return update.executeUpdate();
        });
    assertFound(true, "table slot");
  }

  @Test
  void rebuildIsNeeded_afterDamageAtTheEnds_andNotBefore() {
    sql(
        store,
        reader -> {
          assertThat(Rebuild.isNeeded(reader)).isFalse();
          Sql.run(reader.connection(), "DELETE FROM memory WHERE last > 150");
          assertThat(Rebuild.isNeeded(reader)).isTrue();
          Rebuild.run(reader);
          assertThat(Rebuild.isNeeded(reader)).isFalse();
          Sql.run(reader.connection(), "DELETE FROM slot");
          assertThat(Rebuild.isNeeded(reader)).isTrue();
          return reader;
        });
  }

  // Beside the journal

  @Test
  void verify_aHeadAltered_findsItAndRepairDropsTheLine() throws IOException {
    var heads = store.resolve("heads.jsonl");
    var line = Files.readString(heads);
    Files.writeString(heads, line.replace("\"commit\":", "\"commit\":1"));
    assertFound(true, "heads.jsonl, line 1");
    assertThat(StoreCare.repair(store).salvaged()).isFalse();
    assertThat(deep(store).problems()).isEmpty();
  }

  @Test
  void verify_theKeyAltered_findsItAndOpeningMakesANewOne() throws IOException {
    var key = store.resolve("site.key");
    Files.writeString(key, Files.readString(key).replace("\"private\":\"M", "\"private\":\"N"));
    sql(
        store,
        reader -> {
          Opened.setMeta(reader, "place", placeOf(key));
          return reader;
        });
    assertFound(true, "site.key");
    assertThat(StoreCare.repair(store).salvaged()).isFalse();
    assertThat(deep(store).problems()).isEmpty();
  }

  @Test
  void verify_theKeyOfAnotherSite_findsIt() throws IOException {
    SiteKey.generate().write(store);
    var place = placeOf(store.resolve("site.key"));
    sql(
        store,
        reader -> {
          Opened.setMeta(reader, "place", place);
          return reader;
        });
    assertFound(true, "site.key");
  }

  // Move and doctor

  @Test
  void move_keepsTheSiteAndLeavesNothing() throws IOException, SQLException {
    copyWithPlace(temp.resolve("from"));
    var target = temp.resolve("deep/er/to");
    var key = Files.readString(temp.resolve("from/site.key"));
    StoreCare.move(temp.resolve("from"), target);
    assertThat(temp.resolve("from")).doesNotExist();
    assertThat(deep(target).problems()).isEmpty();
    var copied = temp.resolve("copied");
    Relocation.copy(target, copied);
    assertThat(deep(copied).problems()).isEmpty();
    try (var open = Remanence.open(copied)) {
      open.remember("acme", dev.remanence.Draft.of("moved"));
    }
    assertThat(Files.readString(copied.resolve("site.key"))).isEqualTo(key);
  }

  @Test
  void move_aHandMadeCopy_makesNoSecondSiteOfOneKey() throws IOException, SQLException {
    var copy = temp.resolve("copy");
    ChurnedStore.copy(store, copy);
    var copied = temp.resolve("copied");
    Relocation.copy(copy, copied);
    var key = Files.readString(copied.resolve("site.key"));
    Remanence.open(copied).close();
    assertThat(Files.readString(copied.resolve("site.key"))).isNotEqualTo(key);
  }

  @Test
  void move_intoItselfOrOntoFilesOrWhileOpen_isRefused() throws IOException {
    var full = Files.createDirectory(temp.resolve("full"));
    Files.writeString(full.resolve("file"), "x");
    assertThatThrownBy(() -> StoreCare.move(store, store.resolve("in")))
        .isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> StoreCare.move(store, full)).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> StoreCare.move(temp.resolve("none"), full))
        .isInstanceOf(RemanenceException.NotFound.class);
    try (var open = Remanence.open(store)) {
      assertThatThrownBy(() -> StoreCare.move(store, temp.resolve("to")))
          .isInstanceOf(StoreLocked.class);
      assertThat(open.scopes(null)).isNotEmpty();
    }
  }

  @Test
  void doctor_ofASoundStore_findsNoProblem() {
    assertThat(StoreCare.doctor(store))
        .noneMatch(finding -> finding.severity() == Severity.PROBLEM)
        .anyMatch(finding -> finding.what().contains("the last backup is"));
  }

  @Test
  void doctor_ofAnExposedTornStore_saysSo() throws IOException {
    Files.setPosixFilePermissions(
        store.resolve("site.key"), PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(store.resolve("acked"), new byte[48]);
    var findings = StoreCare.doctor(store);
    assertThat(findings).anyMatch(finding -> finding.advice().startsWith("chmod 600"));
    assertThat(findings).anyMatch(finding -> finding.what().contains("'acked' says nothing"));
    Files.delete(store.resolve("journal.db"));
    assertThat(StoreCare.doctor(store)).anyMatch(finding -> finding.severity() == Severity.PROBLEM);
  }

  @Test
  void doctor_ofAStoreFromTheFuture_warnsOfTheClock() {
    var longAgo = InstantSource.fixed(Instant.EPOCH);
    assertThat(Doctor.examine(store, longAgo))
        .anyMatch(finding ->
            finding.severity() == Severity.WARNING
                && finding.what().contains("ahead of this machine's clock"));
  }

  @Test
  void doctor_ofFilesBelowThatOthersMayUse_saysSo() throws IOException {
    var log = Files.createDirectories(store.resolve("logs")).resolve("live.jsonl");
    Files.writeString(log, "");
    Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(StoreCare.doctor(store))
        .anyMatch(finding -> finding.advice().equals("chmod 600 " + log));
  }

  private static String placeOf(Path key) {
    try {
      return Disk.place(key);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  // Means

  private static Verification deep(Path directory) {
    return StoreCare.verify(directory, true, null);
  }

  /// A copy that is the store for its key: the journal knows the copied key's place.
  private void copyWithPlace(Path copy) {
    try {
      Disk.deleteTree(copy);
      Relocation.copy(store, copy);
    } catch (IOException | SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void assertFound(boolean derived, String... places) {
    var problems = deep(store).problems();
    for (var place : places) {
      assertThat(problems).as(place).anyMatch(problem -> problem.where().startsWith(place));
    }
    assertThat(problems.stream().allMatch(Verification.Problem::derived)).isEqualTo(derived);
  }

  private static void sql(Path directory, String... statements) {
    sql(
        directory,
        reader -> {
          Sql.run(reader.connection(), statements);
          return reader;
        });
  }

  private static void sql(Path directory, Reader.Reading<?> work) {
    var packer = new Packer();
    try (var connection = Sql.connect(directory.resolve("journal.db"));
        var reader = new Reader(connection, packer)) {
      Opened.loadDictionaries(reader, packer);
      work.read(reader);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
