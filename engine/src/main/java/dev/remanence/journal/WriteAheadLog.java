package dev.remanence.journal;

import java.nio.file.Path;
import java.sql.SQLException;

/// SQLite's write-ahead log `journal.db-wal`: when it is moved into `journal.db`, and how.
///
/// SQLite's own automatic checkpoint is off. It runs inside COMMIT, before anyone is answered, and
/// keeps its failures to itself: a sync that failed there would be tried again by the next commit.
///
/// - The log is long, at [#LONG_PAGES] pages: what no reader needs is moved, after the commit was
///   answered and without waiting for anyone. If something had to stay, the next attempt comes when
///   the log has grown by as much again, so a commit in between pays nothing.
/// - It is [#STARVED] times as long: the same, but readers in the middle of a read are waited for,
///   for a tenth of a second. So short reads that overlap for ever do not let it grow for ever.
/// - It is [#HUGE] times as long, and again each time it has doubled: the program's log says so.
///   One long read (a backup, an export) keeps it; it shrinks when that read ends.
///
/// Used by the thread that owns the writing connection, outside of transactions. Whoever calls
/// decides what a failure means; nothing here tries twice.
final class WriteAheadLog {
  private static final System.Logger LOG = System.getLogger("dev.remanence");

  private static final int LONG_PAGES = 8000;
  private static final int STARVED = 4;
  private static final int HUGE = 32;

  /// What its file keeps of its greatest size when the log begins anew.
  static final long BYTES_KEPT = (long) STARVED * LONG_PAGES * Pages.PAGE_BYTES;

  private static final int READERS_WAIT_MILLIS = 100;

  private final Reader connection;
  private final Path directory;
  private final int longPages;

  /// Pages in the log at which it is moved next.
  private int due;

  /// Pages in the log at which the next word about its size is due.
  private int noted;

  WriteAheadLog(Reader connection, Path directory) {
    this(connection, directory, LONG_PAGES);
  }

  /// For tests, with another length that is long.
  WriteAheadLog(Reader connection, Path directory, int longPages) {
    this.connection = connection;
    this.directory = directory;
    this.longPages = longPages;
    beginAnew();
  }

  private void beginAnew() {
    due = longPages;
    noted = HUGE * longPages;
  }

  /// What a checkpoint found and left.
  ///
  /// @param refused whether somebody was in its way
  /// @param pages in the log
  /// @param moved those of them that are in `journal.db` too
  private record Outcome(boolean refused, int pages, int moved) {}

  /// Moves the log if it is long. Microseconds otherwise.
  void moveIfLong() throws SQLException {
    int pages = checkpoint("NOOP").pages;
    if (pages < longPages) {
      beginAnew();
    } else if (pages >= due) {
      due = pages + longPages;
      var left = pages < STARVED * longPages ? checkpoint("PASSIVE") : moveWaiting("RESTART");
      if (left.moved < left.pages && left.pages >= noted) {
        noted = 2 * left.pages;
        tellSize(left);
      }
    }
  }

  private Outcome moveWaiting(String mode) throws SQLException {
    Sql.run(connection.connection(), "PRAGMA busy_timeout = " + READERS_WAIT_MILLIS);
    try {
      return checkpoint(mode);
    } finally {
      Sql.run(connection.connection(), "PRAGMA busy_timeout = " + SqliteJournal.BUSY_MILLIS);
    }
  }

  private void tellSize(Outcome left) {
    LOG.log(
        System.Logger.Level.WARNING,
        "journal.db-wal in "
            + directory
            + " has grown to "
            + (long) left.pages * Pages.PAGE_BYTES / (1 << 20)
            + " MB, because a read that began long ago still needs it; it shrinks when that read"
            + " ends");
  }

  /// Moves all of the log and cuts its file to nothing. Answers false where a reader still needs a
  /// part of it after a tenth of a second.
  boolean empty() throws SQLException {
    return !moveWaiting("TRUNCATE").refused;
  }

  private Outcome checkpoint(String mode) throws SQLException {
    try (var row = connection.prepared("PRAGMA wal_checkpoint(" + mode + ")").executeQuery()) {
      row.next();
      return new Outcome(row.getInt(1) != 0, row.getInt(2), row.getInt(3));
    }
  }
}
