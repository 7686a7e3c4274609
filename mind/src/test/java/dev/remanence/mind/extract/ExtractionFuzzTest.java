package dev.remanence.mind.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Any text has an answer. Invariants checked: offsets lie in the text and within their sentence,
/// the value of a fact is no longer than its sentence, keys are keys, the same turn gives the same
/// facts, and time is linear in the length of the text.
class ExtractionFuzzTest {
  private static final Instant SAID = Instant.parse("2026-03-10T12:00:00Z");

  private static final List<String> PIECES =
      List.of(
          "I ",
          "i'm ",
          "my ",
          "live in ",
          "work at ",
          "Bern",
          "Anna ",
          "not ",
          "n't ",
          "and ",
          ", ",
          ". ",
          "? ",
          "! ",
          ": ",
          "\"",
          "'",
          "`",
          "```",
          "> ",
          "\n",
          "love ",
          "like ",
          "a ",
          "the ",
          "dog ",
          "named ",
          "since ",
          "2019",
          "next ",
          "Friday ",
          "is ",
          "of ",
          "deadline ",
          "wife ",
          "name ",
          "\ud83d\ude00",
          "\ud83d",
          "\ude44",
          "\u0000",
          "\u202e",
          "\u00e9",
          "\u0301",
          "\t",
          "/s",
          "actually",
          "always ",
          "answer ",
          "May 31",
          "February 30",
          "99999999999 ",
          "http://x ",
          "-",
          "--",
          "\u2014",
          "@",
          "@b.c ",
          "Tom: ",
          "used to ",
          "anymore",
          "(",
          ")",
          "\ufeff");

  private static String random(SplittableRandom random, int pieces) {
    var text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      if (random.nextInt(20) == 0) {
        text.append((char) random.nextInt(0x10000));
      } else {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
    }
    return text.toString();
  }

  @Test
  void from_anyText_hasAnAnswerWithin() {
    long seed = Long.getLong("remanence.seed", 20260310L);
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 20_000; round++) {
      var text = random(random, 1 + random.nextInt(40));
      var before = Turn.of(random(random, 10), "Tom", SAID);
      var turn = Turn.of(text, random.nextBoolean() ? "Anna" : null, SAID).after(before);
      var facts = FactExtraction.from(turn);
      assertThat(FactExtraction.from(turn)).as("-Dremanence.seed=%s", seed).isEqualTo(facts);
      for (var fact : facts) {
        assertThat(fact.sentenceStart() >= 0 && fact.sentenceEnd() <= text.length()).isTrue();
        assertThat(fact.start() >= fact.sentenceStart() && fact.start() < fact.end()).isTrue();
        assertThat(fact.end()).isLessThanOrEqualTo(fact.sentenceEnd());
        assertThat(fact.value()).isNotBlank();
        assertThat(fact.key())
            .matches("[^/]+/[^/]+")
            .isEqualTo(fact.key().toLowerCase(Locale.ROOT));
      }
      for (var fact : FactExtraction.from(text, SAID)) {
        assertThat(fact.end()).isLessThanOrEqualTo(text.length());
      }
    }
  }

  @Test
  void from_extremeMoments_hasAnAnswer() {
    for (var said : List.of(Instant.MIN, Instant.MAX, Instant.EPOCH)) {
      assertThat(FactExtraction.from(Turn.of("I moved to Bern last year", "Anna", said)))
          .isNotNull();
    }
  }

  /// A quarter of a mebi of characters of each kind that a careless reader would read again and
  /// again.
  @Test
  @Timeout(60)
  void from_largeTexts_takeTimeLinearInTheirLength() {
    for (var piece :
        List.of(
            "I live in Bern and ",
            "my ",
            "'",
            "\"",
            "`",
            "I'm not 30, I'm 31, ",
            "a",
            "\u00e9",
            "[",
            "(",
            "Bern, not Oslo. ",
            "no, ",
            "I love a, b, c and ",
            "never ",
            "Tom: I live in Bern\n",
            "\ud83d",
            "the deadline of ",
            "> x\n",
            "I'm from a b c d e f g h. ")) {
      var text = piece.repeat((1 << 18) / piece.length());
      long begun = System.nanoTime();
      FactExtraction.from(Turn.of(text, "Anna", SAID).after(Turn.of(text, "Anna", SAID)));
      FactExtraction.from(text, SAID);
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .as(piece)
          .isLessThan(Duration.ofSeconds(10));
    }
    var huge = "I live in Bern. ".repeat(640 << 10);
    assertThat(FactExtraction.from(Turn.of(huge, "Anna", SAID))).isNotEmpty();
  }
}
