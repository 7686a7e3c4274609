package dev.remanence.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Where the bytes of vector codes are. All numbers are little-endian, nothing needs alignment, and
/// a chunk looks the same off the heap and in a mapped file.
///
/// A vector of `dimension` numbers takes `words` = dimension / 64, rounded up, words of signs and
/// `padded` = 64 · words bytes; what is beyond the dimension is zero.
///
/// ```
/// rows of a chunk                              signs of a chunk: blocks of eight vectors
/// ┌────────────────────────────────┐           ┌──────────────────────────────────────────┐
/// │ capacity × padded × int8       │           │ word 0 of vectors 0..7       8 × int64   │
/// ├────────────────────────────────┤           │ word 1 of vectors 0..7       8 × int64   │
/// │ capacity × scale   float32     │           │ …                                        │
/// ├────────────────────────────────┤           │ factor of vectors 0..7       8 × float32 │
/// │ capacity × row     int32       │           │ additive of vectors 0..7     8 × float32 │
/// └────────────────────────────────┘           └──────────────────────────────────────────┘
/// ```
///
/// A row number is stored as its complement once its ordinal is dead.
record CodeLayout(int dimension) {
  static final int DIMENSION_MIN = 1;
  static final int DIMENSION_MAX = 4096;

  /// Vectors in a block.
  static final int LANES = 8;

  private static final int WORD_BITS = 64;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  CodeLayout {
    if (dimension < DIMENSION_MIN || dimension > DIMENSION_MAX) {
      throw new IllegalArgumentException("dimension of vector codes: dimension=" + dimension);
    }
  }

  int words() {
    return (dimension + WORD_BITS - 1) / WORD_BITS;
  }

  int padded() {
    return words() * WORD_BITS;
  }

  long rowsBytes(int capacity) {
    return (long) capacity * (padded() + Float.BYTES + Integer.BYTES);
  }

  long signsBytes(int capacity) {
    return (long) capacity / LANES * blockBytes(words());
  }

  // A block.

  static int blockBytes(int words) {
    return LANES * (words * Long.BYTES + 2 * Float.BYTES);
  }

  static int wordOffset(int word, int lane) {
    return (word * LANES + lane) * Long.BYTES;
  }

  static int factorOffset(int words, int lane) {
    return words * LANES * Long.BYTES + lane * Float.BYTES;
  }

  static int additiveOffset(int words, int lane) {
    return factorOffset(words, LANES + lane);
  }

  // The rows of a chunk.

  long rowOffset(int index) {
    return (long) index * padded();
  }

  float scale(MemorySegment rows, int capacity, int index) {
    return rows.get(FLOAT, scaleOffset(capacity, index));
  }

  void scale(MemorySegment rows, int capacity, int index, float scale) {
    rows.set(FLOAT, scaleOffset(capacity, index), scale);
  }

  int number(MemorySegment rows, int capacity, int index) {
    return rows.get(INT, numberOffset(capacity, index));
  }

  void number(MemorySegment rows, int capacity, int index, int number) {
    rows.set(INT, numberOffset(capacity, index), number);
  }

  long scaleOffset(int capacity, int index) {
    return (long) capacity * padded() + (long) index * Float.BYTES;
  }

  long numberOffset(int capacity, int index) {
    return scaleOffset(capacity, capacity + index);
  }

  // Numbers.

  static void putFloat(MemorySegment segment, long offset, float value) {
    segment.set(FLOAT, offset, value);
  }

  static void getLongs(MemorySegment segment, long offset, long[] values) {
    MemorySegment.copy(segment, LONG, offset, values, 0, values.length);
  }

  static void putLong(MemorySegment segment, long offset, long value) {
    segment.set(LONG, offset, value);
  }
}
