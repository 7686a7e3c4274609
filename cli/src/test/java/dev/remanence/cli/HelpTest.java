package dev.remanence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class HelpTest {
  @Test
  void page_listsEveryCommandOnceAndFitsTheWidth() {
    var page = new Help(new Terminal(false, false, false, 100)).page();
    for (var command : Command.ALL) {
      assertThat(page).containsPattern("(?m)^  " + command.name() + " +\\S");
    }
    assertThat(page.lines().mapToInt(String::length).max().orElse(0)).isLessThanOrEqualTo(110);
  }

  @Test
  void page_ofEachCommand_explainsItsOptionsAndShowsExamplesThatParse() {
    var help = new Help(Terminal.NONE);
    for (var command : Command.ALL) {
      var page = help.page(command);
      assertThat(page).contains(command.doc().replace("`", "")).contains("Examples");
      for (var option : command.options()) {
        assertThat(page).contains("--" + option.name());
      }
      for (var example : command.examples()) {
        var call = new Arguments(Map.of(), () -> "{}").parse(words(example));
        assertThat(call.command()).as(example).isNotNull();
      }
    }
  }

  /// A line as a shell would split it, as far as examples need.
  private static String[] words(String example) {
    var words = new ArrayList<String>();
    var line =
        example.replaceAll(" [<>|] .*", "").replace("ID", "019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42");
    var matcher = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)").matcher(line);
    while (matcher.find()) {
      for (int group = 1; group <= 3; group++) {
        if (matcher.group(group) != null) {
          words.add(matcher.group(group));
        }
      }
    }
    return words.toArray(String[]::new);
  }
}
