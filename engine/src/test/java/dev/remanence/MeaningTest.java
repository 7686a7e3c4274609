package dev.remanence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Vectors that come later: deferred ones, those of a failed embedder, those of another model. What
/// waits for a vector is found by words; what has an old model's vector is found by that.
@NullMarked
class MeaningTest {
  private static final List<String> TEXTS =
      List.of(
          "Anna drinks green tea in the morning",
          "The invoice of the plumber is not paid yet",
          "Bert repairs old bicycles at the weekend");

  @TempDir Path temp;

  private Remanence open(String embedder) {
    return Remanence.open(temp.resolve("store"), OpenOptions.DEFAULT.embedder(embedder));
  }

  private static void await(String described, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).describedAs(described).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private static boolean isNear(Remanence store, String question, String text) {
    return store.similar("acme", Similar.to(question).threshold(0.2)).stream()
        .anyMatch(hit -> text.equals(hit.memory().text()));
  }

  private static double meaning(Remanence store, String question, String text) {
    return store.recall("acme", Query.of(question).explain(true)).hits().stream()
        .filter(hit -> text.equals(hit.memory().text()))
        .map(hit -> hit.why() == null ? null : hit.why().number("meaning"))
        .mapToDouble(part -> part == null ? 0 : part.value())
        .findFirst()
        .orElse(0);
  }

  @Test
  void defer_isFoundByWordsAtOnceAndByMeaningSoon() {
    try (var store = open("static")) {
      store.remember("acme", Draft.of(TEXTS.getFirst()).defer(true));
      assertThat(store.recall("acme", Query.of("tea")).hits()).hasSize(1);
      await("the vector", () -> isNear(store, "a cup of tea for Anna", TEXTS.getFirst()));
      assertThat(store.stats().vectorsWaiting()).isZero();
    }
  }

  @Test
  void open_afterWritesWithoutVectors_computesThemByItself() {
    try (var store = open("none")) {
      TEXTS.forEach(text -> store.remember("acme", Draft.of(text)));
      var last = store.remember("acme", Draft.of("The bicycle shop is closed"));
      store.revise(last.id(), new Patch().text("The bicycle shop is open"));
    }
    try (var store = open("static")) {
      await("the vectors", () -> store.stats().vectorsWaiting() == 0);
      assertThat(store.stats().vectors().values()).containsExactly(5L);
      await("the image", () -> isNear(store, "mending a bicycle", TEXTS.getLast()));
    }
  }

  @Test
  void embedMissing_computesWhatIsMissingOnce() {
    try (var store = open("none")) {
      for (int i = 0; i < 100; i++) {
        store.remember("acme", Draft.of("note " + i + " about tea"));
        store.remember("other", Draft.of("given " + i).vector(new float[] {i, 1, 2}));
      }
    }
    try (var store = open("static")) {
      assertThat(store.stats().vectorsWaiting()).isEqualTo(100);
      assertThat(store.embedMissing(Remanence.Progress.NONE)).isEqualTo(100);
      assertThat(store.embedMissing(Remanence.Progress.NONE)).isZero();
    }
  }

