package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.journal.Backup;
import dev.remanence.journal.Disk;
import dev.remanence.journal.Export;
import dev.remanence.journal.Reader;
import dev.remanence.journal.Verifier;
import dev.remanence.life.Changes;
import dev.remanence.life.ThreeWay;
import dev.remanence.life.Uuid7;
import dev.remanence.recall.Blend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One caller's session with a store that this process owns: the rules of change and of access over
/// the parts in [OwnedStore].
///
/// Questions are answered by [Reading], [Browsing] and [Recalling]; each pins a view. Contents come
/// in through [Remembering]. Every write is decided on the journal's writer thread, and what it
/// changes is taken out of the caches before its caller is told. What a caller may not see is not
/// there for it; what it may not do is refused by [Access], before anything is looked at.
/// Thread-safe.
final class EmbeddedStore implements Remanence {
  private static final long IMAGE_BYTES_MIN = 64L << 20;

  private final OwnedStore own;
  private final Sitting sitting;

  final Access access;
  final Writing writing;
  final Remembering remembering;

  /// Whether the store is closed with this session.
  private final boolean first;

  private EmbeddedStore(OwnedStore own, Caller caller, boolean first) {
    this.own = own;
    this.first = first;
    this.access = new Access(own, caller.grant());
    this.sitting =
        new Sitting(
            Uuid7.next(own.wall.millis(), own.random),
            caller.tool(),
            caller.pid(),
            own.wall.instant());
    this.writing = new Writing(own, sitting);
    this.remembering =
        new Remembering(
            own,
            writing,
            new Provenance(
                sitting.id().toString(), caller.tool(), null, null, null, null, null, null));
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
    access.requireOpen();
    access.grant().requireAll();
    return new EmbeddedStore(own, caller, false);
  }

  // Writing

