package dev.remanence.testkit;

import dev.remanence.Change;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Link;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a store ought to hold: the rules of docs/data-file.md over lists and maps in memory,
/// written a second time and as plainly as they can be.
///
/// Every revision is kept as it was recorded; every question is answered by folding a memory's
/// revisions from the first to the moment that is asked about. Nothing is cached or indexed but the
/// two tables that are part of the rules: who holds a key, who holds a content.
///
/// Times are milliseconds. The ids of new memories come from the store that is compared, because it
/// draws them. Not thread-safe.
public final class ModelStore {
  /// No end of validity, no expiry.
  public static final long OPEN = Long.MAX_VALUE;

  private static final String GLOBAL = "global";
  private static final String MAIN = "main";
  private static final double DAY_MILLIS = 24 * 3600 * 1000.0;

  /// A refusal, by the name of the exception that the store ought to throw.
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String name) {
      super(name, null, false, false);
    }

    public String name() {
      return String.valueOf(getMessage());
    }
  }

  /// What is remembered.
  public record Content(@Nullable String text, @Nullable Json json, @Nullable String speaker) {}

  /// One value of a memory. `confirmed` is when a repeat last confirmed it.
  public record Value(
      Content content,
      Kind kind,
      @Nullable String key,
      SortedSet<String> tags,
      Map<String, String> metadata,
      double importance,
      boolean pinned,
      List<Link> links,
      long expires,
      int count,
      @Nullable Long confirmed) {}

  /// One revision. `append` numbers the appends of the store, `order` its revisions.
  public record Revision(
      int number,
      Change change,
      String branch,
      int branchId,
      long recorded,
      long append,
      long order,
      long from,
      long until,
      @Nullable Value value,
      Set<Integer> parents,
      @Nullable String message) {

    boolean holds(long moment) {
      return from <= moment && moment < until;
    }
  }

  /// A memory with all of its revisions.
  public static final class Kept {
    private final UUID id;
    private final String scope;
    private final List<Revision> revisions = new ArrayList<>();
    private boolean erased;
    private int branches;

    Kept(UUID id, String scope) {
      this.id = id;
      this.scope = scope;
    }

    public UUID id() {
      return id;
    }

    public String scope() {
      return scope;
    }

    public List<Revision> revisions() {
      return revisions;
    }

    public boolean erased() {
      return erased;
    }

    /// Recorded time of the first revision.
    public long created() {
      return revisions.getFirst().recorded;
    }

    /// What is current after the revisions recorded up to a moment, all branches.
    List<Revision> current(long known) {
      var current = new ArrayList<Revision>();
      for (var revision : revisions) {
        if (revision.recorded > known) {
          continue;
        }
        if (revision.value == null) {
          current.clear();
          continue;
        }
        current.removeIf(
            each -> each.branchId == revision.branchId && revision.parents.contains(each.number));
        current.add(revision);
      }
      return current;
    }

    List<Revision> onBranch(long known, int branch) {
      return current(known).stream()
          .filter(each -> each.branchId == branch)
          .sorted(Comparator.comparingLong(Revision::from))
          .toList();
    }

    @Nullable Revision head(long known, int branch) {
      var all = onBranch(known, branch);
      return all.isEmpty() ? null : all.getLast();
    }

    @Nullable Revision head() {
      return head(OPEN, 0);
    }

    /// Live as the tables say it: main or a branch has something current, nothing forgot it since.
    public boolean live() {
      return !current(OPEN).isEmpty();
    }

    @Nullable Integer branchNamed(long known, String name) {
      if (name.equals(MAIN)) {
        return 0;
      }
      for (var each : current(known)) {
        if (each.branchId != 0 && each.branch.equals(name)) {
          return each.branchId;
        }
      }
      return null;
    }

    private Kept copy() {
      var copy = new Kept(id, scope);
      copy.revisions.addAll(revisions);
      copy.erased = erased;
      copy.branches = branches;
      return copy;
    }
  }

  /// A row of a list, a range or a recall: one current value of a memory on the main branch.
  public record Row(Kept memory, Revision revision) {}

  private record Slot(String scope, String key) {}

  private record ContentSlot(String scope, Content content) {}

  private Map<UUID, Kept> memories = new LinkedHashMap<>();
  private SortedSet<String> scopes = new TreeSet<>();
  private Map<Slot, UUID> keys = new HashMap<>();
  private Map<ContentSlot, UUID> contents = new HashMap<>();

  /// What a request that finds an expired holder frees, once it is not refused.
  private final List<Runnable> freed = new ArrayList<>();

  private long recorded;
  private long append;
  private long order;

  // Writing

  /// A request reaches the writer: recorded time moves, never backwards, also where it is refused.
  private void begin(long wall) {
    recorded = Math.max(recorded, wall);
    append++;
    freed.clear();
  }

  /// The store was closed and opened: it goes on from the newest revision.
  public void reopened() {
    recorded =
        memories.values().stream()
            .mapToLong(kept -> kept.revisions.getLast().recorded)
            .max()
            .orElse(0);
  }

  /// The recorded time of the newest write.
  public long recorded() {
    return recorded;
  }

  /// Remembers all or nothing. `made` tells the ids that the store gave, in order.
  public List<Remembered> remember(
      String scope, List<Workload.Note> notes, boolean superseding, long wall, List<UUID> made) {
    begin(wall);
    var before = copy();
    try {
      var outcomes = new ArrayList<Remembered>();
      for (int i = 0; i < notes.size(); i++) {
        scopes.add(scope);
        outcomes.add(remember(scope, notes.get(i), superseding, wall, made.get(i)));
      }
      return outcomes;
    } catch (Refused e) {
      restore(before);
      throw e;
    }
  }

  /// What a remember did.
  public record Remembered(UUID id, int revision, String outcome) {}

  private Remembered remember(
      String scope, Workload.Note note, boolean superseding, long wall, UUID made) {
    var content = new Content(note.text(), note.json(), note.speaker());
    if (note.id() != null && memories.containsKey(note.id())) {
      return again(Objects.requireNonNull(memories.get(note.id())), scope, note, content);
    }
    var holder = note.key() == null ? null : keyHolder(scope, note.key());
    if (holder != null) {
      if (note.id() != null) {
        throw new Refused("Conflict");
      }
      return underKey(holder, note, content, superseding, wall);
    }
    if (note.key() == null && note.id() == null) {
      var repeated = contentHolder(scope, content);
      if (repeated != null) {
        return reinforce(repeated, note, wall);
      }
    }
    return create(scope, note, content, wall, note.id() == null ? made : note.id());
  }

  private static Remembered again(Kept kept, String scope, Workload.Note note, Content content) {
    if (kept.erased) {
      throw new Refused("Conflict");
    }
    if (!kept.scope.equals(scope)) {
      throw new Refused("InvalidInput");
    }
    var first = kept.revisions.getFirst().value;
    if (first == null || !first.content.equals(content) || !Objects.equals(first.key, note.key())) {
      throw new Refused("Conflict");
    }
    return new Remembered(kept.id, 1, "CREATED");
  }

  /// A hint that may be nothing is gone in an hour unless told otherwise.
  private static long expires(Workload.Note note, long otherwise, long wall) {
    if (note.ttl() != null) {
      return wall + note.ttl();
    }
    return note.kind() == Kind.GHOST ? wall + 3_600_000 : otherwise;
  }

  private Remembered create(
      String scope, Workload.Note note, Content content, long wall, UUID made) {
    long from = note.at() == null ? recorded : note.at();
    long until = note.until() == null ? OPEN : note.until();
    requireInterval(from, until);
    var value =
        new Value(
            content,
            note.kind() == null ? Kind.SEMANTIC : note.kind(),
            note.key(),
            note.tags() == null ? new TreeSet<>() : new TreeSet<>(note.tags()),
            note.metadata() == null ? Map.of() : note.metadata(),
            note.importance() == null ? 0.5 : note.importance(),
            note.pinned() != null && note.pinned(),
            List.of(),
            expires(note, OPEN, wall),
            1,
            null);
    var kept = new Kept(made, scope);
    if (memories.put(made, kept) != null) {
      throw new AssertionError("an id was given twice: " + made);
    }
    add(kept, Change.CREATE, 0, MAIN, from, until, value, Set.of(), null);
    return new Remembered(made, 1, "CREATED");
  }

  private Remembered reinforce(Kept kept, Workload.Note note, long wall) {
    var head = Objects.requireNonNull(kept.head());
    var before = Objects.requireNonNull(head.value);
    var tags = new TreeSet<>(before.tags);
    if (note.tags() != null) {
      tags.addAll(note.tags());
    }
    var value =
        new Value(
            before.content,
            before.kind,
            before.key,
            tags,
            before.metadata,
            note.importance() == null
                ? before.importance
                : Math.max(before.importance, note.importance()),
            before.pinned || (note.pinned() != null && note.pinned()),
            before.links,
            expires(note, before.expires, wall),
            before.count + 1,
            recorded);
    var made = replace(kept, Change.REINFORCE, head, value);
    return new Remembered(kept.id, made.number, "REINFORCED");
  }

  private Remembered underKey(
      Kept kept, Workload.Note note, Content content, boolean superseding, long wall) {
    var head = Objects.requireNonNull(kept.head());
    var before = Objects.requireNonNull(head.value);
    var value =
        new Value(
            content,
            note.kind() == null ? before.kind : note.kind(),
            before.key,
            note.tags() == null ? before.tags : new TreeSet<>(note.tags()),
            note.metadata() == null ? before.metadata : note.metadata(),
            note.importance() == null ? before.importance : note.importance(),
            note.pinned() == null ? before.pinned : note.pinned(),
            before.links,
            expires(note, before.expires, wall),
            before.count,
            null);
    Revision made;
    if (superseding || (note.at() != null && note.at() != head.from)) {
      long from = note.at() == null ? recorded : note.at();
      long until = note.until() != null ? note.until() : nextStart(kept, from);
      requireInterval(from, until);
      made = overlay(kept, head, Change.SUPERSEDE, from, until, value, null, null);
    } else {
      long from = note.at() == null ? head.from : note.at();
      long until = note.until() == null ? head.until : note.until();
      requireInterval(from, until);
      made = overlay(kept, head, Change.REVISE, from, until, value, head, null);
    }
    return new Remembered(kept.id, made.number, "REVISED");
  }

  private static long nextStart(Kept kept, long from) {
    return kept.onBranch(OPEN, 0).stream()
        .mapToLong(Revision::from)
        .filter(start -> start > from)
        .min()
        .orElse(OPEN);
  }

  /// Puts a value over an interval: what is covered is replaced, what is cut is recorded again with
  /// what is left of it.
  private Revision overlay(
      Kept kept,
      Revision branchHead,
      Change change,
      long from,
      long until,
      Value value,
      @Nullable Revision replaced,
      @Nullable String message) {
    var parents = new TreeSet<Integer>();
    if (replaced != null) {
      parents.add(replaced.number);
    }
    for (var other : kept.onBranch(OPEN, branchHead.branchId)) {
      if (other.equals(replaced) || other.until <= from || other.from >= until) {
        continue;
      }
      if (other.from >= from && other.until <= until) {
        parents.add(other.number);
        continue;
      }
      if (other.from < from) {
        bound(kept, other, other.from, from);
      }
      if (other.until > until) {
        bound(kept, other, until, other.until);
      }
    }
    return add(
        kept, change, branchHead.branchId, branchHead.branch, from, until, value, parents, message);
  }

  private void bound(Kept kept, Revision other, long from, long until) {
    add(
        kept,
        Change.BOUND,
        other.branchId,
        other.branch,
        from,
        until,
        other.value,
        Set.of(other.number),
        null);
  }

  private Revision replace(Kept kept, Change change, Revision head, Value value) {
    return add(
        kept,
        change,
        head.branchId,
        head.branch,
        head.from,
        head.until,
        value,
        Set.of(head.number),
        null);
  }

  public int revise(UUID id, Workload.Edit edit, long wall) {
    begin(wall);
    var visible = get(id, null, null, edit.branch(), recorded);
    if (visible == null) {
      throw new Refused("NotFound");
    }
    var kept = visible.memory;
    var branch = Objects.requireNonNull(kept.branchNamed(OPEN, edit.branch()));
    var head = Objects.requireNonNull(kept.head(OPEN, branch));
    var before = Objects.requireNonNull(head.value);
    if (edit.ifRevision() != null && edit.ifRevision() != head.number) {
      throw new Refused("Conflict");
    }
    var content =
        new Content(
            edit.text() == null ? before.content.text : edit.text(),
            edit.text() == null ? before.content.json : null,
            edit.speaker() == null ? before.content.speaker : edit.speaker());
    var value =
        new Value(
            content,
            edit.kind() == null ? before.kind : edit.kind(),
            edit.key() == null ? before.key : edit.key(),
            edit.tags() == null ? before.tags : new TreeSet<>(edit.tags()),
            edit.metadata() == null ? before.metadata : edit.metadata(),
            edit.importance() == null ? before.importance : edit.importance(),
            edit.pinned() == null ? before.pinned : edit.pinned(),
            before.links,
            edit.expires() == null ? before.expires : edit.expires(),
            before.count,
            before.confirmed);
    requireFreeKey(kept, before.key, value.key);
    long from = edit.at() == null ? head.from : edit.at();
    long until = edit.until() == null ? head.until : edit.until();
    requireInterval(from, until);
    return overlay(kept, head, Change.REVISE, from, until, value, head, edit.message()).number;
  }

  private void requireFreeKey(Kept kept, @Nullable String before, @Nullable String wanted) {
    if (wanted != null && !wanted.equals(before)) {
      var holder = keyHolder(kept.scope, wanted);
      if (holder != null && holder != kept) {
        throw new Refused("Conflict");
      }
    }
  }

  public int link(UUID id, Link link, long wall) {
    begin(wall);
    var kept = requireLive(id);
    var head = Objects.requireNonNull(kept.head());
    var links = new ArrayList<>(Objects.requireNonNull(head.value).links);
    if (links.contains(link)) {
      return head.number;
    }
    links.add(link);
    return relink(kept, head, Change.LINK, links);
  }

  public int unlink(UUID id, Link link, long wall) {
    begin(wall);
    var kept = requireLive(id);
    var head = Objects.requireNonNull(kept.head());
    var links = new ArrayList<>(Objects.requireNonNull(head.value).links);
    if (!links.remove(link)) {
      throw new Refused("NotFound");
    }
    return relink(kept, head, Change.UNLINK, links);
  }

  private int relink(Kept kept, Revision head, Change change, List<Link> links) {
    links.sort(Comparator.comparing((Link link) -> link.to().toString()).thenComparing(Link::type));
    var before = Objects.requireNonNull(head.value);
    return replace(kept, change, head, withLinks(before, List.copyOf(links))).number;
  }

  private static Value withLinks(Value value, List<Link> links) {
    return new Value(
        value.content,
        value.kind,
        value.key,
        value.tags,
        value.metadata,
        value.importance,
        value.pinned,
        links,
        value.expires,
        value.count,
        value.confirmed);
  }

  public int forget(UUID id, @Nullable String reason, long wall) {
    begin(wall);
    var kept = memories.get(id);
    if (kept == null || kept.erased) {
      throw new Refused("NotFound");
    }
    if (!kept.live()) {
      return 0;
    }
    end(kept, Change.FORGET, reason);
    return 1;
  }

  /// Forgets what has a tag, in a scope and perhaps below.
  public int forgetTagged(
      String scope, String tag, boolean recursive, @Nullable String reason, long wall) {
    var ids = new LinkedHashSet<UUID>();
    for (var row : rows(below(scope, recursive), null, null, wall)) {
      if (Objects.requireNonNull(row.revision.value).tags.contains(tag)) {
        ids.add(row.memory.id);
      }
    }
    if (!ids.isEmpty()) {
      begin(wall);
    }
    ids.forEach(id -> end(Objects.requireNonNull(memories.get(id)), Change.FORGET, reason));
    return ids.size();
  }

  private void end(Kept kept, Change change, @Nullable String reason) {
    var head = kept.head();
    add(
        kept,
        change,
        0,
        MAIN,
        recorded,
        OPEN,
        null,
        head == null ? Set.of() : Set.of(head.number),
        reason);
  }

  public void erase(UUID id, @Nullable String reason, long wall) {
    var kept = memories.get(id);
    if (kept == null) {
      throw new Refused("NotFound");
    }
    begin(wall);
    if (kept.erased) {
      throw new Refused("NotFound");
    }
    eraseOne(kept, reason);
  }

  private void eraseOne(Kept kept, @Nullable String reason) {
    end(kept, Change.ERASE, reason);
    kept.erased = true;
  }

  /// Erases all memories of scopes, and the scopes. Answers the memories.
  public Set<UUID> eraseScope(String scope, boolean recursive, @Nullable String reason, long wall) {
    var gone = below(scope, recursive);
    if (gone.isEmpty()) {
      throw new Refused("NotFound");
    }
    begin(wall);
    var erased = new HashSet<UUID>();
    for (var kept : memories.values()) {
      if (gone.contains(kept.scope) && !kept.erased) {
        eraseOne(kept, reason);
        erased.add(kept.id);
      }
    }
    scopes.removeAll(gone);
    return erased;
  }

  private List<String> below(String scope, boolean recursive) {
    return scopes.stream()
        .filter(each -> each.equals(scope) || (recursive && each.startsWith(scope + "/")))
        .toList();
  }

  public int revert(UUID id, int number, @Nullable String message, long wall) {
    begin(wall);
    var kept = memories.get(id);
    if (kept == null || kept.erased) {
      throw new Refused("NotFound");
    }
    var target = numbered(kept, number);
    var value = Objects.requireNonNull(target.value);
    if (value.key != null) {
      var holder = keyHolder(kept.scope, value.key);
      if (holder != null && holder != kept) {
        throw new Refused("Conflict");
      }
    }
    var head = kept.head();
    var place = head == null ? target : head;
    return add(
            kept,
            Change.REVERT,
            0,
            MAIN,
            place.from,
            place.until,
            value,
            head == null ? Set.of() : Set.of(head.number),
            message)
        .number;
  }

  private static Revision numbered(Kept kept, int number) {
    for (var revision : kept.revisions) {
      if (revision.number == number && revision.value != null && !kept.erased) {
        return revision;
      }
    }
    throw new Refused("NotFound");
  }

  public int branch(
      UUID id, String name, @Nullable Integer from, @Nullable String message, long wall) {
    begin(wall);
    var kept = requireLive(id);
    if (kept.branchNamed(OPEN, name) != null) {
      throw new Refused("Conflict");
    }
    var starts = from == null ? kept.onBranch(OPEN, 0) : List.of(numbered(kept, from));
    int branch = ++kept.branches;
    int number = 0;
    for (var start : starts) {
      number =
          add(
                  kept,
                  Change.BRANCH,
                  branch,
                  name,
                  start.from,
                  start.until,
                  start.value,
                  Set.of(start.number),
                  message)
              .number;
    }
    return number;
  }

  /// Merges by fields. Where both sides changed the text, `joined` is what the store made of it, or
  /// null where it refused: how words are joined is tested elsewhere.
  public int merge(
      UUID id,
      String from,
      String into,
      @Nullable Boolean preferOurs,
      @Nullable String message,
      @Nullable Content joined,
      long wall) {
    begin(wall);
    var kept = requireLive(id);
    var theirBranch = kept.branchNamed(OPEN, from);
    var ourBranch = kept.branchNamed(OPEN, into);
    if (theirBranch == null || ourBranch == null) {
      throw new Refused("NotFound");
    }
    if (theirBranch.equals(ourBranch)) {
      throw new Refused("InvalidInput");
    }
    var theirHead = Objects.requireNonNull(kept.head(OPEN, theirBranch));
    var ourHead = Objects.requireNonNull(kept.head(OPEN, ourBranch));
    var base = mergeBase(kept, theirBranch, ourBranch);
    var value = new Merging(base, ourHead, theirHead, preferOurs).merge(joined);
    if (ourBranch == 0) {
      var before = Objects.requireNonNull(ourHead.value).key;
      requireFreeKey(kept, before, value.key);
    }
    return add(
            kept,
            Change.MERGE,
            ourBranch,
            ourHead.branch,
            ourHead.from,
            ourHead.until,
            value,
            Set.of(ourHead.number, theirHead.number),
            message)
        .number;
  }

  /// Where two branches last were one: what was merged last, else where the younger began.
  private static Value mergeBase(Kept kept, int theirs, int ours) {
    Value base = null;
    for (var revision : kept.revisions) {
      boolean ofThese = revision.branchId == theirs || revision.branchId == ours;
      if (!ofThese) {
        continue;
      }
      if (revision.change == Change.BRANCH) {
        base = revision.value;
      } else if (revision.change == Change.MERGE) {
        int other = revision.branchId == theirs ? ours : theirs;
        for (var parent : kept.revisions) {
          if (parent.branchId == other && revision.parents.contains(parent.number)) {
            base = parent.value;
          }
        }
      }
    }
    return Objects.requireNonNull(base);
  }

  /// A three-way merge of values.
  private static final class Merging {
    private final Value base;
    private final Value ours;
    private final Value theirs;
    private final @Nullable Boolean preferOurs;

    Merging(Value base, Revision ours, Revision theirs, @Nullable Boolean preferOurs) {
      this.base = base;
      this.ours = Objects.requireNonNull(ours.value);
      this.theirs = Objects.requireNonNull(theirs.value);
      this.preferOurs = preferOurs;
    }

    Value merge(@Nullable Content joined) {
      var metadata = new TreeMap<String, String>();
      var names = new TreeSet<>(ours.metadata.keySet());
      names.addAll(theirs.metadata.keySet());
      for (var name : names) {
        var chosen = choose(value -> value.metadata.get(name));
        if (chosen != null) {
          metadata.put(name, chosen);
        }
      }
      var links = new ArrayList<>(set(Value::links));
      links.sort(
          Comparator.comparing((Link link) -> link.to().toString()).thenComparing(Link::type));
      return new Value(
          content(joined),
          Objects.requireNonNull(choose(Value::kind)),
          choose(Value::key),
          new TreeSet<>(set(Value::tags)),
          metadata,
          Objects.requireNonNull(choose(Value::importance)),
          Objects.requireNonNull(choose(Value::pinned)),
          List.copyOf(links),
          Objects.requireNonNull(choose(Value::expires)),
          Math.max(1, ours.count + theirs.count - base.count),
          ours.confirmed);
    }

    private Content content(@Nullable Content joined) {
      boolean bothChanged =
          !base.content.equals(ours.content)
              && !base.content.equals(theirs.content)
              && !ours.content.equals(theirs.content);
      if (bothChanged
          && base.content.text != null
          && ours.content.text != null
          && theirs.content.text != null) {
        if (joined == null) {
          throw new Refused("Conflict");
        }
        return joined;
      }
      return Objects.requireNonNull(choose(Value::content));
    }

    private <T extends @Nullable Object> T choose(Function<Value, T> part) {
      T before = part.apply(base);
      T mine = part.apply(ours);
      T other = part.apply(theirs);
      if (Objects.equals(before, other) || Objects.equals(mine, other)) {
        return mine;
      }
      if (Objects.equals(before, mine)) {
        return other;
      }
      if (preferOurs == null) {
        throw new Refused("Conflict");
      }
      return preferOurs ? mine : other;
    }

    private <T> Set<T> set(Function<Value, Collection<T>> part) {
      var before = part.apply(base);
      var mine = part.apply(ours);
      var other = part.apply(theirs);
      var all = new LinkedHashSet<>(mine);
      all.addAll(other);
      all.removeIf(each -> before.contains(each) && !(mine.contains(each) && other.contains(each)));
      return all;
    }
  }

  private Kept requireLive(UUID id) {
    var kept = memories.get(id);
    if (kept == null || !kept.live()) {
      throw new Refused("NotFound");
    }
    return kept;
  }

  private static void requireInterval(long from, long until) {
    if (until <= from) {
      throw new Refused("InvalidInput");
    }
  }

  private Revision add(
      Kept kept,
      Change change,
      int branchId,
      String branch,
      long from,
      long until,
      @Nullable Value value,
      Set<Integer> parents,
      @Nullable String message) {
    freed.forEach(Runnable::run);
    freed.clear();
    var before = kept.head();
    var revision =
        new Revision(
            kept.revisions.size() + 1,
            change,
            branch,
            branchId,
            recorded,
            append,
            ++order,
            from,
            until,
            value,
            parents,
            message);
    kept.revisions.add(revision);
    moveKey(kept, change, before, kept.head());
    if (movesSlots(change)) {
      moveContent(kept, before, kept.head());
    }
    return revision;
  }

  // Who holds a key, who holds a content

  private void moveKey(
      Kept kept, Change change, @Nullable Revision before, @Nullable Revision after) {
    if (before != null) {
      keys.remove(slot(kept, before), kept.id);
    }
    if (after != null && key(after) != null) {
      var holder = keys.get(slot(kept, after));
      if (holder == null || (movesSlots(change) && hasExpired(holder))) {
        keys.put(slot(kept, after), kept.id);
      }
    }
  }

  /// A content that several memories have is held by one of them; when that one goes or has
  /// expired, the next change of another's value takes it up.
  private void moveContent(Kept kept, @Nullable Revision before, @Nullable Revision after) {
    var contentBefore = before == null || key(before) != null ? null : contentSlot(kept, before);
    var contentAfter = after == null || key(after) != null ? null : contentSlot(kept, after);
    if (contentBefore != null) {
      contents.remove(contentBefore, kept.id);
    }
    if (contentAfter != null) {
      var holder = contents.get(contentAfter);
      if (holder == null || hasExpired(holder)) {
        contents.put(contentAfter, kept.id);
      }
    }
  }

  private boolean hasExpired(UUID holder) {
    var kept = memories.get(holder);
    return kept == null || isExpired(kept, recorded);
  }

  private static boolean movesSlots(Change change) {
    return switch (change) {
      case OPEN, REINFORCE, LINK, UNLINK, BRANCH -> false;
      case CREATE, REVISE, BOUND, SUPERSEDE, FORGET, ERASE, REVERT, MERGE -> true;
    };
  }

  private static @Nullable String key(Revision revision) {
    return Objects.requireNonNull(revision.value).key;
  }

  private static Slot slot(Kept kept, Revision revision) {
    return new Slot(kept.scope, String.valueOf(key(revision)));
  }

  private static ContentSlot contentSlot(Kept kept, Revision revision) {
    return new ContentSlot(kept.scope, Objects.requireNonNull(revision.value).content);
  }

  private @Nullable Kept keyHolder(String scope, String key) {
    var id = keys.get(new Slot(scope, key));
    var kept = id == null ? null : memories.get(id);
    if (kept != null && isExpired(kept, recorded)) {
      freed.add(() -> keys.remove(new Slot(scope, key), id));
      return null;
    }
    return kept;
  }

  private @Nullable Kept contentHolder(String scope, Content content) {
    var slot = new ContentSlot(scope, content);
    var id = contents.get(slot);
    var kept = id == null ? null : memories.get(id);
    if (kept != null && isExpired(kept, recorded)) {
      freed.add(() -> contents.remove(slot, id));
      return null;
    }
    return kept;
  }

  private static boolean isExpired(Kept kept, long now) {
    var head = kept.head();
    return head == null || Objects.requireNonNull(head.value).expires <= now;
  }

  // Reading

  public Collection<Kept> memories() {
    return memories.values();
  }

  public @Nullable Kept memory(UUID id) {
    return memories.get(id);
  }

  public SortedSet<String> scopes() {
    return scopes;
  }

  /// How many memories are live in a scope.
  public long live(String scope) {
    return memories.values().stream()
        .filter(kept -> kept.scope.equals(scope) && kept.live())
        .count();
  }

  /// A memory on both clocks; null where the store ought to say `NotFound`.
  public @Nullable Row get(
      UUID id, @Nullable Long knownAt, @Nullable Long validAt, String branchName, long wall) {
    var kept = memories.get(id);
    if (kept == null || kept.erased) {
      return null;
    }
    long known = knownAt == null ? OPEN : knownAt;
    var branch = kept.branchNamed(known, branchName);
    if (branch == null) {
      return null;
    }
    Revision chosen = null;
    for (var each : kept.onBranch(known, branch)) {
      if (validAt == null || each.holds(validAt)) {
        chosen = each;
      }
    }
    if (chosen == null) {
      return null;
    }
    long moment = knownAt == null ? wall : knownAt;
    return Objects.requireNonNull(chosen.value).expires <= moment ? null : new Row(kept, chosen);
  }

  /// By key: the scope, its ancestors, `global`.
  public @Nullable Row get(String scope, String key, long wall) {
    for (var path : withAncestors(scope)) {
      var id = keys.get(new Slot(path, key));
      var row = id == null ? null : get(id, null, null, MAIN, wall);
      if (row != null) {
        return row;
      }
    }
    return null;
  }

  /// By key at a past moment: whoever was known under it then, as what spoke for it.
  public List<Row> get(String scope, String key, long knownAt, long wall) {
    for (var path : withAncestors(scope)) {
      var found = new ArrayList<Row>();
      if (scopes.contains(path)) {
        for (var kept : memories.values()) {
          var row = kept.scope.equals(path) ? get(kept.id, knownAt, null, MAIN, wall) : null;
          if (row != null && key.equals(key(row.revision))) {
            found.add(row);
          }
        }
      }
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  /// A scope, its ancestors from near to far, and `global`.
  public static List<String> withAncestors(String scope) {
    var paths = new LinkedHashSet<String>();
    var path = scope;
    paths.add(path);
    while (path.indexOf('/') >= 0) {
      path = path.substring(0, path.lastIndexOf('/'));
      paths.add(path);
    }
    paths.add(GLOBAL);
    return List.copyOf(paths);
  }

  /// The current values of scopes on the main branch, oldest revision first.
  public List<Row> rows(
      Collection<String> paths, @Nullable Long knownAt, @Nullable Long validAt, long wall) {
    var rows = new ArrayList<Row>();
    long known = knownAt == null ? OPEN : knownAt;
    long moment = knownAt == null ? wall : knownAt;
    for (var kept : memories.values()) {
      if (kept.erased || !paths.contains(kept.scope) || !scopes.contains(kept.scope)) {
        continue;
      }
      for (var revision : kept.onBranch(known, 0)) {
        if (Objects.requireNonNull(revision.value).expires > moment
            && (validAt == null || revision.holds(validAt))) {
          rows.add(new Row(kept, revision));
        }
      }
    }
    rows.sort(Comparator.comparingLong(row -> row.revision.order));
    return rows;
  }

  /// How strong a value is, without uses and repeats, as lists sort by it.
  public static double strength(Revision revision, long wall) {
    var value = Objects.requireNonNull(revision.value);
    double halfLife =
        switch (value.kind) {
          case WORKING -> 1;
          case GHOST -> 1.0 / 24;
          case EPISODIC -> 30;
          case SEMANTIC -> 365;
          case PROCEDURAL, SOLITON -> Double.POSITIVE_INFINITY;
        };
    double age = Math.max(0, wall - revision.recorded) / DAY_MILLIS;
    double recency = Double.isInfinite(halfLife) ? 1 : Math.pow(2, -age / halfLife);
    return Math.min(1, value.importance * recency);
  }

  /// The keys that two memories of one scope answer to at once, which the rules forbid.
  public List<String> sharedKeys(long now) {
    var seen = new HashSet<Slot>();
    var shared = new ArrayList<String>();
    for (var kept : memories.values()) {
      var head = kept.erased ? null : kept.head();
      if (head != null
          && key(head) != null
          && !isExpired(kept, now)
          && !seen.add(slot(kept, head))) {
        shared.add(kept.scope + " " + key(head));
      }
    }
    return shared;
  }

  // Copies

  /// The same store apart.
  public ModelStore copy() {
    var copy = new ModelStore();
    copy.restore(this);
    copy.memories = new LinkedHashMap<>();
    memories.forEach((id, kept) -> copy.memories.put(id, kept.copy()));
    copy.scopes = new TreeSet<>(scopes);
    copy.keys = new HashMap<>(keys);
    copy.contents = new HashMap<>(contents);
    return copy;
  }

  private void restore(ModelStore from) {
    memories = from.memories;
    scopes = from.scopes;
    keys = from.keys;
    contents = from.contents;
    recorded = from.recorded;
    append = from.append;
    order = from.order;
  }
}
