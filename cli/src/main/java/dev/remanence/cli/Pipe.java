package dev.remanence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.daemon.protocol.RpcLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// `remanence pipe`: requests on stdin, answers on stdout in their order, a line each.
///
/// Answers are flushed when no more input is ready, so that a caller who waits for one gets it and
/// a file of requests is answered in large writes. A line that is too long is refused and skipped
/// without being held in memory.
final class Pipe {
  private static final int BUFFER_BYTES = 1 << 16;

  private final RpcLine rpc;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int start;
  private int end;

  private byte[] line = new byte[BUFFER_BYTES];
  private int lineBytes;
  private boolean tooLong;

  Pipe(RpcLine rpc, InputStream in, OutputStream out) {
    this.rpc = rpc;
    this.in = in;
    this.out = out;
  }

  /// Serves until the input ends.
  void run() throws IOException {
    while (readLine()) {
      var answer = tooLong ? RpcLine.tooLong() : answer();
      if (answer != null) {
        out.write(answer.getBytes(UTF_8));
        out.write('\n');
      }
      if (start == end && in.available() == 0) {
        out.flush();
      }
    }
    out.flush();
  }

  private @Nullable String answer() {
    var bytes = Arrays.copyOf(line, lineBytes);
    for (byte b : bytes) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return rpc.answer(bytes);
      }
    }
    return null;
  }

  /// Reads up to the next line's end, or the input's. False where nothing is left.
  private boolean readLine() throws IOException {
    lineBytes = 0;
    tooLong = false;
    boolean any = false;
    while (true) {
      if (start == end) {
        end = in.read(buffer);
        start = 0;
        if (end < 0) {
          end = 0;
          return any;
        }
      }
      any = true;
      int stop = start;
      while (stop < end && buffer[stop] != '\n') {
        stop++;
      }
      take(stop);
      start = Math.min(stop + 1, end);
      if (stop < end) {
        return true;
      }
    }
  }

  private void take(int stop) {
    int bytes = stop - start;
    if (tooLong || lineBytes + bytes > RpcLine.LINE_BYTES_MAX) {
      tooLong = true;
      line = new byte[BUFFER_BYTES];
      lineBytes = 0;
      return;
    }
    if (lineBytes + bytes > line.length) {
      line = Arrays.copyOf(line, Math.max(line.length * 2, lineBytes + bytes));
    }
    System.arraycopy(buffer, start, line, lineBytes, bytes);
    lineBytes += bytes;
  }
}
