package dev.remanence.daemon.http;

import dev.remanence.RemanenceException.InvalidInput;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How an owner is to be served over HTTP.
///
/// @param host where to listen, a name or an address
/// @param port 0 for any free one
/// @param names other names that callers may say in Host, in lower case; `host` is among them
/// @param origins of the web pages that may call
/// @param certificate a PEM file; null for no TLS
/// @param key its key in PEM
/// @param patience how long a caller may take to send a body or to take an answer
/// @param silence after which a stream says that it is alive
public record HttpSettings(
    String host,
    int port,
    List<String> names,
    List<String> origins,
    @Nullable Path certificate,
    @Nullable Path key,
    Duration patience,
    Duration silence) {
  private static final Duration SILENCE = Duration.ofSeconds(15);
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern WHERE =
      Pattern.compile("(?:(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):)?([0-9]{1,5})");

  public HttpSettings {
    names = List.copyOf(names);
    origins = List.copyOf(origins);
    origins.forEach(HttpSettings::requireOrigin);
    if ((certificate == null) != (key == null)) {
      throw new InvalidInput("a certificate and its key belong together", "field", "tls-cert");
    }
  }

  /// What options or the environment say.
  ///
  /// @param where `[HOST:]PORT`
  /// @param names other names than the host of `where`
  public static HttpSettings of(
      String where,
      List<String> names,
      List<String> origins,
      @Nullable Path certificate,
      @Nullable Path key) {
    var parts = WHERE.matcher(where);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65535) {
      throw new InvalidInput(
          "http is [HOST:]PORT, such as 8765 or 0.0.0.0:8765; found " + where,
          "field",
          "http",
          "found",
          where);
    }
    var host = parts.group(1) == null ? LOOPBACK : parts.group(1);
    var all = new ArrayList<>(List.of(host.toLowerCase(Locale.ROOT)));
    names.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
    return new HttpSettings(
        host, Integer.parseInt(parts.group(2)), all, origins, certificate, key, PATIENCE, SILENCE);
  }

  /// What the environment asks for; null where it asks for nothing.
  public static @Nullable HttpSettings ofEnvironment(Map<String, String> environment) {
    var where = environment.getOrDefault("REMANENCE_HTTP", "");
    return where.isEmpty()
        ? null
        : of(
            where,
            items(environment.get("REMANENCE_HTTP_HOST")),
            items(environment.get("REMANENCE_HTTP_CORS")),
            path(environment.get("REMANENCE_TLS_CERT")),
            path(environment.get("REMANENCE_TLS_KEY")));
  }

  private static List<String> items(@Nullable String list) {
    return list == null || list.isEmpty() ? List.of() : List.of(list.split(",", -1));
  }

  private static @Nullable Path path(@Nullable String path) {
    return path == null || path.isEmpty() ? null : Path.of(path).toAbsolutePath();
  }

  /// What a browser sends in Origin has a scheme, a host, and no path.
  private static void requireOrigin(String origin) {
    try {
      var uri = new URI(origin);
      if (uri.getScheme() != null && uri.getHost() != null && uri.getRawPath().isEmpty()) {
        return;
      }
    } catch (URISyntaxException _) {
      // Answered below.
    }
    throw new InvalidInput(
        "cors is an origin, such as https://app.example.org; found " + origin,
        "field",
        "cors",
        "found",
        origin);
  }

  public HttpSettings patience(Duration limit) {
    return new HttpSettings(host, port, names, origins, certificate, key, limit, silence);
  }

  HttpSettings silence(Duration most) {
    return new HttpSettings(host, port, names, origins, certificate, key, patience, most);
  }

  boolean hasTls() {
    return certificate != null;
  }
}
