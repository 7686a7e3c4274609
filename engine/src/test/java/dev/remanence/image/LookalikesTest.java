package dev.remanence.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// How alike texts are, and how surely the table of bands names those that are.
final class LookalikesTest {
  private final SplittableRandom random = new SplittableRandom(5);

  private static double likeness(String one, String other) {
    return Shingles.of(one).likeness(Shingles.of(other));
  }

  @Test
  void likeness_isTheShareOfCommonPairs() {
    assertThat(likeness("Anna prefers tea", "anna  PREFERS, tea!")).isEqualTo(1);
    assertThat(likeness("Anna prefers tea", "Anna prefers green tea")).isEqualTo(3 / 6.0);
    assertThat(likeness("Anna loves Bob", "Bob loves Anna")).isZero();
    assertThat(likeness("a b", "c d")).isZero();
    assertThat(likeness("", "")).isEqualTo(1);
    assertThat(likeness("", "a")).isZero();
    assertThat(likeness("東京タワーが好き", "東京タワーが嫌い")).isBetween(0.3, 0.9);
    assertThat(likeness("x ".repeat(100_000), "x")).isBetween(0.5, 1.0);
  }

  @Test
  void find_namesTheMoreSurelyTheMoreAlike() {
    var lookalikes = new Lookalikes();
    var texts = new ArrayList<List<String>>();
    for (int i = 0; i < 3000; i++) {
      texts.add(words(20));
      lookalikes.add(i, Shingles.of(String.join(" ", texts.get(i))));
    }
    var pinned = lookalikes.pin();
    // Each word that is replaced takes two of 21 pairs.
    for (int replaced = 0; replaced <= 4; replaced++) {
      int found = 0;
      int named = 0;
      double likeness = 0;
      for (int i = 0; i < 3000; i++) {
        var text = new ArrayList<>(texts.get(i));
        for (int n = 0; n < replaced; n++) {
          text.set(2 + 5 * n, "other" + n);
        }
        var shingles = Shingles.of(String.join(" ", text));
        likeness = shingles.likeness(Shingles.of(String.join(" ", texts.get(i))));
        var names = pinned.find(shingles);
        found += names.containsKey(i) ? 1 : 0;
        named += names.size();
      }
      double expected = 1 - Math.pow(1 - likeness * likeness, 8);
      assertThat(found / 3000.0)
          .as("likeness %s", likeness)
          .isCloseTo(expected, Offset.offset(0.03));
      assertThat(named).isLessThan(2 * 3000);
    }
  }

  private List<String> words(int count) {
    return random.ints(count, 0, 5000).mapToObj(number -> "w" + number).toList();
  }

  @Test
  void find_repeatedWithoutEnd_namesTheFirstOnesAtOnce() {
    var lookalikes = new Lookalikes();
    for (int i = 0; i < 100_000; i++) {
      lookalikes.add(i, Shingles.of("the build is green"));
    }
    var found = lookalikes.pin().find(Shingles.of("The build is green."));
    assertThat(found).hasSize(32).containsEntry(0, 8);
  }

  @Test
  void pinned_laterOnes_areNotSeen() {
    var lookalikes = new Lookalikes();
    var pinned = lookalikes.pin();
    for (int i = 0; i < 100; i++) {
      lookalikes.add(i, Shingles.of("number " + i));
      assertThat(pinned.find(Shingles.of("number " + i))).doesNotContainKey(i);
      pinned = lookalikes.pin();
      assertThat(pinned.find(Shingles.of("number " + i))).containsEntry(i, 8);
    }
  }
}
