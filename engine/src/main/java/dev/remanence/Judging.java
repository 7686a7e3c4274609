package dev.remanence;

import dev.remanence.ConflictRecord.Relation;
import dev.remanence.Judge.Statement;
import dev.remanence.Judge.Verdict;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.image.Shingles;
import dev.remanence.journal.Body;
import dev.remanence.journal.Header;
import dev.remanence.life.Wish;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Holds what is remembered against what is there: docs/conflicts.md. It looks while the writer
/// writes, on the caller's time, and writes what it found in a commit of its own afterwards. It
/// hints as near duplicates do: where it fails nothing of the first commit is undone. Thread-safe.
final class Judging {
  private static final System.Logger LOG = System.getLogger("dev.remanence");

  /// The least likeness of two texts that are compared at all.
  static final double LIKENESS_MIN = 0.3;

  /// A longer text tells more than one thing, and is not judged.
  private static final int CHARS_MAX = 2000;

  /// How many conflicts one memory is told to be in.
  private static final int TOLD_MAX = 5;

  /// What was found for one of the wishes.
  ///
  /// @param olderId what was there; null where it is another one of the same batch
  /// @param olderWish its place in the batch
  record Found(@Nullable UUID olderId, int olderWish, int newerWish, Verdict verdict) {}

  private final OwnedStore own;
  private final @Nullable Judge judge;

  Judging(OwnedStore own, @Nullable Judge judge) {
    this.own = own;
    this.judge = judge;
  }

  @Nullable Judge judge() {
    return judge;
  }

  /// @param near what is alike, for each wish
  List<Found> of(String scope, List<Wish> wishes, List<NearDuplicates.Near> near) {
    if (judge == null || wishes.size() > NearDuplicates.BATCH_MAX) {
      return List.of();
    }
    var found = new ArrayList<Found>();
    try {
      var before = new ArrayList<Said>();
      for (int i = 0; i < wishes.size(); i++) {
        var newer = statement(wishes.get(i));
        if (newer != null) {
          there(scope, judge, newer, near.get(i).candidates(), i, found);
          within(judge, before, newer, i, found);
        }
      }
    } catch (RuntimeException e) {
      // Whatever a judge makes of a text, the memory is being written.
      LOG.log(System.Logger.Level.WARNING, "conflicts are not told", e);
    }
    return found;
  }

