package dev.remanence;

import dev.remanence.RemanenceException.NotFound;
import dev.remanence.Selection.Chosen;
import dev.remanence.image.View.Moment;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Hash;
import dev.remanence.journal.Header;
import dev.remanence.journal.HybridClock;
import dev.remanence.journal.MemoryState;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.life.TextDiff;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Reads single memories: by id, by key, by row; as they are, as they were, and their history.
///
/// Thread-safe. What was read lately is held; each change takes what it made untrue out, before its
/// caller is told.
final class Reading {
  /// How old the uses and the strength of a held memory may be.
  private static final long HELD_MILLIS_MAX = 1000;

  private static final int HOLDERS_MAX = 8192;

  private final SqliteJournal journal;
  private final Scopes scopes;
  private final Uses uses;
  private final InstantSource wall;
  private final Memories memories;
  private final RecentMemories recent = new RecentMemories();

  /// Which memory held a key when it was last looked up. It still does if it is current, has that
  /// key and lies in that scope.
  private final Map<ScopedKey, UUID> holders = new ConcurrentHashMap<>();

  private record ScopedKey(String scope, String key) {}

  Reading(SqliteJournal journal, Scopes scopes, Uses uses, InstantSource wall) {
    this.journal = journal;
    this.scopes = scopes;
    this.uses = uses;
    this.wall = wall;
    this.memories = new Memories(uses);
  }

  /// After a change is durable, before its caller is told.
  void changed(UUID id) {
    recent.changed(id);
  }

  void changedAll() {
    recent.changedAll();
    // Imported memories may share a key: who holds it is to be looked up again.
    holders.clear();
  }

  // By id

  Memory get(UUID id, AsOf asOf) {
    if (asOf.equals(AsOf.NOW)) {
      return used(current(id));
    }
    var memory = journal.readConsistently(reader -> at(reader, id, asOf));
    if (asOf.knownAt() == null) {
      uses.count(id);
    }
    return memory;
  }

  /// A memory that is answered.
  private Memory used(Memory memory) {
    uses.count(memory.id());
    return memory;
  }

  private Memory current(UUID id) {
    long now = wall.millis();
    var held = recent.get(id);
    if (held == null || now - held.atMillis() > HELD_MILLIS_MAX) {
      long epoch = recent.epoch();
      var read =
          held == null
              ? journal.readProving(reader -> readCurrent(reader, id, now))
              : memories.refreshed(held.memory(), now);
      held = new RecentMemories.Held(read, now);
      recent.put(held, epoch);
    }
    var memory = held.memory();
    if (memory.expires() != null && memory.expires().toEpochMilli() <= now) {
      throw notFound(id);
    }
    return memory;
  }

  private Memory readCurrent(Reader reader, UUID id, long now) throws SQLException {
    var live = reader.live(id);
    if (live == null) {
      var state = reader.state(id);
      if (state == null || !state.live()) {
        throw notFound(id);
      }
      return at(reader, id, AsOf.NOW);
    }
    return memories.of(reader, scopes.name(reader, live.scope()), live.head(), live.created(), now);
  }

  /// Whether reads of the present see a memory.
  boolean isCurrent(UUID id) {
    return journal.readConsistently(reader -> {
      try {
        at(reader, id, AsOf.NOW);
        return true;
      } catch (NotFound _) {
        return false;
      }
    });
  }

  /// A memory at a moment, on either clock, on a branch.
  Memory at(Reader reader, UUID id, AsOf asOf) throws SQLException {
    var now = reader.state(id);
    if (now == null) {
      throw notFound(id);
    }
    var state = now;
    long moment = wall.millis();
    if (asOf.knownAt() != null) {
      moment = asOf.knownAt().toEpochMilli();
      state = MemoryState.known(id, now.scope(), reader.history(now), HybridClock.endOf(moment));
    }
    if (!state.live()) {
      throw notFound(id);
    }
    long branch = branch(reader, id, state, asOf.branch());
    var chosen =
        asOf.validAt() == null
            ? state.head(branch)
            : state.at(branch, asOf.validAt().toEpochMilli());
    if (chosen == null) {
      throw new NotFound(
          "nothing is known of memory " + id + " for " + asOf.validAt(), "id", id.toString());
    }
    var entry = reader.entry(chosen.pos());
    if (entry.erased()) {
      throw new NotFound("the content of memory " + id + " was erased", "id", id.toString());
    }
    var memory =
        memories.of(reader, scopes.name(reader, now.scope()), entry, now.created(), wall.millis());
    if (memory.expires() != null && memory.expires().toEpochMilli() <= moment) {
      throw notFound(id);
    }
    return memory;
  }

  private static long branch(Reader reader, UUID id, MemoryState state, String name)
      throws SQLException {
    if (name.equals(AsOf.MAIN)) {
      return Header.MAIN;
    }
    for (var each : state.current()) {
      if (each.branch() != Header.MAIN && name.equals(reader.entry(each.pos()).branchName())) {
        return each.branch();
      }
    }
    throw new NotFound(
        "the memory has no branch of this name", "id", id.toString(), "branch", name);
  }

  static NotFound notFound(UUID id) {
    return new NotFound("there is no memory " + id, "id", id.toString());
  }

  // By key

  /// From the first of the scopes that has it.
  Memory get(List<String> paths, String key, AsOf asOf) {
    for (var path : paths) {
      if (asOf.equals(AsOf.NOW)) {
        var held = held(path, key);
        if (held != null) {
          return used(held);
        }
        continue;
      }
      var id = asOf.knownAt() == null ? holder(path, key) : pastHolder(path, key, asOf);
      if (id != null) {
        try {
          return get(id, asOf);
        } catch (NotFound e) {
          // Expired, or not known or not true at that moment: an ancestor may have it.
        }
      }
    }
    throw new NotFound(
        "there is no memory under this key in " + paths.getFirst() + " or above",
        "scope",
        paths.getFirst());
  }

