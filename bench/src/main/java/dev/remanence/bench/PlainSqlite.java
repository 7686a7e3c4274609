package dev.remanence.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The store that one writes in an afternoon: one table, one connection, one lock, JDBC as in its
/// tutorial. It gives the same answers to `get`, `range` and `list` and is as durable, with the
/// same settings of SQLite. It has no history, no hash chain, no signatures, no compression, and
/// keeps vectors as raw floats.
final class PlainSqlite implements AutoCloseable {
  private final Connection connection;
  private final PreparedStatement insert;
  private final PreparedStatement byId;
  private final PreparedStatement byKey;
  private final PreparedStatement byTime;
  private final PreparedStatement newest;
  private long inserted;

  /// What a read makes of a row.
  record Row(
      UUID id, String scope, @Nullable String key, String text, List<String> tags, long at) {}

  PlainSqlite(Path directory) throws Exception {
    Files.createDirectories(directory);
    connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("plain.db"));
    try (var statement = connection.createStatement()) {
      for (var sql :
          List.of(
              "PRAGMA page_size = 4096",
              "PRAGMA journal_mode = WAL",
              "PRAGMA synchronous = FULL",
              "PRAGMA wal_autocheckpoint = 8000",
              "PRAGMA secure_delete = ON",
              "PRAGMA cache_size = -32768",
              "PRAGMA temp_store = MEMORY",
              """
              CREATE TABLE IF NOT EXISTS memory(id BLOB PRIMARY KEY, scope TEXT NOT NULL, key TEXT,
                text TEXT NOT NULL, tags TEXT NOT NULL, at INT NOT NULL, recorded INT NOT NULL,
                hash BLOB NOT NULL, count INT NOT NULL, vector BLOB) STRICT\
              """,
              "CREATE INDEX IF NOT EXISTS memory_at ON memory(scope, at)",
              "CREATE INDEX IF NOT EXISTS memory_key ON memory(scope, key)",
              "CREATE INDEX IF NOT EXISTS memory_recorded ON memory(scope, recorded)",
              "CREATE UNIQUE INDEX IF NOT EXISTS memory_hash ON memory(scope, hash)")) {
        statement.execute(sql);
      }
    }
    insert =
        connection.prepareStatement(
            "INSERT INTO memory VALUES(?, ?, ?, ?, ?, ?, ?, ?, 1, ?)"
                + " ON CONFLICT(scope, hash) DO UPDATE SET count = count + 1");
    byId = select("id = ?");
    byKey = select("scope = ? AND key = ?");
    byTime = select("scope = ? AND at >= ? AND at < ? ORDER BY at LIMIT 1000");
    newest = select("scope = ? ORDER BY recorded DESC LIMIT 50");
  }

  private PreparedStatement select(String where) throws SQLException {
    return connection.prepareStatement(
        "SELECT id, scope, key, text, tags, at FROM memory WHERE " + where);
  }

  /// One transaction.
  synchronized void insert(Sample sample) throws SQLException {
    bind(sample);
    insert.executeUpdate();
  }

  /// One transaction for all.
  synchronized void insertAll(List<Sample> samples) throws SQLException {
    connection.setAutoCommit(false);
    for (var sample : samples) {
      bind(sample);
      insert.addBatch();
    }
    insert.executeBatch();
    connection.commit();
    connection.setAutoCommit(true);
  }

  private void bind(Sample sample) throws SQLException {
    insert.setBytes(1, bytes(newId()));
    insert.setString(2, Sample.SCOPE);
    insert.setString(3, sample.key());
    insert.setString(4, sample.text());
    insert.setString(5, String.join(" ", sample.tags()));
    insert.setLong(6, sample.at().toEpochMilli());
    insert.setLong(7, System.currentTimeMillis());
    insert.setBytes(8, sha256(sample.text()));
    insert.setBytes(9, sample.vector() == null ? null : bytes(sample.vector()));
  }

  /// Ordered by time, as UUIDs of version 7 are, so that the index grows at its end.
  private UUID newId() {
    long random = ThreadLocalRandom.current().nextLong();
    return new UUID((System.currentTimeMillis() << 16) | (inserted++ & 0xFFFF), random);
  }

  synchronized List<UUID> ids() throws SQLException {
    var ids = new ArrayList<UUID>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT id FROM memory")) {
      while (rows.next()) {
        ids.add(uuid(rows.getBytes(1)));
      }
    }
    return ids;
  }

  synchronized Row get(UUID id) throws SQLException {
    byId.setBytes(1, bytes(id));
    return rows(byId).getFirst();
  }

  synchronized Row get(String key) throws SQLException {
    byKey.setString(1, Sample.SCOPE);
    byKey.setString(2, key);
    return rows(byKey).getFirst();
  }

  synchronized List<Row> range(long fromMillis, long toMillis) throws SQLException {
    byTime.setString(1, Sample.SCOPE);
    byTime.setLong(2, fromMillis);
    byTime.setLong(3, toMillis);
    return rows(byTime);
  }

  synchronized List<Row> list() throws SQLException {
    newest.setString(1, Sample.SCOPE);
    return rows(newest);
  }

  private static List<Row> rows(PreparedStatement statement) throws SQLException {
    var found = new ArrayList<Row>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(
            new Row(
                uuid(rows.getBytes(1)),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4),
                List.of(rows.getString(5).split(" ", -1)),
                rows.getLong(6)));
      }
    }
    return found;
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  private static byte[] bytes(float[] vector) {
    var bytes = ByteBuffer.allocate(vector.length * Float.BYTES);
    bytes.asFloatBuffer().put(vector);
    return bytes.array();
  }

  private static UUID uuid(byte[] bytes) {
    var buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public synchronized void close() throws SQLException {
    connection.close();
  }
}
