package dev.remanence.testkit;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// A wall clock that stands still until it is told. It may be set back, as wall clocks are.
public final class TestClock implements InstantSource {
  private final AtomicLong millis;

  public TestClock(Instant start) {
    millis = new AtomicLong(start.toEpochMilli());
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis.get());
  }

  @Override
  public long millis() {
    return millis.get();
  }

  /// Moves the clock; a negative number sets it back.
  public void advance(long byMillis) {
    millis.addAndGet(byMillis);
  }
}
