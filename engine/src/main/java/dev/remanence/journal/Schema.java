package dev.remanence.journal;

import dev.remanence.RemanenceException.FormatTooNew;
import dev.remanence.RemanenceException.FormatTooOld;
import dev.remanence.RemanenceException.InvalidInput;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.SortedMap;
import java.util.TreeMap;

/// The tables of `journal.db`, and how an older form becomes this one.
final class Schema {
  /// "REMA": tells our file from other SQLite files.
  static final int APPLICATION_ID = 0x52454D41;

  static final int FORMAT = 1;

  private static final String[] TABLES = {
    "CREATE TABLE meta(k TEXT PRIMARY KEY, v ANY) STRICT, WITHOUT ROWID",
    "CREATE TABLE dict(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL, chk INT NOT NULL) STRICT",
    """
    CREATE TABLE site(id INTEGER PRIMARY KEY, uid BLOB NOT NULL UNIQUE, public_key BLOB NOT NULL,
      continues BLOB, since INT NOT NULL) STRICT\
    """,
    "CREATE TABLE scope(id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE) STRICT",
    """
    CREATE TABLE chain(id INTEGER PRIMARY KEY, site INT NOT NULL, scope INT NOT NULL,
      uid BLOB NOT NULL, seq INT NOT NULL, hash BLOB NOT NULL, hlc INT NOT NULL,
      UNIQUE(scope, site, uid)) STRICT\
    """,
    "CREATE INDEX chain_uid ON chain(uid)",
    "CREATE TABLE signed_head(chain INTEGER PRIMARY KEY, seq INT NOT NULL, hash BLOB NOT NULL,"
        + " signature BLOB NOT NULL) STRICT",
    "CREATE TABLE gap(chain INT NOT NULL, seq_from INT NOT NULL, seq_to INT NOT NULL,"
        + " hash BLOB, PRIMARY KEY(chain, seq_from)) STRICT, WITHOUT ROWID",
    """
    CREATE TABLE revision(pos INTEGER PRIMARY KEY, chain INT NOT NULL, seq INT NOT NULL,
      prev INT NOT NULL, base INT NOT NULL, head BLOB NOT NULL, salt BLOB, dict INT NOT NULL,
      body BLOB, body_hash BLOB, hash BLOB NOT NULL, chk INT NOT NULL) STRICT\
    """,
    "CREATE UNIQUE INDEX revision_chain ON revision(chain, seq)",
    """
    CREATE TABLE vector(pos INT NOT NULL, piece INT NOT NULL, model TEXT NOT NULL,
      dims INT NOT NULL, input BLOB, bytes BLOB NOT NULL, chk INT NOT NULL,
      PRIMARY KEY(pos, piece, model)) STRICT, WITHOUT ROWID\
    """,
    "CREATE TABLE commits(n INTEGER PRIMARY KEY, last INT NOT NULL, hash BLOB NOT NULL) STRICT",
    """
    CREATE TABLE memory(uid BLOB PRIMARY KEY, next BLOB NOT NULL, scope INT NOT NULL,
      head INT NOT NULL, last INT NOT NULL, number INT NOT NULL, others INT NOT NULL,
      state INT NOT NULL, created INT NOT NULL, chk INT NOT NULL) STRICT, WITHOUT ROWID\
    """,
    """
    CREATE TABLE version(memory BLOB NOT NULL, branch INT NOT NULL, at INT NOT NULL,
      pos INT NOT NULL, chk INT NOT NULL,
      PRIMARY KEY(memory, branch, at, pos)) STRICT, WITHOUT ROWID\
    """,
    "CREATE TABLE slot(k BLOB PRIMARY KEY, next BLOB NOT NULL, memory BLOB NOT NULL,"
        + " chk INT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE given(scope INT PRIMARY KEY, dims INT NOT NULL, chk INT NOT NULL)"
        + " STRICT, WITHOUT ROWID",
    "CREATE TABLE session(uid BLOB PRIMARY KEY, tool TEXT NOT NULL, pid INT NOT NULL,"
        + " started INT NOT NULL, ended INT, chk INT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE uses(memory BLOB PRIMARY KEY, count INT NOT NULL, last INT NOT NULL,"
        + " chk INT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE erasure(uid BLOB PRIMARY KEY, at INT NOT NULL, pending INT NOT NULL,"
        + " receipt TEXT NOT NULL, chk INT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE backup(file TEXT PRIMARY KEY, at INT NOT NULL, kept_until INT,"
        + " chk INT NOT NULL) STRICT, WITHOUT ROWID",
  };

  /// The tables that [Rebuild] fills from the revisions.
  static final String[] DERIVED = {"memory", "version", "slot"};

  private Schema() {}

  /// One step from an older format to the next.
  @FunctionalInterface
  interface Migration {
    void apply(Connection connection) throws SQLException;
  }

  /// Steps by the format they start from. Format 1 is the first, so there are none yet; opening
  /// runs whatever stands here.
  static final SortedMap<Integer, Migration> MIGRATIONS = new TreeMap<>();

  static void create(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      for (var table : TABLES) {
        statement.execute(table);
      }
      GapList.MEMORY.plant(connection);
      GapList.SLOT.plant(connection);
      statement.execute("PRAGMA application_id = " + APPLICATION_ID);
      statement.execute("PRAGMA user_version = " + FORMAT);
      statement.execute("COMMIT");
    }
  }

  /// What a file says it is: 0 for a file without tables, else its format. Refuses other files.
  static int format(Connection connection, Path file) throws SQLException {
    long application = number(connection, "PRAGMA application_id");
    long version = number(connection, "PRAGMA user_version");
    long tables = number(connection, "SELECT count(*) FROM sqlite_schema");
    if (application == 0 && version == 0 && tables == 0) {
      return 0;
    }
    if (application != APPLICATION_ID) {
      throw new InvalidInput(
          "a Remanence journal is expected at "
              + file
              + "; another program's database is there; choose another directory with --store",
          "file",
          file.toString());
    }
    if (version > FORMAT) {
      throw new FormatTooNew(
          "the store has format "
              + version
              + " and this version reads up to "
              + FORMAT
              + "; use the newer Remanence that wrote it",
          "found",
          version,
          "supported",
          FORMAT);
    }
    if (version < FORMAT && (version < 1 || !MIGRATIONS.containsKey((int) version))) {
      throw new FormatTooOld(
          "the store has format "
              + version
              + " and no migration to "
              + FORMAT
              + " is known; export it with the version that wrote it and import it here",
          "found",
          version,
          "supported",
          FORMAT);
    }
    return (int) version;
  }

  /// Brings an older store to this format, all or nothing.
  static void migrate(Connection connection, int from) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        for (int version = from; version < FORMAT; version++) {
          var step = MIGRATIONS.get(version);
          if (step == null) {
            throw new SQLException("no migration from format " + version);
          }
          step.apply(connection);
        }
        statement.execute("PRAGMA user_version = " + FORMAT);
        statement.execute("COMMIT");
      } catch (SQLException e) {
        statement.execute("ROLLBACK");
        throw e;
      }
    }
  }

  static long number(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
