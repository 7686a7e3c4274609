package dev.remanence.journal;

import dev.remanence.Change;
import dev.remanence.RemanenceException.CorruptStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The journal's writing side: what a request may do within the writer's open transaction.
///
/// Appends revisions to this site's chains and keeps the derived tables with them. Nothing here is
/// durable, or seen by anyone else, until the [Writer] commits. Writer's thread only.
public final class Ledger implements Journal {
  private static final int CACHED_SCOPES_MAX = 10_000;

  private final Reader reader;
  private final DerivedTables derived;
  private final HybridClock clock;
  private final RandomGenerator random;
  private final SiteKey site;
  private final long siteRow;

  /// This site's chains by scope, and scopes by path, as of the open transaction; forgotten when a
  /// request or the transaction fails.
  private final Map<Long, Reader.Chain> ownChains = new HashMap<>();

  private final Map<String, Long> scopes = new HashMap<>();

  /// Chains by id whose heads moved: in this request, in this group.
  private final Map<Long, Reader.Chain> movedByRequest = new HashMap<>();

  private final SortedMap<Long, Reader.Chain> movedByGroup = new TreeMap<>();

  /// Chains of this site whose heads moved and are not written: they are when a part or the request
  /// ends, as many revisions may move one head.
  private final Map<Long, Reader.Chain> unwrittenHeads = new HashMap<>();

  private final Map<Long, byte[]> siteIds = new HashMap<>();
  private long nextPosition;

  /// Written by the writer's thread.
  private volatile long turnsChanged;

  private long recorded;

  Ledger(Reader reader, HybridClock clock, RandomGenerator random, SiteKey site, long siteRow) {
    this.reader = reader;
    this.derived = new DerivedTables(reader);
    this.clock = clock;
    this.random = random;
    this.site = site;
    this.siteRow = siteRow;
  }

  public Reader reader() {
    return reader;
  }

  /// The recorded time of everything that this request appends.
  public long recorded() {
    return recorded;
  }

  public long nowMillis() {
    return HybridClock.millis(recorded);
  }

  DerivedTables derived() {
    return derived;
  }

  /// Frees a content for another memory: its holder has expired.
  public void reassign(long scope, byte[] identity) throws SQLException {
    derived.freeSlot(Reader.contentSlot(scope, identity));
  }

  /// Frees the key of a memory that has expired.
  public void reassignKey(long scope, String key) throws SQLException {
    derived.freeSlot(Reader.keySlot(scope, key));
  }

  public RandomGenerator random() {
    return random;
  }

  // Requests and groups, driven by the writer

  void beginGroup() throws SQLException {
    nextPosition = reader.lastPosition() + 1;
    movedByGroup.clear();
    derived.forgetGaps();
    if (ownChains.size() > CACHED_SCOPES_MAX || scopes.size() > CACHED_SCOPES_MAX) {
      forget();
    }
  }

  void beginRequest() {
    recorded = clock.next();
    movedByRequest.clear();
  }

  void keepRequest() throws SQLException {
    writeHeads();
    movedByGroup.putAll(movedByRequest);
  }

  void dropRequest() throws SQLException {
    forget();
    nextPosition = reader.lastPosition() + 1;
  }

  void dropGroup() {
    forget();
    movedByGroup.clear();
  }

  /// Part of a request that may fail by itself: its writes are undone then, and the exception goes
  /// on to whoever tries the next part.
  public <T> T attempt(Writer.Decision<T> part) throws SQLException {
    writeHeads();
    var moved = new HashMap<>(movedByRequest);
    reader.prepared("SAVEPOINT part").execute();
    try {
      T result = part.decide(this);
      reader.prepared("RELEASE part").execute();
      return result;
    } catch (dev.remanence.RemanenceException e) {
      reader.prepared("ROLLBACK TO part").execute();
      reader.prepared("RELEASE part").execute();
      dropRequest();
      movedByRequest.clear();
      movedByRequest.putAll(moved);
      throw e;
    }
  }

  /// What is undone was never so.
  private void forget() {
    ownChains.clear();
    scopes.clear();
    unwrittenHeads.clear();
    derived.forgetGaps();
  }

  boolean groupAppended() {
    return !movedByGroup.isEmpty();
  }

