package dev.remanence;

import dev.remanence.RemanenceException.NotFound;
import dev.remanence.VolatileTurns.Spoken;
import dev.remanence.life.Changes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The turns of a scope of a store that this process owns: docs/conversations.md. Without state.
final class EmbeddedTurns implements Turns {
  private final EmbeddedStore store;
  private final OwnedStore own;
  private final String scope;

  EmbeddedTurns(EmbeddedStore store, OwnedStore own, String scope) {
    this.store = store;
    this.own = own;
    this.scope = scope;
  }

  @Override
  public List<Remembered> add(List<Turn> turns, Keeping keeping) {
    store.access.may(Verb.WRITE, scope);
    Limits.count("turns", turns.size(), 1, Limits.BATCH_MAX);
    if (keeping == Keeping.VOLATILE) {
      return own.volatileTurns.add(scope, turns, store.tool(), own.turnClock.now(scope)).stream()
          .map(spoken ->
              new Remembered(
                  spoken.id(), 1, Remembered.Outcome.CREATED, List.of(), List.of(), false))
          .toList();
    }
    var drafts = new ArrayList<Draft>(turns.size());
    for (var turn : turns) {
      var at = turn.at() == null ? Instant.ofEpochMilli(own.turnClock.next(scope)) : turn.at();
      drafts.add(turn.draft(scope, at).defer(keeping == Keeping.DEFERRED));
    }
    return store.remembering.all(scope, drafts, Changes::remember);
  }

  /// A turn's place: where two were said in one millisecond, the volatile one is the later.
  private record Place(long atMillis, boolean isVolatile) {}

  private record Placed(Place place, Memory memory) {
    static final Comparator<Placed> LATEST_FIRST =
        Comparator.comparingLong((Placed each) -> -each.place.atMillis)
            .thenComparing(each -> !each.place.isVolatile);
  }

  @Override
  public Page list(int limit, @Nullable UUID before) {
    Limits.count("limit", limit, 1, Limits.PAGE_MAX);
    var sources = store.access.sources(scope, false, false);
    var spoken = own.volatileTurns.latest(scope, VolatileTurns.TURNS_MAX);
    var edge = before == null ? null : place(before, spoken);
    var found = new ArrayList<Placed>();
    takeVolatile(spoken, before, edge, found);
    var listing =
        Listing.FIRST
            .filter(turnsUpTo(edge))
            .order(Listing.Order.AT)
            .limit(Math.min(limit + 1, Limits.PAGE_MAX));
    boolean passed = edge == null || edge.isVolatile;
    int limited = found.size() + limit;
    while (found.size() <= limited) {
      var page = own.browsing.list(scope, sources, listing);
      for (var memory : page.memories()) {
        long at = memory.at().toEpochMilli();
        if (passed || (edge != null && at < edge.atMillis)) {
          found.add(new Placed(new Place(at, false), memory));
        }
        passed |= memory.id().equals(before);
      }
      if (page.cursor() == null) {
        break;
      }
      listing = listing.after(page.cursor());
    }
    found.sort(Placed.LATEST_FIRST);
    var turns = new ArrayList<>(found.stream().limit(limit).map(Placed::memory).toList());
    return new Page(turns.reversed(), found.size() > limit ? turns.getLast().id() : null);
  }

  private void takeVolatile(
      List<Spoken> latestFirst, @Nullable UUID before, @Nullable Place edge, List<Placed> found) {
    boolean passed = edge == null || !edge.isVolatile;
    for (var each : latestFirst) {
      if (passed && (edge == null || edge.isVolatile || each.atMillis() < edge.atMillis)) {
        found.add(new Placed(new Place(each.atMillis(), true), each.memory()));
      }
      passed |= each.id().equals(before);
    }
  }

  private static Filter turnsUpTo(@Nullable Place edge) {
    var turns = Filter.tagged(Turn.TAG);
    return edge == null
        ? turns
        : turns.within(new Filter.Span(null, Instant.ofEpochMilli(edge.atMillis + 1)), null);
  }

  private Place place(UUID id, List<Spoken> spoken) {
    for (var each : spoken) {
      if (each.id().equals(id)) {
        return new Place(each.atMillis(), true);
      }
    }
    var memory = store.get(id);
    if (!memory.scope().equals(scope) || !memory.tags().contains(Turn.TAG)) {
      throw new NotFound("there is no turn " + id + " in " + scope, "id", id.toString());
    }
    return new Place(memory.at().toEpochMilli(), false);
  }
}