  @Test
  void remember_serverDown_isKeptAndEmbeddedWhenTheServerIsThere() throws IOException {
    var isUp = new AtomicBoolean();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/embeddings",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          var answer = "{\"data\":[{\"index\":0,\"embedding\":[1,2,3,4]}]}".getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(isUp.get() ? 200 : 503, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    try (var store =
        open("openai:http://127.0.0.1:" + server.getAddress().getPort() + "/v1#numbers")) {
      store.remember("acme", Draft.of(TEXTS.getFirst()));
      assertThat(store.recall("acme", Query.of("tea")).hits()).hasSize(1);
      assertThat(store.stats().vectorsWaiting()).isEqualTo(1);
      isUp.set(true);
      // The image learns of a vector a moment after the journal has it.
      await("the vector", () -> isNear(store, "anything", TEXTS.getFirst()));
      assertThat(store.stats().vectorsWaiting()).isZero();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void embedding_oneTextIsRefused_theOthersHaveVectors() throws IOException {
    var isStrict = new AtomicBoolean(true);
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/embeddings",
        exchange -> {
          var asked = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          int count =
              ((Json.Obj) Json.parse(asked)).get("input") instanceof Json.Arr inputs
                  ? inputs.items().size()
                  : 1;
          var vectors = new StringJoiner(",", "{\"data\":[", "]}");
          for (int i = 0; i < count; i++) {
            vectors.add("{\"index\":" + i + ",\"embedding\":[1,2,3,4]}");
          }
          var answer = vectors.toString().getBytes(UTF_8);
          boolean refuses = isStrict.get() && asked.contains("poison");
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(refuses ? 400 : 200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    var embedder = "openai:http://127.0.0.1:" + server.getAddress().getPort() + "/v1#numbers";
    try {
      try (var store = open(embedder)) {
        var drafts = new ArrayList<Draft>();
        for (int i = 0; i < 40; i++) {
          drafts.add(Draft.of(i == 7 ? "poison" : "text " + i).defer(true));
        }
        store.rememberAll("acme", drafts);
        await(
            "all but one",
            () -> store.stats().vectorsWaiting() == 0 && store.stats().vectorsRefused() == 1);
        assertThat(store.stats().vectors().values()).containsExactly(39L);
        await("the image", () -> store.similar("acme", Similar.to("anything")).size() == 10);
      }
      isStrict.set(false);
      try (var store = open(embedder)) {
        await("the last one", () -> store.stats().vectorsWaiting() == 0);
        assertThat(store.stats().vectors().values()).containsExactly(40L);
        assertThat(store.stats().vectorsRefused()).isZero();
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void compact_everythingHasAVectorOfTheModel_dropsFormerOnes() {
    try (var store = open("static")) {
      TEXTS.forEach(text -> store.remember("acme", Draft.of(text)));
    }
    try (var store = open("minilm")) {
      store.remember("acme", Draft.of("one more").defer(true));
      store.embedMissing(Remanence.Progress.NONE);
      assertThat(store.stats().vectors().values()).containsExactly(4L, 3L);
      store.compact();
      assertThat(store.stats().vectors().values()).containsExactly(4L);
      assertThat(isNear(store, "old bicycles", TEXTS.getLast())).isTrue();
    }
    try (var store = open("none")) {
      store.remember("acme", Draft.of("no vector"));
      store.compact();
      assertThat(store.stats().vectors().values()).containsExactly(4L);
    }
  }

  @Test
  void open_withAnotherModel_asksOldVectorsUntilNewOnesAreThere() {
    try (var store = open("static")) {
      TEXTS.forEach(text -> store.remember("acme", Draft.of(text)));
    }
    try (var store = open("minilm")) {
      assertThat(meaning(store, "who mends bikes and bicycles", TEXTS.getLast())).isPositive();
      assertThat(isNear(store, "old bicycles", TEXTS.getLast())).isTrue();
      store.embedMissing(Remanence.Progress.NONE);
      assertThat(store.stats().vectors().values()).containsExactly(3L, 3L);
      assertThat(meaning(store, "who mends bikes and bicycles", TEXTS.getLast())).isPositive();
    }
    try (var store = open("static")) {
      assertThat(store.embedMissing(Remanence.Progress.NONE)).isZero();
      assertThat(isNear(store, "old bicycles", TEXTS.getLast())).isTrue();
    }
  }

  @Test
  void revise_ofATurn_isEmbeddedWithTheTurnBefore() {
    try (var store = open("static")) {
      var said = new Provenance("chat", null, null, null, null, null, null, null);
      store.remember("acme", Draft.of("Do you like tea?").speaker("Anna").provenance(said));
      var answer = store.remember("acme", Draft.of("no").speaker("Bert").provenance(said));
      double before = nearness(store, answer);
      store.revise(answer.id(), new Patch().text("yes"));
      assertThat(nearness(store, answer)).isGreaterThan(0.5).isCloseTo(before, within(0.2));
    }
  }

  private static double nearness(Remanence store, Remembered answer) {
    return store.similar("acme", Similar.to("Do you like tea?").threshold(-1)).stream()
        .filter(hit -> hit.memory().id().equals(answer.id()))
        .mapToDouble(Hit::score)
        .findFirst()
        .orElse(-1);
  }

  @Test
  void vector_ofFewNumbersOrTinyOnes_isFound() {
    try (var store = open("none")) {
      store.remember("acme", Draft.of("three").vector(new float[] {1, 0, 0}));
      store.remember("acme", Draft.of("tiny").vector(new float[] {0, Float.MIN_VALUE, 0}));
      store.remember("acme", Draft.of("huge").vector(new float[] {0, 0, Float.MAX_VALUE}));
      store.remember("acme", Draft.of("none").vector(new float[] {0, 0, 0}));
      var near = store.similar("acme", Similar.to(new float[] {0, 2, 0}).threshold(0.9));
      assertThat(near).extracting(hit -> hit.memory().text()).containsExactly("tiny");
      assertThat(store.similar("acme", Similar.to(new float[] {0, 0, 1}).threshold(0.9)))
          .extracting(hit -> hit.memory().text())
          .containsExactly("huge");
    }
  }

  @Test
  void images_thatAreDroppedAtOnce_answerTheSame() {
    try (var small =
        EmbeddedStore.open(
            temp.resolve("store"),
            OpenOptions.DEFAULT.embedder("static"),
            InstantSource.system(),
            new SecureRandom(),
            1)) {
      for (int i = 0; i < 12; i++) {
        for (var text : TEXTS) {
          small.remember("acme/" + i, Draft.of(text + " " + i));
        }
      }
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 12; i++) {
          var hits = small.recall("acme/" + i, Query.of("who drinks tea")).hits();
          assertThat(hits.getFirst().memory().text()).isEqualTo(TEXTS.getFirst() + " " + i);
          assertThat(hits).hasSize(3);
        }
      }
    }
  }
}
