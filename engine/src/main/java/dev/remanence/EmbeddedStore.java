package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.embed.Embedder;
import dev.remanence.embed.Embedders;
import dev.remanence.image.Images;
import dev.remanence.journal.Backup;
import dev.remanence.journal.Body;
import dev.remanence.journal.Disk;
import dev.remanence.journal.Export;
import dev.remanence.journal.Header;
import dev.remanence.journal.Ledger;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SessionTurns;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.journal.VectorTable;
import dev.remanence.journal.Verifier;
import dev.remanence.life.Changes;
import dev.remanence.life.ThreeWay;
import dev.remanence.life.Uuid7;
import dev.remanence.life.Wish;
import dev.remanence.recall.Blend;
import dev.remanence.recall.Passage;
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
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A store that this process owns: the facade over journal, images and the rules of change.
///
/// Questions are answered by [Reading], [Browsing] and [Recalling]; each pins a view. Every write
/// is decided on the journal's writer thread, and what it changes is taken out of the caches before
/// its caller is told. Thread-safe.
final class EmbeddedStore implements Remanence {
  private static final long IMAGE_BYTES_MIN = 64L << 20;

  private final SqliteJournal journal;
  private final Images images;
  private final InstantSource wall;
  private final Provenance caller;
  private final Sitting sitting;
  private final Uses uses = new Uses();
  private final Composites composites;
  private final Meaning meaning;
  private final Scopes scopes;
  private final Reading reading;
  private final Browsing browsing;
  private final Recalling recalling;
  private final NearDuplicates nearDuplicates;
  private final Care care;
  private volatile boolean closed;

