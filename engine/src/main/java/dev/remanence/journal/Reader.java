package dev.remanence.journal;

import dev.remanence.Change;
import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.journal.MemoryState.Current;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads the journal over one connection. Every row's checksum is verified, every miss is proved
/// (see [GapList]). Used by one thread at a time; it throws `SQLException` for the caller to
/// translate once.
public final class Reader implements AutoCloseable {
  private static final byte SCOPE_SLOT = 1;
  private static final byte KEY_SLOT = 2;
  private static final byte CONTENT_SLOT = 3;

  /// Entries that are read at once where a chain is gone back.
  private static final int ENTRIES_A_STEP = 256;

  private final Connection connection;
  private final Packer.Bench bench;
  private final Map<String, Prepared> statements = new HashMap<>();

  Reader(Connection connection, Packer packer) {
    this.connection = connection;
    this.bench = packer.new Bench();
  }

  Connection connection() {
    return connection;
  }

  Packer.Bench bench() {
    return bench;
  }

  /// A statement of another package's own, on a table that is neither truth nor derived.
  public Prepared statement(String sql) throws SQLException {
    return prepared(sql);
  }

  Prepared prepared(String sql) throws SQLException {
    var statement = statements.get(sql);
    if (statement == null || statement.isClosed()) {
      statement = fresh(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  /// A statement that its user closes.
  Prepared fresh(String sql) throws SQLException {
    return new Prepared(connection, sql);
  }

  /// Closes the prepared statements, as VACUUM asks; they are prepared anew when they are needed.
  void closeStatements() throws SQLException {
    for (var statement : statements.values()) {
      statement.close();
    }
    statements.clear();
  }

  /// Runs several statements on one state of the journal.
  <T extends @Nullable Object> T consistently(Reading<T> reading) throws SQLException {
    prepared("BEGIN").execute();
    try {
      return reading.read(this);
    } finally {
      prepared("COMMIT").execute();
    }
  }

  /// Ends the open transaction without its effects. Where SQLite has ended it already, that is as
  /// good. The driver closes a statement that failed, so all are prepared anew.
  void rollbackIfOpen() throws SQLException {
    closeStatements();
    try {
      prepared("ROLLBACK").execute();
    } catch (SQLException e) {
      if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
        throw e;
      }
    }
  }

  /// A question to the journal.
  @FunctionalInterface
  public interface Reading<T extends @Nullable Object> {
    T read(Reader reader) throws SQLException;
  }

  // Revisions

  private static final String ENTRY = "SELECT " + Row.COLUMNS + " FROM revision WHERE pos = ?";

  /// The entry at a position. That it is missing is damage: positions come from verified rows.
  public Entry entry(long pos) throws SQLException {
    var statement = prepared(ENTRY);
    statement.setLong(1, pos);
    try (var row = statement.executeQuery()) {
      if (!row.next()) {
        throw Row.damaged(pos, "it is missing");
      }
      return Row.read(row, 1, bench);
    }
  }

  private static final String HEAD =
      "SELECT m.scope, m.head, m.last, m.number, m.others, m.state, m.created, m.chk, "
          + Row.columns("r")
          + " FROM memory m JOIN revision r ON r.pos = m.head WHERE m.uid = ?";

  /// A live memory's row and the revision that speaks for it.
  public record Live(long scope, long created, Entry head) {}

  /// The shortest way to a live memory: one statement; null where another way must be taken.
  public @Nullable Live live(UUID id) throws SQLException {
    if (isSentinel(id)) {
      return null;
    }
    var statement = prepared(HEAD);
    var uid = Hash.bytes(id);
    statement.setBytes(1, uid);
    try (var row = statement.executeQuery()) {
      if (!row.next()) {
        return null;
      }
      var memory = memoryRow(uid, row);
      var head = Row.read(row, 9, bench);
      if (!head.header().memory().equals(id) || head.pos() != memory.head()) {
        throw Row.damaged(head.pos(), "it belongs to another memory");
      }
      return new Live(memory.scope(), memory.created(), head);
    }
  }

  /// The ends of the table of memories, which no memory has.
  public static boolean isSentinel(UUID id) {
    return id.equals(NIL) || id.equals(MAX);
  }

  private static final UUID NIL = new UUID(0, 0);
  private static final UUID MAX = new UUID(-1, -1);

  private record MemoryRow(
      long scope, long head, long last, int number, int others, int state, long created) {}

  private static MemoryRow memoryRow(byte[] uid, Rows row) throws SQLException {
    var memory =
        new MemoryRow(
            row.getLong(1),
            row.getLong(2),
            row.getLong(3),
            row.getInt(4),
            row.getInt(5),
            row.getInt(6),
            row.getLong(7));
    if (row.getInt(8)
        != memoryChecksum(
            uid,
            memory.scope,
            memory.head,
            memory.last,
            memory.number,
            memory.others,
            memory.state,
            memory.created)) {
      throw GapList.MEMORY.damaged("a row's checksum fails");
    }
    return memory;
  }

  static int memoryChecksum(
      byte[] uid,
      long scope,
      long head,
      long last,
      int number,
      int others,
      int state,
      long created) {
    return new Checksum()
        .add(uid)
        .add(scope)
        .add(head)
        .add(last)
        .add(number)
        .add(others)
        .add(state)
        .add(created)
        .value();
  }

  private static final String MEMORY =
      "SELECT scope, head, last, number, others, state, created, chk FROM memory WHERE uid = ?";
  private static final String VERSIONS =
      "SELECT branch, at, pos, chk FROM version WHERE memory = ?";

  /// What is current of a memory, or null where there never was one: that is proved.
  public @Nullable MemoryState state(UUID id) throws SQLException {
    if (isSentinel(id)) {
      return null;
    }
    var uid = Hash.bytes(id);
    var statement = prepared(MEMORY);
    statement.setBytes(1, uid);
    MemoryRow memory;
    try (var row = statement.executeQuery()) {
      memory = row.next() ? memoryRow(uid, row) : null;
    }
    if (memory == null) {
      proveMiss(GapList.MEMORY, uid);
      return null;
    }
    var current = new ArrayList<Current>(1 + memory.others);
    if (memory.head != 0) {
      current.add(Current.of(ownEntry(id, memory.head)));
    }
    if (memory.others > 0) {
      for (var pos : versions(uid)) {
        current.add(Current.of(ownEntry(id, pos)));
      }
    }
    if (current.size() != memory.others + (memory.head != 0 ? 1 : 0)) {
      throw new CorruptStore(
          "the table 'version' is damaged; it is derived: 'remanence repair' rebuilds it",
          "table",
          "version");
    }
    return MemoryState.loaded(
        id, memory.scope, memory.state, memory.last, memory.number, memory.created, current);
  }

  private interface MemoryTaker {
    void take(byte[] uid, MemoryRow memory) throws SQLException;
  }

  private static final String MEMORIES =
      "SELECT scope, head, last, number, others, state, created, chk, uid, next FROM memory"
          + " ORDER BY uid";

  /// How many memories of each scope are not forgotten: every row looked at, none missing.
  public Map<Long, Long> liveByScope() throws SQLException {
    var counts = new HashMap<Long, Long>();
    sweepMemories((_, memory) -> {
      if (memory.state == MemoryState.LIVE) {
        counts.merge(memory.scope, 1L, Long::sum);
      }
    });
    return counts;
  }

  /// The memories that are erased: every row looked at, none missing.
  public Set<UUID> erasedMemories() throws SQLException {
    var ids = new HashSet<UUID>();
    sweepMemories((uid, memory) -> {
      if (memory.state == MemoryState.ERASED) {
        ids.add(Hash.uuid(uid));
      }
    });
    return ids;
  }

  private void sweepMemories(MemoryTaker taker) throws SQLException {
    try (var row = prepared(MEMORIES).executeQuery()) {
      var expected = GapList.MEMORY.least();
      while (row.next()) {
        var uid = row.getBytes(9);
        if (!Arrays.equals(uid, expected)) {
          throw GapList.MEMORY.damaged("a row does not name the next one");
        }
        if (!Arrays.equals(uid, GapList.MEMORY.least())) {
          taker.take(uid, memoryRow(uid, row));
        }
        expected = GapList.MEMORY.verified(uid, row.getBytes(10));
      }
      if (!Arrays.equals(expected, GapList.MEMORY.greatest())) {
        throw GapList.MEMORY.damaged("the last rows are missing");
      }
    }
  }

  private Entry ownEntry(UUID id, long pos) throws SQLException {
    var entry = entry(pos);
    if (!entry.header().memory().equals(id)) {
      throw Row.damaged(pos, "it belongs to another memory");
    }
    return entry;
  }

  private List<Long> versions(byte[] uid) throws SQLException {
    var statement = prepared(VERSIONS);
    statement.setBytes(1, uid);
    var positions = new ArrayList<Long>();
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        long pos = row.getLong(3);
        if (row.getInt(4) != versionChecksum(uid, row.getLong(1), row.getLong(2), pos)) {
          throw new CorruptStore(
              "the table 'version' is damaged; it is derived: 'remanence repair' rebuilds it",
              "table",
              "version");
        }
        positions.add(pos);
      }
    }
    return positions;
  }

