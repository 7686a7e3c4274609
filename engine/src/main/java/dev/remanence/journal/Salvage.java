package dev.remanence.journal;

import dev.remanence.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads every revision that can still be read out of a damaged journal.db and its WAL.
///
/// Neither SQLite nor the trees' upper pages are asked: each page that looks like a leaf is read
/// for itself, so a damaged page costs what lies in it and nothing else. A row is a revision if it
/// has the form of one and its checksum holds, or if its hash proves it as the successor of one
/// that was found. What SQLite could read is a subset of what is found here.
///
/// - Which chain of which site a number belongs to stands in the `chain` table and again in its
///   index; either copy serves, and the hashes of the revisions confirm it.
/// - Of a row found twice, an erased one is taken: what was erased does not come back. Nor does the
///   body of any revision whose memory has an ERASE.
/// - The first pass keeps a few words for each revision; the second reads them again, one by one,
///   in their order of arrival.
///
/// The files must not be open in this process (see [Pages]).
final class Salvage implements AutoCloseable {
  private final Pages pages;
  private final Packer packer = new Packer();
  private final Packer.Bench bench = packer.new Bench();

  // What was found, first pass.
  private final Map<Long, byte[]> publicKeys = new HashMap<>();
  private final Map<Long, String> scopes = new HashMap<>();
  private final Map<Long, List<ChainRow>> chainRows = new TreeMap<>();
  private final Map<Long, Long> heads = new HashMap<>();
  private final Set<UUID> erasedMemories = new HashSet<>();
  private @Nullable String storeId;
  private long lastCommit;
  private byte @Nullable [] lastCommitHash;
  private final List<Located> byNumber = new ArrayList<>();
  private final List<Located> byArrival = new ArrayList<>();

  /// Which site and scope a chain is of, as one copy of its row says.
  private record ChainRow(long site, long scope, byte[] uid) {}

  /// Where a revision lies.
  private record Located(long pos, long chain, int seq, int page, short cell, byte flags) {
    static final Comparator<Located> BY_NUMBER =
        Comparator.comparingLong(Located::chain).thenComparingInt(Located::seq);

    static final byte PROVEN = 1;
    static final byte ERASED = 2;

    boolean proven() {
      return (flags & PROVEN) != 0;
    }

    boolean erased() {
      return (flags & ERASED) != 0;
    }
  }

  /// What a salvage found, apart from the revisions.
  ///
  /// @param commit the number and hash of the last commit that was found, or null
  /// @param publicKeys of every site
  record Salvaged(
      @Nullable String store,
      Acknowledged.@Nullable Mark commit,
      List<byte[]> publicKeys,
      List<FoundChain> chains) {}

  /// A chain of which revisions were found.
  ///
  /// @param path the scope's name, null where it was erased or cannot be read
  /// @param open whether the OPEN revision, which names the scope, is among them
  record FoundChain(
      long id, byte[] publicKey, byte[] uid, @Nullable String path, boolean open, long head) {}

  /// Takes one revision after the other.
  @FunctionalInterface
  interface Taker {
    void take(RevisionJson.Line line) throws SQLException, IOException;
  }

  private Salvage(Pages pages) {
    this.pages = pages;
  }

  /// Reads through the file once.
  ///
  /// @param ownKey the public key of `site.key`, which the journal may have lost
  static Salvage open(Path file, byte @Nullable [] ownKey) throws IOException {
    var salvage = new Salvage(Pages.open(file));
    boolean done = false;
    try {
      salvage.findDictionaries();
      salvage.findRows();
      if (ownKey != null) {
        salvage.publicKeys.putIfAbsent(-1L, ownKey);
      }
      done = true;
      return salvage;
    } finally {
      if (!done) {
        salvage.close();
      }
    }
  }

  // First pass

  @FunctionalInterface
  private interface Visitor {
    void visit(RawRecord row, int page, short cell);
  }

  private void visitPages(Visitor tables, Visitor indexes) throws IOException {
    var page = new byte[Pages.PAGE_BYTES];
    for (int number = 1; number <= pages.count(); number++) {
      pages.read(number, page);
      byte kind = RawRecord.kind(page, number);
      boolean index = kind == RawRecord.INDEX_LEAF || kind == RawRecord.INDEX_INTERIOR;
      int cells = RawRecord.cells(page, number);
      for (int cell = 0; cell < cells; cell++) {
        // A page of no known kind is tried as a table's leaf: its first byte may be the damage.
        var row = RawRecord.read(pages, page, number, index ? kind : RawRecord.TABLE_LEAF, cell);
        if (row != null) {
          (index ? indexes : tables).visit(row, number, (short) cell);
        }
      }
    }
  }

