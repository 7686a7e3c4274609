package dev.remanence.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/// A prepared statement, driven past JDBC: sqlite-jdbc's result sets ask SQLite for the name of
/// every column at each execution, which costs more than the question.
///
/// Its values stay bound until they are set again. Used by one thread at a time.
public final class Prepared implements AutoCloseable {
  private final CoreStatement statement;
  private final DB database;
  private final long pointer;
  private final @Nullable Object[] values;
  private final Rows rows;

  Prepared(Connection connection, String sql) throws SQLException {
    var made = connection.prepareStatement(sql);
    statement = (CoreStatement) made;
    database = statement.getDatabase();
    pointer = statement.pointer.safeRunLong((_, address) -> address);
    values = new Object[made.getParameterMetaData().getParameterCount()];
    rows = new Rows(statement, database, pointer);
  }

  /// Whether a failure has ended it, so that it has to be prepared anew.
  boolean isClosed() {
    return statement.pointer.isClosed();
  }

  public void setLong(int index, long value) {
    values[index - 1] = value;
  }

  public void setInt(int index, int value) {
    values[index - 1] = value;
  }

  public void setString(int index, @Nullable String value) {
    values[index - 1] = value;
  }

  public void setBytes(int index, byte @Nullable [] value) {
    values[index - 1] = value;
  }

  /// A number, a string, bytes or null.
  void setObject(int index, @Nullable Object value) {
    values[index - 1] = value;
  }

  /// Runs it and stands before the first row. At most one result is open at a time.
  public Rows executeQuery() throws SQLException {
    rows.close();
    rows.opened(database.execute(statement, values));
    return rows;
  }

  /// Runs it to its end.
  public void execute() throws SQLException {
    rows.close();
    if (database.execute(statement, values)) {
      rows.opened(true);
      rows.close();
    }
  }

  /// Runs it to its end and answers how many rows it changed.
  public int executeUpdate() throws SQLException {
    execute();
    return (int) database.changes();
  }

  @Override
  public void close() throws SQLException {
    Arrays.fill(values, null);
    statement.pointer.close();
  }
}
