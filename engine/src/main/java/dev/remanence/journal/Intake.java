package dev.remanence.journal;

import dev.remanence.Change;
import dev.remanence.Json;
import dev.remanence.Limits;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.InvalidInput;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Takes revisions of other stores in as they are: their site, number, clock and hash stay, and
/// nothing is appended in this store's own name.
///
/// - A revision that is here already is passed over; a different one at the same number is refused,
///   because its site broke its word.
/// - A revision's hash is checked against the one before it, from the journal or, where that is
///   missing, as the line itself tells it. What is missing becomes a declared gap, which the
///   missing revision fills when it comes.
/// - The content of an erased memory does not come back: the header goes in, the body does not.
///
/// One instance for a whole import; its methods run on the writer's thread, in the transaction of
/// their ledger.
public final class Intake {
  private static final int MEMORIES_HELD_MAX = 4096;

  /// The journal's last position when the import began, or -1 before.
  private long lastBefore = -1;

  private final Map<String, byte[]> publicKeys = new HashMap<>();
  private final Map<String, Reader.Chain> chains = new HashMap<>();
  private final LinkedHashMap<UUID, List<Entry>> histories =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<UUID, List<dev.remanence.journal.Entry>> eldest) {
          return size() > MEMORIES_HELD_MAX;
        }
      };

  /// How a revision was received.
  public enum Taken {
    NEW,
    KNOWN
  }

  /// Forgets what was read: at the start of each transaction, because others wrote since, and after
  /// one that failed.
  public void startOver() {
    chains.clear();
    histories.clear();
  }

  /// Takes a `site`, `revision`, `vector` or `head` line.
  public Taken take(Ledger ledger, Json.Obj line) throws SQLException {
    var type = line.string("type");
    return switch (type == null ? "" : type) {
      case "remanence" -> format(line);
      case "site" -> site(line);
      case "revision" -> take(ledger, RevisionJson.decode(line));
      case "vector" -> vector(ledger, line);
      case "head" -> head(ledger, line);
      default -> throw new InvalidInput("a line has a known type; found another", "field", "type");
    };
  }

  private static Taken format(Json.Obj line) {
    var format = line.number("format");
    if (format == null || format.value() != Export.FORMAT) {
      throw new InvalidInput(
          "this version imports format " + Export.FORMAT + "; the file has another",
          "field",
          "format");
    }
    return Taken.KNOWN;
  }

  private Taken site(Json.Obj line) {
    var key = decoded(line, "publicKey");
    var site = Hash.hex(SiteKey.idOf(key));
    if (!site.equals(line.string("site"))) {
      throw new InvalidInput(
          "a site's id is the hash of its public key; it is not", "field", "site");
    }
    publicKeys.put(site, key);
    return Taken.KNOWN;
  }

  /// Makes a site known that a salvage found.
  void site(byte[] publicKey) {
    publicKeys.put(Hash.hex(SiteKey.idOf(publicKey)), publicKey);
  }

  private static byte[] decoded(Json.Obj line, String field) {
    var text = line.string(field);
    if (text == null) {
      throw new InvalidInput("a field '" + field + "' is missing", "field", field);
    }
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidInput("'" + field + "' is not base64", "field", field);
    }
  }

  /// Takes a revision with its place in its chain.
  Taken take(Ledger ledger, RevisionJson.Line line) throws SQLException {
    if (lastBefore < 0) {
      lastBefore = ledger.lastPosition();
    }
    var reader = ledger.reader();
    var chain = chain(ledger, line);
    if (line.seq() == chain.seq() + 1) {
      checkPrevious(line, chain.hash());
      store(ledger, chain, line);
      return Taken.NEW;
    }
    var present = reader.hashAt(chain.id(), line.seq());
    if (present != null && line.seq() <= chain.seq() && !isMissing(reader, chain, line.seq())) {
      if (!Arrays.equals(present, line.hash())) {
        throw new Conflict(
            "this store has a different revision at number "
                + line.seq()
                + " of that chain: its site signed two, and the second is not taken",
            "site",
            line.site(),
            "sequence",
            line.seq());
      }
      return Taken.KNOWN;
    }
    checkLinks(reader, chain, line);
    store(ledger, chain, line);
    return Taken.NEW;
  }

  private static boolean isMissing(Reader reader, Reader.Chain chain, long seq)
      throws SQLException {
    return reader.isDeclaredMissing(chain.id(), seq, seq);
  }

  private static void checkLinks(Reader reader, Reader.Chain chain, RevisionJson.Line line)
      throws SQLException {
    if (line.seq() < 1) {
      throw new InvalidInput("a chain's numbers begin at 1", "field", "seq");
    }
    checkPrevious(line, line.seq() == 1 ? Hash.zero() : reader.hashAt(chain.id(), line.seq() - 1));
    var declared = reader.hashAt(chain.id(), line.seq());
    if (declared != null && !Arrays.equals(declared, line.hash())) {
      throw new InvalidInput("the revision after it names another predecessor");
    }
  }

  private static void checkPrevious(RevisionJson.Line line, byte @Nullable [] before) {
    if (before != null && line.previous() != null && !Arrays.equals(before, line.previous())) {
      throw new InvalidInput("its predecessor is another one than this store has");
    }
    if (line.previous() != null && !line.isGenuine()) {
      throw new InvalidInput("its hash does not match: the line was changed or cut");
    }
    if (line.previous() == null && before != null && !withPrevious(line, before).isGenuine()) {
      throw new InvalidInput("its hash does not follow its predecessor's");
    }
  }

  private static RevisionJson.Line withPrevious(RevisionJson.Line line, byte[] previous) {
    return new RevisionJson.Line(
        line.site(),
        line.scope(),
        line.seq(),
        line.header(),
        line.head(),
        line.salt(),
        line.body(),
        line.bodyHash(),
        previous,
        line.hash());
  }

  // Chains

  private Reader.Chain chain(Ledger ledger, RevisionJson.Line line) throws SQLException {
    var name = line.site() + "/" + line.scope();
    var known = chains.get(name);
    if (known != null) {
      return known;
    }
    var reader = ledger.reader();
    var uid = HexFormat.of().parseHex(line.scope());
    long site = siteRow(ledger, line.site());
    var chain = reader.chain(site, uid);
    if (chain == null) {
      long scope = scope(ledger, line);
      chain =
          new Reader.Chain(ledger.insertChain(site, scope, uid), site, scope, uid, 0, Hash.zero());
    }
    chains.put(name, chain);
    return chain;
  }

  private long siteRow(Ledger ledger, String site) throws SQLException {
    var uid = HexFormat.of().parseHex(site);
    var reader = ledger.reader();
    var select = reader.prepared("SELECT id FROM site WHERE uid = ?");
    select.setBytes(1, uid);
    try (var row = select.executeQuery()) {
      if (row.next()) {
        return row.getLong(1);
      }
    }
    var key = publicKeys.get(site);
    if (key == null) {
      throw new InvalidInput(
          "the site of this revision is not known: its 'site' line is missing or damaged",
          "site",
          site);
    }
    var insert =
        reader.prepared(
            "INSERT INTO site(uid, public_key, continues, since) VALUES(?, ?, NULL, ?)"
                + " RETURNING id");
    insert.setBytes(1, uid);
    insert.setBytes(2, key);
    insert.setLong(3, ledger.nowMillis());
    try (var row = insert.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  /// The scope that a chain's OPEN revision names. Where that was erased or lost, a scope without a
  /// name that can be guessed.
  private static long scope(Ledger ledger, RevisionJson.Line line) throws SQLException {
    var body = line.body() == null ? null : Body.decode(line.body());
    var path = body == null ? null : body.cause().scope();
    if (line.header().change() == Change.OPEN && path != null) {
      return ledger.openScope(dev.remanence.Limits.scope(path));
    }
    return ledger.openScope("lost:" + line.scope());
  }

  // Entries

  private void store(Ledger ledger, Reader.Chain chain, RevisionJson.Line line)
      throws SQLException {
    var header = line.header();
    if (header.change() == Change.OPEN) {
      rename(ledger, chain, line);
      insert(ledger, chain, line, 0, 0, false);
      return;
    }
    var reader = ledger.reader();
    var id = header.memory();
    var tables = reader.state(id);
    var state = tables == null ? new MemoryState(id, chain.scope()) : tables;
    var history = histories.computeIfAbsent(id, _ -> new ArrayList<>());
    if (history.isEmpty() && tables != null) {
      reader.history(tables).forEach(entry -> history.add(entry.withoutContent()));
    }
    var before = tables == null ? null : ledger.derived().slotOf(tables);
    long base = base(history, header);
    var entry = insert(ledger, chain, line, state.last(), base, state.erased());
    boolean last = history.isEmpty() || MemoryState.ORDER.compare(history.getLast(), entry) < 0;
    history.add(entry.withoutContent());
    if (header.holdsContent()) {
      ledger.rebase(history, entry);
    }
    if (!last) {
      history.sort(MemoryState.ORDER);
      state = MemoryState.fold(id, state.scope(), history);
      if (tables != null) {
        state.takeStoredFrom(tables);
      }
    } else {
      state.apply(entry);
    }
    if (header.change() == Change.ERASE) {
      eraseAll(ledger, state, history);
    }
    ledger.derived().save(state);
    if (changesATurn(chain, line)) {
      var first = reader.entry(history.getFirst().pos());
      // What came in with it brings the vectors that its own store had then.
      ledger.dropVectorsOf(
          SessionTurns.embeddedWith(reader, first).stream()
              .filter(pos -> pos <= lastBefore)
              .toList());
    }
    ledger.derived().moveSlot(before, ledger.derived().slotOf(state), id, header.recorded());
  }

  /// Whether the turn after this one, if there is one, follows something else from now on: what was
  /// said is revised, or comes in behind its answer.
  private static boolean changesATurn(Reader.Chain chain, RevisionJson.Line line) {
    return switch (line.header().change()) {
      case CREATE -> line.seq() <= chain.seq();
      case REVISE, SUPERSEDE, REVERT, MERGE -> true;
      case OPEN, REINFORCE, BOUND, LINK, UNLINK, BRANCH, FORGET, ERASE -> false;
    };
  }

  private static void eraseAll(Ledger ledger, MemoryState state, List<Entry> history)
      throws SQLException {
    var bearing = new ArrayList<Entry>();
    for (var each : history) {
      if (each.header().change() != Change.ERASE) {
        var entry = ledger.reader().entry(each.pos());
        if (!entry.erased()) {
          bearing.add(entry);
        }
      }
    }
    assert state.erased();
    ledger.erase(bearing);
  }

  /// The chain's name came late: its revisions were taken before its OPEN.
  private static void rename(Ledger ledger, Reader.Chain chain, RevisionJson.Line line)
      throws SQLException {
    if (chain.seq() > 0 && line.body() != null) {
      var path = Body.decode(line.body()).cause().scope();
      if (path != null) {
        ledger.renameLostScope(chain.scope(), "lost:" + line.scope(), path);
      }
    }
  }

  private static long base(List<Entry> history, Header header) {
    if (header.content() == null) {
      return 0;
    }
    for (var each : history) {
      if (Arrays.equals(each.reference(), header.content())) {
        return each.pos();
      }
    }
    return Entry.LOST;
  }

  private Entry insert(
      Ledger ledger,
      Reader.Chain chain,
      RevisionJson.Line line,
      long prev,
      long base,
      boolean erased)
      throws SQLException {
    var entry =
        new Entry(
            ledger.takePosition(),
            chain.id(),
            line.seq(),
            prev,
            base,
            line.header(),
            line.head(),
            line.salt(),
            line.body(),
            line.bodyHash(),
            line.hash());
    if (erased && line.header().change() != Change.ERASE && !entry.erased()) {
      entry = entry.withoutBody();
    }
    ledger.insert(entry);
    if (line.seq() > chain.seq()) {
      if (line.seq() > chain.seq() + 1) {
        ledger.declareGap(chain.id(), chain.seq() + 1, line.seq() - 1, line.previous());
      }
      ledger.advance(chain, line.seq(), line.hash(), line.header().recorded());
      chains.put(
          line.site() + "/" + line.scope(),
          new Reader.Chain(
              chain.id(), chain.site(), chain.scope(), chain.uid(), line.seq(), line.hash()));
    } else {
      ledger.fillGap(chain, line.seq(), line.previous());
    }
    return entry;
  }

  // What stands beside revisions

  private Taken vector(Ledger ledger, Json.Obj line) throws SQLException {
    var chain = knownChain(ledger, line);
    long pos = ledger.reader().positionOf(chain.id(), seq(line));
    var model = line.string("model");
    var dims = line.number("dims");
    var piece = line.number("piece");
    if (pos == 0 || model == null || dims == null || piece == null) {
      throw new InvalidInput("a vector names its revision, piece, model and dims; one is missing");
    }
    var bytes = decoded(line, "bytes");
    var input = line.string("input");
    if (bytes.length == 0 || bytes.length != 2 * dims.longValue()) {
      throw new InvalidInput(
          "a vector has two bytes for each of its dims", "dims", dims.longValue());
    }
    if (dims.longValue() > Limits.VECTOR_DIMENSIONS_MAX || piece.longValue() < 0) {
      throw new InvalidInput(
          "a vector has at most " + Limits.VECTOR_DIMENSIONS_MAX + " dims, and pieces count from 0",
          "dims",
          dims.longValue(),
          "piece",
          piece.longValue());
    }
    if (ledger.reader().entry(pos).erased()) {
      return Taken.KNOWN;
    }
    VectorTable.put(
        ledger.reader(),
        new VectorTable.Stored(
            pos,
            (int) piece.value(),
            model,
            bytes.length / 2,
            input == null ? null : HexFormat.of().parseHex(input),
            bytes));
    VectorTable.countLate(ledger, chain.scope());
    return Taken.KNOWN;
  }

  private Taken head(Ledger ledger, Json.Obj line) throws SQLException {
    var chain = knownChain(ledger, line);
    var site = Objects.requireNonNull(line.string("site"));
    var scope = Objects.requireNonNull(line.string("scope"));
    long seq = seq(line);
    var hash = HexFormat.of().parseHex(Objects.requireNonNullElse(line.string("hash"), ""));
    var signature = decoded(line, "signature");
    var key = ledger.reader().sitePublicKey(chain.site());
    if (!SiteKey.verifies(key, Export.headStatement(site, scope, seq, hash), signature)) {
      throw new InvalidInput("the signature of a chain's head does not verify", "site", site);
    }
    if (!Arrays.equals(hash, ledger.reader().hashAt(chain.id(), seq))) {
      throw new InvalidInput(
          "the site signed another revision at the head of this chain than came in, or its last"
              + " lines are missing",
          "site",
          site,
          "sequence",
          seq);
    }
    var upsert =
        ledger
            .reader()
            .prepared(
                "INSERT INTO signed_head(chain, seq, hash, signature) VALUES(?, ?, ?, ?) ON"
                    + " CONFLICT(chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash,"
                    + " signature = excluded.signature WHERE excluded.seq >= seq");
    upsert.setLong(1, chain.id());
    upsert.setLong(2, seq);
    upsert.setBytes(3, hash);
    upsert.setBytes(4, signature);
    upsert.executeUpdate();
    return Taken.KNOWN;
  }

  private Reader.Chain knownChain(Ledger ledger, Json.Obj line) throws SQLException {
    try {
      var site = HexFormat.of().parseHex(Objects.requireNonNullElse(line.string("site"), ""));
      var scope = HexFormat.of().parseHex(Objects.requireNonNullElse(line.string("scope"), ""));
      var chain = ledger.reader().chain(site, scope);
      if (chain != null) {
        return chain;
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidInput("site and scope are hexadecimal", "field", "site");
    }
    throw new InvalidInput("no revision of this chain came in", "field", "scope");
  }

  private static long seq(Json.Obj line) {
    var seq = line.number("seq");
    if (seq == null) {
      throw new InvalidInput("a field 'seq' is missing", "field", "seq");
    }
    return seq.longValue();
  }
}