  /// Seals the group: one row on the commit chain over the heads that it moved.
  Acknowledged.Mark seal() throws SQLException {
    var previous = lastCommit(reader);
    long number = previous.commit() + 1;
    long last = nextPosition - 1;
    var digest = Hash.commit(previous.hash(), number, last);
    for (var chain : movedByGroup.values()) {
      Hash.add(digest, siteId(chain.site()), chain.uid(), chain.seq(), chain.hash());
    }
    var hash = digest.digest();
    var insert = reader.prepared("INSERT INTO commits(n, last, hash) VALUES(?, ?, ?)");
    insert.setLong(1, number);
    insert.setLong(2, last);
    insert.setBytes(3, hash);
    insert.executeUpdate();
    return new Acknowledged.Mark(number, hash);
  }

  private byte[] siteId(long row) throws SQLException {
    var known = siteIds.get(row);
    if (known == null) {
      known = reader.siteId(row);
      siteIds.put(row, known);
    }
    return known;
  }

  /// The head of the commit chain.
  static Acknowledged.Mark lastCommit(Reader reader) throws SQLException {
    try (var row =
        reader.prepared("SELECT n, hash FROM commits ORDER BY n DESC LIMIT 1").executeQuery()) {
      return row.next()
          ? new Acknowledged.Mark(row.getLong(1), row.getBytes(2))
          : new Acknowledged.Mark(0, Hash.zero());
    }
  }

  // Scopes

  /// The memory that holds a key in a scope, or null: that is proved.
  public @Nullable UUID keyHolder(long scope, String key) throws SQLException {
    return derived.holder(Reader.keySlot(scope, key));
  }

  /// The memory that a repeat of this content reinforces, or null: that is proved.
  public @Nullable UUID contentHolder(long scope, byte[] identity) throws SQLException {
    return derived.holder(Reader.contentSlot(scope, identity));
  }

  /// The scope at a path; on first use it is made.
  public long openScope(String path) throws SQLException {
    var known = scopes.get(path);
    if (known != null) {
      return known;
    }
    long id = reader.scope(path);
    if (id != 0) {
      scopes.put(path, id);
      return id;
    }
    var insert = reader.prepared("INSERT INTO scope(path) VALUES(?) RETURNING id");
    insert.setString(1, path);
    try (var row = insert.executeQuery()) {
      row.next();
      id = row.getLong(1);
    }
    derived.takeSlot(Reader.scopeSlot(path), Hash.bytes(new UUID(id, 0)));
    scopes.put(path, id);
    return id;
  }

  /// Takes a scope's name away; the chains stay under their random ids.
  void dropScopeName(long id, String path) throws SQLException {
    var delete = reader.prepared("DELETE FROM scope WHERE id = ?");
    delete.setLong(1, id);
    delete.executeUpdate();
    derived.freeSlot(Reader.scopeSlot(path));
    scopes.clear();
  }

  /// This site's chain in a scope; on first use it is made, with the OPEN revision that names the
  /// scope.
  private Reader.Chain ownChain(long scope) throws SQLException {
    var known = ownChains.get(scope);
    if (known != null) {
      return known;
    }
    for (var chain : reader.chains(scope)) {
      if (chain.site() == siteRow) {
        ownChains.put(scope, chain);
        return chain;
      }
    }
    var uid = new byte[16];
    random.nextBytes(uid);
    long id = insertChain(siteRow, scope, uid);
    var chain = new Reader.Chain(id, siteRow, scope, uid, 0, Hash.zero());
    ownChains.put(scope, chain);
    var path = Objects.requireNonNull(reader.scopePath(scope));
    var header =
        new Header(
            Change.OPEN,
            0,
            recorded,
            new UUID(0, 0),
            nowMillis(),
            Header.OPEN,
            Header.MAIN,
            false,
            List.of(),
            null);
    var body = new Body(null, null, Body.Cause.scopeNamed(path));
    write(chain, new Proposal(header, body, 0, 0), salt());
    return Objects.requireNonNull(ownChains.get(scope));
  }

