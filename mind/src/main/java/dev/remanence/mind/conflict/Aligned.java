package dev.remanence.mind.conflict;

import dev.remanence.ConflictRecord.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Two sentences that are the same but for one place behind their verb: the value. It tells a
/// conflict only of what has one such value at a time.
///
/// @param before the words that both begin with
/// @param older the value, of at most [#VALUE_MAX] terms
/// @param after the words that both end with
record Aligned(List<Term> before, List<Term> older, List<Term> newer, List<Term> after) {
  private static final int VALUE_MAX = 3;

  /// Null where the sentences are the same, or differ in more than one place.
  static @Nullable Aligned of(List<Term> older, List<Term> newer) {
    int shorter = Math.min(older.size(), newer.size());
    int begin = 0;
    while (begin < shorter && older.get(begin).same(newer.get(begin))) {
      begin++;
    }
    int end = 0;
    while (end < shorter - begin
        && older.get(older.size() - 1 - end).same(newer.get(newer.size() - 1 - end))) {
      end++;
    }
    var one = older.subList(begin, older.size() - end);
    var other = newer.subList(begin, newer.size() - end);
    if (one.isEmpty() || other.isEmpty() || one.size() > VALUE_MAX || other.size() > VALUE_MAX) {
      return null;
    }
    return new Aligned(
        older.subList(0, begin), one, other, older.subList(older.size() - end, older.size()));
  }

  /// Why both values cannot be; null where they can, or it cannot be told.
  @Nullable Reason reason() {
    int verb = verb();
    if (verb < 1) {
      return null;
    }
    if (older.size() == 1 && newer.size() == 1) {
      var one = older.getFirst();
      var other = newer.getFirst();
      if (before.get(verb).is("was") && one.kind() != Term.Kind.WORD) {
        // What once was so many may have been as many more at another time.
        return null;
      }
      if (one.kind() == Term.Kind.NUMBER && other.kind() == Term.Kind.NUMBER) {
        return isSingle(verb) ? Reason.NUMBER : null;
      }
      if (one.isDateLike(other)) {
        return isSingle(verb) ? Reason.DATE : null;
      }
    }
    return isNamed(verb) && isAlternative(verb) ? Reason.VALUE : null;
  }

  /// The place of the verb in what both begin with; -1 where there is none that a rule knows.
  private int verb() {
    for (int i = before.size() - 1; i >= 0; i--) {
      var word = before.get(i);
      if (Lexicon.STATE.contains(word.text()) || word.is("was") || isOnce(i)) {
        return i;
      }
    }
    return -1;
  }

  private boolean isOnce(int at) {
    return isPastOnce(before.get(at));
  }

  private static boolean isPastOnce(Term term) {
    return Lexicon.ONCE.contains(term.text());
  }

  /// Whether what follows counts the thing itself, and nothing in between opens a list of cases.
  private boolean isSingle(int verb) {
    for (var word : before.subList(verb + 1, before.size())) {
      if (word.is("and") || word.is("or") || word.is("than") || word.is("chapter")) {
        return false;
      }
    }
    return after.stream().noneMatch(word -> word.is("and") || word.is("or"));
  }

  /// Whether the words between verb and value are ones behind which a thing has one value.
  private boolean isNamed(int verb) {
    var subject = before.subList(0, verb);
    var between =
        before.subList(verb + 1, before.size()).stream()
            .map(Term::text)
            .collect(Collectors.joining(" "));
    if (!before.get(verb).is("is") && !before.get(verb).is("was")) {
      return isSoleVerb(before.get(verb), between);
    }
    boolean bare = between.isEmpty() || between.equals("the");
    return Lexicon.SINGLE.contains(between)
        && !isOneOfMany(subject)
        && (!bare || isDefinite(subject));
  }

  private static boolean isSoleVerb(Term verb, String between) {
    return (verb.is("live") && between.equals("in"))
        || (verb.is("work") && between.equals("at"))
        || (verb.is("run") && between.equals("on"));
  }

  private static boolean isDefinite(List<Term> subject) {
    var first = subject.getFirst();
    return first.is("the")
        || first.is("my")
        || first.is("our")
        || subject.stream().anyMatch(term -> term.text().endsWith("'s"));
  }

  private static boolean isOneOfMany(List<Term> subject) {
    boolean many = subject.stream().anyMatch(term -> Lexicon.MANY.contains(term.text()));
    boolean chief = subject.stream().anyMatch(term -> Lexicon.CHIEF.contains(term.text()));
    return (many && !chief)
        || subject.getFirst().is("a")
        || subject.getFirst().is("an")
        || subject.getFirst().is("one")
        || subject.getFirst().is("some");
  }

  /// Whether the values are of one kind: names, or words of one list.
  private boolean isAlternative(int verb) {
    if (areNames(older) && areNames(newer)) {
      return !contains(older, newer) && !contains(newer, older);
    }
    if (older.size() > 1 || newer.size() > 1) {
      return false;
    }
    var one = older.getFirst().text();
    var other = newer.getFirst().text();
    if (before.subList(0, verb).stream().anyMatch(term -> term.is("favourite"))) {
      return true;
    }
    if (Lexicon.EXCLUSIVE.stream().anyMatch(list -> list.contains(one) && list.contains(other))) {
      return true;
    }
    if (before.size() < 2) {
      return false;
    }
    var place = before.get(before.size() - 2);
    return verb < before.size() - 2
        && before.getLast().is("the")
        && (place.is("under") || place.is("behind") || place.is("beneath"));
  }

  private static boolean areNames(List<Term> value) {
    return value.stream()
        .allMatch(term -> term.capital() || (term.kind() == Term.Kind.WORD && isAddress(term)));
  }

  private static boolean isAddress(Term term) {
    return term.text().indexOf('@') > 0;
  }

  private static boolean contains(List<Term> value, List<Term> part) {
    var texts = value.stream().map(Term::text).toList();
    return texts.containsAll(part.stream().map(Term::text).toList());
  }

  /// Whether one sentence is the other with what stands on both sides of a comparison exchanged.
  static boolean isSwapped(List<Term> older, List<Term> newer) {
    if (older.size() != newer.size()) {
      return false;
    }
    for (var mark : List.of("than", "over")) {
      int at = place(older, mark);
      if (at > 0 && at == place(newer, mark)) {
        int size = older.size() - at - 1;
        var swapped = new ArrayList<>(older);
        for (int from = 0; from + size <= at; from++) {
          Collections.copy(swapped, older);
          for (int i = 0; i < size; i++) {
            swapped.set(from + i, older.get(at + 1 + i));
            swapped.set(at + 1 + i, older.get(from + i));
          }
          if (same(swapped, newer)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static int place(List<Term> terms, String word) {
    for (int i = 0; i < terms.size(); i++) {
      if (terms.get(i).is(word)) {
        return i;
      }
    }
    return -1;
  }

  static boolean same(List<Term> one, List<Term> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (!one.get(i).same(other.get(i))) {
        return false;
      }
    }
    return true;
  }
}
