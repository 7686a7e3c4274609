package dev.remanence.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tour runs and says what its text promises.
class FiveMinuteTourTest {
  @TempDir Path directory;

  @Test
  void tour_run_saysWhatItPromises() {
    var bytes = new ByteArrayOutputStream();
    FiveMinuteTour.run(directory, new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "said 2 times: Anna prefers tea",
            "recalled: Anna prefers tea",
            "home now: Berlin",
            "home in 2022: Paris",
            "refused: somebody else was faster",
            "revision 1: create",
            "revision 2: reinforce",
            "revision 3: revise",
            "erased revisions: 4",
            "gone",
            "still here: 3",
            "in pages: 3",
            "backed up revisions: 10",
            "sound: true");
  }
}
