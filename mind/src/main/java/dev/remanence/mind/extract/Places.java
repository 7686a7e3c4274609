package dev.remanence.mind.extract;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Names of places, and of where people work: what is written like a name, or described like one.
final class Places {
  private static final Set<String> NOUNS =
      Words.set("village town city suburb suburbs countryside island county farm");

  /// What one also moves to, comes from or visits.
  private static final Set<String> NONE =
      Words.set(
          """
          linux windows macos android ios vim neovim emacs vscode obsidian notion slack teams zoom \
          discord kubernetes docker aws azure gcp github gitlab firefox chrome safari postgres mysql \
          python rust golang java kotlin typescript javascript excel mass hell heaven church court
          """);

  private static final String CONNECTED = "for with at on from about as and or since via by to";

  private Places() {}

  /// A place: `Bern`, `New Jersey`, `a small town near Porto`; in lower case only what the JDK
  /// knows.
  static @Nullable Phrase at(Clause clause, int at, Phrase.Style style) {
    var phrase = clause.phrase(at, style.stopping(CONNECTED + " in"));
    if (phrase == null || phrase.points() || isNone(phrase)) {
      return null;
    }
    var named = phrase.first().equals("the") ? phrase.from() + 1 : phrase.from();
    if (clause.sentence.token(named).isCapital()) {
      int end = named;
      while (end < phrase.to()
          && (clause.sentence.token(end).isCapital()
              || clause.sentence.is(end, "de", "la", "of", "upon", "del", "el", "am"))) {
        end++;
      }
      // `a Kotlin workshop` and `the Tokyo office` are no places.
      return end == phrase.to() ? phrase : null;
    }
    boolean described = clause.sentence.is(at, "a") && phrase.size() > 1 && hasNoun(phrase);
    if (described) {
      // The article belongs to a description.
      return new Phrase(clause.sentence, at, phrase.to(), phrase.time(), phrase.end());
    }
    return Lexicon.isPlace(phrase.lower()) ? phrase : null;
  }

  private static boolean isNone(Phrase phrase) {
    return NONE.contains(phrase.first())
        || Roles.of(phrase.first()) != null
        || Words.DAYS.contains(phrase.first());
  }

  private static boolean hasNoun(Phrase phrase) {
    for (int at = phrase.from(); at < phrase.to(); at++) {
      if (NOUNS.contains(phrase.sentence().word(at))) {
        return true;
      }
    }
    return false;
  }

  /// Whom one works for: a name, or `a bakery near the station`.
  static @Nullable Phrase employer(Clause clause, int at) {
    var phrase =
        clause.phrase(at, Phrase.Style.NAMED.stopping("for with as and or since about on to"));
    if (phrase == null || phrase.points()) {
      return null;
    }
    if (phrase.isCapital()) {
      return phrase;
    }
    boolean described = clause.sentence.is(at, "a", "an", "the");
    return described
            && !clause.sentence.is(
                at + 1, "moment", "same", "wrong", "best", "first", "very", "top", "desk", "office")
        ? phrase
        : null;
  }
}
