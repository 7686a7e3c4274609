package dev.remanence.embed;

/// Vectors of length one, so that a product of two is their cosine.
final class UnitLength {
  private UnitLength() {}

  /// Scales in place. False where there is no direction: all zero, or a number that is none.
  static boolean scale(float[] vector) {
    double squares = 0;
    for (float each : vector) {
      squares += (double) each * each;
    }
    if (!(squares > 0) || !Double.isFinite(squares)) {
      return false;
    }
    double factor = 1 / Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] * factor);
    }
    return true;
  }
}
