package dev.remanence.image;

import dev.remanence.Change;
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
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One scope's image: built from the journal's verified revisions, brought up to date by reading
/// what came after.
///
/// Every chain must be whole: numbers without gaps but for the declared ones, and the head where
/// the chain's row says. So nothing can be missing from an answer unseen.
///
/// It may begin with a snapshot of an earlier time instead of the journal's beginning.
final class ScopeImage {
  private static final int BATCH = 1024;
  private static final int NONE = -1;

  /// About what an image takes beside what it counts.
  private static final int FIXED_BYTES = 4096;

  private final long scope;
  private final Indexing indexing;
  private final Snapshots snapshots;

  /// By chain: the last revision that was taken up.
  private final Map<Long, Snapshot.Head> heads = new HashMap<>();

  /// Whether it was begun, with a snapshot or without.
  private boolean begun;

  /// Whether no chain has a declared gap. What fills one comes before what was seen.
  private boolean gapless = true;

  /// As [VectorTable#late] when all vectors were last known to be here.
  private long late;

  private Columns columns = new Columns(16);
  private int count;
  private int[] rowsById = newTable(32);
  private int ids;
  private long seenRecorded = Long.MIN_VALUE;
  private Facets facets = new Facets();
  private Contents contents = new Contents();
  private Holders holders = new Holders();
  private Lookalikes lookalikes = new Lookalikes();
  private Words words = new Words();
  private final List<ModelVectors> models = new ArrayList<>();
  private final Analysis analysis = Analysis.of(Language.ENGLISH);
  private final ComputedVectors computed = new ComputedVectors();

  /// Whether any row has a time after which it is passed over.
  private boolean expiring;

  /// Rows that the change at hand has ended.
  private final List<Integer> ended = new ArrayList<>();

  private volatile Snapshot now;
  private volatile long bytes;

  /// What [Snapshot#size] was when a snapshot file was last written or read.
  private volatile int sizeOnDisk;

  /// What the store's images count it as. Guarded by theirs.
  long accounted;

  /// The position up to which the journal was when this image was last brought up to date.
  private volatile long upTo = -1;

  /// Whether bringing it up to date has begun and not ended. Under the image's lock.
  private boolean broken;

  ScopeImage(long scope, Indexing indexing, Snapshots snapshots) {
    this.scope = scope;
    this.indexing = indexing;
    this.snapshots = snapshots;
    publish(-1);
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
    return now.view();
  }

  long scope() {
    return scope;
  }

  /// What it holds now, to be written, or null where that is no part of the journal to begin with.
  @Nullable Snapshot snapshot() {
    var snapshot = now;
    return snapshot.upTo() < 0 || snapshot.heads().isEmpty() ? null : snapshot;
  }

  /// By chain: the number of the last revision that readers see.
  Map<Long, Long> seen() {
    var seen = new HashMap<Long, Long>();
    now.heads().forEach(head -> seen.put(head.chain(), head.seq()));
    return seen;
  }

  int sizeOnDisk() {
    return sizeOnDisk;
  }

  void onDisk(int size) {
    sizeOnDisk = size;
  }

  /// About what it takes.
  long bytes() {
    return bytes;
  }

  private long counted() {
    long sum =
        FIXED_BYTES
            + (long) columns.capacity() * Columns.ROW_BYTES
            + 4L * rowsById.length
            + facets.bytes()
            + contents.bytes()
            + holders.bytes()
            + lookalikes.bytes()
            + words.bytes();
    for (var each : models) {
      sum += each.bytes();
    }
    return sum;
  }

  /// Takes up what the journal holds beyond what was seen. Under the image's lock.
  void catchUp(Reader reader, long position) throws SQLException {
    if (!begun) {
      begun = true;
      late = VectorTable.late(reader, scope);
      snapshots.read(scope, in -> begin(reader, in));
    }
    takeNews(reader, false);
    part();
    publish(position);
    upTo = position;
    broken = false;
  }

  /// Takes contents that have ended out of what a question about now looks at, when they are many.
  private void part() {
    if (words.isWorthParting()) {
      words.part();
      models.forEach(each -> each.part(words));
      lookalikes = lookalikes.only(content -> words.isCurrent(contents.firstPiece[content]));
    }
  }

