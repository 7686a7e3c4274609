package dev.remanence.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.testkit.FaultyDisk;
import dev.remanence.testkit.FaultyDisk.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The test of the tester: that [FaultyDisk] does what it says, on plain channels and plain SQLite.
///
/// What must hold of SQLite in WAL mode, for a fault or a cut at every operation:
///
/// - with `synchronous=FULL`, every acknowledged row is there afterwards;
/// - at most the one row whose commit failed is there besides;
/// - `integrity_check` finds nothing.
///
/// The planted bugs, which the same check must find: `synchronous=NORMAL`, and a disk whose sync
/// lies. They lose acknowledged rows. A disk that lies may damage the file too.
@NullMarked
@Tag("faulty")
class FaultyDiskTest {
  private static final long SEED = Long.getLong("remanence.seed", 0);
  private static final int SEEDS = Integer.getInteger("remanence.seeds", 6);
  private static final int ROWS = 12;

  @TempDir Path temp;

  @ParameterizedTest
  @EnumSource
  void failAt_everyOperation_failsThatOneOnly(Fault fault) throws IOException {
    int operations = 0;
    for (int n = 1; operations == 0; n++) {
      var directory = Files.createDirectory(temp.resolve("fail" + n));
      try (var disk = FaultyDisk.watch(directory).failAt(n, fault)) {
        var succeeded = channelWorkload(directory);
        if (disk.faults() == 0) {
          operations = n - 1;
          assertThat(disk.operations()).isEqualTo(operations);
          assertThat(disk.syncs()).isEqualTo(2);
          assertThat(succeeded).doesNotContain(false);
        } else {
          assertThat(disk.lastFault()).contains("operation=" + n + ",");
          assertThat(succeeded.indexOf(false)).describedAs(disk.lastFault()).isEqualTo(n - 1);
        }
      }
    }
    assertThat(operations).isEqualTo(9);
  }

  @Test
  void failSyncAt_secondSync_failsThatOneOnly() throws IOException {
    try (var disk = FaultyDisk.watch(temp).failSyncAt(2, Fault.INPUT_OUTPUT);
        var channel = FileChannel.open(temp.resolve("a"), CREATE, WRITE)) {
      channel.force(true);
      channel.write(ByteBuffer.allocate(10));
      assertThatThrownBy(() -> channel.force(true)).hasMessageContaining("Input/output error");
      channel.force(true);
      assertThat(disk.lastFault()).contains("kind=sync");
    }
  }

  @Test
  void failFrom_firstSync_failsAllThatFollows() throws IOException {
    try (var disk = FaultyDisk.watch(temp).failFrom(3, Fault.READ_ONLY)) {
      assertThat(channelWorkload(temp).subList(0, 5))
          .containsExactly(true, true, false, false, false);
      disk.heal();
      Files.writeString(temp.resolve("b"), "healed");
    }
  }

  @Test
  void shortWriteAt_thenFull_writesPartAndSaysSo() throws IOException {
    try (var disk = FaultyDisk.watch(temp);
        var channel = FileChannel.open(temp.resolve("a"), CREATE, WRITE)) {
      disk.shortWriteAt(2, 100).failAt(3, Fault.FULL);
      var bytes = ByteBuffer.allocate(1000);
      assertThat(channel.write(bytes)).isEqualTo(100);
      assertThatThrownBy(() -> channel.write(bytes))
          .hasMessageContaining("No space left on device");
      assertThat(channel.write(bytes)).isEqualTo(900);
      assertThat(channel.size()).isEqualTo(1000);
    }
  }

  @Test
  void fullAfter_growth_failsUntilThereIsRoom() throws IOException {
    try (var disk = FaultyDisk.watch(temp);
        var channel = FileChannel.open(temp.resolve("a"), CREATE, WRITE)) {
      disk.fullAfter(1500);
      assertThat(channel.write(ByteBuffer.allocate(1000))).isEqualTo(1000);
      assertThat(channel.write(ByteBuffer.allocate(1000), 0)).isEqualTo(1000);
      assertThat(channel.write(ByteBuffer.allocate(1000))).isEqualTo(500);
      assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
          .hasMessageContaining("No space left on device");
      assertThat(channel.write(ByteBuffer.allocate(1500), 0)).isEqualTo(1500);
      disk.fullAfter(1);
      assertThat(channel.write(ByteBuffer.allocate(1))).isEqualTo(1);
    }
  }

  @Test
  void syncDelay_tenSyncs_takeTenDelays() throws IOException {
    try (var disk = FaultyDisk.watch(temp).syncDelayMicros(1000);
        var channel = FileChannel.open(temp.resolve("a"), CREATE, WRITE)) {
      long start = System.nanoTime();
      for (int i = 0; i < 10; i++) {
        channel.force(false);
      }
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(10_000_000);
      assertThat(disk.syncs()).isEqualTo(10);
    }
  }

