package dev.remanence.journal;

import dev.remanence.RemanenceException.CorruptStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The table `vector`: what models computed for revisions. Derived: a damaged row is deleted and
/// computed anew.
///
/// ```
/// pos    the revision that holds the content
/// piece  which piece of its text, from 0: long texts are embedded in pieces
/// model  the model's name
/// dims   how many numbers
/// input  SHA-256 of what was embedded, or null where it is not known
/// bytes  the numbers in half precision, big-endian
/// chk    CRC-32C over all of the above
/// ```
public final class VectorTable {
  private static final String LATE = "late-vectors:";

  /// In `meta`: a model and the position up to which it has vectors of everything.
  private static final String COMPLETE = "vectors.complete";

  /// In `meta`: positions of contents whose vectors are to be computed anew, with commas.
  private static final String AGAIN = "vectors.again";

  private VectorTable() {}

  /// A computed vector as it is stored.
  public record Stored(
      long pos, int piece, String model, int dims, byte @Nullable [] input, byte[] bytes) {
    public float[] numbers() {
      var halves = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN).asShortBuffer();
      var numbers = new float[dims];
      for (int i = 0; i < dims; i++) {
        numbers[i] = Float.float16ToFloat(halves.get(i));
      }
      return numbers;
    }

    /// The same of the same revision in another journal.
    Stored at(long otherPos) {
      return new Stored(otherPos, piece, model, dims, input, bytes);
    }

