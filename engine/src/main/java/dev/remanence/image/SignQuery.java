package dev.remanence.image;

import java.util.Arrays;

/// A query's difference from a [Mean], in four bits a number, laid out for the scan of signs.
///
/// Each number becomes a level u of 0 to 15 that stands for (u − 7.5) · delta. With the signs as
/// ±1,
///
/// ```
/// s · (u − 7.5)  =  7.5 · dimension − Σ 2ᵖ · hamming(signs, plane p)
/// ```
///
/// where plane p holds bit p of every level: four exclusive ors and population counts a word.
///
/// @param planes for each word and each of its four planes, the same 64 bits once a lane
/// @param level what a vector's factor is multiplied by at distance 0
/// @param step by how much less at each further distance
/// @param constant what belongs to each estimate and is left out of the scan
record SignQuery(long[] planes, int words, float level, float step, float constant) {
  private static final int PLANES = 4;
  static final int PLANE_STRIDE = CodeLayout.LANES;
  static final int WORD_STRIDE = PLANES * PLANE_STRIDE;

  private static final float MIDDLE = 7.5f;

  /// Where levels end, in root mean squares: what lies beyond is cut, as it is rare, and all other
  /// numbers gain from finer levels.
  private static final float RANGE = 2.7f;

  /// The error of an estimate over factor · ‖q − c‖: √(1 − 2/π).
  private static final float ERROR = 0.603f;

  static SignQuery of(float[] rest, float squares, float constant, float optimism) {
    int words = (rest.length + Long.SIZE - 1) / Long.SIZE;
    var planes = new long[words * WORD_STRIDE];
    float norm = (float) Math.sqrt(squares);
    float width = norm / (float) Math.sqrt(rest.length) * RANGE / 8;
    float inverse = width == 0 ? 0 : 1 / width;
    float along = 0;
    for (int word = 0; word < words; word++) {
      long ones = 0;
      long twos = 0;
      long fours = 0;
      long eights = 0;
      int from = word * Long.SIZE;
      int to = Math.min(rest.length, from + Long.SIZE);
      for (int i = from; i < to; i++) {
        int u = Math.max(0, Math.min(15, (int) (rest[i] * inverse + 8)));
        along += rest[i] * (u - MIDDLE);
        ones |= (u & 1L) << i;
        twos |= (u >>> 1 & 1L) << i;
        fours |= (u >>> 2 & 1L) << i;
        eights |= (u >>> 3 & 1L) << i;
      }
      int plane = word * WORD_STRIDE;
      Arrays.fill(planes, plane, plane + PLANE_STRIDE, ones);
      Arrays.fill(planes, plane + PLANE_STRIDE, plane + 2 * PLANE_STRIDE, twos);
      Arrays.fill(planes, plane + 2 * PLANE_STRIDE, plane + 3 * PLANE_STRIDE, fours);
      Arrays.fill(planes, plane + 3 * PLANE_STRIDE, plane + WORD_STRIDE, eights);
    }
    float delta = along == 0 ? 0 : squares / along;
    float level = delta * MIDDLE * rest.length + optimism * ERROR * norm;
    return new SignQuery(planes, words, level, delta, constant);
  }
}
