package dev.remanence.mind.judge;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Whether a shorter text says names or numbers that the longer one does not. What is neither name
/// nor number may be invented all the same: no rule finds that.
final class Invention {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  private Invention() {}

  static boolean isIn(String shorter, String original) {
    var words = new HashSet<String>();
    WORD.matcher(original.toLowerCase(Locale.ROOT)).results().forEach(at -> words.add(at.group()));
    return marks(shorter).stream().anyMatch(word -> !words.contains(word));
  }

  /// The words with a digit, and those with a capital that begin no sentence.
  static Set<String> marks(String text) {
    var marks = new HashSet<String>();
    var words = WORD.matcher(text);
    while (words.find()) {
      boolean number = words.group().chars().anyMatch(Character::isDigit);
      boolean capital = Character.isUpperCase(words.group().codePointAt(0));
      if (number || (capital && !beginsSentence(text, words.start()))) {
        marks.add(words.group().toLowerCase(Locale.ROOT));
      }
    }
    return marks;
  }

  private static boolean beginsSentence(String text, int at) {
    int before = at - 1;
    while (before >= 0 && !Character.isLetterOrDigit(text.charAt(before))) {
      if (".!?:\n".indexOf(text.charAt(before)) >= 0) {
        return true;
      }
      before--;
    }
    return before < 0;
  }
}
