package dev.remanence.journal;

import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.RemanenceException.Timeout;
import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The journal of one store, open and owned by this process: the file `journal.db`, the writer, the
/// readers, and the evidence beside it (`acked`, `heads.jsonl`, `site.key`).
///
/// Opening takes the lock, recovers what SQLite's WAL holds, checks that nothing acknowledged is
/// missing, and gives the store a new site key if it is a copy. docs/data-file.md is the format.
public final class SqliteJournal implements AutoCloseable {
  public static final String FILE = "journal.db";

  /// The directory of what is kept of images, and how its files are called.
  public static final String IMAGES = "images";

  public static final String IMAGE_NAMES = "\\d+\\.image(\\.new)?";

  /// How long a statement waits for another program that uses `journal.db`.
  static final int BUSY_MILLIS = 10_000;

  /// How long an erasure lets running reads finish.
  private static final long READ_GRACE_SECONDS = 5;

  private final Path directory;
  private final StoreLock lock;
  private final Acknowledged acknowledged;
  private final SiteKey site;
  private final long siteRow;
  private final String storeId;
  private final InstantSource wall;
  private final Packer packer;
  private final Reader writing;
  private final WriteAheadLog log;
  private final Readers readers;
  private final Ledger ledger;
  private final Writer writer;

  /// Those who watch wait at it. Held for a comparison, never across a read.
  private final Object arrival = new Object();

  private volatile long lastPosition;
  private volatile long commits;
  private volatile long signedCommits;

  private SqliteJournal(
      Path directory,
      StoreLock lock,
      Opened opened,
      InstantSource wall,
      RandomGenerator random,
      Acknowledged acknowledged)
      throws SQLException {
    this.directory = directory;
    this.lock = lock;
    this.acknowledged = acknowledged;
    this.site = opened.site();
    this.siteRow = opened.siteRow();
    this.storeId = opened.storeId();
    this.wall = wall;
    this.packer = opened.packer();
    this.writing = opened.connection();
    this.lastPosition = writing.lastPosition();
    this.commits = Ledger.lastCommit(writing).commit();
    this.readers = new Readers(directory, packer);
    var clock =
        new HybridClock(wall, Schema.number(writing.connection(), "SELECT max(hlc) FROM chain"));
    this.ledger = new Ledger(writing, clock, random, site, siteRow);
    this.log = new WriteAheadLog(writing, directory);
    this.writer = new Writer(ledger, writing, log, acknowledged, directory, this::committed);
  }

  /// Opens the journal in a directory.
  ///
  /// @param create whether a missing one is made
  public static SqliteJournal open(
      Path directory,
      boolean create,
      Duration lockWait,
      InstantSource wall,
      RandomGenerator random) {
    var closing = new ArrayList<AutoCloseable>();
    try {
      StorePlace.require(directory, create);
      if (Files.notExists(directory)) {
        Disk.createPrivateDirectory(directory);
      }
      var lock = StoreLock.take(directory, lockWait);
      closing.add(lock);
      var file = directory.resolve(FILE);
      if (Files.notExists(file)) {
        if (!create || Files.exists(Acknowledged.path(directory))) {
          throw StorePlace.lostJournal(directory);
        }
        Disk.createPrivate(file);
        Disk.syncDirectory(directory);
      }
      var packer = new Packer();
      var connection = Opened.connect(file, packer);
      closing.add(connection);
      var opened = Opened.prepare(directory, connection, packer, wall, random);
      Opened.checkAcknowledged(directory, connection);
      if (Rebuild.isNeeded(connection)) {
        Rebuild.run(connection);
        Disk.deleteNamed(directory.resolve(IMAGES), IMAGE_NAMES);
      }
      var acknowledged = Acknowledged.open(directory);
      closing.add(acknowledged);
      var journal = new SqliteJournal(directory, lock, opened, wall, random, acknowledged);
      closing.clear();
      return journal;
    } catch (SQLException e) {
      throw closed(closing, Sql.translate(e, directory));
    } catch (IOException e) {
      throw closed(closing, Disk.translate(e, directory));
    } catch (RemanenceException e) {
      throw closed(closing, e);
    }
  }

