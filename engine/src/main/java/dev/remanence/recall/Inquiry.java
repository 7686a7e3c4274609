package dev.remanence.recall;

import dev.remanence.image.Analysis;
import dev.remanence.image.Analyzed;
import dev.remanence.image.Language;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A question made ready for [Ranking].
///
/// @param words what is looked for by words
/// @param vectors the question as each model sees it, by the model's name
/// @param periods the times that it names
public record Inquiry(
    Question question, Analyzed words, Map<String, float[]> vectors, List<Period> periods) {
  /// Makes a question ready.
  ///
  /// @param speakers who speaks in the scopes that are searched
  /// @param now the moment that "yesterday" is told from
  public static Inquiry of(
      String text, Set<String> speakers, Map<String, float[]> vectors, Instant now) {
    var question = Question.of(text, speakers);
    return new Inquiry(
        question,
        Analysis.of(Language.ENGLISH).analyze(question.lexical()),
        vectors,
        TimeExpressions.in(text, now));
  }
}
