package dev.remanence.mind.conflict;

import dev.remanence.Judge;
import dev.remanence.Judge.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a judge tells of labelled pairs. A conflict, contradiction or update, counts as right where
/// one is expected, whatever it is called; which of the two, and the reason, are counted apart.
final class PairScore {
  /// @param named conflicts that are right and have the expected relation
  /// @param reasoned conflicts that are right and have the expected reason
  /// @param doubled duplicates expected and told
  /// @param falselyDoubled duplicates told and not expected
  record Counts(
      int pairs,
      int right,
      int wrong,
      int missed,
      int named,
      int reasoned,
      int duplicates,
      int doubled,
      int falselyDoubled) {
    static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0);

    Counts plus(Counts other) {
      return new Counts(
          pairs + other.pairs,
          right + other.right,
          wrong + other.wrong,
          missed + other.missed,
          named + other.named,
          reasoned + other.reasoned,
          duplicates + other.duplicates,
          doubled + other.doubled,
          falselyDoubled + other.falselyDoubled);
    }

    double precision() {
      return right + wrong == 0 ? 1 : (double) right / (right + wrong);
    }

    double recall() {
      return right + missed == 0 ? 1 : (double) right / (right + missed);
    }
  }

  private final Map<String, Counts> categories = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();

  static PairScore of(LabelledPairs set, Judge judge) {
    var score = new PairScore();
    for (var pair : set.pairs()) {
      var verdict = judge.judge(pair.older(), pair.newer());
      score.categories.merge(pair.category(), score.count(pair, verdict), Counts::plus);
    }
    return score;
  }

  private Counts count(LabelledPairs.Pair pair, @Nullable Verdict verdict) {
    var told = verdict == null ? "none" : verdict.relation().word();
    boolean conflict = told.equals("update") || told.equals("contradiction");
    boolean right = conflict && pair.isConflict();
    boolean duplicate = pair.relation().equals("duplicate");
    if (conflict != pair.isConflict() || told.equals("duplicate") != duplicate) {
      faults.add(
          pair.relation()
              + " told "
              + told
              + ": "
              + pair.older().text()
              + " | "
              + pair.newer().text());
    }
    return new Counts(
        1,
        right ? 1 : 0,
        conflict && !right ? 1 : 0,
        pair.isConflict() && !conflict ? 1 : 0,
        right && told.equals(pair.relation()) ? 1 : 0,
        right && verdict != null && verdict.reason().word().equals(pair.reason()) ? 1 : 0,
        duplicate ? 1 : 0,
        duplicate && told.equals("duplicate") ? 1 : 0,
        !duplicate && told.equals("duplicate") ? 1 : 0);
  }

  Map<String, Counts> categories() {
    return categories;
  }

  Counts total() {
    return categories.values().stream().reduce(Counts.NONE, Counts::plus);
  }

  /// A line for each pair that was not told as expected.
  List<String> faults() {
    return faults;
  }
}
