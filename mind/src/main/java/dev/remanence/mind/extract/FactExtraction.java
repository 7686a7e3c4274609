package dev.remanence.mind.extract;

import dev.remanence.Remanence;
import dev.remanence.RemanenceException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Facts from what people say, without a model: docs/extraction.md.
///
/// ```java
/// var facts = FactExtraction.from(Turn.of("I live in Bern", "Anna", Instant.now()));
/// FactExtraction.store(store, "acme/anna", facts, new Origin("s1", null, said, null));
/// ```
///
/// Extracting is pure: the same turn gives the same facts, in the order of their places. It is
/// total: any text has an answer, in time linear in its length, of which a mebi of characters is
/// read.
public final class FactExtraction {
  /// Facts of less confidence are told and not stored.
  public static final double CONFIDENCE_MIN = 0.6;

  private FactExtraction() {}

  /// The facts that a turn states.
  public static List<Extracted> from(Turn turn) {
    return Statements.of(turn);
  }

  /// The facts that a conversation states, with the offsets of its text. What is said again is told
  /// once, unless something else was said in between.
  public static List<Extracted> from(String conversation, Instant said) {
    var facts = new ArrayList<Extracted>();
    var latest = new HashMap<String, String>();
    for (var part : Conversation.of(conversation, said).parts()) {
      for (var fact : Statements.of(part.turn())) {
        var value = Words.lower(fact.value());
        var place = fact.attribute().many() ? fact.key() + "/" + value : fact.key();
        if (!(value + fact.ended()).equals(latest.put(place, value + fact.ended()))) {
          facts.add(fact.shifted(part.start()));
        }
      }
    }
    return List.copyOf(facts);
  }

  /// Whether a text speaks of a secret, such as a password: then nothing of it is for keeping.
  public static boolean tellsSecret(String text) {
    return Token.of(text, List.of()).stream()
        .anyMatch(token -> Lexicon.SECRETS.contains(token.word()));
  }

  /// Writes facts into a scope, under keys such as `anna/lives_in`, with provenance. What is below
  /// [#CONFIDENCE_MIN], or does not fit what the key holds, is told in the answer and not written.
  public static List<Stored> store(
      Remanence store, String scope, List<Extracted> facts, Origin origin) {
    return new FactStoring(store, scope, origin, CONFIDENCE_MIN).all(facts);
  }

  /// Extracts the facts of a conversation and stores them unless told not to. A failure of the
  /// store is an answer without success, as callers of a tool expect it.
  ///
  /// @param session in which it was said, for provenance; or null
  public static AutoExtraction autoExtract(
      Remanence store,
      String scope,
      String conversation,
      @Nullable String session,
      boolean autoStore,
      Instant said) {
    var facts = from(conversation, said);
    if (!autoStore) {
      return new AutoExtraction(true, facts, List.of(), null);
    }
    try {
      var origin = new Origin(session, null, said, null);
      return new AutoExtraction(true, facts, store(store, scope, facts, origin), null);
    } catch (RemanenceException e) {
      return new AutoExtraction(false, facts, List.of(), String.valueOf(e.getMessage()));
    }
  }
}
