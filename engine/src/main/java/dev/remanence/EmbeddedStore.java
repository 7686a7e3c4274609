package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.Selection.Source;
import dev.remanence.journal.Backup;
import dev.remanence.journal.Body;
import dev.remanence.journal.Disk;
import dev.remanence.journal.Export;
import dev.remanence.journal.Header;
import dev.remanence.journal.Ledger;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SessionTurns;
import dev.remanence.journal.VectorTable;
import dev.remanence.journal.Verifier;
import dev.remanence.life.Changes;
import dev.remanence.life.ThreeWay;
import dev.remanence.life.Uuid7;
import dev.remanence.life.Wish;
import dev.remanence.recall.Blend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One caller's session with a store that this process owns: the rules of change and of access over
/// the parts in [OwnedStore].
///
/// Questions are answered by [Reading], [Browsing] and [Recalling]; each pins a view. Every write
/// is decided on the journal's writer thread, and what it changes is taken out of the caches before
/// its caller is told. What a caller may not see is not there for it; what it may not do is refused
/// here, before anything is looked at. Thread-safe.
final class EmbeddedStore implements Remanence {
  private static final long IMAGE_BYTES_MIN = 64L << 20;

  private final OwnedStore own;
  private final Sitting sitting;
  private final Provenance caller;
  private final Grant grant;

  /// Whether the store is closed with this session.
  private final boolean first;

  private EmbeddedStore(OwnedStore own, Caller caller, boolean first) {
    this.own = own;
    this.first = first;
    this.grant = caller.grant();
    this.sitting =
        new Sitting(
            Uuid7.next(own.wall.millis(), own.random),
            caller.tool(),
            caller.pid(),
            own.wall.instant());
    this.caller =
        new Provenance(sitting.id().toString(), caller.tool(), null, null, null, null, null, null);
    own.begin(sitting);
  }

  static EmbeddedStore open(Path directory, OpenOptions options) {
    return open(directory, options, InstantSource.system(), new SecureRandom());
  }

  static EmbeddedStore open(
      Path directory, OpenOptions options, InstantSource wall, RandomGenerator random) {
    long imageBytesMax = Math.max(IMAGE_BYTES_MIN, Runtime.getRuntime().maxMemory() / 4);
    return open(directory, options, wall, random, imageBytesMax);
  }

  /// @param imageBytesMax what images may take before the least used are dropped
  static EmbeddedStore open(
      Path directory,
      OpenOptions options,
      InstantSource wall,
      RandomGenerator random,
      long imageBytesMax) {
    return new EmbeddedStore(
        OwnedStore.open(directory, options, wall, random, imageBytesMax),
        Caller.of(options.tool()),
        true);
  }

  void serve(Sharing sharing) {
    try {
      own.serve(sharing.serve(this));
    } catch (RemanenceException e) {
      close();
      throw e;
    }
  }

  @Override
  public Remanence session(Caller caller) {
    own.requireOpen();
    return new EmbeddedStore(own, caller, false);
  }

  // Writing

  private Body.Cause cause() {
    return new Body.Cause(sitting.id().toString(), sitting.tool(), null, null, null);
  }

  /// Hands a change to the writer. The sitting is recorded with the first one.
  <T> T write(int bytes, Changing<T> changing) {
    return write(bytes, changing, () -> {});
  }

  /// @param meanwhile what is done while the caller waits
  private <T> T write(int bytes, Changing<T> changing, Runnable meanwhile) {
    T outcome =
        own.journal.write(
            bytes,
            ledger -> {
              sitting.record(ledger);
              return changing.change(new Changes(ledger, cause()), ledger);
            },
            meanwhile);
    sitting.seenDurable();
    return outcome;
  }

  /// Records the sitting, for changes that do not go through [#write].
  private void sit() {
    if (!sitting.recorded()) {
      own.journal.write(
          64,
          ledger -> {
            sitting.record(ledger);
            return sitting;
          });
      sitting.seenDurable();
    }
  }

