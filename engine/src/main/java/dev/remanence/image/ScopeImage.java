package dev.remanence.image;

import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.journal.Body;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Header;
import dev.remanence.journal.Reader;
import dev.remanence.journal.VectorTable;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// One scope's image: built from the journal's verified revisions, brought up to date by reading
/// what came after.
///
/// Every chain must be whole: numbers without gaps but for the declared ones, and the head where
/// the chain's row says. So nothing can be missing from an answer unseen.
final class ScopeImage {
  private static final int BATCH = 1024;
  private static final int NONE = -1;

  private final long scope;
  private final Indexing indexing;
  private final Map<Long, Long> seenSeq = new HashMap<>();
  private Columns columns = new Columns(16);
  private int count;
  private int[] rowsById = newTable(32);
  private int ids;
  private long seenRecorded = Long.MIN_VALUE;
  private Facets facets = new Facets();
  private Contents contents = new Contents();
  private Words words = new Words();
  private final List<ModelVectors> models = new ArrayList<>();
  private final Analysis analysis = Analysis.of(Language.ENGLISH);
  private final ComputedVectors computed = new ComputedVectors();

  /// Whether any row has a time after which it is passed over.
  private boolean expiring;

  /// Rows that the change at hand has ended.
  private final List<Integer> ended = new ArrayList<>();

  private volatile View view;

  /// The position up to which the journal was when this image was last brought up to date.
  private volatile long upTo = -1;

  /// Whether bringing it up to date has begun and not ended. Under the image's lock.
  private boolean broken;

  ScopeImage(long scope, Indexing indexing) {
    this.scope = scope;
    this.indexing = indexing;
    publish();
  }

  boolean isBroken() {
    return broken;
  }

  /// Says that it is about to change.
  void breaks() {
    broken = true;
  }

  long upTo() {
    return upTo;
  }

  View view() {
    return view;
  }

  long bytes() {
    long bytes =
        (long) columns.capacity() * Columns.ROW_BYTES
            + facets.bytes()
            + contents.bytes()
            + words.bytes();
    for (var each : models) {
      bytes += each.bytes();
    }
    return bytes;
  }

  /// Takes up what the journal holds beyond what was seen. Under the image's lock.
  void catchUp(Reader reader, long position) throws SQLException {
    var chains = reader.chains(scope);
    var news = new ArrayList<Entry>();
    for (var chain : chains) {
      long seen = seenSeq.getOrDefault(chain.id(), 0L);
      if (chain.seq() > seen) {
        boolean single = chains.size() == 1;
        while (seen < chain.seq()) {
          var batch = reader.chain(chain.id(), seen, BATCH);
          seen = checkWhole(reader, chain, seen, batch);
          if (single) {
            take(reader, batch);
          } else {
            news.addAll(batch);
          }
        }
        seenSeq.put(chain.id(), seen);
      }
    }
    if (!news.isEmpty()) {
      news.sort(order(chains));
      if (news.getFirst().header().recorded() <= seenRecorded && count > 0) {
        rebuild(reader, position);
        return;
      }
      take(reader, news);
    }
    publish();
    upTo = position;
    broken = false;
  }

  /// The order in which revisions of several chains are taken, the same on every site. Those of one
  /// append share their recorded time and keep the order of their chain: they may be turns.
  private static Comparator<Entry> order(List<Reader.Chain> chains) {
    var uids = new HashMap<Long, byte[]>();
    chains.forEach(chain -> uids.put(chain.id(), chain.uid()));
    return Comparator.<Entry>comparingLong(entry -> entry.header().recorded())
        .thenComparing(
            entry -> java.util.Objects.requireNonNull(uids.get(entry.chain())),
            Arrays::compareUnsigned)
        .thenComparingLong(Entry::seq);
  }

  /// Other sites' revisions came in before what is here: begin again.
  private void rebuild(Reader reader, long position) throws SQLException {
    seenSeq.clear();
    columns = new Columns(16);
    count = 0;
    rowsById = newTable(32);
    ids = 0;
    seenRecorded = Long.MIN_VALUE;
    facets = new Facets();
    contents = new Contents();
    words = new Words();
    models.clear();
    expiring = false;
    catchUp(reader, position);
  }

  private void publish() {
    var pinned = new View.Vectors[models.size()];
    for (int i = 0; i < pinned.length; i++) {
      var each = models.get(i);
      pinned[i] =
          new View.Vectors(each.model(), each.codes(), each.codes().count(), each.ordinals());
    }
    view =
        new View(
            columns,
            count,
            seenRecorded,
            facets,
            contents,
            contents.count(),
            words.pin(),
            List.of(pinned),
            expiring);
  }

