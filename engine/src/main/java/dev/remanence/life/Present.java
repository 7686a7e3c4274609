package dev.remanence.life;

import dev.remanence.AsOf;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Header;
import dev.remanence.journal.Ledger;
import dev.remanence.journal.MemoryState;
import dev.remanence.journal.MemoryState.Current;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Finds the memories that a change is about: those that reads of the present see, by id, by key
/// and by content.
///
/// Lives as long as its [Changes] and sees the journal as it will be.
final class Present {
  private final Ledger ledger;

  Present(Ledger ledger) {
    this.ledger = ledger;
  }

  Held require(UUID id, String branch) throws SQLException {
    var state = ledger.reader().state(id);
    if (state == null || !state.live()) {
      throw notFound(id);
    }
    var number = branch.equals(AsOf.MAIN) ? Long.valueOf(Header.MAIN) : findBranch(state, branch);
    if (number == null) {
      throw new NotFound(
          "the memory has no branch of this name", "id", id.toString(), "branch", branch);
    }
    var head = Objects.requireNonNull(state.head(number));
    return new Held(state, head, ledger.reader().value(ledger.reader().entry(head.pos())));
  }

  @Nullable Long findBranch(MemoryState state, String name) throws SQLException {
    for (var each : state.current()) {
      if (each.branch() != Header.MAIN
          && name.equals(ledger.reader().entry(each.pos()).branchName())) {
        return each.branch();
      }
    }
    return null;
  }

  @Nullable Held keyHolder(long scope, String key) throws SQLException {
    var id = ledger.keyHolder(scope, key);
    var held = id == null ? null : unexpired(id);
    if (id != null && held == null) {
      ledger.reassignKey(scope, key);
    }
    return held;
  }

  @Nullable Held contentHolder(long scope, byte[] identity) throws SQLException {
    var id = ledger.contentHolder(scope, identity);
    var held = id == null ? null : unexpired(id);
    if (id != null && held == null) {
      ledger.reassign(scope, identity);
    }
    return held != null && Arrays.equals(held.value().content().identity(), identity) ? held : null;
  }

  @Nullable Held unexpired(UUID id) throws SQLException {
    var state = ledger.reader().state(id);
    var head = state == null || !state.live() ? null : state.head(Header.MAIN);
    if (state == null || head == null) {
      return null;
    }
    var value = ledger.reader().value(ledger.reader().entry(head.pos()));
    return value.attributes().expires() <= ledger.nowMillis() ? null : new Held(state, head, value);
  }

  void requireFreeKey(Held held, @Nullable String key) throws SQLException {
    if (key != null && !key.equals(held.value().key())) {
      var holder = keyHolder(held.state().scope(), key);
      if (holder != null && !holder.state().id().equals(held.state().id())) {
        throw new Conflict(
            "the key belongs to another memory of this scope", "id", holder.id().toString());
      }
    }
  }

  Entry numbered(MemoryState state, int revision) throws SQLException {
    for (var entry : ledger.reader().history(state)) {
      if (entry.header().number() == revision && entry.header().recordsValue()) {
        if (entry.erased()) {
          break;
        }
        return entry;
      }
    }
    throw new NotFound(
        "the memory has no revision " + revision + " with a value",
        "id",
        state.id().toString(),
        "revision",
        revision);
  }

  static Current current(Entry entry) {
    return new Current(
        entry.pos(),
        entry.header().branch(),
        entry.header().from(),
        entry.header().until(),
        entry.reference(),
        entry.base() == 0 ? entry.pos() : entry.base());
  }

  static NotFound notFound(UUID id) {
    return new NotFound("there is no memory " + id, "id", id.toString());
  }
}
