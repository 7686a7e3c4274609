package dev.remanence.image;

import java.util.Arrays;

/// The vectors of one model in a scope: codes to search, and which piece has which.
///
/// Written by one thread at a time, under the image's lock.
final class ModelVectors {
  static final int NONE = -1;

  private final String model;
  private final VectorCodes codes;

  /// By piece: its vector, or [#NONE]. Grows by replacement.
  private int[] ordinals = new int[0];

  ModelVectors(String model, int dimension) {
    this.model = model;
    this.codes = new VectorCodes(dimension);
  }

  String model() {
    return model;
  }

  VectorCodes codes() {
    return codes;
  }

  int[] ordinals() {
    return ordinals;
  }

  boolean has(int piece) {
    return piece < ordinals.length && ordinals[piece] != NONE;
  }

  /// Adds a piece's vector, whatever its length; one of zeros or of another dimension is left out.
  void add(int piece, float[] vector) {
    double square = 0;
    for (float number : vector) {
      square += (double) number * number;
    }
    if (vector.length != codes.dimension() || square == 0 || has(piece)) {
      return;
    }
    double length = Math.sqrt(square);
    var unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    if (piece >= ordinals.length) {
      int before = ordinals.length;
      var grown = Arrays.copyOf(ordinals, Math.max(16, piece + 1 + (piece >> 1)));
      Arrays.fill(grown, before, grown.length, NONE);
      ordinals = grown;
    }
    ordinals[piece] = codes.add(piece, unit);
  }

  long bytes() {
    return codes.bytes() + 4L * ordinals.length;
  }
}
