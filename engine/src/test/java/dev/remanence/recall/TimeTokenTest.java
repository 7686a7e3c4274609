package dev.remanence.recall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The pieces are those that the pattern finds, however they are found.
class TimeTokenTest {
  private static final String[] PARTS = {
    "a",
    "Z",
    "é",
    "\u0301",
    "\u00df",
    "日",
    "\ud835\udc00",
    "\ud800",
    "1",
    "2023",
    "05",
    "9",
    "²",
    "٣",
    "s",
    "th",
    "T",
    "'",
    "\u2019",
    "s'",
    ",",
    ".",
    "-",
    "/",
    " ",
    "\t",
    "\u00a0",
    "(",
    "\"",
    "!",
    "_"
  };

  private static List<TimeToken> matched(String text) {
    var tokens = new ArrayList<TimeToken>();
    var matcher = TimeToken.PIECE.matcher(text);
    while (matcher.find()) {
      tokens.add(TimeToken.token(matcher));
    }
    return tokens;
  }

  @Test
  void of_randomTexts_areTheMatchesOfThePattern() {
    long seed = Long.getLong("remanence.seed", System.nanoTime());
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int left = random.nextInt(12); left >= 0; left--) {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
      assertThat(TimeToken.of(text.toString()))
          .describedAs("-Dremanence.seed=%d: %s", seed, text)
          .isEqualTo(matched(text.toString()));
    }
  }

  @Test
  void of_datesAndWords_areTold() {
    assertThat(TimeToken.of("Anna's 1990s, on 2023-03-05 (13/05/2023) the 3rd"))
        .isEqualTo(matched("Anna's 1990s, on 2023-03-05 (13/05/2023) the 3rd"))
        .hasSize(10);
  }
}
