package dev.remanence.mind.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// What was found of a labelled set, by category. A fact counts as right if entity, attribute,
/// value, times, end and correction are; what may be found counts neither way.
final class Score {
  /// @param clean turns of which nothing is expected and nothing was found
  record Counts(int turns, int empty, int clean, int right, int wrong, int missed) {
    static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

    Counts plus(Counts other) {
      return new Counts(
          turns + other.turns,
          empty + other.empty,
          clean + other.clean,
          right + other.right,
          wrong + other.wrong,
          missed + other.missed);
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

  static Score of(LabelledSet set, Function<Turn, List<Extracted>> extractor) {
    var score = new Score();
    for (var item : set.items()) {
      score.categories.merge(
          item.category(), score.counts(item, extractor.apply(item.turn())), Counts::plus);
    }
    return score;
  }

  private Counts counts(LabelledSet.Item item, List<Extracted> found) {
    int right = 0;
    int wrong = 0;
    var left = new ArrayList<>(item.expected());
    for (var fact : found) {
      var match = left.stream().filter(each -> each.matches(fact)).findFirst();
      if (match.isEmpty()) {
        wrong++;
        faults.add("wrong  " + item.turn().text() + "  =>  " + line(fact));
      } else {
        left.remove(match.get());
        right += match.get().required() ? 1 : 0;
      }
    }
    int missed = 0;
    for (var each : left) {
      if (each.required()) {
        missed++;
        faults.add("missed " + item.turn().text() + "  =>  " + each);
      }
    }
    return new Counts(
        1, item.isEmpty() ? 1 : 0, item.isEmpty() && found.isEmpty() ? 1 : 0, right, wrong, missed);
  }

  static String line(Extracted fact) {
    return fact.entity()
        + " | "
        + fact.attribute().name()
        + " | "
        + fact.value()
        + (fact.from() == null ? "" : " from " + fact.from())
        + (fact.until() == null ? "" : " until " + fact.until())
        + (fact.ended() ? " ended" : "")
        + (fact.correction() ? " correction" : "");
  }

  Map<String, Counts> categories() {
    return categories;
  }

  Counts total() {
    return categories.values().stream().reduce(Counts.NONE, Counts::plus);
  }

  /// A line for each fact that is wrong or missed.
  List<String> faults() {
    return faults;
  }
}
