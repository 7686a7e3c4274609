package dev.remanence;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What became of a store's backups when what it had erased was taken out of them.
///
/// @param receipts the receipts that are signed anew, because a backup that they name holds nothing
///   of their content any more
public record BackupErasure(List<Backup> backups, List<UUID> receipts) {

  /// One of the backups.
  ///
  /// @param failure why it was left as it is; null unless the outcome is `FAILED`
  public record Backup(Path file, Outcome outcome, @Nullable RemanenceException failure) {}

  public enum Outcome {
    /// It held erased content and has other bytes now.
    REWRITTEN,
    /// It holds nothing that was erased.
    CLEAN,
    /// It is missing, damaged, of a newer version, or cannot be written, and is as it was.
    FAILED
  }
}
