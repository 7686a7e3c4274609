package dev.remanence;

import java.util.List;

/// What `verify` found. A store is sound when there is no problem. Losses are revisions that an
/// earlier repair or a partial import declared missing; they are known, not new.
public record Verification(
    boolean deep,
    long revisions,
    long commits,
    long memories,
    long erased,
    List<Problem> problems,
    List<String> losses) {

  public boolean sound() {
    return problems.isEmpty();
  }

  /// One thing that is wrong: where, what was expected and found, and whether `repair` rebuilds it
  /// without loss (derived) or must salvage.
  public record Problem(String where, String what, boolean derived) {}
}
