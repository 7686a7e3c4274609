package dev.remanence.life;

import dev.remanence.AsOf;
import dev.remanence.Change;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.Written;
import dev.remanence.journal.Body.Cause;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Header;
import dev.remanence.journal.Journal.Proposal;
import dev.remanence.journal.Ledger;
import dev.remanence.journal.Value;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Branches of a memory: how they begin, how they merge, and how an older revision comes back.
///
/// Lives as long as its [Changes].
public final class Branching {
  private final Ledger ledger;
  private final Cause cause;
  private final Present present;
  private final Appending appending;

  Branching(Ledger ledger, Cause cause, Present present, Appending appending) {
    this.ledger = ledger;
    this.cause = cause;
    this.present = present;
    this.appending = appending;
  }

  /// Makes an older revision's value current again, also of a forgotten memory.
  public Written revert(UUID id, int revision, @Nullable String message) throws SQLException {
    var state = ledger.reader().state(id);
    if (state == null || state.erased()) {
      throw Present.notFound(id);
    }
    var target = present.numbered(state, revision);
    var value = ledger.reader().value(target);
    var head = state.head(Header.MAIN);
    var place = head == null ? Present.current(target) : head;
    var held = new Held(state, Present.current(target), value);
    if (value.key() != null) {
      var holder = present.keyHolder(state.scope(), value.key());
      if (holder != null && !holder.state().id().equals(id)) {
        throw new Conflict(
            "the key of that revision belongs to another memory now", "id", holder.id().toString());
      }
    }
    var base = ledger.reader().entry(held.head().base());
    var header =
        new Header(
            Change.REVERT,
            state.number() + 1,
            ledger.recorded(),
            id,
            place.from(),
            place.until(),
            Header.MAIN,
            false,
            head == null ? List.of() : List.of(head.reference()),
            base.reference());
    var entry =
        appending
            .append(
                state,
                List.of(
                    new Proposal(
                        header,
                        value.body(false, cause.message(message)),
                        state.last(),
                        base.pos())))
            .getLast();
    return new Written(id, entry.header().number());
  }

  /// Starts a branch with what is current on main, or with one revision's value.
  public Written branch(
      UUID id, String name, @Nullable Integer fromRevision, @Nullable String message)
      throws SQLException {
    var main = present.require(id, AsOf.MAIN);
    var state = main.state();
    if (name.equals(AsOf.MAIN) || present.findBranch(state, name) != null) {
      throw new Conflict(
          "the memory has a branch of this name already", "id", id.toString(), "branch", name);
    }
    var starts =
        fromRevision == null
            ? state.onBranch(Header.MAIN)
            : List.of(Present.current(present.numbered(state, fromRevision)));
    long branch = ledger.random().nextLong() | 1;
    var proposals = new ArrayList<Proposal>();
    int number = state.number();
    for (var start : starts) {
      var value = ledger.reader().value(ledger.reader().entry(start.pos()));
      var header =
          new Header(
              Change.BRANCH,
              ++number,
              ledger.recorded(),
              id,
              start.from(),
              start.until(),
              branch,
              false,
              List.of(start.reference()),
              ledger.reader().entry(start.base()).reference());
      proposals.add(
          new Proposal(
              header,
              value.body(false, cause.message(message).branch(name)),
              proposals.isEmpty() ? state.last() : Proposal.BEFORE,
              start.base()));
    }
    return new Written(id, appending.append(state, proposals).getLast().header().number());
  }

  /// Brings a branch's changes into another by a three-way merge.
  public Written merge(
      UUID id, String from, String into, ThreeWay.Side preferred, @Nullable String message)
      throws SQLException {
    var theirs = present.require(id, from);
    var ours = present.require(id, into);
    if (theirs.head().branch() == ours.head().branch()) {
      throw new InvalidInput("a branch is merged into another one", "branch", from);
    }
    var base = mergeBase(theirs, ours);
    var merged = ThreeWay.merge(base, ours.value(), theirs.value(), preferred);
    if (ours.head().branch() == Header.MAIN) {
      present.requireFreeKey(ours, merged.key());
    }
    var proposal =
        appending.proposal(
            ours,
            merged,
            Change.MERGE,
            ours.head().from(),
            ours.head().until(),
            List.of(ours.head(), theirs.head()),
            ours.state().number() + 1,
            ours.state().last(),
            cause.message(message));
    var entry = appending.append(ours.state(), List.of(proposal)).getLast();
    return new Written(id, entry.header().number());
  }

  /// What both sides started from: what was merged last, else where the younger branch began.
  Value mergeBase(Held theirs, Held ours) throws SQLException {
    var history = ledger.reader().history(theirs.state());
    Entry base = null;
    for (var entry : history) {
      var header = entry.header();
      boolean begins =
          header.change() == Change.BRANCH
              && (header.branch() == theirs.head().branch()
                  || header.branch() == ours.head().branch());
      if (begins) {
        base = entry;
      } else if (header.change() == Change.MERGE) {
        var other = mergedParent(history, entry, theirs.head().branch(), ours.head().branch());
        base = other == null ? base : other;
      }
    }
    return ledger.reader().value(Objects.requireNonNull(base, "one side began as a branch"));
  }

  static @Nullable Entry mergedParent(
      List<Entry> history, Entry merge, long oneBranch, long otherBranch) {
    if (merge.header().branch() != oneBranch && merge.header().branch() != otherBranch) {
      return null;
    }
    long wanted = merge.header().branch() == oneBranch ? otherBranch : oneBranch;
    for (var entry : history) {
      if (entry.header().branch() == wanted
          && merge.header().parents().stream()
              .anyMatch(parent -> Arrays.equals(parent, entry.reference()))) {
        return entry;
      }
    }
    return null;
  }
}
