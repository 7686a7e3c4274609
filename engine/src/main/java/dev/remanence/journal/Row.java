package dev.remanence.journal;

import dev.remanence.RemanenceException.CorruptStore;
import java.sql.SQLException;

/// Reads a `revision` row and verifies it: the checksum over everything, then the header's form.
final class Row {
  /// The columns in the order that [#read] expects.
  static final String COLUMNS =
      "pos, chain, seq, prev, base, head, salt, dict, body, body_hash, hash, chk";

  private Row() {}

  static String columns(String alias) {
    return alias + "." + COLUMNS.replace(", ", ", " + alias + ".");
  }

  static Entry read(Rows row, int first, Packer.Bench bench) throws SQLException {
    long pos = row.getLong(first);
    try {
      var head = row.getBytes(first + 5);
      var salt = row.getBytes(first + 6);
      int dictionary = row.getInt(first + 7);
      var packed = row.getBytes(first + 8);
      var bodyHash = row.getBytes(first + 9);
      var hash = row.getBytes(first + 10);
      if (head == null
          || hash == null
          || (salt == null) != (packed == null)
          || (packed == null) == (bodyHash == null)) {
        throw new MalformedBytes("a column is missing");
      }
      var body = packed == null ? null : bench.unpack(dictionary, packed);
      long chain = row.getLong(first + 1);
      long seq = row.getLong(first + 2);
      long prev = row.getLong(first + 3);
      long base = row.getLong(first + 4);
      int expected = Entry.checksum(pos, chain, seq, prev, base, head, salt, body, bodyHash, hash);
      if (expected != row.getInt(first + 11)) {
        throw new MalformedBytes("the checksum fails");
      }
      return new Entry(
          pos, chain, seq, prev, base, Header.decode(head), head, salt, body, bodyHash, hash);
    } catch (MalformedBytes e) {
      throw damaged(pos, String.valueOf(e.getMessage()));
    }
  }

  static CorruptStore damaged(long pos, String what) {
    return new CorruptStore(
        "revision at position "
            + pos
            + " is damaged ("
            + what
            + "); run 'remanence verify --deep' to see how far it goes, and 'remanence repair' to"
            + " salvage the rest",
        "file",
        "journal.db",
        "position",
        pos);
  }
}
