package dev.remanence.mind.conflict;

import dev.remanence.ConflictRecord.Reason;
import dev.remanence.ConflictRecord.Relation;
import dev.remanence.Judge.Statement;
import dev.remanence.Judge.Verdict;
import dev.remanence.mind.extract.Extracted;
import dev.remanence.mind.extract.FactExtraction;
import dev.remanence.mind.extract.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What extraction reads from a statement, held against what it reads from another: another value
/// of an attribute that has one at a time.
final class Claims {
  private static final List<String> NEVER_CHANGE = List.of("born", "birthday", "from");
  private static final List<String> OF_AGE = List.of("age");

  /// One may have several at once, unless they are said with `is`: who teaches maths may teach
  /// physics.
  private static final String JOB = "job";

  private static final Pattern SAID_TO_BE =
      Pattern.compile("\\b(?:am|is|m|as) (?:a|an|the)\\b", Pattern.CASE_INSENSITIVE);

  private Claims() {}

  static List<Extracted> of(Statement statement) {
    return FactExtraction.from(Turn.of(statement.text(), statement.speaker(), statement.at()));
  }

  /// Of two statements; null where extraction tells no conflict.
  static @Nullable Verdict verdict(
      Statement older, List<Extracted> olds, Statement newer, List<Extracted> news) {
    for (var fresh : news) {
      for (var old : olds) {
        var verdict = verdict(older, old, newer, fresh);
        if (verdict != null) {
          return verdict;
        }
      }
    }
    return null;
  }

  private static @Nullable Verdict verdict(
      Statement older, Extracted old, Statement newer, Extracted fresh) {
    if (!old.key().equals(fresh.key()) || old.attribute().dated()) {
      return null;
    }
    double sureness = Math.min(old.confidence(), fresh.confidence());
    boolean same = plain(old.value()).equals(plain(fresh.value()));
    if (same && old.ended() != fresh.ended()) {
      return new Verdict(Relation.UPDATE, Reason.NEGATION, sureness);
    }
    if (old.attribute().many()
        || old.ended()
        || fresh.ended()
        || !isOther(old.value(), fresh.value())
        || isOneOfSeveral(older, fresh, newer)
        || !overlap(old, older, fresh, newer)
        || isOlderNow(old, older, fresh, newer)) {
      return null;
    }
    boolean later =
        fresh.correction()
            || fresh.from() != null
            || ConflictJudge.isLater(older.at(), newer.at())
            || ConflictJudge.tellsChange(newer.text());
    boolean changes = !NEVER_CHANGE.contains(fresh.attribute().name());
    return new Verdict(
        later && changes ? Relation.UPDATE : Relation.CONTRADICTION,
        reason(old.value(), fresh.value()),
        sureness);
  }

  /// Of a memory under a key, whose text is the value alone, and a statement.
  static @Nullable Verdict keyed(
      Statement keyed, Statement statement, List<Extracted> claims, boolean keyedIsNewer) {
    for (var claim : claims) {
      boolean overlaps =
          (keyed.until() == null || claim.from() == null || claim.from().isBefore(keyed.until()))
              && (claim.until() == null || claim.until().isAfter(keyed.at()));
      if (claim.key().equals(keyed.key())
          && !claim.attribute().many()
          && !claim.attribute().dated()
          && !claim.ended()
          && overlaps
          && isOther(keyed.text(), claim.value())) {
        var earlier = keyedIsNewer ? statement.at() : keyed.at();
        var later = keyedIsNewer ? keyed.at() : statement.at();
        boolean update =
            !NEVER_CHANGE.contains(claim.attribute().name())
                && (claim.correction()
                    || ConflictJudge.isLater(earlier, later)
                    || ConflictJudge.tellsChange(statement.text()));
        return new Verdict(
            update ? Relation.UPDATE : Relation.CONTRADICTION,
            reason(keyed.text(), claim.value()),
            claim.confidence());
      }
    }
    return null;
  }

  /// Whether two values exclude each other: neither is a part of the other.
  private static boolean isOther(String one, String other) {
    var a = plain(one);
    var b = plain(other);
    return !a.isEmpty() && !b.isEmpty() && !a.contains(b) && !b.contains(a);
  }

  private static String plain(String value) {
    var terms = Wording.terms(value.replaceFirst("(?i)^(a|an|the) ", ""));
    var plain = new StringBuilder();
    terms.forEach(term -> plain.append(term.text().toLowerCase(Locale.ROOT)).append(' '));
    return plain.toString().strip();
  }

  private static boolean isOneOfSeveral(Statement older, Extracted fresh, Statement newer) {
    return fresh.attribute().name().equals(JOB)
        && !(SAID_TO_BE.matcher(older.text()).find() && SAID_TO_BE.matcher(newer.text()).find());
  }

  private static boolean overlap(Extracted old, Statement older, Extracted fresh, Statement newer) {
    var oldUntil = old.until() == null ? older.until() : old.until();
    var newUntil = fresh.until() == null ? newer.until() : fresh.until();
    return !isBefore(oldUntil, fresh.from() == null ? newer.at() : fresh.from())
        && !isBefore(newUntil, old.from() == null ? older.at() : old.from());
  }

  private static boolean isBefore(@Nullable Instant end, Instant begin) {
    return end != null && !end.isAfter(begin);
  }

  /// Who was 34 two years ago is 36 now.
  private static boolean isOlderNow(
      Extracted old, Statement older, Extracted fresh, Statement newer) {
    if (!OF_AGE.contains(fresh.attribute().name())) {
      return false;
    }
    try {
      int grown = Integer.parseInt(plain(fresh.value())) - Integer.parseInt(plain(old.value()));
      long years = Duration.between(older.at(), newer.at()).toDays() / 365;
      return Math.abs(grown - years) <= 1 && years > 0;
    } catch (NumberFormatException _) {
      return false;
    }
  }

  private static Reason reason(String one, String other) {
    var a = Wording.terms(one);
    var b = Wording.terms(other);
    var aligned = Aligned.of(a, b);
    if (aligned != null && aligned.older().size() == 1 && aligned.newer().size() == 1) {
      var old = aligned.older().getFirst();
      var fresh = aligned.newer().getFirst();
      if (old.isDateLike(fresh)) {
        return Reason.DATE;
      }
      if (old.kind() == Term.Kind.NUMBER && fresh.kind() == Term.Kind.NUMBER) {
        return Reason.NUMBER;
      }
    }
    return Reason.VALUE;
  }
}
