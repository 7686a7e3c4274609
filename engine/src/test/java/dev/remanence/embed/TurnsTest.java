package dev.remanence.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.StoreClosed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {
  @Test
  void calls_atMostTheWidthAtOnce() throws Exception {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    try (var turns = new Turns(2);
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        calls.add(
            callers.submit(() -> {
              return number % 2 == 0
                  ? turns.question(() -> counted(running, most, number))
                  : turns.passage(() -> counted(running, most, number));
            }));
      }
      for (int i = 0; i < 200; i++) {
        assertThat(calls.get(i).get()).isEqualTo(i);
      }
    }
    assertThat(most.get()).isBetween(1, 2);
  }

  private static int counted(AtomicInteger running, AtomicInteger most, int number) {
    most.accumulateAndGet(running.incrementAndGet(), Math::max);
    Thread.onSpinWait();
    running.decrementAndGet();
    return number;
  }

  @Test
  void question_behindManyPassages_waitsForAFew() throws Exception {
    var order = Collections.synchronizedList(new ArrayList<String>());
    var gate = new CountDownLatch(1);
    var held = new CountDownLatch(1);
    try (var turns = new Turns(1);
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Future<Boolean>>();
      calls.add(
          callers.submit(() ->
              turns.passage(() -> {
                held.countDown();
                gate.await();
                return order.add("passage");
              })));
      held.await();
      for (int i = 0; i < 100; i++) {
        calls.add(callers.submit(() -> turns.passage(() -> order.add("passage"))));
      }
      calls.add(callers.submit(() -> turns.question(() -> order.add("question"))));
      // The passage that computes holds the only turn among passages: who waits is the question.
      while (turns.waiting() < 1) {
        Thread.onSpinWait();
      }
      gate.countDown();
      for (var call : calls) {
        call.get();
      }
    }
    assertThat(order).hasSize(102);
    assertThat(order.indexOf("question")).isLessThanOrEqualTo(3);
  }

  @Test
  void call_thatFails_failsItsCallerAlone() {
    try (var turns = new Turns(1)) {
      assertThatThrownBy(() ->
              turns.question(() -> {
                throw new InvalidInput("no");
              }))
          .isInstanceOf(InvalidInput.class);
      assertThat(turns.<Integer>question(() -> 7)).isEqualTo(7);
    }
  }

  @Test
  void close_waitsForTheCallUnderWay() throws Exception {
    var order = Collections.synchronizedList(new ArrayList<String>());
    var gate = new CountDownLatch(1);
    var held = new CountDownLatch(1);
    var turns = new Turns(2);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var call =
          callers.submit(() ->
              turns.question(() -> {
                held.countDown();
                gate.await();
                return order.add("call");
              }));
      held.await();
      var close = callers.submit(() -> turns.close(() -> order.add("close")));
      while (turns.waiting() < 1) {
        Thread.onSpinWait();
      }
      assertThat(order).isEmpty();
      gate.countDown();
      call.get();
      close.get();
    }
    assertThat(order).isEqualTo(List.of("call", "close"));
    assertThatThrownBy(() -> turns.passage(() -> 1)).isInstanceOf(StoreClosed.class);
  }

  @Test
  void call_whileInterrupted_endsAndStaysInterrupted() {
    try (var turns = new Turns(1)) {
      Thread.currentThread().interrupt();
      assertThat(turns.<Integer>question(() -> 7)).isEqualTo(7);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
