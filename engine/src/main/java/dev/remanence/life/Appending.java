package dev.remanence.life;

import dev.remanence.Change;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.journal.Body.Cause;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Header;
import dev.remanence.journal.Journal.Proposal;
import dev.remanence.journal.Ledger;
import dev.remanence.journal.MemoryState;
import dev.remanence.journal.MemoryState.Current;
import dev.remanence.journal.SideTable;
import dev.remanence.journal.Value;
import dev.remanence.journal.VectorTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How values come into the journal: as proposals that stand for earlier revisions or beside them,
/// with what they overlap cut. See docs/data-file.md, "Writing rules".
///
/// Lives as long as its [Changes].
final class Appending {
  private final Ledger ledger;
  private final Cause cause;

  /// The content that the last change brought in.
  @Nullable Entry newContent;

  Appending(Ledger ledger, Cause cause) {
    this.ledger = ledger;
    this.cause = cause;
  }

  /// Appends, and remembers which revision holds content that was not there before.
  List<Entry> append(MemoryState state, List<Proposal> proposals) throws SQLException {
    for (var proposal : proposals) {
      var content = proposal.body().content();
      if (content != null && content.vector() != null) {
        requireDimension(state.scope(), content.vector().length);
      }
    }
    var entries = ledger.append(state, proposals);
    for (var entry : entries) {
      if (entry.header().holdsContent()) {
        newContent = entry;
      }
    }
    return entries;
  }

  /// Writes what a model computed of the content that the last change brought in; nothing where it
  /// brought in none.
  void keepVectors(VectorTable.@Nullable Computed computed) throws SQLException {
    if (newContent != null && computed != null) {
      VectorTable.put(ledger, newContent.pos(), computed);
    }
    newContent = null;
  }

  /// Records a value for `[from, until)` on a branch and re-records what is left of everything it
  /// overlaps, in one append. `replaced`, if given, is replaced wherever it lies.
  Entry assertInterval(
      Held held,
      Value value,
      Change change,
      long from,
      long until,
      @Nullable Current replaced,
      Cause why)
      throws SQLException {
    var proposals = new ArrayList<Proposal>();
    var parents = new ArrayList<Current>();
    if (replaced != null) {
      parents.add(replaced);
    }
    int number = held.state().number();
    for (var other : held.state().onBranch(held.head().branch())) {
      if (other.equals(replaced) || other.until() <= from || other.from() >= until) {
        continue;
      }
      if (other.from() >= from && other.until() <= until) {
        parents.add(other);
        continue;
      }
      if (other.from() < from) {
        proposals.add(bound(held, other, other.from(), from, ++number, previous(held, proposals)));
      }
      if (other.until() > until) {
        proposals.add(
            bound(held, other, until, other.until(), ++number, previous(held, proposals)));
      }
    }
    if (parents.size() > Header.PARENTS_MAX) {
      throw new InvalidInput(
          "a value may replace up to "
              + Header.PARENTS_MAX
              + " earlier ones at once; this one would replace "
              + parents.size()
              + ": give it a shorter span",
          "found",
          parents.size());
    }
    proposals.add(
        proposal(
            held, value, change, from, until, parents, ++number, previous(held, proposals), why));
    return append(held.state(), proposals).getLast();
  }

  /// The same value with narrower validity.
  Proposal bound(Held held, Current other, long from, long until, int number, long previous)
      throws SQLException {
    var value = ledger.reader().value(ledger.reader().entry(other.pos()));
    var narrowed = new Held(held.state(), other, value);
    return proposal(
        narrowed, value, Change.BOUND, from, until, List.of(other), number, previous, cause);
  }

  Entry replace(Held held, Change change, Value value, Current replaced, Cause why)
      throws SQLException {
    var proposal =
        proposal(
            held,
            value,
            change,
            replaced.from(),
            replaced.until(),
            List.of(replaced),
            held.state().number() + 1,
            held.state().last(),
            why);
    return append(held.state(), List.of(proposal)).getLast();
  }

  /// A revision that stands for `held.head()` or beside it. The content is left out where it is the
  /// one that is there.
  Proposal proposal(
      Held held,
      Value value,
      Change change,
      long from,
      long until,
      List<Current> parents,
      int number,
      long previous,
      Cause why)
      throws SQLException {
    boolean sameContent = value.content().equals(held.value().content());
    var header =
        new Header(
            change,
            number,
            ledger.recorded(),
            held.state().id(),
            from,
            until,
            held.head().branch(),
            !sameContent,
            parents.stream().map(Current::reference).toList(),
            sameContent ? ledger.reader().entry(held.head().base()).reference() : null);
    return new Proposal(
        header,
        value.body(!sameContent, branchNamed(held, why)),
        previous,
        sameContent ? held.head().base() : 0);
  }

  static void requireInterval(long from, long until) {
    if (until <= from) {
      throw new InvalidInput("until lies after at", "field", "until");
    }
  }

  private static long previous(Held held, List<Proposal> proposals) {
    return proposals.isEmpty() ? held.state().last() : Proposal.BEFORE;
  }

  private Cause branchNamed(Held held, Cause why) throws SQLException {
    if (held.head().branch() == Header.MAIN || why.branch() != null) {
      return why;
    }
    return why.branch(ledger.reader().entry(held.head().pos()).branchName());
  }

  /// The vectors that callers give in a scope have one dimension: the first one's.
  private void requireDimension(long scope, int dimension) throws SQLException {
    var row = SideTable.GIVEN.get(ledger.reader(), scope);
    if (row == null) {
      SideTable.GIVEN.put(ledger, scope, (long) dimension);
    } else if (row.number(1) != dimension) {
      throw new InvalidInput(
          "the vectors given in this scope have "
              + row.number(1)
              + " numbers; found "
              + dimension
              + ": another model's vectors belong into another scope",
          "field",
          "vector",
          "expected",
          row.number(1),
          "found",
          dimension);
    }
  }
}
