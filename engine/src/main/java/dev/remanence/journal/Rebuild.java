package dev.remanence.journal;

import dev.remanence.Change;
import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.journal.RevisionsByMemory.Group;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes everything derived anew from the revisions, in one transaction on the writing connection:
/// the tables `memory`, `version` and `slot`, the indexes, the numbers `prev` and `base` of
/// revisions, the names of scopes and the heads of chains where they are not what the revisions
/// say. Damaged vectors are removed, to be computed again; so are damaged rows of the tables beside
/// the truth but for receipts.
///
/// What it cannot repair, and leaves alone, is the truth: a revision whose bytes are damaged ends
/// it with `CorruptStore`, and nothing is changed. A crash leaves the old tables or the new ones.
///
/// Where several live memories answer to one slot, the one that has not expired has it; of those,
/// the younger one has a key and the older one a content, as writing would have left it.
final class Rebuild {
  private static final int BATCH = 4096;

  /// Newest revisions that [#isNeeded] looks at.
  private static final int PROBED = 64;

  private final Reader reader;
  private final long nowMillis;

  private Rebuild(Reader reader) throws SQLException {
    this.reader = reader;
    this.nowMillis =
        HybridClock.millis(Schema.number(reader.connection(), "SELECT max(hlc) FROM chain"));
  }

  /// What was done: memories written, and revisions whose numbers were corrected.
  record Outcome(long memories, long corrected) {}

  /// Rebuilds. Outside any transaction, on the writing connection.
  static Outcome run(Reader reader) throws SQLException {
    reader.prepared("BEGIN IMMEDIATE").execute();
    boolean done = false;
    try {
      var outcome = new Rebuild(reader).all();
      reader.prepared("COMMIT").execute();
      done = true;
      return outcome;
    } finally {
      if (!done) {
        reader.rollbackIfOpen();
      }
    }
  }

  /// Whether an error speaks of something that [#run] makes anew.
  static boolean repairs(CorruptStore failure) {
    return failure.facts().get("table") instanceof String table
        && List.of(Schema.DERIVED).contains(table);
  }

  /// A cheap look at the derived tables: their ends, and what they say of the newest revisions.
  /// Damage elsewhere shows when it is read, as a `CorruptStore` that [#repairs] knows.
  static boolean isNeeded(Reader reader) throws SQLException {
    try {
      probeEnds(reader, GapList.MEMORY, "SELECT next FROM memory WHERE uid = ?", "memory", "uid");
      probeEnds(reader, GapList.SLOT, "SELECT next FROM slot WHERE k = ?", "slot", "k");
      for (var entry : reader.entries(reader.lastPosition() - PROBED, PROBED)) {
        if (entry.header().change() != Change.OPEN) {
          var state = reader.state(entry.header().memory());
          if (state == null || state.last() < entry.pos()) {
            return true;
          }
        }
      }
      return false;
    } catch (CorruptStore e) {
      if (repairs(e)) {
        return true;
      }
      throw e;
    }
  }

  private static void probeEnds(Reader reader, GapList list, String first, String table, String key)
      throws SQLException {
    var statement = reader.prepared(first);
    statement.setBytes(1, list.least());
    try (var row = statement.executeQuery()) {
      list.verified(list.least(), row.next() ? row.getBytes(1) : null);
    }
    try (var row =
        reader
            .prepared(
                "SELECT " + key + ", next FROM " + table + " ORDER BY " + key + " DESC LIMIT 1")
            .executeQuery()) {
      if (!row.next()
          || !Arrays.equals(list.verified(row.getBytes(1), row.getBytes(2)), list.greatest())) {
        throw list.damaged("its last rows are missing");
      }
    }
  }

  private Outcome all() throws SQLException {
    long corrected = rewriteProven();
    nameScopes();
    setHeads();
    Sql.run(
        reader.connection(),
        "REINDEX",
        "DELETE FROM memory",
        "DELETE FROM version",
        "DELETE FROM slot");
    GapList.MEMORY.plant(reader.connection());
    GapList.SLOT.plant(reader.connection());
    takeScopeSlots();
    long memories = 0;
    var before = GapList.MEMORY.least();
    try (var groups =
        new RevisionsByMemory(
            reader,
            pos -> {
              throw Row.damaged(pos, "its header");
            })) {
      for (var group = groups.next(); group != null; group = groups.next()) {
        corrected += correctOrigins(group);
        before = write(group, before);
        memories++;
      }
    }
    nameNext(before, GapList.MEMORY.greatest());
    linkSlots();
    VectorTable.dropDamaged(reader);
    for (var table : SideTable.values()) {
      if (table.isDisposable()) {
        table.dropDamaged(reader);
      }
    }
    return new Outcome(memories, corrected);
  }