  /// The order in which revisions of several chains are taken, the same on every site. Those of one
  /// append share their recorded time and keep the order of their chain: they may be turns.
  private static Comparator<Entry> order(List<Reader.Chain> chains) {
    var uids = new HashMap<Long, byte[]>();
    chains.forEach(chain -> uids.put(chain.id(), chain.uid()));
    return Comparator.<Entry>comparingLong(entry -> entry.header().recorded())
        .thenComparing(
            entry -> Objects.requireNonNull(uids.get(entry.chain())), Arrays::compareUnsigned)
        .thenComparingLong(Entry::seq);
  }

  /// @param afresh whether nothing was here before
  private void takeNews(Reader reader, boolean afresh) throws SQLException {
    var chains = reader.chains(scope);
    var news = new ArrayList<Entry>();
    for (var chain : chains) {
      var head = heads.get(chain.id());
      long seen = head == null ? 0 : head.seq();
      boolean single = chains.size() == 1;
      while (seen < chain.seq()) {
        var batch = reader.chain(chain.id(), seen, BATCH);
        seen = checkWhole(reader, chain, seen, batch);
        if (!batch.isEmpty()) {
          var last = batch.getLast();
          heads.put(chain.id(), new Snapshot.Head(chain.id(), last.seq(), last.pos(), last.hash()));
        }
        if (single && !afresh && erasesWhatIsHere(batch)) {
          rebuild(reader);
          return;
        }
        if (single) {
          take(reader, batch);
        } else {
          news.addAll(batch);
        }
      }
    }
    if (!news.isEmpty()) {
      news.sort(order(chains));
      if (!afresh
          && ((news.getFirst().header().recorded() <= seenRecorded && count > 0)
              || erasesWhatIsHere(news))) {
        rebuild(reader);
        return;
      }
      take(reader, news);
    }
  }

  /// Whether a revision that is to be taken erases a memory of which there are rows. An image holds
  /// nothing of what was erased at the position it is of.
  private boolean erasesWhatIsHere(List<Entry> batch) {
    for (var entry : batch) {
      if (entry.header().change() == Change.ERASE && latest(entry.header().memory()) != NONE) {
        return true;
      }
    }
    return false;
  }

  /// Takes over what a snapshot holds, if the journal goes through it.
  private void begin(Reader reader, SnapshotIn in) throws SQLException, UnusableSnapshot {
    var identity = Snapshot.Identity.read(in);
    snapshots.requireOwn(identity, scope);
    identity.requireInJournal(reader);
    var readColumns = Columns.read(in.section(SnapshotSection.COLUMNS, 0), identity.rows());
    var readContents =
        Contents.read(in.section(SnapshotSection.CONTENTS, 0), readColumns, identity.rows());
    var readFacets = Facets.read(in.section(SnapshotSection.FACETS, 0));
    var readLookalikes = Lookalikes.read(in);
    var readWords = Words.read(in);
    var readModels = new ArrayList<ModelVectors>();
    ModelVectors.read(in, readModels);
    columns = readColumns;
    contents = readContents;
    facets = readFacets;
    lookalikes = readLookalikes;
    words = readWords;
    models.addAll(readModels);
    count = identity.rows();
    expiring = identity.expiring();
    seenRecorded = identity.recorded();
    identity.heads().forEach(head -> heads.put(head.chain(), head));
    for (int row = 0; row < count; row++) {
      setLatest(columns.id(row), row, columns.older[row] == NONE);
    }
    if (identity.late() != late) {
      takeLateVectors(reader);
    }
    sizeOnDisk = count + models.stream().mapToInt(ModelVectors::count).sum();
  }

