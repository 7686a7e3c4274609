package dev.remanence.daemon.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stores in processes of their own that really cannot write: where the file system has no room - a
/// small one in memory, which the process mounts for itself alone, where the system lets it - and
/// where writing fails for a reason that nobody knows.
final class FailingDiskTest {
  @TempDir private Path directory;

  private String run(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return process.waitFor() == 0 ? output : "failed: " + output;
  }

  @Test
  void readyAndDoctor_seeThatTheDiskIsAlmostFull() throws Exception {
    var place = Files.createDirectory(directory.resolve("small"));
    var mount = "mount -t tmpfs -o size=48m none '" + place + "'";
    assumeTrue(!run(List.of("unshare", "-rm", "sh", "-c", mount)).startsWith("failed"));
    var script = mount + " && exec " + java(Asking.class, place);
    assertThat(run(List.of("unshare", "-rm", "sh", "-c", script)))
        .contains("503 {\"status\":\"unavailable\",\"reason\":\"the disk is almost full\"}")
        .contains("problem\",\"what\":\"disk: ");
  }

  private static String java(Class<?> main, Path place) {
    var java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            place.toString());
    return "'" + String.join("' '", java) + "'";
  }

  /// No file of the process may become longer than 2 MiB, which fails the write that would make it
  /// so.
  @Test
  void ready_seesThatWritingHasStopped() throws Exception {
    var script = "ulimit -f 4096 && exec " + java(Filling.class, directory);
    assertThat(run(List.of("sh", "-c", script)))
        .contains("WriteStopped")
        .contains("503 {\"status\":\"unavailable\",\"reason\":\"writing has stopped\"}")
        .contains("live 200")
        .contains("\"writing\":false");
  }

  /// Serves a store in a directory and writes until that is refused, and prints how it is.
  static final class Filling {
    private Filling() {}

    public static void main(String[] arguments) {
      var random = new SplittableRandom(1);
      try (var served = new Served(Path.of(arguments[0]))) {
        var answer = "";
        for (int i = 0; i < 50 && !answer.contains("WriteStopped"); i++) {
          var text = new StringBuilder();
          random.ints(100_000, 'a', 'z' + 1).forEach(text::appendCodePoint);
          answer = served.send("POST", "/v1/memories", "{\"text\":\"" + text + "\"}").body();
        }
        System.out.println(answer);
        var ready = served.send("GET", "/health/ready", "");
        System.out.println(ready.statusCode() + " " + ready.body());
        System.out.println("live " + served.send("GET", "/health/live", "").statusCode());
        System.out.println(served.send("GET", "/v1/status", "").body());
      }
    }
  }

  /// Serves a store in a directory, and prints how it is.
  static final class Asking {
    private Asking() {}

    public static void main(String[] arguments) {
      try (var served = new Served(Path.of(arguments[0]))) {
        var ready = served.send("GET", "/health/ready", "");
        System.out.println(ready.statusCode() + " " + ready.body());
        System.out.println(served.send("GET", "/v1/doctor", "").body());
      }
    }
  }
}
