package dev.remanence.image;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The vectors of one model in one scope, as codes that are searched by scanning: int8 rows, and
/// from [#CODED_FROM] vectors on signs of one bit a number. There is nothing to build, and what was
/// added is found at once.
///
/// A vector's ordinal is its place in the order of adding. It keeps its place and its code for
/// good; a vector that shall not be found any more is marked dead.
///
/// ```
/// ordinals     0    64   128   256   512   1024   2048   4096   8192   16384   32768
/// chunks       │  0 │  1 │  2  │  3  │  4  │  5   │  6   │  7   │  8   │   9   │  10 …
/// mean of      │          the first 1024                 │ first 4096  │ first 16384 …
/// ```
///
/// Chunks double up to [#CHUNK_MAX], so that a small scope takes little room. A chunk's [Mean] is
/// fixed when it opens: the latest one, or one that is taken of all vectors so far when they have
/// become four times as many. The first mean also serves the chunks before it, whose vectors then
/// get their signs. So the mean follows the scope, no code is made twice, and a search makes as
/// many forms of its query as there are means.
///
/// **Threads.** One writer at a time (`add`, `kill`), many readers. The writer stores a vector's
/// code and then publishes the count (release); a reader takes the count once (acquire) and sees
/// the vectors below it, whole, however many are added meanwhile. `kill` is seen by every reader
/// soon, also by one that took its count before.
public final class VectorCodes {
  /// With fewer vectors, int8 rows alone are scanned.
  static final int CODED_FROM = 1024;

  static final int CHUNK_MIN = 64;
  static final int CHUNK_MAX = 1 << 14;
  private static final int MEAN_GROWTH = 4;

  private static final int CHUNK_MAX_BITS = Integer.numberOfTrailingZeros(CHUNK_MAX);
  private static final int CHUNK_MIN_BITS = Integer.numberOfTrailingZeros(CHUNK_MIN);
  private static final int GROWING_CHUNKS = CHUNK_MAX_BITS - CHUNK_MIN_BITS;

  private static final VarHandle COUNT;

