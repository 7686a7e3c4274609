package dev.remanence.journal;

import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.FormatTooNew;
import dev.remanence.RemanenceException.FormatTooOld;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Checks a journal, on one state of it, and changes nothing: of an open store, a closed one, or a
/// file from a backup.
///
/// - always: SQLite's structure, the tables' form, every chain whole up to its head, the commit
///   chain's end, and that the journal reaches what was acknowledged, signed and anchored
/// - deep: every byte that an answer can depend on. Each revision's checksum and link, each commit,
///   the derived tables against the revisions, dictionaries, vectors, all signed heads.
///
/// What is damaged becomes a problem and the check goes on. A sound store has no problem, whatever
/// was done to it through the API.
public final class Verifier {
  private final Reader reader;
  private final Evidence evidence;
  private final Progress progress;
  private final Findings findings;
  private final List<Reader.Chain> chains = new ArrayList<>();
  private boolean deep;
  private long revisions;
  private long commits;
  private long memories;
  private long erased;

  private Verifier(Path store, Reader reader, Evidence evidence, Progress progress) {
    this.reader = reader;
    this.evidence = evidence;
    this.progress = progress;
    this.findings = new Findings(store);
  }

  /// Checks an open store while reads and writes go on.
  public static Verification verify(
      SqliteJournal journal, boolean deep, @Nullable Path anchor, Progress progress) {
    var evidence = evidence(journal.directory(), anchor);
    return journal.readConsistently(
        reader -> new Verifier(journal.directory(), reader, evidence, progress).run(deep));
  }

  /// Checks a store that is closed, or open in another process.
  public static Verification verifyStore(
      Path directory, boolean deep, @Nullable Path anchor, Progress progress) {
    var evidence = evidence(directory, anchor);
    try (var inspection = Inspection.ofStore(directory)) {
      return verify(directory, inspection, evidence, deep, progress);
    } catch (SQLException e) {
      return unopened(directory, e, deep);
    } catch (IOException e) {
      throw Disk.translate(e, directory);
    }
  }

  /// Checks a backup: that its file is whole, and the journal in it. Unpacks it into a directory
  /// for temporary files that only this user can read, and removes that.
  public static Verification verifyBackup(
      Path backup, boolean deep, @Nullable Path anchor, Progress progress) {
    try {
      var temporary = Files.createTempDirectory("remanence-verify-");
      try {
        var file = temporary.resolve(SqliteJournal.FILE);
        var header = Backup.unpack(backup, file, Progress.NONE);
        var evidence =
            Evidence.none(
                new Acknowledged.Mark(header.commit(), HexFormat.of().parseHex(header.hash())),
                anchor);
        try (var inspection = Inspection.ofFile(file)) {
          return verify(backup, inspection, evidence, deep, progress);
        }
      } finally {
        Disk.deleteTree(temporary);
      }
    } catch (SQLException e) {
      return unopened(backup, e, deep);
    } catch (IOException e) {
      throw Disk.translate(e, backup);
    }
  }

  private static Evidence evidence(Path directory, @Nullable Path anchor) {
    try {
      return Evidence.beside(directory, anchor);
    } catch (IOException e) {
      throw Disk.translate(e, anchor == null ? directory : anchor);
    }
  }

  /// A file that SQLite does not even open.
  private static Verification unopened(Path store, SQLException failure, boolean deep) {
    var findings = new Findings(store);
    try {
      findings.problem("journal.db", findings.unreadable(failure), false);
    } catch (SQLException e) {
      throw Sql.translate(e, store);
    }
    return new Verification(deep, 0, 0, 0, 0, findings.problems(), List.of());
  }

  private static Verification verify(
      Path store, Inspection inspection, Evidence evidence, boolean deep, Progress progress)
      throws SQLException {
    var verifier = new Verifier(store, inspection.reader(), evidence, progress);
    try {
      return inspection.reader().consistently(_ -> verifier.run(deep));
    } catch (SQLException e) {
      // Not even a transaction begins or ends.
      verifier.findings.problem("journal.db", verifier.findings.unreadable(e), false);
      return verifier.result();
    }
  }

