package dev.remanence;

import dev.remanence.Judge.Statement;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.Resolution.Strategy;
import dev.remanence.journal.Body;
import dev.remanence.life.CommonWords;
import java.text.BreakIterator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/// Makes one content of two, by a strategy: docs/conflicts.md, "Resolving". Without state.
final class Merging {
  private final Strategy strategy;
  private final @Nullable Judge judge;

  private Merging(Strategy strategy, @Nullable Judge judge) {
    this.strategy = strategy;
    this.judge = judge;
  }

  static BinaryOperator<Body.Content> by(Strategy strategy, @Nullable Judge judge) {
    return new Merging(strategy, judge)::merged;
  }

  private Body.Content merged(Body.Content older, Body.Content newer) {
    if (strategy == Strategy.LAST_WRITER) {
      return without(newer);
    }
    if (older.text() != null && newer.text() != null) {
      var text =
          strategy == Strategy.CONTENT
              ? words(older.text(), newer.text())
              : sentences(older.text(), newer.text());
      Limits.content("text", text);
      return new Body.Content(text, null, newer.speaker(), null);
    }
    if (older.json() instanceof Json.Obj(var before)
        && newer.json() instanceof Json.Obj(var after)) {
      var fields = new LinkedHashMap<>(before);
      after.forEach((name, value) -> {
        var was = fields.put(name, value);
        if (strategy == Strategy.CONTENT && was != null && !was.equals(value)) {
          throw differ();
        }
      });
      return new Body.Content(null, new Json.Obj(fields), newer.speaker(), null);
    }
    throw differ();
  }

  /// The vector belongs to the memory that it was given for.
  private static Body.Content without(Body.Content content) {
    return new Body.Content(content.text(), content.json(), content.speaker(), null);
  }

  private static Conflict differ() {
    return new Conflict(
        "the two say different things in the same place: merge by another strategy, or give a text",
        "field",
        "text");
  }

  private static String words(String older, String newer) {
    var merged = CommonWords.merge(older, newer);
    if (merged == null) {
      throw differ();
    }
    return merged;
  }

  /// The older one's sentences that no newer one contradicts or repeats, then the newer one's.
  private String sentences(String older, String newer) {
    var after = split(newer);
    var union = new ArrayList<String>();
    for (var sentence : split(older)) {
      if (after.stream().noneMatch(fresh -> replaces(fresh, sentence))) {
        union.add(sentence);
      }
    }
    union.addAll(after);
    return String.join(" ", union);
  }

  private boolean replaces(String fresh, String sentence) {
    if (fresh.equalsIgnoreCase(sentence)) {
      return true;
    }
    return judge != null && judge.judge(statement(sentence), statement(fresh)) != null;
  }

  private static Statement statement(String sentence) {
    return new Statement(sentence, null, null, Instant.EPOCH, null);
  }

  private static List<String> split(String text) {
    var iterator = BreakIterator.getSentenceInstance(Locale.ROOT);
    iterator.setText(text);
    var sentences = new ArrayList<String>();
    int start = 0;
    for (int end = iterator.next(); end != BreakIterator.DONE; end = iterator.next()) {
      var sentence = text.substring(start, end).strip();
      if (!sentence.isEmpty()) {
        sentences.add(sentence);
      }
      start = end;
    }
    return sentences;
  }
}
