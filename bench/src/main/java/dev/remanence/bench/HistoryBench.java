package dev.remanence.bench;

import dev.remanence.AsOf;
import dev.remanence.Draft;
import dev.remanence.OpenOptions;
import dev.remanence.Query;
import dev.remanence.Remanence;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;

/// What does a question cost in a scope whose memories were revised again and again, beside one in
/// which the same memories were written once, and what does the past cost?
///
/// Run by `bench/run histories`, which prints only.
final class HistoryBench {
  private static final int MEMORIES = 5000;
  private static final int REVISIONS = 20;
  private static final int BATCH = 500;
  private static final int QUESTIONS = 64;

  private final Results results;
  private final double seconds;
  private final RecallData data = new RecallData(MEMORIES * REVISIONS);

  HistoryBench(Results results, double seconds) {
    this.results = results;
    this.seconds = seconds;
  }

  void run(Path directory) throws Exception {
    var options = OpenOptions.DEFAULT.tool("bench").embedder("none");
    try (var store = Remanence.open(directory.resolve("histories"), options)) {
      write(store, "once", REVISIONS - 1);
      var middle = Instant.EPOCH;
      for (int round = 0; round < REVISIONS; round++) {
        write(store, "often", round);
        middle = round == REVISIONS / 2 ? Instant.now() : middle;
      }
      for (int pass = 0; pass < 2; pass++) {
        for (var scope : new String[] {"once", "often"}) {
          measure(store, scope, "now", AsOf.NOW);
        }
        measure(store, "often", "past", new AsOf(middle, null, AsOf.MAIN));
      }
    }
  }

  /// Writes all memories of a scope as they are in a round; those that are there are revised.
  private void write(Remanence store, String scope, int round) {
    for (int first = 0; first < MEMORIES; first += BATCH) {
      var batch = new ArrayList<Draft>();
      for (int i = first; i < first + BATCH; i++) {
        long number = (long) round * MEMORIES + i;
        batch.add(
            Draft.of(data.text(number))
                .key("memory-" + i)
                .at(Sample.time(i))
                .vector(data.vector(number)));
      }
      store.rememberAll(scope, batch);
    }
  }

  private void measure(Remanence store, String scope, String when, AsOf asOf) throws Exception {
    var questions = data.questions(QUESTIONS);
    int[] next = {0};
    results.addTimes(
        scope + "." + when,
        new Clock(2, seconds)
            .timesAndCpu(() -> {
              var question = questions.get(next[0]++ % QUESTIONS);
              var query =
                  Query.of(question.text()).vector(question.vector()).inherit(false).asOf(asOf);
              return store.recall(scope, query).hits().size();
            }));
  }
}
