package dev.remanence.recall;

import dev.remanence.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Finds memories by the words of a question, by looking at each of them: BM25 over the words that
/// question and memory share, with the statistics of the memories that were looked at.
///
/// A word is a run of letters and digits, in lower case; an ideograph is a word of its own.
public final class WordScan {
  private static final double K1 = 0.9;
  private static final double B = 0.4;

  private final List<String> words;
  private final Map<String, Integer> indexOfWord = new HashMap<>();
  private final int[] documents;
  private final List<Match> matches = new ArrayList<>();
  private long scanned;
  private long lengths;

  /// A memory that shares words with the question.
  private record Match(int handle, int[] counts, int length) {}

  /// A memory's score and its parts by word, which add up to it.
  public record Scored(int handle, double score, Json.Obj why) {}

  public WordScan(String question) {
    words = List.copyOf(new LinkedHashSet<>(words(question)));
    for (int i = 0; i < words.size(); i++) {
      indexOfWord.put(words.get(i), i);
    }
    documents = new int[words.size()];
  }

  public boolean isEmpty() {
    return words.isEmpty();
  }

  /// Looks at one memory.
  public void look(int handle, String text) {
    var counts = new int[words.size()];
    boolean found = false;
    var inText = words(text);
    for (var word : inText) {
      var index = indexOfWord.get(word);
      if (index != null) {
        counts[index]++;
        found = true;
      }
    }
    scanned++;
    lengths += inText.size();
    if (found) {
      matches.add(new Match(handle, counts, inText.size()));
      for (int i = 0; i < counts.length; i++) {
        documents[i] += counts[i] > 0 ? 1 : 0;
      }
    }
  }

  public long scanned() {
    return scanned;
  }

  public int matched() {
    return matches.size();
  }

  /// The matches, best first; of equals, the one that was looked at last.
  public List<Scored> best() {
    double average = Math.max(1, (double) lengths / Math.max(1, scanned));
    var scored = new ArrayList<Scored>(matches.size());
    for (var match : matches) {
      var parts = Json.object();
      double score = 0;
      for (int i = 0; i < match.counts.length; i++) {
        int count = match.counts[i];
        if (count > 0) {
          double rarity = Math.log(1 + (scanned - documents[i] + 0.5) / (documents[i] + 0.5));
          double part =
              rarity * count * (K1 + 1) / (count + K1 * (1 - B + B * match.length / average));
          score += part;
          parts.put(words.get(i), part);
        }
      }
      scored.add(new Scored(match.handle, score, parts.build()));
    }
    scored.sort(
        java.util.Comparator.comparingDouble(Scored::score)
            .thenComparingInt(Scored::handle)
            .reversed());
    return scored;
  }

  static List<String> words(String text) {
    var words = new ArrayList<String>();
    int start = -1;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      boolean ideograph = Character.isIdeographic(c);
      boolean inWord = !ideograph && Character.isLetterOrDigit(c);
      if (inWord && start < 0) {
        start = i;
      }
      if (!inWord && start >= 0) {
        words.add(text.substring(start, i).toLowerCase(Locale.ROOT));
        start = -1;
      }
      if (ideograph) {
        words.add(text.substring(i, next));
      }
      i = next;
    }
    if (start >= 0) {
      words.add(text.substring(start).toLowerCase(Locale.ROOT));
    }
    return words;
  }
}