  /// What holds under a key in a scope now; null where nothing does.
  @Nullable Memory holding(String path, String key) {
    var held = held(path, key);
    return held != null && held.holdsAt(wall.instant()) ? used(held) : null;
  }

  /// The memory that holds a key in a scope now, without the journal where it was read lately; null
  /// where there is none.
  private @Nullable Memory held(String path, String key) {
    var place = new ScopedKey(path, key);
    var known = holders.get(place);
    var memory = known == null ? null : ifCurrent(known, place);
    // The key of one that expires may be another's by now, whatever the wall clock says.
    if (memory != null && memory.expires() == null) {
      return memory;
    }
    long epoch = recent.epoch();
    var id = holder(path, key);
    if (id == null) {
      holders.remove(place);
      return null;
    }
    if (holders.size() >= HOLDERS_MAX) {
      holders.clear();
    }
    holders.compute(place, (_, present) -> recent.epoch() == epoch ? id : present);
    return ifCurrent(id, place);
  }

  private @Nullable Memory ifCurrent(UUID id, ScopedKey place) {
    try {
      var memory = current(id);
      return place.key.equals(memory.key()) && place.scope.equals(memory.scope()) ? memory : null;
    } catch (NotFound _) {
      return null;
    }
  }

  @Nullable UUID holder(String path, String key) {
    return journal.readProving(reader -> {
      long scope = reader.scope(path);
      return scope == 0 ? null : reader.keyHolder(scope, key);
    });
  }

  /// Who held a key at a past moment: the one that is found by looking at the scope as it was.
  private @Nullable UUID pastHolder(String path, String key, AsOf asOf) {
    long millis = Objects.requireNonNull(asOf.knownAt()).toEpochMilli();
    var source = scopes.source(path);
    if (source == null) {
      return null;
    }
    // The revision that spoke for a memory then is its key's; expired ones count, so that an older
    // interval does not speak in their place.
    var moment = new Moment(HybridClock.endOf(millis), null, Long.MIN_VALUE);
    var view = source.view();
    var heads = new HashMap<UUID, Integer>();
    view.visit(
        moment,
        Filter.ALL,
        row ->
            heads.merge(
                view.id(row),
                row,
                (one, other) -> view.validFrom(other) > view.validFrom(one) ? other : one));
    var rows = heads.values().stream().map(view::pos).sorted().toList();
    return journal.read(reader -> {
      for (long pos : rows) {
        var entry = reader.entry(pos);
        var body = entry.decoded();
        if (body != null
            && body.attributes() != null
            && body.attributes().expires() > millis
            && key.equals(body.attributes().key())) {
          return entry.header().memory();
        }
      }
      return null;
    });
  }

  // By row

  /// The memories of chosen rows; null where one was erased since its row was chosen.
  List<@Nullable Memory> rows(List<Chosen> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    long now = wall.millis();
    var positions = rows.stream().mapToLong(Chosen::pos).toArray();
    return journal.readConsistently(reader -> {
      var entries = reader.entries(positions);
      var loaded = new ArrayList<@Nullable Memory>(rows.size());
      for (var row : rows) {
        var entry = Objects.requireNonNull(entries.get(row.pos()));
        loaded.add(
            entry.erased()
                ? null
                : memories.of(
                    reader,
                    row.source().path(),
                    entry,
                    row.source().view().created(row.row()),
                    now));
      }
      return loaded;
    });
  }

  // History

  List<Revised> history(UUID id) {
    return journal.readConsistently(reader -> {
      var state = reader.state(id);
      if (state == null) {
        throw notFound(id);
      }
      var entries = reader.history(state);
      var scope = reader.scopePath(state.scope());
      var revisions = new ArrayList<Revised>(entries.size());
      for (var entry : entries) {
        revisions.add(revised(reader, entry, entries, scope == null ? "" : scope, state.created()));
      }
      return revisions;
    });
  }

  private Revised revised(Reader reader, Entry entry, List<Entry> all, String scope, long created)
      throws SQLException {
    var header = entry.header();
    var body = entry.decoded();
    var parents = new ArrayList<Integer>();
    for (var reference : header.parents()) {
      for (var candidate : all) {
        if (Arrays.equals(candidate.reference(), reference)) {
          parents.add(candidate.header().number());
        }
      }
    }
    return new Revised(
        header.memory(),
        header.number(),
        header.change(),
        entry.branchName(),
        parents,
        Instant.ofEpochMilli(HybridClock.millis(header.recorded())),
        body == null ? null : body.cause().session(),
        body == null ? null : body.cause().tool(),
        body == null ? null : body.cause().message(),
        reader.siteOf(entry),
        entry.seq(),
        Hash.hex(entry.hash()),
        entry.erased(),
        body != null && header.recordsValue() && entry.base() != Entry.LOST
            ? memories.of(reader, scope, entry, created, wall.millis())
            : null);
  }

  String diff(UUID id, int from, int to) {
    var history = history(id);
    return TextDiff.unified(
        Memories.lines(numbered(history, id, from)),
        Memories.lines(numbered(history, id, to)),
        "revision " + from,
        "revision " + to);
  }

  private static Memory numbered(List<Revised> history, UUID id, int revision) {
    for (var each : history) {
      if (each.revision() == revision && each.memory() != null) {
        return each.memory();
      }
    }
    throw new NotFound(
        "the memory has no revision " + revision + " with a value",
        "id",
        id.toString(),
        "revision",
        revision);
  }
}
