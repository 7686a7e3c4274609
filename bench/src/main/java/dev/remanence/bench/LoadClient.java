package dev.remanence.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Locale;

/// One connection that asks and waits, with as little work of its own as it can: it shares the
/// cores with the daemon that it measures.
interface LoadClient extends AutoCloseable {
  /// Sends requests that are one line each, and reads their answers.
  ///
  /// @return how many of them were errors
  int ask(byte[] request, int times) throws IOException;

  @Override
  void close() throws IOException;

  /// Over the Unix socket, a line a message.
  final class OfSocket implements LoadClient {
    private static final byte[] ERROR = "\"error\":{".getBytes(US_ASCII);

    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;

    OfSocket(Path socket) throws IOException {
      channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 14);
      out = Channels.newOutputStream(channel);
    }

    @Override
    public int ask(byte[] request, int times) throws IOException {
      var all = new byte[(request.length + 1) * times];
      for (int i = 0; i < times; i++) {
        System.arraycopy(request, 0, all, i * (request.length + 1), request.length);
        all[(i + 1) * (request.length + 1) - 1] = '\n';
      }
      out.write(all);
      int errors = 0;
      for (int i = 0; i < times; i++) {
        errors += skipLine() ? 1 : 0;
      }
      return errors;
    }

    /// Reads a line to its end; true where it tells an error.
    private boolean skipLine() throws IOException {
      boolean found = false;
      int matched = 0;
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new EOFException("the daemon closed the connection");
        }
        matched = b == ERROR[matched] ? matched + 1 : b == ERROR[0] ? 1 : 0;
        if (matched == ERROR.length) {
          found = true;
          matched = 0;
        }
      }
      return found;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /// `POST /rpc` over a connection that is kept.
  final class OfHttp implements LoadClient {
    private final SocketChannel channel;
    private final InputStream in;
    private final OutputStream out;
    private final int port;

    OfHttp(int port) throws IOException {
      this.port = port;
      channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 14);
      out = Channels.newOutputStream(channel);
    }

    @Override
    public int ask(byte[] request, int times) throws IOException {
      int errors = 0;
      for (int i = 0; i < times; i++) {
        var head =
            "POST /rpc HTTP/1.1\r\nHost: 127.0.0.1:"
                + port
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + request.length
                + "\r\n\r\n";
        var headBytes = head.getBytes(US_ASCII);
        var all = new byte[headBytes.length + request.length];
        System.arraycopy(headBytes, 0, all, 0, headBytes.length);
        System.arraycopy(request, 0, all, headBytes.length, request.length);
        out.write(all);
        errors += answerIsError() ? 1 : 0;
      }
      return errors;
    }

    private boolean answerIsError() throws IOException {
      var status = line();
      int length = -1;
      boolean chunked = false;
      for (var header = line(); !header.isEmpty(); header = line()) {
        var lower = header.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = Integer.parseInt(lower.substring(15).strip());
        }
        chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
      }
      if (chunked || length < 0) {
        throw new IOException("an answer of unknown length: " + status);
      }
      var body = in.readNBytes(length);
      return !status.startsWith("HTTP/1.1 200") || new String(body, UTF_8).contains("\"error\":{");
    }

    private String line() throws IOException {
      var line = new StringBuilder(64);
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new EOFException("the daemon closed the connection");
        }
        if (b != '\r') {
          line.append((char) b);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
