package dev.remanence.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/// The writer of `torture/powercut --store`: a [KillDriver] on the disk that loses power.
public final class RemanenceWriter {
  private RemanenceWriter() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var directory = Path.of(Objects.requireNonNull(System.getenv("POWERCUT_DIRECTORY")));
    KillDriver.main(
        new String[] {
          directory.resolve("store").toString(),
          Long.toString(ProcessHandle.current().pid()),
          Objects.requireNonNull(System.getenv("POWERCUT_ACKED"))
        });
  }
}
