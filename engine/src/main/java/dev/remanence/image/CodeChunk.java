package dev.remanence.image;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A run of vectors whose codes lie together and never move: int8 rows from the start, signs from
/// when there is a [Mean].
///
/// Written by one thread. A reader looks at indices below the count that was published to it.
final class CodeChunk {
  /// The signs of all vectors of a chunk and the mean they were made with.
  record Signs(Mean mean, MemorySegment blocks) {}

  private static final int CACHE_LINE_BYTES = 64;

  private final CodeLayout layout;
  private final int first;
  private final int capacity;
  private final MemorySegment rows;

  /// Volatile: signs made later become visible whole.
  private volatile @Nullable Signs signs;

  CodeChunk(CodeLayout layout, int first, int capacity) {
    this(
        layout,
        first,
        capacity,
        Arena.ofAuto().allocate(layout.rowsBytes(capacity), CACHE_LINE_BYTES),
        null);
  }

  private CodeChunk(
      CodeLayout layout, int first, int capacity, MemorySegment rows, @Nullable Signs signs) {
    this.layout = layout;
    this.first = first;
    this.capacity = capacity;
    this.rows = rows;
    this.signs = signs;
  }

  /// Writes the first vectors as if there were room for no more.
  void write(SnapshotOut out, int count, boolean withSigns) throws IOException {
    var present = withSigns ? signs : null;
    out.align();
    out.putSegment(rows, 0, layout.rowOffset(count));
    out.putSegment(rows, layout.scaleOffset(capacity, 0), (long) count * Float.BYTES);
    out.putSegment(rows, layout.numberOffset(capacity, 0), (long) count * Integer.BYTES);
    if (present != null) {
      out.align();
      out.putSegment(present.blocks, 0, layout.signsBytes(blocksOf(count)));
    }
  }

  /// A chunk from a file: as it lies there if it is full, else with room for what may come.
  static CodeChunk read(
      SnapshotIn.Section in,
      CodeLayout layout,
      int first,
      int capacity,
      int count,
      @Nullable Mean mean) {
    in.align();
    var rows = in.getSegment(layout.rowsBytes(count));
    MemorySegment blocks = null;
    if (mean != null) {
      in.align();
      blocks = in.getSegment(layout.signsBytes(blocksOf(count)));
    }
    if (count == capacity) {
      return new CodeChunk(
          layout,
          first,
          capacity,
          rows,
          mean == null || blocks == null ? null : new Signs(mean, blocks));
    }
    var chunk = new CodeChunk(layout, first, capacity);
    MemorySegment.copy(rows, 0, chunk.rows, 0, layout.rowOffset(count));
    MemorySegment.copy(
        rows,
        layout.scaleOffset(count, 0),
        chunk.rows,
        layout.scaleOffset(capacity, 0),
        (long) count * Float.BYTES);
    MemorySegment.copy(
        rows,
        layout.numberOffset(count, 0),
        chunk.rows,
        layout.numberOffset(capacity, 0),
        (long) count * Integer.BYTES);
    if (mean != null && blocks != null) {
      chunk.center(mean, 0);
      MemorySegment.copy(
          blocks, 0, Objects.requireNonNull(chunk.signs).blocks, 0, blocks.byteSize());
    }
    return chunk;
  }

  /// So many vectors, rounded up to whole blocks.
  private static int blocksOf(int count) {
    return (count + CodeLayout.LANES - 1) / CodeLayout.LANES * CodeLayout.LANES;
  }

  /// The ordinal at index 0.
  int first() {
    return first;
  }

  int capacity() {
    return capacity;
  }

  @Nullable Signs signs() {
    return signs;
  }

  /// From now on vectors get signs; so do the `count` that are there, from their int8 rows.
  void center(Mean mean, int count) {
    var made =
        new Signs(mean, Arena.ofAuto().allocate(layout.signsBytes(capacity), CACHE_LINE_BYTES));
    var vector = new float[layout.dimension()];
    for (int index = 0; index < count; index++) {
      decode(index, vector);
      mean.encode(vector, made.blocks, index);
      if (isDead(index)) {
        silence(made, index);
      }
    }
    signs = made;
  }

  void set(int index, int row, float[] vector) {
    float largest = 0;
    for (float value : vector) {
      largest = Math.max(largest, Math.abs(value));
    }
    float inverse = largest == 0 ? 0 : Byte.MAX_VALUE / largest;
    var numbers = new byte[vector.length];
    for (int i = 0; i < vector.length; i++) {
      numbers[i] = (byte) Math.round(vector[i] * inverse);
    }
    float along = 0;
    float squares = 0;
    for (int i = 0; i < vector.length; i++) {
      along += vector[i] * numbers[i];
      squares += vector[i] * vector[i];
    }
    MemorySegment.copy(
        numbers, 0, rows, ValueLayout.JAVA_BYTE, layout.rowOffset(index), numbers.length);
    layout.scale(rows, capacity, index, along == 0 ? 0 : squares / along);
    layout.number(rows, capacity, index, row);
    var present = signs;
    if (present != null) {
      present.mean.encode(vector, present.blocks, index);
    }
  }

  /// Takes a vector's code over, signs made with the mean of this chunk.
  void copy(int index, CodeChunk from, int other) {
    MemorySegment.copy(
        from.rows,
        layout.rowOffset(other),
        rows,
        layout.rowOffset(index),
        layout.rowOffset(1) - layout.rowOffset(0));
    layout.scale(rows, capacity, index, layout.scale(from.rows, from.capacity, other));
    layout.number(rows, capacity, index, from.number(other));
    var present = signs;
    if (present != null) {
      var vector = new float[layout.dimension()];
      decode(index, vector);
      present.mean.encode(vector, present.blocks, index);
    }
  }

  /// Adds what the code of a vector stands for.
  void addTo(double[] sum, int index) {
    float scale = layout.scale(rows, capacity, index);
    long offset = layout.rowOffset(index);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += rows.get(ValueLayout.JAVA_BYTE, offset + i) * scale;
    }
  }

  void kill(int index) {
    int row = layout.number(rows, capacity, index);
    layout.number(rows, capacity, index, row < 0 ? row : ~row);
    var present = signs;
    if (present != null) {
      silence(present, index);
    }
  }

  private void silence(Signs present, int index) {
    int words = layout.words();
    long block = (long) (index / CodeLayout.LANES) * CodeLayout.blockBytes(words);
    CodeLayout.putFloat(
        present.blocks,
        block + CodeLayout.additiveOffset(words, index % CodeLayout.LANES),
        Float.NEGATIVE_INFINITY);
  }

  boolean isDead(int index) {
    return layout.number(rows, capacity, index) < 0;
  }

  /// The row of a vector, or its complement if the vector is dead.
  int number(int index) {
    return layout.number(rows, capacity, index);
  }

  /// The cosines of some vectors by their int8 rows.
  void cosines(Kernel kernel, int[] indexes, int count, IntQuery query, float[] cosines) {
    var dots = new int[count];
    kernel.dots(rows, indexes, count, query.numbers(), dots);
    for (int i = 0; i < count; i++) {
      cosines[i] = dots[i] * (layout.scale(rows, capacity, indexes[i]) * query.scale());
    }
  }

  void decode(int index, float[] vector) {
    float scale = layout.scale(rows, capacity, index);
    long offset = layout.rowOffset(index);
    for (int i = 0; i < vector.length; i++) {
      vector[i] = rows.get(ValueLayout.JAVA_BYTE, offset + i) * scale;
    }
  }

  long bytes() {
    var present = signs;
    return rows.byteSize() + (present == null ? 0 : present.blocks.byteSize());
  }
}