  @Test
  void cut_unsyncedOverwrite_leavesEachSectorOldOrNew() throws IOException {
    var outcomes = new HashSet<String>();
    for (long seed = 0; seed < 100; seed++) {
      var file = temp.resolve("a");
      Files.deleteIfExists(file);
      try (var disk = FaultyDisk.watch(temp)) {
        append(file, "a".repeat(2048), true);
        try (var channel = FileChannel.open(file, WRITE)) {
          channel.write(ByteBuffer.wrap("b".repeat(2148).getBytes(UTF_8)), 0);
          channel.write(ByteBuffer.wrap("c".repeat(100).getBytes(UTF_8)), 200);
          disk.cut();
          assertThatThrownBy(() -> channel.force(true)).isInstanceOf(IOException.class);
          assertThatThrownBy(() -> Files.readString(file)).isInstanceOf(IOException.class);
        }
        disk.applyCut(seed);
        var content = Files.readString(file);
        var written = "b".repeat(200) + "c".repeat(100) + "b".repeat(1848);
        switch ((int) seed) {
          case 0 -> assertThat(content).isEqualTo("a".repeat(2048));
          case 1 -> assertThat(content).isEqualTo(written);
          default -> assertThat(content.length()).isIn(2048, 2148);
        }
        for (int at = 0; at < content.length(); at += 512) {
          int end = Math.min(at + 512, content.length());
          assertThat(content.substring(at, end))
              .isIn("a".repeat(512), "b".repeat(end - at), written.substring(at, end));
        }
        outcomes.add(content);
      }
    }
    assertThat(outcomes.size()).isGreaterThan(20);
  }

  @Test
  void cut_unsyncedAppends_neverLeavesALaterOneWithoutAnEarlierOfTheSameSector()
      throws IOException {
    for (long seed = 0; seed < 100; seed++) {
      var file = temp.resolve("a");
      Files.deleteIfExists(file);
      try (var disk = FaultyDisk.watch(temp)) {
        append(file, "", true);
        for (int i = 0; i < 5; i++) {
          append(file, Integer.toString(i).repeat(100), false);
        }
        disk.applyCut(seed);
        assertThat(Files.size(file) % 100).isZero();
        assertThat(Files.readString(file)).doesNotContain("\0");
      }
    }
  }

  @Test
  void cut_unsyncedNames_areUndoneFromTheLast() throws IOException {
    var outcomes = new HashSet<List<String>>();
    for (long seed = 0; seed < 40; seed++) {
      var directory = Files.createDirectory(temp.resolve("names" + seed));
      append(directory.resolve("a"), "a", true);
      append(directory.resolve("b"), "b", true);
      try (var disk = FaultyDisk.watch(directory)) {
        append(directory.resolve("synced"), "s", true);
        append(directory.resolve("unsynced"), "u", false);
        Files.move(directory.resolve("b"), directory.resolve("a"), ATOMIC_MOVE);
        Files.delete(directory.resolve("a"));
        disk.applyCut(seed);
        var names = new ArrayList<String>();
        try (var files = Files.list(directory)) {
          files.forEach(file -> names.add(file.getFileName().toString()));
        }
        names.sort(null);
        outcomes.add(names);
        assertThat(names).contains("synced");
        if (names.contains("b")) {
          assertThat(directory.resolve("a")).hasContent("a");
        } else if (names.contains("a")) {
          assertThat(directory.resolve("a")).hasContent("b");
        }
      }
    }
    assertThat(outcomes)
        .containsExactlyInAnyOrder(
            List.of("a", "b", "synced"),
            List.of("a", "b", "synced", "unsynced"),
            List.of("a", "synced", "unsynced"),
            List.of("synced", "unsynced"));
  }

  @Test
  void cut_namesOfSyncedDirectory_stay() throws IOException {
    append(temp.resolve("a"), "a", true);
    try (var disk = FaultyDisk.watch(temp)) {
      Files.move(temp.resolve("a"), temp.resolve("b"));
      disk.applyCut(0);
      assertThat(temp.resolve("a")).hasContent("a");
      Files.move(temp.resolve("a"), temp.resolve("b"));
      syncDirectory(temp);
      disk.applyCut(0);
      assertThat(temp.resolve("a")).doesNotExist();
      assertThat(temp.resolve("b")).hasContent("a");
    }
  }

