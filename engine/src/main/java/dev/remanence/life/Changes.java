package dev.remanence.life;

import dev.remanence.AsOf;
import dev.remanence.Change;
import dev.remanence.Limits;
import dev.remanence.Link;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.Remembered;
import dev.remanence.Written;
import dev.remanence.journal.Body;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a remember, a revise, a forget becomes as revisions: the rules of docs/data-file.md,
/// "Writing rules" and "What a memory is".
///
/// One instance lives for one request, on the writer's thread: it sees the journal as it will be,
/// so what it decides cannot be overtaken.
public final class Changes {
  private final Ledger ledger;
  private final Cause cause;

  /// The content that the last change brought in.
  private @Nullable Entry newContent;

  public Changes(Ledger ledger, Cause cause) {
    this.ledger = ledger;
    this.cause = cause;
  }

  // Remember

  /// Remembers: creates, reinforces a repeat, or revises or supersedes the value of a key.
  ///
  /// @param superseding never replace a key's value, always end it where the new one begins
  public Remembered remember(String scopePath, Wish wish, boolean superseding) throws SQLException {
    long scope = ledger.openScope(scopePath);
    if (wish.id() != null) {
      var state = ledger.reader().state(wish.id());
      if (state != null) {
        return again(state, scope, wish);
      }
    }
    var holder = wish.key() == null ? null : keyHolder(scope, wish.key());
    if (holder != null) {
      if (wish.id() != null) {
        throw new Conflict(
            "the key belongs to another memory; leave the id out to revise it",
            "id",
            holder.id().toString());
      }
      return underKey(holder, wish, superseding);
    }
    if (wish.key() == null && wish.id() == null) {
      var repeated = contentHolder(scope, content(wish).identity());
      if (repeated != null) {
        return reinforce(repeated, wish);
      }
    }
    return create(scope, wish);
  }

  private static Body.Content content(Wish wish) {
    return Objects.requireNonNull(wish.content(), "a remembered wish has content");
  }

  /// The same id again: the first outcome, if it says the same.
  private Remembered again(MemoryState state, long scope, Wish wish) throws SQLException {
    var first = ledger.reader().history(state).getFirst();
    // Before its scope, whose name may have been erased and taken again.
    if (state.erased() || first.erased()) {
      throw new Conflict(
          "the memory of this id was erased; take a new id", "id", state.id().toString());
    }
    if (state.scope() != scope) {
      throw new InvalidInput(
          "the id belongs to a memory of another scope; leave the scope out or name its own",
          "id",
          state.id().toString());
    }
    var value = ledger.reader().value(first);
    if (!Arrays.equals(value.content().identity(), content(wish).identity())
        || !Objects.equals(value.key(), wish.key())) {
      throw new Conflict(
          "this id was used for other content; take a new id, or revise the memory",
          "id",
          state.id().toString(),
          "revision",
          state.number());
    }
    return new Remembered(
        state.id(),
        first.header().number(),
        Remembered.Outcome.CREATED,
        List.of(),
        List.of(),
        true);
  }

  private Remembered create(long scope, Wish wish) throws SQLException {
    long from = wish.at() == null ? ledger.nowMillis() : wish.at();
    long until = wish.until() == null ? Header.OPEN : wish.until();
    requireInterval(from, until);
    var state =
        new MemoryState(
            wish.id() == null ? Uuid7.next(ledger.nowMillis(), ledger.random()) : wish.id(), scope);
    var header =
        new Header(
            Change.CREATE,
            1,
            ledger.recorded(),
            state.id(),
            from,
            until,
            Header.MAIN,
            true,
            List.of(),
            null);
    var value = new Value(content(wish), wish.fresh());
    append(state, List.of(new Proposal(header, value.body(true, cause), 0, 0)));
    return new Remembered(state.id(), 1, Remembered.Outcome.CREATED, List.of(), List.of(), true);
  }