  static int versionChecksum(byte[] uid, long branch, long at, long pos) {
    return new Checksum().add(uid).add(branch).add(at).add(pos).value();
  }

  private void proveMiss(GapList table, byte[] key) throws SQLException {
    var floor = table.floor(prepared(table.floorSql()), key);
    if (Arrays.equals(floor.key(), key)) {
      throw table.damaged("a row is there for one question and not for another");
    }
  }

  /// All revisions of a memory in the order of [MemoryState#ORDER], by following `prev` from the
  /// newest. A broken link is damage.
  public List<Entry> history(MemoryState state) throws SQLException {
    var entries = new ArrayList<Entry>();
    long pos = state.last();
    while (pos != 0) {
      var entry = ownEntry(state.id(), pos);
      entries.add(entry);
      if (entry.prev() >= pos) {
        throw Row.damaged(pos, "its predecessor comes after it");
      }
      pos = entry.prev();
    }
    entries.sort(MemoryState.ORDER);
    return entries;
  }

  /// What a current revision says. Throws `CorruptStore` where its content was lost.
  public Value value(Entry entry) throws SQLException {
    return value(entry, entry.decoded());
  }

  /// As [#value], without the vector.
  public Value shown(Entry entry) throws SQLException {
    var bytes = entry.body();
    return value(entry, bytes == null ? null : Body.decodeWithoutVector(bytes));
  }

