package dev.remanence.journal;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.remanence.BackupInfo;
import dev.remanence.Json;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.RemanenceException.FormatTooNew;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.Retention;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A backup: one file, consistent, compressed, complete by itself.
///
/// ```
/// 512 bytes   a line of JSON, filled with spaces, ending in a newline:
///             {"remanenceBackup":1,"store":…,"commit":…,"hash":…,"time":…,"revisions":…,
///              "sha256":…}   the hash of everything after these bytes
/// the rest    zstd of a copy of journal.db, written by VACUUM INTO in one read transaction
/// ```
///
/// A file has its name only once it is whole and synced; until then it is made in a
/// [PartialBackup]. The site's key is not in it: whatever is restored from it signs with a new one.
public final class Backup {
  private static final int HEADER_BYTES = 512;
  private static final int FORMAT = 1;
  private static final int LEVEL = 6;
  private static final String SUFFIX = ".backup";

  /// A backup's name while it is made.
  private static final String FRESH = "backup";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Backup() {}

  /// What a backup's first bytes say.
  public record Header(
      String store, long commit, String hash, Instant time, long revisions, String sha256) {

    private Json.Obj toJson() {
      return Json.object()
          .put("remanenceBackup", FORMAT)
          .put("store", store)
          .put("commit", commit)
          .put("hash", hash)
          .put("time", time.toString())
          .put("revisions", revisions)
          .put("sha256", sha256)
          .build();
    }
  }

  /// Writes a backup of an open store and applies the retention to the store's others there.
  public static BackupInfo write(
      SqliteJournal journal, Path directory, Retention retention, Progress progress) {
    var target = directory.toAbsolutePath().normalize();
    if (target.startsWith(journal.directory())) {
      throw new InvalidInput(
          "backups lie outside the store; choose a directory that is not in " + journal.directory(),
          "directory",
          target.toString());
    }
    try {
      Disk.createPrivateDirectory(target);
      var now = journal.wall().instant().truncatedTo(ChronoUnit.MILLIS);
      var file = target.resolve("remanence-" + STAMP.format(now) + SUFFIX);
      var kept = retention.age() == null ? null : now.plus(retention.age());
      Header header;
      long erasures;
      do {
        erasures = journal.read(Backup::erasures);
        header = write(journal, target, file, now, progress);
      } while (!recordUnlessErased(journal, file, now, kept, erasures));
      var removed = prune(journal, target, now, retention);
      return new BackupInfo(file, Files.size(file), header.revisions, now, removed);
    } catch (IOException e) {
      throw Disk.translate(e, target);
    }
  }

  private static Header write(
      SqliteJournal journal, Path directory, Path file, Instant now, Progress progress)
      throws IOException {
    try (var partial = PartialBackup.begin(directory)) {
      var copy = partial.resolve(SqliteJournal.FILE);
      journal.read(reader -> {
        vacuumInto(reader, copy);
        return copy;
      });
      Disk.makePrivate(copy);
      var fresh = partial.resolve(FRESH);
      var made = pack(copy, fresh, journal.storeId(), now, progress);
      Disk.rename(fresh, file);
      return made;
    }
  }

  private static void vacuumInto(Reader reader, Path copy) throws SQLException {
    Sql.run(reader.connection(), "PRAGMA query_only = 0");
    try (var statement = reader.connection().prepareStatement("VACUUM INTO ?")) {
      statement.setString(1, copy.toString());
      statement.execute();
    } finally {
      Sql.run(reader.connection(), "PRAGMA query_only = 1");
    }
  }

  /// Compresses a copy of journal.db into a backup file and says what is in it.
  private static Header pack(Path copy, Path fresh, String store, Instant time, Progress progress)
      throws IOException {
    long commit;
    byte[] hash;
    long revisions;
    try (var connection = Sql.connect(copy);
        var reader = new Reader(connection, new Packer())) {
      var last = Ledger.lastCommit(reader);
      commit = last.commit();
      hash = last.hash();
      revisions = Schema.number(connection, "SELECT count(*) FROM revision");
    } catch (SQLException e) {
      throw Sql.translate(e, copy);
    }
    return pack(copy, fresh, store, commit, Hash.hex(hash), revisions, time, progress);
  }

