package dev.remanence.journal;

import java.time.InstantSource;

/// Recorded time: 48 bits of milliseconds and 16 bits of counter in one long. Never runs backwards,
/// whatever the wall clock does, and never repeats within a site.
///
/// Used by the writer's thread only.
public final class HybridClock {
  private static final int COUNTER_BITS = 16;

  private final InstantSource wall;
  private long last;

  HybridClock(InstantSource wall, long last) {
    this.wall = wall;
    this.last = last;
  }

  long next() {
    last = Math.max(wall.millis() << COUNTER_BITS, last + 1);
    return last;
  }

  /// The millisecond of a recorded time.
  public static long millis(long recorded) {
    return recorded >> COUNTER_BITS;
  }

  /// The last recorded time that belongs to a millisecond.
  public static long endOf(long millis) {
    return (millis << COUNTER_BITS) | ((1L << COUNTER_BITS) - 1);
  }

  public static long startOf(long millis) {
    return millis << COUNTER_BITS;
  }
}
