package dev.remanence.journal;

import dev.remanence.RemanenceException.CorruptStore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The journal's database, connected and of this version, with the site that may sign for it here.
record Opened(Reader connection, Packer packer, SiteKey site, long siteRow, String storeId) {

  static Reader connect(Path file, Packer packer) throws SQLException {
    var connection = Sql.connect(file);
    try {
      Sql.run(connection, "PRAGMA busy_timeout = " + SqliteJournal.BUSY_MILLIS);
      Schema.format(connection, file);
      Sql.run(
          connection,
          "PRAGMA page_size = " + Pages.PAGE_BYTES,
          "PRAGMA auto_vacuum = INCREMENTAL",
          "PRAGMA journal_mode = WAL",
          "PRAGMA synchronous = FULL",
          "PRAGMA wal_autocheckpoint = 0",
          "PRAGMA journal_size_limit = " + WriteAheadLog.BYTES_KEPT,
          "PRAGMA secure_delete = ON",
          "PRAGMA fullfsync = 1",
          "PRAGMA checkpoint_fullfsync = 1",
          "PRAGMA cache_size = -32768",
          "PRAGMA temp_store = MEMORY");
      return new Reader(connection, packer);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  static Opened prepare(
      Path directory, Reader connection, Packer packer, InstantSource wall, RandomGenerator random)
      throws SQLException, IOException {
    int format = Schema.format(connection.connection(), directory.resolve(SqliteJournal.FILE));
    if (format == 0) {
      Schema.create(connection.connection());
    } else if (format < Schema.FORMAT) {
      Backup.beforeMigration(directory, connection, format);
      Schema.migrate(connection.connection(), format);
    }
    loadDictionaries(connection, packer);
    var storeId = connection.meta("store");
    if (storeId == null) {
      storeId = new UUID(random.nextLong(), random.nextLong()).toString();
      setMeta(connection, "store", storeId);
    }
    return claim(directory, connection, packer, wall, storeId);
  }

  static void loadDictionaries(Reader connection, Packer packer) throws SQLException {
    try (var row =
        connection.prepared("SELECT id, bytes, chk FROM dict ORDER BY id").executeQuery()) {
      while (row.next()) {
        var bytes = row.getBytes(2);
        if (bytes == null || Checksum.of(bytes) != row.getInt(3)) {
          throw new CorruptStore(
              "a compression dictionary is damaged; restore a backup, or salvage with 'remanence"
                  + " repair'",
              "dictionary",
              row.getInt(1));
        }
        packer.add(row.getInt(1), bytes);
      }
    }
  }

  static void setMeta(Reader connection, String name, String value) throws SQLException {
    var insert =
        connection.prepared(
            "INSERT INTO meta(k, v) VALUES(?, ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v");
    insert.setString(1, name);
    insert.setString(2, value);
    insert.executeUpdate();
  }

  /// The site that this directory may sign for: the one before if the key is where it was made, a
  /// new one for a copy or a lost key.
  private static Opened claim(
      Path directory, Reader connection, Packer packer, InstantSource wall, String storeId)
      throws SQLException, IOException {
    var key = SiteKey.read(directory);
    if (key != null && Disk.place(SiteKey.path(directory)).equals(connection.meta("place"))) {
      var statement = connection.prepared("SELECT id FROM site WHERE uid = ?");
      statement.setBytes(1, key.id());
      try (var row = statement.executeQuery()) {
        if (row.next()) {
          return new Opened(connection, packer, key, row.getLong(1), storeId);
        }
      }
    }
    var fresh = SiteKey.generate();
    fresh.write(directory);
    connection.prepared("BEGIN IMMEDIATE").execute();
    var continues = Ledger.lastCommit(connection);
    var insert =
        connection.prepared(
            "INSERT INTO site(uid, public_key, continues, since) VALUES(?, ?, ?, ?) RETURNING id");
    insert.setBytes(1, fresh.id());
    insert.setBytes(2, fresh.publicKey());
    insert.setBytes(3, continues.commit() == 0 ? null : continues.hash());
    insert.setLong(4, wall.millis());
    long row;
    try (var result = insert.executeQuery()) {
      result.next();
      row = result.getLong(1);
    }
    setMeta(connection, "place", Disk.place(SiteKey.path(directory)));
    connection.prepared("COMMIT").execute();
    return new Opened(connection, packer, fresh, row, storeId);
  }

  static void checkAcknowledged(Path directory, Reader connection)
      throws IOException, SQLException {
    var mark = Acknowledged.read(directory);
    if (mark != null) {
      Acknowledged.check(
          mark,
          Ledger.lastCommit(connection).commit(),
          commitHash(connection, mark.commit()),
          directory);
    }
  }

  /// The hash of a commit, or null where there is no such commit.
  static byte @Nullable [] commitHash(Reader connection, long number) throws SQLException {
    var statement = connection.prepared("SELECT hash FROM commits WHERE n = ?");
    statement.setLong(1, number);
    try (var row = statement.executeQuery()) {
      return row.next() ? row.getBytes(1) : null;
    }
  }
}
