package dev.remanence;

import java.util.List;
import java.util.Locale;
import java.util.UUID;

/// What `remember` did, after it is on disk.
public record Remembered(
    UUID id,
    int revision,
    Outcome outcome,
    List<UUID> nearDuplicates,
    List<UUID> conflicts,
    boolean durable) {

  public enum Outcome {
    /// A new memory.
    CREATED,
    /// The same content was there: its counter went up and its tags were united.
    REINFORCED,
    /// The key was there: its value was corrected or a new value began.
    REVISED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
