package dev.remanence.life;

import dev.remanence.AsOf;
import dev.remanence.Change;
import dev.remanence.Kind;
import dev.remanence.Link;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.journal.Body;
import dev.remanence.journal.Body.Cause;
import dev.remanence.journal.Header;
import dev.remanence.journal.Ledger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the curator does to single memories: docs/curator.md. Each step is decided again here, and
/// answers false where somebody changed the memory since it was planned.
///
/// Lives as long as its [Changes].
public final class Curating {
  /// The type of the link from a memory to the one that took it in.
  public static final String MERGED_INTO = "merged_into";

  private final Ledger ledger;
  private final Cause cause;
  private final Changes changes;
  private final Present present;
  private final Appending appending;

  Curating(Ledger ledger, Cause cause, Changes changes, Present present, Appending appending) {
    this.ledger = ledger;
    this.cause = cause;
    this.changes = changes;
    this.present = present;
    this.appending = appending;
  }

  private @Nullable Held live(UUID id) throws SQLException {
    try {
      return present.require(id, AsOf.MAIN);
    } catch (NotFound _) {
      return null;
    }
  }

  /// A memory as it was planned with; null where it is another one now.
  private @Nullable Held unchanged(UUID id, int revision) throws SQLException {
    var held = live(id);
    return held != null && ledger.reader().entry(held.head().pos()).header().number() == revision
        ? held
        : null;
  }

  /// Forgets what has expired.
  public boolean expire(UUID id, String reason) throws SQLException {
    var held = live(id);
    return held != null
        && held.value().attributes().expires() <= ledger.nowMillis()
        && changes.forget(id, reason);
  }

  /// Makes a memory one of another kind, which does not expire.
  public boolean become(UUID id, @Nullable Integer revision, Kind kind, String reason)
      throws SQLException {
    var held = revision == null ? live(id) : unchanged(id, revision);
    if (held == null || held.value().attributes().kind() == kind) {
      return false;
    }
    var before = held.value().attributes();
    var attributes =
        new Body.Attributes(
            kind,
            before.key(),
            before.tags(),
            before.metadata(),
            before.importance(),
            before.pinned(),
            before.links(),
            Header.OPEN,
            before.count(),
            before.provenance());
    appending.replace(
        held, Change.REVISE, held.value().with(attributes), held.head(), cause.message(reason));
    return true;
  }

  /// Counts a memory as a repeat of another one, and forgets it.
  public boolean absorb(UUID into, UUID id, int revision, String reason) throws SQLException {
    var keeper = live(into);
    var other = unchanged(id, revision);
    if (keeper == null || other == null) {
      return false;
    }
    var before = keeper.value().attributes();
    var taken = other.value().attributes();
    var tags = new HashSet<>(before.tags());
    tags.addAll(taken.tags());
    var attributes =
        new Body.Attributes(
            before.kind(),
            before.key(),
            Wish.sorted(tags),
            before.metadata(),
            Math.max(before.importance(), taken.importance()),
            before.pinned(),
            before.links(),
            Math.max(before.expires(), taken.expires()),
            before.count() + taken.count(),
            before.provenance());
    appending.replace(
        keeper,
        Change.REINFORCE,
        keeper.value().with(attributes),
        keeper.head(),
        cause.message("takes in " + id + ", which says nearly the same"));
    var links = new ArrayList<>(taken.links());
    links.add(new Link(MERGED_INTO, into));
    changes.relink(id, Change.LINK, links);
    return changes.forget(id, reason);
  }

  /// Whether a memory is as it was planned with.
  public boolean isUnchanged(UUID id, int revision) throws SQLException {
    return unchanged(id, revision) != null;
  }
}
