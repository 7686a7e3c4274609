package dev.remanence.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// The kernel that needs nothing: words and population counts.
final class ScalarKernel implements Kernel {
  @Override
  public int scan(
      MemorySegment signs,
      int from,
      int to,
      SignQuery query,
      float threshold,
      int[] lanes,
      float[] estimates) {
    int words = query.words();
    int blockBytes = CodeLayout.blockBytes(words);
    var planes = query.planes();
    var codes = new long[blockBytes / Long.BYTES];
    var distances = new int[CodeLayout.LANES];
    int found = 0;
    for (int block = from; block < to; block++) {
      CodeLayout.getLongs(signs, (long) block * blockBytes, codes);
      Arrays.fill(distances, 0);
      for (int word = 0; word < words; word++) {
        int plane = word * SignQuery.WORD_STRIDE;
        long ones = planes[plane];
        long twos = planes[plane + SignQuery.PLANE_STRIDE];
        long fours = planes[plane + 2 * SignQuery.PLANE_STRIDE];
        long eights = planes[plane + 3 * SignQuery.PLANE_STRIDE];
        int at = word * CodeLayout.LANES;
        for (int lane = 0; lane < CodeLayout.LANES; lane++) {
          long bits = codes[at + lane];
          distances[lane] +=
              Long.bitCount(bits ^ ones)
                  + (Long.bitCount(bits ^ twos) << 1)
                  + (Long.bitCount(bits ^ fours) << 2)
                  + (Long.bitCount(bits ^ eights) << 3);
        }
      }
      for (int lane = 0; lane < CodeLayout.LANES; lane++) {
        float factor = half(codes, words * CodeLayout.LANES, lane);
        float additive = half(codes, words * CodeLayout.LANES + CodeLayout.LANES / 2, lane);
        float estimate = factor * (query.level() - query.step() * distances[lane]) + additive;
        if (estimate > threshold) {
          lanes[found] = block * CodeLayout.LANES + lane;
          estimates[found] = estimate;
          found++;
        }
      }
    }
    return found;
  }

  /// The float of a lane where two lie in a word, the earlier in its lower half.
  private static float half(long[] codes, int at, int lane) {
    return Float.intBitsToFloat((int) (codes[at + lane / 2] >>> ((lane % 2) * Integer.SIZE)));
  }

  @Override
  public void dots(MemorySegment rows, int[] indexes, int count, int[] query, int[] sums) {
    var row = new byte[query.length];
    for (int index = 0; index < count; index++) {
      long offset = (long) indexes[index] * row.length;
      MemorySegment.copy(rows, ValueLayout.JAVA_BYTE, offset, row, 0, row.length);
      int sum = 0;
      for (int i = 0; i < row.length; i++) {
        sum += row[i] * query[i];
      }
      sums[index] = sum;
    }
  }
}
