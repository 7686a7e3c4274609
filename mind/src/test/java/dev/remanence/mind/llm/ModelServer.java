package dev.remanence.mind.llm;

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
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A real server on the loopback that speaks as a model's endpoint does, well or badly, as it is
/// told.
public final class ModelServer implements AutoCloseable {
  /// What a caller sent.
  public record Request(String path, Map<String, List<String>> headers, Json.Obj body) {
    public String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }

    public List<Json> messages() {
      return Objects.requireNonNull(body.array("messages")).items();
    }

    public String message(int at) {
      return Objects.requireNonNull(((Json.Obj) messages().get(at)).string("content"));
    }

    /// The data, as it stands between its marks.
    public Json.Obj data() {
      int user = path.endsWith("/messages") ? 0 : 1;
      return (Json.Obj) Json.parse(message(user).lines().toList().get(1));
    }
  }

  public interface Reply {
    void send(HttpExchange exchange, Request request) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Reply> replies = new ArrayDeque<>();
  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

  public ModelServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// The next answers, in order; the last of them stays.
  public void replyWith(Reply... next) {
    synchronized (replies) {
      replies.clear();
      replies.addAll(List.of(next));
    }
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var request =
        new Request(
            exchange.getRequestURI().getPath(),
            Map.copyOf(exchange.getRequestHeaders()),
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

  /// A plain answer of HTTP.
  public static Reply http(int status, String body, String... headers) {
    return (exchange, _) -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
      }
      var bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  /// What a model says, in the protocol that the path asks for, at 100 tokens in and 20 out.
  public static Reply says(String text) {
    return (exchange, request) -> {
      var path = request.path();
      var body =
          path.endsWith("/v1/messages")
              ? anthropic(text)
              : path.endsWith("/api/chat") ? ollama(text) : openAi(text, "stop");
      http(200, body.toString()).send(exchange, request);
    };
  }

  public static Json.Obj openAi(String text, String finish) {
    var choice =
        Json.object()
            .put("index", 0)
            .put("message", Json.object().put("role", "assistant").put("content", text).build())
            .put("finish_reason", finish)
            .build();
    return Json.object()
        .put("object", "chat.completion")
        .put("choices", Json.array(List.of(choice)))
        .put(
            "usage",
            Json.object()
                .put("prompt_tokens", 100)
                .put("completion_tokens", 20)
                .put("total_tokens", 120)
                .build())
        .build();
  }

  private static Json.Obj ollama(String text) {
    return Json.object()
        .put("model", "m")
        .put("message", Json.object().put("role", "assistant").put("content", text).build())
        .put("done", true)
        .put("done_reason", "stop")
        .put("prompt_eval_count", 100)
        .put("eval_count", 20)
        .build();
  }

  private static Json.Obj anthropic(String text) {
    var use =
        Json.object()
            .put("type", "tool_use")
            .put("id", "toolu_1")
            .put("name", "answer")
            .put("input", Json.parse(text))
            .build();
    return Json.object()
        .put("type", "message")
        .put("role", "assistant")
        .put("content", Json.array(List.of(use)))
        .put("stop_reason", "tool_use")
        .put("usage", Json.object().put("input_tokens", 100).put("output_tokens", 20).build())
        .build();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
