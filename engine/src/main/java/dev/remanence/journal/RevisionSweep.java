package dev.remanence.journal;

import dev.remanence.Change;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.CorruptStore;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One pass over every revision in order of arrival, for `verify --deep`: the row's checksum and
/// form, its link to the one before in its chain, the OPEN revision's place and path, and the
/// commit chain computed again from the heads that each commit moved.
///
/// Holds a few words for each chain and nothing for each revision. Where a page cannot be read, it
/// goes on at the next position that can.
final class RevisionSweep {
  private static final String FROM =
      "SELECT " + Row.COLUMNS + " FROM revision WHERE pos > ? ORDER BY pos";
  private static final int COMMITS_A_READ = 1024;

  /// How often progress is told.
  private static final int REVISIONS_A_WORD = 256;

  private final Reader reader;
  private final Findings findings;
  private final Map<Long, Reader.Chain> chains = new HashMap<>();
  private final Map<Long, byte[]> sites = new HashMap<>();
  private final Map<Long, Trace> traces = new HashMap<>();

  // The commit being recomputed: its row, and the chains that revisions since the one before moved.
  private final TreeMap<Long, Trace> moved = new TreeMap<>();
  private @Nullable Commit commit;
  private byte[] commitBefore = Hash.zero();
  private long commitNumber;
  private boolean commitReadable = true;
  private boolean commitsSound = true;
  private final ArrayDeque<Commit> commitsAhead = new ArrayDeque<>();

  private final long expected;
  private final Progress progress;
  private long count;
  private long erased;
  private long last;

  /// The newest revision of a chain among those that were passed.
  private static final class Trace {
    long seq;
    byte[] hash = Hash.zero();
    long recorded = Long.MIN_VALUE;
    long greatestRecorded = Long.MIN_VALUE;
  }

  private record Commit(long number, long last, byte @Nullable [] hash) {}

  /// @param expected about how many revisions there are
  RevisionSweep(Reader reader, Findings findings, long expected, Progress progress) {
    this.reader = reader;
    this.findings = findings;
    this.expected = expected;
    this.progress = progress;
  }

  void run(Iterable<Reader.Chain> knownChains) throws SQLException {
    for (var chain : knownChains) {
      chains.put(chain.id(), chain);
      findings.step(
          "chain " + chain.id(), false, () -> sites.put(chain.site(), siteId(chain.site())));
    }
    findings.step("table commits", false, this::nextCommit);
    long after = 0;
    while (after >= 0) {
      after = sweepFrom(after);
    }
    while (commit != null) {
      findings.step("table commits", false, this::sealCommit);
    }
    if (!moved.isEmpty()) {
      commitsSound = false;
      findings.problem(
          "table commits",
          "revisions up to position " + last + " are in no commit: the last ones are missing",
          false);
    }
    checkHeads();
  }

  private byte[] siteId(long row) throws SQLException {
    var id = reader.siteId(row);
    if (id == null || id.length != Hash.REFERENCE_BYTES) {
      throw new CorruptStore("the site's id is damaged", "site", row);
    }
    return id;
  }

