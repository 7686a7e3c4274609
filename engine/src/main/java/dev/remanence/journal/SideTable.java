package dev.remanence.journal;

import dev.remanence.RemanenceException.CorruptStore;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The tables beside the truth: how many numbers the vectors have that callers give in a scope,
/// sessions, counts of uses, receipts of erasures, known backups. They are not rebuilt from
/// revisions; each row carries a checksum over its columns as its last one.
///
/// The first column is the key; a row is written whole, in place of the one with the same key.
public enum SideTable {
  GIVEN("given", List.of("scope", "dims")),
  SESSION("session", List.of("uid", "tool", "pid", "started", "ended")),
  USES("uses", List.of("memory", "count", "last")),
  ERASURE("erasure", List.of("uid", "at", "pending", "receipt")),
  BACKUP("backup", List.of("file", "at", "kept_until"));

  private final String table;
  private final List<String> columns;

  SideTable(String table, List<String> columns) {
    this.table = table;
    this.columns = columns;
  }

  String table() {
    return table;
  }

  /// Whether a damaged row can go without harm: a receipt cannot.
  boolean isDisposable() {
    return this != ERASURE;
  }

  /// Whether the rows speak of scopes by their numbers, which another journal gives anew.
  boolean isOfThisJournal() {
    return this == GIVEN;
  }

  /// A verified row, its columns in the table's order.
  public record Cells(List<@Nullable Object> values) {
    public long number(int column) {
      return (Long) Objects.requireNonNull(values.get(column));
    }

    public String text(int column) {
      return (String) Objects.requireNonNull(values.get(column));
    }

    public byte[] bytes(int column) {
      return (byte[]) Objects.requireNonNull(values.get(column));
    }

    public boolean isNull(int column) {
      return values.get(column) == null;
    }
  }

  /// Writes a row. Numbers are longs.
  public void put(Ledger ledger, @Nullable Object... values) throws SQLException {
    assert values.length == columns.size();
    var insert =
        ledger
            .reader()
            .prepared(
                "INSERT OR REPLACE INTO "
                    + table
                    + " VALUES("
                    + String.join(", ", Collections.nCopies(values.length + 1, "?"))
                    + ")");
    for (int i = 0; i < values.length; i++) {
      insert.setObject(i + 1, values[i]);
    }
    insert.setLong(values.length + 1, checksum(Arrays.asList(values)));
    insert.executeUpdate();
  }

  public void delete(Ledger ledger, Object key) throws SQLException {
    delete(ledger.reader(), key);
  }

  private void delete(Reader reader, Object key) throws SQLException {
    var delete = reader.prepared("DELETE FROM " + table + " WHERE " + columns.getFirst() + " = ?");
    delete.setObject(1, key);
    delete.executeUpdate();
  }

  /// The row under a key, or null.
  public @Nullable Cells get(Reader reader, Object key) throws SQLException {
    var select = reader.prepared(select() + " WHERE " + columns.getFirst() + " = ?");
    select.setObject(1, key);
    try (var row = select.executeQuery()) {
      return row.next() ? verified(row) : null;
    }
  }

  /// All rows in the order of a column. A damaged one is `CorruptStore`.
  public List<Cells> rows(Reader reader, String orderedBy) throws SQLException {
    var rows = new ArrayList<Cells>();
    try (var row = reader.prepared(select() + " ORDER BY " + orderedBy).executeQuery()) {
      while (row.next()) {
        rows.add(verified(row));
      }
    }
    return rows;
  }

  /// Takes the rows that are whole and answers how many are not.
  public int takeWhole(Reader reader, Consumer<Cells> taker) throws SQLException {
    int damaged = 0;
    try (var row = reader.prepared(select()).executeQuery()) {
      while (row.next()) {
        var cells = cells(row);
        if (isWhole(row, cells)) {
          taker.accept(cells);
        } else {
          damaged++;
        }
      }
    }
    return damaged;
  }

  void check(Reader reader, Findings findings) throws SQLException {
    try (var row = reader.prepared(select()).executeQuery()) {
      while (row.next()) {
        if (!isWhole(row, cells(row))) {
          findings.problem("table " + table, "a row's checksum fails", isDisposable());
        }
      }
    }
  }

  /// Removes the damaged rows.
  void dropDamaged(Reader reader) throws SQLException {
    var damaged = new ArrayList<@Nullable Object>();
    try (var row = reader.prepared(select()).executeQuery()) {
      while (row.next()) {
        var cells = cells(row);
        if (!isWhole(row, cells)) {
          damaged.add(cells.values.getFirst());
        }
      }
    }
    for (var key : damaged) {
      delete(reader, Objects.requireNonNull(key, "a key is never null"));
    }
  }

  private String select() {
    return "SELECT " + String.join(", ", columns) + ", chk FROM " + table;
  }

  private Cells verified(Rows row) throws SQLException {
    var cells = cells(row);
    if (!isWhole(row, cells)) {
      throw new CorruptStore(
          "a row of the table '" + table + "' is damaged; run 'remanence repair'", "table", table);
    }
    return cells;
  }

  private Cells cells(Rows row) throws SQLException {
    var values = new ArrayList<@Nullable Object>(columns.size());
    for (int i = 1; i <= columns.size(); i++) {
      values.add(row.getObject(i));
    }
    return new Cells(values);
  }

  private boolean isWhole(Rows row, Cells cells) throws SQLException {
    return row.getLong(columns.size() + 1) == checksum(cells.values);
  }

  private static int checksum(List<@Nullable Object> values) {
    var sum = new Checksum();
    for (var value : values) {
      switch (value) {
        case null -> sum.add(0);
        case Long number -> sum.add(1).add(number);
        case String text -> {
          var bytes = text.getBytes(StandardCharsets.UTF_8);
          sum.add(2).add(bytes.length).add(bytes);
        }
        case byte[] bytes -> sum.add(3).add(bytes.length).add(bytes);
        case Object other -> sum.add(other.hashCode());
      }
    }
    return sum.value();
  }
}
