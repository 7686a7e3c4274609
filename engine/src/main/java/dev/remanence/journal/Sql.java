package dev.remanence.journal;

import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Busy;
import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.RemanenceException.DiskFull;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.RemanenceException.Timeout;
import dev.remanence.RemanenceException.Unavailable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Properties;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.jdbc4.JDBC4Connection;

/// How we open SQLite and what its failures mean.
final class Sql {
  private Sql() {}

  /// Opens a database file, which must exist, and runs the first statements on it. Nothing stays
  /// open where one of them fails.
  static Connection connect(Path file, String... first) throws SQLException {
    var uri = new StringBuilder("file:");
    for (byte b : file.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if (c == '/'
          || c == '.'
          || c == '-'
          || c == '_'
          || (c < 0x80 && Character.isLetterOrDigit(c))) {
        uri.append(c);
      } else {
        uri.append(String.format(Locale.ROOT, "%%%02x", (int) c));
      }
    }
    var connection = connect(uri.toString(), properties());
    // Transactions are begun and ended by our own statements. Otherwise sqlite-jdbc tries a "begin"
    // after each statement, which fails inside a transaction and costs as much as an insert.
    connection.getConnectionConfig().setAutoCommit(false);
    try {
      run(connection, first);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /// Opens what SQLite is to make of a name or a URI.
  static JDBC4Connection connect(String uri, Properties properties) throws SQLException {
    SqliteLibrary.load();
    return new JDBC4Connection("jdbc:sqlite:" + uri, uri, properties);
  }

  private static Properties properties() {
    // A connection is used by one thread at a time, so SQLite need not lock it at each call.
    var config = new org.sqlite.SQLiteConfig();
    config.resetOpenMode(org.sqlite.SQLiteOpenMode.FULLMUTEX);
    config.setOpenMode(org.sqlite.SQLiteOpenMode.NOMUTEX);
    return config.toProperties();
  }

  static void run(Connection connection, String... statements) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  static boolean isFull(SQLException failure) {
    return primary(failure) == SQLiteErrorCode.SQLITE_FULL.code;
  }

  /// Whether a failure came before anything was written: no permission, another program's lock.
  static boolean isRefusal(SQLException failure) {
    int code = primary(failure);
    return code == SQLiteErrorCode.SQLITE_READONLY.code
        || code == SQLiteErrorCode.SQLITE_BUSY.code
        || code == SQLiteErrorCode.SQLITE_LOCKED.code;
  }

  static boolean isDamage(SQLException failure) {
    int code = primary(failure);
    return code == SQLiteErrorCode.SQLITE_CORRUPT.code
        || code == SQLiteErrorCode.SQLITE_NOTADB.code;
  }

  private static int primary(SQLException failure) {
    return failure instanceof SQLiteException sqlite
        ? sqlite.getResultCode().code & 0xFF
        : failure.getErrorCode() & 0xFF;
  }

  /// Our error for SQLite's, where the operation was a read or left everything as it was.
  static RemanenceException translate(SQLException failure, Path directory) {
    int code = primary(failure);
    if (code == SQLiteErrorCode.SQLITE_FULL.code) {
      return new DiskFull(
          "no room on the disk of "
              + directory
              + "; nothing was changed; free some space and call again",
          failure,
          "store",
          directory.toString());
    }
    if (isDamage(failure)) {
      return new CorruptStore(
          "journal.db is damaged ("
              + failure.getMessage()
              + "); run 'remanence verify --deep', then 'remanence repair'",
          failure,
          "store",
          directory.toString());
    }
    if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
      return new Busy(
          "another program holds journal.db open for writing; close it and call again",
          "store",
          directory.toString());
    }
    if (code == SQLiteErrorCode.SQLITE_INTERRUPT.code) {
      return new Timeout(
          "this read was ended because an erasure had to complete; call again",
          "store",
          directory.toString());
    }
    if (code == SQLiteErrorCode.SQLITE_READONLY.code
        || code == SQLiteErrorCode.SQLITE_PERM.code
        || code == SQLiteErrorCode.SQLITE_AUTH.code) {
      return new Forbidden(
          "no permission to write in "
              + directory
              + "; give this user write access to the directory and the files in it",
          "store",
          directory.toString());
    }
    if (String.valueOf(failure.getMessage()).contains("closed")) {
      return new StoreClosed("the store was closed", "store", directory.toString());
    }
    return new Unavailable(
        "cannot use journal.db in " + directory + ": " + failure.getMessage(),
        failure,
        "store",
        directory.toString());
  }
}
