package dev.remanence.bench;

import dev.remanence.image.Neighbours;
import dev.remanence.image.VectorCodes;
import dev.remanence.image.VectorQuery;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// How long does a search over a scope's vector codes take, how many of the true ten nearest does
/// it find, and what do a filter, a prior and a cold start cost?
///
/// `bench/run vectors` answers for made-up vectors, once with the Vector API and once without;
/// `bench/run vectors FILE QUERIES` for given ones: 32-bit little-endian floats, 384 a vector, of
/// length 1.
final class VectorBench {
  private static final int DIMENSION = 384;
  private static final int LIMIT = 10;
  private static final int QUERIES = 300;

  private static final double WARM_UP_SECONDS = 2;

  /// In this time the engine decides which kernel answers.
  private static final long DECIDED_WITHIN_NANOS = 35_000_000_000L;

  private final Results results;
  private final double seconds;

  VectorBench(Results results, double seconds) {
    this.results = results;
    this.seconds = seconds;
  }

  void given(Path vectors, Path queries) throws Exception {
    var asked = read(queries);
    var given = read(vectors);
    measure("given." + given.length / 1000 + "k", given, asked);
  }

  void made() throws Exception {
    for (int count : new int[] {10_000, 100_000}) {
      for (boolean topics : new boolean[] {true, false}) {
        var random = new SplittableRandom(1);
        var common = direction(random);
        var centres = new float[count / 200][];
        for (int i = 0; i < centres.length; i++) {
          centres[i] = near(random, common, 0.5f);
        }
        var made = new float[count + QUERIES][];
        for (int i = 0; i < made.length; i++) {
          made[i] =
              topics
                  ? near(random, centres[random.nextInt(centres.length)], 0.4f)
                  : direction(random);
        }
        measure(
            (topics ? "topics." : "isotropic.") + count / 1000 + "k",
            Arrays.copyOf(made, count),
            Arrays.copyOfRange(made, count, made.length));
      }
    }
  }

  private static float[][] read(Path file) throws IOException {
    try (var channel = FileChannel.open(file)) {
      var bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
      var floats = bytes.flip().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      var vectors = new float[floats.remaining() / DIMENSION][DIMENSION];
      for (var vector : vectors) {
        floats.get(vector);
      }
      return vectors;
    }
  }

  private static float[] direction(SplittableRandom random) {
    return near(random, new float[DIMENSION], 1);
  }

  private static float[] near(SplittableRandom random, float[] other, float chance) {
    var vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = other[i] + (float) (random.nextGaussian() * chance / Math.sqrt(DIMENSION));
    }
    float norm = (float) Math.sqrt(dot(vector, vector));
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] /= norm;
    }
    return vector;
  }

  static float dot(float[] one, float[] other) {
    var sums = new float[8];
    for (int i = 0; i < one.length; i += 8) {
      for (int j = 0; j < 8; j++) {
        sums[j] += one[i + j] * other[i + j];
      }
    }
    float sum = 0;
    for (float part : sums) {
      sum += part;
    }
    return sum;
  }

  private void measure(String data, float[][] vectors, float[][] queries) throws Exception {
    var name = "vectors." + data + ".";
    int count = vectors.length;
    var codes = new VectorCodes(DIMENSION);
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      codes.add(i, vectors[i]);
    }
    results.add(name + "add.us", (System.nanoTime() - start) / 1e3 / count);
    results.add(name + "bytes", (double) codes.bytes() / count);
    for (int i = 0; i < 2; i++) {
      start = System.nanoTime();
      codes.search(VectorQuery.nearest(queries[i], LIMIT), count);
      results.add(name + (i == 0 ? "first.us" : "second.us"), (System.nanoTime() - start) / 1e3);
    }
    var clock = new Clock(WARM_UP_SECONDS, seconds);
    var next = new int[1];
    VectorQuery.RowPrior prior =
        new VectorQuery.RowPrior() {
          @Override
          public float of(int row) {
            return ((row * 0x9E3779B9) >>> 24) * (0.02f / 256);
          }

          @Override
          public float most() {
            return 0.02f;
          }
        };
    var percent = IntStream.range(0, count).filter(row -> row % 100 == 7).toArray();
    results.add(name + "decided.s", decide(() -> codes.search(ask(queries, next), count).size()));
    times(name, "plain", clock, () -> codes.search(ask(queries, next), count));
    results.add(name + (VectorCodes.kernel().equals("scalar") ? "scalar" : "vector"), 1);
    times(
        name,
        "filter-half",
        clock,
        () -> codes.search(ask(queries, next).filter(row -> (row & 1) == 0), count));
    times(name, "prior", clock, () -> codes.search(ask(queries, next).prior(prior), count));
    times(name, "list-1%", clock, () -> codes.search(ask(queries, next), count, percent));
    times(name, "similar", clock, () -> codes.similar(ask(queries, next), count, 0.92f));
    recall(name, codes, vectors, queries);
  }

  /// Searches until the engine has decided which kernel answers; answers the seconds it took.
  static double decide(Clock.Call search) throws Exception {
    long start = System.nanoTime();
    while (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        && VectorCodes.kernel().equals("scalar")
        && System.nanoTime() - start < DECIDED_WITHIN_NANOS) {
      search.run();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static VectorQuery ask(float[][] queries, int[] next) {
    next[0] = (next[0] + 1) % queries.length;
    return VectorQuery.nearest(queries[next[0]], LIMIT);
  }

  /// A search that can be timed.
  @FunctionalInterface
  private interface Search {
    Neighbours run();
  }

  private void times(String name, String what, Clock clock, Search search) throws Exception {
    results.addTimes(name + what + ".us", clock.times(() -> search.run().size()));
  }

  private void recall(String name, VectorCodes codes, float[][] vectors, float[][] queries) {
    int asked = Math.min(queries.length, QUERIES);
    var depths = new int[] {100, 200, 400};
    var found = new int[depths.length];
    int byRows = 0;
    for (int q = 0; q < asked; q++) {
      var query = queries[q * (queries.length / asked)];
      var cosines = new double[vectors.length];
      for (int i = 0; i < vectors.length; i++) {
        cosines[i] = dot(query, vectors[i]);
      }
      var sorted = cosines.clone();
      Arrays.sort(sorted);
      double tenth = sorted[sorted.length - LIMIT];
      var nearest = VectorQuery.nearest(query, LIMIT);
      byRows += above(codes.search(nearest, vectors.length), cosines, tenth);
      for (int d = 0; d < depths.length; d++) {
        var deep =
            nearest
                .depth(new VectorQuery.Depth(depths[d], nearest.depth().finalists()))
                .exact(ordinal -> vectors[ordinal]);
        found[d] += above(codes.search(deep, vectors.length), cosines, tenth);
      }
    }
    results.add(name + "recall10.by-rows", (double) byRows / (asked * LIMIT));
    for (int d = 0; d < depths.length; d++) {
      results.add(name + "recall10.R" + depths[d], (double) found[d] / (asked * LIMIT));
    }
  }

  private static int above(Neighbours found, double[] cosines, double tenth) {
    return (int) Arrays.stream(found.ordinals()).filter(o -> cosines[o] >= tenth).count();
  }
}
