package dev.remanence.image;

import java.io.IOException;
import java.util.Arrays;

/// Ascending row numbers. One writer adds; a reader takes the size once and sees the rows below it.
final class RowList {
  private int[] rows = new int[4];
  private volatile int size;

  void add(int row) {
    int n = size;
    if (n > 0 && rows[n - 1] == row) {
      return;
    }
    assert n == 0 || rows[n - 1] < row;
    if (n == rows.length) {
      rows = Arrays.copyOf(rows, n + (n >> 1) + 1);
    }
    rows[n] = row;
    size = n + 1;
  }

  /// How many rows are below a number.
  int below(int count) {
    int n = size;
    int place = Arrays.binarySearch(rows, 0, n, count);
    return place < 0 ? ~place : place;
  }

  /// Writes the first rows.
  void write(SnapshotOut out, int first) throws IOException {
    out.putInt(first);
    out.putInts(rows, first);
  }

  static RowList read(SnapshotIn.Section in) {
    var read = new RowList();
    int count = in.getInt();
    if (count > read.rows.length) {
      read.rows = new int[count];
    }
    in.getInts(read.rows, count);
    read.size = count;
    return read;
  }

  /// Sets the bits of the rows below a count.
  void addTo(long[] bits, int count) {
    int n = size;
    var seen = rows;
    for (int i = 0; i < n && seen[i] < count; i++) {
      bits[seen[i] >>> 6] |= 1L << seen[i];
    }
  }

  /// Clears the bits of the rows below a count.
  void removeFrom(long[] bits, int count) {
    int n = size;
    var seen = rows;
    for (int i = 0; i < n && seen[i] < count; i++) {
      bits[seen[i] >>> 6] &= ~(1L << seen[i]);
    }
  }

  long bytes() {
    return 32 + 4L * rows.length;
  }
}