  // Revisions

  /// Rewrites the numbers and the checksum of rows that fail their checksum although their hash
  /// proves head and body.
  private long rewriteProven() throws SQLException {
    var damaged = new ArrayList<Long>();
    long after = 0;
    long before;
    do {
      before = after;
      var statement =
          reader.prepared(
              "SELECT " + Row.COLUMNS + " FROM revision WHERE pos > ? ORDER BY pos LIMIT ?");
      statement.setLong(1, after);
      statement.setInt(2, BATCH);
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          after = row.getLong(1);
          if (!isSound(row)) {
            damaged.add(after);
          }
        }
      }
    } while (after != before);
    for (long pos : damaged) {
      rewrite(pos);
    }
    return damaged.size();
  }

  private boolean isSound(Rows row) throws SQLException {
    try {
      Row.read(row, 1, reader.bench());
      return true;
    } catch (CorruptStore e) {
      return false;
    }
  }

  private void rewrite(long pos) throws SQLException {
    var statement = reader.prepared("SELECT " + Row.COLUMNS + " FROM revision WHERE pos = ?");
    statement.setLong(1, pos);
    int checksum;
    try (var row = statement.executeQuery()) {
      if (!row.next() || !isProven(row)) {
        throw Row.damaged(pos, "its hash does not prove it");
      }
      checksum = checksum(row, 0, 0);
    }
    // The numbers follow with the memory's fold, which compares them with what they should be.
    var update = reader.prepared("UPDATE revision SET prev = 0, base = 0, chk = ? WHERE pos = ?");
    update.setInt(1, checksum);
    update.setLong(2, pos);
    update.executeUpdate();
  }

  private boolean isProven(Rows row) throws SQLException {
    long seq = row.getLong(3);
    var neighbour =
        reader.prepared(
            "SELECT (SELECT hash FROM revision WHERE chain = c.id AND seq = ?), c.uid, s.uid"
                + " FROM chain c JOIN site s ON s.id = c.site WHERE c.id = ?");
    neighbour.setLong(1, seq - 1);
    neighbour.setLong(2, row.getLong(2));
    try (var found = neighbour.executeQuery()) {
      if (!found.next()) {
        return false;
      }
      var before = seq == 1 ? Hash.zero() : found.getBytes(1);
      var scope = found.getBytes(2);
      var site = found.getBytes(3);
      return before != null
          && scope != null
          && site != null
          && isProven(row, reader.bench(), before, site, scope);
    }
  }

  /// Whether the hash of a row is the link of its own head and body after the one before.
  static boolean isProven(Rows row, Packer.Bench bench, byte[] before, byte[] site, byte[] scope)
      throws SQLException {
    var head = row.getBytes(6);
    var salt = row.getBytes(7);
    var packed = row.getBytes(9);
    var bodyHash = row.getBytes(10);
    if (head == null
        || (salt == null) != (packed == null)
        || (packed == null) == (bodyHash == null)) {
      return false;
    }
    try {
      Header.decode(head);
      var digest =
          packed == null || salt == null
              ? bodyHash
              : Hash.body(salt, bench.unpack(row.getInt(8), packed));
      return digest != null
          && Arrays.equals(
              row.getBytes(11), Hash.revision(before, site, scope, row.getLong(3), head, digest));
    } catch (MalformedBytes e) {
      return false;
    }
  }

  private int checksum(Rows row, long prev, long base) throws SQLException {
    var packed = row.getBytes(9);
    return Entry.checksum(
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        prev,
        base,
        row.getBytes(6),
        row.getBytes(7),
        packed == null ? null : reader.bench().unpack(row.getInt(8), packed),
        row.getBytes(10),
        row.getBytes(11));
  }

  private long correctOrigins(Group group) throws SQLException {
    var origins = group.origins();
    long corrected = 0;
    for (int i = 0; i < origins.size(); i++) {
      var line = group.lines().get(i).entry();
      var origin = origins.get(i);
      if (line.prev() != origin.prev() || line.base() != origin.base()) {
        var right = moved(reader.entry(line.pos()), origin);
        var update =
            reader.prepared("UPDATE revision SET prev = ?, base = ?, chk = ? WHERE pos = ?");
        update.setLong(1, right.prev());
        update.setLong(2, right.base());
        update.setInt(3, right.checksum());
        update.setLong(4, right.pos());
        update.executeUpdate();
        corrected++;
      }
    }
    for (int i = 0; corrected > 0 && i < origins.size(); i++) {
      var line = group.lines().get(i);
      group
          .lines()
          .set(i, new RevisionsByMemory.Line(moved(line.entry(), origins.get(i)), line.erased()));
    }
    return corrected;
  }

  private static Entry moved(Entry entry, RevisionsByMemory.Origin origin) {
    return new Entry(
        entry.pos(),
        entry.chain(),
        entry.seq(),
        origin.prev(),
        origin.base(),
        entry.header(),
        entry.head(),
        entry.salt(),
        entry.body(),
        entry.bodyHash(),
        entry.hash());
  }

  // Scopes and chains

  /// The names of scopes, from the OPEN revisions of their chains. A chain whose OPEN came when its
  /// name was taken keeps the name that [Intake] gave it.
  private void nameScopes() throws SQLException {
    Map<String, Long> names = new HashMap<>();
    Map<Long, String> wrong = new TreeMap<>();
    for (var chain : reader.chains()) {
      for (var entry : reader.chain(chain.id(), 0, 1)) {
        var body = entry.header().change() == Change.OPEN ? entry.decoded() : null;
        var path = body == null ? null : body.cause().scope();
        var stored = reader.scopePath(chain.scope());
        var lost = "lost:" + Hash.hex(chain.uid());
        if (path != null && !path.equals(stored) && !lost.equals(stored)) {
          wrong.put(chain.scope(), path);
        } else if (path != null) {
          names.put(path, chain.scope());
        }
      }
    }
    for (var scope : wrong.keySet()) {
      var delete = reader.prepared("DELETE FROM scope WHERE id = ?");
      delete.setLong(1, scope);
      delete.executeUpdate();
    }
    for (var each : wrong.entrySet()) {
      if (names.putIfAbsent(each.getValue(), each.getKey()) == null) {
        var insert = reader.prepared("INSERT INTO scope(id, path) VALUES(?, ?)");
        insert.setLong(1, each.getKey());
        insert.setString(2, each.getValue());
        insert.executeUpdate();
      }
    }
    Sql.run(
        reader.connection(),
        "UPDATE sqlite_sequence SET seq = max(seq, (SELECT coalesce(max(scope), 0) FROM chain),"
            + " (SELECT coalesce(max(id), 0) FROM scope)) WHERE name = 'scope'");
  }

  /// The head of each chain is its newest revision, unless the end of the chain was declared
  /// missing.
  private void setHeads() throws SQLException {
    for (var chain : reader.chains()) {
      var newest =
          reader.prepared(
              "SELECT seq, hash FROM revision WHERE chain = ? ORDER BY seq DESC LIMIT 1");
      newest.setLong(1, chain.id());
      try (var row = newest.executeQuery()) {
        if (row.next()
            && (row.getLong(1) > chain.seq()
                || (row.getLong(1) == chain.seq()
                    && !Arrays.equals(row.getBytes(2), chain.hash())))) {
          setHead(chain.id(), row.getLong(1), row.getBytes(2));
        }
      }
    }
    for (var chain : reader.chains()) {
      setClock(chain.id());
    }
  }

  private void setHead(long chain, long seq, byte[] hash) throws SQLException {
    var update = reader.prepared("UPDATE chain SET seq = ?, hash = ? WHERE id = ?");
    update.setLong(1, seq);
    update.setBytes(2, hash);
    update.setLong(3, chain);
    update.executeUpdate();
  }

  private void setClock(long chain) throws SQLException {
    var newest =
        reader.prepared(
            "SELECT " + Row.COLUMNS + " FROM revision WHERE chain = ? ORDER BY seq DESC LIMIT 1");
    newest.setLong(1, chain);
    try (var row = newest.executeQuery()) {
      if (row.next()) {
        var recorded = Row.read(row, 1, reader.bench()).header().recorded();
        var update = reader.prepared("UPDATE chain SET hlc = ? WHERE id = ? AND hlc <> ?");
        update.setLong(1, recorded);
        update.setLong(2, chain);
        update.setLong(3, recorded);
        update.executeUpdate();
      }
    }
  }

  // Memories

  /// Writes a memory's rows, and its key into the row before. Answers its key.
  private byte[] write(Group group, byte[] before) throws SQLException {
    var uid = Hash.bytes(group.id());
    var state = group.state();
    var head = state.head(Header.MAIN);
    long headPos = head == null ? 0 : head.pos();
    var others = state.others();
    nameNext(before, uid);
    var insert =
        reader.prepared(
            "INSERT INTO memory(uid, next, scope, head, last, number, others, state, created, chk)"
                + " VALUES(?, x'', ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.setBytes(1, uid);
    insert.setLong(2, group.scope());
    insert.setLong(3, headPos);
    insert.setLong(4, state.last());
    insert.setInt(5, state.number());
    insert.setInt(6, others.size());
    insert.setInt(7, state.state());
    insert.setLong(8, state.created());
    insert.setInt(
        9,
        Reader.memoryChecksum(
            uid,
            group.scope(),
            headPos,
            state.last(),
            state.number(),
            others.size(),
            state.state(),
            state.created()));
    insert.executeUpdate();
    for (var other : others) {
      writeVersion(uid, other);
    }
    if (state.live() && head != null) {
      takeSlot(group, uid, head.pos());
    }
    return uid;
  }

  private void nameNext(byte[] own, byte[] next) throws SQLException {
    var update = reader.prepared(GapList.MEMORY.updateNextSql());
    update.setBytes(1, GapList.next(own, next));
    update.setBytes(2, own);
    update.executeUpdate();
  }

  private void writeVersion(byte[] uid, MemoryState.Current current) throws SQLException {
    var insert =
        reader.prepared("INSERT INTO version(memory, branch, at, pos, chk) VALUES(?, ?, ?, ?, ?)");
    insert.setBytes(1, uid);
    insert.setLong(2, current.branch());
    insert.setLong(3, current.from());
    insert.setLong(4, current.pos());
    insert.setInt(5, Reader.versionChecksum(uid, current.branch(), current.from(), current.pos()));
    insert.executeUpdate();
  }

  // Slots. While they are gathered, `next` holds the holder's claim; at the end it gets its value.

  private void takeScopeSlots() throws SQLException {
    for (var scope : reader.scopes(null)) {
      putSlot(
          Reader.scopeSlot(scope.path()), Hash.bytes(new UUID(scope.id(), 0)), new Claim(false, 0));
    }
  }

  /// How a memory's claim to a slot compares with another's.
  private record Claim(boolean expired, long since) {
    /// For a key the younger memory comes first, for a content the older.
    static final Comparator<Claim> BY_AGE = Comparator.comparingLong(Claim::since);

    byte[] encode() {
      return ByteBuffer.allocate(9).put((byte) (expired ? 1 : 0)).putLong(since).array();
    }

    static Claim decode(byte[] bytes) {
      var in = ByteBuffer.wrap(bytes);
      return new Claim(in.get() == 1, in.getLong());
    }

    boolean beats(Claim other, boolean youngerFirst) {
      if (expired != other.expired) {
        return other.expired;
      }
      int age = BY_AGE.compare(this, other);
      return youngerFirst ? age > 0 : age < 0;
    }
  }

  private void takeSlot(Group group, byte[] uid, long head) throws SQLException {
    var entry = reader.entry(head);
    if (entry.erased() || entry.base() == Entry.LOST) {
      return;
    }
    var value = reader.value(entry);
    var slot = Reader.slotOf(group.scope(), value);
    if (slot == null) {
      return;
    }
    var claim =
        new Claim(
            value.attributes().expires() <= nowMillis, group.lines().getFirst().entry().pos());
    var select = reader.prepared("SELECT next FROM slot WHERE k = ?");
    select.setBytes(1, slot);
    byte @Nullable [] held;
    try (var row = select.executeQuery()) {
      held = row.next() ? row.getBytes(1) : null;
    }
    if (held == null || claim.beats(Claim.decode(held), value.key() != null)) {
      putSlot(slot, uid, claim);
    }
  }

  private void putSlot(byte[] slot, byte[] memory, Claim claim) throws SQLException {
    var insert =
        reader.prepared("INSERT OR REPLACE INTO slot(k, next, memory, chk) VALUES(?, ?, ?, ?)");
    insert.setBytes(1, slot);
    insert.setBytes(2, claim.encode());
    insert.setBytes(3, memory);
    insert.setInt(4, Reader.slotChecksum(slot, memory));
    insert.executeUpdate();
  }

  private void linkSlots() throws SQLException {
    var own = GapList.SLOT.least();
    var keys = new ArrayList<byte[]>();
    do {
      keys.clear();
      var select = reader.prepared("SELECT k FROM slot WHERE k > ? ORDER BY k LIMIT ?");
      select.setBytes(1, own);
      select.setInt(2, BATCH);
      try (var row = select.executeQuery()) {
        while (row.next()) {
          keys.add(row.getBytes(1));
        }
      }
      for (var next : keys) {
        link(own, next);
        own = next;
      }
    } while (!keys.isEmpty());
    link(own, GapList.SLOT.greatest());
  }

  private void link(byte[] own, byte[] next) throws SQLException {
    var update = reader.prepared(GapList.SLOT.updateNextSql());
    update.setBytes(1, GapList.next(own, next));
    update.setBytes(2, own);
    update.executeUpdate();
  }
}
