package dev.remanence.image;

import java.lang.foreign.MemorySegment;

/// The point on which the signs of some chunks are centred: a mean of the vectors that were there
/// when it was taken. Never changes. Any point is right; the nearer to the vectors, the sharper the
/// estimates.
///
/// For a vector v and this mean c let r = v − c, and s the signs of r. With
///
/// ```
/// factor = Σr² / Σ|r|      additive = v · c
/// ```
///
/// the cosine to a query q is estimated as
///
/// ```
/// v · q  =  r · (q − c) + v · c + c · (q − c)  ≈  factor · (s · (q − c)) + additive + constant
/// ```
///
/// which is exact where q − c points along r, and else errs by about 0.6 · factor · ‖q − c‖, evenly
/// to both sides.
final class Mean {
  private final float[] values;
  private final int of;

  /// @param of how many vectors it is the mean of
  Mean(float[] values, int of) {
    this.values = values;
    this.of = of;
  }

  int of() {
    return of;
  }

  float[] values() {
    return values;
  }

  int dimension() {
    return values.length;
  }

  /// Writes the signs of a vector, its factor and its additive to its lane.
  void encode(float[] vector, MemorySegment signs, int index) {
    assert vector.length == values.length : vector.length;
    int words = (values.length + Long.SIZE - 1) / Long.SIZE;
    long block = (long) (index / CodeLayout.LANES) * CodeLayout.blockBytes(words);
    int lane = index % CodeLayout.LANES;
    float squares = 0;
    float sizes = 0;
    float additive = 0;
    for (int word = 0; word < words; word++) {
      long bits = 0;
      int from = word * Long.SIZE;
      int to = Math.min(values.length, from + Long.SIZE);
      for (int i = from; i < to; i++) {
        float rest = vector[i] - values[i];
        bits |= rest > 0 ? 1L << i : 0;
        squares += rest * rest;
        sizes += Math.abs(rest);
        additive += vector[i] * values[i];
      }
      CodeLayout.putLong(signs, block + CodeLayout.wordOffset(word, lane), bits);
    }
    float factor = sizes == 0 ? 0 : squares / sizes;
    CodeLayout.putFloat(signs, block + CodeLayout.factorOffset(words, lane), factor);
    CodeLayout.putFloat(signs, block + CodeLayout.additiveOffset(words, lane), additive);
  }

  /// A query as the scan of signs wants it.
  ///
  /// @param optimism by how many standard errors an estimate is raised
  SignQuery query(float[] vector, float optimism) {
    assert vector.length == values.length : vector.length;
    var rest = new float[values.length];
    float squares = 0;
    float constant = 0;
    for (int i = 0; i < rest.length; i++) {
      rest[i] = vector[i] - values[i];
      squares += rest[i] * rest[i];
      constant += rest[i] * values[i];
    }
    return SignQuery.of(rest, squares, constant, optimism);
  }
}