  private long checkWhole(Reader reader, Reader.Chain chain, long seen, List<Entry> batch)
      throws SQLException {
    long expected = seen;
    for (var entry : batch) {
      expected++;
      if (entry.seq() != expected) {
        if (!reader.isDeclaredMissing(chain.id(), expected, entry.seq() - 1)) {
          throw missing(chain, expected);
        }
        expected = entry.seq();
      }
    }
    if (batch.isEmpty()) {
      if (!reader.isDeclaredMissing(chain.id(), seen + 1, chain.seq())) {
        throw missing(chain, seen + 1);
      }
      return chain.seq();
    }
    return expected;
  }

  private static CorruptStore missing(Reader.Chain chain, long seq) {
    return new CorruptStore(
        "a revision is missing: chain "
            + chain.id()
            + " has no number "
            + seq
            + " of "
            + chain.seq()
            + "; run 'remanence verify --deep'",
        "chain",
        chain.id(),
        "sequence",
        seq);
  }

  private void take(Reader reader, List<Entry> batch) throws SQLException {
    computed.lookAt(reader, batch);
    for (var entry : batch) {
      take(reader, entry);
    }
  }

  private void take(Reader reader, Entry entry) throws SQLException {
    var header = entry.header();
    seenRecorded = Math.max(seenRecorded, header.recorded());
    switch (header.change()) {
      case OPEN -> {}
      case FORGET, ERASE -> {
        for (int row = latest(header.memory()); row != NONE; row = columns.older[row]) {
          end(row, header.recorded());
        }
        endContents(header.memory());
      }
      case CREATE, REINFORCE, REVISE, BOUND, SUPERSEDE, LINK, UNLINK, REVERT, BRANCH, MERGE -> {
        if (header.branch() == Header.MAIN) {
          add(reader, entry);
        }
      }
    }
  }

  private void replaceParents(Header header) {
    for (var parent : header.parents()) {
      long reference = ByteBuffer.wrap(parent).getLong();
      for (int row = latest(header.memory()); row != NONE; row = columns.older[row]) {
        if (columns.reference[row] == reference) {
          end(row, header.recorded());
          break;
        }
      }
    }
  }

  private void end(int row, long recorded) {
    if (columns.recordedTo[row] == Columns.CURRENT) {
      columns.recordedTo[row] = recorded;
      ended.add(row);
    }
  }

  private void add(Reader reader, Entry entry) throws SQLException {
    var header = entry.header();
    var body = entry.decoded();
    if (body == null || body.attributes() == null) {
      replaceParents(header);
      endContents(header.memory());
      return;
    }
    int older = latest(header.memory());
    int content = contentOf(reader, entry, body, older);
    replaceParents(header);
    if (count == columns.capacity()) {
      columns = columns.grown();
      // A reader of the old columns never meets a row that lies beyond them.
      contents = contents.grown(0);
    }
    int row = count;
    var attributes = body.attributes();
    columns.pos[row] = entry.pos();
    columns.recordedFrom[row] = header.recorded();
    columns.recordedTo[row] = Columns.CURRENT;
    columns.validFrom[row] = header.from();
    columns.validUntil[row] = header.until();
    columns.created[row] = older == NONE ? header.recorded() : columns.created[older];
    columns.expires[row] = attributes.expires();
    columns.idHigh[row] = header.memory().getMostSignificantBits();
    columns.idLow[row] = header.memory().getLeastSignificantBits();
    columns.reference[row] = ByteBuffer.wrap(entry.hash()).getLong();
    columns.importance[row] = attributes.importance();
    columns.kind[row] = (byte) attributes.kind().code();
    columns.pinned[row] = attributes.pinned();
    columns.older[row] = older;
    columns.content[row] = content;
    columns.bound(row);
    facets.add(row, attributes);
    expiring |= attributes.expires() != Header.OPEN;
    if (content != NONE) {
      contents.shows(content, row);
    }
    count++;
    setLatest(header.memory(), row, older == NONE);
    endContents(header.memory());
  }

  // Contents

