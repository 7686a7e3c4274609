package dev.remanence.image;

/// A part of a snapshot file, and its number in the file's table.
enum SnapshotSection {
  IDENTITY(1),
  COLUMNS(2),
  CONTENTS(3),
  FACETS(4),
  DOCUMENTS(5),
  WORD_BYTES(6),
  WORD_TERMS(7),
  STEM_BYTES(8),
  STEM_TERMS(9),

  /// One for each model: which piece has which vector, the means.
  VECTORS(10),

  /// One for each model: the chunks of its codes, as they lie in memory.
  CODES(11),

  LOOKALIKES(12);

  private final int code;

  SnapshotSection(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static SnapshotSection ofCode(int code) throws UnusableSnapshot {
    for (var section : values()) {
      if (section.code == code) {
        return section;
      }
    }
    throw new UnusableSnapshot("it has an unknown section: " + code);
  }
}
