package dev.remanence.recall;

import dev.remanence.recall.Question.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What speaks for a turn besides its words and its meaning. Each is worth its weight at most, in
/// the scale of the fused score, which runs from 0 to 1; each can be switched off and stands in the
/// explanation of a hit.
///
/// The weights were chosen on one half of a set of conversations and held on the other half.
/// Recency is not among them: it did harm.
public enum Prior {
  /// It was said in a period that the question names, or so soon after that one still speaks of it;
  /// or it is a value that held then, or an event with an end that went on then, by the part of the
  /// period for which it did.
  DATE(0.3f),

  /// The question names one speaker, and the turn is theirs. Who is named with others says little.
  SPEAKER(0.2f),

  /// A user said it, not an assistant: what there is to remember comes from users. For
  /// conversations with an assistant only; mild, because not all of what it gained can be
  /// generalised.
  USER(0.2f),

  /// A share of the next turn's score: what answers a question or takes up a remark shares its
  /// words. Only forward: the turn before goes into the embedding.
  REPLY(0.15f),

  /// The three best turns of the session: what is asked for stands among its like.
  SESSION(0.1f),

  /// The words of the question, wherever in the session they were said.
  SESSION_WORDS(0.1f),

  /// Taken from turns that only ask.
  ONLY_ASKS(-0.1f),

  /// The question asks for a time or a number, and the turn holds one.
  ANSWER(0.1f),

  /// More or less important than is usual: its weight times what it differs from 0.5.
  IMPORTANCE(0.1f);

  /// How long one speaks of what has been.
  static final Duration SOON_AFTER = Duration.ofDays(7);

  /// How many turns stand for their session.
  static final int SESSION_TURNS = 3;

  /// The share of words in the fused score; the rest is the vectors'.
  static final float WORDS_SHARE = 0.3f;

  private final float weight;

  Prior(float weight) {
    this.weight = weight;
  }

  float weight() {
    return weight;
  }

  /// Its name in an explanation.
  String word() {
    return switch (this) {
      case DATE -> "date";
      case SPEAKER -> "speaker";
      case USER -> "user";
      case REPLY -> "reply";
      case SESSION -> "session";
      case SESSION_WORDS -> "sessionWords";
      case ONLY_ASKS -> "onlyAsks";
      case ANSWER -> "answer";
      case IMPORTANCE -> "importance";
    };
  }

  /// The weight of [#DATE] if it was said then.
  ///
  /// @param said when the turn was said, or its session was held
  static float said(List<Period> asked, Instant said) {
    for (var period : asked) {
      if (period.reaches(said, SOON_AFTER)) {
        return DATE.weight;
      }
    }
    return 0;
  }

  /// The share of [#DATE] of what held in an interval.
  static double held(List<Period> asked, Instant from, Instant until) {
    double share = 0;
    for (var period : asked) {
      share = Math.max(share, period.share(from, until));
    }
    return DATE.weight * share;
  }

  /// The share that a turn has in its session's best turns.
  ///
  /// @param best the fused scores of the session's best turns, at most three of which count; fewer
  ///   count as if the others had none
  static float session(float[] best) {
    float sum = 0;
    for (int i = 0; i < Math.min(SESSION_TURNS, best.length); i++) {
      sum += best[i];
    }
    return SESSION.weight * sum / SESSION_TURNS;
  }

  /// What is taken from a turn that only asks.
  ///
  /// @param traits of the turn, as [Trait#of] gives them
  static float onlyAsks(byte traits) {
    return Trait.ONLY_ASKS.isIn(traits) ? ONLY_ASKS.weight : 0;
  }

  /// The weight of [#ANSWER] if the turn holds what is asked for.
  ///
  /// @param traits of the turn, as [Trait#of] gives them
  static float answer(Asked asked, byte traits) {
    boolean answers =
        switch (asked) {
          case TIME -> Trait.NAMES_A_TIME.isIn(traits);
          case NUMBER -> Trait.HOLDS_A_NUMBER.isIn(traits);
          case ANYTHING -> false;
        };
    return answers ? ANSWER.weight : 0;
  }
}
