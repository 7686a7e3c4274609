package dev.remanence;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Lines of bytes from a stream, of a bounded length: what is longer is passed over and told. Used
/// by one thread.
final class InputLines {
  private final InputStream in;
  private final int bytesMax;
  private final byte[] buffer = new byte[1 << 16];
  private int next;
  private int end;

  InputLines(InputStream in, int bytesMax) {
    this.in = in;
    this.bytesMax = bytesMax;
  }

  /// A line without its end.
  ///
  /// @param bytes null where it is longer than allowed
  /// @param length how long it is
  record Line(byte @Nullable [] bytes, long length) {}

  /// The next line, or null at the end of the stream.
  @Nullable Line read() throws IOException {
    var spilled = new ByteArrayOutputStream(0);
    long length = 0;
    while (next < end || fill()) {
      int from = next;
      while (next < end && buffer[next] != '\n') {
        next++;
      }
      int found = next - from;
      length += found;
      boolean ends = next < end;
      if (ends) {
        next++;
        if (length == found) {
          return line(Arrays.copyOfRange(buffer, from, from + found), length);
        }
      }
      if (length <= bytesMax) {
        spilled.write(buffer, from, found);
      }
      if (ends) {
        return line(spilled.toByteArray(), length);
      }
    }
    return length == 0 ? null : line(spilled.toByteArray(), length);
  }

  private Line line(byte[] bytes, long length) {
    return new Line(length <= bytesMax ? bytes : null, length);
  }

  private boolean fill() throws IOException {
    next = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }
}
