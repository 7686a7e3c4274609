package dev.remanence.journal;

import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.journal.RevisionsByMemory.Group;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Compares the derived tables with what the revisions say, for `verify --deep`.
///
/// `memory` and `version` are a function of the revisions and must be equal to it. `slot` depends
/// on the order of events as well: which of two equal contents came first, whose key was free
/// because it had expired. So for a slot the rule is that it names a live memory which answers to
/// it; and a live memory with a key has its slot, or has expired at some time, or shares the key
/// with another site's memory.
///
/// Both gap lists must span everything from the least key to the greatest.
final class DerivedCheck {
  private static final String MEMORIES =
      "SELECT uid, next, scope, head, last, number, others, state, created, chk FROM memory"
          + " ORDER BY uid";
  private static final String VERSIONS =
      "SELECT memory, branch, at, pos, chk FROM version ORDER BY memory, branch, at, pos";
  private static final String SLOTS = "SELECT k, next, memory, chk FROM slot ORDER BY k";
  private static final String PARTS_OF_SLOT = "SELECT memory FROM slot WHERE k = ?";

  private static final byte SCOPE_SLOT = Reader.scopeSlot("")[0];

  private final Reader reader;
  private final Findings findings;
  private final long nowMillis;
  private boolean severalSites;
  private boolean incomplete;
  private long slotsMatched;
  private long live;
  private long erased;

  DerivedCheck(Reader reader, Findings findings) throws SQLException {
    this.reader = reader;
    this.findings = findings;
    this.nowMillis =
        HybridClock.millis(Schema.number(reader.connection(), "SELECT max(hlc) FROM chain"));
  }

  void run() throws SQLException {
    findings.step("tables chain and gap", false, this::lookAround);
    findings.step("tables memory and version", true, this::checkMemories);
    findings.step("table slot", true, this::checkSlots);
  }

  private void lookAround() throws SQLException {
    var connection = reader.connection();
    severalSites = Schema.number(connection, "SELECT count(DISTINCT site) FROM chain") > 1;
    incomplete =
        Schema.number(connection, "SELECT count(*) FROM gap") > 0
            || reader.meta(Repair.CONTINUES) != null;
  }

  long live() {
    return live;
  }

  long erased() {
    return erased;
  }

  // Memories

  private void checkMemories() throws SQLException {
    try (var groups = new RevisionsByMemory(reader, _ -> {});
        var memories = new MemoryRows(reader);
        var versions = new VersionRows(reader)) {
      var group = groups.next();
      while (group != null || memories.uid != null) {
        int order =
            group == null ? 1 : memories.uid == null ? -1 : compare(group.id(), memories.uid);
        if (order <= 0) {
          var state = Objects.requireNonNull(group).state();
          checkOrigins(group);
          checkErasure(group, state);
          if (order == 0) {
            memories.check(group, state);
          } else {
            findings.problem("table memory", "memory " + group.id() + " is missing", true);
          }
          versions.check(group.id(), state);
          count(state);
          checkSlotOf(group, state);
          group = groups.next();
        }
        if (order >= 0) {
          if (order > 0) {
            findings.problem(
                "table memory",
                "memory " + Hash.hex(Objects.requireNonNull(memories.uid)) + " has no revision",
                true);
          }
          memories.advance();
        }
      }
      versions.checkEnd();
    }
  }

  private static int compare(UUID id, byte[] uid) {
    return Arrays.compareUnsigned(Hash.bytes(id), uid);
  }

  private void count(MemoryState state) {
    if (state.live()) {
      live++;
    }
    if (state.erased()) {
      erased++;
    }
  }

  private void checkOrigins(Group group) {
    var origins = group.origins();
    for (int i = 0; i < origins.size(); i++) {
      var entry = group.lines().get(i).entry();
      var origin = origins.get(i);
      if (entry.prev() != origin.prev() || entry.base() != origin.base()) {
        findings.problem(
            "journal.db, revision at position " + entry.pos(),
            "its predecessor or the revision with its content is another: expected "
                + origin.prev()
                + " and "
                + origin.base()
                + ", found "
                + entry.prev()
                + " and "
                + entry.base(),
            true);
      }
    }
  }

  /// Bodies are gone where their memory was erased, and nowhere else; only where revisions are
  /// missing, declared so or by a salvage, may the ERASE be among them.
  private void checkErasure(Group group, MemoryState state) {
    for (var line : group.lines()) {
      var where = "journal.db, revision at position " + line.entry().pos();
      if (state.erased()) {
        if (!line.erased() && line.entry().header().change() != dev.remanence.Change.ERASE) {
          findings.problem(where, "its memory was erased but its body is there", false);
        }
      } else if (line.erased() && !incomplete) {
        findings.problem(where, "its body is gone but its memory was not erased", false);
      }
    }
  }

