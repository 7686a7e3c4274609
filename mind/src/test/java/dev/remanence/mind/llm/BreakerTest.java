package dev.remanence.mind.llm;

import static dev.remanence.mind.llm.ModelServer.http;
import static dev.remanence.mind.llm.ModelServer.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.mind.llm.Breaker.Outcome;
import dev.remanence.testkit.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BreakerTest {
  private final TestClock clock = new TestClock(Instant.parse("2026-11-21T10:00:00Z"));
  private final Breaker breaker = new Breaker("the server", clock);

  private void pass(Outcome outcome) {
    breaker.enter();
    breaker.leave(outcome);
  }

  private void open() {
    for (int i = 0; i < Breaker.FAILURES_MAX; i++) {
      pass(Outcome.BAD);
    }
  }

  private void assertOpen() {
    assertThatThrownBy(breaker::enter)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("left alone");
  }

  @Test
  void enter_afterFiveFailuresInARow_isRefusedForAMinute() {
    open();
    assertOpen();
    clock.advance(Breaker.REST_MILLIS - 1);
    assertOpen();
    clock.advance(1);
    assertThatCode(breaker::enter).doesNotThrowAnyException();
  }

  @Test
  void enter_failuresThatAreNotInARow_areForgiven() {
    for (int i = 0; i < 20; i++) {
      pass(i % 5 == 4 ? Outcome.GOOD : Outcome.BAD);
    }
    assertThatCode(breaker::enter).doesNotThrowAnyException();
  }

  @Test
  void enter_afterTheRest_oneTriesAndDecides() {
    open();
    clock.advance(Breaker.REST_MILLIS);
    breaker.enter();
    assertOpen();
    breaker.leave(Outcome.BAD);
    assertOpen();

    clock.advance(Breaker.REST_MILLIS);
    pass(Outcome.GOOD);
    breaker.enter();
    breaker.enter();
  }

  @Test
  void enter_trialThatSaysNothing_letsTheNextTry() {
    open();
    clock.advance(Breaker.REST_MILLIS);
    pass(Outcome.NEITHER);
    assertThatCode(breaker::enter).doesNotThrowAnyException();
  }

  @Test
  void enter_clockSetBack_doesNotRestLonger() {
    open();
    clock.advance(-3_600_000);
    assertThatCode(breaker::enter).doesNotThrowAnyException();
  }

  @Test
  void model_whoseEndpointFails_isNotAskedForAMinute(@TempDir Path directory) throws Exception {
    try (var server = new ModelServer();
        var model =
            new Model(
                Endpoint.parse("openai:" + server.address() + "#m"),
                Map.<String, String>of()::get,
                directory,
                clock,
                new SplittableRandom(1),
                Duration.ofMillis(1))) {
      server.replyWith(http(404, ""));
      for (int i = 0; i < 8; i++) {
        assertThatThrownBy(() -> model.ask(ModelTest.PROMPT, ModelTest.COLOUR))
            .isInstanceOf(Unavailable.class);
      }
      assertThat(server.requests()).hasSize(5);

      server.replyWith(says("{\"colour\":\"blue\"}"));
      clock.advance(Breaker.REST_MILLIS);
      assertThat(model.ask(ModelTest.PROMPT, ModelTest.COLOUR)).isEqualTo(ModelTest.BLUE);
      assertThat(model.ask(ModelTest.PROMPT, ModelTest.COLOUR)).isEqualTo(ModelTest.BLUE);
      assertThat(server.requests()).hasSize(7);
    }
  }
}
