package dev.remanence.daemon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Draft;
import dev.remanence.Json;
import dev.remanence.Remanence;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random lines, from plausible to broken, over a real store.
///
/// Invariants: nothing is thrown; an answer is one line of JSON, or an array of answers; each has
/// `jsonrpc`, `id` and exactly one of `result` and `error`; no error is a fault of ours (-32603); a
/// line that was not broken is answered.
final class RpcLineFuzzTest {
  private static final int LINES = 1500;

  /// These take long, and those with a path would write where they like; the rest may do what it
  /// likes to this store.
  private static final Set<String> LEFT_OUT = Set.of("repair", "doctor", "compact");

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "1",
          "-1",
          "0.5",
          "1e308",
          "9007199254740993",
          "\"\"",
          "\"a\"",
          "\"Anna prefers tea\"",
          "\"2026-11-21\"",
          "\"2026-11-21T09:30:00Z\"",
          "\"7d\"",
          "\"main\"",
          "\"draft\"",
          "\"semantic\"",
          "\"at\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\u202e\"",
          "[]",
          "{}",
          "[\"a\", \"b\"]",
          "[1, 2]",
          "[null]",
          "{\"a\": 1}",
          "{\"all\": [\"a\"]}",
          "{\"prefix\": \"a\"}",
          "{\"kind\": [\"ghost\"]}",
          "{\"metadata\": {\"a\": {\"gt\": 1}}}",
          "{\"from\": \"2026-01-01\"}",
          "[{\"text\": \"x\"}, {\"content\": {\"a\": []}}]",
          "[{\"type\": \"t\", \"to\": \"ID\"}]",
          "\"ID\"",
          "\"" + "x".repeat(600) + "\"",
          "\"acme/user:42\"",
          "\"../..\"");

  @TempDir private Path directory;

  @Test
  void answer_anyLine_isAProperAnswer() {
    long seed = Long.getLong("remanence.seed", new SplittableRandom().nextLong());
    var random = new SplittableRandom(seed);
    try (var store = Remanence.open(directory)) {
      var rpc = new RpcLine(new Protocol(store, "global"));
      var id = store.remember("global", Draft.of("Anna prefers tea").key("a")).id().toString();
      for (int i = 0; i < LINES; i++) {
        var line = line(random, id);
        var bytes = line.getBytes(UTF_8);
        boolean broken = random.nextInt(10) == 0;
        if (broken) {
          mutate(random, bytes);
        }
        try {
          var answer = rpc.answer(bytes);
          assertThat(broken || answer != null).isTrue();
          requireProper(answer);
        } catch (RuntimeException | AssertionError failure) {
          throw new AssertionError(
              "-Dremanence.seed=" + seed + " line " + i + ": " + line, failure);
        }
      }
    }
  }

  private static void requireProper(@Nullable String answer) {
    if (answer == null) {
      return;
    }
    assertThat(answer).doesNotContain("\n");
    switch (Json.parse(answer)) {
      case Json.Arr(var answers) -> answers.forEach(RpcLineFuzzTest::requireProperOne);
      case Json one -> requireProperOne(one);
    }
  }

  private static void requireProperOne(Json answer) {
    var object = (Json.Obj) answer;
    assertThat(object.string("jsonrpc")).isEqualTo("2.0");
    assertThat(object.fields()).containsKey("id").hasSize(3);
    var error = object.object("error");
    if (error == null) {
      assertThat(object.fields()).containsKey("result");
    } else {
      assertThat(error.number("code")).isNotNull().isNotEqualTo(Json.of(-32603L));
      assertThat(error.string("message")).isNotBlank();
    }
  }

  private static String line(SplittableRandom random, String id) {
    if (random.nextInt(20) == 0) {
      return "[" + request(random, id) + "," + request(random, id) + "]";
    }
    return request(random, id);
  }

  private static boolean isLeftOut(Method method) {
    return LEFT_OUT.contains(method.name())
        || method.parameters().stream().anyMatch(parameter -> parameter.type() == Type.PATH);
  }

  private static String request(SplittableRandom random, String id) {
    var method = Protocol.METHODS.get(random.nextInt(Protocol.METHODS.size()));
    while (isLeftOut(method)) {
      method = Protocol.METHODS.get(random.nextInt(Protocol.METHODS.size()));
    }
    var params = new StringBuilder("{");
    for (var parameter : method.parameters()) {
      if (parameter.required() ? random.nextInt(20) > 0 : random.nextInt(4) == 0) {
        params.append(params.length() > 1 ? "," : "").append('"').append(parameter.name());
        params.append("\":").append(value(random, parameter, id));
      }
    }
    if (random.nextInt(30) == 0) {
      params.append(params.length() > 1 ? "," : "").append("\"other\":1");
    }
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + random.nextInt(1000)
        + ",\"method\":\""
        + method.name()
        + "\",\"params\":"
        + params
        + "}}";
  }

  private static String value(SplittableRandom random, Parameter parameter, String id) {
    if (random.nextInt(4) > 0) {
      return switch (parameter.type()) {
        case ID -> "\"" + id + "\"";
        case TEXT -> "\"word" + random.nextInt(20) + "\"";
        case INTEGER -> Integer.toString(random.nextInt(-1, 12));
        case NUMBER -> Double.toString(random.nextInt(12) / 10.0);
        case TIME -> "\"20" + (20 + random.nextInt(10)) + "-0" + (1 + random.nextInt(9)) + "-11\"";
        case BOOLEAN -> Boolean.toString(random.nextBoolean());
        case SCOPE -> random.nextBoolean() ? "\"global\"" : "\"acme\"";
        case CHOICE ->
            "\"" + parameter.words().get(random.nextInt(parameter.words().size())) + "\"";
        default -> any(random, id);
      };
    }
    return any(random, id);
  }

  private static String any(SplittableRandom random, String id) {
    return VALUES.get(random.nextInt(VALUES.size())).replace("ID", id);
  }

  private static void mutate(SplittableRandom random, byte[] bytes) {
    for (int n = random.nextInt(1, 5); n > 0; n--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
  }
}
