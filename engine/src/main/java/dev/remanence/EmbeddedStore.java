package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.Selection.Chosen;
import dev.remanence.Selection.Cursor;
import dev.remanence.Selection.Source;
import dev.remanence.embed.Embedder;
import dev.remanence.embed.Embedders;
import dev.remanence.image.Images;
import dev.remanence.image.View;
import dev.remanence.image.View.Moment;
import dev.remanence.journal.Backup;
import dev.remanence.journal.Body;
import dev.remanence.journal.Disk;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Export;
import dev.remanence.journal.Header;
import dev.remanence.journal.HybridClock;
import dev.remanence.journal.Ledger;
import dev.remanence.journal.MemoryState;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.journal.VectorTable;
import dev.remanence.journal.Verifier;
import dev.remanence.life.Changes;
import dev.remanence.life.Strength;
import dev.remanence.life.TextDiff;
import dev.remanence.life.ThreeWay;
import dev.remanence.life.Uuid7;
import dev.remanence.life.Wish;
import dev.remanence.recall.Blend;
import dev.remanence.recall.Inquiry;
import dev.remanence.recall.Nearness;
import dev.remanence.recall.Passage;
import dev.remanence.recall.Ranking;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// A store that this process owns: the facade over journal, images and the rules of change.
///
/// Thread-safe. It holds no state of its own but caches; every write is decided on the journal's
/// writer thread, every read pins a view. What a write changes is taken out of the caches before
/// its caller is told.
final class EmbeddedStore implements Remanence {
  private static final int ROWS_A_PULL = 256;

  /// How old the uses and the strength of a cached memory may be.
  private static final long CACHED_MILLIS_MAX = 1000;

  private static final int SCOPE_NAMES_MAX = 10_000;
  private static final String GLOBAL = "global";

  private final SqliteJournal journal;
  private final Images images;
  private final InstantSource wall;
  private final Provenance caller;
  private final Sitting sitting;
  private final Uses uses = new Uses();
  private final RecentMemories recent = new RecentMemories();
  private final Memories memories = new Memories(uses);
  private final Ranking ranking = new Ranking();
  private final Map<Long, String> scopeNames = new ConcurrentHashMap<>();
  private final Meaning meaning;
  private final Care care;
  private volatile boolean closed;

