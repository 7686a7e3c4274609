package dev.remanence.image;

import java.lang.foreign.MemorySegment;

/// The two loops in which a search spends its time. What a kernel answers is decided by integer
/// arithmetic and by float operations in one fixed order, so all kernels rank alike, bit for bit.
///
/// Kernels hold no state and are used by any thread.
sealed interface Kernel permits ScalarKernel, VectorKernel {
  /// Estimates the vectors of the blocks `from` to `to` (exclusive) and writes down those above the
  /// threshold, in ascending order.
  ///
  /// @param lanes takes the number of the vector, counted from block 0; room for all
  /// @param estimates takes its estimate, without the query's constant
  /// @return how many were written down
  int scan(
      MemorySegment signs,
      int from,
      int to,
      SignQuery query,
      float threshold,
      int[] lanes,
      float[] estimates);

  /// Multiplies some int8 rows with a query of the padded dimension.
  ///
  /// @param indexes of the rows
  /// @param sums takes the dot products
  void dots(MemorySegment rows, int[] indexes, int count, int[] query, int[] sums);
}
