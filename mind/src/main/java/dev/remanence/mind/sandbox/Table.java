package dev.remanence.mind.sandbox;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A hash table that keeps the order of insertion: the inside of dicts and sets. Every probe is
/// charged, so keys that were chosen to collide cost only the guest that chose them.
///
/// `slots` hold 0 for nothing or the number of an entry plus one. An entry that was removed stays
/// in its place without a key, until the table is built anew.
final class Table {
  private static final int SLOTS_MIN = 8;
  private static final int ENTRY_BYTES = 100;

  private int[] slots = new int[SLOTS_MIN];
  private @Nullable Object[] keys = new @Nullable Object[SLOTS_MIN];
  private @Nullable Object[] values = new @Nullable Object[SLOTS_MIN];
  private int[] hashes = new int[SLOTS_MIN];

  /// Entries that are taken, removed ones included.
  private int used;

  private int size;

  int size() {
    return size;
  }

  @Nullable Object get(Run run, Object key) {
    int entry = find(run, key, Equality.hash(run, key));
    return entry < 0 ? null : values[entry];
  }

  boolean contains(Run run, Object key) {
    return find(run, key, Equality.hash(run, key)) >= 0;
  }

  /// Puts a value; a key that is there keeps its place.
  void put(Run run, Object key, Object value) {
    int hash = Equality.hash(run, key);
    int entry = find(run, key, hash);
    if (entry >= 0) {
      values[entry] = value;
      return;
    }
    run.meter.charge(ENTRY_BYTES);
    if (used == keys.length) {
      rebuild(run);
    }
    keys[used] = key;
    values[used] = value;
    hashes[used] = hash;
    used++;
    size++;
    place(used, hash);
  }

  /// Removes an entry and answers its value, or null where there is none.
  @Nullable Object remove(Run run, Object key) {
    int entry = find(run, key, Equality.hash(run, key));
    if (entry < 0) {
      return null;
    }
    var value = values[entry];
    keys[entry] = null;
    values[entry] = null;
    size--;
    return value;
  }

  void clear() {
    slots = new int[SLOTS_MIN];
    keys = new @Nullable Object[SLOTS_MIN];
    values = new @Nullable Object[SLOTS_MIN];
    hashes = new int[SLOTS_MIN];
    used = 0;
    size = 0;
  }

  /// The first entry at or after a position, or -1.
  int entry(Run run, int from) {
    for (int i = from; i < used; i++) {
      if (keys[i] != null) {
        return i;
      }
      run.meter.step();
    }
    return -1;
  }

  /// The last entry, or -1.
  int last(Run run) {
    while (used > 0 && keys[used - 1] == null) {
      run.meter.step();
      used--;
      rehash(run);
    }
    return used - 1;
  }

  Object key(int entry) {
    return requireNonNull(keys[entry]);
  }

  Object value(int entry) {
    return requireNonNull(values[entry]);
  }

  private int find(Run run, Object key, int hash) {
    int mask = slots.length - 1;
    int slot = spread(hash) & mask;
    while (slots[slot] != 0) {
      run.meter.step();
      int entry = slots[slot] - 1;
      var found = keys[entry];
      if (found != null && hashes[entry] == hash && Equality.isFound(run, found, key)) {
        return entry;
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  private void place(int number, int hash) {
    if (used * 2 > slots.length) {
      grow();
      return;
    }
    int mask = slots.length - 1;
    int slot = spread(hash) & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = number;
  }

  private void grow() {
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    for (int i = 0; i < used; i++) {
      if (keys[i] != null) {
        int slot = spread(hashes[i]) & mask;
        while (slots[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        slots[slot] = i + 1;
      }
    }
  }

  /// Drops what was removed, and makes room for as much again.
  private void rebuild(Run run) {
    run.meter.work(used);
    int capacity = Math.max(SLOTS_MIN, size * 2);
    var oldKeys = keys;
    var oldValues = values;
    var oldHashes = hashes;
    run.meter.charge(capacity * 8L);
    keys = new @Nullable Object[capacity];
    values = new @Nullable Object[capacity];
    hashes = new int[capacity];
    int kept = 0;
    for (int i = 0; i < used; i++) {
      if (oldKeys[i] != null) {
        keys[kept] = oldKeys[i];
        values[kept] = oldValues[i];
        hashes[kept] = oldHashes[i];
        kept++;
      }
    }
    used = kept;
    rehash(run);
  }

  private void rehash(Run run) {
    run.meter.work(slots.length / 8);
    Arrays.fill(slots, 0);
    int mask = slots.length - 1;
    for (int i = 0; i < used; i++) {
      if (keys[i] != null) {
        int slot = spread(hashes[i]) & mask;
        while (slots[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        slots[slot] = i + 1;
      }
    }
  }

  private static int spread(int hash) {
    int mixed = hash * 0x9E3779B9;
    return mixed ^ (mixed >>> 16);
  }
}