  @Test
  void failedSync_thenGoodSync_doesNotBringTheWritesBack() throws IOException {
    var file = temp.resolve("a");
    append(file, "a".repeat(512), true);
    try (var disk = FaultyDisk.watch(temp)) {
      try (var channel = FileChannel.open(file, WRITE, APPEND)) {
        channel.write(ByteBuffer.wrap("b".repeat(512).getBytes(UTF_8)));
        disk.failAt(2, Fault.INPUT_OUTPUT);
        assertThatThrownBy(() -> channel.force(true)).hasMessageContaining("Input/output error");
        channel.write(ByteBuffer.wrap("c".repeat(512).getBytes(UTF_8)));
        channel.force(true);
      }
      disk.applyCut(0);
      assertThat(file).hasContent("a".repeat(512) + "\0".repeat(512) + "c".repeat(512));
    }
  }

  @Test
  void applyCut_openFile_isRefused() throws IOException {
    try (var disk = FaultyDisk.watch(temp)) {
      try (var _ = FileChannel.open(temp.resolve("a"), CREATE, WRITE)) {
        assertThatThrownBy(() -> disk.applyCut(0)).hasMessageContaining("descriptors=1");
        assertThatThrownBy(disk::close).isInstanceOf(IllegalStateException.class);
      }
      disk.applyCut(0);
    }
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void copyAndTransfer_areSeen() throws IOException {
    var outside = Files.createDirectory(temp.resolve("outside")).resolve("a");
    append(outside, "a".repeat(10_000), true);
    var directory = Files.createDirectory(temp.resolve("watched"));
    try (var disk = FaultyDisk.watch(directory)) {
      Files.copy(outside, directory.resolve("copied"));
      try (var from = FileChannel.open(outside, READ);
          var to = FileChannel.open(directory.resolve("transferred"), CREATE_NEW, WRITE)) {
        assertThat(from.transferTo(0, 10_000, to)).isEqualTo(10_000);
        to.force(true);
      }
      assertThat(directory.resolve("copied")).hasSameBinaryContentAs(outside);
      disk.applyCut(0);
      assertThat(directory.resolve("copied")).isEmptyFile();
      assertThat(directory.resolve("transferred")).hasSameBinaryContentAs(outside);
    }
  }

  @Test
  void applyCut_writableMapping_isRefused() throws IOException {
    try (var disk = FaultyDisk.watch(temp)) {
      try (var channel = FileChannel.open(temp.resolve("a"), CREATE, READ, WRITE)) {
        channel.map(FileChannel.MapMode.READ_WRITE, 0, 4096).put(0, (byte) 1);
      }
      assertThatThrownBy(() -> disk.applyCut(0)).hasMessageContaining("mapped for writing");
    }
  }

  @Test
  void lyingSync_sqliteThenCut_leavesNothing() throws Exception {
    try (var disk = FaultyDisk.watch(temp).lyingSync()) {
      assertThat(sqliteWorkload(temp, "FULL")).hasSize(ROWS);
      disk.applyCut(0);
      assertThat(temp).isEmptyDirectory();
    }
  }

  @Test
  void sqliteFull_cutAtEveryOperation_keepsAllAcknowledged() throws Exception {
    assertThat(cutEverywhere("FULL", false)).isZero();
  }

  @Test
  void sqliteNormal_cutAtEveryOperation_losesAcknowledged() throws Exception {
    assertThat(cutEverywhere("NORMAL", false)).isPositive();
  }

  @Test
  void sqliteFull_lyingSync_losesAcknowledged() throws Exception {
    assertThat(cutEverywhere("FULL", true)).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void sqliteFull_faultAtEveryOperation_keepsAllAcknowledged(Fault fault) throws Exception {
    for (boolean forever : new boolean[] {false, true}) {
      boolean struck = true;
      for (int n = 1; struck; n++) {
        var directory = Files.createDirectory(temp.resolve("sqlite" + forever + n));
        try (var disk = FaultyDisk.watch(directory)) {
          var _ = forever ? disk.failFrom(n, fault) : disk.failAt(n, fault);
          var acknowledged = sqliteWorkload(directory, "FULL");
          struck = disk.faults() > 0;
          var context = disk.lastFault();
          disk.heal();
          disk.applyCut(0);
          var rows = sqliteRows(directory);
          assertThat(rows.damage).describedAs(context).isEmpty();
          assertThat(rows.ids).describedAs(context).containsAll(acknowledged);
        }
      }
    }
  }

  @Test
  void sqliteFull_diskFillsUp_keepsAllAcknowledged() throws Exception {
    for (int bytes = 0; bytes < 120_000; bytes += 1500) {
      var directory = Files.createDirectory(temp.resolve("full" + bytes));
      try (var disk = FaultyDisk.watch(directory).fullAfter(bytes)) {
        var acknowledged = sqliteWorkload(directory, "FULL");
        disk.heal();
        var rows = sqliteRows(directory);
        assertThat(rows.damage).isEmpty();
        assertThat(rows.ids).containsAll(acknowledged);
      }
    }
  }

  /// Runs the workload once for every operation and seed, with the power cut there, and answers how
  /// many runs lost an acknowledged row.
  private int cutEverywhere(String synchronous, boolean lying) throws Exception {
    int lost = 0;
    boolean struck = true;
    for (int n = 1; struck; n++) {
      for (long seed = SEED; seed < SEED + SEEDS; seed++) {
        var directory = Files.createDirectory(temp.resolve("cut" + n + "-" + seed));
        try (var disk = FaultyDisk.watch(directory).cutAt(n)) {
          if (lying) {
            disk.lyingSync();
          }
          var acknowledged = sqliteWorkload(directory, synchronous);
          struck = disk.faults() > 0;
          var context =
              String.join(" ", disk.lastFault(), "-Dremanence.seed=" + seed, "-Dremanence.seeds=1");
          disk.applyCut(seed);
          var rows = sqliteRows(directory);
          if (!lying) {
            assertThat(rows.damage).describedAs(context).isEmpty();
            assertThat(rows.ids.size())
                .describedAs(context)
                .isLessThanOrEqualTo(acknowledged.size() + 1);
          }
          if (!rows.ids.containsAll(acknowledged)) {
            lost++;
          }
          if (synchronous.equals("FULL") && !lying) {
            assertThat(rows.ids).describedAs(context).containsAll(acknowledged);
          }
        }
      }
    }
    return lost;
  }

  /// Adds rows until one fails, and answers the acknowledged ones.
  @SuppressWarnings("EmptyCatch") // A failure is what ends the workload.
  private static List<Integer> sqliteWorkload(Path directory, String synchronous) {
    var acknowledged = new ArrayList<Integer>();
    try (var connection =
        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("rows.db"))) {
      try (var statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode=WAL");
        statement.execute("PRAGMA synchronous=" + synchronous);
        statement.execute("PRAGMA wal_autocheckpoint=8");
        statement.execute("CREATE TABLE rows(id INTEGER PRIMARY KEY, body BLOB)");
        for (int id = 1; id <= ROWS; id++) {
          statement.execute("INSERT INTO rows VALUES(" + id + ", randomblob(1500))");
          acknowledged.add(id);
        }
      }
    } catch (SQLException expected) {
    }
    return acknowledged;
  }

  private static Rows sqliteRows(Path directory) {
    var ids = new ArrayList<Integer>();
    var file = directory.resolve("rows.db");
    if (!Files.exists(file)) {
      return new Rows(ids, "");
    }
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      try (var check = statement.executeQuery("PRAGMA integrity_check")) {
        if (!check.getString(1).equals("ok")) {
          return new Rows(ids, check.getString(1));
        }
      }
      try (var tables = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
        if (tables.getInt(1) == 0) {
          return new Rows(ids, "");
        }
      }
      try (var rows = statement.executeQuery("SELECT id FROM rows ORDER BY id")) {
        while (rows.next()) {
          ids.add(rows.getInt(1));
        }
      }
      return new Rows(ids, "");
    } catch (SQLException e) {
      return new Rows(ids, e.toString());
    }
  }