  private EmbeddedStore(
      SqliteJournal journal,
      String tool,
      @Nullable Embedder embedder,
      InstantSource wall,
      long imageBytesMax) {
    this.journal = journal;
    this.wall = wall;
    this.sitting = new Sitting(Uuid7.next(wall.millis(), new SecureRandom()), tool, wall.instant());
    this.caller = new Provenance(sitting.id().toString(), tool, null, null, null, null, null, null);
    this.images = new Images(journal, Passage::indexed, imageBytesMax);
    this.composites = new Composites(journal);
    this.meaning = new Meaning(journal, images, embedder, composites::changed);
    this.scopes = new Scopes(journal, images);
    this.reading = new Reading(journal, scopes, uses, wall);
    this.browsing = new Browsing(scopes, reading, wall);
    this.recalling = new Recalling(journal, scopes, reading, meaning, uses, wall);
    this.nearDuplicates = new NearDuplicates(journal, scopes, wall);
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
      var store = new EmbeddedStore(journal, options.tool(), embedder, wall, imageBytesMax);
      store.meaning.start();
      return store;
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
  <T> T write(int bytes, Changing<T> changing) {
    return write(bytes, changing, () -> {});
  }

  /// @param meanwhile what is done while the caller waits
  private <T> T write(int bytes, Changing<T> changing, Runnable meanwhile) {
    requireOpen();
    T outcome =
        journal.write(
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
      journal.write(
          64,
          ledger -> {
            sitting.record(ledger);
            return sitting;
          });
      sitting.seenDurable();
    }
  }

  private Instant instant() {
    return wall.instant().truncatedTo(ChronoUnit.MILLIS);
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
    long turnsChanged = journal.turnsChanged();
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
            () -> near.addAll(nearDuplicates.of(scope, wishes)));
    outcomes.forEach(outcome -> changed(outcome.id()));
    if (embedded.missing || journal.turnsChanged() != turnsChanged) {
      meaning.later();
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
    if (!meaning.isOn()) {
      return new Embedded(computed, false);
    }
    var places = new ArrayList<Integer>();
    var texts = new ArrayList<Meaning.Text>();
    journal.read(reader -> {
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
    long turnsChanged = journal.turnsChanged();
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
    if (computed == null || journal.turnsChanged() != turnsChanged) {
      meaning.later();
    }
    return changed(id, revised);
  }

  /// The vector of a content that is to be, as far as can be told before it is.
  private VectorTable.@Nullable Computed embed(
      UUID id, Patch patch, Function<Body.Content, Wish> wishes) {
    if (!meaning.isOn() || patch.vector != null) {
      return null;
    }
    var text =
        journal.readConsistently(reader -> {
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
    var vectors = text == null ? null : meaning.embed(List.of(text));
    return vectors == null ? null : vectors.getFirst();
  }

  private Written changed(UUID id, Written written) {
    changed(id);
    return written;
  }

  /// Takes what a change made untrue out of the caches, after it is durable and before its caller
  /// is told.
  void changed(UUID id) {
    reading.changed(id);
    composites.changed(id);
  }

  private void changedAll() {
    reading.changedAll();
    composites.changedAll();
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
    changed(id);
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
      batch.forEach(this::changed);
    }
    return forgotten;
  }

  @Override
  public Receipt erase(UUID id, @Nullable String reason) {
    requireOpen();
    Limits.optionalText("reason", reason, Limits.MESSAGE_CHARS_MAX);
    var state = journal.read(reader -> reader.state(id));
    if (state == null) {
      throw Reading.notFound(id);
    }
    sit();
    try {
      return new Erasing(journal, images, cause(), instant(), reason).memory(id, state.scope());
    } finally {
      uses.forget(id);
      changed(id);
      images.erased(state.scope());
      meaning.forgetQuestions();
      meaning.later();
    }
  }

  @Override
  public Receipt eraseScope(String scope, boolean recursive, @Nullable String reason) {
    requireOpen();
    Limits.scope(scope);
    Limits.optionalText("reason", reason, Limits.MESSAGE_CHARS_MAX);
    var erased =
        journal.read(reader -> reader.scopes(scope)).stream()
            .filter(each -> recursive || each.path().equals(scope))
            .toList();
    if (erased.isEmpty()) {
      throw Erasing.noScope(scope);
    }
    sit();
    try {
      return new Erasing(journal, images, cause(), instant(), reason).scopes(erased);
    } finally {
      changedAll();
      meaning.forgetQuestions();
      erased.forEach(each -> images.erased(each.id()));
      scopes.forgetNames();
    }
  }

  // Reading one memory

  @Override
  public Memory get(UUID id, AsOf asOf) {
    requireOpen();
    return reading.get(id, asOf);
  }

  @Override
  public Memory get(String scope, String key, AsOf asOf) {
    requireOpen();
    Limits.scope(scope);
    Limits.word("key", key, Limits.KEY_CHARS_MAX);
    return reading.get(scope, key, asOf);
  }

  // Reading many

  @Override
  public Page list(String scope, Listing listing) {
    requireOpen();
    return browsing.list(Limits.scope(scope), listing);
  }

  @Override
  public Page range(String scope, Range range) {
    requireOpen();
    return browsing.range(Limits.scope(scope), range);
  }

  @Override
  public Stream<Memory> stream(String scope, Filter filter, boolean recursive) {
    requireOpen();
    return browsing.stream(Limits.scope(scope), filter, recursive);
  }

  @Override
  public Recall recall(String scope, Query query) {
    return recall(scope, query, Blend.DEFAULT);
  }

  /// For measuring what each part of the score is worth.
  Recall recall(String scope, Query query, Blend blend) {
    requireOpen();
    return recalling.recall(Limits.scope(scope), query, blend);
  }

  @Override
  public List<Hit> similar(String scope, Similar question) {
    requireOpen();
    return recalling.similar(Limits.scope(scope), question);
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

  @Override
  public Assemblies assemblies(String scope) {
    return new EmbeddedAssemblies(
        this, Limits.scope(scope), journal, scopes, reading, recalling, composites, meaning, wall);
  }

  /// What is remembered under a draft, and by whom.
  Wish wish(Draft draft) {
    return Wishes.of(draft, wall.millis(), caller);
  }

  // History

  @Override
  public List<Revised> history(UUID id) {
    requireOpen();
    return reading.history(id);
  }

  @Override
  public String diff(UUID id, int from, int to) {
    requireOpen();
    return reading.diff(id, from, to);
  }

  @Override
  public Written revert(UUID id, int revision, @Nullable String message) {
    Limits.optionalText("message", message, Limits.MESSAGE_CHARS_MAX);
    var reverted = write(512, (changes, _) -> changes.revert(id, revision, message));
    meaning.later();
    return changed(id, reverted);
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
    meaning.later();
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
    counts.keySet().forEach(reading::changed);
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
    if (meaning.dropFormer() > 0) {
      // Images made from now on are made without them.
      images.hold().close();
    }
    long repacked = journal.compact();
    return new Compaction(before, journal.fileSizes().total(), repacked);
  }

  @Override
  public Stats stats() {
    requireOpen();
    return Statistics.of(journal, meaning.waiting());
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
      changedAll();
      meaning.later();
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
