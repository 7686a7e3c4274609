package dev.remanence;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the curator did, or would do.
///
/// @param run by which it can be undone; null where nothing was done
/// @param more whether there was more to do than the limit let through
public record Curation(@Nullable UUID run, List<Step> steps, boolean more) {
  public Curation {
    steps = List.copyOf(steps);
  }

  /// What becomes of one memory.
  ///
  /// @param memory what it is about; of a consolidation that is planned, the oldest of its sources
  /// @param others what a memory is merged into, or the sources of a consolidation
  public record Step(Action action, UUID memory, String scope, String reason, List<UUID> others) {
    public Step {
      others = List.copyOf(others);
    }
  }

  public enum Action {
    PROMOTE,
    EXPIRE,
    AGE,
    MERGE,
    CONSOLIDATE;

    /// The name on every surface: lower case.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What a run is to look at.
  ///
  /// @param dryRun whether steps are only told
  /// @param limit of steps
  public record Options(boolean recursive, boolean dryRun, int limit) {
    public static final Options DEFAULT = new Options(false, false, 1000);

    public Options {
      Limits.count("limit", limit, 1, Limits.BATCH_MAX);
    }

    public Options recursive(boolean recursive) {
      return new Options(recursive, dryRun, limit);
    }

    public Options dryRun(boolean dryRun) {
      return new Options(recursive, dryRun, limit);
    }

    public Options limit(int limit) {
      return new Options(recursive, dryRun, limit);
    }
  }

  /// A run that was taken back.
  ///
  /// @param run of the undo itself; null where nothing was done
  /// @param kept memories that were left as they are
  public record Undone(@Nullable UUID run, List<UUID> restored, List<Kept> kept) {
    public Undone {
      restored = List.copyOf(restored);
      kept = List.copyOf(kept);
    }
  }

  /// A memory that an undo left as it is.
  public record Kept(UUID memory, String why) {}
}
