package dev.remanence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Json;
import org.junit.jupiter.api.Test;

class TopTest {
  private static Json.Obj activity(int calls) {
    return (Json.Obj)
        Json.parse(
            """
            {"pid":7,"version":"0.1.0","store":"/data/memory","uptimeSeconds":90,"connections":2,
             "inHand":1,"heapBytes":83920256,"residentBytes":210071552,
             "sessions":[{"session":"s","tool":"claude\\u001b[2J","pid":9,"connections":1,"calls":3,
               "since":"2026-11-21T11:22:01.730065318Z"}],
             "methods":[{"method":"get","calls":1,"failures":0,"p50Micros":250,"p99Micros":900},
               {"method":"recall","calls":%d,"failures":1,"p50Micros":1250,"p99Micros":9000}]}
            """
                .formatted(calls));
  }

  @Test
  void frame_tellsRatesSinceTheLastOne_andTheBusiestFirst() {
    var top = new Top(new Terminal(true, true, false, 80), System.out, () -> activity(0));
    top.frame(activity(100), 1_000_000_000L);
    var lines = top.frame(activity(150), 3_000_000_000L).lines().toList();
    assertThat(lines.get(1)).contains("process 7", "up 1m", "2 connections", "resident 200 MB");
    assertThat(lines.get(4).split(" +"))
        .containsExactly("recall", "150", "25.0", "1", "1.25", "9.00");
    assertThat(lines.get(5)).startsWith("get ");
    assertThat(String.join("", lines)).contains("claude").doesNotContain("\u001b");
  }
}
