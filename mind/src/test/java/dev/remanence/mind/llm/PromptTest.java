package dev.remanence.mind.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromptTest {
  private static final Map<String, String> WORDS =
      Map.of("fence", "f", "schema", "{}", "error", "e", "chars", "400");

  @Test
  void text_eachFile_hasNoPlaceholderLeft() {
    for (var name : List.of("data", "answer", "repair", "facts", "turns")) {
      assertThat(Prompt.text(name, WORDS)).startsWith("# ").doesNotContain("{{", "}}");
    }
  }

  @Test
  void text_wordThatIsMissing_isAMistake() {
    assertThatThrownBy(() -> Prompt.text("data", Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Prompt.text("nothing", Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void text_wordsWithMarksOfPatterns_areTakenAsTheyAre() {
    assertThat(Prompt.text("repair", Map.of("error", "$.a \\1 {{fence}}")))
        .contains("$.a \\1 {{fence}}");
  }

  @Test
  void toString_holdsNoData() {
    var prompt = Prompt.of("facts", Map.of(), Json.object().put("text", "private").build());
    assertThat(prompt.toString()).doesNotContain("private").contains("Facts");
  }
}
