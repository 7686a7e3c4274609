package dev.remanence.mind.llm;

import static dev.remanence.mind.llm.ModelServer.http;
import static dev.remanence.mind.llm.ModelServer.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.testkit.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
  private static final long DAY_MILLIS = 86_400_000;

  @TempDir Path directory;
  private final TestClock clock = new TestClock(Instant.parse("2026-11-21T10:00:00Z"));

  private Budget budget(String options) {
    return new Budget(directory, clock, Endpoint.parse("openai:https://h#m" + options));
  }

  private Json.Obj file() throws IOException {
    return (Json.Obj) Json.parse(Files.readAllBytes(directory.resolve(Budget.FILE)));
  }

  private double spent(String what) throws IOException {
    return Objects.requireNonNull(file().number(what)).value();
  }

  @Test
  void take_beyondTheDay_isRefusedAlsoAfterARestart() throws IOException {
    var budget = budget(",tokens-a-day=1000");
    budget.settle(budget.take(600, 300), 500, 200);
    assertThatThrownBy(() -> budget.take(300, 1))
        .isInstanceOfSatisfying(
            Unavailable.class, e -> assertThat(e.facts()).containsEntry("tokens", 700L));
    var again = budget(",tokens-a-day=1000");
    assertThatThrownBy(() -> again.take(300, 1)).isInstanceOf(Unavailable.class);
    again.take(200, 100);
    assertThat(spent("tokens")).isEqualTo(1000);
  }

  @Test
  void take_thatIsKilled_hasCounted() {
    var unused = budget(",tokens-a-day=1000").take(600, 300);
    assertThat(unused.tokensIn()).isEqualTo(600);
    assertThatThrownBy(() -> budget(",tokens-a-day=1000").take(101, 0))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void take_onTheNextDay_beginsAnew_andOnADayBefore_doesNot() throws IOException {
    var budget = budget(",tokens-a-day=1000");
    var late = budget.take(900, 0);
    clock.advance(-DAY_MILLIS);
    assertThatThrownBy(() -> budget.take(900, 0)).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> budget(",tokens-a-day=1000").take(900, 0))
        .isInstanceOf(Unavailable.class);
    clock.advance(2 * DAY_MILLIS);
    budget.take(900, 0);
    budget.settle(late, 0, 0);
    assertThat(spent("tokens")).isEqualTo(900);
    assertThat(file().string("day")).isEqualTo("2026-11-22");
  }

  @Test
  void take_beyondTheMoney_isRefused() throws IOException {
    var budget = budget(",cost-a-day=0.01,price-in=1,price-out=10");
    budget.settle(budget.take(1000, 500), 1000, 500);
    assertThat(spent("cost")).isCloseTo(0.006, within(1e-12));
    assertThatThrownBy(() -> budget.take(1000, 500)).hasMessageContaining("money");
    budget.take(1000, 300);
  }

  @Test
  void file_isReadableByItsOwnerOnly() throws IOException {
    var unused = budget("").take(1, 1);
    assertThat(unused.tokensOut()).isEqualTo(1);
    assertThat(Files.getPosixFilePermissions(directory.resolve(Budget.FILE)))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"day\":\"2026-11-21\"}",
        "{\"day\":\"soon\",\"tokens\":1,\"cost\":0}",
        "{\"day\":7,\"tokens\":1,\"cost\":0}"
      })
  void take_fileThatCannotBeRead_isRefused(String text) throws IOException {
    Files.writeString(directory.resolve(Budget.FILE), text);
    assertThatThrownBy(() -> budget("").take(1, 1))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("budget");
  }

  @Test
  void model_countsWhatTheServerTells_andNothingWhereItAnswersNothing() throws Exception {
    try (var server = new ModelServer();
        var model = model(server, "")) {
      server.replyWith(says("{\"colour\":\"blue\"}"));
      model.ask(ModelTest.PROMPT, ModelTest.COLOUR);
      assertThat(spent("tokens")).isEqualTo(120);
      server.replyWith(http(401, ""));
      assertThatThrownBy(() -> model.ask(ModelTest.PROMPT, ModelTest.COLOUR))
          .isInstanceOf(Unavailable.class);
      assertThat(spent("tokens")).isEqualTo(120);
    }
  }

  @Test
  void model_withoutBudget_isNotAsked_andThatSpeaksNotAgainstTheEndpoint() throws Exception {
    try (var server = new ModelServer();
        var model = model(server, ",tokens-a-day=100")) {
      for (int i = 0; i < 7; i++) {
        assertThatThrownBy(() -> model.ask(ModelTest.PROMPT, ModelTest.COLOUR))
            .hasMessageContaining("are spent");
      }
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void model_manyCallsAtOnce_stayWithinTheDayTogether() throws Exception {
    var together = new CountDownLatch(1);
    try (var server = new ModelServer();
        var model = model(server, ",tokens-a-day=10500")) {
      // Two calls take some 5000 each; while they are out, nobody else gets one.
      server.replyWith((exchange, request) -> {
        try {
          together.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        says("{\"colour\":\"blue\"}").send(exchange, request);
      });
      var answered = new AtomicInteger();
      var refused = new CountDownLatch(6);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 8; i++) {
          threads.execute(() -> {
            try {
              model.ask(ModelTest.PROMPT, ModelTest.COLOUR);
              answered.incrementAndGet();
            } catch (RemanenceException _) {
              refused.countDown();
            }
          });
        }
        refused.await();
        together.countDown();
      }
      assertThat(answered).hasValue(2);
      assertThat(server.requests()).hasSize(2);
      assertThat(spent("tokens")).isEqualTo(240);
    }
  }

  private Model model(ModelServer server, String options) {
    return new Model(
        Endpoint.parse("openai:" + server.address() + "#m" + options),
        Map.<String, String>of()::get,
        directory,
        clock,
        new SplittableRandom(1),
        Duration.ofMillis(1));
  }
}
