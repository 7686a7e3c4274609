package dev.remanence.image;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The kernel for the Vector API, for vectors of 128, 256 or 512 bits. Loaded only where the module
/// `jdk.incubator.vector` is present.
///
/// The loop over words stays a loop and the query is read from memory: written out with a register
/// for each of its words, the method outgrows what the compiler inlines, and every operation then
/// allocates its result. For the same reason both methods do enough at a time to be longer than
/// what the compiler inlines into a caller (325 bytes of code): each is compiled by itself.
final class VectorKernel implements Kernel {
  static final int BITS =
      Math.min(LongVector.SPECIES_PREFERRED.vectorBitSize(), CodeLayout.LANES * Long.SIZE);
  private static final VectorSpecies<Long> LONGS =
      VectorSpecies.of(long.class, VectorShape.forBitSize(BITS));
  private static final VectorSpecies<Integer> HALVES =
      VectorSpecies.of(int.class, VectorShape.forBitSize(BITS / 2));
  private static final VectorSpecies<Float> FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(BITS / 2));
  private static final int LANES = LONGS.length();

  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(BITS));
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(BITS / 4, Long.SIZE)));

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
    var level = FloatVector.broadcast(FLOATS, query.level());
    var step = FloatVector.broadcast(FLOATS, query.step());
    var passing = new float[CodeLayout.LANES];
    int found = 0;
    for (int block = from; block < to; block++) {
      long at = (long) block * blockBytes;
      for (int lane = 0; lane < CodeLayout.LANES; lane += LANES) {
        var ones = LongVector.zero(LONGS);
        var twos = LongVector.zero(LONGS);
        var fours = LongVector.zero(LONGS);
        var eights = LongVector.zero(LONGS);
        for (int word = 0; word < words; word++) {
          var bits = longs(signs, at + CodeLayout.wordOffset(word, lane));
          int plane = word * SignQuery.WORD_STRIDE;
          ones = ones.add(differing(bits, planes, plane));
          twos = twos.add(differing(bits, planes, plane + SignQuery.PLANE_STRIDE));
          fours = fours.add(differing(bits, planes, plane + 2 * SignQuery.PLANE_STRIDE));
          eights = eights.add(differing(bits, planes, plane + 3 * SignQuery.PLANE_STRIDE));
        }
        var distance =
            ones.add(twos.lanewise(VectorOperators.LSHL, 1))
                .add(fours.lanewise(VectorOperators.LSHL, 2))
                .add(eights.lanewise(VectorOperators.LSHL, 3));
        var distances =
            (FloatVector)
                distance
                    .convertShape(VectorOperators.L2I, HALVES, 0)
                    .convertShape(VectorOperators.I2F, FLOATS, 0);
        var factor = floats(signs, at + CodeLayout.factorOffset(words, lane));
        var additive = floats(signs, at + CodeLayout.additiveOffset(words, lane));
        var estimate = factor.mul(level.sub(step.mul(distances))).add(additive);
        long passes = estimate.compare(VectorOperators.GT, threshold).toLong();
        if (passes != 0) {
          estimate.intoArray(passing, 0);
          for (; passes != 0; passes &= passes - 1) {
            int index = Long.numberOfTrailingZeros(passes);
            lanes[found] = block * CodeLayout.LANES + lane + index;
            estimates[found] = passing[index];
            found++;
          }
        }
      }
    }
    return found;
  }

  private static LongVector longs(MemorySegment segment, long offset) {
    return LongVector.fromMemorySegment(LONGS, segment, offset, ByteOrder.LITTLE_ENDIAN);
  }

  private static FloatVector floats(MemorySegment segment, long offset) {
    return FloatVector.fromMemorySegment(FLOATS, segment, offset, ByteOrder.LITTLE_ENDIAN);
  }

  private static LongVector differing(LongVector bits, long[] planes, int plane) {
    return bits.lanewise(VectorOperators.XOR, LongVector.fromArray(LONGS, planes, plane))
        .lanewise(VectorOperators.BIT_COUNT);
  }

  @Override
  public void dots(MemorySegment rows, int[] indexes, int count, int[] query, int[] sums) {
    int last = count - 1;
    for (int index = 0; index < count; index += 4) {
      int second = Math.min(index + 1, last);
      int third = Math.min(index + 2, last);
      int fourth = Math.min(index + 3, last);
      long firstOffset = (long) indexes[index] * query.length;
      long secondOffset = (long) indexes[second] * query.length;
      long thirdOffset = (long) indexes[third] * query.length;
      long fourthOffset = (long) indexes[fourth] * query.length;
      var firstSum = IntVector.zero(INTS);
      var secondSum = IntVector.zero(INTS);
      var thirdSum = IntVector.zero(INTS);
      var fourthSum = IntVector.zero(INTS);
      for (int i = 0; i < query.length; i += INTS.length()) {
        var numbers = IntVector.fromArray(INTS, query, i);
        firstSum =
            firstSum.add(
                numbers.mul(
                    bytes(rows, firstOffset + i).convertShape(VectorOperators.B2I, INTS, 0)));
        secondSum =
            secondSum.add(
                numbers.mul(
                    bytes(rows, secondOffset + i).convertShape(VectorOperators.B2I, INTS, 0)));
        thirdSum =
            thirdSum.add(
                numbers.mul(
                    bytes(rows, thirdOffset + i).convertShape(VectorOperators.B2I, INTS, 0)));
        fourthSum =
            fourthSum.add(
                numbers.mul(
                    bytes(rows, fourthOffset + i).convertShape(VectorOperators.B2I, INTS, 0)));
      }
      sums[index] = firstSum.reduceLanes(VectorOperators.ADD);
      sums[second] = secondSum.reduceLanes(VectorOperators.ADD);
      sums[third] = thirdSum.reduceLanes(VectorOperators.ADD);
      sums[fourth] = fourthSum.reduceLanes(VectorOperators.ADD);
    }
  }

  /// With vectors of 128 bits eight bytes are read where four are meant: the last four of a chunk's
  /// last row then lie in the column behind it.
  private static ByteVector bytes(MemorySegment rows, long offset) {
    return ByteVector.fromMemorySegment(BYTES, rows, offset, ByteOrder.LITTLE_ENDIAN);
  }
}
