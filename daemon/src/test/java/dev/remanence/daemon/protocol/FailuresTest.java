package dev.remanence.daemon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.RemanenceException.Unavailable;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FailuresTest {
  private static Json.Obj error(String json) {
    return (Json.Obj) Json.parse(json);
  }

  /// Each name, with facts of each type, comes back as what it was.
  @Test
  void of_everyExceptionOfTheFamily_isItself() {
    for (var type : RemanenceException.class.getPermittedSubclasses()) {
      var made =
          Failures.of(
              error(
                  "{\"code\": -32000, \"message\": \"why\", \"data\": {\"name\": \""
                      + type.getSimpleName()
                      + "\", \"text\": \"t\", \"small\": 7, \"large\": 9007199254740991,"
                      + " \"part\": 0.5, \"flag\": true, \"none\": null}}"));
      assertThat(made).isExactlyInstanceOf(type).hasMessage("why").hasNoCause();
      assertThat(made.facts())
          .isEqualTo(
              Map.of(
                  "text", "t", "small", 7, "large", 9007199254740991L, "part", 0.5, "flag", true));
      assertThat(made.facts().keySet()).containsExactly("text", "small", "large", "part", "flag");
    }
  }

  @Test
  void of_whatTheProtocolWrites_isItself() {
    var failure = new NotFound("there is no such thing", "id", "a", "revision", 3, "at", 1L << 40);
    var made = Failures.of(RpcLine.error(failure));
    assertThat(made).isExactlyInstanceOf(NotFound.class).hasMessage(failure.getMessage());
    assertThat(made.facts()).isEqualTo(failure.facts());
  }

  @Test
  void of_anUnknownName_isUnavailableAndSaysIt() {
    assertThat(
            Failures.of(
                error("{\"code\": -32000, \"message\": \"m\", \"data\": {\"name\": \"Moved\"}}")))
        .isExactlyInstanceOf(Unavailable.class)
        .hasMessageContaining("Moved")
        .hasMessageEndingWith(": m");
  }

  @Test
  void of_aFaultOfTheOwner_isUnavailable() {
    assertThat(Failures.of(error("{\"code\": -32603, \"message\": \"a fault of ours in get\"}")))
        .isExactlyInstanceOf(Unavailable.class)
        .hasMessageContaining("a fault of ours in get");
  }

  @ParameterizedTest
  @ValueSource(ints = {-32700, -32600, -32601, -32602})
  void of_aMalformedRequest_isInvalidInput(int code) {
    assertThat(Failures.of(error("{\"code\": " + code + ", \"message\": \"m\"}")))
        .isExactlyInstanceOf(InvalidInput.class)
        .hasMessage("m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"code\": \"x\"}", "{\"code\": -32000, \"data\": 5}"})
  void of_somethingElse_isUnavailable(String json) {
    assertThat(Failures.of(error(json))).isExactlyInstanceOf(Unavailable.class);
  }
}
