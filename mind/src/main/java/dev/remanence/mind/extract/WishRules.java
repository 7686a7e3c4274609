package dev.remanence.mind.extract;

import static dev.remanence.mind.extract.Attribute.INSTRUCTION;

import java.util.List;

/// What an assistant is asked to do from now on. A request without a word such as `always` is of
/// the moment and no fact.
final class WishRules {
  private static final List<Pattern> LASTING =
      List.of(
          Pattern.of("from now on"),
          Pattern.of("going forward"),
          Pattern.of("in future"),
          Pattern.of("in the future"));
  private static final Pattern YOUR_ANSWERS =
      Pattern.of("your answers|replies|responses|messages|explanations");
  private static final Pattern PLEASE = Pattern.of("please|pls");
  private static final Pattern DO_NOT = Pattern.of("do n't|not ever?");

  static final List<Rule> RULES =
      List.of(
          Rule.whole("always", WishRules::wish),
          Rule.whole("never", WishRules::wish),
          Rule.whole("do n't|not ever?", WishRules::wish),
          Rule.whole("from now on ,? please|pls?", WishRules::wishAfterMark),
          Rule.whole("going forward ,? please|pls?", WishRules::wishAfterMark),
          Rule.whole("in the? future ,? please|pls?", WishRules::wishAfterMark),
          Rule.whole("answer|reply|respond|keep|use|write|speak|talk", WishRules::wishWithMark));

  private WishRules() {}

  /// Whether the sentence begins with it and is said to an assistant: among people `never give up`
  /// is a saying.
  private static boolean isAddressed(Clause clause) {
    for (int at = 0; at < clause.start; at++) {
      boolean before =
          Words.OPENERS.contains(clause.sentence.word(at))
              || clause.sentence.is(at, ",")
              || Words.GREETINGS.contains(clause.sentence.word(at));
      boolean joined = at > 0 && clause.sentence.is(at, "and");
      if (!before || joined) {
        return false;
      }
    }
    return clause.isToAssistant();
  }

  private static boolean wish(Clause clause, int at) {
    if (!isAddressed(clause) || !Lexicon.ASKED_OF_ASSISTANTS.contains(clause.sentence.word(at))) {
      return false;
    }
    boolean denied = DO_NOT.end(clause.sentence, clause.start) == at;
    boolean lasting = !denied || clause.sentence.is(at - 1, "ever") || isLasting(clause, at);
    int end = lasting ? end(clause, at) : at;
    return end > at + 1
        && clause.fact(INSTRUCTION, clause.sentence.text(clause.start, end)).upTo(end).tell(0.85);
  }

  private static boolean wishAfterMark(Clause clause, int at) {
    if (!isAddressed(clause)) {
      return false;
    }
    int verb =
        clause.sentence.is(at, "always", "never")
            ? at + 1
            : Math.max(at, DO_NOT.end(clause.sentence, at));
    int end =
        Lexicon.ASKED_OF_ASSISTANTS.contains(clause.sentence.word(verb)) ? end(clause, at) : at;
    return end > verb + 1
        && clause.fact(INSTRUCTION, clause.sentence.text(at, end)).upTo(end).tell(0.85);
  }

  /// `keep your answers brief from now on`.
  private static boolean wishWithMark(Clause clause, int at) {
    int end = isAddressed(clause) && isMarked(clause, at) ? end(clause, at) : at;
    return end > at
        && clause.fact(INSTRUCTION, clause.sentence.text(clause.start, end)).upTo(end).tell(0.85);
  }

  private static boolean isLasting(Clause clause, int from) {
    for (int at = from; at < clause.sentence.size(); at++) {
      if (YOUR_ANSWERS.end(clause.sentence, at) >= 0) {
        return true;
      }
    }
    return isMarked(clause, from);
  }

  private static boolean isMarked(Clause clause, int from) {
    for (int at = from; at < clause.sentence.size(); at++) {
      if (isMark(clause, at)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isMark(Clause clause, int at) {
    for (var mark : LASTING) {
      if (mark.end(clause.sentence, at) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static int end(Clause clause, int from) {
    int end = from;
    while (clause.sentence.token(end).isWord()
        && PLEASE.end(clause.sentence, end) < 0
        && !isMark(clause, end)) {
      end++;
    }
    // A wish goes to its end: one that was cut in the middle says something else.
    boolean whole =
        !clause.sentence.token(end).isWord()
            || PLEASE.end(clause.sentence, end) > 0
            || isMark(clause, end);
    return whole && !clause.sentence.is(end, ":") && end - from <= 20 ? end : from;
  }
}
