package dev.remanence.life;

import dev.remanence.Provenance;

/// How much a source is trusted. What a person or a program states is trusted more than what was
/// read out of a text or made by a model; among equals, its confidence counts.
final class Trust {
  /// Confidences that differ by less are the same: those of extraction tell how a sentence was
  /// worded, and a value said in other words is no less true.
  private static final double STEP = 0.2;

  private Trust() {}

  /// Whether a source is trusted less than another.
  static boolean isLess(Provenance source, Provenance other) {
    return isDerived(source) == isDerived(other)
        ? confidence(source) + STEP < confidence(other)
        : isDerived(source);
  }

  private static boolean isDerived(Provenance source) {
    var method = source.method();
    return method != null
        && (method.startsWith("extraction")
            || method.startsWith("llm")
            || method.startsWith("model"));
  }

  private static double confidence(Provenance source) {
    return source.confidence() == null ? 1 : source.confidence();
  }
}
