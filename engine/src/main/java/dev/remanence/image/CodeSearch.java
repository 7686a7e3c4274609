package dev.remanence.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One search over [VectorCodes]: first all vectors by their signs, then the best of those by their
/// int8 rows, then the best of those by the vectors themselves.
///
/// The scan hands over only vectors whose estimate, raised by the largest prior, beats the worst
/// candidate; of those the prior is asked, and then the filter. So both cost little, and the answer
/// is the best by cosine plus prior among the rows that pass, not a selection from the best by
/// cosine.
final class CodeSearch {
  /// A batch is scanned against one threshold.
  private static final int BATCH_BLOCKS = 64;

  /// Standard errors by which [#above] raises estimates: it overlooks one in ten thousand of those
  /// at the threshold, and fewer beyond it.
  private static final float OPTIMISM = 4;

  /// By how much the cosine of an int8 row may differ from the vector's.
  private static final float ROW_ERROR = 0.01f;

  private final VectorCodes codes;
  private final Kernel kernel;
  private final VectorQuery query;
  private final int count;
  private final IntQuery numbers;

  /// Whether the signs alone decide: every row passes and none has a prior.
  private final boolean takesAll;

  private final boolean hasPrior;

  private final int[] lanes = new int[BATCH_BLOCKS * CodeLayout.LANES];
  private final float[] estimates = new float[BATCH_BLOCKS * CodeLayout.LANES];

  private @Nullable Mean mean;
  private @Nullable SignQuery signQuery;

  @SuppressWarnings("ReferenceEquality") // The one that says so.
  CodeSearch(VectorCodes codes, Kernel kernel, VectorQuery query, int count) {
    if (query.vector().length != codes.dimension()) {
      throw new IllegalArgumentException(
          "query: length=" + query.vector().length + ", dimension=" + codes.dimension());
    }
    this.codes = codes;
    this.kernel = kernel;
    this.query = query;
    this.count = count;
    numbers = IntQuery.of(query.vector(), codes.layout().padded());
    hasPrior = query.prior() != VectorQuery.RowPrior.NONE;
    takesAll = query.filter() == VectorQuery.RowFilter.ALL && !hasPrior;
  }

  Neighbours nearest() {
    var candidates = new Best(query.depth().candidates(), count);
    for (var chunk : codes.chunks()) {
      int end = Math.min(chunk.capacity(), count - chunk.first());
      if (end <= 0) {
        break;
      }
      var signs = chunk.signs();
      if (signs == null) {
        scanRows(chunk, end, candidates);
      } else {
        scanSigns(chunk, signs, end, candidates);
      }
    }
    return byRows(candidates.ascending());
  }

  private void scanRows(CodeChunk chunk, int end, Best candidates) {
    for (int from = 0; from < end; from += lanes.length) {
      int size = measure(chunk, from, end);
      for (int i = 0; i < size; i++) {
        int row = chunk.number(lanes[i]);
        if (row >= 0) {
          consider(chunk, lanes[i], row, estimates[i], candidates);
        }
      }
    }
  }

  /// Takes a batch of rows from an index on and measures them; answers how many.
  private int measure(CodeChunk chunk, int from, int end) {
    int size = Math.min(lanes.length, end - from);
    for (int i = 0; i < size; i++) {
      lanes[i] = from + i;
    }
    chunk.cosines(kernel, lanes, size, numbers, estimates);
    return size;
  }

  private void scanSigns(CodeChunk chunk, CodeChunk.Signs signs, int end, Best candidates) {
    var coded = coded(signs.mean(), 0);
    int blocks = (end + CodeLayout.LANES - 1) / CodeLayout.LANES;
    for (int from = 0; from < blocks; from += BATCH_BLOCKS) {
      int to = Math.min(blocks, from + BATCH_BLOCKS);
      float threshold = candidates.threshold() - query.prior().most() - coded.constant();
      int found = kernel.scan(signs.blocks(), from, to, coded, threshold, lanes, estimates);
      for (int i = 0; i < found && lanes[i] < end; i++) {
        if (takesAll) {
          candidates.offer(estimates[i] + coded.constant(), chunk.first() + lanes[i]);
          continue;
        }
        int row = chunk.number(lanes[i]);
        if (row >= 0) {
          consider(chunk, lanes[i], row, estimates[i] + coded.constant(), candidates);
        }
      }
    }
  }

  private void consider(CodeChunk chunk, int index, int row, float cosine, Best candidates) {
    float threshold = candidates.threshold();
    if (cosine + query.prior().most() > threshold) {
      float score = cosine + query.prior().of(row);
      if (score > threshold && query.filter().passes(row)) {
        candidates.offer(score, chunk.first() + index);
      }
    }
  }

  private SignQuery coded(Mean of, float optimism) {
    var known = signQuery;
    if (known == null || mean != of) {
      known = of.query(query.vector(), optimism);
      signQuery = known;
      mean = of;
    }
    return known;
  }

  /// The best of a list of ordinals by their int8 rows and then by themselves.
  Neighbours nearestOf(int[] ordinals) {
    var passing = new int[ordinals.length];
    int size = 0;
    for (int ordinal : ordinals) {
      assert ordinal < count : ordinal;
      assert size == 0 || ordinal > passing[size - 1] : ordinal;
      var chunk = codes.chunk(ordinal);
      int row = chunk.number(ordinal - chunk.first());
      if (row >= 0 && query.filter().passes(row)) {
        passing[size++] = ordinal;
      }
    }
    return byRows(Arrays.copyOf(passing, size));
  }

