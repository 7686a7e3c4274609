package dev.remanence.mind.extract;

import java.time.LocalDate;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Words that take back what was said: `actually, it's Bern, not Oslo`. A value alone is understood
/// only where the fact that it corrects was stated in the turn before, or earlier in this one.
final class Correction {
  private static final List<Pattern> MARKS =
      List.of(
          Pattern.of("actually"),
          Pattern.of("correction"),
          Pattern.of("sorry ,? i meant"),
          Pattern.of("no ,"),
          Pattern.of("no wait"),
          Pattern.of("i meant"),
          Pattern.of("i mean"),
          Pattern.of("wait"));

  private static final Pattern VALUE = Pattern.of("it|that 's|is|was?");

  private Correction() {}

  /// Whether what a sentence tells at a position corrects something.
  static boolean isMarked(Sentence sentence, int at) {
    for (var mark : MARKS) {
      if (mark.end(sentence, 0) >= 0 && at > 0) {
        return true;
      }
    }
    // `I'm not 30, I'm 31`: the same words, denied before.
    return at >= 4
        && sentence.is(at - 1, ",")
        && sentence.is(0, sentence.word(at))
        && sentence.is(1, sentence.word(at + 1))
        && sentence.is(2, "not", "n't");
  }

  /// The fact that a value alone corrects, or null where the sentence is no such thing.
  ///
  /// @param here what was stated in this turn until now
  /// @param before what was stated in the turn before
  static @Nullable List<Extracted> of(
      Sentence sentence, LocalDate today, List<Extracted> here, Supplier<List<Extracted>> before) {
    int at = 0;
    while (at < sentence.size()
        && (Words.OPENERS.contains(sentence.word(at))
            || sentence.is(at, ",", ":", "mean", "meant", "i"))) {
      at++;
    }
    int value = VALUE.end(sentence, at);
    var right = Phrase.at(sentence, value < 0 ? at : value, today, Phrase.Style.NAMED);
    if (right == null
        || !sentence.is(right.end(), ",", "not", "-")
        || !sentence.is(right.end() + (sentence.is(right.end(), "not") ? 0 : 1), "not")) {
      return null;
    }
    int not = right.end() + (sentence.is(right.end(), "not") ? 1 : 2);
    var wrong = Phrase.at(sentence, not, today, Phrase.Style.NAMED);
    if (wrong == null) {
      return null;
    }
    var corrected = fact(here, wrong.text());
    if (corrected == null) {
      corrected = fact(before.get(), wrong.text());
    }
    if (corrected == null) {
      return null;
    }
    return List.of(
        new Extracted(
            corrected.entity(),
            corrected.attribute(),
            right.text(),
            null,
            null,
            false,
            true,
            corrected.confidence(),
            List.of("corrects=" + corrected.value()),
            sentence.start(),
            sentence.token(wrong.to() - 1).end(),
            sentence.start(),
            sentence.end()));
  }

  private static @Nullable Extracted fact(List<Extracted> facts, String value) {
    for (int at = facts.size() - 1; at >= 0; at--) {
      if (facts.get(at).value().equalsIgnoreCase(value)) {
        return facts.get(at);
      }
    }
    return null;
  }
}