  private Verification run(boolean thoroughly) throws SQLException {
    this.deep = thoroughly;
    checkForm();
    findings.step("journal.db", false, this::checkStructure);
    findings.step("table site", false, this::checkSites);
    findings.step("table chain", false, () -> chains.addAll(reader.chains()));
    findings.step("table chain", false, this::checkChains);
    findings.step("table commits", false, this::checkCommitsEnd);
    findings.step("acked", false, this::checkAcknowledged);
    findings.step("heads.jsonl", false, this::checkSignedHeads);
    findings.step("anchor", false, this::checkAnchor);
    findings.step("site.key", true, this::checkKey);
    findings.step("table memory", true, this::countMemories);
    if (deep) {
      checkDeeply();
    }
    return result();
  }

  private Verification result() {
    return new Verification(
        deep, revisions, commits, memories, erased, findings.problems(), findings.losses());
  }

  private void checkDeeply() throws SQLException {
    findings.step("table dict", false, this::checkDictionaries);
    findings.step(
        "table revision",
        false,
        () -> {
          var sweep = new RevisionSweep(reader, findings, revisions, progress);
          sweep.run(chains);
          revisions = sweep.count();
        });
    findings.step(
        "tables memory, version and slot",
        true,
        () -> {
          var derived = new DerivedCheck(reader, findings);
          derived.run();
          memories = derived.live();
          erased = derived.erased();
        });
    findings.step("table vector", true, () -> VectorTable.check(reader, findings));
    for (var table : SideTable.values()) {
      findings.step(
          "table " + table.table(), table.isDisposable(), () -> table.check(reader, findings));
    }
    findings.step("table signed_head", false, this::checkChainHeads);
    findings.step("table sqlite_sequence", true, this::checkSequence);
  }

  // The file's form and structure

  /// The tables and indexes are those of this format, to the letter: a definition that was altered
  /// could change what a question finds.
  private void checkForm() throws SQLException {
    var expected = expectedDefinitions();
    Map<String, String> found = new HashMap<>();
    findings.step(
        "journal.db, its tables", false, () -> found.putAll(definitions(reader.connection())));
    try {
      findings.step(
          "journal.db, its header",
          false,
          () -> Schema.format(reader.connection(), findings.store()));
    } catch (FormatTooNew | FormatTooOld | InvalidInput e) {
      if (!found.equals(expected)) {
        throw e;
      }
      findings.problem(
          "journal.db, its header",
          "the tables are those of format " + Schema.FORMAT + "; the header says otherwise",
          false);
      return;
    }
    var altered = new TreeSet<String>();
    altered.addAll(expected.keySet());
    altered.addAll(found.keySet());
    altered.removeIf(name -> Objects.equals(expected.get(name), found.get(name)));
    if (!found.isEmpty() && !altered.isEmpty()) {
      findings.problem(
          "journal.db, its tables",
          altered.size()
              + " definitions are not those of format "
              + Schema.FORMAT
              + ", the first: "
              + altered.first(),
          false);
    }
  }