  /// Sweeps until the end, which answers -1, or until something unreadable, which answers the
  /// position after which to go on.
  private long sweepFrom(long after) throws SQLException {
    long reached = after;
    try (var statement = reader.fresh(FROM)) {
      statement.setLong(1, after);
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          reached = row.getLong(1);
          take(row, reached);
        }
      }
      return -1;
    } catch (SQLException e) {
      var what = findings.unreadable(e);
      commitReadable = false;
      long next = nextReadable(reached, reached == after);
      findings.problem(
          "journal.db, revisions after position " + reached,
          what
              + (next < 0
                  ? "; no revision after it can be read"
                  : "; reading goes on after position " + next),
          false);
      return next;
    }
  }

  /// A position below the next one that can be read, or -1. Where the sweep is stuck, the next row
  /// is found but cannot be read: it is passed over.
  private long nextReadable(long after, boolean stuck) throws SQLException {
    long end = commitsEnd();
    for (long step = 1; after + step <= end; step += Math.max(1, step / 8)) {
      try (var statement =
          reader.fresh("SELECT pos FROM revision WHERE pos >= ? ORDER BY pos LIMIT 1")) {
        statement.setLong(1, after + step);
        try (var row = statement.executeQuery()) {
          if (row.next() && row.getLong(1) > after) {
            return stuck ? row.getLong(1) : row.getLong(1) - 1;
          }
        }
      } catch (SQLException e) {
        // The problem is told by the caller, once for the whole stretch.
        findings.unreadable(e);
      }
    }
    return -1;
  }

  private long commitsEnd() {
    try {
      return Schema.number(reader.connection(), "SELECT max(last) FROM commits");
    } catch (SQLException e) {
      return last + (1 << 20);
    }
  }

  private void take(Rows row, long pos) throws SQLException {
    while (commit != null && pos > commit.last) {
      findings.step("table commits", false, this::sealCommit);
    }
    last = pos;
    if (++count % REVISIONS_A_WORD == 0) {
      progress.at(count, Math.max(count, expected));
    }
    try {
      var entry = Row.read(row, 1, reader.bench());
      if (entry.hash().length != Hash.BYTES) {
        throw Row.damaged(pos, "its hash has " + entry.hash().length + " bytes");
      }
      if (entry.erased()) {
        erased++;
      }
      check(entry);
      note(entry.chain(), entry.seq(), entry.hash(), entry.header().recorded());
    } catch (CorruptStore e) {
      findings.problem(
          "journal.db, revision at position " + pos, String.valueOf(e.getMessage()), proven(row));
      noteDamaged(row);
    } catch (MalformedBytes e) {
      findings.problem(
          "journal.db, revision at position " + pos, String.valueOf(e.getMessage()), false);
      noteDamaged(row);
    }
  }

  private void note(long chain, long seq, byte[] hash, long recorded) {
    var trace = traces.computeIfAbsent(chain, _ -> new Trace());
    if (seq > trace.seq) {
      trace.seq = seq;
      trace.hash = hash;
      trace.recorded = recorded;
    }
    trace.greatestRecorded = Math.max(trace.greatestRecorded, recorded);
    moved.put(chain, trace);
  }

  /// A damaged revision still moves its chain, as far as its row says which.
  private void noteDamaged(Rows row) throws SQLException {
    commitReadable = false;
    var hash = row.getBytes(11);
    var trace = traces.get(row.getLong(2));
    if (trace != null && row.getLong(3) == trace.seq + 1 && hash != null) {
      trace.seq++;
      trace.hash = hash;
    }
  }

  /// Whether only numbers of the row are wrong, which [Rebuild] computes again: the hash proves the
  /// rest.
  private boolean proven(Rows row) throws SQLException {
    var chain = chains.get(row.getLong(2));
    var trace = traces.get(row.getLong(2));
    var site = chain == null ? null : sites.get(chain.site());
    if (chain == null || site == null) {
      return false;
    }
    long seq = row.getLong(3);
    var before = seq == 1 ? Hash.zero() : null;
    if (trace != null && trace.seq + 1 == seq) {
      before = trace.hash;
    }
    return before != null && Rebuild.isProven(row, reader.bench(), before, site, chain.uid());
  }

  private void check(Entry entry) throws SQLException {
    var where = "journal.db, revision at position " + entry.pos();
    var header = entry.header();
    var chain = chains.get(entry.chain());
    if (chain == null) {
      findings.problem(where, "its chain " + entry.chain() + " is not known", false);
      return;
    }
    if (entry.erased() == (entry.bodyHash() == null)) {
      findings.problem(
          where,
          entry.erased()
              ? "its body is gone and no hash stands for it"
              : "it has a body and a hash that stands for another",
          false);
      return;
    }
    checkLink(where, entry, chain);
    if (entry.seq() < 1 || entry.seq() > chain.seq()) {
      findings.problem(
          where, "it is number " + entry.seq() + " of a chain that ends at " + chain.seq(), false);
    }
    if ((header.change() == Change.OPEN) != (entry.seq() == 1)) {
      findings.problem(
          where,
          "number " + entry.seq() + " of its chain is of kind " + header.change().word(),
          false);
    }
    var body = entry.body() == null ? null : Body.decode(entry.body());
    if (header.change() == Change.OPEN) {
      checkScope(chain, body);
    } else if (body != null && header.recordsValue() && body.attributes() == null) {
      findings.problem(where, "it records no value", false);
    } else if (body != null && header.holdsContent() && body.content() == null) {
      findings.problem(where, "it holds no content", false);
    }
  }

  private void checkLink(String where, Entry entry, Reader.Chain chain) throws SQLException {
    byte[] before = null;
    long recordedBefore = Long.MIN_VALUE;
    var trace = traces.get(entry.chain());
    if (entry.seq() == 1) {
      before = Hash.zero();
    } else if (trace != null && trace.seq == entry.seq() - 1) {
      before = trace.hash;
      recordedBefore = trace.recorded;
    } else {
      before = reader.hashAt(entry.chain(), entry.seq() - 1);
      recordedBefore = recordedAt(entry.chain(), entry.seq() - 1);
    }
    if (entry.header().recorded() < recordedBefore) {
      findings.problem(where, "it was recorded before its predecessor", false);
    }
    var site = sites.get(chain.site());
    if (before == null || site == null) {
      return;
    }
    var link =
        Hash.revision(before, site, chain.uid(), entry.seq(), entry.head(), entry.bodyDigest());
    if (!Arrays.equals(link, entry.hash())) {
      findings.problem(
          where,
          "the hash of number "
              + entry.seq()
              + " of chain "
              + entry.chain()
              + " is not that of its bytes after its predecessor",
          false);
    }
  }

  private long recordedAt(long chain, long seq) throws SQLException {
    var statement = reader.prepared("SELECT head FROM revision WHERE chain = ? AND seq = ?");
    statement.setLong(1, chain);
    statement.setLong(2, seq);
    try (var row = statement.executeQuery()) {
      var head = row.next() ? row.getBytes(1) : null;
      return head == null ? Long.MIN_VALUE : Header.decode(head).recorded();
    } catch (MalformedBytes e) {
      // The neighbour is damaged: its own visit tells.
      return Long.MIN_VALUE;
    }
  }

  /// The scope's name stands in the OPEN revision; the `scope` row repeats it, unless the revision
  /// came when the name was taken (see [Intake]).
  private void checkScope(Reader.Chain chain, @Nullable Body body) throws SQLException {
    if (body == null) {
      return;
    }
    var path = body.cause().scope();
    var stored = reader.scopePath(chain.scope());
    if (path == null) {
      findings.problem("chain " + chain.id(), "its OPEN revision names no scope", false);
    } else if (!path.equals(stored) && !("lost:" + Hash.hex(chain.uid())).equals(stored)) {
      findings.problem(
          "table scope, row " + chain.scope(),
          stored == null
              ? "the scope's name is missing"
              : "the scope has another name than its chain " + chain.id() + " says",
          true);
    }
  }

  // Commits

  private void nextCommit() throws SQLException {
    commit = null;
    if (commitsAhead.isEmpty()) {
      var statement =
          reader.prepared("SELECT n, last, hash FROM commits WHERE n > ? ORDER BY n LIMIT ?");
      statement.setLong(1, commitNumber);
      statement.setInt(2, COMMITS_A_READ);
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          commitsAhead.add(new Commit(row.getLong(1), row.getLong(2), row.getBytes(3)));
        }
      }
    }
    commit = commitsAhead.poll();
    if (commit != null && commit.number <= commitNumber) {
      // A damaged page; without progress the sweep would not end.
      commit = null;
      commitsAhead.clear();
      commitsSound = false;
      findings.problem("table commits", "numbers do not ascend after " + commitNumber, false);
    }
  }

  /// Compares the commit's hash with that of the heads it moved, and goes on to the next one.
  private void sealCommit() throws SQLException {
    var sealed = Objects.requireNonNull(commit);
    if (sealed.number != commitNumber + 1) {
      commitsSound = false;
      findings.problem(
          "table commits",
          "commits " + (commitNumber + 1) + " to " + (sealed.number - 1) + " are missing",
          false);
    }
    if (sealed.hash == null || sealed.hash.length != Hash.BYTES) {
      commitsSound = false;
      findings.problem("table commits, row " + sealed.number, "its hash is damaged", false);
    } else if (commitReadable && sealed.number == commitNumber + 1) {
      var digest = Hash.commit(commitBefore, sealed.number, sealed.last);
      for (var each : moved.entrySet()) {
        var chain = chains.get(each.getKey());
        var site = chain == null ? null : sites.get(chain.site());
        if (chain != null && site != null) {
          Hash.add(digest, site, chain.uid(), each.getValue().seq, each.getValue().hash);
        }
      }
      if (!Arrays.equals(digest.digest(), sealed.hash)) {
        commitsSound = false;
        findings.problem(
            "table commits, row " + sealed.number,
            "the commit does not cover the revisions up to position " + sealed.last,
            false);
      }
    } else {
      commitsSound = false;
    }
    if (sealed.last > last && commitReadable) {
      commitsSound = false;
      findings.problem(
          "table commits, row " + sealed.number,
          "it ends at position "
              + sealed.last
              + " but the revisions end at "
              + last
              + ": the newest are missing",
          false);
    }
    commitNumber = sealed.number;
    commitBefore = sealed.hash == null ? Hash.zero() : sealed.hash;
    commitReadable = true;
    moved.clear();
    nextCommit();
  }

  /// A chain's row repeats the number, hash and time of its newest revision. Where the commit chain
  /// proves the revisions complete, the row is what is wrong, and can be written again.
  private void checkHeads() throws SQLException {
    for (var chain : chains.values()) {
      var trace = traces.get(chain.id());
      findings.step(
          "table chain, row " + chain.id(),
          commitsSound,
          () -> checkHead(chain, trace == null ? new Trace() : trace));
    }
  }

  private void checkHead(Reader.Chain chain, Trace trace) throws SQLException {
    var where = "table chain, row " + chain.id();
    boolean endMissing =
        trace.seq < chain.seq() && reader.isDeclaredMissing(chain.id(), trace.seq + 1, chain.seq());
    if (!endMissing && (trace.seq != chain.seq() || !Arrays.equals(trace.hash, chain.hash()))) {
      findings.problem(
          where,
          "it says that the chain ends at number "
              + chain.seq()
              + "; the newest revision found is "
              + trace.seq
              + (trace.seq == chain.seq() ? " with another hash" : ""),
          commitsSound);
    }
    var statement = reader.prepared("SELECT hlc FROM chain WHERE id = ?");
    statement.setLong(1, chain.id());
    try (var row = statement.executeQuery()) {
      long clock = row.next() ? row.getLong(1) : 0;
      if (!endMissing && clock != Math.max(0, trace.greatestRecorded)) {
        findings.problem(where, "its clock is not that of the newest revision", commitsSound);
      }
    }
  }

  // Results

  long count() {
    return count;
  }

  long erased() {
    return erased;
  }

  boolean commitsSound() {
    return commitsSound;
  }
}
