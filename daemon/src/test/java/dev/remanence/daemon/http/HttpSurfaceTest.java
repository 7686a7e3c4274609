package dev.remanence.daemon.http;

import static dev.remanence.daemon.http.Served.error;
import static dev.remanence.daemon.http.Served.json;
import static dev.remanence.daemon.http.Served.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Json;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.daemon.protocol.Method;
import dev.remanence.daemon.protocol.Protocol;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/http.md says, over a real connection.
final class HttpSurfaceTest {
  @TempDir private Path directory;
  private Served served;

  @BeforeEach
  void serve() {
    served = new Served(directory);
  }

  @AfterEach
  void close() {
    served.close();
  }

  private String remember(String body) {
    var answer = served.send("POST", "/v1/memories", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return text(answer, "id");
  }

  @Test
  void memories_liveAndDie() {
    var created = served.send("POST", "/v1/memories", "{\"scope\":\"acme\",\"text\":\"tea\"}");
    assertThat(created.statusCode()).isEqualTo(201);
    var place = created.headers().firstValue("Location").orElseThrow();
    assertThat(place).isEqualTo("/v1/memories/" + text(created, "id"));
    var read = served.send("GET", place, "");
    assertThat(text(read, "text")).isEqualTo("tea");
    assertThat(read.headers().firstValue("ETag")).contains("\"1\"");
    assertThat(served.send("GET", place, "", Map.of("If-None-Match", "\"1\"")).statusCode())
        .isEqualTo(304);
    var revised =
        served.send("PATCH", place, "{\"text\":\"green tea\"}", Map.of("If-Match", "\"1\""));
    assertThat(revised.headers().firstValue("ETag")).contains("\"2\"");
    var late = served.send("PATCH", place, "{\"text\":\"mate\"}", Map.of("If-Match", "\"1\""));
    assertThat(late.statusCode()).isEqualTo(412);
    assertThat(error(late)).isEqualTo("Conflict");
    assertThat(served.send("GET", place + "/history", "").body()).contains("green tea");
    assertThat(served.send("GET", place + "/diff?from=1&to=2", "").body()).contains("+green tea");
    assertThat(served.send("POST", place + "/revert", "{\"revision\":1}").statusCode())
        .isEqualTo(200);
    assertThat(served.send("DELETE", place + "?reason=old", "").body()).contains("1");
    assertThat(error(served.send("GET", place, ""))).isEqualTo("NotFound");
    assertThat(served.send("GET", place + "/history", "").statusCode()).isEqualTo(200);
    assertThat(served.send("DELETE", place + "?erase=true", "").body()).contains("document");
    assertThat(served.send("GET", place + "/history", "").body()).doesNotContain("green tea");
  }

  @Test
  void questions_takeTheirParametersFromQueryOrBody() {
    remember("{\"scope\":\"acme\",\"text\":\"Anna drinks tea\",\"tags\":[\"a\"],\"key\":\"a/b\"}");
    remember("{\"scope\":\"acme\",\"text\":\"Bob drinks coffee\",\"tags\":[\"b\"]}");
    assertThat(served.send("GET", "/v1/keys/a%2Fb?scope=acme", "").body()).contains("Anna");
    assertThat(served.send("GET", "/v1/recall?scope=acme&query=drinks+tea&limit=1", "").body())
        .contains("Anna")
        .doesNotContain("Bob");
    assertThat(served.send("POST", "/v1/recall?scope=acme", "{\"query\":\"coffee\"}").body())
        .contains("Bob");
    var filter = "%7B%22tags%22:%7B%22all%22:%5B%22b%22%5D%7D%7D";
    assertThat(served.send("GET", "/v1/memories?scope=acme&filter=" + filter, "").body())
        .contains("Bob")
        .doesNotContain("Anna");
    assertThat(served.send("GET", "/v1/scopes", "").body()).contains("acme");
    assertThat(served.send("GET", "/v1/stats", "").body()).contains("\"memories\":2");
  }

  @Test
  void whatIsNotKnown_isRefusedByName() {
    var unknown = served.send("GET", "/v1/memories?scop=acme", "");
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(unknown.body()).contains("scop").contains("did you mean scope");
    assertThat(served.send("POST", "/v1/memories?kind=semantic", "{\"text\":\"x\"}").statusCode())
        .isEqualTo(400);
    assertThat(served.send("GET", "/v1/memories?limit=1&limit=2", "").statusCode()).isEqualTo(400);
    assertThat(served.send("GET", "/v1/memories?limit=many", "").statusCode()).isEqualTo(400);
    assertThat(served.send("GET", "/v1/nothing", "").statusCode()).isEqualTo(404);
    var other = served.send("PUT", "/v1/memories", "{}");
    assertThat(other.statusCode()).isEqualTo(405);
    assertThat(other.headers().firstValue("Allow")).contains("GET, POST");
    assertThat(served.send("POST", "/v1/memories", "[1]").statusCode()).isEqualTo(400);
    assertThat(served.send("POST", "/v1/memories", "{\"text\":").statusCode()).isEqualTo(400);
    var plain = served.send("POST", "/rpc", "{}", Map.of("Content-Type", "text/plain"));
    assertThat(plain.statusCode()).isEqualTo(415);
  }

  @Test
  void rpc_answersAsTheSocketDoes() {
    var one =
        served.send(
            "POST",
            "/rpc",
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"remember\",\"params\":{\"text\":\"x\"}}");
    assertThat(one.statusCode()).isEqualTo(200);
    assertThat(one.body()).contains("\"id\":7").contains("created");
    var many =
        served.send(
            "POST",
            "/rpc",
            "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"stats\"},"
                + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"nothing\"}]");
    assertThat(((Json.Arr) Json.parse(many.body())).items()).hasSize(2);
    assertThat(many.body()).contains("-32601");
    var told = served.send("POST", "/rpc", "{\"jsonrpc\":\"2.0\",\"method\":\"stats\"}");
    assertThat(told.statusCode()).isEqualTo(204);
    assertThat(served.send("POST", "/rpc", "{\"jsonrpc\"").body()).contains("-32700");
    for (var method : List.of("hello", "stop", "goodbye", "token.create", "activity")) {
      var params =
          switch (method) {
            case "hello" -> "{\"tool\":\"x\"}";
            case "token.create" -> "{\"tool\":\"x\",\"verbs\":[\"read\"],\"scopes\":[\"**\"]}";
            default -> "{}";
          };
      var refused = rpc(method, params, Map.of());
      assertThat(refused).as(method).contains("Forbidden").contains("connection");
    }
  }

  private String rpc(String method, String params, Map<String, String> headers) {
    var body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
    return served.send("POST", "/rpc", body, headers).body();
  }

  @Test
  void files_areForCallersOnThisMachineWithEveryRight() {
    var file = directory.resolve("all.jsonl");
    var params = "{\"file\":\"" + file + "\"}";
    var far = Map.of("X-Forwarded-For", "203.0.113.9");
    assertThat(rpc("export", params, far)).contains("Forbidden").contains("file");
    assertThat(file).doesNotExist();
    assertThat(rpc("verify", "{}", far)).contains("sound");
    assertThat(rpc("export", params, Map.of())).contains("lines");
    assertThat(file).exists();
    var secret = served.token("few", "read,write", "**");
    var bearer = Map.of("Authorization", "Bearer " + secret);
    assertThat(rpc("import", params, bearer)).contains("Forbidden");
    var admin = served.token("all", "read,write,admin", "acme/**");
    for (var method : List.of("doctor", "verify", "stats", "status", "backup", "compact")) {
      assertThat(rpc(method, "{}", Map.of("Authorization", "Bearer " + admin)))
          .as(method)
          .contains("Forbidden");
    }
  }

  @Test
  void hostsAndOrigins_areOurs() throws IOException {
    for (var host : List.of("evil.example", "localhost.evil.example", "10.0.0.1", "")) {
      assertThat(raw("GET /v1/stats HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
          .as(host)
          .startsWith("HTTP/1.1 403");
    }
    for (var host : List.of("localhost", "LOCALHOST:99", "127.0.0.1:1", "[::1]:8765")) {
      assertThat(raw("GET /v1/stats HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
          .as(host)
          .startsWith("HTTP/1.1 200");
    }
    for (var origin : List.of("https://evil.example", "null", served.surface.url())) {
      assertThat(raw("GET /v1/stats HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin + "\r\n\r\n"))
          .as(origin)
          .startsWith("HTTP/1.1 403");
    }
  }

  private String raw(String request) throws IOException {
    return Raw.answer(served.surface.port(), request);
  }

  @Test
  void pagesThatWereInvited_mayCall() {
    served.close();
    served =
        new Served(
            directory,
            HttpSettings.of("0", List.of(), List.of("https://app.example.org"), null, null));
    var origin = Map.of("Origin", "https://app.example.org");
    var asked = served.send("OPTIONS", "/v1/memories", "", origin);
    assertThat(asked.statusCode()).isEqualTo(204);
    assertThat(asked.headers().firstValue("Access-Control-Allow-Origin"))
        .contains("https://app.example.org");
    var answered = served.send("GET", "/v1/stats", "", origin);
    assertThat(answered.headers().firstValue("Access-Control-Allow-Origin"))
        .contains("https://app.example.org");
    assertThat(served.send("GET", "/v1/stats", "", Map.of("Origin", "https://b.c")).statusCode())
        .isEqualTo(403);
  }

  @Test
  void tokens_closeTheDoorAndOpenIt() {
    assertThat(served.send("GET", "/v1/stats", "").statusCode()).isEqualTo(200);
    var secret = served.token("web", "read,write", "acme/**");
    var refused = served.send("GET", "/v1/memories", "");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate")).isPresent();
    assertThat(served.as("rmn_000000000000_x", "GET", "/v1/memories", "").body())
        .isEqualTo(refused.body());
    assertThat(served.as(secret + "x", "GET", "/v1/memories", "").statusCode()).isEqualTo(401);
    var created = served.as(secret, "POST", "/v1/memories", "{\"scope\":\"acme\",\"text\":\"a\"}");
    var history =
        served.as(secret, "GET", "/v1/memories/" + text(created, "id") + "/history", "").body();
    assertThat(history).contains("\"tool\":\"web\"");
    assertThat(served.as(secret, "GET", "/v1/memories?scope=other", "").statusCode())
        .isEqualTo(403);
    assertThat(served.send("GET", "/health/live", "").statusCode()).isEqualTo(200);
    assertThat(served.send("GET", "/health/ready", "").statusCode()).isEqualTo(200);
    assertThat(served.as(secret, "GET", "/metrics", "").statusCode()).isEqualTo(403);
    var id = served.owner.reception().tokens().all().getFirst().id();
    served.token("other", "read", "b");
    served.owner.reception().tokens().revoke(id);
    assertThat(served.as(secret, "GET", "/v1/memories?scope=acme", "").statusCode()).isEqualTo(401);
  }

  @Test
  void otherMachines_areNotLetInWithoutTokens() {
    served.surface.close();
    var open = HttpSettings.of("0.0.0.0:0", List.of("memory.example.org"), List.of(), null, null);
    assertThatThrownBy(() -> HttpSurface.open(served.owner.reception(), open))
        .isInstanceOf(Forbidden.class)
        .hasMessageContaining("token create");
    var secret = served.token("web", "read", "**");
    try (var surface = HttpSurface.open(served.owner.reception(), open)) {
      var get = "GET /v1/memories HTTP/1.1\r\nHost: memory.example.org\r\n";
      assertThat(Raw.answer(surface.port(), get + "\r\n")).startsWith("HTTP/1.1 401");
      var bearer = "Authorization: Bearer " + secret + "\r\n\r\n";
      assertThat(Raw.answer(surface.port(), get + bearer)).startsWith("HTTP/1.1 200");
      assertThat(
              Raw.answer(
                  surface.port(), "GET /v1/memories HTTP/1.1\r\nHost: evil.example\r\n" + bearer))
          .startsWith("HTTP/1.1 403");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void bodies_areUnpackedAndAnswersPacked() throws IOException, InterruptedException {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(("{\"text\":\"" + "tea ".repeat(1000) + "\"}").getBytes(StandardCharsets.UTF_8));
    }
    var request =
        served
            .request("/v1/memories")
            .POST(BodyPublishers.ofByteArray(packed.toByteArray()))
            .setHeader("Content-Type", "application/json; charset=utf-8")
            .setHeader("Content-Encoding", "gzip")
            .build();
    var created = served.send(request);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    var get =
        served
            .request("/v1/memories/" + text(created, "id"))
            .setHeader("Accept-Encoding", "br, gzip;q=0.5")
            .build();
    try (var client = HttpClient.newHttpClient()) {
      var answer = client.send(get, BodyHandlers.ofByteArray());
      assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
      assertThat(answer.body().length).isLessThan(2000);
      try (var in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("tea tea tea");
      }
    }
    var broken =
        served.send("POST", "/v1/memories", "not packed", Map.of("Content-Encoding", "gzip"));
    assertThat(broken.statusCode()).isEqualTo(400);
  }

  @Test
  void metrics_countCalls() {
    served.send("GET", "/v1/memories", "");
    served.send("GET", "/v1/memories/019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42", "");
    var text = served.send("GET", "/metrics", "").body();
    assertThat(text)
        .contains("remanence_call_seconds_count{method=\"list\"} 1\n")
        .contains("remanence_call_seconds_bucket{method=\"get\",le=\"+Inf\"} 1\n")
        .contains("remanence_call_failures_total{method=\"get\"} 1\n")
        .contains("remanence_http_answers_total{status=\"404\"} 1\n")
        .contains("remanence_store_bytes{part=\"journal\"}");
    for (var line : text.lines().toList()) {
      assertThat(line)
          .matches(
              "# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")?\\})? [0-9.]+");
    }
  }

  @Test
  void everyMethodOfTheStore_isAResource() {
    var routed = new TreeSet<String>();
    for (var route : Routes.ALL) {
      routed.add(route.method().name());
    }
    var methods = new TreeSet<String>();
    Protocol.METHODS.stream()
        .filter(Method::isForOpenStore)
        .forEach(method -> methods.add(method.name()));
    assertThat(routed).isEqualTo(methods);
  }

  @Test
  void openApi_saysWhatTheServerDoes() {
    var document = json(served.send("GET", "/openapi.json", ""));
    var paths = Objects.requireNonNull(document.object("paths"));
    for (var route : Routes.ALL) {
      var operations = Objects.requireNonNull(paths.object(route.path()), route.path());
      var operation = operations.get(route.verb().toLowerCase(Locale.ROOT));
      assertThat(operation).as(route.path()).isInstanceOf(Json.Obj.class);
      var path = route.path().replaceAll("\\{[a-z]+}", "019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42");
      var answer = served.send(route.verb(), path, route.hasBody() ? "{\"nothing\":1}" : "");
      assertThat(answer.body()).as(path).doesNotContain("no such resource");
      assertThat(answer.statusCode()).as(path).isNotIn(405, 500);
    }
  }

  /// What is no method of the protocol is described too, and is there.
  @Test
  void openApi_describesEveryOtherResource() {
    var paths =
        Objects.requireNonNull(json(served.send("GET", "/openapi.json", "")).object("paths"));
    var others = new TreeSet<>(paths.fields().keySet());
    Routes.ALL.forEach(route -> others.remove(route.path()));
    assertThat(others).isEqualTo(HttpSurface.OTHERS);
    for (var path : others) {
      var operations = Objects.requireNonNull(paths.object(path)).fields();
      assertThat(operations).as(path).hasSize(1);
      operations.forEach((verb, described) -> {
        var responses = Objects.requireNonNull(((Json.Obj) described).object("responses"));
        if (!path.equals("/v1/watch")) {
          var answer =
              served.send(verb.toUpperCase(Locale.ROOT), path, verb.equals("post") ? "{}" : "");
          var told = responses.object(Integer.toString(answer.statusCode()));
          assertThat(told).as(path).isNotNull();
          var type = answer.headers().firstValue("Content-Type").orElseThrow();
          assertThat(
                  Objects.requireNonNull(Objects.requireNonNull(told).object("content")).fields())
              .as(path)
              .containsKey(type);
        }
        assertThat(served.send("PUT", path, "{}").statusCode()).as(path).isEqualTo(405);
      });
    }
  }

  @Test
  void head_isGetWithoutABody() {
    var id = remember("{\"text\":\"x\"}");
    var answer = served.send("HEAD", "/v1/memories/" + id, "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValueAsLong("Content-Length").orElse(0)).isPositive();
  }
}
