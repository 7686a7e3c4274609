package dev.remanence.mind.conflict;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// How alike two texts are: the share of pairs of neighbouring terms that they have in common (the
/// Jaccard index), where beginning and end count as terms.
final class Likeness {
  private Likeness() {}

  static double of(List<Term> one, List<Term> other) {
    var pairs = pairs(one);
    var others = pairs(other);
    int common = 0;
    for (var pair : pairs) {
      common += others.contains(pair) ? 1 : 0;
    }
    return (double) common / (pairs.size() + others.size() - common);
  }

  private static Set<String> pairs(List<Term> terms) {
    var pairs = new HashSet<String>();
    var before = "";
    for (var term : terms) {
      pairs.add(before + "\n" + term.text());
      before = term.text();
    }
    pairs.add(before + "\n");
    return pairs;
  }
}
