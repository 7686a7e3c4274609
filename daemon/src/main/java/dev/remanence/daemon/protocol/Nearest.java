package dev.remanence.daemon.protocol;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Guesses which known name a misspelt one stands for.
public final class Nearest {
  private static final int WORD_CHARS_MAX = 40;

  private Nearest() {}

  /// The known name that takes the fewest single-character edits, or null where none is close.
  public static @Nullable String to(String word, Collection<String> known) {
    if (word.length() > WORD_CHARS_MAX) {
      return null;
    }
    String best = null;
    int fewest = 1 + Math.max(1, word.length() / 3);
    for (var name : known) {
      int edits = edits(word.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (edits < fewest) {
        fewest = edits;
        best = name;
      }
    }
    return best;
  }

  /// Insertions, removals, replacements and swaps of neighbours.
  private static int edits(String from, String to) {
    var edits = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int replaced = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        int least = Math.min(edits[i - 1][j - 1] + replaced, 1 + edits[i - 1][j]);
        least = Math.min(least, 1 + edits[i][j - 1]);
        boolean swapped =
            i > 1
                && j > 1
                && from.charAt(i - 1) == to.charAt(j - 2)
                && from.charAt(i - 2) == to.charAt(j - 1);
        edits[i][j] = swapped ? Math.min(least, 1 + edits[i - 2][j - 2]) : least;
      }
    }
    return edits[from.length()][to.length()];
  }
}
