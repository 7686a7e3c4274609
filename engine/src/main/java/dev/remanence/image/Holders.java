package dev.remanence.image;

import java.util.Arrays;
import java.util.function.IntConsumer;

/// Finds the contents that a revision holds, by its position: several, where their key or their
/// tags changed. Written and read by one thread at a time, under the image's lock; made when the
/// first vectors come late.
final class Holders {
  private static final int NONE = -1;

  /// Open addressing over the numbers of contents.
  private int[] table = new int[0];

  private int count;

  /// Calls with each content that the revision at a position holds.
  void visit(Contents contents, long pos, IntConsumer visitor) {
    catchUp(contents);
    for (int slot = slot(pos); table[slot] != NONE; slot = (slot + 1) & (table.length - 1)) {
      if (contents.pos[table[slot]] == pos) {
        visitor.accept(table[slot]);
      }
    }
  }

  private void catchUp(Contents contents) {
    if (2 * (contents.count() + 1) > table.length) {
      table = new int[Integer.highestOneBit(4 * (contents.count() + 8))];
      Arrays.fill(table, NONE);
      count = 0;
    }
    for (; count < contents.count(); count++) {
      int slot = slot(contents.pos[count]);
      while (table[slot] != NONE) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = count;
    }
  }

  private int slot(long pos) {
    return (int) ((pos * 0x9E3779B97F4A7C15L) >>> 32) & (table.length - 1);
  }

  long bytes() {
    return 4L * table.length;
  }
}
