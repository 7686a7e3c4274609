package dev.remanence.recall;

import dev.remanence.recall.Question.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What speaks for a turn besides its words and its meaning. Each is worth its weight at most, in
/// the scale of the fused score, which runs from 0 to 1; each can be switched off and stands in the
/// explanation of a hit.
///
/// The weights were chosen on one half of a set of conversations and held on the other half.
/// Recency is not among them: it did harm.
public enum Prior {
  /// The turn was said in a period that the question names, or so soon after that one still speaks
  /// of it.
  DATE(0.2f),

  /// The question names one speaker, and the turn is theirs. Who is named with others says little.
  SPEAKER(0.1f),

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
  ANSWER(0.05f);

  /// How long one speaks of what has been.
  public static final Duration SOON_AFTER = Duration.ofDays(7);

  /// In a longer turn the session's score would win over the turn's own.
  public static final int SHORT_TURN_CHARS_MAX = 800;

  /// How many turns stand for their session.
  public static final int SESSION_TURNS = 3;

  /// The share of words in the fused score; the rest is the vectors'.
  public static final float WORDS_SHARE = 0.3f;

  private final float weight;

  Prior(float weight) {
    this.weight = weight;
  }

  public float weight() {
    return weight;
  }

  /// The score of words and vectors together, each brought to 0 to 1 over the candidates, 0 where
  /// one of them did not find the candidate.
  public static float fused(float words, float vectors) {
    return WORDS_SHARE * words + (1 - WORDS_SHARE) * vectors;
  }

  /// Brings scores to 0 to 1 by their least and their greatest; equal ones, which tell nothing
  /// apart, to 1 if they are positive.
  public static void toUnit(float[] scores) {
    float least = Float.POSITIVE_INFINITY;
    float greatest = Float.NEGATIVE_INFINITY;
    for (float score : scores) {
      least = Math.min(least, score);
      greatest = Math.max(greatest, score);
    }
    float range = greatest - least;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = range > 0 ? (scores[i] - least) / range : scores[i] > 0 ? 1 : 0;
    }
  }

  /// The weight of [#DATE] if the turn was said then.
  ///
  /// @param said when the turn was said, or its session was held
  public static float date(List<Period> asked, Instant said) {
    for (var period : asked) {
      if (period.reaches(said, SOON_AFTER)) {
        return DATE.weight;
      }
    }
    return 0;
  }

  /// The weight of [#SPEAKER] if the turn is the one named speaker's.
  public static float speaker(Set<String> named, @Nullable String speaker) {
    return named.size() == 1 && speaker != null && named.contains(speaker) ? SPEAKER.weight : 0;
  }

  /// The weight of [#USER] if a user said the turn.
  ///
  /// @param role as the program that wrote the turn calls the speaker
  public static float user(@Nullable String role) {
    return role != null && (role.equalsIgnoreCase("user") || role.equalsIgnoreCase("human"))
        ? USER.weight
        : 0;
  }

  /// The share that a turn has in the next one's score.
  ///
  /// @param next the fused score of the turn that follows in the same session, or 0
  public static float reply(float next) {
    return REPLY.weight * next;
  }

  /// The share that a turn has in its session's best turns.
  ///
  /// @param best the fused scores of the session's best turns, at most three of which count; fewer
  ///   count as if the others had none
  /// @param chars the length of the turn's text
  public static float session(float[] best, int chars) {
    float sum = 0;
    for (int i = 0; i < Math.min(SESSION_TURNS, best.length); i++) {
      sum += best[i];
    }
    return chars <= SHORT_TURN_CHARS_MAX ? SESSION.weight * sum / SESSION_TURNS : 0;
  }

  /// The share that a turn has in what all of its session says.
  ///
  /// @param score the session's BM25 as one text, brought to 0 to 1 over the sessions
  /// @param chars the length of the turn's text
  public static float sessionWords(float score, int chars) {
    return chars <= SHORT_TURN_CHARS_MAX ? SESSION_WORDS.weight * score : 0;
  }

  /// What is taken from a turn that only asks.
  ///
  /// @param traits of the turn, as [Trait#of] gives them
  public static float onlyAsks(byte traits) {
    return Trait.ONLY_ASKS.isIn(traits) ? ONLY_ASKS.weight : 0;
  }

  /// The weight of [#ANSWER] if the turn holds what is asked for.
  ///
  /// @param traits of the turn, as [Trait#of] gives them
  public static float answer(Asked asked, byte traits) {
    boolean answers =
        switch (asked) {
          case TIME -> Trait.NAMES_A_TIME.isIn(traits);
          case NUMBER -> Trait.HOLDS_A_NUMBER.isIn(traits);
          case ANYTHING -> false;
        };
    return answers ? ANSWER.weight : 0;
  }
}
