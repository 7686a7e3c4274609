package dev.remanence.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.life.TextDiff.Conflict;
import dev.remanence.life.TextDiff.Merge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Properties over random texts:
/// - the diff, applied, makes the one text the other; on small texts no diff is shorter;
/// - a side that changed nothing, or the same, decides nothing;
/// - the sides of a merge can trade places;
/// - edits with an unchanged line between them, or an unchanged word, merge cleanly;
/// - no input takes more time than a bound.
///
/// A failed property prints its seed: `-Dremanence.seed=...` replays it.
final class TextDiffTest {
  private static final Pattern HUNK =
      Pattern.compile("@@ -(\\d+)(?:,(\\d+))? \\+(\\d+)(?:,(\\d+))? @@\n");

  @Test
  void unified_twoChangesFarApart_makesTwoHunksWithThreeLinesOfContext() {
    String before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n";
    String after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n11\n12\n14\n";
    assertThat(TextDiff.unified(before, after, "a", "b"))
        .isEqualTo(
            """
            --- a
            +++ b
            @@ -2,7 +2,7 @@
             2
             3
             4
            -5
            +five
             6
             7
             8
            @@ -10,5 +10,4 @@
             10
             11
             12
            -13
             14
            """);
  }

  @Test
  void unified_changesSixLinesApart_shareAHunk_sevenDoNot() {
    String before = "a\n1\n2\n3\n4\n5\n6\nb\n7\n8\n9\n10\n11\n12\n13\nc\n";
    String diff = TextDiff.unified(before, before.replaceAll("[abc]", "x"), "a", "b");
    assertThat(diff.lines().filter(line -> line.startsWith("@@")))
        .containsExactly("@@ -1,11 +1,11 @@", "@@ -13,4 +13,4 @@");
  }

  @Test
  void unified_lastLineWithoutNewline_saysSo() {
    assertThat(TextDiff.unified("a\nb", "a\nb\n", "x", "y"))
        .isEqualTo("--- x\n+++ y\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n");
    assertThat(TextDiff.unified("a\nb", "c\nb", "x", "y"))
        .isEqualTo("--- x\n+++ y\n@@ -1,2 +1,2 @@\n-a\n+c\n b\n\\ No newline at end of file\n");
  }

  @Test
  void unified_emptySide_isNamedByTheLineBefore() {
    assertThat(TextDiff.unified("", "a\n", "x", "y")).contains("@@ -0,0 +1 @@\n+a\n");
    assertThat(TextDiff.unified("a\nb\n", "", "x", "y")).contains("@@ -1,2 +0,0 @@\n-a\n-b\n");
    assertThat(TextDiff.unified("a\n", "a\n", "x", "y")).isEmpty();
  }

  @Test
  void unified_names_endInATabAfterSpaces_andHoldNoControlCharacters() {
    assertThat(TextDiff.unified("a", "b", "my file", "y")).startsWith("--- my file\t\n+++ y\n");
    assertThatThrownBy(() -> TextDiff.unified("a", "b", "x\n", "y"))
        .isInstanceOf(InvalidInput.class);
  }

  @Test
  void unified_anyTexts_appliedMakesTheTarget_andNoneIsShorter() {
    forSeeds(
        2_000,
        random -> {
          String before = text(random, random.nextInt(14), 3);
          String after =
              random.nextBoolean() ? text(random, random.nextInt(14), 3) : edited(random, before);
          String diff = TextDiff.unified(before, after, "a", "b");
          assertThat(apply(before, diff)).isEqualTo(after);
          assertThat(edits(diff)).isEqualTo(fewestEdits(lines(before), lines(after)));
        });
  }

  @Test
  void unified_longTexts_appliedMakesTheTarget() {
    forSeeds(
        40,
        random -> {
          int lines = random.nextInt(4_000);
          String before = text(random, lines, random.nextInt(1, 6_000));
          String after = before;
          for (int i = random.nextInt(6); i > 0; i--) {
            after = edited(random, after);
          }
          if (random.nextInt(4) == 0) {
            after = text(random, lines, 2_000);
          }
          assertThat(apply(before, TextDiff.unified(before, after, "a", "b"))).isEqualTo(after);
        });
  }

