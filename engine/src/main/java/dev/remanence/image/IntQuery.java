package dev.remanence.image;

/// A query as whole numbers, for dot products with int8 rows. The numbers are as large as a sum of
/// `dimension` products can bear, so the rounding of the rows is all that is lost.
///
/// @param numbers one for each of the padded dimension
/// @param scale what a dot product is multiplied by
record IntQuery(int[] numbers, float scale) {
  private static final int NUMBER_MAX = 1 << 15;

  static IntQuery of(float[] vector, int padded) {
    float largest = 0;
    for (float value : vector) {
      largest = Math.max(largest, Math.abs(value));
    }
    int most = Math.min(NUMBER_MAX, Integer.MAX_VALUE / (Byte.MAX_VALUE * padded) - 1);
    float inverse = largest == 0 ? 0 : most / largest;
    var numbers = new int[padded];
    for (int i = 0; i < vector.length; i++) {
      numbers[i] = Math.round(vector[i] * inverse);
    }
    return new IntQuery(numbers, largest / most);
  }
}
