package dev.remanence.daemon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearestTest {
  private static final List<String> KNOWN = List.of("remember", "recall", "revise", "tags");

  @Test
  void to_closeWord_isTheNearest() {
    assertThat(Nearest.to("rember", KNOWN)).isEqualTo("remember");
    assertThat(Nearest.to("Recal", KNOWN)).isEqualTo("recall");
    assertThat(Nearest.to("tag", KNOWN)).isEqualTo("tags");
  }

  @Test
  void to_farOrEndlessWord_isNone() {
    assertThat(Nearest.to("serve", List.of("remember", "recall"))).isNull();
    assertThat(Nearest.to("", KNOWN)).isNull();
    assertThat(Nearest.to("remember".repeat(10_000), KNOWN)).isNull();
  }
}