  /// Makes the judge ready, in the background: the first sentence takes it some tenths of a second.
  void warmUp() {
    if (judge != null) {
      var statement = new Statement("I live in Bern.", null, null, own.wall.instant(), null);
      var thread = new Thread(() -> judge.keys(statement), "remanence-judge");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void there(
      String scope, Judge judge, Statement newer, List<UUID> alike, int wish, List<Found> found) {
    var candidates = new LinkedHashSet<>(alike);
    if (newer.key() == null) {
      for (var key : judge.keys(newer)) {
        var holder = own.reading.holder(scope, key);
        if (holder != null) {
          candidates.add(holder);
        }
      }
    }
    Found duplicate = null;
    int told = 0;
    for (var id : candidates) {
      var older = statement(id);
      var verdict = older == null ? null : judge.judge(older, newer);
      if (verdict == null || told == TOLD_MAX) {
        continue;
      }
      var each = new Found(id, -1, wish, verdict);
      if (verdict.relation() != Relation.DUPLICATE) {
        found.add(each);
        told++;
      } else if (duplicate == null || verdict.score() > duplicate.verdict.score()) {
        // Of many that say the same, one is enough to be joined with.
        duplicate = each;
      }
    }
    if (duplicate != null) {
      found.add(duplicate);
    }
  }

  /// A statement of the batch at hand.
  private record Said(int wish, Statement statement, Shingles shingles) {}

  /// What is said in the same batch, in its order.
  private static void within(
      Judge judge, List<Said> before, Statement newer, int wish, List<Found> found) {
    var shingles = Shingles.of(new Body.Content(newer.text(), null, null, null));
    for (var each : before) {
      if (each.shingles.likeness(shingles) >= LIKENESS_MIN) {
        var verdict = judge.judge(each.statement, newer);
        if (verdict != null) {
          found.add(new Found(null, each.wish, wish, verdict));
        }
      }
    }
    before.add(new Said(wish, newer, shingles));
  }

  /// Null for what is not judged: turns, what is no text, what is another view's, what is long.
  private @Nullable Statement statement(Wish wish) {
    var text = Objects.requireNonNull(wish.content()).text();
    if (text == null
        || wish.isTurn()
        || Views.isOfAnother(wish.key())
        || text.length() > CHARS_MAX) {
      return null;
    }
    var at = wish.at() == null ? own.wall.instant() : Instant.ofEpochMilli(wish.at());
    var until = wish.until() == null ? null : instant(wish.until());
    return new Statement(text, wish.key(), wish.content().speaker(), at, until);
  }

  private static @Nullable Instant instant(long millis) {
    return millis == Header.OPEN ? null : Instant.ofEpochMilli(millis);
  }

  private @Nullable Statement statement(UUID id) {
    try {
      var memory = own.journal.readConsistently(reader -> own.reading.at(reader, id, AsOf.NOW));
      var text = memory.text();
      return text == null
              || memory.tags().contains(Turn.TAG)
              || Views.isOfAnother(memory.key())
              || text.length() > CHARS_MAX
          ? null
          : new Statement(text, memory.key(), memory.speaker(), memory.at(), memory.until());
    } catch (NotFound _) {
      return null;
    }
  }

  /// Records what was found, in one commit; answers the outcomes with it.
  List<Remembered> record(
      String scope, Writing writing, List<Remembered> outcomes, List<Found> found) {
    var wanted = found.stream().filter(each -> isTold(each, outcomes)).toList();
    if (wanted.isEmpty()) {
      return outcomes;
    }
    try {
      var records =
          writing.write(
              512 * wanted.size(),
              (changes, _) -> {
                var conflicts = changes.conflicts();
                var ids = new ArrayList<@Nullable UUID>();
                for (var each : wanted) {
                  var verdict = each.verdict;
                  ids.add(
                      conflicts.record(
                          scope,
                          older(each, outcomes),
                          outcomes.get(each.newerWish).id(),
                          verdict.relation(),
                          verdict.reason(),
                          verdict.score()));
                }
                return ids;
              });
      return told(outcomes, wanted, records);
    } catch (RemanenceException e) {
      LOG.log(System.Logger.Level.WARNING, "conflicts are not recorded: " + e.getMessage());
      return outcomes;
    }
  }

  private static UUID older(Found found, List<Remembered> outcomes) {
    return found.olderId != null ? found.olderId : outcomes.get(found.olderWish).id();
  }

  /// A repeat was judged when it was said first. What this very batch made is found in the batch.
  private static boolean isTold(Found found, List<Remembered> outcomes) {
    var newer = outcomes.get(found.newerWish);
    var older = older(found, outcomes);
    boolean made =
        found.olderId != null
            && outcomes.stream()
                .anyMatch(each ->
                    each.outcome() == Remembered.Outcome.CREATED && each.id().equals(older));
    return newer.outcome() != Remembered.Outcome.REINFORCED && !made && !newer.id().equals(older);
  }

  private List<Remembered> told(
      List<Remembered> outcomes, List<Found> found, List<@Nullable UUID> records) {
    var told = new ArrayList<>(outcomes);
    for (int i = 0; i < found.size(); i++) {
      var id = records.get(i);
      if (id != null) {
        own.changed(id);
        int place = found.get(i).newerWish;
        var conflicts = new LinkedHashSet<>(told.get(place).conflicts());
        conflicts.add(id);
        told.set(place, told.get(place).conflicting(List.copyOf(conflicts)));
      }
    }
    return told;
  }
}
