package dev.remanence.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.RemanenceException.Timeout;
import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEmbedderTest {
  private static final String SECRET = "sk-not-to-be-seen";

  private EmbeddingServer server;

  @BeforeEach
  void start() throws IOException {
    server = new EmbeddingServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpEmbedder open(Endpoint.Shape shape, String rest) {
    return new HttpEmbedder(
        Endpoint.parse(shape, server.address() + rest),
        Map.of("THE_KEY", SECRET, "A_POEM", "two\nlines")::get,
        new SplittableRandom(1),
        Duration.ofMillis(1));
  }

  private HttpEmbedder openAi() {
    return open(Endpoint.Shape.OPENAI, "/v1#small,seconds=5");
  }

  @Test
  void openAi_asksAndReadsAsAgreed() {
    server.replyWith(EmbeddingServer.vectors(3));
    try (var embedder = open(Endpoint.Shape.OPENAI, "/v1/#org/small:1,key=THE_KEY")) {
      assertThat(embedder.model()).isEqualTo("openai/org/small:1");
      assertThat(embedder.dimension()).isZero();
      var vector = embedder.embedQuery("four");

      assertThat(embedder.dimension()).isEqualTo(3);
      assertThat(vector).hasSize(3);
      assertThat(Texts.cosine(vector, vector)).isCloseTo(1, within(1e-6f));
      assertThat(vector[0] / vector[1]).isCloseTo(4, within(1e-5f));
      var request = server.requests().getFirst();
      assertThat(request.path()).isEqualTo("/v1/embeddings");
      assertThat(request.authorization()).isEqualTo("Bearer " + SECRET);
      assertThat(request.body().string("model")).isEqualTo("org/small:1");
      assertThat(request.body().array("input")).isEqualTo(Json.array(List.of(Json.of("four"))));
    }
  }

  @Test
  void ollama_asksAndReadsAsAgreed() {
    server.replyWith(EmbeddingServer.vectors(2));
    try (var embedder = open(Endpoint.Shape.OLLAMA, "#nomic-embed-text")) {
      assertThat(embedder.embedPassage("sixsix")[0]).isCloseTo(0.986f, within(1e-3f));
      assertThat(server.requests().getFirst().path()).isEqualTo("/api/embed");
      assertThat(server.requests().getFirst().authorization()).isEqualTo("null");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPENAI", "OLLAMA"})
  void embedPassages_keepTheirOrder(String shape) {
    server.replyWith(EmbeddingServer.vectors(2));
    try (var embedder = open(Endpoint.Shape.valueOf(shape), "#m")) {
      var texts = new ArrayList<String>();
      for (int i = 1; i <= 70; i++) {
        texts.add("x".repeat(i));
      }
      var vectors = embedder.embedPassages(texts);

      for (int i = 0; i < 70; i++) {
        assertThat(vectors.get(i)[0] / vectors.get(i)[1]).isCloseTo(i + 1f, within(0.01f));
      }
      assertThat(server.requests())
          .extracting(EmbeddingServer.Request::texts)
          .containsExactly(32, 32, 6);
    }
  }

  @Test
  void refusalThatPasses_isTriedAgain() {
    server.replyWith(
        EmbeddingServer.text(429, "slow down", "Retry-After", "0"),
        EmbeddingServer.text(503, ""),
        (exchange, _) -> exchange.close(),
        EmbeddingServer.vectors(2));
    try (var embedder = openAi()) {
      assertThat(embedder.embedQuery("x")).hasSize(2);
      assertThat(server.requests()).hasSize(4);
    }
  }

  @Test
  void refusalThatStays_isReportedAfterFourAttempts() {
    server.replyWith(EmbeddingServer.text(500, "no"));
    try (var embedder = openAi()) {
      assertThatThrownBy(() -> embedder.embedQuery("x"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("answered 500");
      assertThat(server.requests()).hasSize(4);
    }
  }

  @Test
  void retryAfter_beyondTheDeadline_failsAtOnce() {
    server.replyWith(EmbeddingServer.text(429, "", "Retry-After", "3600"));
    try (var embedder = openAi()) {
      assertThatThrownBy(() -> embedder.embedQuery("x"))
          .isInstanceOfSatisfying(
              Unavailable.class, e -> assertThat(e.facts()).containsEntry("status", 429));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 307, 400, 401, 404, 204})
  void refusalForGood_isNotRepeated(int status) {
    server.replyWith(EmbeddingServer.text(status, "", "Location", server.address() + "/elsewhere"));
    try (var embedder = openAi()) {
      assertThatThrownBy(() -> embedder.embedQuery("x"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("answered " + status);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "oops",
        "[]",
        "{}",
        "{\"data\":[]}",
        "{\"data\":{}}",
        "{\"data\":[7]}",
        "{\"data\":[{}]}",
        "{\"data\":[{\"embedding\":[]}]}",
        "{\"data\":[{\"embedding\":\"AAAA\"}]}",
        "{\"data\":[{\"embedding\":[1,null]}]}",
        "{\"data\":[{\"embedding\":[1,\"NaN\"]}]}",
        "{\"data\":[{\"embedding\":[1,NaN]}]}",
        "{\"data\":[{\"embedding\":[0,0]}]}",
        "{\"data\":[{\"embedding\":[1e300,1]}]}",
        "{\"data\":[{\"embedding\":[1e999,1]}]}",
        "{\"data\":[{\"index\":1,\"embedding\":[1,2]}]}",
        "{\"data\":[{\"index\":-1,\"embedding\":[1,2]}]}",
        "{\"data\":[{\"embedding\":[1,2]},{\"embedding\":[1,2]}]}"
      })
  void hostileAnswer_isRefused(String body) {
    server.replyWith(EmbeddingServer.text(200, body));
    try (var embedder = openAi()) {
      assertThatThrownBy(() -> embedder.embedQuery("x")).isInstanceOf(Unavailable.class);
      assertThat(server.requests()).hasSize(1);
      assertThat(embedder.dimension()).isZero();
    }
  }

  @Test
  void tooManyNumbers_areRefused() {
    server.replyWith(EmbeddingServer.vectors(4097));
    try (var embedder = openAi()) {
      assertThatThrownBy(() -> embedder.embedQuery("x"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("4096");
    }
  }

  @Test
  void sameIndexTwice_isRefused() {
    server.replyWith(
        EmbeddingServer.text(
            200, "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":0,\"embedding\":[1]}]}"));
    try (var embedder = openAi()) {
      assertThatThrownBy(() -> embedder.embedPassages(List.of("a", "b")))
          .isInstanceOf(Unavailable.class);
    }
  }

  @Test
  void otherDimensionThanBefore_isRefused() {
    server.replyWith(EmbeddingServer.vectors(3), EmbeddingServer.vectors(4));
    try (var embedder = openAi()) {
      embedder.embedQuery("x");
      assertThatThrownBy(() -> embedder.embedQuery("y"))
          .isInstanceOfSatisfying(
              Unavailable.class,
              e -> assertThat(e.facts()).containsEntry("expected", 3).containsEntry("found", 4));
      assertThat(embedder.dimension()).isEqualTo(3);
    }
  }

  @Test
  void endlessAnswer_isCutOff() {
    server.replyWith((exchange, _) -> {
      exchange.sendResponseHeaders(200, 0);
      for (int i = 0; i < 1000; i++) {
        exchange.getResponseBody().write(new byte[1 << 16]);
      }
    });
    try (var embedder = openAi()) {
      assertThatThrownBy(() -> embedder.embedQuery("x")).isInstanceOf(Unavailable.class);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void answerThatDrips_endsAtTheDeadline() {
    var stopped = new CountDownLatch(1);
    server.replyWith((exchange, _) -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
      try {
        stopped.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    try (var embedder = open(Endpoint.Shape.OPENAI, "#m,seconds=1")) {
      assertThatThrownBy(() -> embedder.embedQuery("x")).isInstanceOf(Timeout.class);
    } finally {
      stopped.countDown();
    }
  }

  @Test
  void nobodyThere_isUnavailable() {
    var address = server.address();
    server.close();
    try (var embedder =
        new HttpEmbedder(
            Endpoint.parse(Endpoint.Shape.OLLAMA, address + "#m"),
            _ -> null,
            new SplittableRandom(1),
            Duration.ofMillis(1))) {
      assertThatThrownBy(() -> embedder.embedQuery("x"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("cannot be used");
    }
  }

  @Test
  void key_missingOrMalformed_isNotSentAndNotShown() {
    try (var missing = open(Endpoint.Shape.OPENAI, "#m,key=NOT_SET")) {
      assertThatThrownBy(() -> missing.embedQuery("x"))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("NOT_SET");
    }
    try (var malformed = open(Endpoint.Shape.OPENAI, "#m,key=A_POEM")) {
      assertThatThrownBy(() -> malformed.embedQuery("x"))
          .isInstanceOf(InvalidInput.class)
          .hasMessageNotContaining("lines");
    }
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void key_neverShowsInAnError() {
    server.replyWith(EmbeddingServer.text(401, "bad key " + SECRET));
    try (var embedder = open(Endpoint.Shape.OPENAI, "#m,key=THE_KEY")) {
      assertThatThrownBy(() -> embedder.embedQuery("x"))
          .isInstanceOfSatisfying(
              RemanenceException.class,
              e -> assertThat(e.getMessage() + e.facts()).doesNotContain(SECRET));
    }
  }

  @Test
  void longText_isShortenedBetweenCharacters() {
    server.replyWith(EmbeddingServer.vectors(2));
    try (var embedder = openAi()) {
      embedder.embedPassage("a" + "\ud83d\ude42".repeat(5000));
      var input = Objects.requireNonNull(server.requests().getFirst().body().array("input"));
      assertThat(((Json.Str) input.items().getFirst()).value()).hasSize(7999);
    }
  }

  @Test
  void embed_afterClose_isRefused() {
    var embedder = openAi();
    embedder.close();
    assertThatThrownBy(() -> embedder.embedQuery("x")).isInstanceOf(StoreClosed.class);
  }
}
