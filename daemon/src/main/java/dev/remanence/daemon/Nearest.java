package dev.remanence.daemon;

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

  /// Levenshtein's distance, one row at a time.
  private static int edits(String from, String to) {
    var row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int substituted = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
