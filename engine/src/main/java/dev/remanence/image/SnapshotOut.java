package dev.remanence.image;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// Writes a snapshot file from its beginning to its end, section after section. [Snapshot] has the
/// layout. One use, one thread.
final class SnapshotOut {
  private static final int BUFFER_BYTES = 1 << 18;

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final MemorySegment segment = MemorySegment.ofArray(buffer);
  private final List<Snapshot.Place> places = new ArrayList<>();
  private final CRC32C sum = new CRC32C();
  private int used;

  /// Bytes that went out of the buffer.
  private long flushed;

  SnapshotOut(OutputStream out) throws IOException {
    this.out = out;
    putLong(Snapshot.MAGIC);
    putInt(Snapshot.FORMAT);
    align();
  }

  /// What is put next belongs to a section.
  Section section(SnapshotSection kind, int number) throws IOException {
    align();
    flush();
    sum.reset();
    return new Section(kind, number, flushed);
  }

  /// A section that is being written; closing it ends it.
  final class Section implements AutoCloseable {
    private final SnapshotSection kind;
    private final int number;
    private final long offset;

    private Section(SnapshotSection kind, int number, long offset) {
      this.kind = kind;
      this.number = number;
      this.offset = offset;
    }

    @Override
    public void close() throws IOException {
      flush();
      places.add(new Snapshot.Place(kind, number, offset, flushed - offset, (int) sum.getValue()));
    }
  }

  /// Writes the table of sections and the end.
  void finish() throws IOException {
    align();
    flush();
    long table = flushed;
    sum.reset();
    for (var place : places) {
      putInt(place.kind().ordinal());
      putInt(place.number());
      putLong(place.offset());
      putLong(place.bytes());
      putInt(place.checksum());
      putInt(0);
    }
    putLong(table);
    putInt(places.size());
    flush();
    putInt((int) sum.getValue());
    flush();
  }

  /// Zeros up to the next place at which a section may begin.
  void align() throws IOException {
    while ((flushed + used) % Snapshot.ALIGNMENT != 0) {
      putByte(0);
    }
  }

  void putByte(int value) throws IOException {
    need(1);
    buffer[used++] = (byte) value;
  }

  void putInt(int value) throws IOException {
    need(Integer.BYTES);
    segment.set(Snapshot.INT, used, value);
    used += Integer.BYTES;
  }

  void putLong(long value) throws IOException {
    need(Long.BYTES);
    segment.set(Snapshot.LONG, used, value);
    used += Long.BYTES;
  }

  void putText(String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    putInt(bytes.length);
    putBytes(bytes, bytes.length);
  }

  void putLongs(long[] values, int count) throws IOException {
    putAll(values, Snapshot.LONG, count);
  }

  void putInts(int[] values, int count) throws IOException {
    putAll(values, Snapshot.INT, count);
  }

  void putFloats(float[] values) throws IOException {
    putAll(values, Snapshot.FLOAT, values.length);
  }

  void putDoubles(double[] values, int count) throws IOException {
    putAll(values, Snapshot.DOUBLE, count);
  }

  void putChars(char[] values, int count) throws IOException {
    putAll(values, Snapshot.CHAR, count);
  }

  void putBytes(byte[] values, int count) throws IOException {
    putAll(values, ValueLayout.JAVA_BYTE, count);
  }

  private void putAll(Object array, ValueLayout layout, int count) throws IOException {
    int size = (int) layout.byteSize();
    int done = 0;
    while (done < count) {
      need(size);
      int now = Math.min(count - done, (BUFFER_BYTES - used) / size);
      MemorySegment.copy(array, done, segment, layout, used, now);
      used += now * size;
      done += now;
    }
  }

  /// Copies bytes from off the heap.
  void putSegment(MemorySegment from, long offset, long bytes) throws IOException {
    long done = 0;
    while (done < bytes) {
      need(1);
      int now = (int) Math.min(bytes - done, BUFFER_BYTES - used);
      MemorySegment.copy(from, offset + done, segment, used, now);
      used += now;
      done += now;
    }
  }

  private void need(int bytes) throws IOException {
    if (used + bytes > BUFFER_BYTES) {
      flush();
    }
  }

  private void flush() throws IOException {
    sum.update(buffer, 0, used);
    out.write(buffer, 0, used);
    flushed += used;
    used = 0;
  }
}
