package dev.remanence.image;

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
