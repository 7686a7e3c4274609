package dev.remanence.life;

import dev.remanence.Kind;

/// How strong a memory is now: importance × recency × use. Computed when read, never written.
///
/// - recency = 2^(−age ÷ half-life of the kind), age since it was last changed; 1 for kinds that
///   time does not wear: procedural and soliton
/// - use = 1 + log2(1 + uses + repeats) ÷ 8, so that the 255th use has doubled it
///
/// The product is cut at 1.
public final class Strength {
  private static final double DAY_MILLIS = 24 * 3600 * 1000.0;

  private Strength() {}

  public static double of(
      Kind kind, double importance, long updatedMillis, long nowMillis, long uses, int count) {
    double age = Math.max(0, nowMillis - updatedMillis) / DAY_MILLIS;
    double halfLife = halfLifeDays(kind);
    double recency = Double.isInfinite(halfLife) ? 1 : Math.pow(2, -age / halfLife);
    double used = 1 + Math.log(1.0 + uses + (count - 1)) / Math.log(2) / 8;
    return Math.min(1, importance * recency * used);
  }

  private static double halfLifeDays(Kind kind) {
    return switch (kind) {
      case WORKING -> 1;
      case GHOST -> 1.0 / 24;
      case EPISODIC -> 30;
      case SEMANTIC -> 365;
      case PROCEDURAL, SOLITON -> Double.POSITIVE_INFINITY;
    };
  }
}
