package dev.remanence.image;

import dev.remanence.journal.Body;
import java.util.Arrays;

/// A text as the set of its pairs of neighbouring words, by their hashes; its beginning and its end
/// count as words. How alike two texts are is the share of pairs that they have in common (the
/// Jaccard index): 1 for the same words in the same order, whatever stands between them.
///
/// Pairs, because memories are short: of twelve words one that differs takes two of thirteen pairs
/// and leaves 0.73, while it would take three of fourteen triples. Single words would not see who
/// did what to whom.
public final class Shingles {
  /// A longer text is told by its beginning.
  private static final int WORDS_MAX = 4096;

  private static final long EDGE = 0x5851F42D4C957F2DL;

  /// Ascending, each once.
  private final long[] hashes;

  private Shingles(long[] hashes) {
    this.hashes = hashes;
  }

  public static Shingles of(Body.Content content) {
    return of(content.text() != null ? content.text() : String.valueOf(content.json()));
  }

  static Shingles of(String text) {
    var hashes = new long[16];
    int count = 0;
    int words = 0;
    long before = EDGE;
    for (int at = 0; at < text.length() && words < WORDS_MAX; ) {
      int code = text.codePointAt(at);
      if (!Character.isLetterOrDigit(code)) {
        at += Character.charCount(code);
        continue;
      }
      // Scripts without spaces: each sign is a word.
      boolean alone = Character.isIdeographic(code);
      long word = 0;
      do {
        word = mixed(word + Character.toLowerCase(code));
        at += Character.charCount(code);
        code = at < text.length() ? text.codePointAt(at) : ' ';
      } while (!alone && Character.isLetterOrDigit(code) && !Character.isIdeographic(code));
      if (count + 2 > hashes.length) {
        hashes = Arrays.copyOf(hashes, 2 * hashes.length);
      }
      hashes[count++] = mixed(31 * before + word);
      before = word;
      words++;
    }
    hashes[count++] = mixed(31 * before + EDGE);
    return new Shingles(distinct(hashes, count));
  }

  private static long[] distinct(long[] hashes, int count) {
    Arrays.sort(hashes, 0, count);
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || hashes[i] != hashes[i - 1]) {
        hashes[distinct++] = hashes[i];
      }
    }
    return Arrays.copyOf(hashes, distinct);
  }

  /// The finish of SplitMix64.
  private static long mixed(long bits) {
    long z = bits + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// How many pairs there are.
  public int size() {
    return hashes.length;
  }

  /// How alike two texts are, from 0 to 1.
  public double likeness(Shingles other) {
    int common = 0;
    int i = 0;
    int j = 0;
    while (i < hashes.length && j < other.hashes.length) {
      int order = Long.compare(hashes[i], other.hashes[j]);
      common += order == 0 ? 1 : 0;
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    return (double) common / (hashes.length + other.hashes.length - common);
  }

  /// The least hash by each of so many orders. Two texts agree in one of them as probably as they
  /// are alike (MinHash).
  int[] least(int orders) {
    var least = new int[orders];
    for (int order = 0; order < orders; order++) {
      int smallest = Integer.MAX_VALUE;
      for (long hash : hashes) {
        smallest = Math.min(smallest, (int) mixed(hash ^ (order * EDGE)));
      }
      least[order] = smallest;
    }
    return least;
  }
}
