package dev.remanence.mind.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// How much of the labelled set is found, and how much of what is found is right. The table in
/// docs/extraction.md is what was measured; to write it anew:
///
/// ```
/// ./build -Pquick -DskipTests=false -pl engine,testkit,mind -Dtest=ExtractionQualityTest \
///   -Dsurefire.failIfNoSpecifiedTests=false -Dremanence.report=true test
/// ```
class ExtractionQualityTest {
  private static final String BEGIN = "<!-- measured -->\n";
  private static final String END = "<!-- /measured -->\n";

  private static Score tuning() {
    return score("tuning.txt");
  }

  private static Score heldOut() {
    return score("held-out.txt");
  }

  private static Score score(String set) {
    return Score.of(LabelledSet.read(set), FactExtraction::from);
  }

  @Test
  void tuning_everyTurn_isAboveTheFloors() {
    var score = tuning();
    assertThat(score.total().precision()).as("%s", score.faults()).isGreaterThanOrEqualTo(0.98);
    assertThat(score.total().recall()).as("%s", score.faults()).isGreaterThanOrEqualTo(0.95);
  }

  /// Its faults are not printed: what is seen is tuned on.
  @Test
  void heldOut_everyTurn_isAboveTheFloors() {
    var score = heldOut();
    assertThat(score.total().precision()).isGreaterThanOrEqualTo(0.95);
    assertThat(score.total().recall()).isGreaterThanOrEqualTo(0.9);
  }

  @Test
  void blind_longTurns_isAboveTheFloors() {
    var score = score("blind.txt");
    assertThat(score.total().precision()).isGreaterThanOrEqualTo(0.92);
    assertThat(score.total().recall()).isGreaterThanOrEqualTo(0.8);
  }

  @Test
  void page_table_tellsWhatIsMeasured() throws IOException {
    var page = root().resolve("docs/extraction.md");
    var text = Files.readString(page);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    var table = table();
    System.out.print(table);
    if (Boolean.getBoolean("remanence.report")) {
      Files.writeString(page, text.substring(0, begin) + table + text.substring(end));
    } else {
      assertThat(text.substring(begin, end)).isEqualTo(table);
    }
  }

  private static String table() {
    var tuning = tuning();
    var heldOut = heldOut();
    var table = new StringBuilder();
    table.append("| category | turns | tuning P | tuning R | turns | held-out P | held-out R |\n");
    table.append("|---|---|---|---|---|---|---|\n");
    var names = new TreeSet<>(tuning.categories().keySet());
    names.addAll(heldOut.categories().keySet());
    for (var name : names) {
      row(
          table,
          name,
          tuning.categories().getOrDefault(name, Score.Counts.NONE),
          heldOut.categories().getOrDefault(name, Score.Counts.NONE));
    }
    row(table, "**all**", tuning.total(), heldOut.total());
    table.append(
        String.format(
            Locale.ROOT,
            "\nOf turns that state nothing, nothing was taken from %d of %d (tuning) and %d of %d (held"
                + " out).\n",
            tuning.total().clean(),
            tuning.total().empty(),
            heldOut.total().clean(),
            heldOut.total().empty()));
    sentence(table, "Longer turns that were tuned on", score("afterwards.txt").total());
    sentence(table, "Longer turns that were not (`blind.txt`)", score("blind.txt").total());
    return table.toString();
  }

  private static void sentence(StringBuilder table, String set, Score.Counts counts) {
    table.append(
        String.format(
            Locale.ROOT,
            "\n%s: %d turns, precision %.2f, recall %.2f (%d right, %d wrong, %d missed).\n",
            set,
            counts.turns(),
            counts.precision(),
            counts.recall(),
            counts.right(),
            counts.wrong(),
            counts.missed()));
  }

  private static void row(
      StringBuilder table, String name, Score.Counts tuning, Score.Counts heldOut) {
    table.append("| ").append(name).append(" |").append(cells(tuning)).append(cells(heldOut));
    table.append('\n');
  }

  private static String cells(Score.Counts counts) {
    var precision =
        counts.right() + counts.wrong() == 0 ? "no fact" : hundredths(counts.precision());
    var recall = counts.right() + counts.missed() == 0 ? "" : hundredths(counts.recall());
    return " " + counts.turns() + " | " + precision + " | " + recall + " |";
  }

  private static String hundredths(double share) {
    return String.format(Locale.ROOT, "%.2f", share);
  }

  private static Path root() {
    var directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("ARCHITECTURE.md"))) {
      directory = Objects.requireNonNull(directory.getParent());
    }
    return directory;
  }
}