  /// Takes up vectors that the journal got for contents that were here.
  private void takeLateVectors(Reader reader) throws SQLException {
    if (contents.count() == 0) {
      return;
    }
    var contentOf = new HashMap<Long, Integer>();
    for (int content = 0; content < contents.count(); content++) {
      contentOf.putIfAbsent(contents.pos[content], content);
    }
    var lacking = new LinkedHashSet<Long>();
    VectorTable.name(
        reader,
        Collections.min(contentOf.keySet()),
        Collections.max(contentOf.keySet()),
        (pos, piece, model, dimension) -> {
          var content = contentOf.get(pos);
          if (content != null
              && contents.firstPiece[content] + piece < contents.firstPiece[content + 1]
              && !vectors(model, dimension).has(contents.firstPiece[content] + piece)) {
            lacking.add(pos);
          }
        });
    var found = new ArrayList<VectorTable.Stored>();
    for (long pos : lacking) {
      found.addAll(VectorTable.of(reader, pos));
    }
    addVectors(found, false);
  }

  /// Other sites' revisions came in before what is here, or something of it was erased: begins
  /// again.
  private void rebuild(Reader reader) throws SQLException {
    heads.clear();
    gapless = true;
    late = VectorTable.late(reader, scope);
    sizeOnDisk = 0;
    columns = new Columns(16);
    count = 0;
    rowsById = newTable(32);
    ids = 0;
    seenRecorded = Long.MIN_VALUE;
    facets = new Facets();
    contents = new Contents();
    holders = new Holders();
    lookalikes = new Lookalikes();
    words = new Words();
    models.clear();
    expiring = false;
    takeNews(reader, true);
  }

  private void publish(long position) {
    var pinned = new ArrayList<View.Vectors>();
    models.forEach(each -> each.pin(pinned));
    var view =
        new View(
            columns,
            count,
            seenRecorded,
            facets,
            contents,
            contents.count(),
            lookalikes.pin(),
            words.pin(),
            List.copyOf(pinned),
            expiring);
    now = new Snapshot(view, position, late, gapless ? List.copyOf(heads.values()) : List.of());
    bytes = counted();
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
        gapless = false;
        expected = entry.seq();
      }
    }
    if (batch.isEmpty()) {
      if (!reader.isDeclaredMissing(chain.id(), seen + 1, chain.seq())) {
        throw missing(chain, seen + 1);
      }
      gapless = false;
      heads.put(chain.id(), new Snapshot.Head(chain.id(), chain.seq(), 0, chain.hash()));
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
      columns.end(row, recorded);
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
    var attributes = Objects.requireNonNull(body.attributes());
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
    if (!contents.isTurn(number)) {
      lookalikes.add(number, Shingles.of(content));
    }
    if (content.vector() != null) {
      vectors(View.GIVEN, content.vector().length).add(first, content.vector(), words);
    }
    for (var stored : computed.of(reader, holder)) {
      if (stored.piece() < pieces.size()) {
        vectors(stored.model(), stored.dims()).add(first + stored.piece(), stored.numbers(), words);
      }
    }
    return number;
  }

  private static int labels(Body.Attributes attributes) {
    return Objects.hash(attributes.key(), attributes.tags());
  }

  private ModelVectors vectors(String model, int dimension) {
    for (var each : models) {
      if (each.model().equals(model) && each.dimension() == dimension) {
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
  ///
  /// @param counted what the journal's count of such times then was
  void takeVectors(List<VectorTable.Stored> found, long counted) {
    addVectors(found, false);
    seeLate(counted);
  }

  /// The same of vectors that come in place of others.
  void replaceVectors(List<VectorTable.Stored> found, long counted) {
    addVectors(found, true);
    sizeOnDisk = 0;
    seeLate(counted);
  }

  private void seeLate(long counted) {
    if (counted == late + 1) {
      late = counted;
    }
    publish(upTo);
  }

  private void addVectors(List<VectorTable.Stored> found, boolean replacing) {
    for (var stored : found) {
      var ofModel = vectors(stored.model(), stored.dims());
      holders.visit(
          contents,
          stored.pos(),
          content -> {
            int piece = contents.firstPiece[content] + stored.piece();
            if (piece < contents.firstPiece[content + 1]) {
              if (replacing) {
                ofModel.drop(piece);
              }
              ofModel.add(piece, stored.numbers(), words);
            }
          });
    }
  }

  // The latest row of each memory: open addressing over row numbers.

  private static int[] newTable(int size) {
    var table = new int[size];
    Arrays.fill(table, NONE);
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
