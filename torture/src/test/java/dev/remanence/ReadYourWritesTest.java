package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Threads that write to their own memories and read each other's, 2,000 times in all, 10,000 with
/// `-Ptorture`: each remembers, revises, links, forgets or erases, then looks for what anyone was
/// last told.
///
/// - What was acknowledged is seen by the next `get`, `list`, `recall` and `similar` of any thread,
///   with the text and the vector that it has now.
/// - What was forgotten or erased is seen by none, nor is a text that was revised away.
/// - A memory's revision never goes back for a reader that was told of it.
///
/// So it is as well where images are dropped as soon as they are made.
@NullMarked
class ReadYourWritesTest {
  private static final long SEED = Long.getLong("remanence.seed", 1);
  private static final int ROUNDS = Integer.getInteger("remanence.steps", 2000);
  private static final int THREADS = 4;
  private static final int MEMORIES = 6;
  private static final int DIMENSIONS = THREADS * MEMORIES;

  @TempDir Path temp;

  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

  /// What was acknowledged last of each memory, by its writer; revision 0 for gone.
  ///
  /// @param word the one word of its text, which no other text ever had
  /// @param former the word that it had before, or that it had when it went
  private record Known(UUID id, int revision, String word, @Nullable String former) {}

  private final @Nullable Known[][] known = new Known[THREADS][MEMORIES];

  @Test
  void writes_onceAcknowledged_areSeenByAllThreads() throws Exception {
    check(Long.MAX_VALUE, ROUNDS);
  }

  @Test
  @Tag("torture")
  void writes_tenThousandOnceAcknowledged_areSeenByAllThreads() throws Exception {
    check(Long.MAX_VALUE, 10_000);
  }

  @Test
  void writes_imagesDroppedAtOnce_areSeenByAllThreads() throws Exception {
    check(1, ROUNDS / 4);
  }

  private void check(long imageBytesMax, int rounds) throws InterruptedException {
    try (var store =
        EmbeddedStore.open(
            temp.resolve("store"),
            OpenOptions.DEFAULT,
            InstantSource.system(),
            new SecureRandom(),
            imageBytesMax)) {
      var threads = new ArrayList<Thread>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        threads.add(Thread.ofPlatform().start(() -> work(store, thread, rounds / THREADS)));
      }
      for (var thread : threads) {
        thread.join();
      }
      assertThat(wrong).describedAs("to replay: -Dremanence.seed=%s", SEED).isEmpty();
    }
  }

  private void work(Remanence store, int thread, int rounds) {
    var random = new SplittableRandom(SEED * 31 + thread);
    try {
      for (int round = 0; round < rounds && wrong.isEmpty(); round++) {
        write(store, thread, random, round);
        look(store, random);
      }
    } catch (RuntimeException | AssertionError e) {
      wrong.add(e + " " + List.of(e.getStackTrace()));
    }
  }

  /// Two scopes, so that one image is dropped for the other.
  private static String scope(int slot) {
    return slot % 2 == 0 ? "shared" : "other";
  }

  private static float[] vector(int thread, int slot) {
    var vector = new float[DIMENSIONS];
    vector[thread * MEMORIES + slot] = 1;
    return vector;
  }

  private void write(Remanence store, int thread, SplittableRandom random, int round) {
    int slot = random.nextInt(MEMORIES);
    var before = told(thread, slot);
    var word = "w" + thread + "s" + slot + "r" + round;
    if (before == null || before.revision == 0) {
      var draft = Draft.of(word).vector(vector(thread, slot));
      var made = store.remember(scope(slot), draft);
      tell(thread, slot, new Known(made.id(), made.revision(), word, null));
      return;
    }
    // From here on a reader may see the old or the new; from the return on every reader must see
    // the new.
    tell(thread, slot, null);
    int kind = random.nextInt(200);
    if (kind < 40) {
      store.forget(before.id, null);
      tell(thread, slot, new Known(before.id, 0, before.word, before.word));
    } else if (kind < 41) {
      store.erase(before.id, null);
      tell(thread, slot, new Known(before.id, 0, before.word, before.word));
    } else if (kind < 120) {
      var written = store.revise(before.id, new Patch().text(word).vector(vector(thread, slot)));
      tell(thread, slot, new Known(before.id, written.revision(), word, before.word));
    } else {
      var written = store.revise(before.id, new Patch().importance(random.nextInt(11) / 10.0));
      tell(thread, slot, new Known(before.id, written.revision(), before.word, before.former));
    }
  }

  private @Nullable Known told(int thread, int slot) {
    synchronized (known) {
      return known[thread][slot];
    }
  }

  private void tell(int thread, int slot, @Nullable Known now) {
    synchronized (known) {
      known[thread][slot] = now;
    }
  }

  private void look(Remanence store, SplittableRandom random) {
    int thread = random.nextInt(THREADS);
    int slot = random.nextInt(MEMORIES);
    var told = told(thread, slot);
    if (told == null) {
      return;
    }
    int way = random.nextInt(5);
    int seen =
        switch (way) {
          case 0 -> get(store, told);
          case 1 -> find(store.list(scope(slot), Listing.FIRST.limit(1000)).memories(), told);
          case 2 -> find(recalled(store, slot, told.word), told);
          case 3 ->
              find(
                  memories(
                      store.similar(
                          scope(slot),
                          Similar.to(vector(thread, slot)).threshold(0.9).limit(1000))),
                  told);
          default -> told.former == null ? 0 : find(recalled(store, slot, told.former), told);
        };
    boolean isStillSo = told.equals(told(thread, slot));
    boolean isWrong =
        told.revision == 0 ? seen != 0 : isStillSo && (way == 4 ? seen != 0 : seen < told.revision);
    if (isWrong) {
      wrong.add("way " + way + ": told " + told + ", seen revision=" + seen);
    }
  }

  private static List<Memory> recalled(Remanence store, int slot, String word) {
    return memories(store.recall(scope(slot), Query.of(word).limit(1000)).hits());
  }

  private static List<Memory> memories(List<Hit> hits) {
    return hits.stream().map(Hit::memory).toList();
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
