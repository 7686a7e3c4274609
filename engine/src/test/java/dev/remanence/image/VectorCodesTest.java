package dev.remanence.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.remanence.image.VectorQuery.Depth;
import dev.remanence.image.VectorQuery.RowFilter;
import dev.remanence.image.VectorQuery.RowPrior;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Searches compared with brute force over the vectors themselves:
/// - looked at deeply enough, every search is exact: nearest, with filter, with prior, with dead
///   ones, in a list of ordinals, above a threshold;
/// - at the default depth it finds nearly all;
/// - a reader finds what was published last, whole, and nothing beyond its count;
/// - both kernels answer the same, bit for bit.
///
/// A failure prints its seed: `-Dremanence.seed=...` replays it.
final class VectorCodesTest {
  private static final int[] DIMENSIONS = {1, 2, 3, 8, 64, 65, 100, 384};
  private static final int[] COUNTS = {0, 1, 7, 64, 65, 1023, 1024, 1025, 2501};

  private final long seed = Long.getLong("remanence.seed", new SplittableRandom().nextLong());
  private final String replay = "-Dremanence.seed=" + seed;
  private final SplittableRandom random = new SplittableRandom(seed);

  /// Codes of made-up vectors, whose rows are three times their ordinals.
  private static final class Made {
    final float[][] vectors;
    final VectorCodes codes;

    Made(Directions directions, int dimension, int count) {
      vectors = directions.next(count);
      codes = new VectorCodes(dimension);
      for (int i = 0; i < count; i++) {
        assertThat(codes.add(3 * i, vectors[i])).isEqualTo(i);
      }
    }

    VectorQuery deep(float[] query, int limit) {
      int all = Math.max(limit, vectors.length);
      return VectorQuery.nearest(query, limit).depth(new Depth(all, all)).exact(i -> vectors[i]);
    }

