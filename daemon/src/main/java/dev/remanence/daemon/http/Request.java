package dev.remanence.daemon.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A request as it came, and strict where the JDK's server is lenient: about lengths, hosts, paths
/// and the amount of header. What is malformed is a [Refusal]; the connection of one is closed, so
/// that nobody and we can disagree about where its next request begins.
final class Request {
  private static final int HEADER_FIELDS_MAX = 100;
  private static final int HEADER_BYTES_MAX = 32 << 10;
  private static final int QUERY_FIELDS_MAX = 200;

  /// A body may be left out only where nothing could have told of one.
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  /// Fields that decide who or how much: one of each, or none.
  private static final List<String> SINGLE =
      List.of(
          "Host",
          "Origin",
          "Authorization",
          "Content-Length",
          "Content-Type",
          "Content-Encoding",
          "Transfer-Encoding",
          "If-Match",
          "Last-Event-ID");

  private final HttpExchange exchange;
  private final List<String> path;
  private final Map<String, List<String>> query;
  private boolean brokenOff;

  private Request(HttpExchange exchange, List<String> path, Map<String, List<String>> query) {
    this.exchange = exchange;
    this.path = path;
    this.query = query;
  }

  static Request of(HttpExchange exchange) {
    requireFraming(exchange);
    var uri = exchange.getRequestURI();
    var host = exchange.getRequestHeaders().getFirst("Host");
    if (host == null) {
      throw Refusal.malformed("a request has a Host");
    }
    if (uri.toString().chars().anyMatch(c -> c <= ' ' || c > 126)) {
      throw Refusal.malformed("a target is ASCII; other characters are percent-encoded UTF-8");
    }
    boolean isWhole = uri.isAbsolute() || uri.getRawAuthority() != null;
    if (isWhole && !host.equalsIgnoreCase(uri.getRawAuthority())) {
      throw Refusal.malformed("this is no proxy: the target's host is the Host");
    }
    return new Request(exchange, path(uri.getRawPath()), query(uri.getRawQuery()));
  }

