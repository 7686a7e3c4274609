package dev.remanence;

import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.Sharing.Serving;
import dev.remanence.embed.Embedder;
import dev.remanence.embed.Embedders;
import dev.remanence.image.Images;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.recall.Passage;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The parts of a store that this process owns, as its sessions share them, from opening to close.
/// Thread-safe.
final class OwnedStore implements AutoCloseable {
  final SqliteJournal journal;
  final Images images;
  final InstantSource wall;
  final RandomGenerator random;
  final Instant opened;
  final Uses uses = new Uses();
  final Composites composites;
  final Meaning meaning;
  final Scopes scopes;
  final Reading reading;
  final Browsing browsing;
  final Recalling recalling;
  final NearDuplicates nearDuplicates;
  final Judging judging;
  final TurnClock turnClock;
  final VolatileTurns volatileTurns;
  final Gathering gathering;
  final BackupErasing backupErasing;
  final Care care;

  /// Those that are to be ended with the store.
  private final Set<Sitting> sittings = ConcurrentHashMap.newKeySet();

  private final Set<JournalWatch> watches = ConcurrentHashMap.newKeySet();

  private volatile @Nullable Serving serving;
  private volatile boolean closed;

  private OwnedStore(
      SqliteJournal journal,
      @Nullable Embedder embedder,
      InstantSource wall,
      RandomGenerator random,
      long imageBytesMax,
      @Nullable Judge judge) {
    this.journal = journal;
    this.wall = wall;
    this.random = random;
    this.opened = wall.instant();
    this.images = new Images(journal, Passage::indexed, imageBytesMax);
    this.composites = new Composites(journal);
    this.meaning = new Meaning(journal, images, embedder, composites::changed);
    this.scopes = new Scopes(journal, images);
    this.reading = new Reading(journal, scopes, uses, wall);
    this.browsing = new Browsing(reading, wall);
    this.recalling = new Recalling(journal, scopes, reading, meaning, uses, wall);
    this.turnClock = new TurnClock(wall);
    this.volatileTurns = new VolatileTurns(random);
    this.gathering = new Gathering(this);
    this.nearDuplicates = new NearDuplicates(journal, images, wall);
    this.judging = new Judging(this, judge);
    journal.read(reader -> {
      uses.load(reader);
      return uses;
    });
    this.backupErasing = new BackupErasing(journal, wall);
    this.care = new Care(journal, images, wall, this::writeUses);
  }

  /// @param imageBytesMax what images may take before the least used are dropped
  static OwnedStore open(
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
      Sitting.endOrphans(journal);
      var store =
          new OwnedStore(
              journal,
              embedder,
              wall,
              random,
              imageBytesMax,
              options.conflicts() ? Judge.installed() : null);
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

  /// Serves other processes from now on, until the store is closed.
  void serve(Serving began) {
    serving = began;
    judging.warmUp();
  }

  /// Takes the names of erased scopes out of what was written beside the store's data.
  void erased(Collection<String> scopes) {
    volatileTurns.erased(scopes);
    var present = serving;
    var sharing = present == null ? Sharing.installed() : null;
    if (present != null) {
      present.erased(scopes);
    } else if (sharing != null) {
      sharing.erased(journal.directory(), scopes);
    }
  }

  void requireOpen() {
    if (closed) {
      throw new StoreClosed("the store was closed", "store", journal.directory().toString());
    }
  }

  void begin(Sitting sitting) {
    sittings.add(sitting);
  }

  void begin(JournalWatch watch) {
    watches.add(watch);
    watch.start();
    if (closed) {
      watch.close();
    }
  }

  void ended(JournalWatch watch) {
    watches.remove(watch);
  }

  /// Ends a sitting and its watches while the store stays open.
  void end(Sitting sitting) {
    for (var watch : watches) {
      if (watch.sitting() == sitting) {
        watch.close();
      }
    }
    if (sittings.remove(sitting) && sitting.recorded() && !closed) {
      journal.write(
          64,
          ledger -> {
            sitting.end(ledger);
            return sitting;
          });
    }
  }

  /// Takes what a change made untrue out of the caches, after it is durable and before its caller
  /// is told.
  void changed(UUID id) {
    reading.changed(id);
    composites.changed(id);
  }

  void changedAll() {
    reading.changedAll();
    composites.changedAll();
  }

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
  public synchronized void close() {
    if (closed) {
      return;
    }
    if (serving != null) {
      serving.close();
    }
    closed = true;
    watches.forEach(JournalWatch::close);
    try (journal) {
      care.close();
      meaning.close();
      if (journal.writingStoppedBy() == null) {
        writeLast();
        images.writeLast();
      }
    }
  }

  /// What is lost where this fails are counts of uses and the ends of sittings, which a crash may
  /// lose too.
  private void writeLast() {
    try {
      writeUses();
      var ending = sittings.stream().filter(Sitting::recorded).toList();
      if (!ending.isEmpty()) {
        journal.write(
            64 * ending.size(),
            ledger -> {
              for (var sitting : ending) {
                sitting.end(ledger);
              }
              return ending;
            });
      }
    } catch (RemanenceException e) {
      System.getLogger("dev.remanence")
          .log(System.Logger.Level.WARNING, "uses were not written: " + e.getMessage());
    }
  }
}