  private void findDictionaries() throws IOException {
    visitPages(
        (row, _, _) -> {
          if (row.columns() == 3 && row.isNull(0) && row.isBytes(1) && row.isNumber(2)) {
            var bytes = row.present(1);
            if (row.rowid() > Packer.BUILT_IN
                && row.rowid() <= Integer.MAX_VALUE
                && Checksum.of(bytes) == (int) row.number(2)) {
              packer.add((int) row.rowid(), bytes);
            }
          }
        },
        (_, _, _) -> {});
  }

  private void findRows() throws IOException {
    visitPages(
        (row, page, cell) -> {
          switch (row.columns()) {
            case 2 -> scope(row);
            case 3 -> commit(row);
            case 5 -> site(row);
            case 7 -> chain(row);
            case 12 -> revision(row, page, cell);
            default -> {
              // No table that is salvaged has so many columns.
            }
          }
        },
        (row, _, _) -> {
          switch (row.columns()) {
            case 2 -> meta(row);
            case 4 -> chainIndex(row);
            default -> {
              // No index that is salvaged has so many columns.
            }
          }
        });
    dropRepeats();
    byArrival.addAll(byNumber);
    byArrival.sort(Comparator.comparingLong(Located::pos));
  }

  /// Of what was found twice one stays: the proven, of those the erased.
  private void dropRepeats() {
    byNumber.sort(
        Located.BY_NUMBER.thenComparing((one, other) ->
            one.proven() != other.proven()
                ? Boolean.compare(other.proven(), one.proven())
                : Boolean.compare(other.erased(), one.erased())));
    var unique = new ArrayList<Located>(byNumber.size());
    for (var each : byNumber) {
      if (unique.isEmpty() || Located.BY_NUMBER.compare(unique.getLast(), each) != 0) {
        unique.add(each);
      }
    }
    byNumber.clear();
    byNumber.addAll(unique);
  }

  private void scope(RawRecord row) {
    if (row.isNull(0) && row.isText(1)) {
      scopes.put(row.rowid(), row.text(1));
    }
  }

  private void meta(RawRecord row) {
    if (row.isText(0) && row.text(0).equals("store") && row.isText(1)) {
      storeId = row.text(1);
    }
  }

  private void commit(RawRecord row) {
    if (row.isNull(0)
        && row.isNumber(1)
        && row.isBytes(2, Hash.BYTES)
        && row.rowid() > lastCommit) {
      lastCommit = row.rowid();
      lastCommitHash = row.bytes(2);
    }
  }

  private void site(RawRecord row) {
    if (row.isNull(0)
        && row.isBytes(1, Hash.REFERENCE_BYTES)
        && row.isBytes(2)
        && Arrays.equals(row.bytes(1), SiteKey.idOf(row.present(2)))) {
      publicKeys.put(row.rowid(), row.present(2));
    }
  }

  private void chain(RawRecord row) {
    if (row.isNull(0)
        && row.isNumber(1)
        && row.isNumber(2)
        && row.isBytes(3, Hash.REFERENCE_BYTES)
        && row.isNumber(4)
        && row.isBytes(5, Hash.BYTES)
        && row.isNumber(6)) {
      addChain(row.rowid(), new ChainRow(row.number(1), row.number(2), row.present(3)));
      heads.merge(row.rowid(), row.number(4), Math::max);
    }
  }

  /// The index that keeps chains unique: scope, site, uid and the row's number.
  private void chainIndex(RawRecord row) {
    if (row.isNumber(0)
        && row.isNumber(1)
        && row.isBytes(2, Hash.REFERENCE_BYTES)
        && row.isNumber(3)) {
      addChain(row.number(3), new ChainRow(row.number(1), row.number(0), row.present(2)));
    }
  }

  private void addChain(long id, ChainRow row) {
    var rows = chainRows.computeIfAbsent(id, _ -> new ArrayList<>());
    boolean known =
        rows.stream()
            .anyMatch(each ->
                each.site == row.site
                    && each.scope == row.scope
                    && Arrays.equals(each.uid, row.uid));
    if (!known) {
      rows.add(row);
    }
  }

  private void revision(RawRecord row, int page, short cell) {
    var entry = entry(row);
    if (entry == null || entry.seq() < 1 || entry.seq() > Integer.MAX_VALUE) {
      return;
    }
    boolean proven = holds(row, entry);
    int flags = (proven ? Located.PROVEN : 0) | (entry.erased() ? Located.ERASED : 0);
    byNumber.add(
        new Located(entry.pos(), entry.chain(), (int) entry.seq(), page, cell, (byte) flags));
    if (proven && entry.header().change() == Change.ERASE) {
      erasedMemories.add(entry.header().memory());
    }
  }

