package dev.remanence.mind.llm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.mind.llm.Dialect.Text;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Bodies of servers with random damage. Invariants: reading one ends in a message of the dialect
/// or an error of the family; what is taken for an answer fits the schema.
class AnswersFuzzTest {
  private static final int RUNS = 20_000;

  private static final String TEXT = "```json\\n{\\\"colour\\\":\\\"blue\\\"}\\n```";
  private static final List<String> BODIES =
      List.of(
          "{\"choices\":[{\"message\":{\"content\":\""
              + TEXT
              + "\",\"refusal\":null},"
              + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9}}",
          "{\"message\":{\"content\":\"" + TEXT + "\"},\"done_reason\":\"stop\",\"eval_count\":3}",
          "{\"content\":[{\"type\":\"tool_use\",\"name\":\"answer\",\"input\":{\"colour\":\"red\"}}],"
              + "\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":7}}");
  private static final List<Dialect> DIALECTS =
      List.of(new OpenAiDialect(), new OllamaDialect(), new AnthropicDialect());

  @Test
  void read_damagedBodies_endInAnAnswerOfTheSchemaOrAnError() {
    long seed = Long.getLong("remanence.seed", new SplittableRandom().nextLong());
    var random = new SplittableRandom(seed);
    int fits = 0;
    for (int run = 0; run < RUNS; run++) {
      int which = random.nextInt(BODIES.size());
      var body = damaged(BODIES.get(which), random);
      try {
        if (Json.parse(body.getBytes(UTF_8)) instanceof Json.Obj object
            && DIALECTS.get(which).answer(object) instanceof Text(var text, _, _)
            && Answers.read(text, ModelTest.COLOUR) instanceof Answers.Fits(var answer)) {
          assertThat(String.valueOf(answer.get("colour"))).isIn("\"red\"", "\"blue\"");
          fits++;
        }
      } catch (RemanenceException _) {
        // As it should be.
      } catch (RuntimeException | Error e) {
        throw new AssertionError("-Dremanence.seed=" + seed + " run=" + run + ": " + body, e);
      }
    }
    assertThat(fits).isBetween(RUNS / 100, RUNS);
  }

  private static String damaged(String body, SplittableRandom random) {
    var text = new StringBuilder(body);
    for (int change = random.nextInt(3); change > 0; change--) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + 1 + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, end);
        case 1 -> text.insert(at, text.substring(at, end));
        case 2 -> text.setCharAt(at, "{}[]\",:0\\n`e".charAt(random.nextInt(11)));
        default -> text.setLength(Math.max(1, at));
      }
    }
    return text.toString();
  }
}