  @Test
  void unified_manyMoreEditsThanMyersMayFind_areStillFoundOneByOne() {
    var before = new StringBuilder();
    var after = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      before.append("line ").append(i).append('\n');
      after.append(i % 4 == 0 ? "changed " : "line ").append(i).append('\n');
      if (i % 4 == 2) {
        before.append("}\n");
        after.append("}\n");
      }
    }
    String diff = TextDiff.unified(before.toString(), after.toString(), "a", "b");
    assertThat(apply(before.toString(), diff)).isEqualTo(after.toString());
    assertThat(edits(diff)).isEqualTo(10_000);
  }

  @Test
  void merge_oneSideUnchanged_orBothChangedAlike_isThatChange() {
    forSeeds(
        2_000,
        random -> {
          String base = text(random, random.nextInt(12), 3);
          String changed = random.nextBoolean() ? edited(random, base) : text(random, 8, 3);
          var expected = new Merge(changed, List.of());
          assertThat(TextDiff.merge(base, changed, base)).isEqualTo(expected);
          assertThat(TextDiff.merge(base, base, changed)).isEqualTo(expected);
          assertThat(TextDiff.merge(base, changed, changed)).isEqualTo(expected);
        });
  }

  @Test
  void merge_sidesInTheOtherOrder_isTheSame() {
    forSeeds(
        2_000,
        random -> {
          String base = text(random, random.nextInt(12), 4);
          String ours = edited(random, base);
          String theirs = edited(random, base);
          var merge = TextDiff.merge(base, ours, theirs);
          var other = TextDiff.merge(base, theirs, ours);
          assertThat(other.conflicts())
              .isEqualTo(
                  merge.conflicts().stream()
                      .map(c ->
                          new Conflict(c.base(), /* ours= */ c.theirs(), /* theirs= */ c.ours()))
                      .toList());
          if (merge.conflicts().isEmpty()) {
            assertThat(other.text()).isEqualTo(merge.text());
          }
        });
  }

  @Test
  void merge_editsWithALineBetween_takesBoth() {
    forSeeds(
        3_000,
        random -> {
          var base = new StringBuilder();
          var ours = new StringBuilder();
          var theirs = new StringBuilder();
          var both = new StringBuilder();
          for (int i = random.nextInt(20); i >= 0; i--) {
            String same = "same " + i + "\n";
            for (var text : List.of(base, ours, theirs, both)) {
              text.append(same);
            }
            String old = text(random, random.nextInt(3), 1_000_000);
            String edit = text(random, random.nextInt(3), 1_000_000);
            boolean ourTurn = random.nextBoolean();
            base.append(old);
            ours.append(ourTurn ? edit : old);
            theirs.append(ourTurn ? old : edit);
            both.append(edit);
          }
          assertThat(TextDiff.merge(base.toString(), ours.toString(), theirs.toString()))
              .isEqualTo(new Merge(both.toString(), List.of()));
        });
  }

  @Test
  void merge_editsOfOneLine_mergeByWord() {
    String base = "Anna likes tea in the morning.\nShe lives in Bern.\n";
    assertThat(
            TextDiff.merge(
                base,
                "Anna likes coffee in the morning.\nShe lives in Bern.\n",
                "Anna likes tea in the evening.\nShe lives in Basel.\n"))
        .isEqualTo(
            new Merge("Anna likes coffee in the evening.\nShe lives in Basel.\n", List.of()));
    assertThat(TextDiff.merge("a\nb\n", "a1\nb\n", "a\nb2\n"))
        .isEqualTo(new Merge("a1\nb2\n", List.of()));
    assertThat(TextDiff.merge("\u6211\u559d\u8336", "\u4ed6\u559d\u8336", "\u6211\u559d\u6c34"))
        .isEqualTo(new Merge("\u4ed6\u559d\u6c34", List.of()));
  }

  @Test
  void merge_twoChangesOfOneWord_isAConflict_andTheTextHasOurs() {
    assertThat(TextDiff.merge("x\na tea\ny\n", "x\na mate\ny\n", "x\na coffee\ny\nz\n"))
        .isEqualTo(
            new Merge(
                "x\na mate\ny\nz\n", List.of(new Conflict("a tea\n", "a mate\n", "a coffee\n"))));
    // The order of two insertions at one place is anyone's guess.
    assertThat(TextDiff.merge("x\n", "x\na\n", "x\nb\n").conflicts())
        .containsExactly(new Conflict("", "a\n", "b\n"));
    // So is whether what follows a line outlives it.
    assertThat(TextDiff.merge("x\ny\nz\n", "x\nz\n", "x\ny\nq\nz\n").conflicts())
        .containsExactly(new Conflict("y\n", "", "y\nq\n"));
    // So is what becomes of an edit within what the other side took out.
    assertThat(TextDiff.merge("x\ny\nz\n", "x\n", "x\ny!\nz\n").conflicts())
        .containsExactly(new Conflict("y\nz\n", "", "y!\nz\n"));
  }

  @Test
  void merge_marksAndPairs_stayWithTheirCharacter() {
    // One emoji for another shares the first half of the pair.
    String smile = "\ud83d\ude00";
    String grin = "\ud83d\ude01";
    String tears = "\ud83d\ude02";
    assertThat(TextDiff.merge("a" + smile, "a" + grin, "a" + tears).conflicts())
        .containsExactly(new Conflict("a" + smile, "a" + grin, "a" + tears));
    assertThat(TextDiff.merge("e\u0301\u0323", "a\u0301\u0323", "e\u0301\u0324").conflicts())
        .hasSize(1);
  }

  @Test
  void diffAndMerge_worstCases_areBoundedInTime() {
    int size = 1 << 20;
    String same = "\n".repeat(size - 10);
    var shuffled = new ArrayList<>(IntStream.range(0, 150_000).boxed().toList());
    String ordered = joined(shuffled);
    Collections.shuffle(shuffled, new Random(1));
    var random = new SplittableRandom(2);
    String coins = text(random, size / 6, 2);
    String otherCoins = text(random, size / 6, 2);
    var cases =
        List.of(
            List.of("x\n" + same + "y\n", "z\n" + same.substring(900) + "w\n"),
            List.of("x\n" + same + "y\n", "z\n" + same.substring(500_000) + "w\n"),
            List.of(ordered, joined(shuffled)),
            List.of(coins, otherCoins),
            List.of("a\nb\n".repeat(size / 4), "b\nb\na\n".repeat(size / 6)),
            List.of(text(random, 120_000, 1 << 30), text(random, 120_000, 1 << 30)),
            List.of("a".repeat(size), "b".repeat(size)));
    for (int i = 0; i < cases.size(); i++) {
      String before = cases.get(i).getFirst();
      String after = cases.get(i).getLast();
      long begun = System.nanoTime();
      String diff = TextDiff.unified(before, after, "a", "b");
      TextDiff.merge(before, after, before + "c");
      var took = Duration.ofNanos(System.nanoTime() - begun);
      assertThat(apply(before, diff)).as("case %d", i).isEqualTo(after);
      // Some 20 times what it takes on a machine of 2026: a square would take minutes.
      assertThat(took).as("case %d", i).isLessThan(Duration.ofSeconds(8));
    }
  }

  private static String joined(List<Integer> lines) {
    var text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  /// Lines of few or many kinds, the last one sometimes without its newline.
  private static String text(SplittableRandom random, int lines, int kinds) {
    var text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append("w").append(random.nextInt(kinds)).append(" v").append(random.nextInt(2));
      text.append('\n');
    }
    if (kinds < 1_000 && !text.isEmpty() && random.nextInt(4) == 0) {
      text.setLength(text.length() - 1);
    }
    return text.toString();
  }

  private static String edited(SplittableRandom random, String text) {
    var lines = new ArrayList<>(lines(text));
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      int at = random.nextInt(lines.size() + 1);
      switch (random.nextInt(3)) {
        case 0 -> lines.addAll(at, lines(text(random, random.nextInt(3), 5)));
        case 1 -> lines.subList(at, Math.min(lines.size(), at + random.nextInt(3))).clear();
        default -> {
          if (at < lines.size()) {
            lines.set(at, lines.get(at).replace('w', 'e'));
          }
        }
      }
    }
    return String.join("", lines);
  }

  private static List<String> lines(String text) {
    var lines = new ArrayList<String>();
    for (int from = 0; from < text.length(); ) {
      int to = text.indexOf('\n', from) < 0 ? text.length() : text.indexOf('\n', from) + 1;
      lines.add(text.substring(from, to));
      from = to;
    }
    return lines;
  }

  private static int edits(String diff) {
    int edits = 0;
    boolean header = true;
    for (String line : lines(diff)) {
      header &= !line.startsWith("@@");
      edits += !header && (line.startsWith("+") || line.startsWith("-")) ? 1 : 0;
    }
    return edits;
  }

  private static int fewestEdits(List<String> before, List<String> after) {
    var common = new int[before.size() + 1][after.size() + 1];
    for (int i = 0; i < before.size(); i++) {
      for (int j = 0; j < after.size(); j++) {
        common[i + 1][j + 1] =
            before.get(i).equals(after.get(j))
                ? common[i][j] + 1
                : Math.max(common[i][j + 1], common[i + 1][j]);
      }
    }
    return before.size() + after.size() - 2 * common[before.size()][after.size()];
  }

  /// A patch program that believes nothing: counts, places and context lines must all be right.
  private static String apply(String before, String diff) {
    if (diff.isEmpty()) {
      return before;
    }
    var old = lines(before);
    var rows = lines(diff);
    var result = new ArrayList<String>();
    int at = 0;
    int row = 2;
    while (row < rows.size()) {
      var header = HUNK.matcher(rows.get(row++));
      assertThat(header.matches()).isTrue();
      int[] numbers = new int[4];
      for (int i = 0; i < 4; i++) {
        numbers[i] = header.group(i + 1) == null ? 1 : Integer.parseInt(header.group(i + 1));
      }
      int begin = numbers[1] == 0 ? numbers[0] : numbers[0] - 1;
      assertThat(begin).isGreaterThanOrEqualTo(at);
      while (at < begin) {
        result.add(old.get(at++));
      }
      assertThat(result).hasSize(numbers[3] == 0 ? numbers[2] : numbers[2] - 1);
      int removed = 0;
      int added = 0;
      while (row < rows.size() && !rows.get(row).startsWith("@@")) {
        String mark = rows.get(row).substring(0, 1);
        String line = rows.get(row++).substring(1);
        if (row < rows.size() && rows.get(row).equals("\\ No newline at end of file\n")) {
          line = line.substring(0, line.length() - 1);
          row++;
        }
        if (!mark.equals("+")) {
          assertThat(old.get(at++)).isEqualTo(line);
          removed++;
        }
        if (!mark.equals("-")) {
          result.add(line);
          added++;
        }
      }
      assertThat(removed).isEqualTo(numbers[1]);
      assertThat(added).isEqualTo(numbers[3]);
    }
    result.addAll(old.subList(at, old.size()));
    return String.join("", result);
  }

  /// Runs a property many times, each with a seed of its own; a given seed runs once.
  private static void forSeeds(int runs, Consumer<SplittableRandom> property) {
    Long given = Long.getLong("remanence.seed");
    var seeds = new SplittableRandom();
    for (int run = 0; run < (given == null ? runs : 1); run++) {
      long seed = given == null ? seeds.nextLong() : given;
      try {
        property.accept(new SplittableRandom(seed));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("replay with -Dremanence.seed=" + seed, e);
      }
    }
  }
}