  static {
    try {
      COUNT = MethodHandles.lookup().findVarHandle(VectorCodes.class, "count", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final CodeLayout layout;

  /// Of what the codes stand for, in the order of adding: the same whether vectors were added or
  /// read from a snapshot.
  private final double[] sum;

  /// Grows by replacement; published with the count.
  private CodeChunk[] chunks = {};

  private @Nullable Mean mean;

  @SuppressWarnings("unused") // By its handle: release and acquire.
  private int count;

  /// Without vectors.
  ///
  /// @param dimension 1 to 4096
  public VectorCodes(int dimension) {
    layout = new CodeLayout(dimension);
    sum = new double[dimension];
  }

  public int dimension() {
    return layout.dimension();
  }

  /// How many vectors there are, dead ones included. What a reader pins.
  public int count() {
    return (int) COUNT.getAcquire(this);
  }

  /// Adds a vector of length 1 and publishes it. For the one writer.
  ///
  /// @param row its row in the scope's columns, not negative
  /// @return its ordinal
  public int add(int row, float[] vector) {
    if (vector.length != layout.dimension() || row < 0) {
      throw new IllegalArgumentException("vector: length=" + vector.length + ", row=" + row);
    }
    int ordinal = (int) COUNT.get(this);
    var chunk = chunkToFill(ordinal);
    chunk.set(ordinal - chunk.first(), row, vector);
    publish(chunk, ordinal);
    return ordinal;
  }

  /// Adds a vector as other codes of the same dimension have it. For the one writer.
  ///
  /// @return its ordinal here
  int copy(VectorCodes from, int other) {
    int ordinal = (int) COUNT.get(this);
    var chunk = chunkToFill(ordinal);
    var source = from.chunk(other);
    chunk.copy(ordinal - chunk.first(), source, other - source.first());
    publish(chunk, ordinal);
    return ordinal;
  }

  private CodeChunk chunkToFill(int ordinal) {
    int number = chunkOf(ordinal);
    if (number == chunks.length) {
      open(number);
    }
    return chunks[number];
  }

  private void publish(CodeChunk chunk, int ordinal) {
    chunk.addTo(sum, ordinal - chunk.first());
    COUNT.setRelease(this, ordinal + 1);
  }

  /// The means of the chunks up to a count; none if a chunk has no signs yet.
  List<Mean> means(int count) {
    var means = new ArrayList<Mean>();
    for (int number = 0; number < chunksOf(count); number++) {
      var signs = chunks[number].signs();
      if (signs == null) {
        return List.of();
      }
      means.add(signs.mean());
    }
    return means;
  }

  /// Writes what is beside the codes of the vectors below a count.
  ///
  /// @param means what [#means] answered
  void writeMeans(SnapshotOut out, int count, List<Mean> means) throws IOException {
    var total = new double[dimension()];
    for (int ordinal = 0; ordinal < count; ordinal++) {
      var chunk = chunk(ordinal);
      chunk.addTo(total, ordinal - chunk.first());
    }
    out.putDoubles(total, total.length);
    var distinct = means.stream().distinct().toList();
    out.putInt(distinct.size());
    for (var each : distinct) {
      out.putInt(each.of());
      out.putFloats(each.values());
    }
    for (var each : means) {
      out.putInt(distinct.indexOf(each));
    }
  }

  void writeCodes(SnapshotOut out, int count, List<Mean> means) throws IOException {
    for (int number = 0; number < chunksOf(count); number++) {
      var chunk = chunks[number];
      chunk.write(out, Math.min(chunk.capacity(), count - chunk.first()), !means.isEmpty());
    }
  }

  static VectorCodes read(
      int dimension, int count, SnapshotIn.Section beside, SnapshotIn.Section codes) {
    var read = new VectorCodes(dimension);
    beside.getDoubles(read.sum, dimension);
    var distinct = new Mean[beside.getInt()];
    for (int i = 0; i < distinct.length; i++) {
      int of = beside.getInt();
      var values = new float[dimension];
      beside.getFloats(values);
      distinct[i] = new Mean(values, of);
    }
    read.chunks = new CodeChunk[chunksOf(count)];
    for (int number = 0; number < read.chunks.length; number++) {
      int first = firstOf(number);
      int capacity = Math.clamp(first, CHUNK_MIN, CHUNK_MAX);
      read.mean = distinct.length == 0 ? null : distinct[beside.getInt()];
      read.chunks[number] =
          CodeChunk.read(
              codes, read.layout, first, capacity, Math.min(capacity, count - first), read.mean);
    }
    COUNT.setRelease(read, count);
    return read;
  }

  private static int chunksOf(int count) {
    return count == 0 ? 0 : chunkOf(count - 1) + 1;
  }

  private void open(int number) {
    int first = firstOf(number);
    if (first >= CODED_FROM && (mean == null || first / MEAN_GROWTH >= mean.of())) {
      takeMean(first);
    }
    var chunk = new CodeChunk(layout, first, Math.clamp(first, CHUNK_MIN, CHUNK_MAX));
    if (mean != null) {
      chunk.center(mean, 0);
    }
    var grown = Arrays.copyOf(chunks, number + 1);
    grown[number] = chunk;
    chunks = grown;
  }

  private void takeMean(int of) {
    boolean isFirst = mean == null;
    var values = new float[sum.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (sum[i] / of);
    }
    var taken = new Mean(values, of);
    if (isFirst) {
      for (var chunk : chunks) {
        chunk.center(taken, chunk.capacity());
      }
    }
    mean = taken;
  }

  /// Marks a vector dead: no search finds it any more. For the one writer.
  public void kill(int ordinal) {
    var chunk = chunk(ordinal);
    chunk.kill(ordinal - chunk.first());
  }

  public boolean isDead(int ordinal) {
    var chunk = chunk(ordinal);
    return chunk.isDead(ordinal - chunk.first());
  }

  /// The row that a vector was added for.
  public int row(int ordinal) {
    var chunk = chunk(ordinal);
    int number = chunk.number(ordinal - chunk.first());
    return number < 0 ? ~number : number;
  }

  /// The best of the vectors below a count by cosine plus prior.
  ///
  /// @param count what [#count] answered
  public Neighbours search(VectorQuery query, int count) {
    return new CodeSearch(this, Kernels.current(), query, count).nearest();
  }

  /// The same among some vectors only: cheaper than a search with a filter that few rows pass.
  ///
  /// @param ordinals ascending, below the count
  public Neighbours search(VectorQuery query, int count, int[] ordinals) {
    return new CodeSearch(this, Kernels.current(), query, count).nearestOf(ordinals);
  }

  /// The vectors whose cosine is at least a threshold, the best `query.limit` of them. Priors and
  /// depth do not matter.
  public Neighbours similar(VectorQuery query, int count, float threshold) {
    return new CodeSearch(this, Kernels.current(), query, count).above(threshold);
  }

  /// The cosine of any vector, dead or alive, from its int8 row. For many vectors of one query use
  /// [#cosines].
  public float cosine(int ordinal, float[] query) {
    return cosines(query).of(ordinal);
  }

  /// The cosines to one query.
  public Cosines cosines(float[] query) {
    var numbers = IntQuery.of(query, layout.padded());
    var kernel = Kernels.current();
    var index = new int[1];
    var cosine = new float[1];
    return ordinal -> {
      var chunk = chunk(ordinal);
      index[0] = ordinal - chunk.first();
      chunk.cosines(kernel, index, 1, numbers, cosine);
      return cosine[0];
    };
  }

  /// Answers the cosine of an ordinal. For one thread.
  @FunctionalInterface
  public interface Cosines {
    float of(int ordinal);
  }

  /// What the codes take.
  public long bytes() {
    long bytes = (long) sum.length * Double.BYTES;
    for (var chunk : chunks) {
      bytes += chunk.bytes();
    }
    return bytes;
  }

  /// Which arithmetic answers now: `scalar`, or `vector` with its width in bits.
  public static String kernel() {
    return Kernels.name();
  }

  CodeLayout layout() {
    return layout;
  }

  CodeChunk chunk(int ordinal) {
    return chunks[chunkOf(ordinal)];
  }

  /// The chunks as they were when the count was taken, or later.
  CodeChunk[] chunks() {
    return chunks;
  }

  static int chunkOf(int ordinal) {
    return ordinal < CHUNK_MAX
        ? Integer.SIZE - Integer.numberOfLeadingZeros(ordinal >>> CHUNK_MIN_BITS)
        : GROWING_CHUNKS + (ordinal >>> CHUNK_MAX_BITS);
  }

  private static int firstOf(int number) {
    return number == 0
        ? 0
        : number <= GROWING_CHUNKS
            ? CHUNK_MIN << (number - 1)
            : (number - GROWING_CHUNKS) << CHUNK_MAX_BITS;
  }
}
