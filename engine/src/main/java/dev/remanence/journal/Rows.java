package dev.remanence.journal;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.core.Codes;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/// What a [Prepared] found, a row at a time.
public final class Rows implements AutoCloseable {
  private final CoreStatement statement;
  private final DB database;
  private final long pointer;
  private boolean open;
  private boolean first;
  private boolean found;

  Rows(CoreStatement statement, DB database, long pointer) {
    this.statement = statement;
    this.database = database;
    this.pointer = pointer;
  }

  void opened(boolean hasRow) {
    open = hasRow;
    first = true;
    found = hasRow;
  }

  public boolean next() throws SQLException {
    if (first) {
      first = false;
      return found;
    }
    if (!found || statement.pointer.isClosed()) {
      return false;
    }
    int code = database.step(pointer);
    found = code == Codes.SQLITE_ROW;
    if (!found && code != Codes.SQLITE_DONE) {
      database.throwex(code);
    }
    return found;
  }

  public long getLong(int column) throws SQLException {
    return database.column_long(pointer, column - 1);
  }

  public int getInt(int column) throws SQLException {
    return database.column_int(pointer, column - 1);
  }

  /// Null for SQL's null, which the checker need not know: those who ask for a nullable column do,
  /// as with JDBC.
  public byte[] getBytes(int column) throws SQLException {
    return database.column_blob(pointer, column - 1);
  }

  @SuppressWarnings("NullAway") // as getBytes
  public String getString(int column) throws SQLException {
    byte @Nullable [] bytes = getBytes(column);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  int columns() throws SQLException {
    return database.column_count(pointer);
  }

  /// A long, a double, a string, bytes or null, as it is stored.
  @Nullable Object getObject(int column) throws SQLException {
    return switch (database.column_type(pointer, column - 1)) {
      case Codes.SQLITE_INTEGER -> getLong(column);
      case Codes.SQLITE_FLOAT -> database.column_double(pointer, column - 1);
      case Codes.SQLITE_TEXT -> getString(column);
      case Codes.SQLITE_BLOB -> getBytes(column);
      default -> null;
    };
  }

  boolean isNull(int column) throws SQLException {
    return database.column_type(pointer, column - 1) == Codes.SQLITE_NULL;
  }

  @Override
  public void close() throws SQLException {
    if (open) {
      open = false;
      found = false;
      if (!statement.pointer.isClosed()) {
        database.reset(pointer);
      }
    }
  }
}