  private static void requireFraming(HttpExchange exchange) {
    var protocol = exchange.getProtocol();
    if (!protocol.equals("HTTP/1.1") && !protocol.equals("HTTP/1.0")) {
      throw Refusal.malformed(505, "HTTP/1.1 is spoken here");
    }
    var headers = exchange.getRequestHeaders();
    int fields = 0;
    int bytes = exchange.getRequestURI().toString().length();
    for (var field : headers.entrySet()) {
      for (var value : field.getValue()) {
        fields++;
        bytes += field.getKey().length() + value.length() + 4;
        if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 127)) {
          throw Refusal.malformed("a header field holds control characters");
        }
      }
    }
    if (fields > HEADER_FIELDS_MAX || bytes > HEADER_BYTES_MAX) {
      throw Refusal.malformed(
          431,
          "a header has at most "
              + HEADER_FIELDS_MAX
              + " fields and "
              + HEADER_BYTES_MAX
              + " bytes; found "
              + fields
              + " and "
              + bytes);
    }
    for (var name : SINGLE) {
      var values = headers.get(name);
      if (values != null && values.size() > 1) {
        throw Refusal.malformed("a request has at most one " + name);
      }
    }
    var length = headers.getFirst("Content-Length");
    boolean chunked = headers.containsKey("Transfer-Encoding");
    if (length != null && (chunked || !length.matches("[0-9]{1,18}"))) {
      throw Refusal.malformed("Content-Length is a number, and stands without Transfer-Encoding");
    }
    if (chunked && protocol.equals("HTTP/1.0")) {
      throw Refusal.malformed("HTTP/1.0 has no Transfer-Encoding");
    }
    boolean announced = chunked || (length != null && !length.matches("0+"));
    if (announced && !WITH_BODY.contains(exchange.getRequestMethod())) {
      throw Refusal.malformed(exchange.getRequestMethod() + " has no body here");
    }
    if (length == null && !chunked && WITH_BODY.contains(exchange.getRequestMethod())) {
      throw Refusal.malformed(411, exchange.getRequestMethod() + " has a Content-Length");
    }
  }

  /// The segments, decoded after they were told apart, so that %2F is part of a name.
  private static List<String> path(@Nullable String raw) {
    if (raw == null || !raw.startsWith("/")) {
      throw Refusal.malformed("the target of a request is a path");
    }
    var segments = new ArrayList<String>();
    for (var each : raw.substring(1).split("/", -1)) {
      var segment = decoded(each, false);
      if (segment.equals(".") || segment.equals("..")) {
        throw Refusal.malformed("a path has no segments . and ..");
      }
      if (segment.chars().anyMatch(c -> c < ' ' || c == 127)) {
        throw Refusal.malformed("a path has no control characters");
      }
      segments.add(segment);
    }
    return List.copyOf(segments);
  }

  private static Map<String, List<String>> query(@Nullable String raw) {
    var query = new LinkedHashMap<String, List<String>>();
    if (raw == null || raw.isEmpty()) {
      return query;
    }
    var fields = raw.split("&", -1);
    if (fields.length > QUERY_FIELDS_MAX) {
      throw Refusal.malformed("a query has at most " + QUERY_FIELDS_MAX + " fields");
    }
    for (var field : fields) {
      int equals = field.indexOf('=');
      if (!field.isEmpty()) {
        var name = decoded(equals < 0 ? field : field.substring(0, equals), true);
        var value = equals < 0 ? "" : decoded(field.substring(equals + 1), true);
        query.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
      }
    }
    return query;
  }

  /// Percent signs and UTF-8 undone, strictly.
  private static String decoded(String text, boolean isQuery) {
    if (text.indexOf('%') < 0 && (!isQuery || text.indexOf('+') < 0)) {
      return text;
    }
    var bytes = ByteBuffer.allocate(text.length() * 3);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        boolean whole = i + 2 < text.length();
        int high = whole ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = whole ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw Refusal.malformed("% is followed by two hexadecimal digits");
        }
        bytes.put((byte) (high << 4 | low));
        i += 2;
      } else if (c == '+' && isQuery) {
        bytes.put((byte) ' ');
      } else {
        bytes.put(String.valueOf(c).getBytes(UTF_8));
      }
    }
    try {
      return UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException _) {
      throw Refusal.malformed("a target is UTF-8");
    }
  }

  String method() {
    return exchange.getRequestMethod();
  }

  /// HEAD is GET whose body nobody wants.
  String verb() {
    return method().equals("HEAD") ? "GET" : method();
  }

  List<String> path() {
    return path;
  }

  Map<String, List<String>> query() {
    return query;
  }

  @Nullable String header(String name) {
    return exchange.getRequestHeaders().getFirst(name);
  }

  /// The name in Host, without its port, in lower case.
  String host() {
    var host = String.valueOf(header("Host")).toLowerCase(Locale.ROOT);
    return host.replaceFirst(":[0-9]{1,5}$", "");
  }

  InetAddress peer() {
    return exchange.getRemoteAddress().getAddress();
  }

  /// Whether the caller itself is on this machine; one who calls through a proxy is not.
  boolean isFromThisMachine() {
    return peer().isLoopbackAddress()
        && header("Forwarded") == null
        && header("X-Forwarded-For") == null;
  }

  boolean takesGzip() {
    return accepts(exchange.getRequestHeaders().get("Accept-Encoding"));
  }

  private static boolean accepts(@Nullable List<String> fields) {
    if (fields != null) {
      for (var coding : String.join(",", fields).toLowerCase(Locale.ROOT).split(",", -1)) {
        var parts = coding.strip().split("\\s*;\\s*", -1);
        boolean refused = parts.length > 1 && parts[1].matches("q=0(\\.0*)?");
        if (parts[0].equals("gzip") && !refused) {
          return true;
        }
      }
    }
    return false;
  }

  /// Notes that the body was malformed: what the JDK's server says of it from now on is no news.
  void breakOff() {
    brokenOff = true;
  }

  boolean isBrokenOff() {
    return brokenOff;
  }

  HttpExchange exchange() {
    return exchange;
  }
}