    private int checksum() {
      var name = model.getBytes(StandardCharsets.UTF_8);
      var sum = new Checksum().add(pos).add(piece).add(name.length).add(name).add(dims);
      sum.add(input == null ? -1 : input.length);
      if (input != null) {
        sum.add(input);
      }
      return sum.add(bytes).value();
    }
  }

  /// What a model computed of a content.
  ///
  /// @param input SHA-256 of what was embedded
  /// @param pieces a vector for each piece of the text
  public record Computed(String model, byte[] input, List<float[]> pieces) {}

  private static Stored stored(long pos, int piece, Computed computed) {
    var numbers = computed.pieces.get(piece);
    var bytes = ByteBuffer.allocate(2 * numbers.length).order(ByteOrder.BIG_ENDIAN);
    for (float number : numbers) {
      bytes.putShort(Float.floatToFloat16(number));
    }
    return new Stored(pos, piece, computed.model, numbers.length, computed.input, bytes.array());
  }

  private static final String COLUMNS =
      "SELECT pos, piece, model, dims, input, bytes, chk FROM vector";

  /// The vectors of a revision, of all models.
  public static List<Stored> of(Reader reader, long pos) throws SQLException {
    var statement = reader.prepared(COLUMNS + " WHERE pos = ? ORDER BY model, piece");
    statement.setLong(1, pos);
    var vectors = new ArrayList<Stored>();
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        vectors.add(verified(row, pos));
      }
    }
    return vectors;
  }

  private static Stored verified(Rows row, long pos) throws SQLException {
    var stored = whole(row);
    if (stored == null) {
      throw new CorruptStore(
          "a vector is damaged; it is derived: 'remanence repair' removes it, to be computed anew",
          "table",
          "vector",
          "position",
          pos);
    }
    return stored;
  }

  /// The row, or null where it is damaged.
  private static @Nullable Stored whole(Rows row) throws SQLException {
    var model = row.getString(3);
    var bytes = row.getBytes(6);
    if (model == null || bytes == null || bytes.length != 2 * row.getInt(4)) {
      return null;
    }
    var stored =
        new Stored(row.getLong(1), row.getInt(2), model, row.getInt(4), row.getBytes(5), bytes);
    return stored.checksum() == row.getInt(7) ? stored : null;
  }

  /// The vectors of the revisions from one position to another.
  public static List<Stored> between(Reader reader, long fromPos, long toPos) throws SQLException {
    var statement =
        reader.prepared(COLUMNS + " WHERE pos BETWEEN ? AND ? ORDER BY pos, piece, model");
    statement.setLong(1, fromPos);
    statement.setLong(2, toPos);
    var vectors = new ArrayList<Stored>();
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        vectors.add(verified(row, row.getLong(1)));
      }
    }
    return vectors;
  }

  /// Writes what a model computed of a revision's content, in place of what it computed before.
  public static void put(Ledger ledger, long pos, Computed computed) throws SQLException {
    var delete = ledger.reader().prepared("DELETE FROM vector WHERE pos = ? AND model = ?");
    delete.setLong(1, pos);
    delete.setString(2, computed.model);
    delete.executeUpdate();
    for (int piece = 0; piece < computed.pieces.size(); piece++) {
      put(ledger.reader(), stored(pos, piece, computed));
    }
  }

  /// Deletes what models computed of contents, and notes that it is to be computed anew.
  static void again(Ledger ledger, List<Long> positions) throws SQLException {
    var noted = new TreeSet<>(again(ledger.reader()));
    for (long pos : positions) {
      var delete = ledger.reader().prepared("DELETE FROM vector WHERE pos = ?");
      delete.setLong(1, pos);
      delete.executeUpdate();
      noted.add(pos);
    }
    noteAgain(ledger, noted);
  }

  /// Positions of contents whose vectors are to be computed anew.
  public static SortedSet<Long> again(Reader reader) throws SQLException {
    var noted = reader.meta(AGAIN);
    var positions = new TreeSet<Long>();
    if (noted != null) {
      for (var each : noted.split(",", -1)) {
        try {
          positions.add(Long.parseLong(each));
        } catch (NumberFormatException e) {
          // The end of the list, or damage: what is lost is found by words.
        }
      }
    }
    return positions;
  }

  /// Says that these were computed anew.
  public static void doneAgain(Ledger ledger, Collection<Long> positions) throws SQLException {
    var noted = again(ledger.reader());
    if (noted.removeAll(positions)) {
      noteAgain(ledger, noted);
    }
  }

  private static void noteAgain(Ledger ledger, Collection<Long> positions) throws SQLException {
    ledger.setMeta(AGAIN, positions.stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  /// Deletes what other models computed of the revisions from one position to another. Answers how
  /// many vectors.
  public static int dropOthers(Ledger ledger, String model, long fromPos, long toPos)
      throws SQLException {
    var delete =
        ledger.reader().prepared("DELETE FROM vector WHERE pos BETWEEN ? AND ? AND model <> ?");
    delete.setLong(1, fromPos);
    delete.setLong(2, toPos);
    delete.setString(3, model);
    return delete.executeUpdate();
  }

  /// Counts that a scope got vectors for revisions that were there. Who has seen the same count has
  /// seen the same vectors.
  ///
  /// @return the count
  public static long countLate(Ledger ledger, long scope) throws SQLException {
    long count = late(ledger.reader(), scope) + 1;
    ledger.setMeta(LATE + scope, Long.toString(count));
    return count;
  }

  /// How often a scope got vectors for revisions that were there.
  public static long late(Reader reader, long scope) throws SQLException {
    var count = reader.meta(LATE + scope);
    try {
      return count == null ? 0 : Long.parseLong(count);
    } catch (NumberFormatException e) {
      // Damaged, and no more than a hint: it begins anew, as nobody has seen this.
      return -1;
    }
  }

  /// Is told of a vector without being given it.
  @FunctionalInterface
  public interface Named {
    void vector(long pos, int piece, String model, int dims) throws SQLException;
  }

  /// Names the vectors of the revisions from one position to another.
  public static void name(Reader reader, long fromPos, long toPos, Named named)
      throws SQLException {
    var statement =
        reader.prepared(
            "SELECT pos, piece, model, dims FROM vector WHERE pos BETWEEN ? AND ? ORDER BY pos");
    statement.setLong(1, fromPos);
    statement.setLong(2, toPos);
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        named.vector(row.getLong(1), row.getInt(2), row.getString(3), row.getInt(4));
      }
    }
  }

  static void put(Reader reader, Stored stored) throws SQLException {
    var insert =
        reader.prepared(
            "INSERT OR REPLACE INTO vector(pos, piece, model, dims, input, bytes, chk) VALUES(?,"
                + " ?, ?, ?, ?, ?, ?)");
    insert.setLong(1, stored.pos);
    insert.setInt(2, stored.piece);
    insert.setString(3, stored.model);
    insert.setInt(4, stored.dims);
    insert.setBytes(5, stored.input);
    insert.setBytes(6, stored.bytes);
    insert.setInt(7, stored.checksum());
    insert.executeUpdate();
  }

  /// Positions of revisions that hold a body of their own and of which a model has no vector,
  /// ascending. Not all of them hold a content.
  public static List<Long> without(Reader reader, String model, long afterPos, int limit)
      throws SQLException {
    var statement =
        reader.prepared(
            "SELECT pos FROM revision AS r WHERE pos > ? AND base = 0 AND body IS NOT NULL AND NOT"
                + " EXISTS (SELECT 1 FROM vector AS v WHERE v.pos = r.pos AND v.piece = 0 AND"
                + " v.model = ?) ORDER BY pos LIMIT ?");
    statement.setLong(1, afterPos);
    statement.setString(2, model);
    statement.setInt(3, limit);
    var positions = new ArrayList<Long>();
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        positions.add(row.getLong(1));
      }
    }
    return positions;
  }

  /// How many contents each model has vectors of.
  public static SortedMap<String, Long> byModel(Reader reader) throws SQLException {
    var counts = new TreeMap<String, Long>();
    try (var row =
        reader
            .prepared("SELECT model, count(*) FROM vector WHERE piece = 0 GROUP BY model")
            .executeQuery()) {
      while (row.next()) {
        counts.put(String.valueOf(row.getString(1)), row.getLong(2));
      }
    }
    return counts;
  }

  /// The position up to which a model has vectors of everything, as was noted last; 0 where nothing
  /// was.
  public static long complete(Reader reader, String model) throws SQLException {
    var noted = reader.meta(COMPLETE);
    int end = noted == null ? -1 : noted.lastIndexOf(' ');
    if (noted == null || end < 0 || !noted.substring(0, end).equals(model)) {
      return 0;
    }
    try {
      long position = Long.parseLong(noted.substring(end + 1));
      return position <= reader.lastPosition() ? position : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// Notes that a model has vectors of everything up to a position.
  public static void noteComplete(Ledger ledger, String model, long position) throws SQLException {
    ledger.setMeta(COMPLETE, model + " " + position);
  }

  static void check(Reader reader, Findings findings) throws SQLException {
    try (var row = reader.prepared(COLUMNS + " ORDER BY pos, piece, model").executeQuery()) {
      while (row.next()) {
        if (whole(row) == null) {
          findings.problem("table vector, position " + row.getLong(1), "its checksum fails", true);
        }
      }
    }
    try (var row =
        reader
            .prepared("SELECT pos FROM vector WHERE pos NOT IN (SELECT pos FROM revision)")
            .executeQuery()) {
      while (row.next()) {
        findings.problem(
            "table vector, position " + row.getLong(1), "its revision is missing", true);
      }
    }
  }

  /// Removes the damaged rows and those whose revision is gone.
  static void dropDamaged(Reader reader) throws SQLException {
    record Place(long pos, int piece, String model) {}
    var damaged = new ArrayList<Place>();
    try (var row = reader.prepared(COLUMNS + " ORDER BY pos, piece, model").executeQuery()) {
      while (row.next()) {
        if (whole(row) == null) {
          damaged.add(new Place(row.getLong(1), row.getInt(2), row.getString(3)));
        }
      }
    }
    if (!damaged.isEmpty()) {
      var forget = reader.prepared("DELETE FROM meta WHERE k = ?");
      forget.setString(1, COMPLETE);
      forget.executeUpdate();
    }
    for (var place : damaged) {
      var delete = reader.prepared("DELETE FROM vector WHERE pos = ? AND piece = ? AND model = ?");
      delete.setLong(1, place.pos);
      delete.setInt(2, place.piece);
      delete.setString(3, place.model);
      delete.executeUpdate();
    }
    reader
        .prepared("DELETE FROM vector WHERE pos NOT IN (SELECT pos FROM revision)")
        .executeUpdate();
  }
}
