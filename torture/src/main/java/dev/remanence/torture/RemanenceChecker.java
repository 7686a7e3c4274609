package dev.remanence.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// The checker of `torture/powercut --store`: see [KillChecker].
public final class RemanenceChecker {
  private RemanenceChecker() {}

  public static void main(String[] arguments) throws IOException {
    var directory = Path.of(Objects.requireNonNull(System.getenv("POWERCUT_DIRECTORY")));
    var acked = Path.of(Objects.requireNonNull(System.getenv("POWERCUT_ACKED")));
    var verdict = KillChecker.check(directory.resolve("store"), Files.readAllLines(acked));
    verdict.wrong().forEach(System.out::println);
    System.out.println(
        "acknowledged="
            + verdict.acknowledged()
            + ", memories="
            + verdict.memories()
            + ", wrong="
            + verdict.wrong().size());
    System.exit(verdict.wrong().isEmpty() ? 0 : 1);
  }
}
