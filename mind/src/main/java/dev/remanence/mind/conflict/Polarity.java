package dev.remanence.mind.conflict;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A sentence without its negations and with opposites as one word, and whether it denies what is
/// left. Two sentences that are the same but for that contradict each other.
record Polarity(List<Term> claim, boolean denied) {
  private static final Set<String> NEGATIONS = Set.of("not", "never", "no");
  private static final Set<String> ARTICLES = Set.of("a", "an", "any");

  /// Null where the negation has another sense.
  static @Nullable Polarity of(List<Term> terms) {
    var claim = new ArrayList<Term>();
    boolean denied = false;
    for (int i = 0; i < terms.size(); i++) {
      var term = terms.get(i);
      var next = i + 1 < terms.size() ? terms.get(i + 1) : null;
      if (NEGATIONS.contains(term.text())) {
        if (next != null && (next.is("only") || next.is("just") || next.is("all"))) {
          return null;
        }
        denied = !denied;
        i += term.is("no") && next != null && (next.is("longer") || next.is("more")) ? 1 : 0;
      } else if (!ARTICLES.contains(term.text()) && !isHelping(term, next)) {
        var opposite = isOpposite(terms, i) ? Lexicon.OPPOSITE.get(term.text()) : null;
        denied ^= opposite != null;
        claim.add(opposite == null ? term : Term.word(opposite, false));
      }
    }
    return new Polarity(claim, denied);
  }

  /// `do` before a `not` is there for it alone.
  private static boolean isHelping(Term term, @Nullable Term next) {
    return term.is("do") && next != null && next.is("not");
  }

  /// `off` is the opposite of `on` where it is a state, not where it is a direction.
  private static boolean isOpposite(List<Term> terms, int at) {
    if (!terms.get(at).is("off")) {
      return true;
    }
    return at > 0
        && (terms.get(at - 1).is("is")
            || terms.get(at - 1).is("turned")
            || terms.get(at - 1).is("switched"));
  }

  boolean contradicts(Polarity other) {
    return denied != other.denied && claim.size() > 1 && Aligned.same(claim, other.claim);
  }

  /// Whether a sentence says that something has ended.
  static boolean isEnd(List<Term> terms) {
    for (int i = 0; i + 1 < terms.size(); i++) {
      if (terms.get(i).is("no") && terms.get(i + 1).is("longer")) {
        return true;
      }
    }
    return false;
  }
}
