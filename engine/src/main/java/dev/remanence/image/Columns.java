package dev.remanence.image;

import dev.remanence.Kind;
import dev.remanence.journal.Header;
import java.io.IOException;
import java.util.Arrays;
import java.util.UUID;

/// The rows of a scope's image: one per revision that records a value on the main branch, in the
/// order of recorded time. A row is never removed; what replaces it sets the end of its recorded
/// interval. So the past is an interval test away, and a reader that fixed its moment sees the same
/// rows whatever is added meanwhile.
///
/// Blocks of 256 rows carry the least and the greatest of what lists are sorted by, so that a page
/// is found without looking at every row. Bounds may tell of rows that came after a reader's count:
/// then they are wider than needed, never too narrow.
///
/// Written by one thread at a time under the image's lock. Readers hold the object that was
/// published, read rows below the published count, and compare with a recorded time at or before
/// the published one: an end that is set later lies after their moment and changes no answer.
final class Columns {
  /// The end of a recorded interval that is still open.
  static final long CURRENT = Long.MAX_VALUE;

  static final int BLOCK_SHIFT = 8;

  long[] pos;
  long[] recordedFrom;
  long[] recordedTo;
  long[] validFrom;
  long[] validUntil;
  long[] created;
  long[] expires;
  long[] idHigh;
  long[] idLow;
  long[] reference;
  double[] importance;
  byte[] kind;
  boolean[] pinned;
  int[] older;

  /// The number of the content that the row shows.
  int[] content;

  final Bounds at;
  final Bounds createdAt;
  final Bounds weight;

  /// By block: when the last of its rows ended, [#CURRENT] while one is current. Grows by
  /// replacement. A reader may see an older value, which is greater.
  private long[] blockUntil = new long[0];

  /// By block: how many rows are current. The writer's.
  private int[] blockCurrent = new int[0];

  /// The least and the greatest value of each block of one column.
  static final class Bounds {
    private long[] least = new long[0];
    private long[] greatest = new long[0];

    private void grow(int blocks) {
      int known = least.length;
      least = Arrays.copyOf(least, blocks);
      greatest = Arrays.copyOf(greatest, blocks);
      Arrays.fill(least, known, blocks, Long.MAX_VALUE);
      Arrays.fill(greatest, known, blocks, Long.MIN_VALUE);
    }

    private Bounds copy() {
      var copy = new Bounds();
      copy.least = least.clone();
      copy.greatest = greatest.clone();
      return copy;
    }

    void widen(int row, long value) {
      int block = row >>> BLOCK_SHIFT;
      least[block] = Math.min(least[block], value);
      greatest[block] = Math.max(greatest[block], value);
    }

    long least(int block) {
      return least[block];
    }

    long greatest(int block) {
      return greatest[block];
    }
  }

  Columns(int capacity) {
    this(capacity, new Bounds(), new Bounds(), new Bounds());
  }

  private Columns(int capacity, Bounds at, Bounds createdAt, Bounds weight) {
    this.at = at;
    this.createdAt = createdAt;
    this.weight = weight;
    growBounds(capacity);
    pos = new long[capacity];
    recordedFrom = new long[capacity];
    recordedTo = new long[capacity];
    validFrom = new long[capacity];
    validUntil = new long[capacity];
    created = new long[capacity];
    expires = new long[capacity];
    idHigh = new long[capacity];
    idLow = new long[capacity];
    reference = new long[capacity];
    importance = new double[capacity];
    kind = new byte[capacity];
    pinned = new boolean[capacity];
    older = new int[capacity];
    content = new int[capacity];
  }

  /// About how many bytes a row takes, its place in the id table included.
  static final int ROW_BYTES = 10 * 8 + 8 + 1 + 1 + 4 + 4 + 8;

  int capacity() {
    return pos.length;
  }

  /// The same rows with room for more. Readers of the old object keep it.
  Columns grown() {
    int capacity = capacity() * 2;
    var grown = new Columns(capacity, at.copy(), createdAt.copy(), weight.copy());
    grown.pos = Arrays.copyOf(pos, capacity);
    grown.recordedFrom = Arrays.copyOf(recordedFrom, capacity);
    grown.recordedTo = Arrays.copyOf(recordedTo, capacity);
    grown.validFrom = Arrays.copyOf(validFrom, capacity);
    grown.validUntil = Arrays.copyOf(validUntil, capacity);
    grown.created = Arrays.copyOf(created, capacity);
    grown.expires = Arrays.copyOf(expires, capacity);
    grown.idHigh = Arrays.copyOf(idHigh, capacity);
    grown.idLow = Arrays.copyOf(idLow, capacity);
    grown.reference = Arrays.copyOf(reference, capacity);
    grown.importance = Arrays.copyOf(importance, capacity);
    grown.kind = Arrays.copyOf(kind, capacity);
    grown.pinned = Arrays.copyOf(pinned, capacity);
    grown.older = Arrays.copyOf(older, capacity);
    grown.content = Arrays.copyOf(content, capacity);
    System.arraycopy(blockUntil, 0, grown.blockUntil, 0, blockUntil.length);
    System.arraycopy(blockCurrent, 0, grown.blockCurrent, 0, blockCurrent.length);
    return grown;
  }

