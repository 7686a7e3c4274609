package dev.remanence.journal;

import dev.remanence.RemanenceException.CorruptStore;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A table in which a miss is proved, not assumed.
///
/// Each row names the next greater key: `next` = that key ‖ CRC-32C(own key ‖ next key). The first
/// row has a key of zeros, the last one names a key of ones, so every possible key is either a
/// row's own or lies in exactly one gap. A lookup takes the greatest row not above the key: it is
/// the key itself, or a gap that provably spans it, or the table is damaged.
enum GapList {
  MEMORY(
      "memory",
      "uid",
      16,
      "scope, head, last, number, others, state, created, chk",
      "0,0,0,0,0,0,0,0"),
  SLOT("slot", "k", 17, "memory, chk", "x'',0");

  private final String table;
  private final String key;
  private final int keyBytes;
  private final String others;
  private final String sentinel;

  GapList(String table, String key, int keyBytes, String others, String sentinel) {
    this.table = table;
    this.key = key;
    this.keyBytes = keyBytes;
    this.others = others;
    this.sentinel = sentinel;
  }

  byte[] least() {
    return new byte[keyBytes];
  }

  byte[] greatest() {
    var ones = new byte[keyBytes];
    Arrays.fill(ones, (byte) 0xFF);
    return ones;
  }

  /// Writes the first row of an empty table.
  void plant(Connection connection) throws SQLException {
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO "
                + table
                + "("
                + key
                + ", next, "
                + others
                + ") VALUES(?, ?, "
                + sentinel
                + ")")) {
      insert.setBytes(1, least());
      insert.setBytes(2, next(least(), greatest()));
      insert.executeUpdate();
    }
  }

  String floorSql() {
    return "SELECT "
        + key
        + ", next FROM "
        + table
        + " WHERE "
        + key
        + " <= ? ORDER BY "
        + key
        + " DESC LIMIT 1";
  }

  String updateNextSql() {
    return "UPDATE " + table + " SET next = ? WHERE " + key + " = ?";
  }

  static byte[] next(byte[] own, byte[] nextKey) {
    return ByteBuffer.allocate(nextKey.length + Integer.BYTES)
        .put(nextKey)
        .putInt(new Checksum().add(own).add(nextKey).value())
        .array();
  }

  /// The row at or below a key.
  record Floor(byte[] key, byte[] next) {
    /// Whether a key provably has no row.
    boolean spans(byte[] wanted) {
      return Arrays.compareUnsigned(key, wanted) < 0 && Arrays.compareUnsigned(wanted, next) < 0;
    }
  }

  /// Finds the row at or below the key and verifies that it is the one; null is not an answer.
  Floor floor(Prepared floorStatement, byte[] wanted) throws SQLException {
    floorStatement.setBytes(1, wanted);
    try (var row = floorStatement.executeQuery()) {
      return floor(row, wanted);
    }
  }

  /// The same from a result that begins with the key and the next one.
  Floor floor(Rows row, byte[] wanted) throws SQLException {
    if (!row.next()) {
      throw damaged("no row at or below the key");
    }
    var own = row.getBytes(1);
    var nextKey = verified(own, row.getBytes(2));
    if (Arrays.compareUnsigned(own, wanted) > 0
        || (Arrays.compareUnsigned(nextKey, wanted) <= 0 && !isLast(nextKey, wanted))) {
      throw damaged("a key lies in no gap");
    }
    return new Floor(own, nextKey);
  }

  /// The key of the row below a key that has just been removed.
  byte[] below(Prepared floorStatement, byte[] removed) throws SQLException {
    floorStatement.setBytes(1, removed);
    try (var row = floorStatement.executeQuery()) {
      if (!row.next()) {
        throw damaged("no row below the key");
      }
      var own = row.getBytes(1);
      if (!Arrays.equals(verified(own, row.getBytes(2)), removed)) {
        throw damaged("a row does not name the next one");
      }
      return own;
    }
  }

  private boolean isLast(byte[] nextKey, byte[] wanted) {
    return Arrays.equals(nextKey, greatest()) && Arrays.equals(wanted, greatest());
  }

  /// The next key that a row names, or [CorruptStore] where its checksum fails.
  byte[] verified(byte @Nullable [] own, byte @Nullable [] next) {
    if (own == null
        || next == null
        || own.length != keyBytes
        || next.length != keyBytes + Integer.BYTES) {
      throw damaged("a row has the wrong size");
    }
    var nextKey = Arrays.copyOf(next, keyBytes);
    if (!Arrays.equals(next, next(own, nextKey))) {
      throw damaged("a row's checksum fails");
    }
    return nextKey;
  }

  CorruptStore damaged(String what) {
    return new CorruptStore(
        "the table '"
            + table
            + "' is damaged: "
            + what
            + "; it is derived: 'remanence repair' rebuilds it",
        "table",
        table);
  }
}
