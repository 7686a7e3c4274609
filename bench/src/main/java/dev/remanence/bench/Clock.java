package dev.remanence.bench;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/// A loop that takes the time of each call: first for a while without looking, then for a while.
final class Clock {
  private final long warmUpNanos;
  private final long nanos;

  /// Keeps the answers alive, so that no call is optimized away.
  @SuppressWarnings("unused")
  private volatile long sink;

  Clock(double warmUpSeconds, double seconds) {
    warmUpNanos = (long) (warmUpSeconds * 1e9);
    nanos = (long) (seconds * 1e9);
  }

  /// Answers something that depends on what it read.
  @FunctionalInterface
  interface Call {
    long run() throws Exception;
  }

  /// The nanoseconds of each call.
  long[] times(Call call) throws Exception {
    loop(call, warmUpNanos);
    return loop(call, nanos);
  }

  /// The nanoseconds of each call, and those that this thread computed for one, on average. The
  /// latter hardly depends on what else the machine does.
  record Times(long[] nanos, double cpuNanos) {}

  Times timesAndCpu(Call call) throws Exception {
    loop(call, warmUpNanos);
    var thread = ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadCpuTime();
    var times = loop(call, nanos);
    return new Times(times, (thread.getCurrentThreadCpuTime() - before) / (double) times.length);
  }

  private long[] loop(Call call, long duration) throws Exception {
    var times = new long[1024];
    int count = 0;
    long kept = 0;
    long start = System.nanoTime();
    long before = start;
    while (before - start < duration || count == 0) {
      kept += call.run();
      long after = System.nanoTime();
      times[count++] = after - before;
      before = after;
      if (count == times.length) {
        times = Arrays.copyOf(times, 2 * count);
        before = System.nanoTime();
      }
    }
    sink = kept;
    return Arrays.copyOf(times, count);
  }
}
