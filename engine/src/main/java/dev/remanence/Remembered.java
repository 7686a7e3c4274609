package dev.remanence;

import java.util.List;
import java.util.Locale;
import java.util.UUID;

/// What `remember` did, after it is on disk.
///
/// @param nearDuplicates memories of the same scope that said nearly the same before, the most
///   alike first; none for turns, in a batch of more than 100, and where the scope has more than
///   1000 revisions that no question has seen yet
/// @param conflicts the records of conflicts with what was there before, of [Conflicts]
public record Remembered(
    UUID id,
    int revision,
    Outcome outcome,
    List<UUID> nearDuplicates,
    List<UUID> conflicts,
    boolean durable) {

  /// The same, with other memories that say nearly the same.
  Remembered near(List<UUID> alike) {
    return new Remembered(id, revision, outcome, List.copyOf(alike), conflicts, durable);
  }

  /// The same, with the conflicts that it is in.
  public Remembered conflicting(List<UUID> found) {
    return new Remembered(id, revision, outcome, nearDuplicates, List.copyOf(found), durable);
  }

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
