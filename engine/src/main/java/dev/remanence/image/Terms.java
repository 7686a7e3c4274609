package dev.remanence.image;

import java.util.LinkedHashMap;
import java.util.List;

/// The distinct terms of a text in one field, in the order of their first place, how often each
/// stands in it, and the text's length.
///
/// @param counts at least 1, one for each term
/// @param length the number of places in the text; a term that stands beside another one, as a
///   whole identifier beside its parts, takes none
public record Terms(List<String> terms, int[] counts, int length) {
  public Terms {
    terms = List.copyOf(terms);
    assert terms.size() == counts.length;
  }

  /// Counts terms as they come.
  static final class Counter {
    private final LinkedHashMap<String, int[]> counts = new LinkedHashMap<>();
    private int length;

    /// @param placed whether the term takes a place of its own
    void add(String term, boolean placed) {
      counts.computeIfAbsent(term, _ -> new int[1])[0]++;
      length += placed ? 1 : 0;
    }

    Terms terms() {
      var values = new int[counts.size()];
      int i = 0;
      for (var count : counts.values()) {
        values[i++] = count[0];
      }
      return new Terms(List.copyOf(counts.keySet()), values, length);
    }
  }
}