  private static Header pack(
      Path copy,
      Path fresh,
      String store,
      long commit,
      String hash,
      long revisions,
      Instant now,
      Progress progress)
      throws IOException {
    Disk.createPrivate(fresh);
    var digest = sha256();
    try (var file = Files.newOutputStream(fresh)) {
      file.write(new byte[HEADER_BYTES]);
      var hashed = new DigestOutputStream(new Unclosed(file), digest);
      try (var read = new Told(Files.newInputStream(copy), 0, Files.size(copy), progress);
          var zstd = new ZstdOutputStream(hashed, LEVEL).setChecksum(true)) {
        read.transferTo(zstd);
      }
    }
    var header =
        new Header(store, commit, hash, now, revisions, HexFormat.of().formatHex(digest.digest()));
    var line = header.toJson().toString();
    assert line.length() < HEADER_BYTES;
    try (var file = new RandomAccessFile(fresh.toFile(), "rw")) {
      file.write(
          (line + " ".repeat(HEADER_BYTES - 1 - line.length()) + "\n")
              .getBytes(StandardCharsets.US_ASCII));
      file.getFD().sync();
    }
    return header;
  }

  /// Replaces a backup by one of the same moment with other bytes.
  public static void repack(Path journalFile, PartialBackup partial, Path backup, Header before)
      throws IOException {
    var fresh = partial.resolve(FRESH);
    pack(journalFile, fresh, before.store, before.time, Progress.NONE);
    Disk.rename(fresh, backup);
  }

  /// Tells how many bytes of a file were read.
  private static final class Told extends FilterInputStream {
    private final long size;
    private final Progress progress;
    private long done;

    Told(InputStream in, long done, long size, Progress progress) {
      super(in);
      this.done = done;
      this.size = size;
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      tell(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      tell(Math.max(read, 0));
      return read;
    }

    private void tell(int bytes) {
      done += bytes;
      progress.at(done, size);
    }
  }

  /// Lets a stream be closed without the file below it.
  private static final class Unclosed extends OutputStream {
    private final OutputStream out;

    Unclosed(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }

  private static long erasures(Reader reader) throws SQLException {
    return Schema.number(reader.connection(), "SELECT count(*) FROM erasure");
  }

  /// Makes a backup known, unless something was erased since it was begun: the receipt of that does
  /// not name it, so it must not hold it.
  private static boolean recordUnlessErased(
      SqliteJournal journal, Path file, Instant at, @Nullable Instant kept, long erasures) {
    return journal.write(
        256,
        ledger -> {
          boolean current = erasures(ledger.reader()) == erasures;
          if (current) {
            put(ledger, file, at, kept);
          }
          return current;
        });
  }

  /// Makes a backup known that holds what this store holds.
  public static void record(SqliteJournal journal, Path file, Instant at, @Nullable Instant kept) {
    journal.write(
        256,
        ledger -> {
          put(ledger, file, at, kept);
          return file;
        });
  }

  private static void put(Ledger ledger, Path file, Instant at, @Nullable Instant kept)
      throws SQLException {
    Long until = kept == null ? null : (Long) kept.toEpochMilli();
    SideTable.BACKUP.put(ledger, file.toString(), at.toEpochMilli(), until);
  }

  /// Removes this store's backups that the retention lets go; never the newest.
  private static List<Path> prune(
      SqliteJournal journal, Path directory, Instant now, Retention retention) throws IOException {
    var own = of(journal.storeId(), directory);
    var removed = new ArrayList<Path>();
    for (int i = 0; i < own.size() - 1; i++) {
      boolean tooMany = retention.count() != null && own.size() - i > retention.count();
      boolean tooOld =
          retention.age() != null
              && readHeader(own.get(i)).time.isBefore(now.minus(retention.age()));
      if (tooMany || tooOld) {
        Files.delete(own.get(i));
        removed.add(own.get(i));
      }
    }
    if (!removed.isEmpty()) {
      journal.write(
          256,
          ledger -> {
            for (var file : removed) {
              SideTable.BACKUP.delete(ledger, file.toString());
            }
            return removed.size();
          });
    }
    return removed;
  }