  long insertChain(long siteRowOfChain, long scope, byte[] uid) throws SQLException {
    var insert =
        reader.prepared(
            "INSERT INTO chain(site, scope, uid, seq, hash, hlc) VALUES(?, ?, ?, 0, ?, 0)"
                + " RETURNING id");
    insert.setLong(1, siteRowOfChain);
    insert.setLong(2, scope);
    insert.setBytes(3, uid);
    insert.setBytes(4, Hash.zero());
    try (var row = insert.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  // The seam

  @Override
  public Appended append(long scope, Head expected, byte[] token, List<Proposal> proposals) {
    try {
      var chain = ownChain(scope);
      if (chain.seq() != expected.seq() || !Arrays.equals(chain.hash(), expected.hash())) {
        return settle(chain, expected, token, proposals.size());
      }
      var entries = new ArrayList<Entry>(proposals.size());
      var salt = token;
      for (var proposal : proposals) {
        long prev = proposal.prev() == Proposal.BEFORE ? entries.getLast().pos() : proposal.prev();
        var entry =
            write(
                Objects.requireNonNull(ownChains.get(scope)),
                new Proposal(proposal.header(), proposal.body(), prev, proposal.base()),
                salt);
        entries.add(entry);
        salt = salt();
      }
      return new Appended.Won(entries);
    } catch (SQLException e) {
      throw new WriteFailure(e);
    }
  }

  private Appended settle(Reader.Chain chain, Head expected, byte[] token, int count)
      throws SQLException {
    var after = reader.chain(chain.id(), expected.seq(), count);
    var winner = after.isEmpty() ? null : after.getFirst().salt();
    return Arrays.equals(winner, token)
        ? new Appended.Won(after)
        : new Appended.Lost(new Head(chain.seq(), chain.hash()), winner);
  }

  /// Where this site's chain of a scope stands.
  public Head head(long scope) throws SQLException {
    var chain = ownChain(scope);
    return new Head(chain.seq(), chain.hash());
  }

  @Override
  public List<Entry> read(long scope, long afterSeq, int limit) {
    try {
      return reader.chain(ownChain(scope).id(), afterSeq, limit);
    } catch (SQLException e) {
      throw new WriteFailure(e);
    }
  }

  @Override
  public Entry one(long pos) {
    try {
      return reader.entry(pos);
    } catch (SQLException e) {
      throw new WriteFailure(e);
    }
  }

  @Override
  public void erase(List<Entry> entries) {
    try {
      for (var entry : entries) {
        dropVectorsOf(SessionTurns.embeddedWith(reader, entry));
      }
      var update =
          reader.prepared(
              "UPDATE revision SET salt = NULL, body = NULL, dict = 0, body_hash = ?, chk = ?"
                  + " WHERE pos = ?");
      var vectors = reader.prepared("DELETE FROM vector WHERE pos = ?");
      for (var entry : entries) {
        var erased = entry.withoutBody();
        update.setBytes(1, erased.bodyHash());
        update.setInt(2, erased.checksum());
        update.setLong(3, erased.pos());
        update.executeUpdate();
        vectors.setLong(1, erased.pos());
        vectors.executeUpdate();
      }
    } catch (SQLException e) {
      throw new WriteFailure(e);
    }
  }

  /// Drops vectors that hold something of what is being erased or revised, to be computed anew.
  void dropVectorsOf(List<Long> positions) throws SQLException {
    if (!positions.isEmpty()) {
      // The writer's thread alone counts; others only look.
      long counted = turnsChanged + 1;
      turnsChanged = counted;
      VectorTable.again(this, positions);
    }
  }

  /// How often a turn changed that another may be embedded with. Who embeds a turn with the one
  /// before it compares the count from before it read with the one at which it writes.
  public long turnsChanged() {
    return turnsChanged;
  }

  /// Appends revisions of one memory and keeps its derived rows. The new values are given so that
  /// the key and the content need not be read back.
  public List<Entry> append(MemoryState state, List<Proposal> proposals) throws SQLException {
    boolean moves = proposals.stream().anyMatch(Ledger::movesSlots);
    var before = moves ? derived.slotOf(state) : null;
    var head = head(state.scope());
    return switch (append(state.scope(), head, salt(), proposals)) {
      case Appended.Won(var entries) -> {
        entries.forEach(state::apply);
        derived.save(state);
        if (proposals.stream().anyMatch(Ledger::revisesATurn)) {
          dropVectorsOf(SessionTurns.embeddedWith(reader, reader.history(state).getFirst()));
        }
        if (moves) {
          derived.moveSlot(before, slotAfter(state, entries, proposals), state.id(), recorded);
        }
        yield entries;
      }
      case Appended.Lost _, Appended.Unknown _ ->
          throw new AssertionError("this thread is the only one to append");
    };
  }

  /// Whether something else may be said from now on that was said by somebody.
  private static boolean revisesATurn(Proposal proposal) {
    return switch (proposal.header().change()) {
      case REVISE, SUPERSEDE -> {
        var content = proposal.body().content();
        yield proposal.base() == 0 && content != null && content.speaker() != null;
      }
      // Their content may be one that was there.
      case REVERT, MERGE -> true;
      case OPEN, CREATE, REINFORCE, BOUND, LINK, UNLINK, BRANCH, FORGET, ERASE -> false;
    };
  }

  private static boolean movesSlots(Proposal proposal) {
    return MemoryState.movesSlots(proposal.header().change());
  }

  /// As [DerivedTables#slotOf], without reading back what was just written.
  private byte @Nullable [] slotAfter(
      MemoryState state, List<Entry> entries, List<Proposal> proposals) throws SQLException {
    var head = state.head(Header.MAIN);
    for (int i = 0; i < entries.size(); i++) {
      var body = proposals.get(i).body();
      if (head != null
          && entries.get(i).pos() == head.pos()
          && body.content() != null
          && body.attributes() != null) {
        return Reader.slotOf(state.scope(), new Value(body.content(), body.attributes()));
      }
    }
    return derived.slotOf(state);
  }

  byte[] salt() {
    var salt = new byte[16];
    random.nextBytes(salt);
    return salt;
  }

  /// Writes one revision at the end of a chain.
  private Entry write(Reader.Chain chain, Proposal proposal, byte[] salt) throws SQLException {
    var head = proposal.header().encode();
    var body = proposal.body().encode();
    long seq = chain.seq() + 1;
    var hash =
        Hash.revision(chain.hash(), site.id(), chain.uid(), seq, head, Hash.body(salt, body));
    var entry =
        new Entry(
            nextPosition++,
            chain.id(),
            seq,
            proposal.prev(),
            proposal.base(),
            proposal.header(),
            head,
            salt,
            body,
            null,
            hash);
    insert(entry);
    unwrittenHeads.put(chain.id(), moved(chain, seq, hash));
    return entry;
  }

  /// Writes a row as it is.
  void insert(Entry entry) throws SQLException {
    var insert =
        reader.prepared(
            "INSERT INTO revision(" + Row.COLUMNS + ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.setLong(1, entry.pos());
    insert.setLong(2, entry.chain());
    insert.setLong(3, entry.seq());
    insert.setLong(4, entry.prev());
    insert.setLong(5, entry.base());
    insert.setBytes(6, entry.head());
    insert.setBytes(7, entry.salt());
    if (entry.body() == null) {
      insert.setInt(8, Packer.PLAIN);
      insert.setBytes(9, null);
    } else {
      var packed = reader.bench().pack(entry.body());
      insert.setInt(8, packed.dictionary());
      insert.setBytes(9, packed.bytes());
    }
    insert.setBytes(10, entry.bodyHash());
    insert.setBytes(11, entry.hash());
    insert.setInt(12, entry.checksum());
    insert.executeUpdate();
  }

  long lastPosition() {
    return nextPosition - 1;
  }

  long takePosition() {
    return nextPosition++;
  }

  private Reader.Chain moved(Reader.Chain chain, long seq, byte[] hash) {
    var moved = new Reader.Chain(chain.id(), chain.site(), chain.scope(), chain.uid(), seq, hash);
    if (chain.site() == siteRow) {
      ownChains.put(chain.scope(), moved);
    }
    movedByRequest.put(chain.id(), moved);
    return moved;
  }

  private void writeHeads() throws SQLException {
    for (var chain : unwrittenHeads.values()) {
      writeHead(chain, recorded);
    }
    unwrittenHeads.clear();
  }

  /// Moves a chain's head.
  void advance(Reader.Chain chain, long seq, byte[] hash, long recordedTime) throws SQLException {
    writeHead(moved(chain, seq, hash), recordedTime);
  }

  private void writeHead(Reader.Chain chain, long recordedTime) throws SQLException {
    var update =
        reader.prepared("UPDATE chain SET seq = ?, hash = ?, hlc = max(hlc, ?) WHERE id = ?");
    update.setLong(1, chain.seq());
    update.setBytes(2, chain.hash());
    update.setLong(3, recordedTime);
    update.setLong(4, chain.id());
    update.executeUpdate();
  }

  // Erasing

  /// Takes a scope's name away, also from the OPEN revisions of its chains. Answers those.
  public List<Entry> eraseScopeName(long scope, String path) throws SQLException {
    var opened = new ArrayList<Entry>();
    for (var chain : reader.chains(scope)) {
      for (var entry : reader.chain(chain.id(), 0, 1)) {
        if (entry.header().change() == Change.OPEN && !entry.erased()) {
          opened.add(entry);
        }
      }
    }
    erase(opened);
    dropScopeName(scope, path);
    return opened;
  }

  // What an intake leaves

  void declareGap(long chain, long from, long to, byte @Nullable [] hash) throws SQLException {
    var insert =
        reader.prepared("INSERT INTO gap(chain, seq_from, seq_to, hash) VALUES(?, ?, ?, ?)");
    insert.setLong(1, chain);
    insert.setLong(2, from);
    insert.setLong(3, to);
    insert.setBytes(4, hash);
    insert.executeUpdate();
  }

  /// A missing number has come: what is left of its gap stands before and after it.
  void fillGap(Reader.Chain chain, long seq, byte @Nullable [] previous) throws SQLException {
    var select =
        reader.prepared(
            "SELECT seq_from, seq_to, hash FROM gap WHERE chain = ? AND seq_from <= ? AND seq_to >="
                + " ?");
    select.setLong(1, chain.id());
    select.setLong(2, seq);
    select.setLong(3, seq);
    long from;
    long to;
    byte[] hash;
    try (var row = select.executeQuery()) {
      if (!row.next()) {
        throw new CorruptStore("a gap that was there is gone", "chain", chain.id());
      }
      from = row.getLong(1);
      to = row.getLong(2);
      hash = row.getBytes(3);
    }
    var delete = reader.prepared("DELETE FROM gap WHERE chain = ? AND seq_from = ?");
    delete.setLong(1, chain.id());
    delete.setLong(2, from);
    delete.executeUpdate();
    if (from < seq) {
      declareGap(chain.id(), from, seq - 1, previous);
    }
    if (seq < to) {
      declareGap(chain.id(), seq + 1, to, hash);
    }
    movedByRequest.put(chain.id(), chain);
  }

  /// Gives revisions that waited for their content its position.
  void rebase(List<Entry> history, Entry content) throws SQLException {
    for (int i = 0; i < history.size(); i++) {
      var each = history.get(i);
      if (each.base() == Entry.LOST
          && Arrays.equals(each.header().content(), content.reference())) {
        var based = reader.entry(each.pos()).based(content.pos());
        var update = reader.prepared("UPDATE revision SET base = ?, chk = ? WHERE pos = ?");
        update.setLong(1, content.pos());
        update.setInt(2, based.checksum());
        update.setLong(3, based.pos());
        update.executeUpdate();
        history.set(i, based.withoutContent());
      }
    }
  }

  /// Names a scope whose OPEN revision came late. Where the path is taken, the chain stays apart.
  void renameLostScope(long scope, String lost, String path) throws SQLException {
    if (!lost.equals(reader.scopePath(scope))) {
      return;
    }
    long target = reader.scope(path);
    if (target == 0) {
      var update = reader.prepared("UPDATE scope SET path = ? WHERE id = ?");
      update.setString(1, path);
      update.setLong(2, scope);
      update.executeUpdate();
      derived.freeSlot(Reader.scopeSlot(lost));
      derived.takeSlot(Reader.scopeSlot(path), Hash.bytes(new UUID(scope, 0)));
      scopes.clear();
    }
  }

  public void setMeta(String name, @Nullable String value) throws SQLException {
    if (value == null) {
      var delete = reader.prepared("DELETE FROM meta WHERE k = ?");
      delete.setString(1, name);
      delete.executeUpdate();
      return;
    }
    var insert =
        reader.prepared(
            "INSERT INTO meta(k, v) VALUES(?, ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v");
    insert.setString(1, name);
    insert.setString(2, value);
    insert.executeUpdate();
  }

  /// An SQLite failure on its way to the writer, which alone knows what it means.
  static final class WriteFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient SQLException failure;

    WriteFailure(SQLException failure) {
      super(failure);
      this.failure = failure;
    }

    SQLException failure() {
      return failure;
    }
  }
}
