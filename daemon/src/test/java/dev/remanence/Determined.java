package dev.remanence;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.NullMarked;

/// Opens stores in which nothing is left to chance: two of them that are alike, and are used alike,
/// stay alike to the last byte of an export.
@NullMarked
public final class Determined {
  private Determined() {}

  /// Opens a store that takes its time and its randomness from the caller.
  ///
  /// @param embedder `none`, or one that computes in this process
  public static Remanence open(
      Path directory, String embedder, InstantSource clock, RandomGenerator random) {
    return EmbeddedStore.open(directory, OpenOptions.DEFAULT.embedder(embedder), clock, random);
  }
}
