package dev.remanence.image;

import java.util.Arrays;

/// The best of what was offered, up to a limit: highest score first, and of equal scores the lower
/// ordinal. Ordinals are offered in ascending order.
///
/// What beats the threshold is only appended; when twice the limit has gathered, one half is
/// selected and the threshold rises. A heap would order what nobody asks to be ordered.
final class Best {
  private final int limit;

  /// Score and ordinal in one number, so that a larger key is better and no two are equal.
  private final long[] keys;

  private int size;
  private float threshold = Float.NEGATIVE_INFINITY;

  /// @param limit how many are kept
  /// @param offers an upper bound of what will be offered
  Best(int limit, int offers) {
    this.limit = limit;
    keys = new long[Math.max(1, (int) Math.min(2L * limit, offers))];
  }

  /// What a score has to exceed to be kept. It may lag behind the worst of the best.
  float threshold() {
    return threshold;
  }

  void offer(float score, int ordinal) {
    if (score > threshold) {
      if (size == keys.length) {
        select();
        if (score <= threshold) {
          return;
        }
      }
      keys[size++] = key(score, ordinal);
    }
  }

  private static long key(float score, int ordinal) {
    int bits = Float.floatToIntBits(score);
    return (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 32 | (~ordinal & 0xffffffffL);
  }

  private static int ordinal(long key) {
    return ~(int) key;
  }

  private static float score(long key) {
    int bits = (int) (key >> 32);
    return Float.intBitsToFloat(bits ^ (bits >> 31 & Integer.MAX_VALUE));
  }

  /// Moves the best to the front, in no order, and drops the rest.
  private void select() {
    if (size <= limit) {
      return;
    }
    int from = 0;
    int to = size - 1;
    while (from < to) {
      long pivot = middle(keys[from], keys[(from + to) >>> 1], keys[to]);
      int left = from;
      int right = to;
      while (left <= right) {
        while (keys[left] > pivot) {
          left++;
        }
        while (keys[right] < pivot) {
          right--;
        }
        if (left <= right) {
          long key = keys[left];
          keys[left++] = keys[right];
          keys[right--] = key;
        }
      }
      if (limit - 1 <= right) {
        to = right;
      } else if (limit - 1 >= left) {
        from = left;
      } else {
        break;
      }
    }
    size = limit;
    threshold = score(keys[limit - 1]);
  }

  private static long middle(long a, long b, long c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  /// The ordinals of the best, ascending.
  int[] ascending() {
    var ordinals = ranked();
    Arrays.sort(ordinals);
    return ordinals;
  }

  /// The ordinals of the best, best first.
  int[] ranked() {
    select();
    Arrays.sort(keys, 0, size);
    var ordinals = new int[size];
    for (int i = 0; i < size; i++) {
      ordinals[i] = ordinal(keys[size - 1 - i]);
    }
    return ordinals;
  }
}
