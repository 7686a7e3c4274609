package dev.remanence.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Draft;
import dev.remanence.Hit;
import dev.remanence.Listing;
import dev.remanence.Memory;
import dev.remanence.Patch;
import dev.remanence.Query;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Threads that write to their own memories and read each other's:
///
/// - what was acknowledged is seen by the next `get`, `list` and `recall` of any thread;
/// - what was forgotten is seen by none;
/// - a memory's revision never goes back for a reader that was told of it.
@NullMarked
class ReadYourWritesTest {
  private static final long SEED = Long.getLong("remanence.seed", 1);
  private static final int THREADS = 4;
  private static final int MEMORIES = 6;

  @TempDir Path temp;

  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

  /// What was acknowledged last of each memory, by its writer; 0 for forgotten.
  private record Known(UUID id, int revision) {}

  private final @Nullable Known[][] known = new Known[THREADS][MEMORIES];

  @Test
  void writes_onceAcknowledged_areSeenByAllThreads() throws Exception {
    try (var store = Remanence.open(temp.resolve("store"))) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        threads.add(Thread.ofPlatform().start(() -> work(store, thread, deadline)));
      }
      for (var thread : threads) {
        thread.join();
      }
      assertThat(wrong).describedAs("to replay: -Dremanence.seed=%s", SEED).isEmpty();
    }
  }

  private void work(Remanence store, int thread, long deadline) {
    var random = new SplittableRandom(SEED * 31 + thread);
    try {
      for (int round = 0; System.nanoTime() < deadline && wrong.isEmpty(); round++) {
        write(store, thread, random, round);
        check(store, random);
      }
    } catch (RuntimeException e) {
      wrong.add(e.toString());
    }
  }

  private void write(Remanence store, int thread, SplittableRandom random, int round) {
    int slot = random.nextInt(MEMORIES);
    @Nullable Known before;
    synchronized (known) {
      before = known[thread][slot];
    }
    Known after;
    if (before == null || before.revision == 0) {
      var made =
          store.remember("shared", Draft.of("word" + thread + " slot " + slot + " round " + round));
      after = new Known(made.id(), made.revision());
    } else if (random.nextInt(4) == 0) {
      // From here on a reader may miss it; from the return on every reader must.
      tell(thread, slot, null);
      store.forget(before.id, null);
      after = new Known(before.id, 0);
    } else {
      var written = store.revise(before.id, new Patch().importance(random.nextInt(11) / 10.0));
      after = new Known(before.id, written.revision());
    }
    tell(thread, slot, after);
  }

  private void tell(int thread, int slot, @Nullable Known now) {
    synchronized (known) {
      known[thread][slot] = now;
    }
  }

  private void check(Remanence store, SplittableRandom random) {
    int thread = random.nextInt(THREADS);
    int slot = random.nextInt(MEMORIES);
    @Nullable Known told;
    synchronized (known) {
      told = known[thread][slot];
    }
    if (told == null) {
      return;
    }
    int seen =
        switch (random.nextInt(3)) {
          case 0 -> get(store, told);
          case 1 -> find(store.list("shared", Listing.FIRST.limit(1000)).memories(), told);
          default ->
              find(
                  store.recall("shared", Query.of("word" + thread).limit(1000)).hits().stream()
                      .map(Hit::memory)
                      .toList(),
                  told);
        };
    boolean isStillSo;
    synchronized (known) {
      isStillSo = told.equals(known[thread][slot]);
    }
    if (told.revision == 0 ? seen != 0 : isStillSo && seen < told.revision) {
      wrong.add("memory " + told.id + ": told revision=" + told.revision + ", seen=" + seen);
    }
  }

  private static int get(Remanence store, Known told) {
    try {
      return store.get(told.id).revision();
    } catch (RemanenceException.NotFound e) {
      return 0;
    }
  }

  private static int find(List<Memory> memories, Known told) {
    return memories.stream()
        .filter(memory -> memory.id().equals(told.id))
        .mapToInt(Memory::revision)
        .max()
        .orElse(0);
  }
}
