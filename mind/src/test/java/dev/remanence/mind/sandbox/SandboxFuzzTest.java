package dev.remanence.mind.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Random programs. Whatever the text:
///
/// 1. a run answers with an [Outcome]; no exception of Java's leaves it;
/// 2. it ends within its time and a margin;
/// 3. it has charged no more bytes than one last refused charge above its budget's end;
/// 4. what it answers is JSON that can be written.
///
/// `-Dremanence.seed=…` replays one program, `-Dremanence.fuzz.seconds=…` goes on for longer.
class SandboxFuzzTest {
  private static final SandboxLimits LIMITS =
      SandboxLimits.DEFAULT.steps(300_000).bytes(8 << 20).time(Duration.ofSeconds(5)).depth(50);

  private static final List<HostFunction> ECHO =
      List.of(new HostFunction("echo", List.of("value"), arguments -> arguments));

  @Test
  void run_anyText_answersWithinItsLimits() throws IOException {
    var known = ConformanceTest.cases().stream().map(ConformanceTest.Case::program).toList();
    var replay = Long.getLong("remanence.seed");
    if (replay != null) {
      check(replay, known);
      return;
    }
    long seconds = Long.getLong("remanence.fuzz.seconds", 8);
    long seed = System.nanoTime();
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    while (System.nanoTime() < end) {
      check(seed++, known);
    }
  }

  private static void check(long seed, List<String> known) {
    var program = new ProgramMaker(new SplittableRandom(seed), true).program(known);
    var replay = "-Dremanence.seed=" + seed + "\n" + program;
    long begin = System.nanoTime();
    try {
      var outcome = new Sandbox(LIMITS, ECHO).run(program);
      assertThat(outcome.json().toString()).isNotEmpty();
      assertThat(outcome.failure() != null || outcome.bytes() <= LIMITS.bytes())
          .as(replay)
          .isTrue();
    } catch (RuntimeException | AssertionError failure) {
      fail(replay, failure);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .as(replay)
        .isLessThan(LIMITS.time().plusSeconds(2));
  }
}
