package dev.remanence.mind.conflict;

import dev.remanence.ConflictRecord.Reason;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sentences that say themselves that something changed: `has been moved to June 8`, `switched from
/// Vue to React`. The older sentence has the same subject and the value from before.
final class Changes {
  private static final Set<String> VERBS =
      Set.of(
          "moved",
          "changed",
          "switched",
          "migrated",
          "postponed",
          "rescheduled",
          "raised",
          "lowered",
          "renamed",
          "increased",
          "reduced",
          "extended");

  private Changes() {}

  /// Why the newer sentence takes the place of the older; null where it does not.
  static @Nullable Reason reason(List<Term> older, List<Term> newer) {
    int verb = verb(newer);
    int to = verb < 0 ? -1 : place(newer, "to", verb);
    if (verb < 1 || to < 0 || to + 1 >= newer.size()) {
      return null;
    }
    int subject = subject(newer, verb);
    if (subject >= older.size()
        || !Aligned.same(older.subList(0, subject), newer.subList(0, subject))) {
      return null;
    }
    var value = newer.get(to + 1);
    var complement = older.subList(subject, older.size());
    int from = place(newer, "from", verb);
    if (from > verb && from + 1 < to) {
      var former = newer.subList(from + 1, to);
      int size = complement.size();
      return size > former.size()
              && Aligned.same(complement.subList(size - former.size(), size), former)
          ? reason(value)
          : null;
    }
    for (var term : complement) {
      boolean number = term.kind() == Term.Kind.NUMBER && value.kind() == Term.Kind.NUMBER;
      if ((number || term.isDateLike(value)) && !term.same(value)) {
        return reason(value);
      }
    }
    return null;
  }

  private static Reason reason(Term value) {
    return switch (value.kind()) {
      case WORD -> Reason.VALUE;
      case NUMBER -> Reason.NUMBER;
      case DATE -> Reason.DATE;
    };
  }

  private static int verb(List<Term> terms) {
    for (int i = 0; i < terms.size(); i++) {
      if (VERBS.contains(terms.get(i).text())) {
        return i;
      }
    }
    return -1;
  }

  private static int place(List<Term> terms, String word, int after) {
    for (int i = after + 1; i < terms.size(); i++) {
      if (terms.get(i).is(word)) {
        return i;
      }
    }
    return -1;
  }

  /// How many terms stand before the verb and what helps it.
  private static int subject(List<Term> terms, int verb) {
    int end = verb;
    while (end > 0
        && Set.of("have", "been", "was", "is", "just").contains(terms.get(end - 1).text())) {
      end--;
    }
    return end;
  }
}
