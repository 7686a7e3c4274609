package dev.remanence.mind.extract;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What became of a fact.
///
/// @param id of the memory that holds it; null where it was only told
/// @param why it was only told; empty where it was stored
public record Stored(Extracted fact, Outcome outcome, @Nullable UUID id, String why) {
  /// What became of it.
  public enum Outcome {
    /// The store holds it now.
    STORED,
    /// The store held it already: it was confirmed.
    CONFIRMED,
    /// The value that the store held ended.
    ENDED,
    /// Nothing was written: [Stored#why] says the reason.
    TOLD
  }
}