  /// The same content again: the counter goes up, tags are united, the first `at` stays.
  private Remembered reinforce(Held held, Wish wish) throws SQLException {
    var before = held.value.attributes();
    var tags = new HashSet<>(before.tags());
    if (wish.tags() != null) {
      tags.addAll(wish.tags());
    }
    var provenance = before.provenance();
    var attributes =
        new Body.Attributes(
            before.kind(),
            before.key(),
            Wish.sorted(tags),
            before.metadata(),
            wish.importance() == null
                ? before.importance()
                : Math.max(before.importance(), wish.importance()),
            before.pinned() || (wish.pinned() != null && wish.pinned()),
            before.links(),
            wish.expires() == null ? before.expires() : wish.expires(),
            before.count() + 1,
            new dev.remanence.Provenance(
                provenance.session(),
                provenance.tool(),
                provenance.source(),
                provenance.sourceTime(),
                provenance.method(),
                provenance.confidence(),
                Instant.ofEpochMilli(ledger.nowMillis()),
                provenance.parent()));
    var entry = replace(held, Change.REINFORCE, held.value.with(attributes), held.head, cause);
    return remembered(held.state, entry, Remembered.Outcome.REINFORCED);
  }

  /// A key that is there: a correction, or another value for another time.
  private Remembered underKey(Held held, Wish wish, boolean superseding) throws SQLException {
    var value = new Value(content(wish), wish.over(held.value.attributes()));
    var entry =
        superseding || (wish.at() != null && wish.at() != held.head.from())
            ? supersede(held, value, wish)
            : revise(held, value, Change.REVISE, wish.at(), wish.until(), cause);
    return remembered(held.state, entry, Remembered.Outcome.REVISED);
  }

  private static Remembered remembered(MemoryState state, Entry entry, Remembered.Outcome outcome) {
    return new Remembered(state.id(), entry.header().number(), outcome, List.of(), List.of(), true);
  }

  /// Another value from a moment on, or for a span of time; what was known of that time is cut.
  private Entry supersede(Held held, Value value, Wish wish) throws SQLException {
    long from = wish.at() == null ? ledger.nowMillis() : wish.at();
    long until = wish.until() == null ? nextStart(held.state, from) : wish.until();
    requireInterval(from, until);
    return assertInterval(held, value, Change.SUPERSEDE, from, until, null, cause);
  }

  private static long nextStart(MemoryState state, long from) {
    return state.onBranch(Header.MAIN).stream()
        .mapToLong(Current::from)
        .filter(start -> start > from)
        .min()
        .orElse(Header.OPEN);
  }

