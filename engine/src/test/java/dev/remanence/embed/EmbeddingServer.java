package dev.remanence.embed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.remanence.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A real server on the loopback that answers as it is told, well or badly.
final class EmbeddingServer implements AutoCloseable {
  /// What a caller sent.
  record Request(String path, String authorization, Json.Obj body) {
    int texts() {
      return Objects.requireNonNull(body.array("input")).items().size();
    }
  }

  interface Reply {
    void send(HttpExchange exchange, Request request) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Reply> replies = new ArrayDeque<>();
  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

  EmbeddingServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// The next answers, in order; the last of them stays.
  void replyWith(Reply... next) {
    synchronized (replies) {
      replies.clear();
      replies.addAll(List.of(next));
    }
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var request =
        new Request(
            exchange.getRequestURI().getPath(),
            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
            (Json.Obj) Json.parse(exchange.getRequestBody().readAllBytes()));
    requests.add(request);
    Reply reply;
    synchronized (replies) {
      reply = replies.size() > 1 ? replies.removeFirst() : replies.getFirst();
    }
    try (exchange) {
      reply.send(exchange, request);
    }
  }

  static Reply text(int status, String body, String... headers) {
    return (exchange, _) -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
      }
      var bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  /// Vectors whose first number is the length of the text, in the shape that the path asks for.
  static Reply vectors(int dimension) {
    return (exchange, request) -> {
      var texts = Objects.requireNonNull(request.body().array("input")).items();
      var items = new ArrayList<Json>();
      for (int i = 0; i < texts.size(); i++) {
        var numbers = new ArrayList<Json>();
        numbers.add(Json.of(((Json.Str) texts.get(i)).value().length()));
        while (numbers.size() < dimension) {
          numbers.add(Json.of(1));
        }
        var vector = Json.array(numbers);
        items.addFirst(
            request.path().endsWith("/api/embed")
                ? vector
                : Json.object().put("index", i).put("embedding", vector).build());
      }
      boolean ollama = request.path().endsWith("/api/embed");
      if (ollama) {
        Collections.reverse(items);
      }
      var body = Json.object().put(ollama ? "embeddings" : "data", Json.array(items)).build();
      text(200, body.toString()).send(exchange, request);
    };
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