  private Value value(Entry entry, @Nullable Body body) throws SQLException {
    if (body == null || body.attributes() == null) {
      throw Row.damaged(entry.pos(), "it records no value");
    }
    var content = body.content();
    if (content == null) {
      if (entry.base() <= 0) {
        throw Row.damaged(entry.pos(), "the revision that holds its content was lost");
      }
      content = content(entry, entry(entry.base()));
    }
    return new Value(content, body.attributes());
  }

  private static Body.Content content(Entry entry, Entry base) {
    var reference = entry.header().content();
    var body = base.decoded();
    if (reference == null
        || !Arrays.equals(reference, base.reference())
        || body == null
        || body.content() == null) {
      throw Row.damaged(entry.pos(), "it refers to a revision without its content");
    }
    return body.content();
  }

  // Scopes, keys and contents

  /// A scope that has a name.
  public record ScopeName(long id, String path) {}

  /// The scope at a path, or 0 where there is none: that is proved.
  public long scope(String path) throws SQLException {
    var slot = slot(scopeSlot(path));
    if (slot == null) {
      return 0;
    }
    long id = ByteBuffer.wrap(slot).getLong();
    if (!path.equals(scopePath(id))) {
      throw GapList.SLOT.damaged("a scope has another name");
    }
    return id;
  }

  /// The path of a scope, or null where the scope was erased.
  public @Nullable String scopePath(long id) throws SQLException {
    var statement = prepared("SELECT path FROM scope WHERE id = ?");
    statement.setLong(1, id);
    try (var row = statement.executeQuery()) {
      return row.next() ? row.getString(1) : null;
    }
  }

