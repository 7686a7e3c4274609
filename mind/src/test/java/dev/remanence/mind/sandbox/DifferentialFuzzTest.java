package dev.remanence.mind.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Random programs in the sandbox and in a real Python, for who works on the language:
/// `-Dremanence.python=python3`, with `-Dremanence.fuzz.seconds=…` and `-Dremanence.seed=…`.
///
/// What prints otherwise is listed to be read. Some differences are decisions of docs/sandbox.md,
/// or which of two errors a senseless call meets first; so a small share may differ, and no more.
@EnabledIfSystemProperty(named = "remanence.python", matches = ".+")
class DifferentialFuzzTest {
  private static final double SHARE_MAX = 0.02;

  private static final SandboxLimits LIMITS =
      SandboxLimits.DEFAULT.steps(1_000_000).bytes(16 << 20).time(Duration.ofSeconds(5));

  private static final List<HostFunction> ECHO =
      List.of(
          new HostFunction(
              "echo",
              List.of("value"),
              arguments -> Objects.requireNonNullElse(arguments.get("value"), Json.ofNull())));

  /// Texts that differ by nature: addresses, names of types that we name otherwise.
  private static final List<String> INCOMPARABLE =
      List.of(
          " at 0x",
          "<function",
          "<built-in",
          "<module",
          "iterator",
          "re.compile",
          "<class 're.",
          "collections.",
          "Late",
          "MemoryError",
          "RecursionError");

  @TempDir Path directory;
  private @Nullable Process python;

  @Test
  void run_anyProgram_printsWhatPythonPrints() throws IOException {
    var known =
        ConformanceTest.cases().stream()
            .map(ConformanceTest.Case::program)
            .filter(program -> !program.contains("time.time") && !program.contains("set("))
            .toList();
    long seconds = Long.getLong("remanence.fuzz.seconds", 30);
    long seed = Long.getLong("remanence.seed", System.nanoTime());
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    int compared = 0;
    var differing = new ArrayList<String>();
    for (; System.nanoTime() < end; seed++) {
      var program = new ProgramMaker(new SplittableRandom(seed), false).program(known);
      var ours = ours(program);
      var theirs = ours == null ? null : theirs(program);
      if (ours == null || theirs == null) {
        continue;
      }
      compared++;
      if (!ours.equals(theirs)) {
        differing.add(
            "-Dremanence.seed="
                + seed
                + "\n"
                + program
                + "\n  Python "
                + theirs
                + "\n  ours   "
                + ours);
      }
    }
    if (python != null) {
      python.destroy();
    }
    assertThat(compared).isPositive();
    assertThat(differing.size())
        .as(differing.size() + " of " + compared + " differ:\n" + String.join("\n\n", differing))
        .isLessThanOrEqualTo((int) (compared * SHARE_MAX) + 1);
  }

  private static @Nullable String ours(String program) {
    if (!Texts.isWellFormed(program)) {
      return null;
    }
    var outcome = new Sandbox(LIMITS, ECHO).run(program);
    var failure = outcome.failure();
    if (failure != null
        && (failure.name().equals(Outcome.LIMIT_EXCEEDED)
            || failure.message().contains("not available"))) {
      return null;
    }
    return comparable(outcome.output() + (failure == null ? "" : failure.name()));
  }

  private @Nullable String theirs(String program) throws IOException {
    if (python == null || !python.isAlive()) {
      python = start();
    }
    Writer to = python.outputWriter(UTF_8);
    BufferedReader from = python.inputReader(UTF_8);
    String line;
    try {
      to.write(Json.of(program) + "\n");
      to.flush();
      line = from.readLine();
    } catch (IOException _) {
      line = null;
    }
    if (line == null) {
      python.destroy();
      return null;
    }
    try {
      return Json.parse(line) instanceof Json.Str(var text) ? comparable(text) : null;
    } catch (dev.remanence.RemanenceException _) {
      return null;
    }
  }

  private static @Nullable String comparable(String text) {
    if (Stream.of("json.decoder.", "statistics.", "re.").anyMatch(text::contains)) {
      text = text.replace("json.decoder.JSON", "JSON").replace("statistics.Stat", "Stat");
      text = text.replace("re.error", "error");
    }
    var plain =
        text.replace("PatternError", "error")
            .replace("IndentationError", "SyntaxError")
            .replace("TabError", "SyntaxError");
    return INCOMPARABLE.stream().anyMatch(plain::contains) ? null : plain;
  }

  private Process start() throws IOException {
    var script = directory.resolve("differential.py");
    if (!Files.exists(script)) {
      try (var in = getClass().getResourceAsStream("differential.py")) {
        Files.copy(Objects.requireNonNull(in), script);
      }
    }
    return new ProcessBuilder(
            Objects.requireNonNull(System.getProperty("remanence.python")), "-I", script.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