  private EmbeddedStore(
      SqliteJournal journal, String tool, @Nullable Embedder embedder, InstantSource wall) {
    this.journal = journal;
    this.wall = wall;
    this.sitting = new Sitting(Uuid7.next(wall.millis(), new SecureRandom()), tool, wall.instant());
    this.caller = new Provenance(sitting.id().toString(), tool, null, null, null, null, null, null);
    this.images =
        new Images(
            journal, Passage::indexed, Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 4));
    this.meaning = new Meaning(journal, images, embedder);
    journal.read(reader -> {
      uses.load(reader);
      return uses;
    });
    this.care = new Care(journal, images, wall, this::writeUses);
  }

  static Remanence open(Path directory, OpenOptions options) {
    return open(directory, options, InstantSource.system(), new SecureRandom());
  }

  static EmbeddedStore open(
      Path directory, OpenOptions options, InstantSource wall, RandomGenerator random) {
    var embedder = Embedders.open(options.embedder(), null, random);
    var journal =
        SqliteJournal.open(
            directory.toAbsolutePath().normalize(),
            options.create(),
            options.lockWait(),
            wall,
            random);
    try {
      Erasing.finishPending(journal);
      return new EmbeddedStore(journal, options.tool(), embedder, wall);
    } catch (RemanenceException e) {
      try {
        journal.close();
      } catch (RemanenceException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  // Writing

  private Body.Cause cause() {
    return new Body.Cause(sitting.id().toString(), sitting.tool(), null, null, null);
  }

  /// Hands a change to the writer. The sitting is recorded with the first one.
  private <T> T write(int bytes, Changing<T> changing) {
    requireOpen();
    T outcome =
        journal.write(
            bytes,
            ledger -> {
              sitting.record(ledger);
              return changing.change(new Changes(ledger, cause()), ledger);
            });
    sitting.seenDurable();
    return outcome;
  }

  /// Records the sitting, for changes that do not go through [#write].
  private void sit() {
    if (!sitting.recorded()) {
      journal.write(
          64,
          ledger -> {
            sitting.record(ledger);
            return sitting;
          });
      sitting.seenDurable();
    }
  }

  private java.time.Instant instant() {
    return wall.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
  }

  @FunctionalInterface
  private interface Changing<T> {
    T change(Changes changes, Ledger ledger) throws SQLException;
  }

  @Override
  public List<Remembered> rememberAll(String scope, List<Draft> drafts) {
    return rememberAll(scope, drafts, false);
  }

  @Override
  public Remembered supersede(String scope, Draft draft) {
    if (draft.key == null) {
      throw new InvalidInput("a value is superseded under a key; none was given", "field", "key");
    }
    return rememberAll(scope, List.of(draft), true).getFirst();
  }

  private List<Remembered> rememberAll(String scope, List<Draft> drafts, boolean superseding) {
    Limits.scope(scope);
    Limits.count("memories", drafts.size(), 1, Limits.BATCH_MAX);
    long now = wall.millis();
    var wishes = new ArrayList<Wish>(drafts.size());
    int bytes = 0;
    for (var draft : drafts) {
      var wish = Wishes.of(draft, now, caller);
      wishes.add(wish);
      bytes += 512 + (draft.text == null ? 512 : draft.text.length());
    }
    var embedded = embed(scope, drafts, wishes);
    var touched = new AtomicLong();
    var outcomes =
        write(
            bytes,
            (changes, ledger) -> {
              var remembered = new ArrayList<Remembered>(wishes.size());
              for (int i = 0; i < wishes.size(); i++) {
                remembered.add(changes.remember(scope, wishes.get(i), superseding));
                changes.keepVectors(embedded.vectors[i]);
              }
              touched.set(ledger.openScope(scope));
              return remembered;
            });
    outcomes.forEach(outcome -> recent.changed(outcome.id()));
    if (embedded.missing) {
      meaning.later(touched.get());
    }
    return outcomes;
  }

  /// The vectors of what is to be remembered.
  ///
  /// @param vectors null where there is none
  /// @param missing whether some were deferred or could not be computed
  private record Embedded(VectorTable.@Nullable Computed[] vectors, boolean missing) {}

  /// Embeds what is new: not what has a vector, is deferred, or is there already.
  private Embedded embed(String scope, List<Draft> drafts, List<Wish> wishes) {
    var computed = new VectorTable.@Nullable Computed[wishes.size()];
    if (!meaning.isOn()) {
      return new Embedded(computed, false);
    }
    var places = new ArrayList<Integer>();
    var texts = new ArrayList<Meaning.Text>();
    journal.read(reader -> {
      var turns = new HashMap<String, Body.@Nullable Content>();
      for (int i = 0; i < wishes.size(); i++) {
        var wish = wishes.get(i);
        var content = java.util.Objects.requireNonNull(wish.content());
        Body.Content before = null;
        if (content.speaker() != null) {
          var session =
              java.util.Objects.requireNonNull(
                  java.util.Objects.requireNonNull(wish.provenance()).session());
          before =
              turns.containsKey(session)
                  ? turns.get(session)
                  : meaning.lastTurn(reader, scope, session);
          turns.put(session, content);
        }
        boolean repeated =
            wish.key() == null && wish.id() == null && isThere(reader, scope, content);
        if (content.vector() == null && !drafts.get(i).defer && !repeated) {
          places.add(i);
          texts.add(new Meaning.Text(content, before));
        }
      }
      return texts;
    });
    var vectors = meaning.embed(texts);
    for (int i = 0; vectors != null && i < places.size(); i++) {
      computed[places.get(i)] = vectors.get(i);
    }
    boolean deferred = drafts.stream().anyMatch(draft -> draft.defer && draft.vector == null);
    return new Embedded(computed, deferred || (vectors == null && !texts.isEmpty()));
  }

  private static boolean isThere(Reader reader, String path, Body.Content content)
      throws SQLException {
    long scope = reader.scope(path);
    return scope != 0 && reader.contentHolder(scope, content.identity()) != null;
  }

  @Override
  public Written revise(UUID id, Patch patch) {
    Limits.optionalText("message", patch.message, Limits.MESSAGE_CHARS_MAX);
    var wishes = Wishes.of(patch);
    boolean tellsContent = patch.text != null || patch.content != null;
    var computed = tellsContent ? embed(id, patch, wishes) : null;
    var revised =
        write(
            512 + (patch.text == null ? 0 : patch.text.length()),
            (changes, _) -> {
              var written =
                  changes.revise(id, wishes, patch.branch, patch.ifRevision, patch.message);
              changes.keepVectors(computed);
              return written;
            });
    if (computed == null) {
      embedLater(id);
    }
    return changed(id, revised);
  }

  private void embedLater(UUID id) {
    var state = meaning.isOn() ? journal.read(reader -> reader.state(id)) : null;
    if (state != null) {
      meaning.later(state.scope());
    }
  }

  /// The vector of a content that is to be, as far as can be told before it is.
  private VectorTable.@Nullable Computed embed(
      UUID id, Patch patch, Function<Body.Content, Wish> wishes) {
    if (!meaning.isOn() || patch.vector != null) {
      return null;
    }
    var content =
        journal.readConsistently(reader -> {
          var state = reader.state(id);
          var head = state == null || !state.live() ? null : state.head(Header.MAIN);
          return head == null ? null : reader.value(reader.entry(head.pos())).content();
        });
    var wished = content == null ? null : wishes.apply(content).content();
    var vectors = wished == null ? null : meaning.embed(List.of(new Meaning.Text(wished, null)));
    return vectors == null ? null : vectors.getFirst();
  }

  private Written changed(UUID id, Written written) {
    recent.changed(id);
    return written;
  }

  @Override
  public Written link(UUID from, String type, UUID to) {
    var link = new Link(type, to);
    return changed(from, write(512, (changes, _) -> changes.link(from, link.type(), to)));
  }

  @Override
  public Written unlink(UUID from, String type, UUID to) {
    return changed(from, write(512, (changes, _) -> changes.unlink(from, type, to)));
  }

  @Override
  public int forget(UUID id, @Nullable String reason) {
    Limits.optionalText("reason", reason, Limits.MESSAGE_CHARS_MAX);
    boolean forgotten = write(256, (changes, _) -> changes.forget(id, reason));
    recent.changed(id);
    return forgotten ? 1 : 0;
  }

  @Override
  public int forget(String scope, Filter filter, boolean recursive, @Nullable String reason) {
    Limits.optionalText("reason", reason, Limits.MESSAGE_CHARS_MAX);
    List<UUID> ids;
    try (var matching = stream(scope, filter, recursive)) {
      ids = List.copyOf(new LinkedHashSet<>(matching.map(Memory::id).toList()));
    }
    int forgotten = 0;
    for (int from = 0; from < ids.size(); from += Limits.BATCH_MAX) {
      var batch = ids.subList(from, Math.min(ids.size(), from + Limits.BATCH_MAX));
      forgotten +=
          write(
              256 * batch.size(),
              (changes, ledger) -> {
                int count = 0;
                for (var id : batch) {
                  var state = ledger.reader().state(id);
                  count += state != null && state.live() && changes.forget(id, reason) ? 1 : 0;
                }
                return count;
              });
      batch.forEach(recent::changed);
    }
    return forgotten;
  }

  @Override
  public Receipt erase(UUID id, @Nullable String reason) {
    requireOpen();
    Limits.optionalText("reason", reason, Limits.MESSAGE_CHARS_MAX);
    var state = journal.read(reader -> reader.state(id));
    if (state == null) {
      throw notFound(id);
    }
    sit();
    try {
      return new Erasing(journal, images, cause(), instant(), reason).memory(id, state.scope());
    } finally {
      uses.forget(id);
      recent.changed(id);
      images.erased(state.scope());
      meaning.forgetQuestions();
    }
  }

  @Override
  public Receipt eraseScope(String scope, boolean recursive, @Nullable String reason) {
    requireOpen();
    Limits.scope(scope);
    Limits.optionalText("reason", reason, Limits.MESSAGE_CHARS_MAX);
    var scopes =
        journal.read(reader -> reader.scopes(scope)).stream()
            .filter(each -> recursive || each.path().equals(scope))
            .toList();
    if (scopes.isEmpty()) {
      throw Erasing.noScope(scope);
    }
    sit();
    try {
      return new Erasing(journal, images, cause(), instant(), reason).scopes(scopes);
    } finally {
      recent.changedAll();
      meaning.forgetQuestions();
      scopes.forEach(each -> images.erased(each.id()));
      scopeNames.clear();
    }
  }

  // Reading one memory

  @Override
  public Memory get(UUID id, AsOf asOf) {
    requireOpen();
    if (asOf.equals(AsOf.NOW)) {
      return current(id);
    }
    var memory = journal.readConsistently(reader -> at(reader, id, asOf));
    if (asOf.knownAt() == null) {
      uses.count(id);
    }
    return memory;
  }

  private Memory current(UUID id) {
    long now = wall.millis();
    var held = recent.get(id);
    if (held == null || now - held.atMillis() > CACHED_MILLIS_MAX) {
      long epoch = recent.epoch();
      var read =
          held == null
              ? journal.read(reader -> readCurrent(reader, id, now))
              : memories.refreshed(held.memory(), now);
      held = new RecentMemories.Held(read, now);
      recent.put(held, epoch);
    }
    var memory = held.memory();
    if (memory.expires() != null && memory.expires().toEpochMilli() <= now) {
      throw notFound(id);
    }
    uses.count(id);
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
    return memories.of(reader, scopeName(reader, live.scope()), live.head(), live.created(), now);
  }

  private String scopeName(Reader reader, long scope) throws SQLException {
    var known = scopeNames.get(scope);
    if (known != null) {
      return known;
    }
    var path = reader.scopePath(scope);
    if (path == null) {
      throw new NotFound("the scope of this memory was erased");
    }
    if (scopeNames.size() < SCOPE_NAMES_MAX) {
      scopeNames.put(scope, path);
    }
    return path;
  }

  /// A memory at a moment, on either clock, on a branch.
  private Memory at(Reader reader, UUID id, AsOf asOf) throws SQLException {
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
        memories.of(reader, scopeName(reader, now.scope()), entry, now.created(), wall.millis());
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
      if (each.branch() != Header.MAIN
          && name.equals(Changes.branchName(reader.entry(each.pos())))) {
        return each.branch();
      }
    }
    throw new NotFound(
        "the memory has no branch of this name", "id", id.toString(), "branch", name);
  }

  private static NotFound notFound(UUID id) {
    return new NotFound("there is no memory " + id, "id", id.toString());
  }

  @Override
  public Memory get(String scope, String key, AsOf asOf) {
    Limits.scope(scope);
    Limits.word("key", key, Limits.KEY_CHARS_MAX);
    requireOpen();
    for (var path : withAncestors(scope)) {
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
        "there is no memory under this key in " + scope + " or above", "scope", scope);
  }

  private @Nullable UUID holder(String path, String key) {
    return journal.read(reader -> {
      long scope = reader.scope(path);
      return scope == 0 ? null : reader.keyHolder(scope, key);
    });
  }

  /// Who held a key at a past moment: the one that is found by looking at the scope as it was.
  private @Nullable UUID pastHolder(String path, String key, AsOf asOf) {
    long millis = java.util.Objects.requireNonNull(asOf.knownAt()).toEpochMilli();
    var source = source(path);
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

  /// The scope, its ancestors from near to far, and `global`.
  static List<String> withAncestors(String scope) {
    var paths = new ArrayList<String>();
    for (var path = scope; ; path = path.substring(0, path.lastIndexOf('/'))) {
      paths.add(path);
      if (path.indexOf('/') < 0) {
        break;
      }
    }
    if (!paths.contains(GLOBAL)) {
      paths.add(GLOBAL);
    }
    return paths;
  }

  // Reading many

  private @Nullable Source source(String path) {
    long scope = journal.read(reader -> reader.scope(path));
    return scope == 0 ? null : new Source(scope, path, images.view(scope));
  }

  private List<Source> sources(String scope, boolean inherit, boolean recursive) {
    Limits.scope(scope);
    requireOpen();
    var paths = new LinkedHashSet<String>();
    if (recursive) {
      journal.read(reader -> reader.scopes(scope)).forEach(each -> paths.add(each.path()));
    } else if (inherit) {
      paths.addAll(withAncestors(scope));
    } else {
      paths.add(scope);
    }
    var sources = new ArrayList<Source>();
    for (var path : paths) {
      var source = source(path);
      if (source != null) {
        sources.add(source);
      }
    }
    return sources;
  }

  private Moment now() {
    return new Moment(null, null, wall.millis());
  }

  @Override
  public Page list(String scope, Listing listing) {
    long now = wall.millis();
    int question =
        Arrays.hashCode(
            new Object[] {"list", scope, listing.filter(), listing.order(), listing.inherit()});
    var value =
        switch (listing.order()) {
          case UPDATED -> Selection.SortValue.of(View.Sort.UPDATED);
          case CREATED -> Selection.SortValue.of(View.Sort.CREATED);
          case AT -> Selection.SortValue.of(View.Sort.AT);
          case IMPORTANCE -> Selection.SortValue.of(View.Sort.IMPORTANCE);
          case STRENGTH -> (Selection.SortValue) (view, row) -> strength(view, row, now);
        };
    var selection =
        new Selection(
            sources(scope, listing.inherit(), false), now(), listing.filter(), value, true);
    return page(selection, listing.cursor(), listing.limit(), question);
  }

  private static long strength(View view, int row, long now) {
    // Never negative, so its bits are in order.
    return Double.doubleToLongBits(
        Strength.of(
            view.kind(row),
            view.importance(row),
            HybridClock.millis(view.recordedFrom(row)),
            now,
            0,
            1));
  }

  @Override
  public Page range(String scope, Range range) {
    boolean recorded = range.by() == Range.By.RECORDED;
    int question =
        Arrays.hashCode(
            new Object[] {
              "range", scope, range.from(), range.to(), range.by(), range.filter(), range.inherit()
            });
    var span = new Filter.Span(range.from(), range.to());
    var filter = range.filter();
    var narrowed =
        recorded
            ? filter.within(filter.at(), Filter.Span.both(filter.recorded(), span))
            : filter.within(Filter.Span.both(filter.at(), span), filter.recorded());
    var value = Selection.SortValue.of(recorded ? View.Sort.UPDATED : View.Sort.AT);
    var selection =
        new Selection(sources(scope, range.inherit(), false), now(), narrowed, value, false);
    return page(selection, range.cursor(), range.limit(), question);
  }

  private Page page(Selection selection, @Nullable String cursorText, int limit, int question) {
    var cursor = Cursor.decode(cursorText, question);
    var found = new ArrayList<Memory>();
    Chosen last = null;
    while (true) {
      int pull = limit + 1 - found.size();
      var rows = selection.after(cursor, pull);
      var loaded = load(rows);
      for (int i = 0; i < rows.size(); i++) {
        var memory = loaded.get(i);
        if (memory != null) {
          if (found.size() == limit) {
            return new Page(
                found, Cursor.after(java.util.Objects.requireNonNull(last), question).encode());
          }
          found.add(memory);
          last = rows.get(i);
        }
      }
      if (rows.size() < pull) {
        return new Page(found, null);
      }
      cursor = Cursor.after(rows.getLast(), question);
    }
  }

  /// The memories of chosen rows; null where one was erased since its row was chosen.
  private List<@Nullable Memory> load(List<Chosen> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    long now = wall.millis();
    var positions = rows.stream().mapToLong(Chosen::pos).toArray();
    return journal.readConsistently(reader -> {
      var entries = reader.entries(positions);
      var loaded = new ArrayList<@Nullable Memory>(rows.size());
      for (var row : rows) {
        var entry = java.util.Objects.requireNonNull(entries.get(row.pos()));
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

  @Override
  public Stream<Memory> stream(String scope, Filter filter, boolean recursive) {
    var positions = new Positions();
    for (var source : sources(scope, false, recursive)) {
      source.view().visit(now(), filter, row -> positions.add(source, row));
    }
    return StreamSupport.stream(new Pages(positions), false);
  }

  /// Where the rows of a stream lie: 12 bytes a row, whatever the memories hold.
  private static final class Positions {
    private final List<Source> sources = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private int[] rows = new int[64];
    private int size;

    void add(Source source, int row) {
      if (sources.isEmpty() || !sources.getLast().equals(source)) {
        sources.add(source);
        starts.add(size);
      }
      if (size == rows.length) {
        rows = Arrays.copyOf(rows, size * 2);
      }
      rows[size++] = row;
    }

    /// The rows from one number on, at most so many, all of one scope.
    List<Chosen> page(int from, int limit) {
      int index = sources.size() - 1;
      while (index > 0 && starts.get(index) > from) {
        index--;
      }
      int end = index + 1 < sources.size() ? starts.get(index + 1) : size;
      var page = new ArrayList<Chosen>();
      for (int i = from; i < Math.min(end, from + limit); i++) {
        var source = sources.get(index);
        page.add(new Chosen(source, rows[i], 0, source.view().pos(rows[i])));
      }
      return page;
    }
  }

  /// Reads a stream's memories page by page as they are asked for.
  private final class Pages extends Spliterators.AbstractSpliterator<Memory> {
    private final Positions positions;
    private List<@Nullable Memory> page = List.of();
    private int next;
    private int read;

    Pages(Positions positions) {
      super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
      this.positions = positions;
    }

    @Override
    public boolean tryAdvance(Consumer<? super Memory> action) {
      while (true) {
        while (next < page.size()) {
          var memory = page.get(next++);
          if (memory != null) {
            action.accept(memory);
            return true;
          }
        }
        if (read == positions.size) {
          return false;
        }
        requireOpen();
        var rows = positions.page(read, ROWS_A_PULL);
        page = load(rows);
        next = 0;
        read += rows.size();
      }
    }
  }

  @Override
  public Recall recall(String scope, Query query) {
    return recall(scope, query, Blend.DEFAULT);
  }

  /// For measuring what each part of the score is worth.
  Recall recall(String scope, Query query, Blend blend) {
    var asOf = query.asOf();
    if (!asOf.branch().equals(AsOf.MAIN)) {
      throw new InvalidInput("recall looks at the main branch", "field", "branch");
    }
    long millis = asOf.knownAt() == null ? wall.millis() : asOf.knownAt().toEpochMilli();
    var moment =
        new Moment(
            asOf.knownAt() == null ? null : HybridClock.endOf(millis),
            asOf.validAt() == null ? null : asOf.validAt().toEpochMilli(),
            millis);
    var sources = sources(scope, query.inherit(), false);
    var asked =
        sources.stream()
            .map(source ->
                new Ranking.Asked(source.view(), source.view().scan(moment, query.filter())))
            .toList();
    requireDimension(query.vector(), sources.stream().map(Source::view).toList());
    var speakers = new HashSet<String>();
    sources.forEach(source -> speakers.addAll(source.view().speakers()));
    var inquiry =
        Inquiry.of(
            query.text(),
            speakers,
            meaning.ask(query.text(), query.vector(), sources.stream().map(Source::view).toList()),
            java.time.Instant.ofEpochMilli(millis));
    return answer(query, sources, ranking.rank(inquiry, asked, blend, query.limit() + 1));
  }

  @Override
  public List<Hit> similar(String scope, Similar question) {
    var sources = sources(scope, question.inherit(), false);
    var asked =
        sources.stream()
            .map(source ->
                new Ranking.Asked(source.view(), source.view().scan(now(), question.filter())))
            .toList();
    var vectors = vectors(question);
    var views = sources.stream().map(Source::view).toList();
    requireDimension(question.vector(), views);
    int limit = question.limit() + (question.id() == null ? 0 : 1);
    var near = Nearness.rank(vectors, asked, question.threshold(), limit);
    var loaded =
        load(
            near.stream()
                .map(each -> {
                  var source = sources.get(each.source());
                  return new Chosen(source, each.row(), 0, source.view().pos(each.row()));
                })
                .toList());
    var hits = new ArrayList<Hit>();
    for (int i = 0; i < near.size() && hits.size() < question.limit(); i++) {
      var memory = loaded.get(i);
      if (memory != null && !memory.id().equals(question.id())) {
        hits.add(new Hit(memory, near.get(i).cosine(), null));
      }
    }
    return hits;
  }

  private Map<String, List<float[]>> vectors(Similar question) {
    if (question.vector() != null) {
      return Map.of(View.GIVEN, List.of(Meaning.unit(question.vector())));
    }
    if (question.text() != null) {
      return meaning.of(question.text());
    }
    var id = java.util.Objects.requireNonNull(question.id());
    return journal.readConsistently(reader -> {
      var state = reader.state(id);
      var head = state == null || !state.live() ? null : state.head(Header.MAIN);
      if (head == null) {
        throw notFound(id);
      }
      return Meaning.stored(reader, head.base() == 0 ? head.pos() : head.base());
    });
  }

  /// Refuses a vector that no memory here could be near to.
  private static void requireDimension(float @Nullable [] vector, List<View> views) {
    if (vector == null) {
      return;
    }
    var dimensions = new TreeSet<Integer>();
    for (var view : views) {
      for (var known : view.vectors()) {
        if (known.model().equals(View.GIVEN)) {
          dimensions.add(known.codes().dimension());
        }
      }
    }
    if (!dimensions.isEmpty() && !dimensions.contains(vector.length)) {
      throw new InvalidInput(
          "the vectors given here have "
              + dimensions.stream().map(String::valueOf).collect(Collectors.joining(" or "))
              + " numbers; found "
              + vector.length,
          "field",
          "vector",
          "found",
          vector.length);
    }
  }

  private Recall answer(Query query, List<Source> sources, Ranking.Answer answer) {
    var chosen =
        answer.best().stream()
            .map(each -> {
              var source = sources.get(each.source());
              return new Chosen(source, each.row(), 0, source.view().pos(each.row()));
            })
            .toList();
    var loaded = load(chosen);
    var hits = new ArrayList<Hit>();
    boolean truncated = false;
    long tokens = 0;
    for (int i = 0; i < loaded.size() && !truncated; i++) {
      var memory = loaded.get(i);
      if (memory == null) {
        continue;
      }
      tokens += (memory.body().length() + 3) / 4;
      if (hits.size() == query.limit()
          || (query.maxTokens() != null && tokens > query.maxTokens())) {
        truncated = true;
        break;
      }
      if (query.asOf().knownAt() == null) {
        uses.count(memory.id());
      }
      var ranked = answer.best().get(i);
      hits.add(new Hit(memory, ranked.score(), query.explain() ? ranked.explained() : null));
    }
    return new Recall(hits, truncated, legs(answer));
  }

  private static Json.Obj legs(Ranking.Answer answer) {
    return Json.object()
        .put("words", Json.object().put("matched", (long) answer.words()).build())
        .put("meaning", Json.object().put("near", (long) answer.meaning()).build())
        .put("candidates", (long) answer.candidates())
        .build();
  }

  @Override
  public List<ScopeInfo> scopes(@Nullable String below) {
    requireOpen();
    if (below != null) {
      Limits.scope(below);
    }
    return journal.readConsistently(reader -> {
      var counts = reader.liveByScope();
      return reader.scopes(below).stream()
          .map(scope -> new ScopeInfo(scope.path(), counts.getOrDefault(scope.id(), 0L)))
          .toList();
    });
  }

  // History

  @Override
  public List<Revised> history(UUID id) {
    requireOpen();
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
        Changes.branchName(entry),
        parents,
        java.time.Instant.ofEpochMilli(HybridClock.millis(header.recorded())),
        body == null ? null : body.cause().session(),
        body == null ? null : body.cause().tool(),
        body == null ? null : body.cause().message(),
        reader.siteOf(entry),
        entry.seq(),
        dev.remanence.journal.Hash.hex(entry.hash()),
        entry.erased(),
        body != null && header.recordsValue() && entry.base() != Entry.LOST
            ? memories.of(reader, scope, entry, created, wall.millis())
            : null);
  }

  @Override
  public String diff(UUID id, int from, int to) {
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

  @Override
  public Written revert(UUID id, int revision, @Nullable String message) {
    Limits.optionalText("message", message, Limits.MESSAGE_CHARS_MAX);
    return changed(id, write(512, (changes, _) -> changes.revert(id, revision, message)));
  }

  @Override
  public Written branch(
      UUID id, String name, @Nullable Integer fromRevision, @Nullable String message) {
    Limits.name("name", name);
    Limits.optionalText("message", message, Limits.MESSAGE_CHARS_MAX);
    return changed(id, write(512, (changes, _) -> changes.branch(id, name, fromRevision, message)));
  }

  @Override
  public Written merge(
      UUID id, String from, String into, @Nullable Prefer prefer, @Nullable String message) {
    Limits.name("from", from);
    Limits.name("into", into);
    Limits.optionalText("message", message, Limits.MESSAGE_CHARS_MAX);
    var side =
        switch (prefer) {
          case null -> ThreeWay.Side.NEITHER;
          case OURS -> ThreeWay.Side.OURS;
          case THEIRS -> ThreeWay.Side.THEIRS;
        };
    var merged = write(2048, (changes, _) -> changes.merge(id, from, into, side, message));
    embedLater(id);
    return changed(id, merged);
  }

  @Override
  public List<SessionInfo> sessions() {
    requireOpen();
    return journal.read(Sitting::list);
  }

  // Care

  private void writeUses() {
    var counts = uses.unwritten();
    if (counts.isEmpty()) {
      return;
    }
    journal.write(
        64 * counts.size(),
        ledger -> {
          Uses.write(ledger, counts);
          return counts.size();
        });
    uses.written(counts);
    counts.keySet().forEach(recent::changed);
  }

  @Override
  public Verification verify(boolean deep, @Nullable Path anchor) {
    requireOpen();
    return Verifier.verify(journal, deep, anchor);
  }

  @Override
  public BackupInfo backup(Path directory, Retention retention) {
    requireOpen();
    return Backup.write(journal, directory, retention);
  }

  @Override
  public void scheduleBackups(@Nullable BackupSchedule schedule) {
    requireOpen();
    care.schedule(schedule);
  }

  @Override
  public Compaction compact() {
    requireOpen();
    Erasing.finishPending(journal);
    long before = journal.fileSizes().total();
    long repacked = journal.compact();
    return new Compaction(before, journal.fileSizes().total(), repacked);
  }

  @Override
  public Stats stats() {
    requireOpen();
    return Statistics.of(journal);
  }

  @Override
  public Status status() {
    requireOpen();
    return new Status(
        ProcessHandle.current().pid(),
        Version.TEXT,
        Math.max(0, (wall.millis() - sitting.started().toEpochMilli()) / 1000),
        sitting.id().toString(),
        journal.directory(),
        "owner");
  }

  @Override
  public long exportTo(OutputStream out, Progress progress) {
    requireOpen();
    return Export.write(journal, out, progress);
  }

  @Override
  public ImportReport importFrom(InputStream in, ImportOptions options, Progress progress) {
    requireOpen();
    if (options.scope() != null) {
      Limits.scope(options.scope());
    }
    try (var _ = images.hold()) {
      return new Importing(
              journal,
              options,
              progress,
              ledger -> new Changes(ledger, cause()),
              draft -> Wishes.of(draft, wall.millis(), caller))
          .run(in);
    } finally {
      recent.changedAll();
      journal.read(reader -> reader.scopes(null)).forEach(each -> meaning.later(each.id()));
    }
  }

  @Override
  public long embedMissing(Progress progress) {
    requireOpen();
    return meaning.complete(progress);
  }

  @Override
  public void saveAnchor(Path file) {
    requireOpen();
    try {
      Disk.replace(
          file.toAbsolutePath(), (journal.anchor() + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw Disk.translate(e, file);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreClosed("the store was closed", "store", journal.directory().toString());
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (journal) {
      care.close();
      meaning.close();
      if (journal.writingStoppedBy() == null) {
        writeLast();
        images.writeLast();
      }
    }
  }

  /// What is lost where this fails are counts of uses and the end of a sitting, which a crash may
  /// lose too.
  private void writeLast() {
    try {
      writeUses();
      if (sitting.recorded()) {
        journal.write(
            64,
            ledger -> {
              sitting.end(ledger);
              return sitting;
            });
      }
    } catch (RemanenceException e) {
      System.getLogger("dev.remanence")
          .log(System.Logger.Level.WARNING, "uses were not written: " + e.getMessage());
    }
  }
}
