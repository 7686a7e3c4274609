package dev.remanence.daemon.http;

import dev.remanence.Grant;
import dev.remanence.Json;
import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.daemon.access.Token;
import dev.remanence.daemon.server.Owner;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A store that is served over HTTP on a free port, and a caller.
final class Served implements AutoCloseable {
  final Remanence store;
  final Owner owner;
  final HttpSurface surface;
  private final HttpClient client = HttpClient.newHttpClient();

  Served(Path directory) {
    this(directory, HttpSettings.of("0", List.of(), List.of(), null, null));
  }

  Served(Path directory, HttpSettings settings) {
    store =
        Remanence.open(
            directory.resolve("store"), OpenOptions.DEFAULT.embedder("none").shared(false));
    owner =
        Owner.serve(store, new Owner.Settings(false, Duration.ofSeconds(10), directory), () -> {});
    surface = HttpSurface.open(owner.reception(), settings);
  }

  /// The secret of a token that is made.
  String token(String tool, String verbs, String... scopes) {
    return owner
        .reception()
        .tokens()
        .create(tool, new Grant(Token.verbs(List.of(verbs.split(","))), List.of(scopes)), null)
        .secret();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(surface.url() + path)).timeout(Duration.ofSeconds(30));
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(request.toString(), e);
    }
  }

  HttpResponse<String> send(String verb, String path, String body, Map<String, String> headers) {
    var request = request(path);
    if (body.isEmpty()) {
      request.method(verb, BodyPublishers.noBody());
    } else {
      request
          .method(verb, BodyPublishers.ofString(body))
          .setHeader("Content-Type", "application/json");
    }
    headers.forEach(request::setHeader);
    return send(request.build());
  }

  HttpResponse<String> send(String verb, String path, String body) {
    return send(verb, path, body, Map.of());
  }

  HttpResponse<String> as(String secret, String verb, String path, String body) {
    return send(verb, path, body, Map.of("Authorization", "Bearer " + secret));
  }

  static Json.Obj json(HttpResponse<String> response) {
    return (Json.Obj) Json.parse(response.body());
  }

  static String text(HttpResponse<String> response, String name) {
    return Objects.requireNonNull(json(response).string(name));
  }

  static String error(HttpResponse<String> response) {
    var error = Objects.requireNonNull(json(response).object("error"), response.body());
    return Objects.requireNonNull(error.string("name"));
  }

  @Override
  public void close() {
    surface.close();
    owner.close();
    store.close();
  }
}
