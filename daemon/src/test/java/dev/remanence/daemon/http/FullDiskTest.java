package dev.remanence.daemon.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store on a file system that really has no room: a small one in memory, which the child process
/// mounts for itself alone, where the system lets it.
final class FullDiskTest {
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
    var java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Asking.class.getName(),
            place.toString());
    var script = mount + " && exec '" + String.join("' '", java) + "'";
    assertThat(run(List.of("unshare", "-rm", "sh", "-c", script)))
        .contains("503 {\"status\":\"unavailable\",\"reason\":\"the disk is almost full\"}")
        .contains("problem\",\"what\":\"disk: ");
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