  /// A revision as its row says, its checksum not looked at; null for another kind of row.
  private @Nullable Entry entry(RawRecord row) {
    if (row.columns() != 12
        || !row.isNull(0)
        || !row.isNumber(1)
        || !row.isNumber(2)
        || !row.isNumber(3)
        || !row.isNumber(4)
        || !row.isBytes(5)
        || !(row.isNull(6) || row.isBytes(6))
        || !row.isNumber(7)
        || !(row.isNull(8) || row.isBytes(8))
        || !(row.isNull(9) || row.isBytes(9, Hash.BYTES))
        || !row.isBytes(10, Hash.BYTES)
        || !row.isNumber(11)
        || row.isNull(6) != row.isNull(8)
        || row.isNull(8) == row.isNull(9)) {
      return null;
    }
    try {
      var packed = row.bytes(8);
      var head = row.present(5);
      return new Entry(
          row.rowid(),
          row.number(1),
          row.number(2),
          row.number(3),
          row.number(4),
          Header.decode(head),
          head,
          row.bytes(6),
          packed == null ? null : bench.unpack((int) row.number(7), packed),
          row.bytes(9),
          row.present(10));
    } catch (MalformedBytes e) {
      return null;
    }
  }

  private static boolean holds(RawRecord row, Entry entry) {
    return entry.checksum() == (int) row.number(11);
  }

  // Second pass

  private @Nullable Entry read(Located place, byte[] page) throws IOException {
    pages.read(place.page, page);
    byte kind = RawRecord.TABLE_LEAF;
    var row = RawRecord.read(pages, page, place.page, kind, place.cell);
    return row == null ? null : entry(row);
  }

  /// How many revisions were found, those included that only their hash can prove.
  long count() {
    return byNumber.size();
  }

  /// A chain as the salvage knows it: who and where it is, and what of it was read so far.
  private static final class Trace {
    final FoundChain chain;
    final String site;
    final String scope;
    private final List<Integer> taken = new ArrayList<>();
    private int lastSeq;
    private byte[] lastHash = Hash.zero();

    Trace(FoundChain chain) {
      this.chain = chain;
      this.site = Hash.hex(SiteKey.idOf(chain.publicKey));
      this.scope = Hash.hex(chain.uid);
    }
  }

  private final Map<Long, Trace> traces = new TreeMap<>();

  /// What was found beside the revisions; confirms whose each chain is.
  Salvaged found() throws IOException {
    Map<Long, List<Located>> byChain = new TreeMap<>();
    for (var each : byNumber) {
      byChain.computeIfAbsent(each.chain, _ -> new ArrayList<>()).add(each);
    }
    for (var each : byChain.entrySet()) {
      var chain = confirm(each.getKey(), each.getValue());
      if (chain != null) {
        traces.put(each.getKey(), new Trace(chain));
      }
    }
    return new Salvaged(
        storeId,
        lastCommitHash == null ? null : new Acknowledged.Mark(lastCommit, lastCommitHash),
        List.copyOf(publicKeys.values()),
        traces.values().stream().map(trace -> trace.chain).toList());
  }

  /// Finds the site and the scope id under which the chain's hashes hold.
  private @Nullable FoundChain confirm(long id, List<Located> entries) throws IOException {
    var page = new byte[Pages.PAGE_BYTES];
    Entry before = null;
    Entry probe = null;
    String path = null;
    boolean open = false;
    for (var place : entries) {
      var entry = read(place, page);
      if (entry == null || !place.proven()) {
        before = null;
        continue;
      }
      if (entry.seq() == 1 && entry.header().change() == Change.OPEN) {
        var body = entry.body() == null ? null : Body.decode(entry.body());
        path = body == null ? null : body.cause().scope();
        open = true;
      }
      if (entry.seq() == 1 || (before != null && before.seq() == entry.seq() - 1)) {
        probe = entry;
        break;
      }
      before = entry;
    }
    var rows = chainRows.getOrDefault(id, List.of());
    if (probe != null) {
      var previous = before == null ? Hash.zero() : before.hash();
      for (var row : rows) {
        for (var key : keys(row)) {
          if (follows(probe, previous, key, row.uid)) {
            return new FoundChain(
                id, key, row.uid, path == null ? scopes.get(row.scope) : path, open, head(id));
          }
        }
      }
      return null;
    }
    var only = rows.size() == 1 ? rows.getFirst() : null;
    var key = only == null ? null : publicKeys.get(only.site);
    return only == null || key == null
        ? null
        : new FoundChain(id, key, only.uid, scopes.get(only.scope), false, head(id));
  }