  /// The rows of `memory`, each checked to name the next.
  private final class MemoryRows implements AutoCloseable {
    private final Prepared statement;
    private final Rows row;
    private byte @Nullable [] uid;

    MemoryRows(Reader reader) throws SQLException {
      statement = reader.fresh(MEMORIES);
      row = statement.executeQuery();
      if (!row.next() || !Arrays.equals(row.getBytes(1), GapList.MEMORY.least())) {
        throw GapList.MEMORY.damaged("its first row is missing");
      }
      uid = row.getBytes(1);
      advance();
    }

    void advance() throws SQLException {
      byte[] named = null;
      try {
        named = GapList.MEMORY.verified(uid, row.getBytes(2));
      } catch (CorruptStore e) {
        findings.problem("table memory", String.valueOf(e.getMessage()), true);
      }
      uid = row.next() ? row.getBytes(1) : null;
      var next = uid == null ? GapList.MEMORY.greatest() : uid;
      if (named != null && !Arrays.equals(named, next)) {
        findings.problem("table memory", "a row does not name the next one", true);
      }
    }

    void check(Group group, MemoryState state) throws SQLException {
      var head = state.head(Header.MAIN);
      long headPos = head == null ? 0 : head.pos();
      int others = state.others().size();
      int checksum =
          Reader.memoryChecksum(
              Hash.bytes(group.id()),
              group.scope(),
              headPos,
              state.last(),
              state.number(),
              others,
              state.state(),
              state.created());
      if (row.getLong(3) != group.scope()
          || row.getLong(4) != headPos
          || row.getLong(5) != state.last()
          || row.getLong(6) != state.number()
          || row.getLong(7) != others
          || row.getLong(8) != state.state()
          || row.getLong(9) != state.created()
          || row.getInt(10) != checksum) {
        findings.problem(
            "table memory",
            "the row of memory " + group.id() + " is not what its revisions say",
            true);
      }
    }

    @Override
    public void close() throws SQLException {
      try (statement) {
        row.close();
      }
    }
  }

  /// The rows of `version`, which must be those of the groups in the same order.
  private final class VersionRows implements AutoCloseable {
    private final Prepared statement;
    private final Rows row;
    private byte @Nullable [] uid;

    VersionRows(Reader reader) throws SQLException {
      statement = reader.fresh(VERSIONS);
      row = statement.executeQuery();
      advance();
    }

    private void advance() throws SQLException {
      uid = null;
      if (row.next()) {
        var memory = row.getBytes(1);
        uid = memory == null ? new byte[0] : memory;
      }
    }

    void check(UUID id, MemoryState state) throws SQLException {
      var own = Hash.bytes(id);
      while (uid != null && Arrays.compareUnsigned(uid, own) < 0) {
        findings.problem("table version", "a row belongs to no memory", true);
        advance();
      }
      Set<List<Long>> expected = new TreeSet<>(Comparator.comparing(List::getLast));
      for (var other : state.others()) {
        expected.add(List.of(other.branch(), other.from(), other.pos()));
      }
      boolean same = true;
      while (uid != null && Arrays.equals(uid, own)) {
        long branch = row.getLong(2);
        long at = row.getLong(3);
        long pos = row.getLong(4);
        same &= row.getInt(5) == Reader.versionChecksum(own, branch, at, pos);
        boolean known = false;
        for (var each = expected.iterator(); each.hasNext() && !known; ) {
          if (each.next().equals(List.of(branch, at, pos))) {
            each.remove();
            known = true;
          }
        }
        same &= known;
        advance();
      }
      if (!same || !expected.isEmpty()) {
        findings.problem(
            "table version", "the rows of memory " + id + " are not what its revisions say", true);
      }
    }

    void checkEnd() throws SQLException {
      while (uid != null) {
        findings.problem("table version", "a row belongs to no memory", true);
        advance();
      }
    }

    @Override
    public void close() throws SQLException {
      try (statement) {
        row.close();
      }
    }
  }

  // Slots

  /// The slot that a memory's current value answers to, or null. Damage in the value is told where
  /// its revision is checked.
  private byte @Nullable [] slotFor(long scope, MemoryState state) throws SQLException {
    var value = value(state);
    return value == null ? null : Reader.slotOf(scope, value);
  }

  private @Nullable Value value(MemoryState state) throws SQLException {
    var head = state.live() ? state.head(Header.MAIN) : null;
    if (head == null) {
      return null;
    }
    try {
      var entry = reader.entry(head.pos());
      return entry.erased() || entry.base() == Entry.LOST ? null : reader.value(entry);
    } catch (CorruptStore | MalformedBytes e) {
      return null;
    }
  }