  private Instant instant() {
    return own.wall.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @FunctionalInterface
  interface Changing<T> {
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
    may(Verb.WRITE, scope);
    Limits.count("memories", drafts.size(), 1, Limits.BATCH_MAX);
    long now = own.wall.millis();
    var wishes = new ArrayList<Wish>(drafts.size());
    int bytes = 0;
    for (var draft : drafts) {
      var wish = Wishes.of(draft, now, caller);
      wishes.add(wish);
      bytes += 512 + (draft.text == null ? 512 : draft.text.length());
    }
    long turnsChanged = own.journal.turnsChanged();
    var embedded = embed(scope, drafts, wishes);
    var near = new ArrayList<List<UUID>>();
    var outcomes =
        write(
            bytes,
            (changes, ledger) -> {
              var remembered = new ArrayList<Remembered>(wishes.size());
              boolean fresh = ledger.turnsChanged() == turnsChanged;
              for (int i = 0; i < wishes.size(); i++) {
                remembered.add(changes.remember(scope, wishes.get(i), superseding));
                changes.keepVectors(fresh ? embedded.vectors[i] : null);
              }
              return remembered;
            },
            () -> near.addAll(own.nearDuplicates.of(scope, wishes)));
    outcomes.forEach(outcome -> own.changed(outcome.id()));
    if (embedded.missing || own.journal.turnsChanged() != turnsChanged) {
      own.meaning.later();
    }
    return withNear(outcomes, near);
  }

  /// Outcomes with what is nearly the same. What these very changes made may be among it, as it is
  /// looked for while they are written.
  private static List<Remembered> withNear(List<Remembered> outcomes, List<List<UUID>> near) {
    var made = new HashSet<UUID>();
    for (var outcome : outcomes) {
      if (outcome.outcome() == Remembered.Outcome.CREATED) {
        made.add(outcome.id());
      }
    }
    var told = new ArrayList<Remembered>(outcomes.size());
    for (int i = 0; i < outcomes.size(); i++) {
      var others = new ArrayList<>(near.get(i));
      others.removeAll(made);
      others.remove(outcomes.get(i).id());
      told.add(outcomes.get(i).near(others));
    }
    return told;
  }

  /// The vectors of what is to be remembered.
  ///
  /// @param vectors null where there is none
  /// @param missing whether some were deferred or could not be computed
  private record Embedded(VectorTable.@Nullable Computed[] vectors, boolean missing) {}

  /// Embeds what is new: not what has a vector, is deferred, or is there already.
  private Embedded embed(String scope, List<Draft> drafts, List<Wish> wishes) {
    var computed = new VectorTable.@Nullable Computed[wishes.size()];
    if (!own.meaning.isOn()) {
      return new Embedded(computed, false);
    }
    var places = new ArrayList<Integer>();
    var texts = new ArrayList<Meaning.Text>();
    own.journal.readConsistently(reader -> {
      var turns = new HashMap<String, Body.@Nullable Content>();
      for (int i = 0; i < wishes.size(); i++) {
        var wish = wishes.get(i);
        var content = Objects.requireNonNull(wish.content());
        Body.Content before = null;
        if (content.speaker() != null) {
          var session = Objects.requireNonNull(Objects.requireNonNull(wish.provenance()).session());
          before =
              turns.containsKey(session)
                  ? turns.get(session)
                  : SessionTurns.last(reader, scope, session);
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
    var vectors = own.meaning.embed(texts);
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
    may(Verb.WRITE, id);
    var wishes = Wishes.of(patch);
    long turnsChanged = own.journal.turnsChanged();
    boolean tellsContent = patch.text != null || patch.content != null;
    var computed = tellsContent ? embed(id, patch, wishes) : null;
    var revised =
        write(
            512 + (patch.text == null ? 0 : patch.text.length()),
            (changes, ledger) -> {
              boolean fresh = ledger.turnsChanged() == turnsChanged;
              var written =
                  changes.revise(id, wishes, patch.branch, patch.ifRevision, patch.message);
              changes.keepVectors(fresh ? computed : null);
              return written;
            });
    if (computed == null || own.journal.turnsChanged() != turnsChanged) {
      own.meaning.later();
    }
    return changed(id, revised);
  }

  /// The vector of a content that is to be, as far as can be told before it is.
  private VectorTable.@Nullable Computed embed(
      UUID id, Patch patch, Function<Body.Content, Wish> wishes) {
    if (!own.meaning.isOn() || patch.vector != null) {
      return null;
    }
    var text =
        own.journal.readConsistently(reader -> {
          var state = reader.state(id);
          var head = state == null || !state.live() ? null : state.head(Header.MAIN);
          if (head == null) {
            return null;
          }
          var entry = reader.entry(head.pos());
          var wished = wishes.apply(reader.value(entry).content()).content();
          return wished == null
              ? null
              : new Meaning.Text(
                  wished,
                  wished.speaker() == null
                      ? null
                      : SessionTurns.before(
                          reader, head.base() == 0 ? entry : reader.entry(head.base())));
        });
    var vectors = text == null ? null : own.meaning.embed(List.of(text));
    return vectors == null ? null : vectors.getFirst();
  }

  private Written changed(UUID id, Written written) {
    own.changed(id);
    return written;
  }

  @Override
  public Written link(UUID from, String type, UUID to) {
    var link = new Link(type, to);
    may(Verb.WRITE, from);
    may(Verb.READ, to);
    return changed(from, write(512, (changes, _) -> changes.link(from, link.type(), to)));
  }

  @Override
  public Written unlink(UUID from, String type, UUID to) {
    may(Verb.WRITE, from);
    return changed(from, write(512, (changes, _) -> changes.unlink(from, type, to)));
  }

  @Override
  public int forget(UUID id, @Nullable String reason) {
    Limits.optionalText("reason", reason, Limits.MESSAGE_CHARS_MAX);
    may(Verb.WRITE, id);
    boolean forgotten = write(256, (changes, _) -> changes.forget(id, reason));
    own.changed(id);
    return forgotten ? 1 : 0;
  }

  @Override
  public int forget(String scope, Filter filter, boolean recursive, @Nullable String reason) {
    Limits.optionalText("reason", reason, Limits.MESSAGE_CHARS_MAX);
    may(Verb.WRITE, scope);
    var sources = own.scopes.sources(scope, false, recursive);
    sources.forEach(source -> may(Verb.WRITE, source.path()));
    List<UUID> ids;
    try (var matching = own.browsing.stream(sources, filter)) {
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
      batch.forEach(own::changed);
    }
    return forgotten;
  }

  @Override
  public Receipt erase(UUID id, @Nullable String reason) {
    Limits.optionalText("reason", reason, Limits.MESSAGE_CHARS_MAX);
    may(Verb.ERASE, id);
    var state = own.journal.readProving(reader -> reader.state(id));
    if (state == null) {
      throw Reading.notFound(id);
    }
    sit();
    try {
      return new Erasing(own.journal, own.images, cause(), instant(), reason)
          .memory(id, state.scope());
    } finally {
      own.uses.forget(id);
      own.changed(id);
      own.images.erased(state.scope());
      own.meaning.forgetQuestions();
      own.meaning.later();
    }
  }

  @Override
  public Receipt eraseScope(String scope, boolean recursive, @Nullable String reason) {
    Limits.optionalText("reason", reason, Limits.MESSAGE_CHARS_MAX);
    may(Verb.ERASE, scope);
    var erased =
        own.journal.read(reader -> reader.scopes(scope)).stream()
            .filter(each -> recursive || each.path().equals(scope))
            .toList();
    if (erased.isEmpty()) {
      throw Erasing.noScope(scope);
    }
    erased.forEach(each -> may(Verb.ERASE, each.path()));
    sit();
    try {
      return new Erasing(own.journal, own.images, cause(), instant(), reason).scopes(erased);
    } finally {
      own.changedAll();
      own.meaning.forgetQuestions();
      erased.forEach(each -> own.images.erased(each.id()));
      own.scopes.forgetNames();
      own.erased(erased.stream().map(Reader.ScopeName::path).toList());
    }
  }

  // Access

  /// Refuses what the caller may not do in a scope.
  void may(Verb verb, String scope) {
    own.requireOpen();
    Limits.scope(scope);
    if (!grant.covers(scope) || !grant.verbs().contains(verb)) {
      throw grant.refusal(verb, scope);
    }
  }

  /// Refuses what the caller may not do with a memory. One in a scope that it may not see is not
  /// there.
  void may(Verb verb, UUID id) {
    own.requireOpen();
    if (!grant.isAll()) {
      var scope = scopeOf(id);
      if (scope == null || !grant.covers(scope)) {
        throw Reading.notFound(id);
      }
      if (!grant.verbs().contains(verb)) {
        throw grant.refusal(verb, scope);
      }
    }
  }

  /// Whether a memory is there for the caller.
  boolean sees(UUID id) {
    if (grant.isAll()) {
      return true;
    }
    var scope = scopeOf(id);
    return scope != null && grant.covers(scope) && grant.verbs().contains(Verb.READ);
  }

  private @Nullable String scopeOf(UUID id) {
    return own.journal.readConsistently(reader -> {
      var state = reader.state(id);
      return state == null ? null : reader.scopePath(state.scope());
    });
  }

  /// Refuses what concerns the store as a whole.
  private void mayCare() {
    own.requireOpen();
    if (!grant.isForAllScopes() || !grant.verbs().contains(Verb.ADMIN)) {
      throw grant.refusal(Verb.ADMIN, "all scopes");
    }
  }

  /// What the caller may see of a scope, and of those that it inherits from or of those below it.
  List<Source> sources(String scope, boolean inherit, boolean recursive) {
    may(Verb.READ, scope);
    var sources = own.scopes.sources(scope, inherit, recursive);
    return grant.isForAllScopes()
        ? sources
        : sources.stream().filter(source -> grant.covers(source.path())).toList();
  }

  // Reading

  @Override
  public Memory get(UUID id, AsOf asOf) {
    may(Verb.READ, id);
    return own.reading.get(id, asOf);
  }

  @Override
  public Memory get(String scope, String key, AsOf asOf) {
    may(Verb.READ, scope);
    Limits.word("key", key, Limits.KEY_CHARS_MAX);
    var paths = Scopes.withAncestors(scope).stream().filter(grant::covers).toList();
    return own.reading.get(paths, key, asOf);
  }

  @Override
  public Page list(String scope, Listing listing) {
    return own.browsing.list(scope, sources(scope, listing.inherit(), false), listing);
  }

  @Override
  public Page range(String scope, Range range) {
    return own.browsing.range(scope, sources(scope, range.inherit(), false), range);
  }

  @Override
  public Stream<Memory> stream(String scope, Filter filter, boolean recursive) {
    return own.browsing.stream(sources(scope, false, recursive), filter);
  }

  @Override
  public Recall recall(String scope, Query query) {
    return recall(scope, query, Blend.DEFAULT);
  }

  /// For measuring what each part of the score is worth.
  Recall recall(String scope, Query query, Blend blend) {
    return own.recalling.recall(scope, sources(scope, query.inherit(), false), query, blend);
  }

  @Override
  public List<Hit> similar(String scope, Similar question) {
    if (question.id() != null) {
      may(Verb.READ, question.id());
    }
    return own.recalling.similar(sources(scope, question.inherit(), false), question);
  }

  @Override
  public List<ScopeInfo> scopes(@Nullable String below) {
    own.requireOpen();
    if (below != null) {
      Limits.scope(below);
    }
    return own.journal.readConsistently(reader -> {
      var counts = reader.liveByScope();
      return reader.scopes(below).stream()
          .filter(scope -> grant.verbs().contains(Verb.READ) && grant.covers(scope.path()))
          .map(scope -> new ScopeInfo(scope.path(), counts.getOrDefault(scope.id(), 0L)))
          .toList();
    });
  }

  @Override
  public Assemblies assemblies(String scope) {
    return new EmbeddedAssemblies(this, own, Limits.scope(scope));
  }

  /// What is remembered under a draft, and by whom.
  Wish wish(Draft draft) {
    return Wishes.of(draft, own.wall.millis(), caller);
  }

  // History

  @Override
  public List<Revised> history(UUID id) {
    may(Verb.READ, id);
    return own.reading.history(id);
  }

  @Override
  public String diff(UUID id, int from, int to) {
    may(Verb.READ, id);
    return own.reading.diff(id, from, to);
  }

  @Override
  public Written revert(UUID id, int revision, @Nullable String message) {
    may(Verb.WRITE, id);
    Limits.optionalText("message", message, Limits.MESSAGE_CHARS_MAX);
    var reverted = write(512, (changes, _) -> changes.revert(id, revision, message));
    own.meaning.later();
    return changed(id, reverted);
  }

  @Override
  public Written branch(
      UUID id, String name, @Nullable Integer fromRevision, @Nullable String message) {
    may(Verb.WRITE, id);
    Limits.name("name", name);
    Limits.optionalText("message", message, Limits.MESSAGE_CHARS_MAX);
    return changed(id, write(512, (changes, _) -> changes.branch(id, name, fromRevision, message)));
  }

  @Override
  public Written merge(
      UUID id, String from, String into, @Nullable Prefer prefer, @Nullable String message) {
    may(Verb.WRITE, id);
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
    own.meaning.later();
    return changed(id, merged);
  }

  @Override
  public Watch watch(
      @Nullable String scope,
      boolean recursive,
      @Nullable Long since,
      Consumer<WatchEvent> consumer) {
    own.requireOpen();
    if (scope != null) {
      may(Verb.READ, scope);
    } else if (!grant.verbs().contains(Verb.READ)) {
      throw grant.refusal(Verb.READ, "any scope");
    }
    long last = own.journal.lastPosition();
    if (since != null && (since < 0 || since > last)) {
      throw new InvalidInput(
          "since is the position of an event of this store, from 0 to " + last + "; found " + since,
          "field",
          "since",
          "max",
          last,
          "found",
          since);
    }
    var watch =
        new JournalWatch(
            own, path -> watches(scope, recursive, path), since == null ? last : since, consumer);
    own.begin(watch);
    return watch;
  }

  private boolean watches(@Nullable String scope, boolean recursive, String path) {
    boolean wanted =
        scope == null || path.equals(scope) || (recursive && path.startsWith(scope + "/"));
    return wanted && grant.covers(path);
  }

  @Override
  public List<SessionInfo> sessions() {
    mayCare();
    return own.journal.read(Sitting::list);
  }

  // Care

  @Override
  public Verification verify(boolean deep, @Nullable Path anchor) {
    mayCare();
    return Verifier.verify(own.journal, deep, anchor);
  }

  @Override
  public BackupInfo backup(Path directory, Retention retention) {
    mayCare();
    return Backup.write(own.journal, directory, retention);
  }

  @Override
  public void scheduleBackups(@Nullable BackupSchedule schedule) {
    mayCare();
    own.care.schedule(schedule);
  }

  @Override
  public Compaction compact() {
    mayCare();
    Erasing.finishPending(own.journal);
    long before = own.journal.fileSizes().total();
    if (own.meaning.dropFormer() > 0) {
      // Images made from now on are made without them.
      own.images.hold().close();
    }
    long repacked = own.journal.compact();
    return new Compaction(before, own.journal.fileSizes().total(), repacked);
  }

  @Override
  public Stats stats() {
    mayCare();
    return Statistics.of(own.journal, own.meaning.lacking());
  }

  @Override
  public Status status() {
    own.requireOpen();
    return new Status(
        ProcessHandle.current().pid(),
        Version.TEXT,
        Math.max(0, (own.wall.millis() - own.opened.toEpochMilli()) / 1000),
        sitting.id().toString(),
        own.journal.directory(),
        "owner");
  }

  @Override
  public long exportTo(OutputStream out, Progress progress) {
    mayCare();
    return Export.write(own.journal, out, progress);
  }

  @Override
  public ImportReport importFrom(InputStream in, ImportOptions options, Progress progress) {
    mayCare();
    if (options.scope() != null) {
      Limits.scope(options.scope());
    }
    try (var _ = own.images.hold()) {
      return new Importing(
              own.journal,
              options,
              progress,
              ledger -> new Changes(ledger, cause()),
              draft -> Wishes.of(draft, own.wall.millis(), caller))
          .run(in);
    } finally {
      own.changedAll();
      own.meaning.later();
    }
  }

  @Override
  public long embedMissing(Progress progress) {
    mayCare();
    return own.meaning.complete(progress);
  }

  @Override
  public void saveAnchor(Path file) {
    mayCare();
    try {
      Disk.replace(
          file.toAbsolutePath(), (own.journal.anchor() + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw Disk.translate(e, file);
    }
  }

  @Override
  public void close() {
    if (first) {
      own.close();
    } else {
      own.end(sitting);
    }
  }
}
