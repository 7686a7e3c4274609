package dev.remanence.mind.conflict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// How many of the labelled conflicts the judge tells, and how many that it tells are right. The
/// table in docs/conflicts.md is what was measured; to write it anew:
///
/// ```
/// ./build -Pquick -DskipTests=false -pl engine,testkit,mind -Dtest=ConflictQualityTest \
///   -Dsurefire.failIfNoSpecifiedTests=false -Dremanence.report=true test
/// ```
class ConflictQualityTest {
  private static final String BEGIN = "<!-- measured -->\n";
  private static final String END = "<!-- /measured -->\n";

  private static PairScore score(String set) {
    return PairScore.of(LabelledPairs.read(set), new ConflictJudge());
  }

  @Test
  void tuning_everyPair_isAboveTheFloors() {
    var score = score("tuning.txt");
    var faults = String.join("\n", score.faults());
    assertThat(score.total().precision()).as("%s", faults).isGreaterThanOrEqualTo(0.95);
    assertThat(score.total().recall()).as("%s", faults).isGreaterThanOrEqualTo(0.8);
    assertThat(score.total().falselyDoubled()).as("%s", faults).isZero();
  }

  /// Its faults are not printed: what is seen is tuned on.
  @Test
  void heldOut_everyPair_isAboveTheFloors() {
    var total = score("held-out.txt").total();
    assertThat(total.precision()).isGreaterThanOrEqualTo(0.92);
    assertThat(total.recall()).isGreaterThanOrEqualTo(0.7);
  }

  @Test
  void page_table_tellsWhatIsMeasured() throws IOException {
    var page = root().resolve("docs/conflicts.md");
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
    var tuning = score("tuning.txt");
    var heldOut = score("held-out.txt");
    var table = new StringBuilder();
    table.append("| category | pairs | tuning P | tuning R | pairs | held-out P | held-out R |\n");
    table.append("|---|---|---|---|---|---|---|\n");
    for (var name : new TreeSet<>(tuning.categories().keySet())) {
      row(
          table,
          name,
          Objects.requireNonNull(tuning.categories().get(name)),
          Objects.requireNonNull(heldOut.categories().get(name)));
    }
    row(table, "**all**", tuning.total(), heldOut.total());
    line(table, "Tuning", tuning.total());
    line(table, "Held out", heldOut.total());
    return table.toString();
  }

  private static void line(StringBuilder table, String set, PairScore.Counts counts) {
    table.append(
        String.format(
            Locale.ROOT,
            "\n%s: %d right, %d wrong, %d missed; of the right ones %d are called as expected (update or"
                + " contradiction) and %d have the expected reason. Duplicates: %d of %d told, %d"
                + " wrongly.\n",
            set,
            counts.right(),
            counts.wrong(),
            counts.missed(),
            counts.named(),
            counts.reasoned(),
            counts.doubled(),
            counts.duplicates(),
            counts.falselyDoubled()));
  }

  private static void row(
      StringBuilder table, String name, PairScore.Counts tuning, PairScore.Counts heldOut) {
    table.append("| ").append(name).append(" |").append(cells(tuning)).append(cells(heldOut));
    table.append('\n');
  }

  private static String cells(PairScore.Counts counts) {
    var precision =
        counts.right() + counts.wrong() == 0 ? "none told" : hundredths(counts.precision());
    var recall = counts.right() + counts.missed() == 0 ? "" : hundredths(counts.recall());
    return " " + counts.pairs() + " | " + precision + " | " + recall + " |";
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