  /// Nine operations, and whether each succeeded. One that fails leaves the rest to be tried.
  private static List<Boolean> channelWorkload(Path directory) throws IOException {
    var succeeded = new Boolean[9];
    Arrays.fill(succeeded, false);
    var a = directory.resolve("a");
    var b = directory.resolve("b");
    succeeded[0] = succeeds(() -> FileChannel.open(a, CREATE_NEW, WRITE).close());
    try (var channel = FileChannel.open(a, CREATE, WRITE)) {
      succeeded[1] = succeeds(() -> channel.write(ByteBuffer.allocate(4096)));
      succeeded[2] = succeeds(() -> channel.force(false));
      succeeded[3] = succeeds(() -> channel.truncate(succeeded[1] ? 100 : 0));
    } catch (IOException e) {
      return List.of(succeeded);
    }
    succeeded[4] = succeeds(() -> Files.move(a, b));
    succeeded[5] = succeeds(() -> syncDirectory(directory));
    succeeded[6] = succeeds(() -> Files.delete(b));
    succeeded[7] = succeeds(() -> Files.createDirectory(b));
    succeeded[8] = succeeds(() -> Files.delete(b));
    return List.of(succeeded);
  }

  private static boolean succeeds(Action action) {
    try {
      action.run();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void append(Path file, String content, boolean sync) throws IOException {
    try (var channel = FileChannel.open(file, CREATE, WRITE, APPEND)) {
      channel.write(ByteBuffer.wrap(content.getBytes(UTF_8)));
      if (sync) {
        channel.force(true);
      }
    }
  }

  private static void syncDirectory(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  private interface Action {
    void run() throws IOException;
  }

  private record Rows(List<Integer> ids, String damage) {}
}
