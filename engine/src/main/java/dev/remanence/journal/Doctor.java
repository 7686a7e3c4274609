package dev.remanence.journal;

import dev.remanence.RemanenceException;
import dev.remanence.StoreCare.Finding;
import dev.remanence.StoreCare.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Looks around a store for what may go wrong, or has, and says what to do. It changes nothing and
/// reads no revision: `verify` does.
public final class Doctor {
  private static final long WAL_BYTES_MANY = 256L << 20;
  private static final Duration SKEW_MAX = Duration.ofMinutes(5);
  private static final Duration BACKUP_AGE_MAX = Duration.ofDays(7);
  private static final int JAVA_MIN = 25;

  /// Directories stand in a store, and files in them.
  private static final int LEVELS = 2;

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private final Path store;
  private final InstantSource wall;
  private final List<Finding> findings = new ArrayList<>();

  private Doctor(Path store, InstantSource wall) {
    this.store = store;
    this.wall = wall;
  }

  public static List<Finding> examine(Path store) {
    return examine(store, InstantSource.system());
  }

  static List<Finding> examine(Path store, InstantSource wall) {
    var directory = store.toAbsolutePath().normalize();
    try {
      return new Doctor(directory, wall).examine();
    } catch (IOException e) {
      throw Disk.translate(e, directory);
    }
  }

  private List<Finding> examine() throws IOException {
    checkJava();
    if (!checkDirectory()) {
      return findings;
    }
    checkPermissions();
    checkSpace();
    checkWal();
    try (var inspection = Inspection.ofStore(store)) {
      checkOwner(inspection.isAlone());
      checkJournal(inspection.reader());
    } catch (SQLException e) {
      problem(
          "journal.db cannot be opened: " + e.getMessage(),
          "run 'remanence verify --deep', then 'remanence repair'");
    } catch (RemanenceException e) {
      problem(String.valueOf(e.getMessage()), "see the message");
    }
    return findings;
  }

  private void ok(String what) {
    findings.add(new Finding(Severity.OK, what, ""));
  }

  private void warning(String what, String advice) {
    findings.add(new Finding(Severity.WARNING, what, advice));
  }

  private void problem(String what, String advice) {
    findings.add(new Finding(Severity.PROBLEM, what, advice));
  }

  private void checkJava() {
    int version = Runtime.version().feature();
    if (version < JAVA_MIN) {
      problem("Java " + version + " runs this", "use Java " + JAVA_MIN + " or newer");
    } else {
      ok("Java " + Runtime.version());
    }
  }

  private boolean checkDirectory() {
    var name = store.getFileName();
    var repaired = store.resolveSibling(name + ".repaired");
    var moving = store.resolveSibling(name + ".moving");
    if (Files.exists(repaired)) {
      warning(
          "a repair was not finished: " + repaired + " is there",
          "run 'remanence repair' again; it finishes or begins anew");
    }
    if (Files.exists(moving)) {
      warning(
          "a move to here was not finished: " + moving + " is there",
          "run 'remanence move' again; the store is whole at its old place");
    }
    if (Files.exists(store.resolve(SqliteJournal.FILE))) {
      return true;
    }
    if (Files.exists(Acknowledged.path(store))) {
      problem(
          "journal.db is missing; this directory had a store",
          "bring the file back, or restore a backup into another directory");
    } else {
      problem("there is no store at " + store, "'remember' makes one; check --store");
    }
    return false;
  }

  private void checkPermissions() throws IOException {
    if (!Disk.isPosix(store)) {
      ok("permissions: this file system has none to check");
      return;
    }
    int before = findings.size();
    checkPermissions(store, "chmod 700 ");
    try (var files = Files.walk(store, LEVELS)) {
      for (var file : files.filter(each -> !each.equals(store)).sorted().toList()) {
        checkPermissions(file, Files.isDirectory(file) ? "chmod 700 " : "chmod 600 ");
      }
    }
    for (var needed : List.of(store, store.resolve(SqliteJournal.FILE))) {
      if (!Files.isWritable(needed)) {
        problem("this user may not write " + needed, "run as the user who owns the store");
      }
    }
    if (findings.size() == before) {
      ok("permissions: only the owner can read the store");
    }
  }

  private void checkPermissions(Path file, String command) throws IOException {
    var open = EnumSet.noneOf(PosixFilePermission.class);
    try {
      open.addAll(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException _) {
      // Of an owner at work, whose files come and go.
    }
    open.retainAll(OTHERS);
    if (!open.isEmpty()) {
      warning("others may use " + file + ": " + open, command + file);
    }
  }

  private void checkSpace() throws IOException {
    long free = Files.getFileStore(store).getUsableSpace();
    long journal = Files.size(store.resolve(SqliteJournal.FILE));
    var line = "disk: " + megabytes(free) + " free, the journal has " + megabytes(journal);
    if (free < Math.max(64L << 20, journal / 10)) {
      problem(line, "free some space; a full disk refuses every write");
    } else if (free < 2 * journal) {
      warning(line, "a backup or a repair beside the store needs as much again");
    } else {
      ok(line);
    }
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1048576.0);
  }

