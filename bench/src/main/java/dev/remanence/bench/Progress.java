package dev.remanence.bench;

/// Says every few seconds how far something long is.
final class Progress {
  private static final long SILENT_NANOS = 5_000_000_000L;

  private final String what;
  private final long total;
  private final long start = System.nanoTime();
  private long said = start;
  private long first = -1;

  Progress(String what, long total) {
    this.what = what;
    this.total = total;
  }

  synchronized void at(long done) {
    first = first < 0 ? done : first;
    long now = System.nanoTime();
    if (now - said > SILENT_NANOS) {
      said = now;
      double perSecond = (done - first) / ((now - start) / 1e9);
      System.out.printf(
          "%s: %d of %d, %.0f/s, %.0f s left%n",
          what, done, total, perSecond, (total - done) / perSecond);
    }
  }
}
