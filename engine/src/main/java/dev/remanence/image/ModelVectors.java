package dev.remanence.image;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The vectors of one model in a scope: hot ones, which a question about what is current looks at,
/// and those of the past.
///
/// Written by one thread at a time, under the image's lock.
final class ModelVectors {
  private final String model;
  private PieceVectors hot;
  private @Nullable PieceVectors past;

  ModelVectors(String model, int dimension) {
    this.model = model;
    hot = new PieceVectors(dimension);
  }

  /// Reads the vectors of a snapshot, in the order in which they were pinned.
  static void read(SnapshotIn in, List<ModelVectors> models) throws UnusableSnapshot {
    for (int number = 0; number < in.count(SnapshotSection.VECTORS); number++) {
      var beside = in.section(SnapshotSection.VECTORS, number);
      var model = beside.getText();
      boolean past = beside.getByte() == 1;
      var read = PieceVectors.read(beside, in.section(SnapshotSection.CODES, number));
      if (past) {
        models.getLast().past = read;
      } else {
        var made = new ModelVectors(model, read.dimension());
        made.hot = read;
        models.add(made);
      }
    }
  }

  String model() {
    return model;
  }

  int dimension() {
    return hot.dimension();
  }

  int count() {
    return hot.count() + (past == null ? 0 : past.count());
  }

  boolean has(int piece) {
    return hot.has(piece) || (past != null && past.has(piece));
  }

  /// Adds a piece's vector, whatever its length; one of zeros or of another dimension is left out.
  void add(int piece, float[] vector, Words pieces) {
    double square = 0;
    for (float number : vector) {
      square += (double) number * number;
    }
    if (vector.length != dimension() || square == 0 || has(piece)) {
      return;
    }
    double length = Math.sqrt(square);
    var unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    (pieces.isCold(piece) ? thePast() : hot).add(piece, unit);
  }

  private PieceVectors thePast() {
    var known = past;
    if (known == null) {
      known = new PieceVectors(dimension());
      past = known;
    }
    return known;
  }

  /// Takes the vectors of pieces that have ended out of the hot ones.
  void part(Words pieces) {
    var kept = new PieceVectors(dimension());
    hot.partInto(kept, thePast(), pieces);
    hot = kept;
  }

  /// Takes a piece's vector away.
  void drop(int piece) {
    hot.drop(piece);
    if (past != null) {
      past.drop(piece);
    }
  }

  /// Adds what a reader holds: the hot ones, then the past's if there are any.
  void pin(List<View.Vectors> pinned) {
    pinned.add(hot.pin(model, false));
    if (past != null) {
      pinned.add(past.pin(model, true));
    }
  }

  long bytes() {
    return hot.bytes() + (past == null ? 0 : past.bytes());
  }
}
