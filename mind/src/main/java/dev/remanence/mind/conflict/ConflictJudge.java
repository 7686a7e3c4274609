package dev.remanence.mind.conflict;

import dev.remanence.ConflictRecord.Reason;
import dev.remanence.ConflictRecord.Relation;
import dev.remanence.Judge;
import dev.remanence.mind.extract.Extracted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Judges by rules, without a model. A conflict that is none costs a person's time and trust; one
/// that is missed costs what it cost before: so a rule tells only what it can name the one value
/// of.
public final class ConflictJudge implements Judge {
  /// Above it two statements say the same.
  static final double DUPLICATE_MIN = 0.85;

  /// Below it two statements are about other things.
  static final double UPDATE_MIN = 0.3;

  /// From so much later on, another value may be a newer one.
  private static final Duration LATER = Duration.ofDays(1);

  @Override
  public List<String> keys(Statement statement) {
    if (statement.key() != null) {
      return List.of();
    }
    return Claims.of(statement).stream()
        .filter(claim -> !claim.attribute().many() && !claim.attribute().dated())
        .map(Extracted::key)
        .distinct()
        .toList();
  }

  @Override
  public @Nullable Verdict judge(Statement older, Statement newer) {
    if (older.key() != null && newer.key() != null && !older.key().equals(newer.key())) {
      return null;
    }
    var olds = Wording.of(older.text());
    var news = Wording.of(newer.text());
    double likeness = Likeness.of(joined(olds), joined(news));
    Verdict found = null;
    for (var fresh : news) {
      for (var old : olds) {
        var verdict = judge(older, old, newer, fresh);
        if (verdict != null && (found == null || verdict.score() > found.score())) {
          found = verdict;
        }
      }
    }
    if (found != null) {
      return found;
    }
    if (olds.size() <= 3 && news.size() <= 3) {
      found = claims(older, newer);
    }
    if (found == null && likeness > DUPLICATE_MIN && isSameClaim(joined(olds), joined(news))) {
      return new Verdict(Relation.DUPLICATE, Reason.LIKENESS, likeness);
    }
    return found;
  }

  /// Whether nothing that tells one thing from another is on one side only: no number, no name, no
  /// negation.
  private static boolean isSameClaim(List<Term> older, List<Term> newer) {
    return tells(older).equals(tells(newer));
  }

  private static List<String> tells(List<Term> terms) {
    return terms.stream()
        .filter(term ->
            term.kind() != Term.Kind.WORD || term.is("not") || term.is("no") || term.is("never"))
        .map(Term::text)
        .toList();
  }

  private static List<Term> joined(List<Wording.Said> sentences) {
    return sentences.stream().flatMap(said -> said.terms().stream()).toList();
  }

  private static @Nullable Verdict claims(Statement older, Statement newer) {
    if (older.key() != null && newer.key() == null) {
      return Claims.keyed(older, newer, Claims.of(newer), false);
    }
    if (newer.key() != null && older.key() == null) {
      return Claims.keyed(newer, older, Claims.of(older), true);
    }
    if (older.key() != null) {
      return null;
    }
    return Claims.verdict(older, Claims.of(older), newer, Claims.of(newer));
  }

  private static @Nullable Verdict judge(
      Statement older, Wording.Said old, Statement newer, Wording.Said fresh) {
    if (old.asks() || fresh.asks() || isUncertain(old) || isUncertain(fresh)) {
      return null;
    }
    if (isOfAnotherMoment(older, old, newer, fresh)
        || isOfAnotherPerson(older, old, newer, fresh)) {
      return null;
    }
    var reason = Changes.reason(old.terms(), fresh.terms());
    if (reason != null) {
      return new Verdict(Relation.UPDATE, reason, Likeness.of(old.terms(), fresh.terms()));
    }
    boolean marked = fresh.terms().stream().anyMatch(term -> Lexicon.CHANGE.contains(term.text()));
    var before = unmarked(old.terms());
    var after = unmarked(fresh.terms());
    double likeness = Likeness.of(before, after);
    reason = likeness > UPDATE_MIN || before.size() < 6 ? reason(before, after) : null;
    if (reason == null) {
      return null;
    }
    boolean update =
        (marked || Polarity.isEnd(after) || isLater(older.at(), newer.at())) && mayChange(before);
    return new Verdict(update ? Relation.UPDATE : Relation.CONTRADICTION, reason, likeness);
  }

  private static @Nullable Reason reason(List<Term> before, List<Term> after) {
    if (Aligned.same(before, after)) {
      return null;
    }
    var one = Polarity.of(before);
    var other = Polarity.of(after);
    if (one != null && other != null && one.contradicts(other)) {
      return Reason.NEGATION;
    }
    if (Aligned.isSwapped(before, after)) {
      return Reason.VALUE;
    }
    var aligned = Aligned.of(before, after);
    return aligned == null ? null : aligned.reason();
  }

  private static List<Term> unmarked(List<Term> terms) {
    return terms.stream().filter(term -> !Lexicon.CHANGE.contains(term.text())).toList();
  }

  private static boolean isUncertain(Wording.Said said) {
    return said.terms().stream().anyMatch(term -> Lexicon.UNCERTAIN.contains(term.text()));
  }

  /// `I feel great today` says another thing on another day.
  private static boolean isOfAnotherMoment(
      Statement older, Wording.Said old, Statement newer, Wording.Said fresh) {
    boolean deictic =
        old.terms().stream().anyMatch(term -> Lexicon.OF_THE_MOMENT.contains(term.text()))
            || fresh.terms().stream().anyMatch(term -> Lexicon.OF_THE_MOMENT.contains(term.text()));
    return deictic && isLater(older.at(), newer.at());
  }

  /// `I` and `my` are whoever speaks.
  private static boolean isOfAnotherPerson(
      Statement older, Wording.Said old, Statement newer, Wording.Said fresh) {
    boolean self =
        old.terms().stream().anyMatch(term -> term.is("i") || term.is("my"))
            || fresh.terms().stream().anyMatch(term -> term.is("i") || term.is("my"));
    return self
        && older.speaker() != null
        && newer.speaker() != null
        && !older.speaker().equalsIgnoreCase(newer.speaker());
  }

  /// What was so once and for all does not change.
  private static boolean mayChange(List<Term> terms) {
    return terms.stream()
        .noneMatch(term ->
            term.is("was") || term.text().equals("birthday") || Lexicon.ONCE.contains(term.text()));
  }

  static boolean isLater(Instant older, Instant newer) {
    return older.plus(LATER).isBefore(newer);
  }

  static boolean tellsChange(String text) {
    return Wording.terms(text).stream()
        .anyMatch(term ->
            Lexicon.CHANGE.contains(term.text()) || term.is("moved") || term.is("switched"));
  }
}
