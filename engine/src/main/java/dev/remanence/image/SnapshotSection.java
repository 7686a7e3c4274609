package dev.remanence.image;

/// A part of a snapshot file. Its place among the others is its number in the file.
enum SnapshotSection {
  IDENTITY,
  COLUMNS,
  CONTENTS,
  FACETS,
  DOCUMENTS,
  WORD_BYTES,
  WORD_TERMS,
  STEM_BYTES,
  STEM_TERMS,

  /// One for each model: which piece has which vector, the means.
  VECTORS,

  /// One for each model: the chunks of its codes, as they lie in memory.
  CODES
}
