package dev.remanence.life;

import dev.remanence.AsOf;
import dev.remanence.Change;
import dev.remanence.ConflictRecord.Reason;
import dev.remanence.ConflictRecord.Relation;
import dev.remanence.Fact;
import dev.remanence.Json;
import dev.remanence.Limits;
import dev.remanence.Link;
import dev.remanence.Provenance;
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
  private final Present present;
  private final Appending appending;

  public Changes(Ledger ledger, Cause cause) {
    this.ledger = ledger;
    this.cause = cause;
    this.present = new Present(ledger);
    this.appending = new Appending(ledger, cause);
  }

  /// What the same request does with branches.
  public Branching branches() {
    return new Branching(ledger, cause, present, appending);
  }

  /// What the curator does in the same request.
  public Curating curating() {
    return new Curating(ledger, cause, this, present, appending);
  }

  /// What the same request does with conflicts.
  public Conflicting conflicts() {
    return new Conflicting(this, present, cause);
  }

  /// Writes what a model computed of the content that the last change brought in; nothing where it
  /// brought in none.
  public void keepVectors(VectorTable.@Nullable Computed computed) throws SQLException {
    appending.keepVectors(computed);
  }

  // Remember

  /// Remembers: creates, reinforces a repeat, or revises or supersedes the value of a key.
  public Remembered remember(String scopePath, Wish wish) throws SQLException {
    return remember(scopePath, wish, false);
  }

  /// The same, but never replaces a key's value: ends it where the new one begins.
  public Remembered supersede(String scopePath, Wish wish) throws SQLException {
    return remember(scopePath, wish, true);
  }

  private Remembered remember(String scopePath, Wish wish, boolean superseding)
      throws SQLException {
    long scope = ledger.openScope(scopePath);
    if (wish.id() != null) {
      var state = ledger.reader().state(wish.id());
      if (state != null) {
        return again(state, scope, wish);
      }
    }
    var holder = wish.key() == null ? null : present.keyHolder(scope, wish.key());
    if (holder != null) {
      if (wish.id() != null) {
        throw new Conflict(
            "the key belongs to another memory; leave the id out to revise it",
            "id",
            holder.id().toString());
      }
      return underKey(holder, wish, superseding);
    }
    if (wish.key() == null && wish.id() == null && !wish.isTurn()) {
      var repeated = present.contentHolder(scope, content(wish).identity());
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
    Appending.requireInterval(from, until);
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
    appending.append(state, List.of(new Proposal(header, value.body(true, cause), 0, 0)));
    return new Remembered(state.id(), 1, Remembered.Outcome.CREATED, List.of(), List.of(), true);
  }

  /// The same content again: the counter goes up, tags are united, the first `at` stays.
  private Remembered reinforce(Held held, Wish wish) throws SQLException {
    var before = held.value().attributes();
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
            new Provenance(
                provenance.session(),
                provenance.tool(),
                provenance.source(),
                provenance.sourceTime(),
                provenance.method(),
                provenance.confidence(),
                Instant.ofEpochMilli(ledger.nowMillis()),
                provenance.parent()));
    var entry =
        appending.replace(
            held, Change.REINFORCE, held.value().with(attributes), held.head(), cause);
    return remembered(held.state(), entry, Remembered.Outcome.REINFORCED);
  }

  /// A key that is there: a correction, or another value for another time.
  private Remembered underKey(Held held, Wish wish, boolean superseding) throws SQLException {
    var value = new Value(content(wish), wish.over(held.value().attributes()));
    var entry =
        superseding || (wish.at() != null && wish.at() != held.head().from())
            ? supersede(held, value, wish)
            : revise(held, value, Change.REVISE, wish.at(), wish.until(), cause);
    return remembered(held.state(), entry, Remembered.Outcome.REVISED);
  }

  private static Remembered remembered(MemoryState state, Entry entry, Remembered.Outcome outcome) {
    return new Remembered(state.id(), entry.header().number(), outcome, List.of(), List.of(), true);
  }

  /// Another value from a moment on, or for a span of time; what was known of that time is cut.
  private Entry supersede(Held held, Value value, Wish wish) throws SQLException {
    long from = wish.at() == null ? ledger.nowMillis() : wish.at();
    long until = wish.until() == null ? nextStart(held.state(), from) : wish.until();
    Appending.requireInterval(from, until);
    return appending.assertInterval(held, value, Change.SUPERSEDE, from, until, null, cause);
  }

  private static long nextStart(MemoryState state, long from) {
    return state.onBranch(Header.MAIN).stream()
        .mapToLong(Current::from)
        .filter(start -> start > from)
        .min()
        .orElse(Header.OPEN);
  }

  // Facts

  /// Sets the value of a key: supersedes it, or reinforces the one that holds already. Where the
  /// one that holds is of a source that is trusted more, the new one is kept beside it, without the
  /// key, and the two are a conflict.
  public Remembered settle(String scopePath, Wish wish) throws SQLException {
    long scope = ledger.openScope(scopePath);
    var held = present.keyHolder(scope, Objects.requireNonNull(wish.key()));
    if (held != null && isMany(held)) {
      if (!(content(wish).json() instanceof Json.Arr)) {
        throw new Conflict(
            "the fact has many values: add or remove one, or set a list",
            "id",
            held.id().toString());
      }
    }
    if (held == null || wish.id() != null) {
      return supersede(scopePath, wish);
    }
    boolean repeats =
        wish.at() == null
            && wish.until() == null
            && held.head().until() == Header.OPEN
            && held.head().from() <= ledger.nowMillis()
            && Arrays.equals(held.value().content().identity(), content(wish).identity());
    if (repeats) {
      return reinforce(held, wish);
    }
    return isTrustedLess(held, wish) ? beside(scopePath, held, wish) : underKey(held, wish, true);
  }

  /// Whether a value that the wish would end or cut says something else, by a source that is
  /// trusted more.
  private boolean isTrustedLess(Held held, Wish wish) throws SQLException {
    long from = wish.at() == null ? ledger.nowMillis() : wish.at();
    long until = wish.until() == null ? nextStart(held.state(), from) : wish.until();
    var source = wish.provenance() == null ? Provenance.NONE : wish.provenance();
    for (var each : held.state().onBranch(Header.MAIN)) {
      if (each.until() > from && each.from() < until) {
        var value = ledger.reader().value(ledger.reader().entry(each.pos()));
        boolean same = Arrays.equals(value.content().identity(), content(wish).identity());
        if (!same && Trust.isLess(source, value.attributes().provenance())) {
          return true;
        }
      }
    }
    return false;
  }

  private Remembered beside(String scopePath, Held held, Wish wish) throws SQLException {
    var kept = remember(scopePath, wish.withoutKey());
    var conflict =
        conflicts().record(scopePath, held.id(), kept.id(), Relation.UPDATE, Reason.KEY, 1);
    return conflict == null ? kept : kept.conflicting(List.of(conflict));
  }

  /// Another value of a key from a moment on.
  void set(Held held, Body.Content content, long from, Provenance source, Cause why)
      throws SQLException {
    var wish = Wish.NONE.content(content).provenance(source);
    var value = new Value(content, wish.over(held.value().attributes()));
    appending.assertInterval(
        held, value, Change.SUPERSEDE, from, nextStart(held.state(), from), null, why);
  }

  /// Ends the value of a key.
  void end(Held held, long until, Cause why) throws SQLException {
    revise(held, held.value(), Change.REVISE, null, until, why);
  }

  private static boolean isMany(Held held) {
    return held.value().attributes().tags().contains(Fact.MANY)
        && held.value().content().json() instanceof Json.Arr;
  }

  /// Adds a value to a key that has many, or makes one. The wish is for that value alone.
  public Remembered addValue(String scopePath, Wish wish, Json value) throws SQLException {
    long scope = ledger.openScope(scopePath);
    var held = present.keyHolder(scope, Objects.requireNonNull(wish.key()));
    if (held == null) {
      return create(scope, wish.tags(List.of(Fact.MANY)));
    }
    var values = new ArrayList<>(values(held));
    if (values.contains(value)) {
      return remembered(
          held.state(), ledger.reader().entry(held.head().pos()), Remembered.Outcome.REINFORCED);
    }
    values.add(value);
    return withValues(held, wish, values);
  }

  /// Takes a value from a key that has many.
  public Remembered removeValue(String scopePath, Wish wish, Json value) throws SQLException {
    long scope = ledger.reader().scope(scopePath);
    var held = scope == 0 ? null : present.keyHolder(scope, Objects.requireNonNull(wish.key()));
    if (held == null) {
      throw new NotFound("there is no fact under this key in " + scopePath, "scope", scopePath);
    }
    var values = new ArrayList<>(values(held));
    if (!values.remove(value)) {
      throw new NotFound("the fact has no such value", "id", held.id().toString());
    }
    return withValues(held, wish, values);
  }

  private static List<Json> values(Held held) {
    if (isMany(held) && held.value().content().json() instanceof Json.Arr(var items)) {
      return items;
    }
    throw new Conflict(
        "the fact has one value: set it, or forget it first to give it many",
        "id",
        held.id().toString());
  }

  private Remembered withValues(Held held, Wish wish, List<Json> values) throws SQLException {
    var list = new Json.Arr(values);
    Limits.json("content", list, Limits.CONTENT_BYTES_MAX);
    return underKey(held, wish.content(new Body.Content(null, list, null, null)), true);
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
    var held = present.require(id, branch);
    if (held.value().attributes().expires() <= ledger.nowMillis()) {
      throw Present.notFound(id);
    }
    var wish = wishes.apply(held.value().content());
    int revision = ledger.reader().entry(held.head().pos()).header().number();
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
    var content = wish.content() == null ? held.value().content() : wish.content();
    var value = new Value(content, wish.over(held.value().attributes()));
    present.requireFreeKey(held, value.key());
    var entry = revise(held, value, Change.REVISE, wish.at(), wish.until(), cause.message(message));
    return new Written(id, entry.header().number());
  }

  private Entry revise(
      Held held, Value value, Change change, @Nullable Long at, @Nullable Long end, Cause why)
      throws SQLException {
    long from = at == null ? held.head().from() : at;
    long until = end == null ? held.head().until() : end;
    Appending.requireInterval(from, until);
    return appending.assertInterval(held, value, change, from, until, held.head(), why);
  }

  public Written link(UUID from, String type, UUID to) throws SQLException {
    return relink(from, new Link(type, to), true);
  }

  public Written unlink(UUID from, String type, UUID to) throws SQLException {
    return relink(from, new Link(type, to), false);
  }

  private Written relink(UUID from, Link link, boolean linked) throws SQLException {
    var held = present.require(from, AsOf.MAIN);
    var links = new ArrayList<>(held.value().attributes().links());
    boolean changed = linked ? !links.contains(link) && links.add(link) : links.remove(link);
    if (!changed) {
      if (!linked) {
        throw new NotFound(
            "the memory has no such link", "id", from.toString(), "to", link.to().toString());
      }
      return new Written(from, ledger.reader().entry(held.head().pos()).header().number());
    }
    return relink(held, linked ? Change.LINK : Change.UNLINK, links);
  }

  /// Puts other links in place of a memory's, as one revision; nothing where they are the same.
  public Written relink(UUID from, Change change, List<Link> links) throws SQLException {
    var held = present.require(from, AsOf.MAIN);
    if (Wish.sortedLinks(links).equals(held.value().attributes().links())) {
      return new Written(from, ledger.reader().entry(held.head().pos()).header().number());
    }
    return relink(held, change, links);
  }

  private Written relink(Held held, Change change, List<Link> links) throws SQLException {
    Limits.count("links", links.size(), 0, Limits.LINKS_MAX);
    var wish = Wish.NONE.links(links);
    var value = held.value().with(wish.over(held.value().attributes()));
    var entry = appending.replace(held, change, value, held.head(), cause);
    return new Written(held.id(), entry.header().number());
  }

  // Forget and erase

  /// Takes a memory out of every read of the present. False where it was out already.
  public boolean forget(UUID id, @Nullable String reason) throws SQLException {
    var state = ledger.reader().state(id);
    if (state == null || state.erased()) {
      throw Present.notFound(id);
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
      throw Present.notFound(id);
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
    appending.append(state, List.of(new Proposal(header, body, state.last(), 0)));
  }

  /// A memory, and the revision that speaks for it.
  public record Found(UUID id, int revision, Value value) {}

  /// The memory that a key stands for in a scope, or null.
  public @Nullable Found under(String scopePath, String key) throws SQLException {
    long scope = ledger.reader().scope(scopePath);
    var held = scope == 0 ? null : present.keyHolder(scope, key);
    if (held == null) {
      return null;
    }
    int revision = ledger.reader().entry(held.head().pos()).header().number();
    return new Found(held.id(), revision, held.value());
  }

  /// Whether reads of the present see a memory.
  public boolean isCurrent(UUID id) throws SQLException {
    return present.unexpired(id) != null;
  }
}
