package dev.remanence.life;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Merges two texts that have no common origin: what both say once, and what either says more in
/// its place. The words that both have in one order stand for the origin of a three-way merge.
public final class CommonWords {
  /// The table of the words in common has the product of both counts.
  private static final int WORDS_MAX = 2000;

  private CommonWords() {}

  /// Null where both say something of their own in one place, or are too long.
  public static @Nullable String merge(String older, String newer) {
    var one = words(older);
    var other = words(newer);
    if (one.size() > WORDS_MAX || other.size() > WORDS_MAX) {
      return null;
    }
    var lengths = lengths(one, other);
    var merged = new ArrayList<String>();
    int i = 0;
    int j = 0;
    while (i < one.size() || j < other.size()) {
      int from = i;
      int otherFrom = j;
      while (!isCommon(one, other, lengths, i, j) && (i < one.size() || j < other.size())) {
        if (i < one.size() && (j == other.size() || lengths[i + 1][j] >= lengths[i][j + 1])) {
          i++;
        } else {
          j++;
        }
      }
      if (i > from && j > otherFrom) {
        return null;
      }
      merged.addAll(one.subList(from, i));
      merged.addAll(other.subList(otherFrom, j));
      if (i < one.size() && j < other.size()) {
        merged.add(other.get(j));
        i++;
        j++;
      }
    }
    return String.join(" ", merged);
  }

  private static boolean isCommon(
      List<String> one, List<String> other, int[][] lengths, int i, int j) {
    return i < one.size()
        && j < other.size()
        && one.get(i).equals(other.get(j))
        && lengths[i][j] == lengths[i + 1][j + 1] + 1;
  }

  /// How many words in common, in one order, follow from each pair of places.
  private static int[][] lengths(List<String> one, List<String> other) {
    var lengths = new int[one.size() + 1][other.size() + 1];
    for (int i = one.size() - 1; i >= 0; i--) {
      for (int j = other.size() - 1; j >= 0; j--) {
        lengths[i][j] =
            one.get(i).equals(other.get(j))
                ? lengths[i + 1][j + 1] + 1
                : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
      }
    }
    return lengths;
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+", -1));
  }
}
