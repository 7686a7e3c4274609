package dev.remanence.image;

import java.io.IOException;
import java.util.Arrays;

/// Codes to search, and which piece of a scope's contents has which of them.
///
/// Written by one thread at a time, under the image's lock.
final class PieceVectors {
  static final int NONE = -1;

  private final VectorCodes codes;

  /// By piece: its vector, or [#NONE]. Grows by replacement.
  private int[] ordinals;

  PieceVectors(int dimension) {
    this(new VectorCodes(dimension), new int[0]);
  }

  private PieceVectors(VectorCodes codes, int[] ordinals) {
    this.codes = codes;
    this.ordinals = ordinals;
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
      out.putByte(vectors.past() ? 1 : 0);
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

  /// Reads what comes behind the model's name.
  static PieceVectors read(SnapshotIn.Section beside, SnapshotIn.Section codes) {
    int dimension = beside.getInt();
    int count = beside.getInt();
    var ordinals = new int[beside.getInt()];
    beside.getInts(ordinals, ordinals.length);
    return new PieceVectors(VectorCodes.read(dimension, count, beside, codes), ordinals);
  }

  View.Vectors pin(String model, boolean past) {
    return new View.Vectors(model, past, codes, codes.count(), ordinals);
  }

  int dimension() {
    return codes.dimension();
  }

  int count() {
    return codes.count();
  }

  boolean has(int piece) {
    return piece < ordinals.length && ordinals[piece] != NONE;
  }

  void add(int piece, float[] unit) {
    put(piece, codes.add(piece, unit));
  }

  /// Puts each vector that a piece still has where it belongs: to pieces that are current, or past.
  void partInto(PieceVectors current, PieceVectors past, Words pieces) {
    for (int ordinal = 0; ordinal < codes.count(); ordinal++) {
      int piece = codes.row(ordinal);
      if (ordinals[piece] == ordinal) {
        var part = pieces.isCurrent(piece) ? current : past;
        part.put(piece, part.codes.copy(codes, ordinal));
      }
    }
  }

  private void put(int piece, int ordinal) {
    if (piece >= ordinals.length) {
      int before = ordinals.length;
      var grown = Arrays.copyOf(ordinals, Math.max(16, piece + 1 + (piece >> 1)));
      Arrays.fill(grown, before, grown.length, NONE);
      ordinals = grown;
    }
    ordinals[piece] = ordinal;
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
