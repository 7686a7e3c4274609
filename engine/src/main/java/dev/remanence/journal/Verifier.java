package dev.remanence.journal;

import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException;
import dev.remanence.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
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
    var form = new FormCheck(reader, findings);
    form.definitions();
    findings.step("journal.db", false, () -> form.structure(deep));
    findings.step("table site", false, this::checkSites);
    findings.step("table chain", false, () -> chains.addAll(reader.chains()));
    var chainCheck = new ChainCheck(reader, findings);
    findings.step("table chain", false, () -> chainCheck.run(chains, !deep));
    revisions = chainCheck.revisions();
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
      Acknowledged.check(mark, commits, Opened.commitHash(reader, mark.commit()), findings.store());
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
    var hash = Opened.commitHash(reader, head.commit());
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
