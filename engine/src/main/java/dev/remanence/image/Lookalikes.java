package dev.remanence.image;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/// Finds the contents of a scope that may be nearly the same text as another, without comparing it
/// with each.
///
/// The [Shingles] of a text give 16 least hashes, two of which make a band. Two texts whose
/// likeness is s share one of the 8 bands with probability 1 − (1 − s²)⁸: 0.90 for s = 0.5, 0.97
/// for 0.6, 0.995 for 0.7; 0.08 for 0.1. So a table of bands names few that are not alike, which
/// the caller tells by their texts, and misses some that are just alike enough.
///
/// Contents that have ended are left out when the image is parted ([Words#part]), so they do not
/// take the place of current ones for long. Turns are left out: people say the same again. A band
/// that many contents share stands for the first of them only, so that what is written over and
/// over by a program costs no more than else.
///
/// Written by one thread at a time, under the image's lock. Arrays grow by replacement; a reader
/// holds what [#pin] gave and passes over what came later.
final class Lookalikes {
  private static final int NONE = -1;
  private static final int BANDS = 8;
  private static final int ROWS = 2;

  /// So many contents are found by one band.
  private static final int ALIKE_MAX = 32;

  /// By entry: its content, and the keys of its bands.
  private int[] contents = new int[8];

  private int[] keys = new int[8 * BANDS];
  private int count;

  /// Open addressing over the numbers of keys.
  private int[] table = newTable(128);

  private int filled;

  /// Entries as a reader sees them.
  record Pinned(int[] contents, int[] keys, int[] table, int count) {
    /// The contents that share bands with a text, and how many.
    Map<Integer, Integer> find(Shingles text) {
      var found = new HashMap<Integer, Integer>();
      var bands = bands(text);
      for (int band = 0; band < BANDS; band++) {
        for (int slot = slot(table, bands[band]); table[slot] != NONE; slot = next(table, slot)) {
          int entry = table[slot] / BANDS;
          if (entry < count && keys[table[slot]] == bands[band]) {
            found.merge(contents[entry], 1, Integer::sum);
          }
        }
      }
      return found;
    }
  }

  Pinned pin() {
    return new Pinned(contents, keys, table, count);
  }

  void add(int content, Shingles text) {
    add(content, bands(text));
  }

  /// The same without the contents that do not pass.
  Lookalikes only(IntPredicate passing) {
    var made = new Lookalikes();
    for (int entry = 0; entry < count; entry++) {
      if (passing.test(contents[entry])) {
        made.add(contents[entry], Arrays.copyOfRange(keys, entry * BANDS, (entry + 1) * BANDS));
      }
    }
    return made;
  }

  private void add(int content, int[] bands) {
    if (count == contents.length) {
      contents = Arrays.copyOf(contents, 2 * count);
      keys = Arrays.copyOf(keys, 2 * count * BANDS);
    }
    contents[count] = content;
    System.arraycopy(bands, 0, keys, count * BANDS, BANDS);
    count++;
    if (2 * (filled + BANDS) > table.length) {
      fill(newTable(2 * table.length));
    } else {
      enter(count - 1, table);
    }
  }

  private void fill(int[] larger) {
    filled = 0;
    for (int entry = 0; entry < count; entry++) {
      enter(entry, larger);
    }
    table = larger;
  }

  private void enter(int entry, int[] into) {
    for (int key = entry * BANDS; key < (entry + 1) * BANDS; key++) {
      int slot = slot(into, keys[key]);
      int alike = 0;
      while (into[slot] != NONE && alike < ALIKE_MAX) {
        alike += keys[into[slot]] == keys[key] ? 1 : 0;
        slot = next(into, slot);
      }
      if (alike < ALIKE_MAX) {
        into[slot] = key;
        filled++;
      }
    }
  }

  private static int[] newTable(int size) {
    var table = new int[size];
    Arrays.fill(table, NONE);
    return table;
  }

  private static int slot(int[] table, int key) {
    return ((key * 0x9E3779B9) >>> 7) & (table.length - 1);
  }

  private static int next(int[] table, int slot) {
    return (slot + 1) & (table.length - 1);
  }

  /// A key for each band; it tells which band it is of.
  static int[] bands(Shingles text) {
    var least = text.least(BANDS * ROWS);
    var bands = new int[BANDS];
    for (int band = 0; band < BANDS; band++) {
      bands[band] = (31 * least[2 * band] + least[2 * band + 1]) * BANDS + band;
    }
    return bands;
  }

  /// Writes what a reader sees.
  static void write(SnapshotOut out, Pinned pinned) throws IOException {
    try (var _ = out.section(SnapshotSection.LOOKALIKES, 0)) {
      out.putInt(pinned.count);
      out.putInts(pinned.contents, pinned.count);
      out.putInts(pinned.keys, pinned.count * BANDS);
    }
  }

  static Lookalikes read(SnapshotIn in) throws UnusableSnapshot {
    var section = in.section(SnapshotSection.LOOKALIKES, 0);
    var read = new Lookalikes();
    read.count = section.getInt();
    int capacity = read.count + Math.max(8, read.count >>> 3);
    read.contents = new int[capacity];
    read.keys = new int[capacity * BANDS];
    section.getInts(read.contents, read.count);
    section.getInts(read.keys, read.count * BANDS);
    int size = 128;
    while (2 * (read.count + 1) * BANDS > size) {
      size *= 2;
    }
    read.fill(newTable(size));
    return read;
  }

  long bytes() {
    return 4L * (contents.length + keys.length + table.length);
  }
}
