package dev.remanence.image;

import dev.remanence.image.Postings.Lists;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// BM25 scores of the documents of one view for one question: the sum over words and stems of
/// `rarity * n / (n + K1 * (1 - B + B * length / average))`, each field with lengths of its own.
///
/// Keeps its arrays from question to question; used by one thread at a time.
public final class WordScores {
  /// How soon more of the same word stops to count, and how much a long text is held back: from the
  /// retrieval study, lower than the usual 1.2 and 0.75 because memories are short.
  public static final float K1 = 0.9f;

  public static final float B = 0.4f;

  private float[] scores = new float[0];

  /// The documents that share a term with the question; one place more than there are documents,
  /// because a place is written before it is known to be taken.
  private int[] matched = new int[1];

  private int matches;

  /// A document's score.
  public record Scored(int document, float score) {}

  /// What one term adds to a document's score.
  ///
  /// @param stemmed whether the term is a stem
  public record Part(String term, boolean stemmed, float score) {}

  /// Scores all documents of a view that share a term with the question, whether they may be found
  /// or not. What was here before is gone.
  public void score(WordView view, WordStatistics statistics) {
    clear();
    if (scores.length < view.count()) {
      scores = new float[view.count() + view.count() / 4];
      matched = new int[scores.length + 1];
    }
    var words = statistics.question().words().terms();
    for (int i = 0; i < words.size(); i++) {
      add(
          view.words,
          words.get(i),
          view.wordLengths,
          statistics.wordRarity(i),
          statistics.wordAverage());
    }
    var stems = statistics.question().stems().terms();
    for (int i = 0; i < stems.size(); i++) {
      add(
          view.stems,
          stems.get(i),
          view.stemLengths,
          statistics.stemRarity(i),
          statistics.stemAverage());
    }
  }

  private void add(List<Lists> field, String term, char[] lengths, float rarity, double average) {
    for (var lists : field) {
      add(lists.cursor(term), lengths, rarity, average);
    }
  }

  private void add(Lists.Cursor cursor, char[] lengths, float rarity, double average) {
    float fixed = K1 * (1 - B);
    float byLength = (float) (K1 * B / average);
    int top = matches;
    for (int read = cursor.read(); read > 0; read = cursor.read()) {
      for (int i = 0; i < read; i++) {
        int document = cursor.documents[i];
        float n = cursor.counts[i];
        float before = scores[document];
        matched[top] = document;
        top += before == 0 ? 1 : 0;
        scores[document] = before + rarity * n / (n + (fixed + byLength * lengths[document]));
      }
    }
    matches = top;
  }

  /// A document's score: 0 if it shares no term with the question.
  public float of(int document) {
    return scores[document];
  }

  /// How many documents share a term with the question.
  public int matches() {
    return matches;
  }

  /// The best of a view's current documents, best first; of equals, the one that was added last.
  public List<Scored> best(int limit, WordView view) {
    var best = new Best(limit);
    for (int i = 0; i < matches; i++) {
      int document = matched[i];
      if (best.takes(scores[document], document) && view.isCurrent(document)) {
        best.put(scores[document], document);
      }
    }
    return best.sorted();
  }

  /// The best of some documents, best first; of equals, the one that was added last.
  public List<Scored> best(int limit, Documents eligible) {
    var best = new Best(limit);
    for (int i = 0; i < matches; i++) {
      int document = matched[i];
      if (best.takes(scores[document], document) && eligible.contains(document)) {
        best.put(scores[document], document);
      }
    }
    return best.sorted();
  }

  /// What a document's score is made of; the parts, in this order, add up to it. Reads the lists
  /// again.
  public static List<Part> parts(WordView view, WordStatistics statistics, int document) {
    var parts = new ArrayList<Part>();
    var words = statistics.question().words().terms();
    for (int i = 0; i < words.size(); i++) {
      float part =
          part(
              view.words,
              words.get(i),
              document,
              view.wordLengths[document],
              statistics.wordRarity(i),
              statistics.wordAverage());
      if (part > 0) {
        parts.add(new Part(words.get(i), false, part));
      }
    }
    var stems = statistics.question().stems().terms();
    for (int i = 0; i < stems.size(); i++) {
      float part =
          part(
              view.stems,
              stems.get(i),
              document,
              view.stemLengths[document],
              statistics.stemRarity(i),
              statistics.stemAverage());
      if (part > 0) {
        parts.add(new Part(stems.get(i), true, part));
      }
    }
    return parts;
  }

  private static float part(
      List<Lists> field, String term, int document, int length, float rarity, double average) {
    for (var lists : field) {
      var cursor = lists.cursor(term);
      for (int read = cursor.read(); read > 0; read = cursor.read()) {
        int i = Arrays.binarySearch(cursor.documents, 0, read, document);
        if (i >= 0) {
          return part(rarity, cursor.counts[i], length, average);
        }
      }
    }
    return 0;
  }

  /// What a term adds to a text that holds it so often: the same arithmetic, to the last bit, as in
  /// the loop over a list.
  static float part(float rarity, int count, int length, double average) {
    return rarity * count / (count + (K1 * (1 - B) + (float) (K1 * B / average) * length));
  }

  private void clear() {
    for (int i = 0; i < matches; i++) {
      scores[matched[i]] = 0;
    }
    matches = 0;
  }

  /// The greatest of what was put, as a heap with the least on top. A score and its document are
  /// one number: the bits of a positive float order as the float does.
  private static final class Best {
    private final long[] heap;
    private int size;

    Best(int limit) {
      heap = new long[limit];
    }

    boolean takes(float score, int document) {
      return size < heap.length || (size > 0 && key(score, document) > heap[0]);
    }

    void put(float score, int document) {
      if (size < heap.length) {
        heap[size++] = key(score, document);
        if (size == heap.length) {
          for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i);
          }
        }
      } else {
        heap[0] = key(score, document);
        sink(0);
      }
    }

    private void sink(int from) {
      int at = from;
      long moved = heap[at];
      for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
        if (child + 1 < size && heap[child + 1] < heap[child]) {
          child++;
        }
        if (heap[child] >= moved) {
          break;
        }
        heap[at] = heap[child];
        at = child;
      }
      heap[at] = moved;
    }

    List<Scored> sorted() {
      Arrays.sort(heap, 0, size);
      var sorted = new ArrayList<Scored>(size);
      for (int i = size - 1; i >= 0; i--) {
        sorted.add(new Scored((int) heap[i], Float.intBitsToFloat((int) (heap[i] >>> 32))));
      }
      return sorted;
    }

    private static long key(float score, int document) {
      return (long) Float.floatToRawIntBits(score) << 32 | document;
    }
  }
}
