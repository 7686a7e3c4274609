package dev.remanence.mind.llm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// A server that answers with bytes of its own, so that it can do what no HTTP library would.
final class RawServer implements AutoCloseable {
  interface Behaviour {
    void run(OutputStream out, RawServer server) throws IOException, InterruptedException;
  }

  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *([0-9]+)");

  private final ServerSocket listening;
  private final Behaviour behaviour;
  private final AtomicInteger connections = new AtomicInteger();

  /// Counted down when a caller has hung up.
  final CountDownLatch hungUp = new CountDownLatch(1);

  private final CountDownLatch closed = new CountDownLatch(1);

  RawServer(Behaviour behaviour) throws IOException {
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.behaviour = behaviour;
    Thread.ofVirtual().start(this::accept);
  }

  String address() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        var socket = listening.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      // An answer to a question that was not read to its end would be lost in a reset.
      readRequest(socket.getInputStream());
      // Reads until the caller hangs up, on a thread of its own: that is how it is noticed.
      Thread.ofVirtual().start(() -> drain(socket));
      behaviour.run(socket.getOutputStream(), this);
    } catch (IOException _) {
      hungUp.countDown();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void readRequest(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("hung up amid a request");
      }
      head.append((char) next);
    }
    var length = LENGTH.matcher(head);
    in.skipNBytes(length.find() ? Long.parseLong(length.group(1)) : 0);
  }

  private void drain(Socket socket) {
    try {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException _) {
      // A reset is a hang-up too.
    }
    hungUp.countDown();
  }

  /// Waits, but not beyond the end of the test; false when that has come.
  boolean pause(long millis) throws InterruptedException {
    return !closed.await(millis, TimeUnit.MILLISECONDS);
  }

  static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(US_ASCII));
    out.flush();
  }

  static String head(long length) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    listening.close();
  }
}
