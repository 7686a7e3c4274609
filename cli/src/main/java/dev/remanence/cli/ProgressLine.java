package dev.remanence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Remanence.Progress;
import java.io.IOException;
import java.io.OutputStream;

/// One line on a terminal's stderr that says how far a long operation is, and is gone at its end.
final class ProgressLine implements Progress, AutoCloseable {
  private static final long INTERVAL_NANOS = 100_000_000;

  private final OutputStream err;
  private final String what;
  private long drawnNanos = System.nanoTime();
  private boolean drawn;

  ProgressLine(OutputStream err, String what) {
    this.err = err;
    this.what = what;
  }

  @Override
  public void at(long done, long total) {
    long now = System.nanoTime();
    if (now - drawnNanos >= INTERVAL_NANOS) {
      drawnNanos = now;
      drawn = true;
      draw(
          total > 0
              ? what + " " + done + " of " + total + " (" + 100 * done / total + " %)"
              : what + " " + done);
    }
  }

  @Override
  public void close() {
    if (drawn) {
      draw("");
    }
  }

  private void draw(String text) {
    try {
      err.write(("\r\u001b[K" + text).getBytes(UTF_8));
      err.flush();
    } catch (IOException _) {
      // Nobody looks any more; the operation goes on.
    }
  }
}
