package dev.remanence.journal;

import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.NotFound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// A journal opened to be looked at and not changed: of a closed store, of one that another process
/// owns, or a lone file.
///
/// The connection is read-only for SQLite too, so that closing it writes no checkpoint. While
/// nobody owns the store this holds its lock; the `-wal` and `-shm` that SQLite makes to read are
/// taken away again.
final class Inspection implements AutoCloseable {
  private final Path file;
  private final @Nullable StoreLock lock;
  private final boolean walBefore;
  private final boolean shmBefore;
  private final Reader reader;

  private Inspection(Path file, @Nullable StoreLock lock) throws SQLException, IOException {
    this.file = file;
    this.lock = lock;
    this.walBefore = Files.exists(beside("-wal"));
    this.shmBefore = Files.exists(beside("-shm"));
    var packer = new Packer();
    this.reader = new Reader(connect(), packer);
    loadDictionaries(packer);
  }

  /// Makes the dictionaries known that can be read; what is wrong with others is the verifier's to
  /// report.
  private void loadDictionaries(Packer packer) {
    try (var row = reader.prepared("SELECT id, bytes, chk FROM dict ORDER BY id").executeQuery()) {
      while (row.next()) {
        var bytes = row.getBytes(2);
        if (bytes != null && Checksum.of(bytes) == row.getInt(3)) {
          packer.add(row.getInt(1), bytes);
        }
      }
    } catch (SQLException e) {
      System.getLogger("dev.remanence")
          .log(System.Logger.Level.DEBUG, "reading the dictionaries of " + file, e);
    }
  }

  /// Opens the journal of a store's directory.
  static Inspection ofStore(Path directory) throws IOException, SQLException {
    var file = directory.resolve(SqliteJournal.FILE);
    if (Files.notExists(file)) {
      throw new NotFound(
          "there is no store at " + directory + "; it has no journal.db",
          "store",
          directory.toString());
    }
    var lock = Files.isWritable(directory) ? tryLock(directory) : null;
    try {
      return new Inspection(file, lock);
    } catch (SQLException | IOException | RemanenceException e) {
      if (lock != null) {
        lock.close();
      }
      throw e;
    }
  }

  /// Opens a journal file that no store owns: a backup's, unpacked.
  static Inspection ofFile(Path file) throws IOException, SQLException {
    return new Inspection(file, null);
  }

  /// The store's lock, or null where another process owns the store.
  static @Nullable StoreLock tryLock(Path directory) throws IOException {
    var file = directory.resolve("lock");
    Disk.createPrivate(file);
    return StoreLock.tryTake(file);
  }

  private Path beside(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private Connection connect() throws SQLException, IOException {
    var mode = "mode=ro";
    if (!Files.isWritable(file.toAbsolutePath().getParent()) && !shmBefore) {
      if (walBefore && Files.size(beside("-wal")) > 0) {
        throw new Forbidden(
            "journal.db has a WAL, which SQLite can only read where it may write; give this user"
                + " write permission in the directory, or check a copy",
            "file",
            file.toString());
      }
      mode = "immutable=1";
    }
    return connect(file, mode);
  }

  /// A connection that cannot write, to a file that SQLite opens in a mode.
  static Connection connect(Path file, String mode) throws SQLException {
    var connection = Sql.connect(uri(file, mode), new Properties());
    try {
      Sql.run(
          connection,
          "PRAGMA busy_timeout = 10000",
          "PRAGMA query_only = 1",
          "PRAGMA cache_size = -16384");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /// How SQLite is told to open a file in a mode.
  static String uri(Path file, String mode) {
    return "file:" + file.toAbsolutePath().toUri().getRawPath() + "?" + mode;
  }

  Reader reader() {
    return reader;
  }

  /// Whether this holds the store's lock, so that nobody changes the store meanwhile.
  boolean isAlone() {
    return lock != null;
  }

  @Override
  public void close() throws IOException, SQLException {
    try (lock) {
      reader.close();
      if (lock != null) {
        if (!walBefore && Files.exists(beside("-wal")) && Files.size(beside("-wal")) == 0) {
          Files.delete(beside("-wal"));
        }
        if (!shmBefore) {
          Files.deleteIfExists(beside("-shm"));
        }
      }
    }
  }
}
