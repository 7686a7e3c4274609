package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.TooLarge;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Questions that nobody would think of, and some that people ask: each is answered, by the memory
/// that shares something with it if there is one, or refused with a typed error.
@NullMarked
class OddQuestionsTest {
  private static final long SEED = Long.getLong("remanence.seed", 1);

  @TempDir Path temp;

  private Remanence store;

  @BeforeEach
  void open() {
    store = Remanence.open(temp.resolve("store"), OpenOptions.DEFAULT.embedder("static"));
    for (var text :
        List.of(
            "Anna drinks green tea 🍵",
            "x marks the spot",
            "to be or not to be",
            "SELECT name FROM users; DROP TABLE users",
            "{\"port\": 8080, \"host\": \"localhost\"}",
            "東京で緑茶を飲む",
            "Москва весной",
            "שלום עולם",
            "a\u0000b\u0007c\u001Bd")) {
      store.remember("acme", Draft.of(text));
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  private List<Hit> ask(String question) {
    var hits = store.recall("acme", Query.of(question).explain(true)).hits();
    for (var hit : hits) {
      assertThat(hit.score()).isFinite();
    }
    return hits;
  }

  private void assertFirst(String question, String text) {
    assertThat(ask(question).getFirst().memory().text()).startsWith(text);
  }

  /// For scripts of which the static table knows few words.
  private void assertFound(String question, String text) {
    assertThat(ask(question))
        .anyMatch(hit -> hit.memory().body().startsWith(text) && says(hit, "words"));
  }

  private static boolean says(Hit hit, String part) {
    return hit.why() != null && hit.why().number(part) != null;
  }

  @Test
  void recall_oddButMeant_findsWhatIsMeant() {
    assertFirst("x", "x marks");
    assertFirst("to be or not to be", "to be");
    assertFirst("SELECT * FROM users WHERE 1=1; --", "SELECT");
    assertFirst("{\"port\": 8080}", "{\"port\"");
    assertFound("緑茶", "東京");
    assertFound("где весной Москва", "Москва");
    assertFound("שלום", "שלום");
    assertFound("green 茶 tea Москва?", "Anna");
  }

  @Test
  void recall_saysNothing_answers() {
    for (var question :
        List.of(
            "",
            " ",
            "\n\t",
            "?",
            "...",
            "the",
            "what is the of",
            "\u0000",
            "\u0007\u001B[31m",
            "🍵",
            "👩‍👩‍👧‍👦",
            "́",
            "%_%",
            "' OR '1'='1",
            "\\",
            "\"",
            "NULL",
            "\u202Eabc",
            "\uFFFF")) {
      ask(question);
    }
  }

  @Test
  void recall_longerThanTheLimit_isRefused() {
    assertFirst("green tea ".repeat(10_000), "Anna");
    assertThat(ask("x".repeat(100_000))).isNotNull();
    assertThat(ask("́".repeat(100_000))).isNotNull();
    assertThat(ask("in March 2019 ".repeat(7000))).isNotNull();
    assertThatThrownBy(() -> ask("x".repeat(Limits.QUERY_CHARS_MAX + 1)))
        .isInstanceOf(TooLarge.class);
  }

  @Test
  void recall_randomCharacters_answersOrRefusesTyped() {
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < 2000; i++) {
      var question = new StringBuilder();
      int length = random.nextInt(60);
      for (int c = 0; c < length; c++) {
        question.append(
            switch (random.nextInt(6)) {
              case 0 -> (char) random.nextInt(0x80);
              case 1 -> (char) random.nextInt(0x10000);
              case 2 -> ' ';
              case 3 -> (char) ('0' + random.nextInt(10));
              default -> (char) ('a' + random.nextInt(26));
            });
      }
      try {
        ask(question.toString());
      } catch (RemanenceException e) {
        assertThat(e.name()).isEqualTo("InvalidInput");
      } catch (RuntimeException | Error e) {
        throw new AssertionError("to replay: -Dremanence.seed=" + SEED + ": " + question, e);
      }
    }
  }
}
