package dev.remanence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.StoreCare;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the raw reader finds, against what SQLite reads of the same file.
final class SalvageTest {
  @TempDir Path temp;
  private Path store;
  private Path withWal;

  @BeforeEach
  void makeStores() throws IOException {
    store = temp.resolve("store");
    withWal = temp.resolve("with-wal");
    ChurnedStore.make(store, 5, 350);
    try (var journal = ChurnedStore.makeOpen(temp.resolve("open"), 6, 350)) {
      ChurnedStore.copy(journal.directory(), withWal);
    }
  }

  @Test
  void each_ofASoundStore_isWhatSqliteReads() throws IOException {
    for (var each : List.of(store, withWal)) {
      var salvaged = salvage(each);
      assertThat(salvaged.revisions).isEqualTo(sqlite(each)).isNotEmpty();
      assertThat(salvaged.missing).isEmpty();
    }
  }

  @Test
  void each_withoutAnyUpperPageOrHeader_isWhatSqliteRead() throws IOException {
    var before = sqlite(store);
    try (var file = new RandomAccessFile(store.resolve("journal.db").toFile(), "rw")) {
      int upper = 0;
      for (long page = 0; page < file.length() / Pages.PAGE_BYTES; page++) {
        file.seek(page * Pages.PAGE_BYTES);
        int kind = file.read();
        if (page == 0 || kind == 5 || kind == 2) {
          file.seek(page * Pages.PAGE_BYTES);
          file.write(new byte[Pages.PAGE_BYTES]);
          upper++;
        }
      }
      assertThat(upper).isGreaterThan(2);
    }
    var salvaged = salvage(store);
    assertThat(salvaged.revisions).isEqualTo(before);
    assertThat(salvaged.missing).isEmpty();
    assertThat(StoreCare.repair(store).lost())
        .as("what only SQLite reads")
        .allMatch(line -> line.startsWith("part of the table"));
    assertThat(StoreCare.verify(store, true, null).problems()).isEmpty();
  }

  @Test
  void each_withoutTheChainTable_findsWhoseTheRevisionsAreInItsIndex()
      throws IOException, SQLException {
    var before = sqlite(store);
    zeroRoot(store, "chain");
    var salvaged = salvage(store);
    assertThat(salvaged.revisions).isEqualTo(before);
  }

  @Test
  void each_withoutTheSites_findsTheOwnOneByItsKey() throws IOException, SQLException {
    var before = sqlite(store);
    zeroRoot(store, "site");
    assertThat(salvage(store).revisions).isEqualTo(before);
    Files.delete(store.resolve("site.key"));
    var lost = salvage(store);
    assertThat(lost.revisions).isEmpty();
    assertThat(lost.missing).anyMatch(line -> line.contains("whose they are cannot"));
  }

  @Test
  void each_ofADamagedFrame_losesItsPageOnlyAndReadsTheFramesAfterIt() throws IOException {
    var before = sqlite(withWal);
    try (var file = new RandomAccessFile(withWal.resolve("journal.db-wal").toFile(), "rw")) {
      long frame = 24 + Pages.PAGE_BYTES;
      long middle = 32 + file.length() / frame / 2 * frame + 24 + 4000;
      file.seek(middle);
      int b = file.read();
      file.seek(middle);
      file.write(b ^ 4);
    }
    var found = salvage(withWal).revisions;
    assertThat(sqlite(withWal).size()).as("SQLite stops").isLessThan(before.size());
    assertThat(found.size()).isGreaterThan(sqlite(withWal).size());
    assertThat(before).containsAllEntriesOf(found);
  }

  @Test
  void each_ofFramesWithoutTheirCommit_leavesThemOut() throws IOException {
    var file = withWal.resolve("journal.db-wal");
    int frame = 24 + Pages.PAGE_BYTES;
    var bytes = Files.readAllBytes(file);
    int cut = 0;
    for (int at = bytes.length - frame; at >= 32 && cut < 20; at -= frame) {
      if (ByteBuffer.wrap(bytes).getInt(at + 4) != 0) {
        Files.write(file, Arrays.copyOf(bytes, at));
        assertThat(salvage(withWal).revisions).isEqualTo(sqlite(withWal));
        cut++;
      }
    }
    assertThat(cut).isEqualTo(20);
  }

  @Test
  void each_ofAnErasedMemory_carriesNoBody() throws IOException {
    var erased = salvage(store).lines.stream().filter(line -> line.body() == null).toList();
    assertThat(erased).isNotEmpty().allMatch(line -> line.salt() == null);
  }

  @Test
  void repair_afterACrashBetweenItsRenames_finishes() throws IOException {
    try (var file = new RandomAccessFile(store.resolve("journal.db").toFile(), "rw")) {
      file.seek(0);
      file.write(new byte[100]);
    }
    long revisions = StoreCare.repair(store).revisions();
    Files.move(store, temp.resolve("store.repaired"));
    var again = StoreCare.repair(store);
    assertThat(again.revisions()).isEqualTo(revisions);
    assertThat(StoreCare.verify(store, true, null).sound()).isTrue();
  }

  private record Found(
      Map<String, Boolean> revisions, List<String> missing, List<RevisionJson.Line> lines) {}

  private static Found salvage(Path directory) throws IOException {
    Map<String, Boolean> revisions = new TreeMap<>();
    var lines = new ArrayList<RevisionJson.Line>();
    var key = SiteKey.read(directory);
    try (var salvage =
        Salvage.open(directory.resolve("journal.db"), key == null ? null : key.publicKey())) {
      salvage.found();
      salvage.each(line -> {
        assertThat(line.previous() == null || line.isGenuine()).isTrue();
        revisions.put(line.seq() + " " + Hash.hex(line.hash()), line.body() == null);
        lines.add(line);
      });
      return new Found(revisions, salvage.missing(), lines);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Boolean> sqlite(Path directory) throws IOException {
    Map<String, Boolean> revisions = new TreeMap<>();
    try (var inspection = Inspection.ofStore(directory)) {
      for (var entry : inspection.reader().entries(0, Integer.MAX_VALUE)) {
        revisions.put(entry.seq() + " " + Hash.hex(entry.hash()), entry.erased());
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return revisions;
  }

  private static void zeroRoot(Path directory, String table) throws IOException, SQLException {
    long root;
    try (var inspection = Inspection.ofStore(directory)) {
      root =
          Schema.number(
              inspection.reader().connection(),
              "SELECT rootpage FROM sqlite_schema WHERE name = '" + table + "'");
    }
    try (var file = new RandomAccessFile(directory.resolve("journal.db").toFile(), "rw")) {
      file.seek((root - 1) * Pages.PAGE_BYTES);
      file.write(new byte[Pages.PAGE_BYTES]);
    }
  }
}
