package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.RemanenceException.WriteStopped;
import dev.remanence.embed.CachedQuestions;
import dev.remanence.embed.Embedder;
import dev.remanence.embed.Embedders;
import dev.remanence.image.Images;
import dev.remanence.image.View;
import dev.remanence.journal.Body;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Hash;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.journal.VectorTable;
import dev.remanence.recall.Passage;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The store's vectors: computed when something is remembered, when a question is asked, and later
/// for what has none.
///
/// What has none was deferred, imported, merged, or embedded by another model; or the embedder
/// failed, which never fails a write. That state is the journal's own, so nothing is lost in a
/// crash: `remanence-embed`, a thread that lives while there is work and for a moment after the
/// store was opened, goes through the revisions by position and embeds what is missing, the past
/// included. How far it is is noted in the journal now and then, so that a store with nothing to do
/// is not gone through again.
///
/// As long as a scope lacks vectors of the model in use, questions to it are also embedded with the
/// models whose vectors it has, if those run in this process.
///
/// A failed embedder is left alone for a while, longer each time: meanwhile writes do not wait for
/// vectors, and words alone answer questions.
final class Meaning implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.remanence");
  private static final int QUESTIONS_MAX = 1000;

  /// Revisions that are looked at for one commit.
  private static final int BATCH = 32;

  /// How far back the turn before is looked for.
  private static final int LOOK_BACK = 16;

  /// After how many positions it is noted how far the work is.
  private static final long NOTED_EVERY = 1000;

  /// A process that ends sooner after opening does no work that others left.
  private static final Duration QUIET = Duration.ofSeconds(2);

  private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
  private static final Duration PAUSE_MAX = Duration.ofMinutes(1);

  private final SqliteJournal journal;
  private final Images images;
  private final @Nullable Asked main;

  /// Models whose vectors are still in use, opened when a question needs them. Guarded by itself.
  private final Map<String, @Nullable Asked> former = new HashMap<>();

  /// Guards the worker, its signal, the pause and the end.
  private final Object lock = new Object();

  private @Nullable Thread worker;
  private boolean more;
  private boolean closed;
  private Duration pause = Duration.ZERO;
  private long awayUntil;

  /// Is held for each step of the work, so that a text is not embedded twice. Guards the position
  /// up to which nothing is missing, and the last one that was noted.
  private final Object working = new Object();

  private long through;
  private long noted;

  /// The model that `through` was found for.
  private String completeOf = "";

  /// An embedder, and the questions that it was asked.
  private record Asked(Embedder embedder, CachedQuestions questions) {
    static Asked of(Embedder embedder) {
      return new Asked(embedder, new CachedQuestions(embedder, QUESTIONS_MAX));
    }
  }

  Meaning(SqliteJournal journal, Images images, @Nullable Embedder embedder) {
    this.journal = journal;
    this.images = images;
    main = embedder == null ? null : Asked.of(embedder);
  }

  /// Begins, after a while, with what was left when the store was closed or crashed.
  void start() {
    synchronized (lock) {
      if (main != null) {
        more = true;
        worker = Thread.ofPlatform().daemon().name("remanence-embed").start(this::begin);
      }
    }
  }

  /// What is to be embedded: a content and the turn that it follows.
  record Text(Body.Content content, Body.@Nullable Content before) {
    private List<String> passages() {
      return Passage.embedded(content, before);
    }
  }

  boolean isOn() {
    return main != null;
  }

  private Embedder embedder() {
    return Objects.requireNonNull(main).embedder;
  }

  /// Embeds texts; null for all where it cannot be done now.
  @Nullable List<VectorTable.Computed> embed(List<Text> texts) {
    if (main == null || texts.isEmpty() || isAway()) {
      return null;
    }
    try {
      return compute(texts);
    } catch (RemanenceException e) {
      failed("a memory has no vector yet and is found by words alone: ", e);
      return null;
    }
  }

  private List<VectorTable.Computed> compute(List<Text> texts) {
    var passages = texts.stream().map(Text::passages).toList();
    var vectors = embedder().embedPassages(passages.stream().flatMap(List::stream).toList());
    synchronized (lock) {
      pause = Duration.ZERO;
    }
    var computed = new ArrayList<VectorTable.Computed>(texts.size());
    int from = 0;
    for (var each : passages) {
      computed.add(
          new VectorTable.Computed(
              embedder().model(),
              Hash.sha256(String.join("\0", each).getBytes(StandardCharsets.UTF_8)),
              List.copyOf(vectors.subList(from, from + each.size()))));
      from += each.size();
    }
    return computed;
  }

  private boolean isAway() {
    synchronized (lock) {
      return !pause.isZero() && System.nanoTime() - awayUntil < 0;
    }
  }

  private void failed(String meaning, RemanenceException failure) {
    synchronized (lock) {
      if (!isAway()) {
        pause = pause.isZero() ? PAUSE_MIN : pause.multipliedBy(2);
        pause = pause.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause;
        awayUntil = System.nanoTime() + pause.toNanos();
      }
    }
    LOG.log(System.Logger.Level.WARNING, meaning + failure.getMessage());
  }

  // Questions

  /// The question as each model sees it that is needed in these scopes.
  Map<String, float[]> ask(String question, float @Nullable [] given, List<View> views) {
    var vectors = new LinkedHashMap<String, float[]>();
    if (given != null) {
      vectors.put(View.GIVEN, unit(given));
    }
    vectors.putAll(byModel(views, asked -> asked.questions.vector(question)));
    return vectors;
  }

  /// A text's vectors, one a piece, by each model that is needed in these scopes.
  Map<String, List<float[]>> of(String text, List<View> views) {
    if (main == null) {
      throw new InvalidInput(
          "nothing here understands text without its words: the store was opened without an"
              + " embedder; give a vector or an id, or choose an embedder",
          "field",
          "text");
    }
    var pieces = Passage.embedded(new Body.Content(text, null, null, null), null);
    var vectors = new LinkedHashMap<String, List<float[]>>();
    vectors.put(embedder().model(), embedder().embedPassages(pieces));
    vectors.putAll(byFormer(views, asked -> asked.embedder.embedPassages(pieces)));
    return vectors;
  }

  private <T> Map<String, T> byModel(List<View> views, Function<Asked, T> embedding) {
    if (main == null || !hasVectors(views)) {
      return Map.of();
    }
    var vectors = new LinkedHashMap<String, T>();
    try {
      if (!isAway() && isUsed(embedder().model(), views)) {
        vectors.put(embedder().model(), embedding.apply(main));
      }
    } catch (RemanenceException e) {
      failed("a question is answered without its meaning: ", e);
    }
    vectors.putAll(byFormer(views, embedding));
    return vectors;
  }

  /// Asks the models that are not in use any more, where their vectors are all that there is.
  private <T> Map<String, T> byFormer(List<View> views, Function<Asked, T> embedding) {
    var vectors = new LinkedHashMap<String, T>();
    var current = embedder().model();
    for (var view : views) {
      for (var known : view.vectors()) {
        var model = known.model();
        if (!model.equals(current)
            && !model.equals(View.GIVEN)
            && !vectors.containsKey(model)
            && view.lacks(current)) {
          var asked = former(model);
          try {
            if (asked != null) {
              vectors.put(model, embedding.apply(asked));
            }
          } catch (RemanenceException e) {
            LOG.log(
                System.Logger.Level.WARNING,
                "vectors of the model " + model + " cannot be asked: " + e.getMessage());
          }
        }
      }
    }
    return vectors;
  }

  private @Nullable Asked former(String model) {
    synchronized (former) {
      if (!former.containsKey(model)) {
        var embedder = Embedders.ofModel(model, null);
        former.put(model, embedder == null ? null : Asked.of(embedder));
      }
      return former.get(model);
    }
  }

  /// Gives back what former models hold. One that is needed after all is opened again.
  private void closeFormer() {
    synchronized (former) {
      for (var asked : former.values()) {
        if (asked != null) {
          asked.embedder.close();
        }
      }
      former.clear();
    }
  }

  private static boolean hasVectors(List<View> views) {
    return views.stream()
        .flatMap(view -> view.vectors().stream())
        .anyMatch(vectors -> !vectors.model().equals(View.GIVEN));
  }

  private static boolean isUsed(String model, List<View> views) {
    return views.stream()
        .flatMap(view -> view.vectors().stream())
        .anyMatch(vectors -> vectors.model().equals(model));
  }

  /// The vectors that a content has, by model.
  static Map<String, List<float[]>> stored(Reader reader, long holder) throws SQLException {
    var vectors = new HashMap<String, List<float[]>>();
    for (var each : VectorTable.of(reader, holder)) {
      vectors.computeIfAbsent(each.model(), _ -> new ArrayList<>()).add(unit(each.numbers()));
    }
    var content = content(reader, holder);
    if (content != null && content.vector() != null) {
      vectors.put(View.GIVEN, List.of(unit(content.vector())));
    }
    return vectors;
  }

  static float[] unit(float[] vector) {
    double square = 0;
    for (float number : vector) {
      square += (double) number * number;
    }
    var unit = vector.clone();
    for (int i = 0; i < unit.length && square > 0; i++) {
      unit[i] = (float) (unit[i] / Math.sqrt(square));
    }
    return unit;
  }

  // The turn before

  /// The newest turn of a session in a scope, if it was among the last things written there.
  static Body.@Nullable Content lastTurn(Reader reader, String path, String session)
      throws SQLException {
    long scope = reader.scope(path);
    Entry newest = null;
    for (var chain : scope == 0 ? List.<Reader.Chain>of() : reader.chains(scope)) {
      var turn = turnBefore(reader, chain.id(), chain.seq() + 1, session);
      if (turn != null
          && (newest == null || newest.header().recorded() < turn.header().recorded())) {
        newest = turn;
      }
    }
    return newest == null ? null : Objects.requireNonNull(newest.decoded()).content();
  }

  /// The turn that a revision's content follows, or null. What revises a turn follows what the turn
  /// followed.
  static Body.@Nullable Content before(Reader reader, Entry entry) throws SQLException {
    var session = sessionOfTurn(entry);
    if (session == null) {
      return null;
    }
    var place = entry;
    var state =
        entry.header().change() == Change.CREATE ? null : reader.state(entry.header().memory());
    if (state != null) {
      var first = reader.history(state).getFirst();
      place = session.equals(sessionOfTurn(first)) ? first : entry;
    }
    var turn = turnBefore(reader, place.chain(), place.seq(), session);
    return turn == null ? null : Objects.requireNonNull(turn.decoded()).content();
  }

  private static @Nullable Entry turnBefore(Reader reader, long chain, long seq, String session)
      throws SQLException {
    long after = Math.max(0, seq - 1 - LOOK_BACK);
    Entry newest = null;
    for (var entry : reader.chain(chain, after, (int) (seq - 1 - after))) {
      if (entry.header().change() == Change.CREATE && session.equals(sessionOfTurn(entry))) {
        newest = entry;
      }
    }
    return newest;
  }

  private static @Nullable String sessionOfTurn(Entry entry) {
    var body = entry.decoded();
    return body != null
            && body.content() != null
            && body.content().speaker() != null
            && body.attributes() != null
        ? body.attributes().provenance().session()
        : null;
  }

  // Later

  /// Says that something has no vector: it will have one soon.
  void later() {
    synchronized (lock) {
      if (main != null && !closed) {
        more = true;
        if (worker == null) {
          worker = Thread.ofPlatform().daemon().name("remanence-embed").start(this::work);
        }
      }
    }
  }

  /// Embeds what has no vector, and waits. Answers how many contents were embedded.
  long complete(Remanence.Progress progress) {
    long done = 0;
    if (main != null) {
      synchronized (working) {
        through = 0;
      }
      for (int embedded = step(); embedded >= 0; embedded = step()) {
        done += embedded;
        if (embedded > 0) {
          progress.at(done, 0);
        }
      }
    }
    return done;
  }

  /// How many contents have no vector of the model in use, nor one that was given.
  long waiting() {
    if (main == null) {
      return 0;
    }
    var model = embedder().wanted();
    return journal.readConsistently(reader -> {
      long count = 0;
      long after = VectorTable.complete(reader, model);
      for (var some = VectorTable.without(reader, model, after, BATCH);
          !some.isEmpty();
          some = VectorTable.without(reader, model, some.getLast(), BATCH)) {
        for (long pos : some) {
          count += needsVector(reader.entry(pos)) ? 1 : 0;
        }
      }
      return count;
    });
  }

  private void begin() {
    try {
      if (rest(QUIET)) {
        var model = embedder().wanted();
        long known = journal.read(reader -> VectorTable.complete(reader, model));
        synchronized (working) {
          through = Math.max(through, known);
          noted = known;
        }
      }
    } catch (RemanenceException e) {
      LOG.log(System.Logger.Level.WARNING, "memories wait for their vectors: " + e.getMessage());
    }
    work();
  }

  private void work() {
    try {
      workWhileThereIsSome();
    } finally {
      synchronized (lock) {
        worker = Thread.currentThread().equals(worker) ? null : worker;
      }
    }
  }

  private void workWhileThereIsSome() {
    while (goesOn()) {
      try {
        for (int embedded = step(); embedded >= 0 && !isClosed(); ) {
          embedded = step();
        }
        if (!isClosed()) {
          closeFormer();
          note();
        }
      } catch (StoreClosed | WriteStopped e) {
        return;
      } catch (RemanenceException e) {
        failed("memories wait for their vectors: ", e);
        synchronized (lock) {
          more = true;
        }
        rest(pause());
      }
    }
  }

  private Duration pause() {
    synchronized (lock) {
      return pause;
    }
  }

  private boolean goesOn() {
    synchronized (lock) {
      boolean goesOn = more && !closed;
      more = false;
      if (!goesOn) {
        worker = null;
      }
      return goesOn;
    }
  }

  private boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }

  /// Waits for a time; false where the store was closed meanwhile.
  private boolean rest(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    synchronized (lock) {
      try {
        for (long left = time.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
          lock.wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
        }
      } catch (InterruptedException e) {
        closed = true;
      }
      return !closed;
    }
  }

  /// A content that has no vector, in a scope.
  private record Missing(long pos, long scope, Text text) {}

  /// Looks at the next revisions whose vectors are missing and embeds what they hold, in one
  /// commit. Answers how many were embedded, or -1 where nothing was left to look at.
  private int step() {
    synchronized (working) {
      long last = journal.lastPosition();
      // The model that is wanted comes first, because asking which one it is may load it.
      var positions = without(embedder().wanted());
      if (!positions.isEmpty()) {
        positions = without(embedder().model());
      }
      if (positions.isEmpty()) {
        through = Math.max(through, last);
        return -1;
      }
      var looked = positions;
      var missing = journal.readConsistently(reader -> read(reader, looked));
      int embedded = missing.isEmpty() ? 0 : embedAndKeep(missing);
      through = looked.getLast();
      return embedded;
    }
  }

  private List<Long> without(String model) {
    completeOf = model;
    return journal.read(reader -> VectorTable.without(reader, model, through, BATCH));
  }

  private int embedAndKeep(List<Missing> missing) {
    var computed = compute(missing.stream().map(Missing::text).toList());
    var stored =
        journal.write(
            missing.size() * 1024,
            ledger -> {
              var kept = new HashMap<Long, List<VectorTable.Stored>>();
              for (int i = 0; i < missing.size(); i++) {
                var each = missing.get(i);
                // It may have been erased meanwhile.
                if (!ledger.reader().entry(each.pos).erased()) {
                  VectorTable.put(ledger, each.pos, computed.get(i));
                  kept.computeIfAbsent(each.scope, _ -> new ArrayList<>())
                      .addAll(VectorTable.of(ledger.reader(), each.pos));
                }
              }
              return kept;
            });
    stored.forEach(images::takeVectors);
    return missing.size();
  }

  private static List<Missing> read(Reader reader, List<Long> positions) throws SQLException {
    var scopes = new HashMap<Long, Long>();
    for (var chain : reader.chains()) {
      scopes.put(chain.id(), chain.scope());
    }
    var missing = new ArrayList<Missing>();
    for (long pos : positions) {
      var entry = reader.entry(pos);
      if (needsVector(entry)) {
        var content = Objects.requireNonNull(Objects.requireNonNull(entry.decoded()).content());
        missing.add(
            new Missing(
                pos,
                scopes.getOrDefault(entry.chain(), 0L),
                new Text(content, before(reader, entry))));
      }
    }
    return missing;
  }

  private static boolean needsVector(Entry entry) {
    var body = entry.decoded();
    return body != null && body.content() != null && body.content().vector() == null;
  }

  private static Body.@Nullable Content content(Reader reader, long holder) throws SQLException {
    var body = reader.entry(holder).decoded();
    return body == null ? null : body.content();
  }

  /// Notes how far the work is, if that is worth a commit.
  private void note() {
    synchronized (working) {
      if (through >= noted + NOTED_EVERY) {
        var model = completeOf;
        long position = through;
        journal.write(
            64,
            ledger -> {
              VectorTable.noteComplete(ledger, model, position);
              return position;
            });
        noted = position;
      }
    }
  }

  /// Ends the work; what was not done is found missing at the next opening.
  @Override
  public void close() {
    Thread ending;
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
      ending = worker;
    }
    if (ending != null) {
      boolean interrupted = false;
      while (ending.isAlive()) {
        try {
          ending.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    closeFormer();
    if (main != null) {
      main.embedder.close();
    }
  }
}