  private Instant instant() {
    return own.wall.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public List<Remembered> rememberAll(String scope, List<Draft> drafts) {
    access.may(Verb.WRITE, scope);
    return remembering.all(scope, drafts, Changes::remember);
  }

  @Override
  public Remembered supersede(String scope, Draft draft) {
    if (draft.key == null) {
      throw new InvalidInput("a value is superseded under a key; none was given", "field", "key");
    }
    access.may(Verb.WRITE, scope);
    return remembering.all(scope, List.of(draft), Changes::supersede).getFirst();
  }

  @Override
  public Written revise(UUID id, Patch patch) {
    access.may(Verb.WRITE, id);
    return changed(id, remembering.revise(id, patch));
  }

  private Written changed(UUID id, Written written) {
    own.changed(id);
    return written;
  }

  @Override
  public Written link(UUID from, String type, UUID to) {
    var link = new Link(type, to);
    access.may(Verb.WRITE, from);
    access.may(Verb.READ, to);
    return changed(from, writing.write(512, (changes, _) -> changes.link(from, link.type(), to)));
  }

  @Override
  public Written unlink(UUID from, String type, UUID to) {
    access.may(Verb.WRITE, from);
    return changed(from, writing.write(512, (changes, _) -> changes.unlink(from, type, to)));
  }

  @Override
  public int forget(UUID id, @Nullable String reason) {
    Limits.optionalText("reason", reason, Limits.MESSAGE_CHARS_MAX);
    try {
      access.may(Verb.WRITE, id);
      boolean forgotten = writing.write(256, (changes, _) -> changes.forget(id, reason));
      own.changed(id);
      return forgotten ? 1 : 0;
    } catch (NotFound e) {
      own.volatileTurns.remove(volatileTurn(id, Verb.WRITE, e));
      return 1;
    }
  }

  @Override
  public int forget(String scope, Filter filter, boolean recursive, @Nullable String reason) {
    Limits.optionalText("reason", reason, Limits.MESSAGE_CHARS_MAX);
    access.may(Verb.WRITE, scope);
    var sources = own.scopes.sources(scope, false, recursive);
    sources.forEach(source -> access.may(Verb.WRITE, source.path()));
    List<UUID> ids;
    try (var matching = own.browsing.stream(sources, filter)) {
      ids = List.copyOf(new LinkedHashSet<>(matching.map(Memory::id).toList()));
    }
    int forgotten = 0;
    for (int from = 0; from < ids.size(); from += Limits.BATCH_MAX) {
      var batch = ids.subList(from, Math.min(ids.size(), from + Limits.BATCH_MAX));
      forgotten +=
          writing.write(
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
    access.may(Verb.ERASE, id);
    var state = own.journal.readProving(reader -> reader.state(id));
    if (state == null) {
      throw Reading.notFound(id);
    }
    writing.sit();
    try {
      return new Erasing(own.journal, own.images, writing.cause(), instant(), reason)
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
    access.may(Verb.ERASE, scope);
    var erased =
        own.journal.read(reader -> reader.scopes(scope)).stream()
            .filter(each -> recursive || each.path().equals(scope))
            .toList();
    if (erased.isEmpty()) {
      throw Erasing.noScope(scope);
    }
    erased.forEach(each -> access.may(Verb.ERASE, each.path()));
    writing.sit();
    try {
      return new Erasing(own.journal, own.images, writing.cause(), instant(), reason)
          .scopes(erased);
    } finally {
      own.changedAll();
      own.meaning.forgetQuestions();
      erased.forEach(each -> own.images.erased(each.id()));
      own.scopes.forgetNames();
      own.erased(erased.stream().map(Reader.ScopeName::path).toList());
    }
  }

  // Reading

  @Override
  public Memory get(UUID id, AsOf asOf) {
    try {
      access.may(Verb.READ, id);
      return own.reading.get(id, asOf);
    } catch (NotFound e) {
      return volatileTurn(id, Verb.READ, e).memory();
    }
  }

  /// What the journal does not know; the failure where it is no volatile turn either.
  private VolatileTurns.Spoken volatileTurn(UUID id, Verb verb, NotFound failure) {
    var spoken = own.volatileTurns.find(id);
    if (spoken == null || !access.grant().covers(spoken.scope())) {
      throw failure;
    }
    access.may(verb, spoken.scope());
    return spoken;
  }

  @Override
  public Memory get(String scope, String key, AsOf asOf) {
    access.may(Verb.READ, scope);
    Limits.word("key", key, Limits.KEY_CHARS_MAX);
    var paths = Scopes.withAncestors(scope).stream().filter(access.grant()::covers).toList();
    return own.reading.get(paths, key, asOf);
  }

  @Override
  public Page list(String scope, Listing listing) {
    var shown = listing.filter(Views.shown(listing.filter()));
    return own.browsing.list(scope, access.sources(scope, listing.inherit(), false), shown);
  }

  @Override
  public Page range(String scope, Range range) {
    var shown = range.filter(Views.shown(range.filter()));
    return own.browsing.range(scope, access.sources(scope, range.inherit(), false), shown);
  }

  @Override
  public Stream<Memory> stream(String scope, Filter filter, boolean recursive) {
    return own.browsing.stream(access.sources(scope, false, recursive), Views.shown(filter));
  }

  @Override
  public Recall recall(String scope, Query query) {
    return recall(scope, query, Blend.DEFAULT);
  }

  /// For measuring what each part of the score is worth.
  Recall recall(String scope, Query query, Blend blend) {
    var shown = query.filter(Views.shown(query.filter()));
    return own.recalling.recall(scope, access.sources(scope, query.inherit(), false), shown, blend);
  }

  @Override
  public List<Hit> similar(String scope, Similar question) {
    if (question.id() != null) {
      access.may(Verb.READ, question.id());
    }
    var shown = question.filter(Views.shown(question.filter()));
    return own.recalling.similar(access.sources(scope, question.inherit(), false), shown);
  }

  @Override
  public List<ScopeInfo> scopes(@Nullable String below) {
    access.requireOpen();
    if (below != null) {
      Limits.scope(below);
    }
    return own.journal.readConsistently(reader -> {
      var counts = reader.liveByScope();
      return reader.scopes(below).stream()
          .filter(scope ->
              access.grant().verbs().contains(Verb.READ) && access.grant().covers(scope.path()))
          .map(scope -> new ScopeInfo(scope.path(), counts.getOrDefault(scope.id(), 0L)))
          .toList();
    });
  }

  @Override
  public Assemblies assemblies(String scope) {
    return new EmbeddedAssemblies(this, own, Limits.scope(scope));
  }

  @Override
  public Facts facts(String scope) {
    return new EmbeddedFacts(this, own, Limits.scope(scope));
  }

  @Override
  public Conflicts conflicts(String scope) {
    return new EmbeddedConflicts(this, own, Limits.scope(scope));
  }

  @Override
  public Turns turns(String scope) {
    return new EmbeddedTurns(this, own, Limits.scope(scope));
  }

  @Override
  public Context context(String scope, ContextQuestion question) {
    access.may(Verb.READ, scope);
    return own.gathering.gather(
        scope, access.grant(), () -> access.sources(scope, true, false), question);
  }

  // Life

  @Override
  public Curation curate(String scope, Curation.Options options) {
    access.may(Verb.WRITE, scope);
    var sources = own.scopes.sources(scope, false, options.recursive());
    sources.forEach(source -> access.may(Verb.WRITE, source.path()));
    try (var run = curator()) {
      return new Curator(own, run).run(sources, options);
    }
  }

  @Override
  public Curation.Undone undo(UUID id) {
    access.requireOpen();
    try (var run = curator()) {
      return new RunUndo(own, run, id).undo();
    }
  }

  /// A run is a session of its own, with what this one was granted.
  private EmbeddedStore curator() {
    return new EmbeddedStore(own, Caller.of(Curator.TOOL).grant(access.grant()), false);
  }

  UUID id() {
    return sitting.id();
  }

  /// What the caller's changes are recorded under.
  String tool() {
    return sitting.tool();
  }

  // History

  @Override
  public List<Revised> history(UUID id) {
    access.may(Verb.READ, id);
    return own.reading.history(id);
  }

  @Override
  public String diff(UUID id, int from, int to) {
    access.may(Verb.READ, id);
    return own.reading.diff(id, from, to);
  }

  @Override
  public Written revert(UUID id, int revision, @Nullable String message) {
    access.may(Verb.WRITE, id);
    Limits.optionalText("message", message, Limits.MESSAGE_CHARS_MAX);
    var reverted =
        writing.write(512, (changes, _) -> changes.branches().revert(id, revision, message));
    own.meaning.later();
    return changed(id, reverted);
  }

  @Override
  public Written branch(
      UUID id, String name, @Nullable Integer fromRevision, @Nullable String message) {
    access.may(Verb.WRITE, id);
    Limits.name("name", name);
    Limits.optionalText("message", message, Limits.MESSAGE_CHARS_MAX);
    return changed(
        id,
        writing.write(
            512, (changes, _) -> changes.branches().branch(id, name, fromRevision, message)));
  }

  @Override
  public Written merge(
      UUID id, String from, String into, @Nullable Prefer prefer, @Nullable String message) {
    access.may(Verb.WRITE, id);
    Limits.name("from", from);
    Limits.name("into", into);
    Limits.optionalText("message", message, Limits.MESSAGE_CHARS_MAX);
    var side =
        switch (prefer) {
          case null -> ThreeWay.Side.NEITHER;
          case OURS -> ThreeWay.Side.OURS;
          case THEIRS -> ThreeWay.Side.THEIRS;
        };
    var merged =
        writing.write(
            2048, (changes, _) -> changes.branches().merge(id, from, into, side, message));
    own.meaning.later();
    return changed(id, merged);
  }

  @Override
  public Watch watch(
      @Nullable String scope,
      boolean recursive,
      @Nullable Long since,
      Consumer<WatchEvent> consumer) {
    access.requireOpen();
    if (scope != null) {
      access.may(Verb.READ, scope);
    } else if (!access.grant().verbs().contains(Verb.READ)) {
      throw access.grant().refusal(Verb.READ, "any scope");
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
            own,
            sitting,
            path -> watches(scope, recursive, path),
            since == null ? last : since,
            consumer);
    own.begin(watch);
    return watch;
  }

  private boolean watches(@Nullable String scope, boolean recursive, String path) {
    boolean wanted =
        scope == null || path.equals(scope) || (recursive && path.startsWith(scope + "/"));
    return wanted && access.grant().covers(path);
  }

  @Override
  public List<SessionInfo> sessions() {
    access.mayCare();
    return own.journal.read(Sitting::list);
  }

  // Care

  @Override
  public Verification verify(boolean deep, @Nullable Path anchor, Progress progress) {
    access.mayCare();
    return Verifier.verify(own.journal, deep, anchor, progress);
  }

  @Override
  public BackupInfo backup(Path directory, Retention retention, Progress progress) {
    access.mayCare();
    return Backup.write(own.journal, directory, retention, progress);
  }

  @Override
  public BackupErasure eraseFromBackups(Progress progress) {
    access.mayCare();
    return own.backupErasing.run(progress);
  }

  @Override
  public void scheduleBackups(@Nullable BackupSchedule schedule) {
    access.mayCare();
    own.care.schedule(schedule);
  }

  @Override
  public Compaction compact() {
    access.mayCare();
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
    access.mayCare();
    return Statistics.of(own.journal, own.meaning.lacking());
  }

  @Override
  public Status status() {
    access.requireOpen();
    return new Status(
        ProcessHandle.current().pid(),
        Version.TEXT,
        Math.max(0, (own.wall.millis() - own.opened.toEpochMilli()) / 1000),
        sitting.id().toString(),
        own.journal.directory(),
        "owner",
        own.journal.writingStoppedBy() == null);
  }

  @Override
  public long exportTo(OutputStream out, Progress progress) {
    access.mayCare();
    return Export.write(own.journal, out, progress);
  }

  @Override
  public ImportReport importFrom(InputStream in, ImportOptions options, Progress progress) {
    access.mayCare();
    if (options.scope() != null) {
      Limits.scope(options.scope());
    }
    try (var _ = own.images.hold()) {
      return new Importing(
              own.journal,
              options,
              progress,
              ledger -> new Changes(ledger, writing.cause()),
              remembering::wish)
          .run(in);
    } finally {
      own.changedAll();
      own.meaning.later();
    }
  }

  @Override
  public long embedMissing(Progress progress) {
    access.mayCare();
    return own.meaning.complete(progress);
  }

  @Override
  public void saveAnchor(Path file) {
    access.mayCare();
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
      access.end();
      own.end(sitting);
    }
  }
}