  /// Writes the rows below a count. An interval that ended after the recorded time is still open.
  void write(SnapshotOut out, int count, long recorded) throws IOException {
    out.putLongs(pos, count);
    out.putLongs(recordedFrom, count);
    for (int row = 0; row < count; row++) {
      out.putLong(recordedTo[row] > recorded ? CURRENT : recordedTo[row]);
    }
    out.putLongs(validFrom, count);
    out.putLongs(validUntil, count);
    out.putLongs(created, count);
    out.putLongs(expires, count);
    out.putLongs(idHigh, count);
    out.putLongs(idLow, count);
    out.putLongs(reference, count);
    out.putDoubles(importance, count);
    out.putInts(older, count);
    out.putInts(content, count);
    out.putBytes(kind, count);
    for (int row = 0; row < count; row++) {
      out.putByte(pinned[row] ? 1 : 0);
    }
  }

  /// Reads so many rows, with room for more.
  static Columns read(SnapshotIn.Section in, int count) {
    var read = new Columns(count + Math.max(16, count >>> 3));
    in.getLongs(read.pos, count);
    in.getLongs(read.recordedFrom, count);
    in.getLongs(read.recordedTo, count);
    in.getLongs(read.validFrom, count);
    in.getLongs(read.validUntil, count);
    in.getLongs(read.created, count);
    in.getLongs(read.expires, count);
    in.getLongs(read.idHigh, count);
    in.getLongs(read.idLow, count);
    in.getLongs(read.reference, count);
    in.getDoubles(read.importance, count);
    in.getInts(read.older, count);
    in.getInts(read.content, count);
    in.getBytes(read.kind, count);
    for (int row = 0; row < count; row++) {
      read.pinned[row] = in.getByte() == 1;
    }
    for (int row = 0; row < count; row++) {
      read.bound(row);
    }
    return read;
  }

  private void growBounds(int capacity) {
    int blocks = (capacity + (1 << BLOCK_SHIFT) - 1) >>> BLOCK_SHIFT;
    at.grow(blocks);
    createdAt.grow(blocks);
    weight.grow(blocks);
    blockUntil = Arrays.copyOf(blockUntil, blocks);
    blockCurrent = Arrays.copyOf(blockCurrent, blocks);
  }

  /// A number whose order is that of a double.
  static long sortable(double value) {
    long bits = Double.doubleToLongBits(value);
    return bits >= 0 ? bits : bits ^ Long.MAX_VALUE;
  }

  /// Takes a row that was filled in up into its block's bounds.
  void bound(int row) {
    at.widen(row, validFrom[row]);
    createdAt.widen(row, created[row]);
    weight.widen(row, sortable(importance[row]));
    int block = row >>> BLOCK_SHIFT;
    if (recordedTo[row] == CURRENT) {
      blockUntil[block] = CURRENT;
      blockCurrent[block]++;
    } else {
      blockUntil[block] = Math.max(blockUntil[block], recordedTo[row]);
    }
  }

  /// Sets the end of a current row.
  void end(int row, long recorded) {
    recordedTo[row] = recorded;
    int block = row >>> BLOCK_SHIFT;
    if (--blockCurrent[block] == 0) {
      long until = Long.MIN_VALUE;
      int first = block << BLOCK_SHIFT;
      for (int each = first; each < Math.min(capacity(), first + (1 << BLOCK_SHIFT)); each++) {
        until = Math.max(until, recordedTo[each]);
      }
      blockUntil[block] = until;
    }
  }

  /// Whether a row of a block may be known at a recorded time.
  boolean mayBeKnown(int block, long recorded) {
    return recorded < blockUntil[block];
  }

  UUID id(int row) {
    return new UUID(idHigh[row], idLow[row]);
  }

  Kind kind(int row) {
    return Kind.ofCode(kind[row]);
  }

  boolean known(int row, long recorded) {
    return recordedFrom[row] <= recorded && recorded < recordedTo[row];
  }

  boolean valid(int row, long millis) {
    return validFrom[row] <= millis && (millis < validUntil[row] || validUntil[row] == Header.OPEN);
  }
}