  private static Map<String, String> definitions(Connection connection) throws SQLException {
    Map<String, String> definitions = new HashMap<>();
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT type, name, tbl_name, sql FROM sqlite_schema")) {
      while (row.next()) {
        if (!String.valueOf(row.getString(2)).startsWith("sqlite_stat")) {
          definitions.put(
              row.getString(1) + " " + row.getString(2) + " of " + row.getString(3),
              String.valueOf(row.getString(4)));
        }
      }
    }
    return definitions;
  }

  private static Map<String, String> expectedDefinitions() throws SQLException {
    try (var memory = Sql.connect(":memory:", new java.util.Properties())) {
      Schema.create(memory);
      return definitions(memory);
    }
  }

  private void checkStructure() throws SQLException {
    var derivedRoots = derivedRoots();
    try (var statement = reader.connection().createStatement();
        var row =
            statement.executeQuery(
                deep ? "PRAGMA integrity_check(100)" : "PRAGMA quick_check(100)")) {
      while (row.next()) {
        var line = String.valueOf(row.getString(1));
        if (!line.equals("ok")) {
          for (var each : line.split("\n", -1)) {
            if (!each.isBlank() && !each.startsWith("***")) {
              findings.problem("journal.db, its structure", each, isOf(derivedRoots, each));
            }
          }
        }
      }
    }
  }

  /// How SQLite names what is derived, indexes included: trees by their root page, others by name.
  private Set<String> derivedRoots() throws SQLException {
    Set<String> names = new HashSet<>();
    try (var statement = reader.connection().createStatement();
        var row =
            statement.executeQuery("SELECT type, rootpage, name, tbl_name FROM sqlite_schema")) {
      while (row.next()) {
        boolean derived = List.of(Schema.DERIVED).contains(row.getString(4));
        if (derived || "index".equals(row.getString(1))) {
          names.add("Tree " + row.getLong(2) + " ");
          names.add(" index " + row.getString(3) + " ");
        }
        if (derived) {
          names.add(" " + row.getString(4) + ".");
        }
      }
    }
    return names;
  }

  private static boolean isOf(Set<String> names, String line) {
    return names.stream().anyMatch(name -> (" " + line + " ").contains(name));
  }

  // Sites, chains, commits

  private void checkSites() throws SQLException {
    try (var row = reader.prepared("SELECT id, uid, public_key FROM site").executeQuery()) {
      while (row.next()) {
        var key = row.getBytes(3);
        if (key == null || !Arrays.equals(row.getBytes(2), SiteKey.idOf(key))) {
          findings.problem(
              "table site, row " + row.getLong(1), "its id is not that of its public key", false);
        }
      }
    }
  }

  private void checkChains() throws SQLException {
    Set<Long> known = new HashSet<>();
    for (var chain : chains) {
      known.add(chain.id());
      if (chain.uid() == null
          || chain.uid().length != Hash.REFERENCE_BYTES
          || chain.hash() == null
          || chain.hash().length != Hash.BYTES) {
        findings.problem("table chain, row " + chain.id(), "a column is damaged", false);
      }
      findings.step("chain " + chain.id(), false, () -> checkChain(chain));
    }
    try (var row =
        reader.prepared("SELECT chain, count(*) FROM revision GROUP BY chain").executeQuery()) {
      while (row.next()) {
        revisions += row.getLong(2);
        if (!known.contains(row.getLong(1))) {
          findings.problem(
              "table chain",
              "the row of chain " + row.getLong(1) + " is missing; revisions name it",
              false);
        }
      }
    }
    try (var row =
        reader.prepared("SELECT DISTINCT chain FROM gap ORDER BY chain").executeQuery()) {
      while (row.next()) {
        if (!known.contains(row.getLong(1))) {
          findings.problem("table gap", "it names chain " + row.getLong(1) + ", unknown", false);
        }
      }
    }
  }

  /// The numbers of a chain run from 1 to its head; those that were declared missing are losses.
  private void checkChain(Reader.Chain chain) throws SQLException {
    var missing = new ArrayList<long[]>();
    var statement =
        reader.prepared("SELECT count(*), min(seq), max(seq) FROM revision WHERE chain = ?");
    statement.setLong(1, chain.id());
    long count;
    long least;
    long greatest;
    try (var row = statement.executeQuery()) {
      row.next();
      count = row.getLong(1);
      least = row.getLong(2);
      greatest = row.getLong(3);
    }
    if (count == 0 ? chain.seq() > 0 : greatest < chain.seq()) {
      missing.add(new long[] {greatest + 1, chain.seq()});
    }
    if (count > 0 && (least != 1 || greatest - least + 1 != count)) {
      missing.addAll(holes(chain));
    }
    for (var hole : missing) {
      checkHole(chain, hole[0], hole[1]);
    }
    checkDeclared(chain, missing);
    if (greatest == chain.seq() && count > 0) {
      checkHeadHash(chain);
    }
  }

  private List<long[]> holes(Reader.Chain chain) throws SQLException {
    var holes = new ArrayList<long[]>();
    var statement = reader.prepared("SELECT seq FROM revision WHERE chain = ? ORDER BY seq");
    statement.setLong(1, chain.id());
    long before = 0;
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        long seq = row.getLong(1);
        if (seq != before + 1) {
          holes.add(new long[] {before + 1, seq - 1});
        }
        before = seq;
      }
    }
    return holes;
  }

  private void checkHole(Reader.Chain chain, long from, long to) throws SQLException {
    var numbers = from == to ? "number " + from : "numbers " + from + " to " + to;
    if (reader.isDeclaredMissing(chain.id(), from, to)) {
      findings.loss(
          "chain "
              + chain.id()
              + " (scope "
              + Hash.hex(chain.uid())
              + ", site row "
              + chain.site()
              + "): "
              + numbers
              + ", declared missing by an earlier repair or import");
    } else {
      findings.problem(
          "chain " + chain.id(),
          numbers + " of " + chain.seq() + (from == to ? " is" : " are") + " missing",
          false);
    }
  }

  /// A gap is declared only where something is missing.
  private void checkDeclared(Reader.Chain chain, List<long[]> missing) throws SQLException {
    var statement = reader.prepared("SELECT seq_from, seq_to FROM gap WHERE chain = ?");
    statement.setLong(1, chain.id());
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        long from = row.getLong(1);
        long to = row.getLong(2);
        if (missing.stream().noneMatch(hole -> hole[0] <= from && to <= hole[1])) {
          findings.problem(
              "table gap",
              "chain " + chain.id() + ": " + from + " to " + to + " is declared missing and is not",
              false);
        }
      }
    }
  }

  private void checkHeadHash(Reader.Chain chain) throws SQLException {
    var statement = reader.prepared("SELECT hash FROM revision WHERE chain = ? AND seq = ?");
    statement.setLong(1, chain.id());
    statement.setLong(2, chain.seq());
    try (var row = statement.executeQuery()) {
      if (!deep && row.next() && !Arrays.equals(row.getBytes(1), chain.hash())) {
        findings.problem(
            "table chain, row " + chain.id(), "its hash is not that of the newest revision", false);
      }
    }
  }

  private void checkCommitsEnd() throws SQLException {
    var end = Ledger.lastCommit(reader);
    commits = end.commit();
    long count = Schema.number(reader.connection(), "SELECT count(*) FROM commits");
    long covered =
        Schema.number(reader.connection(), "SELECT last FROM commits ORDER BY n DESC LIMIT 1");
    if (!deep && count != commits) {
      findings.problem(
          "table commits",
          "commits are missing: the last is number " + commits + ", " + count + " are there",
          false);
    }
    if (!deep && covered != reader.lastPosition()) {
      findings.problem(
          "table commits",
          "the last commit ends at position "
              + covered
              + ", the revisions at "
              + reader.lastPosition(),
          false);
    }
  }

  // Evidence

  private void checkAcknowledged() throws SQLException {
    var mark = evidence.acknowledged();
    if (mark != null && mark.commit() > 0) {
      Acknowledged.check(
          mark, commits, SqliteJournal.commitHash(reader, mark.commit()), findings.store());
    }
  }

  private void checkSignedHeads() throws SQLException {
    var heads = evidence.heads();
    var store = reader.meta("store");
    for (int i = deep ? 0 : Math.max(0, heads.size() - 1); i < heads.size(); i++) {
      var head = heads.get(i);
      var where = "heads.jsonl, line " + (i + 1);
      if (head == null) {
        findings.problem(where, "it is no signed head", true);
      } else if (!head.isGenuine()) {
        findings.problem(where, "its signature fails", true);
      } else if (!head.store().equals(store)) {
        findings.problem(where, "it speaks of store " + head.store() + "; this is " + store, false);
      } else if (!knowsSite(head.publicKey())) {
        findings.problem(where, "its site is not known in this journal", false);
      } else {
        checkPassesThrough(where, head);
      }
    }
  }

  private boolean knowsSite(byte[] publicKey) throws SQLException {
    return knowsSite(reader, publicKey);
  }

  /// Whether a key belongs to a site of a journal.
  static boolean knowsSite(Reader reader, byte[] publicKey) throws SQLException {
    var statement = reader.prepared("SELECT public_key FROM site WHERE uid = ?");
    statement.setBytes(1, SiteKey.idOf(publicKey));
    try (var row = statement.executeQuery()) {
      return row.next() && Arrays.equals(row.getBytes(1), publicKey);
    }
  }

  private void checkPassesThrough(String where, SignedHead head) throws SQLException {
    var hash = SqliteJournal.commitHash(reader, head.commit());
    if (hash == null) {
      findings.problem(
          where,
          "commit "
              + head.commit()
              + " was signed at "
              + head.time()
              + "; the journal ends at "
              + commits
              + ": an older journal was put here, or commits were lost",
          false);
    } else if (!Arrays.equals(hash, head.hash())) {
      findings.problem(
          where,
          "commit " + head.commit() + " is not the one that was signed at " + head.time(),
          false);
    }
  }

  private void checkAnchor() throws SQLException {
    var anchor = evidence.anchor();
    if (anchor == null) {
      return;
    }
    var store = reader.meta("store");
    if (!anchor.isGenuine()) {
      findings.problem("anchor", "its signature fails: the anchor itself was changed", false);
    } else if (!anchor.store().equals(store)) {
      findings.problem(
          "anchor", "it was made for store " + anchor.store() + "; this is " + store, false);
    } else if (!knowsSite(anchor.publicKey())) {
      findings.problem("anchor", "its site is not known in this journal", false);
    } else {
      checkPassesThrough("anchor", anchor);
    }
  }

  /// The key belongs to a site of this journal, unless the next opening makes a new one anyway.
  private void checkKey() throws SQLException {
    if (evidence.place() == null || !evidence.place().equals(reader.meta("place"))) {
      return;
    }
    var key = evidence.key();
    if (key == null) {
      findings.problem(
          "site.key",
          "the key cannot be read; the next opening makes a new one and loses nothing",
          true);
    } else if (!knowsSite(key.publicKey())) {
      findings.problem(
          "site.key",
          "the key belongs to no site of this journal; the next opening makes a new one",
          true);
    }
  }

  // Tables beside the revisions

  private void countMemories() throws SQLException {
    memories = countMemories(MemoryState.LIVE);
    erased = countMemories(MemoryState.ERASED);
  }

  private long countMemories(int state) throws SQLException {
    var statement = reader.prepared("SELECT count(*) FROM memory WHERE state = ? AND last > 0");
    statement.setInt(1, state);
    try (var row = statement.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private void checkDictionaries() throws SQLException {
    try (var row = reader.prepared("SELECT id, bytes, chk FROM dict ORDER BY id").executeQuery()) {
      while (row.next()) {
        var bytes = row.getBytes(2);
        if (bytes == null || Checksum.of(bytes) != row.getInt(3)) {
          findings.problem(
              "table dict, row " + row.getInt(1),
              "a compression dictionary is damaged; bodies packed with it cannot be read",
              false);
        }
      }
    }
  }

  /// What other sites signed of their chains.
  private void checkChainHeads() throws SQLException {
    for (var chain : chains) {
      var head = reader.signedHead(chain.id());
      if (head == null) {
        continue;
      }
      var where = "table signed_head, chain " + chain.id();
      var key = reader.sitePublicKey(chain.site());
      var statement =
          Export.headStatement(
              Hash.hex(SiteKey.idOf(key)), Hash.hex(chain.uid()), head.seq(), head.hash());
      if (!SiteKey.verifies(key, statement, head.signature())) {
        findings.problem(where, "its signature fails", false);
      } else if (!Arrays.equals(head.hash(), reader.hashAt(chain.id(), head.seq()))) {
        findings.problem(where, "the site signed another revision than is there", false);
      }
    }
  }

  /// A scope's number is never given twice, or a new scope would show what an erased one left.
  private void checkSequence() throws SQLException {
    long given =
        Schema.number(reader.connection(), "SELECT seq FROM sqlite_sequence WHERE name = 'scope'");
    long used = Schema.number(reader.connection(), "SELECT max(scope) FROM chain");
    if (given < used) {
      findings.problem(
          "table sqlite_sequence",
          "scopes are numbered up to " + used + "; it says " + given,
          true);
    }
  }

  /// Our error for a store whose verification failed, naming the first problem.
  static RemanenceException unsound(Path store, Verification verification) {
    var first = verification.problems().getFirst();
    return new RemanenceException.CorruptStore(
        "the store "
            + store
            + " has "
            + verification.problems().size()
            + " problems, the first: "
            + first.where()
            + ": "
            + first.what(),
        "store",
        store.toString(),
        "problems",
        verification.problems().size());
  }
}
