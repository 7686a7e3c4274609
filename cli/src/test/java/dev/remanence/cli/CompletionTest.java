package dev.remanence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompletionTest {
  @Test
  void script_namesEveryCommandAndOption() {
    for (var shell : Completion.SHELLS) {
      var script = Completion.script(shell);
      for (var command : Command.ALL) {
        for (var word : command.name().split("\\.", -1)) {
          assertThat(script).as(shell).containsPattern("\\b" + word + "\\b");
        }
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

  /// Every command, its options and what its words are, as a person would type it.
  @Test
  void bash_completesEveryCommand(@TempDir Path directory) throws Exception {
    var file = directory.resolve("remanence.bash");
    Files.writeString(file, Completion.script("bash"));
    var expected = new ArrayList<String>();
    var lines = new ArrayList<List<String>>();
    for (var command : Command.ALL) {
      var words = new ArrayList<>(List.of(command.name().split("\\.", -1)));
      lines.add(List.copyOf(words));
      expected.add(words.getLast());
      for (var option : command.options()) {
        lines.add(append(words, "--" + option.name()));
        expected.add("--" + option.name());
      }
    }
    for (var group : Command.groups()) {
      lines.add(List.of(group, ""));
      expected.add(String.join(" ", Command.operations(group)));
    }
    lines.add(List.of("install", "sys"));
    expected.add("systemd");
    var completed = complete(file, lines);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(List.of(completed.get(i).split(" ", -1)))
          .as(lines.get(i).toString())
          .containsAll(List.of(expected.get(i).split(" ", -1)));
    }
    assertThat(Command.firstWords())
        .contains("top", "install", "token", "watch", "activity", "log")
        .doesNotContain("token.create");
  }

  private static List<String> append(List<String> words, String word) {
    var all = new ArrayList<>(words);
    all.add(word);
    return all;
  }

  /// Many lines with one shell: what each is completed to.
  private static List<String> complete(Path file, List<List<String>> lines) throws Exception {
    var script = new StringBuilder("source '" + file + "'; compopt() { :; };");
    for (var line : lines) {
      script.append("COMP_WORDS=(remanence");
      line.forEach(word -> script.append(" '").append(word).append('\''));
      script.append("); COMP_CWORD=").append(line.size());
      script.append("; COMPREPLY=(); _remanence; echo \"${COMPREPLY[*]}\"\n");
    }
    var process = new ProcessBuilder("bash").redirectErrorStream(true).start();
    try (var in = process.outputWriter(UTF_8)) {
      in.write(script.toString());
    }
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
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
