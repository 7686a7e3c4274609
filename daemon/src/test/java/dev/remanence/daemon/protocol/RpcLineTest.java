package dev.remanence.daemon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Remanence;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RpcLineTest {
  @TempDir private Path directory;
  private Remanence store;
  private RpcLine rpc;

  @BeforeEach
  void open() {
    store = Remanence.open(directory);
    rpc = new RpcLine(new Protocol(store, "global"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private @Nullable String answer(String line) {
    return rpc.answer(line.getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {                                                   | null | -32700
          {"jsonrpc": "2.0"} x                                | null | -32700
          {"id": 1, "id": 2}                                  | null | -32700
          1                                                   | null | -32600
          "a"                                                 | null | -32600
          {}                                                  | null | -32600
          []                                                  | null | -32600
          {"jsonrpc": "1.0", "id": 1, "method": "stats"}      | 1    | -32600
          {"id": 1, "method": "stats"}                        | 1    | -32600
          {"jsonrpc": "2.0", "id": 1}                         | 1    | -32600
          {"jsonrpc": "2.0", "id": 1, "method": 3}            | 1    | -32600
          {"jsonrpc": "2.0", "id": [], "method": "stats"}     | null | -32600
          {"jsonrpc": "2.0", "id": 1, "method": "stats", "scope": "a"} | 1 | -32600
          {"jsonrpc": "2.0", "id": "x", "method": "serve"}    | "x"  | -32601
          {"jsonrpc": "2.0", "id": 1, "method": "stats", "params": []} | 1 | -32602
          {"jsonrpc": "2.0", "id": 1, "method": "stats", "params": {"a": 1}} | 1 | -32000
          {"jsonrpc": "2.0", "id": null, "method": "repair"}  | null | -32000
          """)
  void answer_malformed_hasTheCode(String line, String id, int code) {
    assertThat(answer(line))
        .startsWith(
            "{\"jsonrpc\":\"2.0\",\"id\":"
                + id
                + ",\"error\":{\"code\":"
                + code
                + ",\"message\":\"");
  }

  @Test
  void answer_failure_carriesNameAndFacts() {
    assertThat(
            answer("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"recall\",\"params\":{\"query\":1}}"))
        .isEqualTo(
            """
            {"jsonrpc":"2.0","id":7,"error":{"code":-32000,"message":"query is a string; found a number",\
            "data":{"name":"InvalidInput","field":"query","expected":"string","found":"a number"}}}\
            """);
  }

  @Test
  void answer_notification_isDoneAndNotAnswered() {
    assertThat(answer("{\"jsonrpc\":\"2.0\",\"method\":\"remember\",\"params\":{\"text\":\"a\"}}"))
        .isNull();
    assertThat(answer("{\"jsonrpc\":\"2.0\",\"method\":\"nonsense\"}")).isNull();
    assertThat(store.stats().memories()).isEqualTo(1);
  }

  @Test
  void answer_array_answersEachThatHasAnId() {
    assertThat(
            answer(
                """
                [{"jsonrpc":"2.0","id":1,"method":"scopes"}, 5,
                 {"jsonrpc":"2.0","method":"scopes"}, {"jsonrpc":"2.0","id":2,"method":"scopes"}]
                """))
        .startsWith("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":")
        .contains(",{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,")
        .contains(",{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":");
    assertThat(answer("[{\"jsonrpc\":\"2.0\",\"method\":\"scopes\"}]")).isNull();
  }

  @Test
  void answer_tooManyRequests_isRefused() {
    var many = "[" + "1,".repeat(RpcLine.BATCH_REQUESTS_MAX) + "1]";
    assertThat(answer(many)).contains("-32600").contains("found 1001");
  }

  /// What the store takes can be asked for: a line has room around the deepest content.
  @Test
  void answer_deepestContent_isRememberedAndFound() {
    var deep = "[".repeat(64) + "]".repeat(64);
    var remembered =
        answer(
            "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rememberAll\",\"params\":{\"memories\":[{"
                + "\"content\":"
                + deep
                + ",\"key\":\"deep\"}]}}]");
    assertThat(remembered).contains("created");
    assertThat(answer("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"list\"}]")).contains(deep);
  }

  @Test
  void answer_notUtf8_isAParseError() {
    assertThat(rpc.answer(new byte[] {'"', (byte) 0xff, '"'})).contains("-32700");
  }

  @Test
  void answer_deepNesting_isAParseError() {
    assertThat(answer("[".repeat(100_000))).contains("-32700");
  }
}
