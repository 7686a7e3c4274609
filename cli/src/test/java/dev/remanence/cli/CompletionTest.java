package dev.remanence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompletionTest {
  @Test
  void script_namesEveryCommandAndOption() {
    for (var shell : Completion.SHELLS) {
      var script = Completion.script(shell);
      for (var command : Command.ALL) {
        assertThat(script).as(shell).contains(command.name());
        for (var option : command.options()) {
          assertThat(script).as(shell + " " + command.name()).contains(option.name());
        }
      }
    }
  }

  @Test
  void script_otherShell_isRefused() {
    assertThatThrownBy(() -> Completion.script("tcsh"))
        .isInstanceOf(InvalidInput.class)
        .hasMessage("completion is for one of bash, zsh, fish; found tcsh");
    assertThatThrownBy(() -> Completion.script(null)).isInstanceOf(InvalidInput.class);
  }

  @Test
  void bash_completesCommandsOptionsAndWords(@TempDir Path directory) throws Exception {
    var file = directory.resolve("remanence.bash");
    Files.writeString(file, Completion.script("bash"));
    assertThat(complete(file, "rec")).isEqualTo("recall");
    assertThat(complete(file, "recall", "--ex")).isEqualTo("--explain");
    assertThat(complete(file, "--store", "x", "list", "--order", "imp")).isEqualTo("importance");
    assertThat(complete(file, "completion", "fi")).isEqualTo("fish");
    assertThat(complete(file, "help", "histo")).isEqualTo("history");
  }

  private static String complete(Path file, String... words)
      throws IOException, InterruptedException {
    var script =
        "source '"
            + file
            + "'; compopt() { :; }; COMP_WORDS=(remanence "
            + String.join(" ", words)
            + "); COMP_CWORD="
            + words.length
            + "; _remanence; echo \"${COMPREPLY[*]}\"";
    var process = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
