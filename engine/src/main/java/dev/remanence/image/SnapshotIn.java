package dev.remanence.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// A snapshot file whose every byte was checked. [Snapshot] has the layout.
final class SnapshotIn {
  private static final long CHECKED_AT_ONCE = 1 << 30;

  private final MemorySegment file;
  private final List<Snapshot.Place> places;

  /// @param file all of it
  SnapshotIn(MemorySegment file) throws UnusableSnapshot {
    this.file = file;
    if (file.byteSize() < Snapshot.ALIGNMENT + Snapshot.END_BYTES
        || file.get(Snapshot.LONG, 0) != Snapshot.MAGIC) {
      throw new UnusableSnapshot("it is no snapshot, or was cut short");
    }
    if (file.get(Snapshot.INT, Long.BYTES) != Snapshot.FORMAT) {
      throw new UnusableSnapshot("its format is " + file.get(Snapshot.INT, Long.BYTES));
    }
    places = places(file);
    for (var place : places) {
      if (checksum(file, place.offset(), place.bytes()) != place.checksum()) {
        throw new UnusableSnapshot("section " + place.kind() + " is damaged");
      }
    }
  }

  private static List<Snapshot.Place> places(MemorySegment file) throws UnusableSnapshot {
    long end = file.byteSize() - Snapshot.END_BYTES;
    long table = file.get(Snapshot.LONG, end);
    int count = file.get(Snapshot.INT, end + Long.BYTES);
    if (table < 0
        || count < 0
        || table + (long) count * Snapshot.PLACE_BYTES != end
        || checksum(file, table, file.byteSize() - Integer.BYTES - table)
            != file.get(Snapshot.INT, file.byteSize() - Integer.BYTES)) {
      throw new UnusableSnapshot("its table of sections is damaged");
    }
    var places = new ArrayList<Snapshot.Place>(count);
    for (long at = table; at < end; at += Snapshot.PLACE_BYTES) {
      places.add(
          new Snapshot.Place(
              SnapshotSection.values()[file.get(Snapshot.INT, at)],
              file.get(Snapshot.INT, at + 4),
              file.get(Snapshot.LONG, at + 8),
              file.get(Snapshot.LONG, at + 16),
              file.get(Snapshot.INT, at + 24)));
    }
    return places;
  }

  private static int checksum(MemorySegment file, long offset, long bytes) {
    var sum = new CRC32C();
    for (long done = 0; done < bytes; done += CHECKED_AT_ONCE) {
      sum.update(
          file.asSlice(offset + done, Math.min(CHECKED_AT_ONCE, bytes - done)).asByteBuffer());
    }
    return (int) sum.getValue();
  }

  /// How many sections of a kind there are.
  int count(SnapshotSection kind) {
    return (int) places.stream().filter(place -> place.kind() == kind).count();
  }

  /// A section, to be read from its beginning.
  Section section(SnapshotSection kind, int number) throws UnusableSnapshot {
    for (var place : places) {
      if (place.kind() == kind && place.number() == number) {
        return new Section(file.asSlice(place.offset(), place.bytes()));
      }
    }
    throw new UnusableSnapshot("section " + kind + " is missing");
  }

  /// Reads a section in the order in which it was written.
  static final class Section {
    private final MemorySegment bytes;
    private long at;

    private Section(MemorySegment bytes) {
      this.bytes = bytes;
    }

    byte getByte() {
      return bytes.get(ValueLayout.JAVA_BYTE, at++);
    }

    int getInt() {
      int value = bytes.get(Snapshot.INT, at);
      at += Integer.BYTES;
      return value;
    }

    long getLong() {
      long value = bytes.get(Snapshot.LONG, at);
      at += Long.BYTES;
      return value;
    }

    String getText() {
      var text = new byte[getInt()];
      getBytes(text, text.length);
      return new String(text, StandardCharsets.UTF_8);
    }

    void getLongs(long[] values, int count) {
      getAll(values, Snapshot.LONG, count);
    }

    void getInts(int[] values, int count) {
      getAll(values, Snapshot.INT, count);
    }

    void getFloats(float[] values) {
      getAll(values, Snapshot.FLOAT, values.length);
    }

    void getDoubles(double[] values, int count) {
      getAll(values, Snapshot.DOUBLE, count);
    }

    void getChars(char[] values, int count) {
      getAll(values, Snapshot.CHAR, count);
    }

    void getBytes(byte[] values, int count) {
      getAll(values, ValueLayout.JAVA_BYTE, count);
    }

    private void getAll(Object array, ValueLayout layout, int count) {
      MemorySegment.copy(bytes, layout, at, array, 0, count);
      at += count * layout.byteSize();
    }

    /// The next bytes where they lie.
    MemorySegment getSegment(long size) {
      var segment = bytes.asSlice(at, size);
      at += size;
      return segment;
    }

    /// Passes over the zeros that [SnapshotOut#align] wrote. Sections begin aligned.
    void align() {
      at = (at + Snapshot.ALIGNMENT - 1) / Snapshot.ALIGNMENT * Snapshot.ALIGNMENT;
    }
  }
}
