package dev.remanence.daemon.http;

import com.sun.net.httpserver.HttpExchange;
import dev.remanence.daemon.protocol.RpcLine;
import dev.remanence.daemon.wire.LineBudget;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Reads the bodies of requests within limits: of one as it is sent, of one when it is unpacked,
/// and of all that are being received at once. Nothing is set aside for what is only announced.
final class Bodies {
  static final int BYTES_MAX = RpcLine.LINE_BYTES_MAX;
  private static final long ALL_BYTES_MAX = 256L << 20;
  private static final int PART_BYTES = 1 << 14;
  private static final int REST_BYTES_MAX = 64 << 10;

  private final LineBudget budget = new LineBudget(ALL_BYTES_MAX);
  private final Patience patience;

  Bodies(Patience patience) {
    this.patience = patience;
  }

  /// A body that was received; its room is given back when it is closed.
  final class Body implements AutoCloseable {
    private byte[] bytes = {};
    private long taken;

    private Body() {}

    byte[] bytes() {
      return bytes;
    }

    private void take(long more) {
      if (!budget.take(more)) {
        throw Refusal.busy("too much is being received at once; send it again in a moment");
      }
      taken += more;
    }

    @Override
    public void close() {
      budget.giveBack(taken);
      taken = 0;
    }
  }

  /// The body of a request, which is JSON.
  Body read(Request request) {
    requireJson(request.header("Content-Type"));
    var length = request.header("Content-Length");
    if (length != null && Long.parseLong(length) > BYTES_MAX) {
      throw tooLarge();
    }
    var body = new Body();
    try (var _ = patience.begin()) {
      body.bytes = bytes(body, request.header("Content-Encoding"), request);
      return body;
    } catch (Refusal refusal) {
      body.close();
      throw refusal;
    } catch (IOException | IndexOutOfBoundsException _) {
      // The latter is how the JDK's server takes a chunk of a negative size.
      body.close();
      request.breakOff();
      throw Refusal.malformed("the body did not come as it was announced");
    }
  }

  private static void requireJson(@Nullable String type) {
    var parts = type == null ? new String[] {""} : type.toLowerCase(Locale.ROOT).split(";", -1);
    boolean fits = parts[0].strip().equals("application/json");
    for (int i = 1; i < parts.length; i++) {
      var parameter = parts[i].strip();
      fits &= !parameter.startsWith("charset=") || parameter.matches("charset=\"?utf-?8\"?");
    }
    if (!fits) {
      throw Refusal.malformed(415, "a body is application/json in UTF-8: say so in Content-Type");
    }
  }

  private static byte[] bytes(Body body, @Nullable String coding, Request request)
      throws IOException {
    var in = request.exchange().getRequestBody();
    if (coding == null || coding.equalsIgnoreCase("identity")) {
      return bytes(body, in);
    }
    if (!coding.equalsIgnoreCase("gzip")) {
      throw Refusal.malformed(415, "a body is packed with gzip, or not at all");
    }
    try (var unpacked = new GZIPInputStream(new AtMost(in), PART_BYTES)) {
      return bytes(body, unpacked);
    } catch (ZipException | EOFException _) {
      throw Refusal.malformed("the body is not what gzip makes");
    }
  }

  private static byte[] bytes(Body body, InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var part = new byte[PART_BYTES];
    while (true) {
      int read = in.read(part);
      if (read < 0) {
        return bytes.toByteArray();
      }
      if (bytes.size() + read > BYTES_MAX) {
        throw tooLarge();
      }
      // Three times: what holds it grows by copying, and it is copied when it is whole.
      body.take(3L * read);
      bytes.write(part, 0, read);
    }
  }

  /// Reads what a request still has of a body that nobody wanted, so that its sender gets to read
  /// the answer. Throws where that is much, or malformed: then the exchange may only be abandoned,
  /// by throwing, because closing it would let the JDK's server take the connection for one whose
  /// request has been read.
  ///
  /// @param request null where it was malformed before its body
  void readRest(HttpExchange exchange, @Nullable Request request) throws IOException {
    if (request != null && request.isBrokenOff()) {
      throw new IOException("nobody knows where the body ends");
    }
    try (var _ = patience.begin()) {
      var in = exchange.getRequestBody();
      var part = new byte[PART_BYTES];
      int rest = 0;
      for (int read = in.read(part); read >= 0; read = in.read(part)) {
        rest += read;
        if (rest > REST_BYTES_MAX) {
          throw new IOException("a body was not read to its end");
        }
      }
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("a chunk is malformed", e);
    }
  }

  private static Refusal tooLarge() {
    return Refusal.tooLarge("a body has at most " + BYTES_MAX + " bytes, when unpacked too");
  }

  /// Refuses more than a body's limit as it is sent: what unpacks to nothing is bounded too.
  private static final class AtMost extends InputStream {
    private final InputStream in;
    private long left = BYTES_MAX;

    AtMost(InputStream in) {
      this.in = in;
    }

    private int counted(int read) {
      left -= Math.max(0, read);
      if (left < 0) {
        throw tooLarge();
      }
      return read;
    }

    @Override
    public int read() throws IOException {
      int read = in.read();
      counted(read < 0 ? 0 : 1);
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return counted(in.read(bytes, offset, length));
    }

    @Override
    public int available() throws IOException {
      return in.available();
    }
  }
}