  /// The backup files of a directory, oldest first.
  public static List<Path> in(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).endsWith(SUFFIX))
          .sorted(Comparator.comparing(file -> String.valueOf(file.getFileName())))
          .toList();
    }
  }

  /// The backups of a store in a directory, oldest first. One that cannot be read is nobody's.
  public static List<Path> of(String store, Path directory) throws IOException {
    var own = new ArrayList<Path>();
    for (var file : in(directory)) {
      try {
        if (store.equals(readHeader(file).store)) {
          own.add(file);
        }
      } catch (CorruptStore | FormatTooNew e) {
        System.getLogger("dev.remanence").log(System.Logger.Level.WARNING, e.getMessage());
      }
    }
    return own;
  }

  /// The newest backup at a path, which may be a backup itself or a directory of them.
  public static Path newest(Path path) {
    try {
      if (Files.isDirectory(path)) {
        var files = in(path);
        if (files.isEmpty()) {
          throw new NotFound("there is no backup in " + path, "directory", path.toString());
        }
        return files.getLast();
      }
      if (Files.notExists(path)) {
        throw new NotFound("there is no backup at " + path, "file", path.toString());
      }
      return path;
    } catch (IOException e) {
      throw Disk.translate(e, path);
    }
  }

  public static boolean isBackup(Path path) {
    return Files.isRegularFile(path) && String.valueOf(path.getFileName()).endsWith(SUFFIX);
  }

  /// What a backup says of itself.
  public static Header readHeader(Path file) throws IOException {
    byte[] bytes;
    try (var in = Files.newInputStream(file)) {
      bytes = in.readNBytes(HEADER_BYTES);
    }
    try {
      if (bytes.length == HEADER_BYTES
          && Json.parse(new String(bytes, StandardCharsets.UTF_8).strip()) instanceof Json.Obj json
          && json.get("remanenceBackup") instanceof Json.Num(var format)) {
        if (format > FORMAT) {
          throw new FormatTooNew(
              file
                  + " is a backup of a newer version: its format is "
                  + (long) format
                  + ", this version reads up to "
                  + FORMAT
                  + "; use the newer version",
              "file",
              file.toString(),
              "format",
              (long) format);
        }
        return new Header(
            Objects.requireNonNull(json.string("store")),
            Objects.requireNonNull(json.number("commit")).longValue(),
            Objects.requireNonNull(json.string("hash")),
            Instant.parse(Objects.requireNonNull(json.string("time"))),
            Objects.requireNonNull(json.number("revisions")).longValue(),
            Objects.requireNonNull(json.string("sha256")));
      }
    } catch (InvalidInput | NullPointerException | DateTimeParseException e) {
      throw damaged(file, "its first line is not readable");
    }
    throw damaged(file, "it does not begin like one");
  }

  private static CorruptStore damaged(Path file, String what) {
    return new CorruptStore(
        file + " is not a whole backup: " + what + "; use another one", "file", file.toString());
  }

  /// Unpacks a backup's journal.db, its hash verified, synced.
  public static Header unpack(Path file, Path journalFile, Progress progress) throws IOException {
    var header = readHeader(file);
    var digest = sha256();
    Disk.createPrivate(journalFile);
    try (var buffered = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        var raw = new Told(buffered, HEADER_BYTES, Files.size(file), progress)) {
      buffered.skipNBytes(HEADER_BYTES);
      var hashed = new DigestInputStream(raw, digest);
      try (var zstd = new ZstdInputStream(hashed);
          var out = Files.newOutputStream(journalFile)) {
        zstd.transferTo(out);
        drain(hashed);
      }
    } catch (com.github.luben.zstd.ZstdIOException | EOFException e) {
      throw damaged(file, "its data is cut or changed");
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(header.sha256)) {
      throw damaged(file, "its data is cut or changed");
    }
    Disk.sync(journalFile);
    return header;
  }

  private static void drain(InputStream in) throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /// Keeps a store as it is before a migration, beside it.
  static void beforeMigration(Path directory, Reader connection, int format)
      throws SQLException, IOException {
    var parent = Objects.requireNonNull(directory.toAbsolutePath().getParent());
    var copy = parent.resolve(directory.getFileName() + ".format" + format + ".db");
    Files.deleteIfExists(copy);
    try (var statement = connection.connection().prepareStatement("VACUUM INTO ?")) {
      statement.setString(1, copy.toString());
      statement.execute();
    }
    Disk.makePrivate(copy);
    Disk.sync(copy);
    Disk.syncDirectory(parent);
  }
}