  /// Records a value for `[from, until)` on a branch and re-records what is left of everything it
  /// overlaps, in one append. `replaced`, if given, is replaced wherever it lies.
  private Entry assertInterval(
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
    int number = held.state.number();
    for (var other : held.state.onBranch(held.head.branch())) {
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
    return append(held.state, proposals).getLast();
  }

  private static long previous(Held held, List<Proposal> proposals) {
    return proposals.isEmpty() ? held.state.last() : Proposal.BEFORE;
  }

  /// The same value with narrower validity.
  private Proposal bound(Held held, Current other, long from, long until, int number, long previous)
      throws SQLException {
    var value = ledger.reader().value(ledger.reader().entry(other.pos()));
    var narrowed = new Held(held.state, other, value);
    return proposal(
        narrowed, value, Change.BOUND, from, until, List.of(other), number, previous, cause);
  }

  /// A revision that stands for `held.head` or beside it. The content is left out where it is the
  /// one that is there.
  private Proposal proposal(
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
    boolean sameContent = value.content().equals(held.value.content());
    var header =
        new Header(
            change,
            number,
            ledger.recorded(),
            held.state.id(),
            from,
            until,
            held.head.branch(),
            !sameContent,
            parents.stream().map(Current::reference).toList(),
            sameContent ? ledger.reader().entry(held.head.base()).reference() : null);
    return new Proposal(
        header,
        value.body(!sameContent, branchNamed(held, why)),
        previous,
        sameContent ? held.head.base() : 0);
  }

  private Cause branchNamed(Held held, Cause why) throws SQLException {
    if (held.head.branch() == Header.MAIN || why.branch() != null) {
      return why;
    }
    return why.branch(branchName(ledger.reader().entry(held.head.pos())));
  }

  // Revise

  /// Changes what is known of the interval that speaks for the memory: as the wish says that is
  /// made for the content found there.
  public Written revise(
      UUID id,
      Function<Body.Content, Wish> wishes,
      String branch,
      @Nullable Integer ifRevision,
      @Nullable String message)
      throws SQLException {
    var held = require(id, branch);
    if (held.value.attributes().expires() <= ledger.nowMillis()) {
      throw notFound(id);
    }
    var wish = wishes.apply(held.value.content());
    int revision = ledger.reader().entry(held.head.pos()).header().number();
    if (ifRevision != null && ifRevision != revision) {
      throw new Conflict(
          "the memory is at revision "
              + revision
              + ", not at "
              + ifRevision
              + "; read it again and decide anew",
          "id",
          id.toString(),
          "expected",
          ifRevision,
          "found",
          revision);
    }
    var content = wish.content() == null ? held.value.content() : wish.content();
    var value = new Value(content, wish.over(held.value.attributes()));
    requireFreeKey(held, value.key());
    var entry = revise(held, value, Change.REVISE, wish.at(), wish.until(), cause.message(message));
    return new Written(id, entry.header().number());
  }

  private void requireFreeKey(Held held, @Nullable String key) throws SQLException {
    if (key != null && !key.equals(held.value.key())) {
      var holder = keyHolder(held.state.scope(), key);
      if (holder != null && !holder.state.id().equals(held.state.id())) {
        throw new Conflict(
            "the key belongs to another memory of this scope", "id", holder.id().toString());
      }
    }
  }

  private Entry revise(
      Held held, Value value, Change change, @Nullable Long at, @Nullable Long end, Cause why)
      throws SQLException {
    long from = at == null ? held.head.from() : at;
    long until = end == null ? held.head.until() : end;
    requireInterval(from, until);
    return assertInterval(held, value, change, from, until, held.head, why);
  }

  private Entry replace(Held held, Change change, Value value, Current replaced, Cause why)
      throws SQLException {
    var proposal =
        proposal(
            held,
            value,
            change,
            replaced.from(),
            replaced.until(),
            List.of(replaced),
            held.state.number() + 1,
            held.state.last(),
            why);
    return append(held.state, List.of(proposal)).getLast();
  }

  public Written link(UUID from, String type, UUID to) throws SQLException {
    return relink(from, new Link(type, to), true);
  }

  public Written unlink(UUID from, String type, UUID to) throws SQLException {
    return relink(from, new Link(type, to), false);
  }

  private Written relink(UUID from, Link link, boolean present) throws SQLException {
    var held = require(from, AsOf.MAIN);
    var links = new ArrayList<>(held.value.attributes().links());
    boolean changed = present ? !links.contains(link) && links.add(link) : links.remove(link);
    if (!changed) {
      if (!present) {
        throw new NotFound(
            "the memory has no such link", "id", from.toString(), "to", link.to().toString());
      }
      return new Written(from, ledger.reader().entry(held.head.pos()).header().number());
    }
    return relink(held, present ? Change.LINK : Change.UNLINK, links);
  }

  /// Puts other links in place of a memory's, as one revision; nothing where they are the same.
  public Written relink(UUID from, Change change, List<Link> links) throws SQLException {
    var held = require(from, AsOf.MAIN);
    if (Wish.sortedLinks(links).equals(held.value.attributes().links())) {
      return new Written(from, ledger.reader().entry(held.head.pos()).header().number());
    }
    return relink(held, change, links);
  }

  private Written relink(Held held, Change change, List<Link> links) throws SQLException {
    Limits.count("links", links.size(), 0, Limits.LINKS_MAX);
    var wish = Wish.NONE.links(links);
    var value = held.value.with(wish.over(held.value.attributes()));
    var entry = replace(held, change, value, held.head, cause);
    return new Written(held.id(), entry.header().number());
  }

  // Forget and erase

  /// Takes a memory out of every read of the present. False where it was out already.
  public boolean forget(UUID id, @Nullable String reason) throws SQLException {
    var state = ledger.reader().state(id);
    if (state == null || state.erased()) {
      throw notFound(id);
    }
    if (!state.live()) {
      return false;
    }
    end(state, Change.FORGET, reason);
    return true;
  }

  /// Ends a memory with an ERASE revision and removes the bodies of all its revisions. Answers the
  /// entries that lost theirs, as they were.
  public List<Entry> erase(UUID id, @Nullable String reason) throws SQLException {
    var state = ledger.reader().state(id);
    if (state == null || state.erased()) {
      throw notFound(id);
    }
    var entries = ledger.reader().history(state);
    end(state, Change.ERASE, reason);
    var bearing = entries.stream().filter(entry -> !entry.erased()).toList();
    ledger.erase(bearing);
    return bearing;
  }

  private void end(MemoryState state, Change change, @Nullable String reason) throws SQLException {
    var head = state.head(Header.MAIN);
    long now = ledger.nowMillis();
    var header =
        new Header(
            change,
            state.number() + 1,
            ledger.recorded(),
            state.id(),
            now,
            Header.OPEN,
            Header.MAIN,
            false,
            head == null ? List.of() : List.of(head.reference()),
            null);
    var body = new Body(null, null, cause.message(reason));
    append(state, List.of(new Proposal(header, body, state.last(), 0)));
  }

  // Branches

  /// Makes an older revision's value current again, also of a forgotten memory.
  public Written revert(UUID id, int revision, @Nullable String message) throws SQLException {
    var state = ledger.reader().state(id);
    if (state == null || state.erased()) {
      throw notFound(id);
    }
    var target = numbered(state, revision);
    var value = ledger.reader().value(target);
    var head = state.head(Header.MAIN);
    var place = head == null ? current(target) : head;
    var held = new Held(state, current(target), value);
    if (value.key() != null) {
      var holder = keyHolder(state.scope(), value.key());
      if (holder != null && !holder.state.id().equals(id)) {
        throw new Conflict(
            "the key of that revision belongs to another memory now", "id", holder.id().toString());
      }
    }
    var base = ledger.reader().entry(held.head.base());
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
        append(
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

  private Entry numbered(MemoryState state, int revision) throws SQLException {
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

  private static Current current(Entry entry) {
    return new Current(
        entry.pos(),
        entry.header().branch(),
        entry.header().from(),
        entry.header().until(),
        entry.reference(),
        entry.base() == 0 ? entry.pos() : entry.base());
  }

  /// Starts a branch with what is current on main, or with one revision's value.
  public Written branch(
      UUID id, String name, @Nullable Integer fromRevision, @Nullable String message)
      throws SQLException {
    var main = require(id, AsOf.MAIN);
    var state = main.state;
    if (name.equals(AsOf.MAIN) || findBranch(state, name) != null) {
      throw new Conflict(
          "the memory has a branch of this name already", "id", id.toString(), "branch", name);
    }
    var starts =
        fromRevision == null
            ? state.onBranch(Header.MAIN)
            : List.of(current(numbered(state, fromRevision)));
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
    return new Written(id, append(state, proposals).getLast().header().number());
  }

  /// Brings a branch's changes into another by a three-way merge.
  public Written merge(
      UUID id, String from, String into, ThreeWay.Side preferred, @Nullable String message)
      throws SQLException {
    var theirs = require(id, from);
    var ours = require(id, into);
    if (theirs.head.branch() == ours.head.branch()) {
      throw new InvalidInput("a branch is merged into another one", "branch", from);
    }
    var base = mergeBase(theirs, ours);
    var merged = ThreeWay.merge(base, ours.value, theirs.value, preferred);
    if (ours.head.branch() == Header.MAIN) {
      requireFreeKey(ours, merged.key());
    }
    var proposal =
        proposal(
            ours,
            merged,
            Change.MERGE,
            ours.head.from(),
            ours.head.until(),
            List.of(ours.head, theirs.head),
            ours.state.number() + 1,
            ours.state.last(),
            cause.message(message));
    var entry = append(ours.state, List.of(proposal)).getLast();
    return new Written(id, entry.header().number());
  }

  /// What both sides started from: what was merged last, else where the younger branch began.
  private Value mergeBase(Held theirs, Held ours) throws SQLException {
    var history = ledger.reader().history(theirs.state);
    Entry base = null;
    for (var entry : history) {
      var header = entry.header();
      boolean begins =
          header.change() == Change.BRANCH
              && (header.branch() == theirs.head.branch() || header.branch() == ours.head.branch());
      if (begins) {
        base = entry;
      } else if (header.change() == Change.MERGE) {
        var other = mergedParent(history, entry, theirs.head.branch(), ours.head.branch());
        base = other == null ? base : other;
      }
    }
    return ledger.reader().value(Objects.requireNonNull(base, "one side began as a branch"));
  }

  private static @Nullable Entry mergedParent(
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

  /// Appends, and remembers which revision holds content that was not there before.
  private List<Entry> append(MemoryState state, List<Proposal> proposals) throws SQLException {
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

  /// Writes what a model computed of the content that the last change brought in; nothing where it
  /// brought in none.
  public void keepVectors(VectorTable.@Nullable Computed computed) throws SQLException {
    if (newContent != null && computed != null) {
      VectorTable.put(ledger, newContent.pos(), computed);
    }
    newContent = null;
  }

  // Finding

  /// A memory, and the revision that speaks for it.
  public record Found(UUID id, int revision, Value value) {}

  /// The memory that a key stands for in a scope, or null.
  public @Nullable Found under(String scopePath, String key) throws SQLException {
    long scope = ledger.reader().scope(scopePath);
    var held = scope == 0 ? null : keyHolder(scope, key);
    if (held == null) {
      return null;
    }
    int revision = ledger.reader().entry(held.head.pos()).header().number();
    return new Found(held.id(), revision, held.value);
  }

  /// Whether reads of the present see a memory.
  public boolean isCurrent(UUID id) throws SQLException {
    return unexpired(id) != null;
  }

  /// A live memory, the revision that speaks for it on a branch, and what that says.
  private record Held(MemoryState state, Current head, Value value) {
    UUID id() {
      return state.id();
    }
  }

  private Held require(UUID id, String branch) throws SQLException {
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

  private @Nullable Long findBranch(MemoryState state, String name) throws SQLException {
    for (var each : state.current()) {
      if (each.branch() != Header.MAIN
          && name.equals(branchName(ledger.reader().entry(each.pos())))) {
        return each.branch();
      }
    }
    return null;
  }

  /// The branch that an entry's body names.
  public static String branchName(Entry entry) {
    var body = entry.decoded();
    return body == null || body.cause().branch() == null ? AsOf.MAIN : body.cause().branch();
  }

  private @Nullable Held keyHolder(long scope, String key) throws SQLException {
    var id = ledger.reader().keyHolder(scope, key);
    var held = id == null ? null : unexpired(id);
    if (id != null && held == null) {
      ledger.reassignKey(scope, key);
    }
    return held;
  }

  private @Nullable Held contentHolder(long scope, byte[] identity) throws SQLException {
    var id = ledger.reader().contentHolder(scope, identity);
    var held = id == null ? null : unexpired(id);
    if (id != null && held == null) {
      ledger.reassign(scope, identity);
    }
    return held != null && Arrays.equals(held.value.content().identity(), identity) ? held : null;
  }

  private @Nullable Held unexpired(UUID id) throws SQLException {
    var state = ledger.reader().state(id);
    var head = state == null || !state.live() ? null : state.head(Header.MAIN);
    if (state == null || head == null) {
      return null;
    }
    var value = ledger.reader().value(ledger.reader().entry(head.pos()));
    return value.attributes().expires() <= ledger.nowMillis() ? null : new Held(state, head, value);
  }

  private static void requireInterval(long from, long until) {
    if (until <= from) {
      throw new InvalidInput("until lies after at", "field", "until");
    }
  }

  private static NotFound notFound(UUID id) {
    return new NotFound("there is no memory " + id, "id", id.toString());
  }
}