  /// The content that a revision shows: the one of a current row if that shows the same, else a
  /// content of its own, its words and vectors taken in.
  private int contentOf(Reader reader, Entry entry, Body body, int older) throws SQLException {
    long holder = entry.base() == 0 ? entry.pos() : entry.base();
    var attributes = java.util.Objects.requireNonNull(body.attributes());
    int labels = labels(attributes);
    for (int row = older; row != NONE; row = columns.older[row]) {
      int known = columns.content[row];
      if (known != NONE
          && columns.recordedTo[row] == Columns.CURRENT
          && contents.pos[known] == holder
          && contents.labels[known] == labels) {
        return known;
      }
    }
    if (holder == Entry.LOST) {
      return NONE;
    }
    var holding = holder == entry.pos() ? body : reader.entry(holder).decoded();
    var content = holding == null ? null : holding.content();
    if (content == null) {
      return NONE;
    }
    var indexed = indexing.of(content, attributes);
    var pieces = indexed.pieces();
    if (contents.isFull(pieces.size())) {
      contents = contents.grown(pieces.size());
    }
    int first = contents.pieces();
    int number =
        contents.add(
            holder,
            entry.header().recorded(),
            labels,
            content.speaker(),
            attributes.provenance().session(),
            indexed.traits(),
            pieces.size(),
            older == NONE ? Contents.NONE : columns.content[older]);
    for (int i = 0; i < pieces.size(); i++) {
      words.add(first + i, analysis.analyze(pieces.get(i)));
    }
    if (content.vector() != null) {
      vectors(View.GIVEN, content.vector().length).add(first, content.vector());
    }
    for (var stored : computed.of(reader, holder)) {
      if (stored.piece() < pieces.size()) {
        vectors(stored.model(), stored.dims()).add(first + stored.piece(), stored.numbers());
      }
    }
    return number;
  }

  private static int labels(Body.Attributes attributes) {
    return java.util.Objects.hash(attributes.key(), attributes.tags());
  }

  private ModelVectors vectors(String model, int dimension) {
    for (var each : models) {
      if (each.model().equals(model) && each.codes().dimension() == dimension) {
        return each;
      }
    }
    var added = new ModelVectors(model, dimension);
    models.add(added);
    return added;
  }

  /// The contents of rows that ended just now, and which no current row of the memory shows, end.
  private void endContents(UUID memory) {
    for (int row : ended) {
      int content = columns.content[row];
      if (content != NONE && !isShown(memory, content)) {
        for (int piece = contents.firstPiece[content];
            piece < contents.firstPiece[content + 1];
            piece++) {
          words.end(piece);
        }
      }
    }
    ended.clear();
  }

  private boolean isShown(UUID memory, int content) {
    for (int row = latest(memory); row != NONE; row = columns.older[row]) {
      if (columns.recordedTo[row] == Columns.CURRENT && columns.content[row] == content) {
        return true;
      }
    }
    return false;
  }

  /// Takes vectors up that were computed after their revisions were taken. Under the image's lock.
  void takeVectors(List<VectorTable.Stored> late) {
    var byHolder = new HashMap<Long, List<VectorTable.Stored>>();
    late.forEach(each -> byHolder.computeIfAbsent(each.pos(), _ -> new ArrayList<>()).add(each));
    for (int content = 0; content < contents.count(); content++) {
      for (var stored : byHolder.getOrDefault(contents.pos[content], List.of())) {
        int piece = contents.firstPiece[content] + stored.piece();
        if (piece < contents.firstPiece[content + 1]) {
          vectors(stored.model(), stored.dims()).add(piece, stored.numbers());
        }
      }
    }
    publish();
  }

  // The latest row of each memory: open addressing over row numbers.

  private static int[] newTable(int size) {
    var table = new int[size];
    java.util.Arrays.fill(table, NONE);
    return table;
  }

  private int slotOf(int[] table, UUID id) {
    long hash = (id.getLeastSignificantBits() ^ id.getMostSignificantBits()) * 0x9E3779B97F4A7C15L;
    int mask = table.length - 1;
    int slot = (int) (hash >>> 40) & mask;
    while (table[slot] != NONE
        && !(columns.idLow[table[slot]] == id.getLeastSignificantBits()
            && columns.idHigh[table[slot]] == id.getMostSignificantBits())) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private int latest(UUID id) {
    return rowsById[slotOf(rowsById, id)];
  }

  private void setLatest(UUID id, int row, boolean fresh) {
    if (fresh && ++ids * 2 > rowsById.length) {
      var larger = newTable(rowsById.length * 2);
      for (int known : rowsById) {
        if (known != NONE) {
          larger[slotOf(larger, columns.id(known))] = known;
        }
      }
      rowsById = larger;
    }
    rowsById[slotOf(rowsById, id)] = row;
  }
}