  /// The scopes at or below a path, in order of their paths; all for null.
  public List<ScopeName> scopes(@Nullable String below) throws SQLException {
    var sql =
        below == null
            ? "SELECT id, path FROM scope ORDER BY path"
            : "SELECT id, path FROM scope WHERE path = ? OR (path >= ? AND path < ?) ORDER BY path";
    var statement = prepared(sql);
    if (below != null) {
      statement.setString(1, below);
      statement.setString(2, below + "/");
      statement.setString(3, below + "0");
    }
    var scopes = new ArrayList<ScopeName>();
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        scopes.add(new ScopeName(row.getLong(1), row.getString(2)));
      }
    }
    return scopes;
  }

  /// The memory that holds a key in a scope, or null: that is proved.
  public @Nullable UUID keyHolder(long scope, String key) throws SQLException {
    var slot = slot(keySlot(scope, key));
    return slot == null ? null : Hash.uuid(slot);
  }

  /// The memory that a repeat of this content reinforces, or null: that is proved.
  public @Nullable UUID contentHolder(long scope, byte[] identity) throws SQLException {
    var slot = slot(contentSlot(scope, identity));
    return slot == null ? null : Hash.uuid(slot);
  }

  static byte[] scopeSlot(String path) {
    return slotKey(SCOPE_SLOT, Hash.sha256(path.getBytes(StandardCharsets.UTF_8)));
  }

  static byte[] keySlot(long scope, String key) {
    return slotKey(
        KEY_SLOT, Hash.sha256(Hash.longBytes(scope), key.getBytes(StandardCharsets.UTF_8)));
  }

  static byte[] contentSlot(long scope, byte[] identity) {
    return slotKey(CONTENT_SLOT, Hash.sha256(Hash.longBytes(scope), identity));
  }

  /// The slot that a memory of this value answers to: its key's, else its content's; null for a
  /// turn without a key, which no repeat reinforces.
  static byte @Nullable [] slotOf(long scope, Value value) {
    if (value.key() != null) {
      return keySlot(scope, value.key());
    }
    return value.isTurn() ? null : contentSlot(scope, value.content().identity());
  }

  private static byte[] slotKey(byte type, byte[] hash) {
    return ByteBuffer.allocate(17).put(type).put(hash, 0, 16).array();
  }

  static int slotChecksum(byte[] key, byte[] memory) {
    return new Checksum().add(key).add(memory).value();
  }

  /// What a slot names, or the gap in which it would lie: one of the two.
  record Slot(byte @Nullable [] memory, GapList.@Nullable Floor gap) {}

  private static final String SLOT =
      "SELECT k, next, memory, chk FROM slot WHERE k <= ? ORDER BY k DESC LIMIT 1";

  Slot slotOrGap(byte[] key) throws SQLException {
    var statement = prepared(SLOT);
    statement.setBytes(1, key);
    try (var row = statement.executeQuery()) {
      var floor = GapList.SLOT.floor(row, key);
      if (!Arrays.equals(floor.key(), key)) {
        return new Slot(null, floor);
      }
      var memory = row.getBytes(3);
      if (memory == null || memory.length != 16 || row.getInt(4) != slotChecksum(key, memory)) {
        throw GapList.SLOT.damaged("a row's checksum fails");
      }
      return new Slot(memory, null);
    }
  }

  private byte @Nullable [] slot(byte[] key) throws SQLException {
    return slotOrGap(key).memory();
  }

  // Chains

  /// One site's chain in a scope.
  public record Chain(long id, long site, long scope, byte[] uid, long seq, byte[] hash) {}

  private static final String CHAIN = "SELECT id, site, scope, uid, seq, hash FROM chain";

  /// The chains of a scope, of all sites.
  public List<Chain> chains(long scope) throws SQLException {
    var statement = prepared(CHAIN + " WHERE scope = ? ORDER BY id");
    statement.setLong(1, scope);
    return chains(statement);
  }

  public List<Chain> chains() throws SQLException {
    return chains(prepared(CHAIN + " ORDER BY id"));
  }

  boolean knowsSite(byte[] site) throws SQLException {
    var statement = prepared("SELECT 1 FROM site WHERE uid = ?");
    statement.setBytes(1, site);
    try (var row = statement.executeQuery()) {
      return row.next();
    }
  }

  /// A site's id by its row.
  byte[] siteId(long row) throws SQLException {
    var statement = prepared("SELECT uid FROM site WHERE id = ?");
    statement.setLong(1, row);
    try (var result = statement.executeQuery()) {
      if (!result.next()) {
        throw new CorruptStore("a chain's site is missing from journal.db", "site", row);
      }
      return result.getBytes(1);
    }
  }

  /// The id, in hexadecimal, of the site that wrote an entry.
  public String siteOf(Entry entry) throws SQLException {
    var statement =
        prepared("SELECT s.uid FROM chain c JOIN site s ON s.id = c.site WHERE c.id = ?");
    statement.setLong(1, entry.chain());
    try (var row = statement.executeQuery()) {
      if (!row.next()) {
        throw new CorruptStore("a chain's site is missing from journal.db", "chain", entry.chain());
      }
      return Hash.hex(row.getBytes(1));
    }
  }

  /// A site's chain by its scope id, or null.
  @Nullable Chain chain(long siteRow, byte[] uid) throws SQLException {
    var statement = prepared(CHAIN + " WHERE site = ? AND uid = ?");
    statement.setLong(1, siteRow);
    statement.setBytes(2, uid);
    var found = chains(statement);
    return found.isEmpty() ? null : found.getFirst();
  }

  @Nullable Chain chain(byte[] site, byte[] uid) throws SQLException {
    var statement =
        prepared(CHAIN + " WHERE site = (SELECT id FROM site WHERE uid = ?) AND uid = ?");
    statement.setBytes(1, site);
    statement.setBytes(2, uid);
    var found = chains(statement);
    return found.isEmpty() ? null : found.getFirst();
  }

  /// Where a number of a chain lies, or 0.
  long positionOf(long chain, long seq) throws SQLException {
    var statement = prepared("SELECT pos FROM revision WHERE chain = ? AND seq = ?");
    statement.setLong(1, chain);
    statement.setLong(2, seq);
    try (var row = statement.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  byte[] sitePublicKey(long row) throws SQLException {
    var statement = prepared("SELECT public_key FROM site WHERE id = ?");
    statement.setLong(1, row);
    try (var result = statement.executeQuery()) {
      if (!result.next()) {
        throw new CorruptStore("a chain's site is missing from journal.db", "site", row);
      }
      return result.getBytes(1);
    }
  }

  /// A head of a chain that its site signed.
  record ChainHead(long seq, byte[] hash, byte[] signature) {}

  @Nullable ChainHead signedHead(long chain) throws SQLException {
    var statement = prepared("SELECT seq, hash, signature FROM signed_head WHERE chain = ?");
    statement.setLong(1, chain);
    try (var row = statement.executeQuery()) {
      return row.next() ? new ChainHead(row.getLong(1), row.getBytes(2), row.getBytes(3)) : null;
    }
  }

  /// Whether a number of a chain lies at a position and has this hash.
  public boolean isAt(long chain, long seq, long pos, byte[] hash) throws SQLException {
    var statement = prepared("SELECT hash FROM revision WHERE chain = ? AND seq = ? AND pos = ?");
    statement.setLong(1, chain);
    statement.setLong(2, seq);
    statement.setLong(3, pos);
    try (var row = statement.executeQuery()) {
      return row.next() && Arrays.equals(hash, row.getBytes(1));
    }
  }

  /// The hash of a number of a chain: its entry's, or what a declared gap knows of it.
  byte @Nullable [] hashAt(long chain, long seq) throws SQLException {
    var statement = prepared("SELECT hash FROM revision WHERE chain = ? AND seq = ?");
    statement.setLong(1, chain);
    statement.setLong(2, seq);
    try (var row = statement.executeQuery()) {
      if (row.next()) {
        return row.getBytes(1);
      }
    }
    var gap = prepared("SELECT hash FROM gap WHERE chain = ? AND seq_to = ?");
    gap.setLong(1, chain);
    gap.setLong(2, seq);
    try (var row = gap.executeQuery()) {
      return row.next() ? row.getBytes(1) : null;
    }
  }

  private static List<Chain> chains(Prepared statement) throws SQLException {
    var chains = new ArrayList<Chain>();
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        chains.add(
            new Chain(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                row.getBytes(4),
                row.getLong(5),
                row.getBytes(6)));
      }
    }
    return chains;
  }

  /// Whether a salvage or an import declared that these numbers of a chain are missing.
  public boolean isDeclaredMissing(long chain, long from, long to) throws SQLException {
    var statement =
        prepared("SELECT seq_to FROM gap WHERE chain = ? AND seq_from <= ? AND seq_to >= ?");
    statement.setLong(1, chain);
    statement.setLong(2, from);
    statement.setLong(3, to);
    try (var row = statement.executeQuery()) {
      return row.next();
    }
  }

  /// Entries of a chain after a number, in order.
  public List<Entry> chain(long chain, long afterSeq, int limit) throws SQLException {
    var statement =
        prepared(
            "SELECT "
                + Row.COLUMNS
                + " FROM revision WHERE chain = ? AND seq > ? ORDER BY seq LIMIT ?");
    statement.setLong(1, chain);
    statement.setLong(2, afterSeq);
    statement.setInt(3, limit);
    return entries(statement);
  }

  /// How many erasures a scope saw after a recorded time.
  public int erasedSince(long scope, long recorded) throws SQLException {
    int count = 0;
    for (var chain : chains(scope)) {
      long end = chain.seq();
      boolean later = true;
      while (later && end > 0) {
        long begin = Math.max(0, end - ENTRIES_A_STEP);
        for (var entry : chain(chain.id(), begin, (int) (end - begin))) {
          boolean isLater = entry.header().recorded() > recorded;
          later &= isLater;
          count += isLater && entry.header().change() == Change.ERASE ? 1 : 0;
        }
        end = begin;
      }
    }
    return count;
  }

  /// Entries of the whole store after a position, in order of arrival.
  public List<Entry> entries(long afterPos, int limit) throws SQLException {
    var statement =
        prepared("SELECT " + Row.COLUMNS + " FROM revision WHERE pos > ? ORDER BY pos LIMIT ?");
    statement.setLong(1, afterPos);
    statement.setInt(2, limit);
    return entries(statement);
  }

  /// The verified body at a position, or null where there is none.
  byte @Nullable [] bodyIfAny(long pos) throws SQLException {
    var statement = prepared(ENTRY);
    statement.setLong(1, pos);
    try (var row = statement.executeQuery()) {
      return row.next() ? Row.read(row, 1, bench).body() : null;
    }
  }

  /// A body and how it is packed.
  record PackedBody(long pos, int dictionary, int packedBytes, byte[] body) {}

  /// The bodies after one position, up to another, that are packed with another dictionary than
  /// this one.
  List<PackedBody> packedWithOthers(int dictionary, long after, long to) throws SQLException {
    var statement =
        prepared(
            "SELECT "
                + Row.COLUMNS
                + " FROM revision WHERE pos > ? AND pos <= ? AND dict <> ? AND body IS NOT NULL");
    statement.setLong(1, after);
    statement.setLong(2, to);
    statement.setInt(3, dictionary);
    var bodies = new ArrayList<PackedBody>();
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        var body = Row.read(row, 1, bench).body();
        if (body != null) {
          bodies.add(new PackedBody(row.getLong(1), row.getInt(8), row.getBytes(9).length, body));
        }
      }
    }
    return bodies;
  }

  /// The entries at these positions, by position. Neighbours are read in one sweep.
  public Map<Long, Entry> entries(long[] positions) throws SQLException {
    var sorted = positions.clone();
    Arrays.sort(sorted);
    var found = new HashMap<Long, Entry>(positions.length * 2);
    var statement = prepared("SELECT " + Row.COLUMNS + " FROM revision WHERE pos BETWEEN ? AND ?");
    int first = 0;
    while (first < sorted.length) {
      int last = first;
      while (last + 1 < sorted.length && sorted[last + 1] - sorted[last] <= 2) {
        last++;
      }
      statement.setLong(1, sorted[first]);
      statement.setLong(2, sorted[last]);
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          var entry = Row.read(row, 1, bench);
          found.put(entry.pos(), entry);
        }
      }
      first = last + 1;
    }
    for (long pos : positions) {
      if (!found.containsKey(pos)) {
        throw Row.damaged(pos, "it is missing");
      }
    }
    return found;
  }

  private List<Entry> entries(Prepared statement) throws SQLException {
    var entries = new ArrayList<Entry>();
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        entries.add(Row.read(row, 1, bench));
      }
    }
    return entries;
  }

  /// The greatest position, 0 in an empty journal.
  public long lastPosition() throws SQLException {
    try (var row = prepared("SELECT max(pos) FROM revision").executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /// All memories of a scope that were not erased, forgotten ones too.
  public List<UUID> memoriesOf(long scope) throws SQLException {
    var statement = prepared("SELECT uid FROM memory WHERE scope = ? AND state <> 2");
    statement.setLong(1, scope);
    var ids = new ArrayList<UUID>();
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        ids.add(Hash.uuid(row.getBytes(1)));
      }
    }
    return ids;
  }

  /// The path of the scope that an entry lies in, or null where the scope was erased.
  public @Nullable String scopePathOf(Entry entry) throws SQLException {
    var statement =
        prepared("SELECT s.path FROM chain c JOIN scope s ON s.id = c.scope WHERE c.id = ?");
    statement.setLong(1, entry.chain());
    try (var row = statement.executeQuery()) {
      return row.next() ? row.getString(1) : null;
    }
  }

  /// The random id, in hexadecimal, under which an entry's chain knows its scope.
  public String scopeIdOf(Entry entry) throws SQLException {
    var statement = prepared("SELECT uid FROM chain WHERE id = ?");
    statement.setLong(1, entry.chain());
    try (var row = statement.executeQuery()) {
      if (!row.next()) {
        throw new CorruptStore("a chain is missing from journal.db", "chain", entry.chain());
      }
      return Hash.hex(row.getBytes(1));
    }
  }

  /// Memories that are not erased although bodies of theirs are: their ERASE revision came after
  /// the moment that was restored.
  public Set<UUID> memoriesWithoutBodies() throws SQLException {
    var positions = new ArrayList<Long>();
    try (var row = prepared("SELECT pos FROM revision WHERE body IS NULL").executeQuery()) {
      while (row.next()) {
        positions.add(row.getLong(1));
      }
    }
    var ids = new HashSet<UUID>();
    for (long pos : positions) {
      var id = entry(pos).header().memory();
      var state = state(id);
      if (state != null && !state.erased()) {
        ids.add(id);
      }
    }
    return ids;
  }

  /// What every copy of a store calls a chain: its site and its random id, both in hexadecimal.
  public record ChainName(String site, String uid) {}

  /// The scope of a chain; 0 where there is no such chain.
  public long scopeOf(ChainName name) throws SQLException {
    var chain = chain(HexFormat.of().parseHex(name.site), HexFormat.of().parseHex(name.uid));
    return chain == null ? 0 : chain.scope();
  }

  /// The chains whose scope was erased.
  public Set<ChainName> namelessChains() throws SQLException {
    var names = new HashSet<ChainName>();
    try (var row =
        prepared(
                "SELECT s.uid, c.uid FROM chain c JOIN site s ON s.id = c.site"
                    + " WHERE c.scope NOT IN (SELECT id FROM scope)")
            .executeQuery()) {
      while (row.next()) {
        names.add(new ChainName(Hash.hex(row.getBytes(1)), Hash.hex(row.getBytes(2))));
      }
    }
    return names;
  }

  public @Nullable String meta(String name) throws SQLException {
    var statement = prepared("SELECT v FROM meta WHERE k = ?");
    statement.setString(1, name);
    try (var row = statement.executeQuery()) {
      return row.next() ? row.getString(1) : null;
    }
  }

  @Override
  public void close() throws SQLException {
    try (connection;
        bench) {
      closeStatements();
    }
  }
}
