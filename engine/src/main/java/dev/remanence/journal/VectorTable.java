package dev.remanence.journal;

import dev.remanence.RemanenceException.CorruptStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The table `vector`: what models computed for revisions. Derived: a damaged row is deleted and
/// computed anew.
///
/// ```
/// pos    the revision
/// model  the model's name
/// dims   how many numbers
/// input  SHA-256 of what was embedded, or null where it is not known
/// bytes  the numbers in half precision, big-endian
/// chk    CRC-32C over all of the above
/// ```
public final class VectorTable {
  private VectorTable() {}

  /// A computed vector as it is stored.
  public record Stored(long pos, String model, int dims, byte @Nullable [] input, byte[] bytes) {
    public float[] numbers() {
      var halves = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN).asShortBuffer();
      var numbers = new float[dims];
      for (int i = 0; i < dims; i++) {
        numbers[i] = Float.float16ToFloat(halves.get(i));
      }
      return numbers;
    }

    private int checksum() {
      var name = model.getBytes(StandardCharsets.UTF_8);
      var sum = new Checksum().add(pos).add(name.length).add(name).add(dims);
      sum.add(input == null ? -1 : input.length);
      if (input != null) {
        sum.add(input);
      }
      return sum.add(bytes).value();
    }
  }

  public static Stored of(long pos, String model, byte[] input, float[] numbers) {
    var bytes = ByteBuffer.allocate(2 * numbers.length).order(ByteOrder.BIG_ENDIAN);
    for (float number : numbers) {
      bytes.putShort(Float.floatToFloat16(number));
    }
    return new Stored(pos, model, numbers.length, input, bytes.array());
  }

  private static final String COLUMNS = "SELECT pos, model, dims, input, bytes, chk FROM vector";

  /// The vectors of a revision, of all models.
  public static List<Stored> of(Reader reader, long pos) throws SQLException {
    var statement = reader.prepared(COLUMNS + " WHERE pos = ? ORDER BY model");
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
    var model = row.getString(2);
    var bytes = row.getBytes(5);
    if (model == null || bytes == null || bytes.length != 2 * row.getInt(3)) {
      return null;
    }
    var stored = new Stored(row.getLong(1), model, row.getInt(3), row.getBytes(4), bytes);
    return stored.checksum() == row.getInt(6) ? stored : null;
  }

  /// Writes a vector in place of the one of the same model.
  static void put(Reader reader, Stored stored) throws SQLException {
    var insert =
        reader.prepared(
            "INSERT OR REPLACE INTO vector(pos, model, dims, input, bytes, chk) VALUES(?, ?, ?, ?,"
                + " ?, ?)");
    insert.setLong(1, stored.pos);
    insert.setString(2, stored.model);
    insert.setInt(3, stored.dims);
    insert.setBytes(4, stored.input);
    insert.setBytes(5, stored.bytes);
    insert.setInt(6, stored.checksum());
    insert.executeUpdate();
  }

  static void check(Reader reader, Findings findings) throws SQLException {
    try (var row = reader.prepared(COLUMNS + " ORDER BY pos, model").executeQuery()) {
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
    record Place(long pos, String model) {}
    var damaged = new ArrayList<Place>();
    try (var row = reader.prepared(COLUMNS + " ORDER BY pos, model").executeQuery()) {
      while (row.next()) {
        if (whole(row) == null) {
          damaged.add(new Place(row.getLong(1), row.getString(2)));
        }
      }
    }
    for (var place : damaged) {
      var delete = reader.prepared("DELETE FROM vector WHERE pos = ? AND model = ?");
      delete.setLong(1, place.pos);
      delete.setString(2, place.model);
      delete.executeUpdate();
    }
    reader
        .prepared("DELETE FROM vector WHERE pos NOT IN (SELECT pos FROM revision)")
        .executeUpdate();
  }
}
