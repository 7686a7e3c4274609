package dev.remanence.daemon.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Sends answers: packed where the caller takes that, open to web pages that were invited, and
/// within a caller's time for taking them.
///
/// A connection whose request was refused, or came in chunks, is closed after its answer. What came
/// in chunks ended where the JDK's server says it does, which reads sizes less strictly than a
/// proxy before it may; no request follows on which they could disagree.
final class Sending {
  private static final int PACKED_FROM_BYTES = 1024;
  private static final int PART_BYTES = 1 << 16;
  private static final int PREFLIGHT_SECONDS = 600;

  private final Patience patience;
  private final Bodies bodies;
  private final List<String> origins;
  private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();

  Sending(Patience patience, Bodies bodies, List<String> origins) {
    this.patience = patience;
    this.bodies = bodies;
    this.origins = origins;
  }

  /// How many answers there were of each status.
  Map<Integer, LongAdder> statuses() {
    return statuses;
  }

  /// What a browser asks before it lets a page call.
  Reply preflight() {
    return Reply.nothing(204)
        .with(
            Map.of(
                "Access-Control-Allow-Methods",
                "GET, POST, PUT, PATCH, DELETE",
                "Access-Control-Allow-Headers",
                "Authorization, Content-Type, If-Match, If-None-Match, Last-Event-ID",
                "Access-Control-Max-Age",
                Integer.toString(PREFLIGHT_SECONDS)));
  }

  /// Sends an answer and closes the exchange. Where it throws, the exchange must not be closed: the
  /// JDK's server closes the connection of a handler that threw.
  ///
  /// @param request null where it was malformed
  void send(HttpExchange exchange, @Nullable Request request, Reply reply) throws IOException {
    begin(exchange, request, reply.status(), reply.headers());
    var body = reply.body();
    var headers = exchange.getResponseHeaders();
    if (body.length > PACKED_FROM_BYTES && request != null && request.takesGzip()) {
      body = packed(body);
      headers.set("Content-Encoding", "gzip");
    }
    if (exchange.getRequestMethod().equals("HEAD") || body.length == 0) {
      if (body.length > 0) {
        headers.set("Content-Length", Integer.toString(body.length));
      }
      // Sending no body closes the exchange, which wants the request read.
      bodies.readRest(exchange, request);
      try (var _ = patience.begin()) {
        exchange.sendResponseHeaders(reply.status(), -1);
      }
      return;
    }
    try (var _ = patience.begin()) {
      exchange.sendResponseHeaders(reply.status(), body.length);
      var out = exchange.getResponseBody();
      for (int from = 0; from < body.length; from += PART_BYTES) {
        out.write(body, from, Math.min(PART_BYTES, body.length - from));
      }
      out.flush();
    }
    bodies.readRest(exchange, request);
    exchange.close();
  }

  /// The headers of every answer.
  void begin(
      HttpExchange exchange, @Nullable Request request, int status, Map<String, String> more) {
    statuses.computeIfAbsent(status, _ -> new LongAdder()).increment();
    var headers = exchange.getResponseHeaders();
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Vary", "Accept-Encoding, Origin");
    more.forEach(headers::set);
    var origin = request == null ? null : request.header("Origin");
    if (origin != null && origins.contains(origin)) {
      headers.set("Access-Control-Allow-Origin", origin);
      headers.set("Access-Control-Expose-Headers", "ETag, Location");
    }
    boolean refused = status >= 400 && status != 404 && status != 409 && status != 412;
    if (request == null || refused || request.header("Transfer-Encoding") != null) {
      headers.set("Connection", "close");
    }
  }

  private static byte[] packed(byte[] body) throws IOException {
    var packed = new ByteArrayOutputStream(body.length / 4);
    try (var out = new GZIPOutputStream(packed)) {
      out.write(body);
    }
    return packed.toByteArray();
  }
}
