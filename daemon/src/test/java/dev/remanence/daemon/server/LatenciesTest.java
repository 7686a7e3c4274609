package dev.remanence.daemon.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void quantile_isAtMostAnEighthTooGreat() {
    var random = new SplittableRandom(7);
    var latencies = new Latencies();
    var micros = new long[10_000];
    for (int i = 0; i < micros.length; i++) {
      micros[i] = (long) Math.exp(random.nextDouble() * 20);
      latencies.record(micros[i] * 1000);
    }
    Arrays.sort(micros);
    for (double share : new double[] {0.01, 0.5, 0.9, 0.99, 1}) {
      long exact = micros[(int) Math.ceil(share * micros.length) - 1];
      assertThat(latencies.quantile(share)).isBetween(exact, exact + exact / 8 + 1);
    }
    assertThat(latencies.count()).isEqualTo(micros.length);
    assertThat(latencies.totalMicros()).isEqualTo(Arrays.stream(micros).sum());
  }

  @Test
  void quantile_ofNothing_isNothing() {
    assertThat(new Latencies().quantile(0.5)).isZero();
  }
}
