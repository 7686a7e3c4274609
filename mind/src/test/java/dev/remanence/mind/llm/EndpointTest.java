package dev.remanence.mind.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.InvalidInput;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  @Test
  void parse_withoutOptions_hasTheDefaults() {
    var endpoint = Endpoint.parse("openai:https://api.example.org/v1/#org/small:1");
    assertThat(endpoint.target().toString())
        .isEqualTo("https://api.example.org/v1/chat/completions");
    assertThat(endpoint.model()).isEqualTo("org/small:1");
    assertThat(endpoint.deadline()).isEqualTo(Duration.ofSeconds(30));
    assertThat(endpoint.tokensADay()).isEqualTo(1_000_000);
    assertThat(endpoint.costADay()).isInfinite();
    assertThat(endpoint.isLoopback()).isFalse();
  }

  @Test
  void parse_options_areTaken() {
    var endpoint =
        Endpoint.parse(
            "anthropic:https://api.example.org#m,seconds=5,tokens-a-day=10000,cost-a-day=2.5,"
                + "price-in=0.15,price-out=0.6");
    assertThat(endpoint.deadline()).isEqualTo(Duration.ofSeconds(5));
    assertThat(endpoint.tokensADay()).isEqualTo(10_000);
    assertThat(endpoint.costADay()).isEqualTo(2.5);
    assertThat(endpoint.priceOut()).isEqualTo(0.6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ollama:http://localhost:11434#m",
        "ollama:http://127.0.0.1:11434#m",
        "ollama:http://[::1]:11434#m",
        "ollama:HTTP://LOCALHOST#m"
      })
  void parse_plainHttpOnThisMachine_isAllowed(String setting) {
    assertThat(Endpoint.parse(setting).isLoopback()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "openai",
        "openai:#",
        "openai:https://h",
        "openai:https://h#",
        "mistral:https://h#m",
        "openai:http://api.example.org/v1#m",
        "openai:http://127.0.0.1.example.org#m",
        "openai:http://localhost.example.org#m",
        "openai:http://10.0.0.1#m",
        "openai:https://h:99999#m",
        "openai:file:///etc/passwd#m",
        "openai:https://user:sk-secret@h#m",
        "openai:https://h?key=sk-secret#m",
        "openai:https://h#m,sk-secret",
        "openai:https://h#m,seconds=0",
        "openai:https://h#m,seconds=601",
        "openai:https://h#m,seconds=-1",
        "openai:https://h#m,seconds=1,seconds=2",
        "openai:https://h#m,cost-a-day=1",
        "openai:https://h#m,key=sk-secret"
      })
  void parse_whatIsNoSetting_isRefusedWithoutRepeatingIt(String setting) {
    assertThatThrownBy(() -> Endpoint.parse(setting))
        .isInstanceOf(InvalidInput.class)
        .hasMessageNotContaining("sk-secret");
  }
}
