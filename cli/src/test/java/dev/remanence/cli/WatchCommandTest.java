package dev.remanence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Json;
import dev.remanence.daemon.wire.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `watch` as a process of its own, beside other commands and an owner that is killed.
@Timeout(120)
final class WatchCommandTest {
  @TempDir private Path directory;

  private Path store() {
    return directory.resolve("store");
  }

  private ProcessBuilder command(String... words) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--store",
                store().toString()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command).redirectError(Redirect.DISCARD);
  }

  private void run(String... words) throws IOException, InterruptedException {
    assertThat(command(words).redirectOutput(Redirect.DISCARD).start().waitFor()).isZero();
  }

  @AfterEach
  void stop() throws Exception {
    command("stop").redirectOutput(Redirect.DISCARD).start().waitFor();
  }

  @Test
  void watch_goesOnAfterTheOwnerIsKilled_withNothingTwice() throws Exception {
    run("remember", "before", "--scope", "acme");
    var watching = command("watch", "--scope", "acme", "--json", "0").start();
    try (var told = new BufferedReader(new InputStreamReader(watching.getInputStream(), UTF_8))) {
      long first = position(told);
      run("remember", "one", "--scope", "acme");
      long second = position(told);
      assertThat(second).isGreaterThan(first);
      var owner = ProcessHandle.of(Objects.requireNonNull(Endpoint.read(store())).pid());
      owner.orElseThrow().destroyForcibly();
      owner.orElseThrow().onExit().get();
      run("remember", "unseen", "--scope", "other");
      run("remember", "two", "--scope", "acme");
      assertThat(position(told)).isGreaterThan(second);
    } finally {
      watching.destroyForcibly();
    }
  }

  private static long position(BufferedReader told) throws IOException {
    var event = (Json.Obj) Json.parse(Objects.requireNonNull(told.readLine(), "nothing was told"));
    assertThat(event.string("scope")).isEqualTo("acme");
    return Objects.requireNonNull(event.number("position")).longValue();
  }
}
