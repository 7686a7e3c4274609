package dev.remanence.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.remanence.recall.Question.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is read from questions and turns, and what the priors make of it.
///
/// A failed property prints its seed: `-Dremanence.seed=...` replays it.
final class QuestionTest {
  private static final Set<String> SPEAKERS = Set.of("Caroline", "Melanie Jones", "user", "田中");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          When did Caroline go to the support group? | Caroline go support group?
          What's her favourite book? | favourite book?
          How many cats does she have | many cats
          Didn't they like is_valid or who@example.com? | like is_valid who@example.com?
          What does IT say about the US? | IT say about US?
          WHAT IS IT | WHAT IS IT
          WHAT IS PYTHON | PYTHON
          what is it | what is it
          to be or not to be | to be or not to be
          Where is 東京 ? | 東京
          in May | May
          """)
  void lexical_question_keepsWhatIsLookedFor(String question, String lexical) {
    assertThat(Question.of(question, SPEAKERS).lexical()).isEqualTo(lexical);
  }

  @ParameterizedTest
  @CsvSource({
    "When did she go?, TIME",
    "'Since when, Caroline?', TIME",
    "In what year was it?, TIME",
    "Which month is best?, TIME",
    "How long ago was it?, TIME",
    "How many cats has she?, NUMBER",
    "How old is he?, NUMBER",
    "What did she do when it rained?, ANYTHING",
    "Who is she?, ANYTHING",
    "How is she?, ANYTHING",
    "how, ANYTHING",
    "'', ANYTHING",
  })
  void asked_question_tellsTheAnswersKind(String question, Asked asked) {
    assertThat(Question.of(question, SPEAKERS).asked()).isEqualTo(asked);
  }

  @Test
  void speakers_named_byWordsOfTheName() {
    assertThat(Question.of("What did caroline's dog do?", SPEAKERS).speakers())
        .containsExactly("Caroline");
    assertThat(Question.of("Did Melanie meet Caroline?", SPEAKERS).speakers())
        .containsExactlyInAnyOrder("Melanie Jones", "Caroline");
    assertThat(Question.of("What did Jones say to the user?", SPEAKERS).speakers()).isEmpty();
    assertThat(Question.of("Carolines", SPEAKERS).speakers()).isEmpty();
    assertThat(Question.of("田中さんは何と言いましたか", SPEAKERS).speakers()).containsExactly("田中");
    assertThat(Speakers.named("Ann Lee", Set.of("Ann Lee", "Ann Day"))).containsExactly("Ann Lee");
    assertThat(Speakers.named("Ann", Set.of("Ann Lee", "Ann Day"))).isEmpty();
  }

  @Test
  void spoken_nameOrRole_onlyANameIsPartOfTheText() {
    assertThat(Speakers.spoken("Caroline", "Hi")).isEqualTo("Caroline: Hi");
    assertThat(Speakers.spoken("User", "Hi")).isEqualTo("Hi");
    assertThat(Speakers.spoken("42", "Hi")).isEqualTo("Hi");
    assertThat(Speakers.spoken(null, "Hi")).isEqualTo("Hi");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "How are you?",
        "Wow, great! What did you see there?",
        "Really? When?",
        "That's great. How long have you been painting, Mel?",
        "元気ですか？"
      })
  void onlyAsks_questions(String turn) {
    assertThat(Trait.ONLY_ASKS.isIn(Trait.of(turn, null, null))).as(turn).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "I went to the lake.",
        "I went to the lake with Ann. And you?",
        "Have you seen it? It was on the kitchen table.",
        "Have you seen it? it was on the kitchen table",
      })
  void onlyAsks_turnsThatSaySomething(String turn) {
    assertThat(Trait.ONLY_ASKS.isIn(Trait.of(turn, null, null))).as(turn).isFalse();
  }

  @Test
  void onlyAsks_longTurn_isNoMereQuestion() {
    assertThat(Trait.ONLY_ASKS.isIn(Trait.of("so ".repeat(70) + "?", null, null))).isFalse();
  }

  @Test
  void traits_timesAndNumbers_areSeen() {
    for (var time : List.of("I went yesterday", "two weeks ago", "on 5 May", "in 2022", "soon")) {
      assertThat(Trait.NAMES_A_TIME.isIn(Trait.of(time, null, null))).as(time).isTrue();
    }
    for (var none : List.of("may I go", "a lake", "")) {
      assertThat(Trait.NAMES_A_TIME.isIn(Trait.of(none, null, null))).as(none).isFalse();
    }
    assertThat(Trait.HOLDS_A_NUMBER.isIn(Trait.of("I have 3 cats", null, null))).isTrue();
    assertThat(Trait.HOLDS_A_NUMBER.isIn(Trait.of("I have three cats", null, null))).isTrue();
    assertThat(Trait.HOLDS_A_NUMBER.isIn(Trait.of("I have a cat", null, null))).isFalse();
  }

  @Test
  void priors_whereTheirTriggerFires_areTheirWeight() {
    var periods = TimeExpressions.in("in March", Instant.parse("2023-11-15T00:00:00Z"));
    assertThat(Prior.said(periods, Instant.parse("2021-04-06T00:00:00Z")))
        .isEqualTo(Prior.DATE.weight());
    assertThat(Prior.said(periods, Instant.parse("2021-04-09T00:00:00Z"))).isZero();
    assertThat(Prior.said(List.of(), Instant.EPOCH)).isZero();
    var begin = Instant.parse("2021-03-17T00:00:00Z");
    assertThat(Prior.held(periods, Instant.EPOCH, Instant.MAX)).isEqualTo(Prior.DATE.weight());
    assertThat(Prior.held(periods, begin, Instant.parse("2021-06-01T00:00:00Z")))
        .isCloseTo(Prior.DATE.weight() * 15 / 31, Offset.offset(1e-6));
    assertThat(Prior.held(List.of(), Instant.EPOCH, Instant.MAX)).isZero();

    assertThat(Prior.session(new float[] {1, 1, 1, 1})).isEqualTo(Prior.SESSION.weight());
    assertThat(Prior.session(new float[] {0.9f}))
        .isEqualTo(Prior.SESSION.weight() * 0.3f, Offset.offset(1e-6f));

    assertThat(Prior.onlyAsks(Trait.of("Who?", null, null))).isEqualTo(Prior.ONLY_ASKS.weight());
    assertThat(Prior.onlyAsks(Trait.of("Me.", null, null))).isZero();
    assertThat(Prior.answer(Asked.TIME, Trait.of("yesterday", null, null)))
        .isEqualTo(Prior.ANSWER.weight());
    assertThat(Prior.answer(Asked.NUMBER, Trait.of("yesterday", null, null))).isZero();
    assertThat(Prior.answer(Asked.NUMBER, Trait.of("7", null, null)))
        .isEqualTo(Prior.ANSWER.weight());
    assertThat(Prior.answer(Asked.ANYTHING, Trait.of("7 days", null, null))).isZero();
  }

  @Test
  void of_anyText_alwaysAnswers() {
    var texts =
        List.of(
            "",
            "a",
            "?",
            "a".repeat(100_000),
            "? ".repeat(50_000),
            "to be ".repeat(20_000),
            "🎂🎂",
            "\0\u001b\r\n",
            "\ud800",
            "\udc00'",
            "SELECT * FROM t; DROP TABLE t",
            "{\"when\":[1,2]}",
            "'".repeat(100_000),
            "a'".repeat(50_000),
            "漢字 and ไทย",
            "\u0301".repeat(100_000));
    for (var text : texts) {
      assertTimeoutPreemptively(Duration.ofSeconds(20), () -> read(text));
    }
    Long given = Long.getLong("remanence.seed");
    var seeds = new SplittableRandom();
    for (int run = 0; run < (given == null ? 2000 : 1); run++) {
      long seed = given == null ? seeds.nextLong() : given;
      try {
        var random = new SplittableRandom(seed);
        var text = new StringBuilder();
        for (int i = random.nextInt(15); i > 0; i--) {
          int most = random.nextBoolean() ? 0x80 : 0x110000;
          text.append(
              random.nextBoolean()
                  ? texts.get(random.nextInt(3)) + " when "
                  : Character.toString(random.nextInt(most)));
        }
        read(text.toString());
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("replay with -Dremanence.seed=" + seed, e);
      }
    }
  }

  private static void read(String text) {
    var question = Question.of(text, SPEAKERS);
    assertThat(question.lexical().isBlank()).isEqualTo(text.isBlank());
    assertThat(question.lexical().length()).isLessThanOrEqualTo(text.length());
    assertThat(SPEAKERS).containsAll(question.speakers());
    assertThat(Trait.of(text, null, null)).isBetween((byte) 0, (byte) 7);
  }
}
