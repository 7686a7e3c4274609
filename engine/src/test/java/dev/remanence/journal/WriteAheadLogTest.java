package dev.remanence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When the write-ahead log is moved into the database, with 20 pages taken for long.
class WriteAheadLogTest {
  private static final int LONG = 20;
  private static final int BYTES_OF_A_ROW = 5 * Pages.PAGE_BYTES;

  private static final int KEPT = 4 * LONG * Pages.PAGE_BYTES;

  @TempDir Path directory;

  private final Logger logger = Logger.getLogger("dev.remanence");
  private final Warnings warnings = new Warnings();
  private Path file;
  private Reader writing;
  private WriteAheadLog log;

  @BeforeEach
  void open() throws Exception {
    logger.addHandler(warnings);
    file = Files.createFile(directory.resolve(SqliteJournal.FILE));
    writing =
        new Reader(
            Sql.connect(
                file,
                "PRAGMA journal_mode = WAL",
                "PRAGMA wal_autocheckpoint = 0",
                "PRAGMA journal_size_limit = " + KEPT,
                "CREATE TABLE t(bytes)"),
            new Packer());
    log = new WriteAheadLog(writing, directory, LONG);
    assertThat(log.empty()).isTrue();
  }

  @AfterEach
  void close() throws SQLException {
    logger.removeHandler(warnings);
    writing.close();
  }

  @Test
  void moveIfLong_aRowAtATime_movesOnceItIsLong() throws Exception {
    var sizes = new ArrayList<Long>();
    for (int i = 0; i < 12; i++) {
      write();
      sizes.add(Files.size(file));
    }
    assertThat(sizes.get(1)).isEqualTo(sizes.getFirst());
    assertThat(sizes.stream().distinct().count()).isBetween(3L, 6L);
    assertThat(walPages()).isLessThan(2 * LONG);
    assertThat(warnings.said).isEmpty();
  }

  @Test
  void moveIfLong_pinnedByAReader_leavesWhatItNeedsAndTellsTheSize() throws Exception {
    try (var reader = pin()) {
      for (int i = 0; i < 5; i++) {
        write();
      }
      long moved = Files.size(file);
      while (walPages() < 64 * LONG) {
        write();
      }
      assertThat(Files.size(file)).isEqualTo(moved);
      assertThat(warnings.said).hasSize(1);
      assertThat(warnings.said.getFirst()).contains("journal.db-wal").contains(" MB");
      while (walPages() < 70 * LONG) {
        write();
      }
      assertThat(warnings.said).hasSize(2);
      assertThat(log.empty()).isFalse();
      assertThat(reader.isClosed()).isFalse();
    }
    for (int i = 0; i < 2 * LONG; i++) {
      write();
    }
    assertThat(Files.size(wal())).isLessThanOrEqualTo(KEPT);
    assertThat(log.empty()).isTrue();
    assertThat(Files.size(wal())).isZero();
  }

  private void write() throws SQLException {
    Sql.run(writing.connection(), "INSERT INTO t VALUES(zeroblob(" + BYTES_OF_A_ROW + "))");
    log.moveIfLong();
  }

  /// A connection that reads the database as it is now, until it is closed.
  private Connection pin() throws SQLException {
    return Sql.connect(file, "BEGIN", "SELECT count(*) FROM t");
  }

  private Path wal() {
    return file.resolveSibling(SqliteJournal.FILE + "-wal");
  }

  private long walPages() throws Exception {
    return Files.size(wal()) / Pages.PAGE_BYTES;
  }

  private static final class Warnings extends Handler {
    final List<String> said = new ArrayList<>();

    @Override
    public void publish(LogRecord entry) {
      said.add(entry.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
