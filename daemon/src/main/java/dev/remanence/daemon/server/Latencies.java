package dev.remanence.daemon.server;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// How long calls took, as counts in buckets whose width is an eighth of their size: a quantile is
/// exact to 12.5 percent, from a microsecond to an hour. Thread-safe.
public final class Latencies {
  private static final int STEPS = 8;
  private static final int STEP_BITS = 3;
  private static final int BUCKETS = 32 * STEPS;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
  private final LongAdder micros = new LongAdder();

  void record(long nanos) {
    long elapsed = Math.max(0, nanos / 1000);
    micros.add(elapsed);
    counts.incrementAndGet(bucket(elapsed));
  }

  /// Below 8 a bucket for each microsecond; above, eight for each power of two.
  private static int bucket(long micros) {
    if (micros < STEPS) {
      return (int) micros;
    }
    int power = 63 - Long.numberOfLeadingZeros(micros);
    int step = (int) (micros >>> (power - STEP_BITS)) & (STEPS - 1);
    return Math.min(BUCKETS - 1, (power - STEP_BITS + 1) * STEPS + step);
  }

  /// The greatest number of microseconds in a bucket.
  private static long greatest(int bucket) {
    if (bucket < STEPS) {
      return bucket;
    }
    int power = bucket / STEPS + STEP_BITS - 1;
    long least = (long) (STEPS + bucket % STEPS) << (power - STEP_BITS);
    return least + (1L << (power - STEP_BITS)) - 1;
  }

  public long count() {
    long sum = 0;
    for (int i = 0; i < BUCKETS; i++) {
      sum += counts.get(i);
    }
    return sum;
  }

  public long totalMicros() {
    return micros.sum();
  }

  /// How many took no longer than this.
  public long countUpTo(long limitMicros) {
    long sum = 0;
    for (int i = 0; i < BUCKETS && greatest(i) <= limitMicros; i++) {
      sum += counts.get(i);
    }
    return sum;
  }

  /// What a share of the calls took at most, in microseconds; 0 where there were none.
  public long quantile(double share) {
    long rank = (long) Math.ceil(share * count());
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts.get(i);
      if (seen >= rank && seen > 0) {
        return greatest(i);
      }
    }
    return 0;
  }
}