    int[] bruteForce(VectorQuery query) {
      var scores = new Float[vectors.length];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = Directions.dot(vectors[i], query.vector()) + query.prior().of(3 * i);
      }
      return IntStream.range(0, vectors.length)
          .filter(i -> !codes.isDead(i) && query.filter().passes(3 * i))
          .boxed()
          .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]).thenComparingInt(i -> i))
          .limit(query.limit())
          .mapToInt(i -> i)
          .toArray();
    }
  }

  private static RowPrior prior(SplittableRandom random, int rows, float most) {
    var priors = new float[rows];
    for (int i = 0; i < rows; i++) {
      priors[i] = (float) random.nextDouble(-most, most);
    }
    return new RowPrior() {
      @Override
      public float of(int row) {
        return priors[row];
      }

      @Override
      public float most() {
        return most;
      }
    };
  }

  @Test
  void search_deep_isBruteForce() {
    for (int dimension : DIMENSIONS) {
      var directions = new Directions(random, dimension);
      for (int count : COUNTS) {
        var made = new Made(directions, dimension, count);
        for (int i = 0; i < count; i++) {
          if (random.nextInt(10) == 0) {
            made.codes.kill(i);
          }
        }
        var prior = prior(random, 3 * count + 1, 0.1f);
        int part = 1 + random.nextInt(5);
        RowFilter filter = row -> row / 3 % part == 0;
        var query = made.deep(directions.next(), 10);
        for (var asked :
            new VectorQuery[] {
              query, query.filter(filter), query.prior(prior), query.filter(filter).prior(prior)
            }) {
          var found = made.codes.search(asked, count);
          assertThat(found.ordinals())
              .as("%s dimension=%d count=%d", replay, dimension, count)
              .isEqualTo(made.bruteForce(asked));
          for (int i = 0; i < found.size(); i++) {
            int row = found.rows()[i];
            assertThat(row).isEqualTo(3 * found.ordinals()[i]);
            assertThat(found.scores()[i]).isEqualTo(found.cosines()[i] + asked.prior().of(row));
          }
          var among = IntStream.range(0, count).filter(i -> i % 2 == 0).toArray();
          assertThat(made.codes.search(asked, count, among).ordinals())
              .as(replay)
              .isEqualTo(
                  made.bruteForce(
                      asked.filter(row -> row / 3 % 2 == 0 && asked.filter().passes(row))));
        }
      }
    }
  }

  @Test
  void search_defaultDepth_findsNearlyAll() {
    int count = 6000;
    var directions = new Directions(random, 384);
    var made = new Made(directions, 384, count);
    var prior = prior(random, 3 * count, 0.02f);
    int found = 0;
    int foundWithPrior = 0;
    int queries = 50;
    for (int i = 0; i < queries; i++) {
      var query = VectorQuery.nearest(directions.next(), 10).exact(o -> made.vectors[o]);
      found += common(made.codes.search(query, count).ordinals(), made.bruteForce(query));
      foundWithPrior +=
          common(
              made.codes.search(query.prior(prior), count).ordinals(),
              made.bruteForce(query.prior(prior)));
    }
    assertThat(found).as(replay).isGreaterThan(queries * 10 * 98 / 100);
    assertThat(foundWithPrior).as(replay).isGreaterThan(queries * 10 * 98 / 100);
  }

  @Test
  void search_aFarRowWithALargePrior_isFoundAtTheDefaultDepth() {
    int count = 5000;
    var made = new Made(new Directions(random, 384), 384, count);
    var query = VectorQuery.nearest(made.vectors[17], 10);
    int far = farthestOfTheLast(made, query.vector());
    RowPrior prior =
        new RowPrior() {
          @Override
          public float of(int row) {
            return row == 3 * far ? 1 : 0;
          }

          @Override
          public float most() {
            return 1;
          }
        };
    assertThat(made.codes.search(query.prior(prior), count).ordinals()[0])
        .as(replay)
        .isEqualTo(far);
  }

  private static int farthestOfTheLast(Made made, float[] query) {
    return IntStream.range(4000, 5000)
        .boxed()
        .min(Comparator.comparingDouble(i -> Directions.dot(made.vectors[i], query)))
        .orElseThrow();
  }

  @Test
  void search_aFilterThatFewPass_findsAllOfThem() {
    int count = 5000;
    var made = new Made(new Directions(random, 384), 384, count);
    var query = VectorQuery.nearest(made.vectors[17], 10).filter(row -> row % 2400 == 0);
    assertThat(made.codes.search(query, count).rows())
        .as(replay)
        .containsExactlyInAnyOrder(0, 2400, 4800, 7200, 9600, 12_000, 14_400);
  }

  private static int common(int[] one, int[] other) {
    return (int) Arrays.stream(one).filter(i -> Arrays.stream(other).anyMatch(j -> i == j)).count();
  }

  @Test
  void similar_isBruteForceAboveTheThreshold() {
    int count = 3000;
    for (int dimension : new int[] {64, 384}) {
      var directions = new Directions(random, dimension);
      var made = new Made(directions, dimension, count);
      for (int i = 0; i < 20; i++) {
        var query = made.deep(directions.next(), count);
        float threshold = 0.75f;
        var expected =
            Arrays.stream(made.bruteForce(query))
                .filter(o -> Directions.dot(made.vectors[o], query.vector()) >= threshold)
                .toArray();
        assertThat(made.codes.similar(query, count, threshold).ordinals())
            .as(replay)
            .isEqualTo(expected);
        if (expected.length >= 5) {
          assertThat(made.codes.similar(made.deep(query.vector(), 5), count, threshold).ordinals())
              .as(replay)
              .startsWith(expected[0])
              .hasSize(5);
        }
      }
    }
  }

  @Test
  void cosine_isNearTheTruth_alsoOfTheDead() {
    var directions = new Directions(random, 100);
    var made = new Made(directions, 100, 1100);
    made.codes.kill(5);
    var query = directions.next();
    for (int ordinal : new int[] {0, 5, 1023, 1024, 1099}) {
      assertThat(made.codes.cosine(ordinal, query))
          .as(replay)
          .isCloseTo(Directions.dot(made.vectors[ordinal], query), within(0.01f));
    }
  }

  @Test
  void kill_beforeAndAfterSigns_isFoundNoMore() {
    var directions = new Directions(random, 64);
    var made = new Made(directions, 64, 1000);
    made.codes.kill(10);
    made.codes.kill(10);
    var late = directions.next(1000);
    for (int i = 0; i < late.length; i++) {
      made.codes.add(3 * (1000 + i), late[i]);
    }
    made.codes.kill(1500);
    int count = made.codes.count();
    for (int dead : new int[] {10, 1500}) {
      var itself = VectorQuery.nearest(dead < 1000 ? made.vectors[dead] : late[dead - 1000], 1);
      assertThat(made.codes.search(itself, count).ordinals()).as(replay).doesNotContain(dead);
      assertThat(made.codes.similar(itself, count, 0.999f).size()).isZero();
      assertThat(made.codes.search(itself, count, new int[] {dead}).size()).isZero();
      assertThat(made.codes.isDead(dead)).isTrue();
      assertThat(made.codes.row(dead)).isEqualTo(3 * dead);
    }
    assertThat(made.codes.isDead(11)).isFalse();
  }

  @Test
  void search_withAnOlderCount_seesNothingBeyond() {
    var directions = new Directions(random, 64);
    var made = new Made(directions, 64, 3000);
    for (int count : new int[] {1, 9, 100, 1023, 1030, 2999}) {
      var query = VectorQuery.nearest(made.vectors[2999], 10);
      assertThat(Arrays.stream(made.codes.search(query, count).ordinals()))
          .as(replay)
          .allMatch(o -> o < count);
      assertThat(Arrays.stream(made.codes.similar(query, count, 0.99f).ordinals()))
          .as(replay)
          .allMatch(o -> o < count);
    }
  }

  @Test
  void add_whileOthersSearch_isFoundAtOnceAndWhole() throws InterruptedException {
    int dimension = 96;
    int count = 9000;
    var vectors = new Directions(random, dimension).next(count);
    var codes = new VectorCodes(dimension);
    var failure = new AtomicReference<@Nullable Throwable>();
    var readers = new Thread[2];
    for (int i = 0; i < readers.length; i++) {
      readers[i] =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  int before = 0;
                  while (before < count) {
                    int seen = codes.count();
                    assertThat(seen).isGreaterThanOrEqualTo(before);
                    if (seen > before) {
                      assertNewestIsFound(codes, seen, vectors[seen - 1]);
                    }
                    before = seen;
                  }
                } catch (Throwable e) {
                  failure.compareAndSet(null, e);
                }
              });
    }
    for (int i = 0; i < count; i++) {
      codes.add(i, vectors[i]);
    }
    for (var reader : readers) {
      reader.join();
    }
    assertThat(failure.get()).as(replay).isNull();
  }

  private static void assertNewestIsFound(VectorCodes codes, int seen, float[] newest) {
    var found = codes.search(VectorQuery.nearest(newest, 3), seen);
    assertThat(found.ordinals()[0]).isEqualTo(seen - 1);
    assertThat(found.cosines()[0]).isCloseTo(1, within(0.01f));
    for (float cosine : found.cosines()) {
      assertThat(cosine).isLessThan(1.01f);
    }
  }

  @Test
  void kernels_answerTheSame_bitForBit() {
    for (int dimension : new int[] {1, 2, 8, 65, 384, 1000, 4096}) {
      var directions = new Directions(random, dimension);
      int count = 1024 + random.nextInt(200);
      var made = new Made(directions, dimension, count);
      var prior = prior(random, 3 * count, 0.05f);
      for (int i = 0; i < 5; i++) {
        var query = VectorQuery.nearest(directions.next(), 20).prior(prior);
        var scalar = new CodeSearch(made.codes, Kernels.scalar(), query, count);
        var vector = new CodeSearch(made.codes, Kernels.vector(), query, count);
        assertSame(vector.nearest(), scalar.nearest());
        assertSame(vector.above(0.6f), scalar.above(0.6f));
      }
    }
  }

  private void assertSame(Neighbours one, Neighbours other) {
    assertThat(one.ordinals()).as(replay).isEqualTo(other.ordinals());
    assertThat(one.cosines()).as(replay).isEqualTo(other.cosines());
    assertThat(one.scores()).as(replay).isEqualTo(other.scores());
  }

  @Test
  void add_differentLength_isRefused() {
    var codes = new VectorCodes(8);
    assertThatThrownBy(() -> codes.add(0, new float[9]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new VectorCodes(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new VectorCodes(4097)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bytes_ofAFewVectors_areFew() {
    var made = new Made(new Directions(random, 384), 384, 10);
    assertThat(made.codes.bytes()).isLessThan(64 * 400 + 8 * 384);
  }

  @Test
  void equalScores_areInTheOrderOfOrdinals() {
    var vector = new Directions(random, 64).next();
    var codes = new VectorCodes(64);
    for (int i = 0; i < 3000; i++) {
      codes.add(i, vector);
    }
    var query = VectorQuery.nearest(vector, 5).depth(new Depth(3000, 30));
    assertThat(codes.search(query, 3000).ordinals()).containsExactly(0, 1, 2, 3, 4);
  }
}
