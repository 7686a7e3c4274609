package dev.remanence.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.remanence.Filter;
import dev.remanence.Remanence;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The clients in other languages run against a store that this process owns. Where a language is
/// not installed its client is not run.
@Timeout(120)
class ClientsTest {
  private static final Path CLIENTS = Path.of("clients").toAbsolutePath();

  @TempDir Path directory;

  private record Outcome(int exit, String output) {}

  private static Outcome run(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  private static boolean works(String... command) throws InterruptedException {
    try {
      return run(List.of(command)).exit == 0;
    } catch (IOException _) {
      return false;
    }
  }

  private void remembersAndRecalls(String tool, List<String> command) throws Exception {
    var store = directory.resolve("store");
    try (var owner = Remanence.open(store)) {
      var all = new ArrayList<>(command);
      all.add(store.toString());
      var outcome = run(all);
      assertThat(outcome.output.lines()).containsExactly("NotFound", "Anna prefers tea");
      assertThat(outcome.exit).isZero();
      try (var memories = owner.stream("acme/user:anna", Filter.ALL, false)) {
        assertThat(memories.map(memory -> memory.provenance().tool())).containsExactly(tool);
      }
    }
  }

  @Test
  void python_remembersAndRecalls() throws Exception {
    assumeTrue(works("python3", "--version"), "no python3");
    remembersAndRecalls(
        "python-example", List.of("python3", CLIENTS.resolve("remanence.py").toString()));
  }

  /// Node runs TypeScript from 22.18 on; where it is older, npx brings one that does.
  @Test
  void typescript_remembersAndRecalls() throws Exception {
    var modern = "process.exit(process.features.typescript ? 0 : 1)";
    var node =
        works("node", "-e", modern)
            ? List.of("node")
            : List.of("npx", "--yes", "--package", "node@24", "node");
    var asking = new ArrayList<>(node);
    asking.addAll(List.of("-e", modern));
    assumeTrue(works(asking.toArray(String[]::new)), "no Node that runs TypeScript");
    var command = new ArrayList<>(node);
    command.add(CLIENTS.resolve("remanence.ts").toString());
    remembersAndRecalls("typescript-example", command);
  }
}
