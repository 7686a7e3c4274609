package dev.remanence.daemon.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Ends what waits too long for a caller: to send a body, or to take an answer. The JDK's server
/// reads and writes without a limit of time; interrupting the thread that does closes its channel.
final class Patience implements AutoCloseable {
  private final long nanos;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
  private final Thread thread;

  Patience(Duration limit) {
    this.nanos = limit.toNanos();
    long pause = Math.clamp(limit.toMillis() / 4, 10, 1000);
    this.thread =
        Thread.ofPlatform().daemon().name("remanence-http-patience").start(() -> watch(pause));
  }

  /// One thread that waits for its caller; from its making to its closing, on that thread.
  final class Waiting implements AutoCloseable {
    private final Thread of = Thread.currentThread();
    private final long since = System.nanoTime();

    /// Guarded by this.
    private boolean over;

    private boolean interrupted;

    private Waiting() {
      waiting.add(this);
    }

    private synchronized void endWhenOverdue(long now) {
      if (!over && now - since > nanos) {
        over = true;
        interrupted = true;
        of.interrupt();
      }
    }

    @Override
    public void close() {
      waiting.remove(this);
      synchronized (this) {
        over = true;
        if (interrupted) {
          // What comes next on this thread was not meant.
          Thread.interrupted();
        }
      }
    }
  }

  Waiting begin() {
    return new Waiting();
  }

  private void watch(long pauseMillis) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Thread.sleep(pauseMillis);
      } catch (InterruptedException _) {
        return;
      }
      long now = System.nanoTime();
      waiting.forEach(each -> each.endWhenOverdue(now));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