  private void checkSlotOf(Group group, MemoryState state) throws SQLException {
    var value = value(state);
    var key = value == null ? null : Reader.slotOf(group.scope(), value);
    if (value == null || key == null) {
      return;
    }
    var statement = reader.prepared(PARTS_OF_SLOT);
    statement.setBytes(1, key);
    byte[] holder;
    try (var row = statement.executeQuery()) {
      holder = row.next() ? row.getBytes(1) : null;
    }
    if (holder != null && Arrays.equals(holder, Hash.bytes(group.id()))) {
      slotsMatched++;
    } else if (holder == null
        && value.key() != null
        && !severalSites
        && !everExpired(group, value)) {
      findings.problem("table slot", "the key of memory " + group.id() + " is missing", true);
    }
  }

  /// Whether the memory has, by now or at an earlier revision, had an expiry that has passed: then
  /// its key was free for others.
  private boolean everExpired(Group group, Value current) throws SQLException {
    if (current.attributes().expires() <= nowMillis) {
      return true;
    }
    for (var line : group.lines()) {
      var body = line.erased() ? null : reader.entry(line.entry().pos()).decoded();
      if (body != null && body.attributes() != null && body.attributes().expires() <= nowMillis) {
        return true;
      }
    }
    return false;
  }

  private void checkSlots() throws SQLException {
    long scopes = 0;
    long others = 0;
    try (var statement = reader.fresh(SLOTS);
        var row = statement.executeQuery()) {
      byte[] key = null;
      byte[] named = GapList.SLOT.least();
      while (row.next()) {
        key = row.getBytes(1);
        if (!Arrays.equals(key, named)) {
          findings.problem("table slot", "a row does not name the next one", true);
        }
        if (key == null || key.length != GapList.SLOT.least().length) {
          throw GapList.SLOT.damaged("a row has the wrong size");
        }
        named = GapList.SLOT.verified(key, row.getBytes(2));
        if (Arrays.equals(key, GapList.SLOT.least())) {
          continue;
        }
        var memory = row.getBytes(3);
        if (memory == null
            || memory.length != Hash.REFERENCE_BYTES
            || row.getInt(4) != Reader.slotChecksum(key, memory)) {
          findings.problem("table slot", "a row's checksum fails", true);
        } else if (isScopeSlot(key)) {
          scopes++;
        } else {
          others++;
        }
      }
      if (!Arrays.equals(named, GapList.SLOT.greatest())) {
        findings.problem("table slot", "the last rows are missing", true);
      }
    }
    checkScopeSlots(scopes);
    if (others != slotsMatched) {
      checkHolders();
    }
  }

  /// Scopes' slots begin with the least kind.
  private static boolean isScopeSlot(byte[] key) {
    return key[0] == SCOPE_SLOT;
  }

  private void checkScopeSlots(long slots) throws SQLException {
    var scopes = reader.scopes(null);
    for (var scope : scopes) {
      findings.step(
          "table slot",
          true,
          () -> {
            if (reader.scope(scope.path()) != scope.id()) {
              findings.problem("table slot", "a scope is not found by its name", true);
            }
          });
    }
    if (slots != scopes.size()) {
      findings.problem(
          "table slot",
          "it holds " + slots + " names of scopes; there are " + scopes.size() + " scopes",
          true);
    }
  }

  /// Finds the slots whose memory does not answer to them.
  private void checkHolders() throws SQLException {
    var keys = new ArrayList<byte[]>();
    var after = GapList.SLOT.least();
    do {
      keys.clear();
      var statement =
          reader.prepared("SELECT k, memory FROM slot WHERE k > ? ORDER BY k LIMIT 1000");
      statement.setBytes(1, after);
      var holders = new ArrayList<byte[]>();
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          keys.add(row.getBytes(1));
          holders.add(row.getBytes(2));
        }
      }
      for (int i = 0; i < keys.size(); i++) {
        after = keys.get(i);
        if (!isScopeSlot(after)) {
          checkHolder(after, holders.get(i));
        }
      }
    } while (!keys.isEmpty());
  }

  private void checkHolder(byte[] key, byte[] holder) throws SQLException {
    findings.step(
        "table slot",
        true,
        () -> {
          if (holder.length != Hash.REFERENCE_BYTES) {
            return;
          }
          var id = Hash.uuid(holder);
          var state = reader.state(id);
          if (state == null || !Arrays.equals(key, slotFor(state.scope(), state))) {
            findings.problem(
                "table slot", "a row names memory " + id + ", which does not answer to it", true);
          }
        });
  }
}
