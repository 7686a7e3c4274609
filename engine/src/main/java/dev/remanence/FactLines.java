package dev.remanence;

import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Facts as a model reads them: a line a fact, quoted, the weightiest first.
final class FactLines {
  private static final Comparator<Fact> WEIGHTIEST_FIRST =
      Comparator.comparing((Fact fact) -> !fact.memory().pinned())
          .thenComparingDouble(fact -> -fact.memory().importance())
          .thenComparing(Fact::key);

  private FactLines() {}

  /// As many whole lines as fit.
  static String of(List<Fact> facts, @Nullable Integer maxTokens) {
    var text = new StringBuilder();
    for (var fact : facts.stream().sorted(WEIGHTIEST_FIRST).toList()) {
      var line = line(fact);
      int before = text.length();
      text.append(line).append('\n');
      if (maxTokens != null && Tokenizer.ESTIMATE.count(text) > maxTokens) {
        text.setLength(before);
        break;
      }
    }
    return text.toString();
  }

  /// What a person wrote stays within its line, whatever it says.
  static String line(Fact fact) {
    var day = fact.memory().at().truncatedTo(ChronoUnit.DAYS).toString().substring(0, 10);
    return "- " + inLine(fact.key()) + ": " + inLine(fact.text()) + " (since " + day + ")";
  }

  /// Without line breaks, whatever it is.
  static String inLine(String text) {
    var stripped = text.strip();
    for (int i = 0; i < stripped.length(); i++) {
      char c = stripped.charAt(i);
      if ((c >= '\n' && c <= '\r') || c == '\u0085' || c == '\u2028' || c == '\u2029') {
        return stripped.replaceAll("\\R+", " / ");
      }
    }
    return stripped;
  }
}