  @SuppressWarnings("ReferenceEquality") // The one that says so.
  private Neighbours byRows(int[] ordinals) {
    var cosines = cosines(ordinals);
    var finalists = best(ordinals, cosines, query.depth().finalists());
    if (query.exact() != VectorQuery.Exact.NONE) {
      Arrays.sort(finalists);
      var exactOrdinals = new int[finalists.length];
      var exactCosines = new float[finalists.length];
      for (int i = 0; i < finalists.length; i++) {
        exactOrdinals[i] = ordinals[finalists[i]];
        exactCosines[i] = exact(exactOrdinals[i], cosines[finalists[i]]);
      }
      return answer(exactOrdinals, exactCosines, best(exactOrdinals, exactCosines, query.limit()));
    }
    return answer(
        ordinals, cosines, Arrays.copyOf(finalists, Math.min(finalists.length, query.limit())));
  }

  /// The cosines of ascending ordinals by their int8 rows, those of a chunk together.
  private float[] cosines(int[] ordinals) {
    var cosines = new float[ordinals.length];
    int done = 0;
    while (done < ordinals.length) {
      var chunk = codes.chunk(ordinals[done]);
      int size = 0;
      while (size < lanes.length
          && done + size < ordinals.length
          && ordinals[done + size] - chunk.first() < chunk.capacity()) {
        lanes[size] = ordinals[done + size] - chunk.first();
        size++;
      }
      chunk.cosines(kernel, lanes, size, numbers, estimates);
      System.arraycopy(estimates, 0, cosines, done, size);
      done += size;
    }
    return cosines;
  }

  private float exact(int ordinal, float otherwise) {
    var vector = query.exact().vector(ordinal);
    if (vector == null) {
      return otherwise;
    }
    float cosine = 0;
    for (int i = 0; i < vector.length; i++) {
      cosine += vector[i] * query.vector()[i];
    }
    return cosine;
  }

  /// The places of the best in ascending ordinals, best first.
  private int[] best(int[] ordinals, float[] cosines, int limit) {
    var best = new Best(limit, ordinals.length);
    for (int i = 0; i < ordinals.length; i++) {
      best.offer(cosines[i] + (hasPrior ? query.prior().of(codes.row(ordinals[i])) : 0), i);
    }
    return best.ranked();
  }

  private Neighbours answer(int[] ordinals, float[] cosines, int[] places) {
    var answer =
        new Neighbours(
            new int[places.length],
            new int[places.length],
            new float[places.length],
            new float[places.length]);
    for (int i = 0; i < places.length; i++) {
      int ordinal = ordinals[places[i]];
      int row = codes.row(ordinal);
      answer.ordinals()[i] = ordinal;
      answer.rows()[i] = row;
      answer.cosines()[i] = cosines[places[i]];
      answer.scores()[i] = cosines[places[i]] + query.prior().of(row);
    }
    return answer;
  }

  /// All whose cosine is at least the threshold, the best of them if they are more than the limit.
  Neighbours above(float threshold) {
    var found = new Best(query.limit(), count);
    for (var chunk : codes.chunks()) {
      int end = Math.min(chunk.capacity(), count - chunk.first());
      if (end <= 0) {
        break;
      }
      var signs = chunk.signs();
      if (signs == null) {
        for (int from = 0; from < end; from += lanes.length) {
          admit(chunk, measure(chunk, from, end), threshold, found);
        }
      } else {
        scanAbove(chunk, signs, end, threshold, found);
      }
    }
    var ordinals = found.ascending();
    var cosines = cosines(ordinals);
    for (int i = 0; i < ordinals.length; i++) {
      cosines[i] = exact(ordinals[i], cosines[i]);
    }
    var ranked = new Best(query.limit(), ordinals.length);
    for (int i = 0; i < ordinals.length; i++) {
      if (cosines[i] >= threshold) {
        ranked.offer(cosines[i], i);
      }
    }
    return answer(ordinals, cosines, ranked.ranked());
  }

  private void scanAbove(
      CodeChunk chunk, CodeChunk.Signs signs, int end, float threshold, Best found) {
    var coded = coded(signs.mean(), OPTIMISM);
    int blocks = (end + CodeLayout.LANES - 1) / CodeLayout.LANES;
    for (int from = 0; from < blocks; from += BATCH_BLOCKS) {
      int to = Math.min(blocks, from + BATCH_BLOCKS);
      float least = Math.max(threshold - ROW_ERROR, found.threshold()) - coded.constant();
      int passing = kernel.scan(signs.blocks(), from, to, coded, least, lanes, estimates);
      while (passing > 0 && lanes[passing - 1] >= end) {
        passing--;
      }
      chunk.cosines(kernel, lanes, passing, numbers, estimates);
      admit(chunk, passing, threshold, found);
    }
  }

  /// Offers those of a measured batch that reach the threshold, or may, and pass the filter.
  private void admit(CodeChunk chunk, int size, float threshold, Best found) {
    for (int i = 0; i < size; i++) {
      int row = chunk.number(lanes[i]);
      if (row >= 0
          && estimates[i] >= threshold - ROW_ERROR
          && estimates[i] > found.threshold()
          && query.filter().passes(row)) {
        found.offer(estimates[i], chunk.first() + lanes[i]);
      }
    }
  }
}
