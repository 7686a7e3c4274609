package dev.remanence.image;

import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Header;
import dev.remanence.journal.MemoryState;
import dev.remanence.journal.Reader;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
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
  private final Map<Long, Long> seenSeq = new HashMap<>();
  private Columns columns = new Columns(16);
  private int count;
  private int[] rowsById = newTable(32);
  private int ids;
  private long seenRecorded = Long.MIN_VALUE;
  private volatile View view = new View(columns, 0, Long.MIN_VALUE);

  /// The position up to which the journal was when this image was last brought up to date.
  private volatile long upTo = -1;

  /// Whether bringing it up to date has begun and not ended. Under the image's lock.
  private boolean broken;

  ScopeImage(long scope) {
    this.scope = scope;
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
    return (long) columns.capacity() * Columns.ROW_BYTES;
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
            batch.forEach(this::take);
          } else {
            news.addAll(batch);
          }
        }
        seenSeq.put(chain.id(), seen);
      }
    }
    if (!news.isEmpty()) {
      news.sort(MemoryState.ORDER);
      if (news.getFirst().header().recorded() <= seenRecorded && count > 0) {
        rebuild(reader, position);
        return;
      }
      news.forEach(this::take);
    }
    view = new View(columns, count, seenRecorded);
    upTo = position;
    broken = false;
  }

  /// Other sites' revisions came in before what is here: begin again.
  private void rebuild(Reader reader, long position) throws SQLException {
    seenSeq.clear();
    columns = new Columns(16);
    count = 0;
    rowsById = newTable(32);
    ids = 0;
    seenRecorded = Long.MIN_VALUE;
    catchUp(reader, position);
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

  private void take(Entry entry) {
    var header = entry.header();
    seenRecorded = Math.max(seenRecorded, header.recorded());
    switch (header.change()) {
      case OPEN -> {}
      case FORGET, ERASE -> {
        for (int row = latest(header.memory()); row != NONE; row = columns.older[row]) {
          end(row, header.recorded());
        }
      }
      case CREATE, REINFORCE, REVISE, BOUND, SUPERSEDE, LINK, UNLINK, REVERT, BRANCH, MERGE -> {
        if (header.branch() == Header.MAIN) {
          replaceParents(header);
          add(entry);
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
    }
  }

  private void add(Entry entry) {
    var header = entry.header();
    var body = entry.decoded();
    if (body == null || body.attributes() == null) {
      return;
    }
    if (count == columns.capacity()) {
      columns = columns.grown();
    }
    int row = count;
    var attributes = body.attributes();
    int older = latest(header.memory());
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
    columns.bound(row);
    count++;
    setLatest(header.memory(), row, older == NONE);
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