  /// The keys to try for a chain, the one that its row names first.
  private List<byte[]> keys(ChainRow row) {
    var keys = new ArrayList<byte[]>();
    var named = publicKeys.get(row.site);
    if (named != null) {
      keys.add(named);
    }
    keys.addAll(publicKeys.values());
    return keys;
  }

  private long head(long chain) {
    return heads.getOrDefault(chain, 0L);
  }

  private static boolean follows(Entry entry, byte[] previous, byte[] publicKey, byte[] uid) {
    return Arrays.equals(
        entry.hash(),
        Hash.revision(
            previous, SiteKey.idOf(publicKey), uid, entry.seq(), entry.head(), entry.bodyDigest()));
  }

  /// How many revisions were seen, those among them that nothing proves.
  int size() {
    return byArrival.size();
  }

  /// Hands over every revision that is what it says, in order of arrival, each with the hash before
  /// it where that is known. Call [#found] first.
  void each(Taker taker) throws IOException, SQLException {
    var page = new byte[Pages.PAGE_BYTES];
    for (var place : byArrival) {
      var trace = traces.get(place.chain);
      var entry = trace == null ? null : read(place, page);
      if (trace == null || entry == null) {
        continue;
      }
      var previous = previous(trace, place, page);
      if (previous == null
          ? !place.proven()
          : !follows(entry, previous, trace.chain.publicKey, trace.chain.uid)) {
        continue;
      }
      trace.taken.add(place.seq);
      trace.lastSeq = place.seq;
      trace.lastHash = entry.hash();
      taker.take(line(trace, entry, previous));
    }
  }

  /// The hash before a revision in its chain: most often that of the one read last.
  private byte @Nullable [] previous(Trace trace, Located place, byte[] page) throws IOException {
    if (trace.lastSeq == place.seq - 1) {
      return trace.lastHash;
    }
    var wanted = new Located(0, place.chain, place.seq - 1, 0, (short) 0, (byte) 0);
    int index = Collections.binarySearch(byNumber, wanted, Located.BY_NUMBER);
    var entry = index < 0 || !byNumber.get(index).proven() ? null : read(byNumber.get(index), page);
    return entry == null ? null : entry.hash();
  }

  private RevisionJson.Line line(Trace trace, Entry entry, byte @Nullable [] previous) {
    boolean withhold =
        entry.header().change() != Change.ERASE
            && !entry.erased()
            && erasedMemories.contains(entry.header().memory());
    return new RevisionJson.Line(
        trace.site,
        trace.scope,
        entry.seq(),
        entry.header(),
        entry.head(),
        withhold ? null : entry.salt(),
        withhold ? null : entry.body(),
        withhold ? entry.bodyDigest() : entry.bodyHash(),
        previous,
        entry.hash());
  }

  /// What is missing, chain by chain, as lines for people. After [#each].
  List<String> missing() {
    var lines = new ArrayList<String>();
    Map<Long, Integer> unknown = new TreeMap<>();
    for (var place : byNumber) {
      if (!traces.containsKey(place.chain)) {
        unknown.merge(place.chain, 1, Integer::sum);
      }
    }
    unknown.forEach((chain, count) ->
        lines.add(
            count
                + " revisions of chain "
                + chain
                + ": they can be read, but whose they are cannot"));
    for (var trace : traces.values()) {
      trace.taken.sort(null);
      long before = 0;
      for (int seq : trace.taken) {
        missing(lines, trace, before + 1, seq - 1L);
        before = seq;
      }
      missing(lines, trace, before + 1, trace.chain.head);
    }
    for (long chain : heads.keySet()) {
      if (!traces.containsKey(chain) && !unknown.containsKey(chain) && head(chain) > 0) {
        lines.add("all " + head(chain) + " revisions of chain " + chain);
      }
    }
    return lines;
  }

  private static void missing(List<String> lines, Trace trace, long from, long to) {
    if (from <= to) {
      var path = trace.chain.path;
      lines.add(
          (from == to ? "revision " + from : "revisions " + from + " to " + to)
              + " of scope "
              + (path == null ? "without a name, id " + trace.scope : path)
              + ", site "
              + trace.site);
    }
  }

  @Override
  public void close() throws IOException {
    try (pages) {
      bench.close();
    }
  }
}
