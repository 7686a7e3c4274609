package dev.remanence;

import dev.remanence.ConflictRecord.Reason;
import dev.remanence.ConflictRecord.Relation;
import dev.remanence.ConflictRecord.Status;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.Resolution.Strategy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The conflicts of a scope of a store that this process owns: docs/conflicts.md. Without state.
final class EmbeddedConflicts implements Conflicts {
  private static final Comparator<Memory> LATEST_FIRST =
      Comparator.comparing(Memory::createdAt).thenComparing(Memory::id).reversed();

  private final EmbeddedStore store;
  private final OwnedStore own;
  private final String scope;

  EmbeddedConflicts(EmbeddedStore store, OwnedStore own, String scope) {
    this.store = store;
    this.own = own;
    this.scope = scope;
  }

  @Override
  public Page list(Listing listing) {
    var filter = Filter.ALL.withKeyPrefix(ConflictRecord.KEY_PREFIX);
    var memories = new ArrayList<Memory>();
    for (var source : store.access.sources(scope, listing.inherit(), false)) {
      try (var all = own.browsing.stream(List.of(source), filter)) {
        all.forEach(memories::add);
      }
    }
    memories.sort(LATEST_FIRST);
    var found = new ArrayList<ConflictRecord>();
    boolean begun = listing.after() == null;
    for (var memory : memories) {
      if (!begun) {
        begun = memory.id().equals(listing.after());
        continue;
      }
      var record = shown(memory);
      if (record == null || (listing.status() != null && record.status() != listing.status())) {
        continue;
      }
      if (found.size() == listing.limit()) {
        return new Page(found, found.getLast().id());
      }
      found.add(record);
    }
    return new Page(found, null);
  }

  @Override
  public ConflictRecord get(UUID id) {
    store.access.may(Verb.READ, id);
    var record = shown(now(id));
    if (record == null) {
      throw notFound(id);
    }
    return record;
  }

  @Override
  public ConflictRecord resolve(UUID id, Resolution resolution, @Nullable String message) {
    store.access.may(Verb.WRITE, id);
    Limits.optionalText("message", message, Limits.MESSAGE_CHARS_MAX);
    var record = read(now(id));
    if (record == null) {
      throw notFound(id);
    }
    store.access.may(Verb.WRITE, record.older());
    store.access.may(Verb.WRITE, record.newer());
    var strategy =
        resolution instanceof Resolution.Merge(var told, _) ? told : Strategy.LAST_WRITER;
    var merging = Merging.by(strategy, own.judging.judge());
    store.writing.write(
        4096,
        (changes, _) -> {
          changes.conflicts().resolve(record, resolution, message, merging);
          return record;
        });
    List.of(id, record.older(), record.newer()).forEach(own::changed);
    own.meaning.later();
    return Objects.requireNonNull(read(now(id)));
  }

  private Memory now(UUID id) {
    return own.journal.readConsistently(reader -> own.reading.at(reader, id, AsOf.NOW));
  }

  private static NotFound notFound(UUID id) {
    return new NotFound("there is no conflict " + id, "id", id.toString());
  }

  /// The record that a memory is, as it stands now; null where it is none, or a side is not there
  /// for the caller.
  private @Nullable ConflictRecord shown(Memory memory) {
    var record = read(memory);
    if (record == null
        || !store.access.sees(record.older())
        || !store.access.sees(record.newer())) {
      return null;
    }
    boolean moot =
        record.status() == Status.OPEN
            && !(own.reading.isCurrent(record.older()) && own.reading.isCurrent(record.newer()));
    return moot ? record.status(Status.MOOT) : record;
  }

  /// Null for what somebody else put under such a key.
  private static @Nullable ConflictRecord read(Memory memory) {
    if (!ConflictRecord.isOne(memory.key()) || !(memory.content() instanceof Json.Obj record)) {
      return null;
    }
    try {
      return new ConflictRecord(
          memory.id(),
          memory.scope(),
          UUID.fromString(text(record, "older")),
          UUID.fromString(text(record, "newer")),
          Relation.valueOf(text(record, "relation").toUpperCase(Locale.ROOT)),
          Reason.valueOf(text(record, "reason").toUpperCase(Locale.ROOT)),
          record.get("score") instanceof Json.Num(var score) ? score : 0,
          Status.valueOf(text(record, "status").toUpperCase(Locale.ROOT)),
          record.string("resolution"),
          memory.createdAt(),
          memory.revision());
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static String text(Json.Obj record, String name) {
    return Objects.requireNonNullElse(record.string(name), "");
  }
}
