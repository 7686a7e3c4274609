package dev.remanence;

import dev.remanence.Meaning.Text;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.RemanenceException.WriteStopped;
import dev.remanence.image.Images;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SessionTurns;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.journal.VectorTable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Computes the vectors that are missing: of what was deferred, imported, merged, or embedded by
/// another model, or written while the embedder failed; or that are of no use any more, because the
/// turn that was embedded with a turn was revised or erased.
///
/// That state is the journal's own, so nothing is lost in a crash: `remanence-embed`, a thread that
/// lives while there is work and for a moment after the store was opened, goes through the
/// revisions by position and embeds what is missing, the past included. How far it is is noted in
/// the journal now and then, so that a store with nothing to do is not gone through again.
final class MissingVectors implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.remanence");

  /// Revisions that are looked at for one commit.
  private static final int BATCH = 32;

  /// How often revisions are tried together before each is tried alone.
  private static final int FAILURES_MAX = 3;

  /// A text that any embedder takes if it takes one at all.
  private static final String HARMLESS = "hello";

  /// Positions whose vectors of former models are deleted in one commit.
  private static final int DROPPED_AT_ONCE = 10_000;

  /// After how many positions it is noted how far the work is.
  private static final long NOTED_EVERY = 1000;

  /// A process that ends sooner after opening does no work that others left.
  private static final Duration QUIET = Duration.ofSeconds(2);

  private final SqliteJournal journal;
  private final Images images;
  private final EmbedderInUse embedder;
  private final Consumer<UUID> arrived;
  private final Runnable caughtUp;

  /// Guards the worker, its signal and the end.
  private final Object lock = new Object();

  private @Nullable Thread worker;
  private boolean more;
  private boolean closed;

  /// Is held for each step of the work, so that a text is not embedded twice. Guards the position
  /// up to which nothing is missing, and the last one that was noted.
  private final Object working = new Object();

  private long through;
  private long noted;

  /// Revisions whose text the embedder does not take; they are tried again by the next opening.
  private final SortedSet<Long> refused = new ConcurrentSkipListSet<>();

  /// How often the revisions at hand could not be embedded.
  private int failures;

  /// The model that `through` was found for.
  private String completeOf = "";

  /// @param arrived is told whose vectors came later than their contents
  /// @param caughtUp runs whenever nothing is missing any more
  MissingVectors(
      SqliteJournal journal,
      Images images,
      EmbedderInUse embedder,
      Consumer<UUID> arrived,
      Runnable caughtUp) {
    this.journal = journal;
    this.images = images;
    this.embedder = embedder;
    this.arrived = arrived;
    this.caughtUp = caughtUp;
  }

  /// Begins, after a while, with what was left when the store was closed or crashed.
  void start() {
    synchronized (lock) {
      more = true;
      worker = Thread.ofPlatform().daemon().name("remanence-embed").start(this::begin);
    }
  }

  /// Says that something has no vector: it will have one soon.
  void later() {
    synchronized (lock) {
      if (!closed) {
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
    synchronized (working) {
      through = 0;
      refused.clear();
    }
    for (int embedded = step(); embedded >= 0; embedded = step()) {
      done += embedded;
      if (embedded > 0) {
        progress.at(done, 0);
      }
    }
    return done;
  }

  /// How many contents have no vector of the model in use, nor one that was given.
  ///
  /// @param refused of which the embedder does not take the text
  record Lacking(long waiting, long refused) {
    private Lacking and(boolean isRefused) {
      return isRefused ? new Lacking(waiting, refused + 1) : new Lacking(waiting + 1, refused);
    }
  }

  Lacking lacking() {
    var model = embedder.wanted();
    return journal.readConsistently(reader -> {
      long after = VectorTable.complete(reader, model);
      var count = new Lacking(0, 0);
      for (long pos : VectorTable.again(reader).headSet(after + 1)) {
        count = count.and(refused.contains(pos));
      }
      for (var some = VectorTable.without(reader, model, after, BATCH);
          !some.isEmpty();
          some = VectorTable.without(reader, model, some.getLast(), BATCH)) {
        for (long pos : some) {
          if (needsVector(reader.entry(pos))) {
            count = count.and(refused.contains(pos));
          }
        }
      }
      return count;
    });
  }

  /// Deletes the vectors of other models, if nothing waits for one of the model in use.
  long dropFormer() {
    synchronized (working) {
      var model = embedder.wanted();
      if (!lacking().equals(new Lacking(0, 0)) || !model.equals(embedder.model())) {
        return 0;
      }
      long dropped = 0;
      long last = journal.lastPosition();
      for (long pos = 0; pos < last; pos += DROPPED_AT_ONCE) {
        long from = pos;
        dropped +=
            journal.write(
                1024,
                ledger -> VectorTable.dropOthers(ledger, model, from + 1, from + DROPPED_AT_ONCE));
      }
      return dropped;
    }
  }

  private void begin() {
    try {
      if (rest(QUIET)) {
        var model = embedder.wanted();
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
        if (Thread.currentThread().equals(worker)) {
          worker = null;
        }
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
          caughtUp.run();
          note();
        }
      } catch (StoreClosed | WriteStopped e) {
        return;
      } catch (RemanenceException e) {
        embedder.failed("memories wait for their vectors: ", e);
        synchronized (lock) {
          more = true;
        }
        rest(embedder.pause());
      }
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
      var again = journal.read(VectorTable::again);
      again.removeAll(refused);
      if (!again.isEmpty()) {
        return Math.max(0, embed(again.stream().limit(BATCH).toList(), true));
      }
      long last = journal.lastPosition();
      // The model that is wanted comes first, because asking which one it is may load it.
      var positions = without(embedder.wanted());
      if (!positions.isEmpty()) {
        positions = without(embedder.model());
      }
      if (positions.isEmpty()) {
        through = Math.max(through, last);
        return -1;
      }
      int embedded = embed(positions, false);
      if (embedded >= 0) {
        through = positions.getLast();
      }
      return Math.max(0, embedded);
    }
  }

  private List<Long> without(String model) {
    completeOf = model;
    return journal.read(reader -> VectorTable.without(reader, model, through, BATCH));
  }

  /// Vectors that were stored, and what the journal's count of such times is with them.
  private record Late(List<VectorTable.Stored> vectors, long counted) {}

  /// The vectors of some texts, null for one that is refused. If they fail again and again, each is
  /// tried alone: the embedder may refuse one of them, and that must not keep the others waiting.
  /// What is refused though the embedder answers is left out from now on.
  private List<VectorTable.@Nullable Computed> compute(List<Missing> missing) {
    var texts = missing.stream().map(Missing::text).toList();
    if (failures < FAILURES_MAX) {
      try {
        var computed = new ArrayList<VectorTable.@Nullable Computed>(embedder.embed(texts));
        failures = 0;
        return computed;
      } catch (StoreClosed e) {
        throw e;
      } catch (RemanenceException e) {
        failures++;
        throw e;
      }
    }
    // It is away as a whole if it does not take this.
    embedder.passages(List.of(HARMLESS));
    var computed = new ArrayList<VectorTable.@Nullable Computed>();
    for (int i = 0; i < missing.size(); i++) {
      try {
        computed.add(embedder.embed(List.of(texts.get(i))).getFirst());
      } catch (StoreClosed e) {
        throw e;
      } catch (RemanenceException e) {
        refused.add(missing.get(i).pos);
        computed.add(null);
        LOG.log(
            System.Logger.Level.WARNING,
            "the revision at position "
                + missing.get(i).pos
                + " has no vector and is found by words alone until the store is opened again: "
                + e.getMessage());
      }
    }
    failures = 0;
    return computed;
  }

  /// Whether the vectors of a commit were kept, and which arrived in which scope.
  private record Kept(boolean all, Map<Long, Late> byScope) {}

  /// Embeds what revisions hold and keeps it in one commit. Answers how many were embedded, or -1
  /// where nothing was kept because a turn that may have been read has changed meanwhile.
  ///
  /// @param anew whether their turn before has changed
  private int embed(List<Long> positions, boolean anew) {
    long changes = journal.turnsChanged();
    var missing = journal.readConsistently(reader -> read(reader, positions));
    if (missing.isEmpty() && !anew) {
      return 0;
    }
    var computed = compute(missing);
    var memories = new ArrayList<UUID>();
    var kept =
        journal.write(
            missing.size() * 1024,
            ledger -> {
              memories.clear();
              if (ledger.turnsChanged() != changes) {
                return new Kept(false, Map.of());
              }
              VectorTable.doneAgain(
                  ledger, positions.stream().filter(pos -> !refused.contains(pos)).toList());
              var stored = new HashMap<Long, List<VectorTable.Stored>>();
              for (int i = 0; i < missing.size(); i++) {
                var each = missing.get(i);
                var vectors = computed.get(i);
                var entry = ledger.reader().entry(each.pos);
                // It may have been erased meanwhile.
                if (vectors != null && !entry.erased()) {
                  memories.add(entry.header().memory());
                  VectorTable.put(ledger, each.pos, vectors);
                  stored
                      .computeIfAbsent(each.scope, _ -> new ArrayList<>())
                      .addAll(VectorTable.of(ledger.reader(), each.pos));
                }
              }
              var counted = new HashMap<Long, Late>();
              for (var scope : stored.entrySet()) {
                counted.put(
                    scope.getKey(),
                    new Late(scope.getValue(), VectorTable.countLate(ledger, scope.getKey())));
              }
              return new Kept(true, counted);
            });
    if (!kept.all) {
      return -1;
    }
    kept.byScope.forEach((scope, arriving) -> {
      if (anew) {
        images.replaceVectors(scope, arriving.vectors, arriving.counted);
      } else {
        images.takeVectors(scope, arriving.vectors, arriving.counted);
      }
    });
    memories.forEach(arrived);
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
                new Text(content, SessionTurns.before(reader, entry))));
      }
    }
    return missing;
  }

  private static boolean needsVector(Entry entry) {
    var body = entry.decoded();
    return body != null && body.content() != null && body.content().vector() == null;
  }

  /// Notes how far the work is, if that is worth a commit.
  private void note() {
    synchronized (working) {
      long position = refused.isEmpty() ? through : Math.min(through, refused.getFirst() - 1);
      if (position >= noted + NOTED_EVERY) {
        var model = completeOf;
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
  }
}