  private static RemanenceException closed(
      List<AutoCloseable> resources, RemanenceException failure) {
    for (var resource : resources.reversed()) {
      try {
        resource.close();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
    return failure;
  }

  // Use

  public Path directory() {
    return directory;
  }

  public String storeId() {
    return storeId;
  }

  public String siteId() {
    return Hash.hex(site.id());
  }

  long siteRow() {
    return siteRow;
  }

  SiteKey site() {
    return site;
  }

  Packer packer() {
    return packer;
  }

  InstantSource wall() {
    return wall;
  }

  /// The position up to which everything is durable.
  public long lastPosition() {
    return lastPosition;
  }

  public long commits() {
    return commits;
  }

  public <T extends @Nullable Object> T read(Reader.Reading<T> reading) {
    return readers.read(reading);
  }

  /// As [#read], for what may prove a miss. That takes two statements, and a commit between them
  /// that brings what was missing looks like damage: asked again on one state, it is not.
  public <T extends @Nullable Object> T readProving(Reader.Reading<T> reading) {
    try {
      return read(reading);
    } catch (CorruptStore _) {
      return readConsistently(reading);
    }
  }

  /// As [#read], on one state of the journal.
  public <T extends @Nullable Object> T readConsistently(Reader.Reading<T> reading) {
    return readers.read(reader -> reader.consistently(reading));
  }

  public <T> T write(int bytes, Writer.Decision<T> decision) {
    return writer.write(bytes, decision);
  }

  /// As [Ledger#turnsChanged].
  public long turnsChanged() {
    return ledger.turnsChanged();
  }

  /// As [Writer#write(int, Writer.Decision, Runnable)].
  public <T> T write(int bytes, Writer.Decision<T> decision, Runnable meanwhile) {
    return writer.write(bytes, decision, meanwhile);
  }

  <T> T alone(Writer.Alone<T> work) {
    return writer.alone(work);
  }

  public @Nullable Throwable writingStoppedBy() {
    return writer.stoppedBy();
  }

  /// On the writer's thread, between a commit and its answers.
  private void committed(Acknowledged.Mark mark, long position) {
    lastPosition = position;
    commits = mark.commit();
    wake();
  }

  /// Waits until something is durable beyond a position, or is not wanted any more: whoever makes
  /// that so calls [#wake].
  public void awaitBeyond(long position, BooleanSupplier wanted) {
    synchronized (arrival) {
      while (lastPosition <= position && wanted.getAsBoolean()) {
        try {
          arrival.wait();
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  public void wake() {
    synchronized (arrival) {
      arrival.notifyAll();
    }
  }

  /// Signs the head and writes it beside the database, if anything was committed since the last
  /// time.
  public void signHeadIfMoved() {
    long position = commits;
    if (position > signedCommits && writer.stoppedBy() == null) {
      read(reader -> {
        signHead(reader);
        return position;
      });
    }
  }

  /// Signs the head of the commit chain and writes it beside the database.
  synchronized SignedHead signHead(Reader connection) throws SQLException {
    var head = Ledger.lastCommit(connection);
    var signed =
        SignedHead.sign(
            site,
            storeId,
            head.commit(),
            head.hash(),
            connection.lastPosition(),
            wall.instant().truncatedTo(ChronoUnit.MILLIS));
    if (head.commit() > signedCommits) {
      try {
        signed.append(directory);
      } catch (IOException e) {
        throw writer.failure(e, SignedHead.path(directory));
      }
      signedCommits = head.commit();
    }
    return signed;
  }

  /// Writes one of the store's own files beside `journal.db`, whole and synced.
  public void writeBeside(Path file, byte[] bytes) {
    try {
      Disk.createPrivateDirectory(Objects.requireNonNull(file.getParent()));
      Disk.replace(file, bytes);
    } catch (IOException e) {
      throw writer.failure(e, file);
    }
  }

  /// A signed head of this moment, for keeping elsewhere.
  public String anchor() {
    return alone(connection -> signHead(connection).toJson().toString());
  }

  /// Signs a document in this site's name: its public key, then the signature, base64.
  public List<String> sign(byte[] document) {
    var base64 = Base64.getEncoder();
    return List.of(
        base64.encodeToString(site.publicKey()), base64.encodeToString(site.sign(document)));
  }

  /// Trains a dictionary of the store's own when that is worth while.
  public void trainDictionary() {
    new Dictionary(this).trainIfWorthwhile();
  }

  /// After a transaction that erased: removes what the dictionary and SQLite's files still hold of
  /// these bodies.
  public void purge(List<byte[]> erased) {
    new Dictionary(this).cleanse(erased);
    purge();
  }

  /// As [#purge], where the erased bodies are not at hand any more: every dictionary of the store's
  /// own is replaced.
  public void replaceDictionaries() {
    new Dictionary(this).replaceAll();
    purge();
  }

  /// Sizes of SQLite's files, and of what is kept of images.
  public record FileSizes(long database, long wal, long images) {
    /// Of SQLite's files.
    public long total() {
      return database + wal;
    }
  }

  public FileSizes fileSizes() {
    return new FileSizes(
        directory.resolve(FILE).toFile().length(),
        directory.resolve(FILE + "-wal").toFile().length(),
        Disk.bytesNamed(directory.resolve(IMAGES), IMAGE_NAMES));
  }

  /// Packs all bodies with the best dictionary and gives free pages back. Answers how many bodies
  /// were packed anew.
  public long compact() {
    trainDictionary();
    long repacked = new Dictionary(this).repack(Set.of());
    purge();
    alone(connection -> {
      connection.closeStatements();
      Sql.run(connection.connection(), "VACUUM");
      return log.empty();
    });
    purge();
    return repacked;
  }

  /// Makes sure that nothing which has been deleted is left in any of SQLite's files: the WAL is
  /// emptied, freed pages were zeroed by `secure_delete`. Reads that run for more than five seconds
  /// are ended.
  void purge() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2 * READ_GRACE_SECONDS);
    while (!alone(_ -> log.empty())) {
      if (System.nanoTime() > deadline) {
        throw new Timeout(
            "the erased content is out of every read, but another program reads journal.db, so its"
                + " bytes could not be removed yet; close that program, then run 'remanence"
                + " compact'",
            "store",
            directory.toString());
      }
      try {
        readers.endLongerThan(TimeUnit.SECONDS.toNanos(READ_GRACE_SECONDS));
      } catch (SQLException e) {
        throw Sql.translate(e, directory);
      }
    }
  }

  /// Ends all reads and writes, empties the WAL, signs the head and lets the store go. After a
  /// failure that stopped writing nothing is written here either.
  @Override
  public void close() {
    writer.close();
    boolean stoppedBefore = writer.stoppedBy() != null;
    Exception first = null;
    try {
      readers.close();
      if (!stoppedBefore) {
        emptyLog();
        signHead(writing);
      }
    } catch (SQLException | RemanenceException e) {
      first = e;
    }
    for (AutoCloseable resource : new AutoCloseable[] {this::disconnect, acknowledged, lock}) {
      try {
        resource.close();
      } catch (Exception e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null && !stoppedBefore) {
      throw closingFailed(first);
    }
  }

  private void emptyLog() {
    try {
      boolean _ = log.empty();
    } catch (SQLException e) {
      throw writer.failure(e);
    }
  }

  /// Closes the writing connection. The last connection that goes moves the WAL, and keeps a
  /// failure of that to itself. Where writing has stopped, that would be a second try, so a
  /// connection that may not write goes last.
  private void disconnect() throws SQLException {
    boolean stopped = writer.stoppedBy() != null;
    try (var last = stopped ? Inspection.connect(directory.resolve(FILE), "mode=ro") : null) {
      if (last != null) {
        // It has a part in the WAL from its first read on.
        Schema.number(last, "PRAGMA user_version");
      }
      writing.close();
    } finally {
      // It is open here only where no other connection could be opened.
      writing.close();
    }
  }

  private RemanenceException closingFailed(Exception cause) {
    return switch (cause) {
      case RemanenceException failure -> failure;
      case SQLException failure -> Sql.translate(failure, directory);
      default ->
          new Unavailable(
              "closing " + directory + " failed; everything acknowledged is on disk", cause);
    };
  }
}
