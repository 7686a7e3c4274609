package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.embed.CachedQuestions;
import dev.remanence.embed.Embedder;
import dev.remanence.image.Images;
import dev.remanence.image.View;
import dev.remanence.journal.Body;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Hash;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.journal.VectorTable;
import dev.remanence.recall.Inquiry.Sense;
import dev.remanence.recall.Passage;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// The store's vectors: computed when something is remembered, when a question is asked, and later
/// for what has none.
///
/// What has none was deferred, imported, merged, or embedded by another model; or the embedder
/// failed, which never fails a write. That state is the journal's own, so nothing is lost in a
/// crash: `remanence-embed`, a thread that lives while there is work, goes through the scopes that
/// were named to it and embeds what is missing, oldest first.
final class Meaning implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.remanence");
  private static final int QUESTIONS_MAX = 1000;

  /// Of models that are not known here.
  private static final double GIVEN_SPREAD = 0.1;

  /// Contents that are embedded for one commit.
  private static final int BATCH = 32;

  /// How far back the turn before is looked for.
  private static final int LOOK_BACK = 16;

  private final SqliteJournal journal;
  private final Images images;
  private final @Nullable Embedder embedder;
  private final @Nullable CachedQuestions questions;

  /// Scopes in which something may have no vector. Guarded by itself, as is the worker.
  private final SequencedSet<Long> waiting = new LinkedHashSet<>();

  private @Nullable Thread worker;
  private boolean closed;

  Meaning(SqliteJournal journal, Images images, @Nullable Embedder embedder) {
    this.journal = journal;
    this.images = images;
    this.embedder = embedder;
    questions = embedder == null ? null : new CachedQuestions(embedder, QUESTIONS_MAX);
  }

  /// What is to be embedded: a content and the turn that it follows.
  record Text(Body.Content content, Body.@Nullable Content before) {
    private List<String> passages() {
      return Passage.embedded(content, before);
    }
  }

  boolean isOn() {
    return embedder != null;
  }

  /// Embeds texts; null for all where it cannot be done now.
  @Nullable List<VectorTable.Computed> embed(List<Text> texts) {
    if (embedder == null || texts.isEmpty()) {
      return null;
    }
    var passages = texts.stream().map(Text::passages).toList();
    List<float[]> vectors;
    try {
      vectors = embedder.embedPassages(passages.stream().flatMap(List::stream).toList());
    } catch (RemanenceException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "a memory has no vector yet and is found by words alone: " + e.getMessage());
      return null;
    }
    var computed = new ArrayList<VectorTable.Computed>(texts.size());
    int from = 0;
    for (var each : passages) {
      computed.add(
          new VectorTable.Computed(
              embedder.model(),
              Hash.sha256(String.join("\0", each).getBytes(StandardCharsets.UTF_8)),
              List.copyOf(vectors.subList(from, from + each.size()))));
      from += each.size();
    }
    return computed;
  }

  /// The question as each model sees it that is in use in these scopes.
  Map<String, Sense> ask(String question, float @Nullable [] given, List<View> views) {
    var vectors = new HashMap<String, Sense>();
    if (given != null) {
      vectors.put(View.GIVEN, new Sense(unit(given), GIVEN_SPREAD));
    }
    if (questions != null && embedder != null && isUsed(embedder.model(), views)) {
      try {
        vectors.put(embedder.model(), new Sense(questions.vector(question), embedder.spread()));
      } catch (RemanenceException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "the question is answered by words alone: " + e.getMessage());
      }
    }
    return vectors;
  }

  /// A text's vectors, one a piece.
  Map<String, List<float[]>> of(String text) {
    if (embedder == null) {
      throw new InvalidInput(
          "nothing here understands text without its words: the store was opened without an"
              + " embedder; give a vector or an id, or choose an embedder",
          "field",
          "text");
    }
    var pieces = Passage.embedded(new Body.Content(text, null, null, null), null);
    return Map.of(embedder.model(), embedder.embedPassages(pieces));
  }

  /// The vectors that a content has, by model.
  static Map<String, List<float[]>> stored(Reader reader, long holder) throws SQLException {
    var vectors = new HashMap<String, List<float[]>>();
    for (var each : VectorTable.of(reader, holder)) {
      vectors.computeIfAbsent(each.model(), _ -> new ArrayList<>()).add(unit(each.numbers()));
    }
    var body = reader.entry(holder).decoded();
    if (body != null && body.content() != null && body.content().vector() != null) {
      vectors.put(View.GIVEN, List.of(unit(body.content().vector())));
    }
    return vectors;
  }

  /// Forgets the questions that were asked: one may hold the words of what was erased.
  void forgetQuestions() {
    if (questions != null) {
      questions.clear();
    }
  }

  private static boolean isUsed(String model, List<View> views) {
    for (var view : views) {
      for (var vectors : view.vectors()) {
        if (vectors.model().equals(model)) {
          return true;
        }
      }
    }
    return false;
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

  /// The newest turn of a session in a scope, if it was among the last things written there.
  Body.@Nullable Content lastTurn(Reader reader, String path, String session) throws SQLException {
    long scope = reader.scope(path);
    if (scope == 0) {
      return null;
    }
    Entry newest = null;
    for (var chain : reader.chains(scope)) {
      for (var entry : reader.chain(chain.id(), Math.max(0, chain.seq() - LOOK_BACK), LOOK_BACK)) {
        if (isTurn(entry, session)
            && (newest == null || newest.header().recorded() < entry.header().recorded())) {
          newest = entry;
        }
      }
    }
    return newest == null ? null : Objects.requireNonNull(newest.decoded()).content();
  }

  private static boolean isTurn(Entry entry, String session) {
    var body = entry.decoded();
    return entry.header().change() == Change.CREATE
        && body != null
        && body.content() != null
        && body.content().speaker() != null
        && body.attributes() != null
        && session.equals(body.attributes().provenance().session());
  }

  // Later

  /// Embeds what has no vector in a scope, soon.
  void later(long scope) {
    if (embedder == null) {
      return;
    }
    synchronized (waiting) {
      if (!closed) {
        waiting.add(scope);
        if (worker == null) {
          worker = Thread.ofPlatform().daemon().name("remanence-embed").start(this::work);
        }
      }
    }
  }

  /// Embeds what has no vector in all scopes, and waits. Answers how many contents were embedded.
  long complete(Remanence.Progress progress) {
    long done = 0;
    if (embedder != null) {
      for (var scope : journal.read(reader -> reader.scopes(null))) {
        for (int more = step(scope.id()); more > 0; more = step(scope.id())) {
          done += more;
          progress.at(done, 0);
        }
      }
    }
    return done;
  }

  private void work() {
    try {
      for (var scope = next(); scope != null; scope = next()) {
        for (int done = step(scope); done > 0 && !isClosed(); ) {
          done = step(scope);
        }
      }
    } catch (RemanenceException e) {
      // Writing has stopped, the disk is full, the embedder is away: the next write asks again.
      LOG.log(System.Logger.Level.WARNING, "memories wait for their vectors: " + e.getMessage());
      synchronized (waiting) {
        waiting.clear();
        worker = null;
      }
    }
  }

  private @Nullable Long next() {
    synchronized (waiting) {
      if (closed || waiting.isEmpty()) {
        worker = null;
        return null;
      }
      return waiting.removeFirst();
    }
  }

  private boolean isClosed() {
    synchronized (waiting) {
      return closed;
    }
  }

  /// A content that has no vector.
  private record Missing(long holder, Text text) {}

  /// Vectors that were stored, and what the journal's count of such times is with them.
  private record Late(List<VectorTable.Stored> vectors, long counted) {}

  /// Embeds some of what is missing in a scope, in one commit; answers how many.
  private int step(long scope) {
    var model = Objects.requireNonNull(embedder).model();
    var view = images.view(scope);
    var contents = view.without(model, BATCH);
    if (contents.length == 0) {
      return 0;
    }
    var missing = journal.readConsistently(reader -> read(reader, view, contents));
    var computed = embed(missing.stream().map(Missing::text).toList());
    if (computed == null) {
      return 0;
    }
    var late =
        journal.write(
            missing.size() * 1024,
            ledger -> {
              var kept = new ArrayList<VectorTable.Stored>();
              for (int i = 0; i < missing.size(); i++) {
                long holder = missing.get(i).holder;
                // It may have been erased meanwhile.
                if (!ledger.reader().entry(holder).erased()) {
                  VectorTable.put(ledger, holder, computed.get(i));
                  kept.addAll(VectorTable.of(ledger.reader(), holder));
                }
              }
              return new Late(kept, VectorTable.countLate(ledger, scope));
            });
    images.takeVectors(scope, late.vectors, late.counted);
    return late.vectors.isEmpty() ? 0 : missing.size();
  }

  private static List<Missing> read(Reader reader, View view, int[] contents) throws SQLException {
    var scan = view.scan(new View.Moment(null, null, Long.MIN_VALUE), Filter.ALL);
    var missing = new ArrayList<Missing>();
    for (int content : contents) {
      var text = content(reader, view.holder(content));
      int before = view.isTurn(content) ? scan.before(content) : -1;
      if (text != null) {
        missing.add(
            new Missing(
                view.holder(content),
                new Text(text, before < 0 ? null : content(reader, view.holder(before)))));
      }
    }
    return missing;
  }

  private static Body.@Nullable Content content(Reader reader, long holder) throws SQLException {
    var body = reader.entry(holder).decoded();
    return body == null ? null : body.content();
  }

  /// Ends the work; what was not done is found missing at the next opening.
  @Override
  public void close() {
    Thread ending;
    synchronized (waiting) {
      closed = true;
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
    if (embedder != null) {
      embedder.close();
    }
  }
}