  private void checkWal() throws IOException {
    var wal = store.resolve(SqliteJournal.FILE + "-wal");
    long bytes = Files.exists(wal) ? Files.size(wal) : 0;
    if (bytes > WAL_BYTES_MANY) {
      warning(
          "the WAL has " + megabytes(bytes),
          "a program reads journal.db for a long time; end it, then run 'remanence compact'");
    } else {
      ok("the WAL has " + megabytes(bytes));
    }
  }

  private void checkOwner(boolean alone) throws IOException {
    if (alone) {
      ok("nobody has the store open");
    } else {
      var pid = Files.readString(store.resolve("lock"), StandardCharsets.UTF_8).strip();
      ok("the store is in use by process " + (pid.isEmpty() ? "unknown" : pid));
    }
  }

  // Inside the journal

  private void checkJournal(Reader reader) throws IOException {
    look("its format", () -> checkFormat(reader));
    look("its commits", () -> checkAcknowledged(reader));
    look("its clock", () -> checkClock(reader));
    look("its site", () -> checkSite(reader));
    look("its erasures", () -> checkErasures(reader));
    look("its backups", () -> checkBackups(reader));
    look("its gaps", () -> checkGaps(reader));
  }

  @FunctionalInterface
  private interface Look {
    void run() throws SQLException, IOException;
  }

  private void look(String what, Look look) throws IOException {
    try {
      look.run();
    } catch (SQLException | MalformedBytes e) {
      problem(
          "journal.db, " + what + ": " + e.getMessage(),
          "run 'remanence verify --deep', then 'remanence repair'");
    } catch (RemanenceException e) {
      problem(
          String.valueOf(e.getMessage()), "run 'remanence verify --deep', then 'remanence repair'");
    }
  }

  private void checkFormat(Reader reader) throws SQLException {
    int format = Schema.format(reader.connection(), store.resolve(SqliteJournal.FILE));
    if (format < Schema.FORMAT) {
      warning(
          "the store has format " + format + "; this version writes " + Schema.FORMAT,
          "opening it migrates it, after a copy beside it");
    } else {
      ok("format " + format);
    }
  }

  private void checkAcknowledged(Reader reader) throws SQLException, IOException {
    var mark = Acknowledged.read(store);
    var end = Ledger.lastCommit(reader);
    if (mark == null) {
      if (end.commit() > 0) {
        warning(
            "the file 'acked' says nothing: a power cut may tear it, or it was changed",
            "opening the store and writing once makes it anew; 'remanence verify' meanwhile relies"
                + " on heads.jsonl");
      }
      return;
    }
    Acknowledged.check(mark, end.commit(), Opened.commitHash(reader, mark.commit()), store);
    ok("commits: " + end.commit() + ", everything acknowledged is there");
  }

  private void checkClock(Reader reader) throws SQLException {
    long recorded =
        HybridClock.millis(Schema.number(reader.connection(), "SELECT max(hlc) FROM chain"));
    var ahead = Duration.ofMillis(recorded - wall.millis());
    if (recorded > 0 && ahead.compareTo(SKEW_MAX) > 0) {
      warning(
          "the last revision was recorded at "
              + Instant.ofEpochMilli(recorded)
              + ", "
              + ahead.toSeconds()
              + " s ahead of this machine's clock",
          "set the clock; until it catches up, new revisions are recorded right after that moment");
    } else {
      ok("the clock is not behind the last revision");
    }
  }

  private void checkSite(Reader reader) throws SQLException, IOException {
    var file = SiteKey.path(store);
    var key = SiteKey.read(store);
    if (key == null) {
      warning(
          Files.exists(file) ? "site.key cannot be read" : "site.key is missing",
          "the next opening makes a new key; nothing is lost");
    } else if (!Disk.place(file).equals(reader.meta("place"))) {
      warning(
          "this directory is a copy of a store",
          "opening it makes it a store of its own, with a new site key; use 'remanence move' to"
              + " move a store");
    } else {
      ok("site " + Hash.hex(key.id()));
    }
  }

  private void checkErasures(Reader reader) throws SQLException {
    long pending =
        Schema.number(reader.connection(), "SELECT count(*) FROM erasure WHERE pending <> 0");
    if (pending > 0) {
      problem(
          pending + " erasures were not finished: their bytes may still be in the files",
          "open the store; opening finishes them");
    }
  }

  private void checkBackups(Reader reader) throws SQLException {
    long last = Schema.number(reader.connection(), "SELECT max(at) FROM backup");
    var age = Duration.ofMillis(wall.millis() - last);
    if (last == 0) {
      warning("no backup was made", "run 'remanence backup --to DIR', or schedule it");
    } else if (age.compareTo(BACKUP_AGE_MAX) > 0) {
      warning(
          "the last backup is " + age.toDays() + " days old",
          "run 'remanence backup --to DIR', or schedule it");
    } else {
      ok("the last backup is of " + Instant.ofEpochMilli(last));
    }
  }

  private void checkGaps(Reader reader) throws SQLException {
    long missing = Schema.number(reader.connection(), "SELECT sum(seq_to - seq_from + 1) FROM gap");
    if (missing > 0) {
      warning(
          missing + " revisions are declared missing by an earlier repair or import",
          "import an export that has them, if there is one");
    }
  }
}
