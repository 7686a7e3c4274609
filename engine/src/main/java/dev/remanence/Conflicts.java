package dev.remanence;

import dev.remanence.ConflictRecord.Status;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The conflicts of one scope: a view without state, as [MemoryScope] is. They are found when
/// something is remembered, and stay until somebody decides.
///
/// ```java
/// var conflicts = store.scope("acme/user:42").conflicts();
/// for (var each : conflicts.open()) {
///   conflicts.resolve(each.id(), Resolution.keep(Side.NEWER), "she moved");
/// }
/// ```
public interface Conflicts {

  /// The first page of those that nobody has decided about.
  default List<ConflictRecord> open() {
    return list(Listing.ALL.status(Status.OPEN)).conflicts();
  }

  /// A page, the latest first.
  Page list(Listing listing);

  /// One conflict; an id needs no scope.
  ConflictRecord get(UUID id);

  /// Decides about an open conflict, in one commit. `Conflict` where it is decided already, where a
  /// side is gone, or where a merge needs a text.
  ConflictRecord resolve(UUID id, Resolution resolution, @Nullable String message);

  /// Which conflicts are listed.
  ///
  /// @param status null for all
  /// @param inherit those of the scope's ancestors and `global` too
  /// @param after the id that the page before ended with, or null
  record Listing(@Nullable Status status, boolean inherit, int limit, @Nullable UUID after) {
    public static final Listing ALL = new Listing(null, false, 50, null);

    public Listing {
      Limits.count("limit", limit, 1, Limits.PAGE_MAX);
    }

    public Listing status(@Nullable Status status) {
      return new Listing(status, inherit, limit, after);
    }

    public Listing inherit(boolean inherit) {
      return new Listing(status, inherit, limit, after);
    }

    public Listing limit(int limit) {
      return new Listing(status, inherit, limit, after);
    }

    public Listing after(@Nullable UUID id) {
      return new Listing(status, inherit, limit, id);
    }
  }

  /// A part of the conflicts.
  ///
  /// @param after what the next page is asked with; null where this one is the last
  record Page(List<ConflictRecord> conflicts, @Nullable UUID after) {
    public Page {
      conflicts = List.copyOf(conflicts);
    }
  }
}
