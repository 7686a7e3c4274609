package dev.remanence;

import dev.remanence.recall.Blend;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.NullMarked;

/// What experiments may change and users may not: the clock, and what a score is made of.
@NullMarked
public final class Laboratory {
  private Laboratory() {}

  /// Opens a store that takes the time from this clock.
  public static Remanence open(Path directory, OpenOptions options, InstantSource clock) {
    return EmbeddedStore.open(directory, options, clock, new SecureRandom());
  }

  /// Recalls with scores that are made differently.
  public static Recall recall(Remanence store, String scope, Query query, Blend blend) {
    return ((EmbeddedStore) store).recall(scope, query, blend);
  }
}
