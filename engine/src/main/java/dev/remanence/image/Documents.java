package dev.remanence.image;

import java.util.Arrays;

/// A set of documents of one scope, as bits: those which a question may find.
public final class Documents {
  private final long[] bits;

  /// An empty set with room for the documents below a number.
  public Documents(int count) {
    bits = new long[(count + 63) >>> 6];
  }

  public void add(int document) {
    bits[document >>> 6] |= 1L << document;
  }

  /// Every document below a number.
  public static Documents below(int count) {
    var all = new Documents(count);
    Arrays.fill(all.bits, -1);
    if ((count & 63) != 0) {
      all.bits[all.bits.length - 1] = (1L << count) - 1;
    }
    return all;
  }

  public boolean contains(int document) {
    return document >>> 6 < bits.length && (bits[document >>> 6] & 1L << document) != 0;
  }

  long[] bits() {
    return bits;
  }
}
