package dev.remanence;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The proof of an erasure: what, when, by whom, signed by the site's key. `document` is the signed
/// JSON; the other parts are read from it.
///
/// @param memories the erased memories
/// @param revisions how many revisions lost their content
/// @param derived memories that say they derive from an erased one; their content was not erased
/// @param backups backups that held the content when it was erased
public record Receipt(
    UUID id,
    List<UUID> memories,
    int revisions,
    Instant at,
    String session,
    String tool,
    @Nullable String reason,
    List<UUID> derived,
    List<HeldBy> backups,
    Json.Obj document) {

  /// A backup that held what was erased, and holds it still where it was not rewritten.
  ///
  /// @param keptUntil until when backups as old as this one are kept; null for good
  /// @param rewritten since when it is known to hold nothing of it, see
  ///   [Remanence#eraseFromBackups]; null where it still does
  public record HeldBy(String file, @Nullable Instant keptUntil, @Nullable Instant rewritten) {}
}
