package dev.remanence.life;

import dev.remanence.AsOf;
import dev.remanence.ConflictRecord;
import dev.remanence.ConflictRecord.Reason;
import dev.remanence.ConflictRecord.Relation;
import dev.remanence.ConflictRecord.Status;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Limits;
import dev.remanence.Link;
import dev.remanence.Provenance;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.Resolution;
import dev.remanence.Resolution.Side;
import dev.remanence.journal.Body;
import dev.remanence.journal.Body.Cause;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/// What a request does with conflicts: docs/conflicts.md. A record is a memory under the key of its
/// two sides, so one pair has one record, and its revisions tell who decided what.
///
/// Lives as long as its [Changes].
public final class Conflicting {
  private static final String MERGED_INTO = "merged_into";

  /// Low, so that nothing that is about people comes behind it.
  private static final double IMPORTANCE = 0.1;

  private final Changes changes;
  private final Present present;
  private final Cause cause;

  Conflicting(Changes changes, Present present, Cause cause) {
    this.changes = changes;
    this.present = present;
    this.cause = cause;
  }

  /// Records a conflict, once; answers the id of its record, or null where a side is gone or the
  /// pair was decided about before.
  public @Nullable UUID record(
      String scope, UUID older, UUID newer, Relation relation, Reason reason, double score)
      throws SQLException {
    if (older.equals(newer) || !changes.isCurrent(older) || !changes.isCurrent(newer)) {
      return null;
    }
    var known = changes.under(scope, ConflictRecord.keyOf(older, newer));
    if (known == null) {
      known = changes.under(scope, ConflictRecord.keyOf(newer, older));
    }
    if (known != null) {
      boolean open = Status.OPEN.word().equals(status(known.value().content()));
      return open ? known.id() : null;
    }
    var content =
        Json.object()
            .put("older", older.toString())
            .put("newer", newer.toString())
            .put("relation", relation.word())
            .put("reason", reason.word())
            .put("score", Math.round(score * 1000) / 1000.0)
            .put("status", Status.OPEN.word())
            .build();
    var wish =
        new Wish(
            new Body.Content(null, content, null, null),
            Kind.SEMANTIC,
            ConflictRecord.keyOf(older, newer),
            List.of(ConflictRecord.TAG),
            null,
            IMPORTANCE,
            null,
            List.of(new Link(ConflictRecord.LINK, older), new Link(ConflictRecord.LINK, newer)),
            null,
            new Provenance(cause.session(), cause.tool(), null, null, null, null, null, null),
            null,
            null,
            null);
    return changes.remember(scope, wish).id();
  }

  private static @Nullable String status(Body.Content content) {
    return content.json() instanceof Json.Obj record ? record.string("status") : null;
  }

  /// Decides about a conflict.
  ///
  /// @param record as it was read before
  /// @param merging what the strategy makes of the older and the newer content
  public void resolve(
      ConflictRecord record,
      Resolution resolution,
      @Nullable String message,
      BinaryOperator<Body.Content> merging)
      throws SQLException {
    var held = present.require(record.id(), AsOf.MAIN);
    if (!Status.OPEN.word().equals(status(held.value().content()))
        || !(held.value().content().json() instanceof Json.Obj before)) {
      throw new Conflict(
          "the conflict was decided already; its history tells by whom",
          "id",
          record.id().toString());
    }
    switch (resolution) {
      case Resolution.Keep(var side) -> keep(record, side);
      case Resolution.Merge merge -> merge(record, merge, merging);
      case Resolution.Dismiss() -> {}
    }
    boolean dismissed = resolution instanceof Resolution.Dismiss;
    var after =
        Json.object()
            .put("older", Objects.requireNonNull(before.get("older")))
            .put("newer", Objects.requireNonNull(before.get("newer")))
            .put("relation", Objects.requireNonNull(before.get("relation")))
            .put("reason", Objects.requireNonNull(before.get("reason")))
            .put("score", Objects.requireNonNull(before.get("score")))
            .put("status", (dismissed ? Status.DISMISSED : Status.RESOLVED).word())
            .put("resolution", resolution.words())
            .build();
    changes.revise(
        record.id(),
        _ -> Wish.NONE.content(new Body.Content(null, after, null, null)),
        AsOf.MAIN,
        null,
        message);
  }

  private Held side(ConflictRecord record, UUID id) throws SQLException {
    var held = present.unexpired(id);
    if (held == null) {
      throw new Conflict(
          "a side of the conflict is gone: it can be dismissed",
          "id",
          record.id().toString(),
          "side",
          id.toString());
    }
    return held;
  }

  private void keep(ConflictRecord record, Side side) throws SQLException {
    var older = side(record, record.older());
    var newer = side(record, record.newer());
    var kept = side == Side.OLDER ? older : newer;
    var other = side == Side.OLDER ? newer : older;
    var why = "conflict " + record.id() + ": kept " + kept.id();
    if (record.reason() == Reason.KEY && side == Side.NEWER) {
      // What was kept beside the key becomes the key's value from its time on.
      var value = kept.value();
      changes.set(
          older,
          value.content(),
          kept.head().from(),
          value.attributes().provenance(),
          cause.message(why));
      changes.forget(kept.id(), "conflict " + record.id() + ": the value of " + older.id());
    } else if (other.value().key() != null && kept.head().from() > other.head().from()) {
      changes.end(other, kept.head().from(), cause.message(why));
    } else {
      changes.forget(other.id(), why);
    }
  }

  private void merge(
      ConflictRecord record, Resolution.Merge merge, BinaryOperator<Body.Content> merging)
      throws SQLException {
    var older = side(record, record.older());
    var newer = side(record, record.newer());
    boolean intoNewer = older.value().key() == null && newer.value().key() != null;
    var into = intoNewer ? newer : older;
    var other = intoNewer ? older : newer;
    var content =
        merge.text() != null
            ? new Body.Content(merge.text(), null, into.value().content().speaker(), null)
            : merging.apply(older.value().content(), newer.value().content());
    var tags = new TreeSet<>(into.value().attributes().tags());
    tags.addAll(other.value().attributes().tags());
    var links = new ArrayList<>(into.value().attributes().links());
    other.value().attributes().links().stream()
        .filter(link -> !links.contains(link) && links.size() < Limits.LINKS_MAX)
        .forEach(links::add);
    var why = "conflict " + record.id() + ": merged with " + other.id();
    changes.revise(
        into.id(), _ -> Wish.NONE.content(content).tags(tags).links(links), AsOf.MAIN, null, why);
    changes.link(other.id(), MERGED_INTO, into.id());
    changes.forget(other.id(), "conflict " + record.id() + ": merged into " + into.id());
  }
}
