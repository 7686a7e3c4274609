package dev.remanence.daemon.wire;

import java.util.concurrent.atomic.AtomicLong;

/// What all connections together may hold of lines that are not answered yet.
public final class LineBudget {
  private final long max;
  private final AtomicLong used = new AtomicLong();

  public LineBudget(long max) {
    this.max = max;
  }

  /// For one line after the other: what a single reader holds is bounded by the longest line.
  public static LineBudget unlimited() {
    return new LineBudget(Long.MAX_VALUE);
  }

  /// Whether there was room; what was taken is to be given back.
  public boolean take(long bytes) {
    if (used.addAndGet(bytes) > max) {
      used.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  public void giveBack(long bytes) {
    used.addAndGet(-bytes);
  }

  public long used() {
    return used.get();
  }
}
