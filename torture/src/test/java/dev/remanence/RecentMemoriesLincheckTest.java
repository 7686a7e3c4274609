package dev.remanence;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// [RecentMemories] as the store uses it: a read looks here, else reads the journal and leaves what
/// it found; a write changes the journal, then says so here. Checked over the interleavings of two
/// threads that lincheck finds worth its while:
///
/// - when all writes have returned, nothing is here that is older than the journal.
///
/// While a write is under way, a read may still find the value before it.
///
/// The planted bug, which the same check must find: a cache that does not compare the epoch.
@NullMarked
class RecentMemoriesLincheckTest {
  @Test
  void reads_whileOneWrites_leaveNothingStale() throws Exception {
    options().check(Cached.class);
  }

  @Test
  void reads_ofTheOldGenerationWhileOneWrites_leaveNothingStale() throws Exception {
    options().actorsPerThread(1).iterations(8).check(CachedOld.class);
  }

  @Test
  void cacheThatDoesNotCompareTheEpoch_isFound() {
    assertThatThrownBy(() -> options().check(CachedWithoutEpoch.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  private static ModelCheckingOptions options() {
    return new ModelCheckingOptions()
        .iterations(3)
        .invocationsPerIteration(250)
        .threads(2)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(0)
        .minimizeFailedScenario(false)
        .verifier(EpsilonVerifier.class);
  }

  static final UUID ID = new UUID(1, 2);

  static Memory memory(int number) {
    var time = Instant.EPOCH;
    return new Memory(
        ID,
        "scope",
        Kind.SEMANTIC,
        null,
        "text",
        null,
        null,
        List.of(),
        Json.object().build(),
        0.5,
        false,
        List.of(),
        time,
        null,
        number,
        AsOf.MAIN,
        time,
        time,
        1,
        0,
        0.5,
        Provenance.NONE,
        null,
        true,
        "");
  }

  /// The journal of one memory is a number that grows.
  public static class Cached {
    final AtomicLong journal = new AtomicLong();
    final RecentMemories recent = new RecentMemories();

    @Operation
    public void write() {
      journal.incrementAndGet();
      recent.changed(ID);
    }

    @Operation
    public int read() {
      var held = recent.get(ID);
      if (held != null) {
        return held.memory().revision();
      }
      long epoch = recent.epoch();
      int number = (int) journal.get();
      recent.put(new RecentMemories.Held(memory(number), 0), epoch);
      return number;
    }

    @Validate
    public void nothingIsStale() {
      var held = recent.get(ID);
      check(held == null ? null : held.memory(), journal.get());
    }
  }

  /// The same, where the memory was read long ago: it lies in the old generation.
  public static class CachedOld extends Cached {
    public CachedOld() throws ReflectiveOperationException {
      recent.put(new RecentMemories.Held(memory(0), 0), recent.epoch());
      var young = RecentMemories.class.getDeclaredField("young");
      young.setAccessible(true);
      var age = RecentMemories.class.getDeclaredMethod("age", ConcurrentHashMap.class);
      age.setAccessible(true);
      age.invoke(recent, young.get(recent));
    }
  }

  /// The same over a map alone.
  public static class CachedWithoutEpoch {
    private final AtomicLong journal = new AtomicLong();
    private final ConcurrentHashMap<UUID, Memory> recent = new ConcurrentHashMap<>();

    @Operation
    public void write() {
      journal.incrementAndGet();
      recent.remove(ID);
    }

    @Operation
    public int read() {
      @Nullable Memory held = recent.get(ID);
      if (held != null) {
        return held.revision();
      }
      int number = (int) journal.get();
      recent.put(ID, memory(number));
      return number;
    }

    @Validate
    public void nothingIsStale() {
      check(recent.get(ID), journal.get());
    }
  }

  private static void check(@Nullable Memory held, long journal) {
    if (held != null && held.revision() != journal) {
      throw new IllegalStateException("held=" + held.revision() + ", journal=" + journal);
    }
  }
}
