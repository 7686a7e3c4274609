package dev.remanence.mind.sandbox;

import java.util.concurrent.TimeUnit;

/// What a run has spent. Everything is charged before it is done; the run's own thread alone calls
/// it, but for [#cancel].
final class Meter {
  /// Steps between two looks at the clock.
  private static final int SLICE = 2048;

  /// Levels of nesting that the stack of a run holds: of blocks and expressions, summed over all
  /// calls that are under way, and of values within values.
  static final int LEVELS_MAX = 16_000;

  private final SandboxLimits limits;
  private final long begin = System.nanoTime();
  private final long nanosMax;
  private int fuel = SLICE;
  private long stepsBefore;
  private long bytes;
  private long outputBytes;
  private int hostCalls;
  private int calls;
  private int levels;
  private volatile boolean cancelled;

  Meter(SandboxLimits limits) {
    this.limits = limits;
    this.nanosMax = limits.time().toNanos();
  }

  /// One step.
  void step() {
    if (--fuel <= 0) {
      refuel();
    }
  }

  /// Work that a built-in operation is about to do.
  void work(long units) {
    if (units < fuel) {
      fuel -= (int) Math.max(0, units);
    } else {
      stepsBefore = Math.min(stepsBefore + units, Long.MAX_VALUE / 2);
      refuel();
    }
  }

  private void refuel() {
    stepsBefore += SLICE - fuel;
    fuel = SLICE;
    if (stepsBefore > limits.steps()) {
      stepsBefore = limits.steps();
      throw new LimitExceeded("more than " + limits.steps() + " steps");
    }
    checkTime();
  }

  /// Looks at the clock now.
  void checkTime() {
    if (System.nanoTime() - begin > nanosMax) {
      throw new LimitExceeded("more than " + limits.time().toMillis() + " ms");
    }
    if (cancelled) {
      throw new LimitExceeded("cancelled");
    }
  }

  /// Bytes that are about to be allocated.
  void charge(long more) {
    if (more < 0 || bytes + more > limits.bytes()) {
      throw new LimitExceeded("more than " + limits.bytes() + " bytes allocated");
    }
    bytes += more;
    work(more >> 4);
  }

  /// A text that is about to be made.
  void chargeText(long characters) {
    charge(40 + 2 * characters);
  }

  /// Slots of a list or a tuple, each with the number it may hold.
  void chargeSlots(long slots) {
    charge(32 + 32 * slots);
  }

  /// Whether so much more may be printed; it counts as printed either way.
  boolean print(long more) {
    outputBytes += more;
    return outputBytes <= limits.outputBytes();
  }

  LimitExceeded outputExceeded() {
    return new LimitExceeded("more than " + limits.outputBytes() + " bytes of output");
  }

  void hostCall() {
    if (hostCalls >= limits.hostCalls()) {
      throw new LimitExceeded("more than " + limits.hostCalls() + " calls of the host");
    }
    hostCalls++;
    work(100);
    checkTime();
  }

  /// Enters a call whose body nests so deep. Pairs with [#leave].
  void enter(int height) {
    if (calls >= limits.depth()) {
      throw new LimitExceeded("more than " + limits.depth() + " calls within calls");
    }
    descend(height);
    calls++;
  }

  void leave(int height) {
    calls--;
    levels -= height;
  }

  /// Goes so many levels deeper. Pairs with [#ascend].
  void descend(int height) {
    if (levels + height > LEVELS_MAX) {
      throw new LimitExceeded("more than " + LEVELS_MAX + " levels of nesting");
    }
    levels += height;
    step();
  }

  void ascend(int height) {
    levels -= height;
  }

  /// How deep the run is, for [#restore] where an exception was caught on the way up.
  long mark() {
    return ((long) calls << 32) | levels;
  }

  void restore(long mark) {
    calls = (int) (mark >>> 32);
    levels = (int) mark;
  }

  /// Ends the run at its next look at the clock. Any thread may call it.
  void cancel() {
    cancelled = true;
  }

  long steps() {
    return stepsBefore + SLICE - fuel;
  }

  long bytes() {
    return bytes;
  }

  int hostCalls() {
    return hostCalls;
  }

  long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
  }
}
