package dev.remanence.image;

import java.io.IOException;
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
    this(model, new VectorCodes(dimension));
  }

  private ModelVectors(String model, VectorCodes codes) {
    this.model = model;
    this.codes = codes;
  }

  /// Writes what a reader's moment shows.
  ///
  /// @param pieces how many pieces there are
  static void write(SnapshotOut out, int number, View.Vectors vectors, int pieces)
      throws IOException {
    var codes = vectors.codes();
    var means = codes.means(vectors.count());
    try (var _ = out.section(SnapshotSection.VECTORS, number)) {
      out.putText(vectors.model());
      out.putInt(codes.dimension());
      out.putInt(vectors.count());
      int told = Math.min(pieces, vectors.ordinals().length);
      out.putInt(told);
      for (int piece = 0; piece < told; piece++) {
        out.putInt(vectors.ordinal(piece));
      }
      codes.writeMeans(out, vectors.count(), means);
    }
    try (var _ = out.section(SnapshotSection.CODES, number)) {
      codes.writeCodes(out, vectors.count(), means);
    }
  }

  static ModelVectors read(SnapshotIn in, int number) throws UnusableSnapshot {
    var beside = in.section(SnapshotSection.VECTORS, number);
    var model = beside.getText();
    int dimension = beside.getInt();
    int count = beside.getInt();
    var ordinals = new int[beside.getInt()];
    beside.getInts(ordinals, ordinals.length);
    var codes =
        VectorCodes.read(dimension, count, beside, in.section(SnapshotSection.CODES, number));
    var read = new ModelVectors(model, codes);
    read.ordinals = ordinals;
    return read;
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

  /// Takes a piece's vector away. Its code stays: a search may still name the piece for it, but
  /// nothing is measured by it.
  void drop(int piece) {
    if (has(piece)) {
      // Readers of before keep theirs.
      ordinals = ordinals.clone();
      ordinals[piece] = NONE;
    }
  }

  long bytes() {
    return codes.bytes() + 4L * ordinals.length;
  }
}
