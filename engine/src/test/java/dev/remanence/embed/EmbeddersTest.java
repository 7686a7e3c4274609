package dev.remanence.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.InvalidInput;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddersTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "e5-small-v2, e5-small-v2-q8",
    "minilm, all-minilm-l6-v2-q8",
    "bge-small, bge-small-en-v1.5-q8",
    "openai:https://host.example/v1#text-small, openai/text-small",
    "ollama:http://localhost:11434#nomic, ollama/nomic"
  })
  void open_knownSetting_isThatModelAndTouchesNothing(String setting, String model) {
    var cache = directory.resolve("cache");
    try (var embedder =
        Objects.requireNonNull(Embedders.open(setting, cache, new SplittableRandom(1)))) {
      assertThat(embedder.model()).isEqualTo(model);
      assertThat(cache).doesNotExist();
    }
  }

  @Test
  void open_none_isNone() {
    assertThat(Embedders.open("none", null, new SplittableRandom(1))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Auto",
        "gpt",
        "openai:",
        "openai:https://host",
        "openai:https://host#",
        "openai:#model",
        "openai:ftp://host#m",
        "openai:file:///etc/passwd#m",
        "openai:https://user:secret@host#m",
        "openai:https://host?key=secret#m",
        "openai:https:///path#m",
        "openai:https://ho st#m",
        "openai:https://host#m,key=",
        "openai:https://host#m,key=sk-secret",
        "openai:https://host#m,seconds=0",
        "openai:https://host#m,seconds=601",
        "openai:https://host#m,seconds=99999999999",
        "openai:https://host#m,color=red"
      })
  void open_otherSetting_isRefusedWithoutRepeatingIt(String setting) {
    assertThatThrownBy(() -> Embedders.open(setting, directory, new SplittableRandom(1)))
        .isInstanceOf(InvalidInput.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void parse_options_areTaken() {
    var endpoint =
        Endpoint.parse(Endpoint.Shape.OPENAI, "https://host:8443/v1/#a/b:c,key=K_1,seconds=7");
    assertThat(endpoint.target()).hasToString("https://host:8443/v1/embeddings");
    assertThat(endpoint.model()).isEqualTo("a/b:c");
    assertThat(endpoint.keyVariable()).isEqualTo("K_1");
    assertThat(endpoint.deadline()).isEqualTo(Duration.ofSeconds(7));
  }
}
