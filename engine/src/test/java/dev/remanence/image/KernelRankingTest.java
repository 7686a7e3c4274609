package dev.remanence.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Draft;
import dev.remanence.OpenOptions;
import dev.remanence.Query;
import dev.remanence.Remanence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Either kernel gives the same hits in the same order, through the whole store, in a scope that is
/// large enough to be searched by signs.
@NullMarked
class KernelRankingTest {
  private static final long SEED = Long.getLong("remanence.seed", 1);
  private static final int MEMORIES = VectorCodes.CODED_FROM + 300;
  private static final int DIMENSION = 96;

  @TempDir Path temp;

  private final SplittableRandom random = new SplittableRandom(SEED);

  @AfterEach
  void useScalar() {
    Kernels.use(Kernels.scalar());
  }

  @Test
  void recall_scalarAndVectorKernel_rankTheSame() {
    try (var store = Remanence.open(temp, OpenOptions.DEFAULT.embedder("none"))) {
      var drafts = new ArrayList<Draft>();
      for (int i = 0; i < MEMORIES; i++) {
        drafts.add(Draft.of("memory " + i + " of " + i % 7).vector(direction()));
      }
      store.rememberAll("acme", drafts);
      var questions = new ArrayList<Query>();
      for (int i = 0; i < 40; i++) {
        questions.add(Query.of("memory of " + i % 7).vector(direction()).limit(50));
      }
      Kernels.use(Kernels.scalar());
      var scalar = answers(store, questions);
      Kernels.use(Kernels.vector());
      assertThat(answers(store, questions))
          .describedAs("to replay: -Dremanence.seed=%s", SEED)
          .isEqualTo(scalar);
    }
  }

  private static List<List<String>> answers(Remanence store, List<Query> questions) {
    return questions.stream()
        .map(question ->
            store.recall("acme", question).hits().stream()
                .map(hit -> String.valueOf(hit.memory().text()))
                .toList())
        .toList();
  }

  private float[] direction() {
    var direction = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      direction[i] = (float) (random.nextDouble() - 0.5);
    }
    return direction;
  }
}
