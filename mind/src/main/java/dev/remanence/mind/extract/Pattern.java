package dev.remanence.mind.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A sequence of words to match: `BE ~ living|based in`. Parts stand between spaces; `|` is between
/// alternatives, `?` behind a part that may be missing; `~` are up to three adverbs; names in
/// capitals are sets of words. There is no repetition without bound, so a match looks at a bounded
/// number of tokens and cannot blow up.
final class Pattern {
  private static final int ADVERBS_MAX = 3;

  private static final Map<String, Set<String>> SETS =
      Map.of(
          "BE", Set.of("am", "'m", "is", "'s", "are", "'re"),
          "HAVE", Set.of("have", "'ve", "has", "'s", "got"),
          "NOT", Set.of("n't", "not"),
          "A", Set.of("a", "an"));

  private sealed interface Part {
    record OneOf(Set<String> words, boolean optional) implements Part {}

    record Adverbs() implements Part {}
  }

  private final List<Part> parts = new ArrayList<>();

  private Pattern(String pattern) {
    for (var part : pattern.split(" ", -1)) {
      boolean optional = part.endsWith("?");
      var words = optional ? part.substring(0, part.length() - 1) : part;
      parts.add(
          words.equals("~")
              ? new Part.Adverbs()
              : new Part.OneOf(SETS.getOrDefault(words, Set.of(words.split("\\|", -1))), optional));
    }
  }

  static Pattern of(String pattern) {
    return new Pattern(pattern);
  }

  /// The position behind the match that begins at a position, or -1.
  int end(Sentence sentence, int at) {
    return end(sentence, at, 0);
  }

  private int end(Sentence sentence, int at, int part) {
    if (part == parts.size()) {
      return at;
    }
    return switch (parts.get(part)) {
      case Part.OneOf(var words, boolean optional) -> {
        int end = words.contains(sentence.word(at)) ? end(sentence, at + 1, part + 1) : -1;
        yield end < 0 && optional ? end(sentence, at, part + 1) : end;
      }
      case Part.Adverbs() -> {
        int skipped = 0;
        while (skipped < ADVERBS_MAX && Words.ADVERBS.contains(sentence.word(at + skipped))) {
          skipped++;
        }
        yield end(sentence, at + skipped, part + 1);
      }
    };
  }
}
