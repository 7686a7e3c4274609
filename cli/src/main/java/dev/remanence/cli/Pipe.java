package dev.remanence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.daemon.protocol.RpcLine;
import dev.remanence.daemon.wire.LineBudget;
import dev.remanence.daemon.wire.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// `remanence pipe`: requests on stdin, answers on stdout in their order, a line each.
///
/// Answers are flushed when no more input is ready, so that a caller who waits for one gets it and
/// a file of requests is answered in large writes.
final class Pipe {
  private final Reach reach;
  private final InputStream in;
  private final LineReader lines;
  private final OutputStream out;

  Pipe(Reach reach, InputStream in, OutputStream out) {
    this.reach = reach;
    this.in = in;
    this.lines = new LineReader(in, RpcLine.LINE_BYTES_MAX, LineBudget.unlimited(), () -> {});
    this.out = out;
  }

  /// Serves until the input ends.
  void run() throws IOException {
    for (var line = lines.next(); line != null; line = lines.next()) {
      var answer = lines.isTooLong() ? RpcLine.tooLong().getBytes(UTF_8) : answer(line);
      if (answer != null) {
        out.write(answer);
        out.write('\n');
      }
      if (!lines.hasMore() && in.available() == 0) {
        out.flush();
      }
    }
    out.flush();
  }

  private byte @Nullable [] answer(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return reach.answer(line);
      }
    }
    return null;
  }
}
