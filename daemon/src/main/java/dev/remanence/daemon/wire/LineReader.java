package dev.remanence.daemon.wire;

import dev.remanence.RemanenceException.Busy;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads lines from a stream whose writer is not trusted: a line that is too long is skipped
/// without being held, and what long lines hold is taken from a budget until the next one is read.
///
/// A short line is never copied twice, and a reader that waits holds one small buffer.
public final class LineReader {
  private static final int BUFFER_BYTES = 1 << 13;
  private static final byte[] NOTHING = {};

  private final InputStream in;
  private final int lineBytesMax;
  private final LineBudget budget;
  private final Runnable begun;

  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int start;
  private int end;

  /// The part of a line that did not fit into the buffer.
  private byte[] held = NOTHING;

  private int heldBytes;
  private boolean tooLong;

  /// @param begun is called when a line was begun whose end is not there yet
  public LineReader(InputStream in, int lineBytesMax, LineBudget budget, Runnable begun) {
    this.in = in;
    this.lineBytesMax = lineBytesMax;
    this.budget = budget;
    this.begun = begun;
  }

  /// The next line without its end, or null where the input ended; empty where [#isTooLong]. What
  /// the input ends with counts as a line.
  public byte @Nullable [] next() throws IOException {
    letGo();
    tooLong = false;
    while (true) {
      int stop = start;
      while (stop < end && buffer[stop] != '\n') {
        stop++;
      }
      if (stop < end) {
        var line = whole(stop);
        start = stop + 1;
        return line;
      }
      if (start < end) {
        hold(end);
        begun.run();
      }
      int read = in.read(buffer);
      start = 0;
      end = Math.max(0, read);
      if (read < 0) {
        boolean any = heldBytes > 0 || tooLong;
        var line = whole(0);
        return any ? line : null;
      }
    }
  }

  /// Whether the line that was read last was skipped because it is too long.
  public boolean isTooLong() {
    return tooLong;
  }

  /// Whether more was received already.
  public boolean hasMore() {
    return start < end;
  }

  private byte[] whole(int stop) {
    if (heldBytes == 0 && !tooLong) {
      if (stop - start > lineBytesMax) {
        tooLong = true;
        return NOTHING;
      }
      return Arrays.copyOfRange(buffer, start, stop);
    }
    hold(stop);
    return tooLong ? NOTHING : Arrays.copyOf(held, heldBytes);
  }

  private void hold(int stop) {
    int bytes = stop - start;
    if (tooLong || heldBytes + bytes > lineBytesMax) {
      letGo();
      tooLong = true;
      return;
    }
    if (heldBytes + bytes > held.length) {
      int capacity = Math.max(BUFFER_BYTES, Math.max(held.length * 2, heldBytes + bytes));
      // Twice: the line is copied when it is whole.
      if (!budget.take(2L * (capacity - held.length))) {
        throw new Busy("too much is being received at once; send it again in a moment");
      }
      held = Arrays.copyOf(held, capacity);
    }
    System.arraycopy(buffer, start, held, heldBytes, bytes);
    heldBytes += bytes;
  }

  /// Gives back what the last line took.
  public void letGo() {
    budget.giveBack(2L * held.length);
    held = NOTHING;
    heldBytes = 0;
  }
}
