package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FilterTest {
  private static Filter filter(Kind kind, Filter.Op op) {
    return new Filter(
        Set.of(kind, Kind.GHOST),
        Set.of("a", "b"),
        Set.of("c"),
        Set.of(),
        Map.of(
            "n", List.of(new Filter.Test(op, List.of(Json.of(1L)))),
            "m", List.of(Filter.Test.is(Json.parse("{\"a\":[null]}")))),
        new Filter.Span(Instant.EPOCH, null),
        null,
        0.25,
        null,
        "k",
        null,
        null,
        true);
  }

  /// A cursor carries this number to another process, or to tomorrow: it is written down here.
  @Test
  void fingerprint_isTheSameInEveryProcess() {
    assertThat(filter(Kind.SEMANTIC, Filter.Op.NE).fingerprint()).isEqualTo(-84259035);
    assertThat(Filter.ALL.fingerprint()).isEqualTo(-505558625);
  }

  @Test
  void fingerprint_tellsFiltersApart() {
    assertThat(
            Set.of(
                Filter.ALL.fingerprint(),
                filter(Kind.SEMANTIC, Filter.Op.NE).fingerprint(),
                filter(Kind.EPISODIC, Filter.Op.NE).fingerprint(),
                filter(Kind.SEMANTIC, Filter.Op.GT).fingerprint()))
        .hasSize(4);
  }
}
