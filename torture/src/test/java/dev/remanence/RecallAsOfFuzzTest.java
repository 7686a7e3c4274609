package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.remanence.testkit.TestClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A recall of the past answers as the store answered then (SEMANTICS 17). A random history is
/// written to a store; then, for moments of it:
///
/// - a second store is made by the same operations up to that moment, and by the erasures that came
///   after it; what it recalls now is what the first recalls as of then: the same hits, in the same
///   order, with the same scores and the same explanations;
/// - so does a store that is restored up to the moment from a backup;
/// - an import of the first store's export answers both questions as the first does.
///
/// The history has turns of sessions, keys, tags, metadata, expiry, validity, links, reverts,
/// vectors that are given and vectors that the static embedder computes, some of them late. The
/// questions have filters of every kind, a moment of validity, a vector, inheritance.
///
/// A turn is never given other words, also not under a key: the vector of the one that follows goes
/// with it, and a question about the past meets the vector of now (docs/recall.md).
///
/// The clock goes on by a millisecond or more with each operation, so that a moment parts them.
@NullMarked
class RecallAsOfFuzzTest {
  private static final @Nullable Long SEED = Long.getLong("remanence.seed");
  private static final int MINUTES = Integer.getInteger("remanence.recallMinutes", 3);
  private static final int STEPS = Integer.getInteger("remanence.steps", 120);
  private static final int MOMENTS = 4;
  private static final int QUESTIONS = 25;

  private static final List<String> SCOPES = List.of("acme", "acme/user:1", "global");
  private static final List<String> SPEAKERS = List.of("Anna", "Bert", "user", "Caroline Smith");
  private static final List<String> SESSIONS = List.of("s1", "s2", "s3");
  private static final List<String> KEYS = List.of("city", "drink", "editor");
  private static final List<String> TAGS = List.of("alpha", "beta", "gamma");
  private static final Instant START = Instant.parse("2026-03-01T09:00:00Z");
  private static final long HOUR = 3600_000L;

  private static final String[] WORDS = {
    "tea",
    "coffee",
    "drinks",
    "drinking",
    "Anna",
    "Bert",
    "Caroline",
    "three",
    "cups",
    "2019",
    "yesterday",
    "Monday",
    "morning",
    "user_id",
    "parseHttp",
    "日本",
    "schön",
    "garden",
    "train"
  };

  @TempDir Path temp;

  @Test
  void recall_asOfAnyMoment_answersAsTheStoreDidThen() throws IOException {
    long seed = SEED == null ? 1 : SEED;
    new Round(Files.createDirectory(temp.resolve("seed" + seed)), seed).run();
  }

  @Test
  @Tag("torture")
  void recall_asOfAnyMomentForMinutes_answersAsTheStoreDidThen() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    long seed = SEED == null ? 1 : SEED;
    do {
      new Round(Files.createDirectory(temp.resolve("seed" + seed)), seed).run();
      seed++;
    } while (SEED == null && System.nanoTime() < deadline);
  }

  /// Memories by their number in the order of their coming: ids differ from store to store.
  private static final class Ids {
    private final List<UUID> ids = new ArrayList<>();

    void made(UUID id) {
      if (!ids.contains(id)) {
        ids.add(id);
      }
    }

    int size() {
      return ids.size();
    }

    UUID id(int number) {
      return ids.get(number);
    }

    int number(UUID id) {
      return ids.indexOf(id);
    }
  }

  /// A step of the history, to be done in any store that has done those before it. Answers the
  /// numbers of the memories that it erased.
  private interface Step {
    Set<Integer> apply(Remanence store, Ids ids);
  }

  private record Done(long millis, Step step, Set<Integer> erased) {}

  private static final class Round {
    private final Path directory;
    private final long seed;
    private final SplittableRandom random;
    private final List<Done> history = new ArrayList<>();
    private int opened;

    Round(Path directory, long seed) {
      this.directory = directory;
      this.seed = seed;
      this.random = new SplittableRandom(seed);
    }

    private Remanence open(String name, TestClock clock) {
      return EmbeddedStore.open(
          directory.resolve(name),
          OpenOptions.DEFAULT.embedder("static"),
          clock,
          new SplittableRandom(seed * 31 + opened++));
    }

    void run() throws IOException {
      var clock = new TestClock(START);
      var ids = new Ids();
      try (var store = open("store", clock)) {
        for (int i = 0; i < STEPS; i++) {
          clock.advance(random.nextInt(8) == 0 ? random.nextLong(1, 30 * HOUR) : 1 + i % 3);
          var step = step(ids.size());
          history.add(new Done(clock.millis(), step, apply(step, store, ids)));
        }
        clock.advance(random.nextLong(1, 3 * HOUR));
        store.backup(directory.resolve("backups"), Retention.FOREVER);
        try (var copy = open("copy", clock)) {
          copy.importFrom(
              new ByteArrayInputStream(export(store)),
              ImportOptions.DEFAULT,
              Remanence.Progress.NONE);
          copy.embedMissing(Remanence.Progress.NONE);
          for (int i = 0; i < MOMENTS; i++) {
            checkMoment(random.nextInt(5, STEPS), store, ids, copy);
          }
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "to replay: -Dremanence.seed=" + seed + " -Dremanence.steps=" + STEPS, e);
      }
    }

    private static Set<Integer> apply(Step step, Remanence store, Ids ids) {
      try {
        return step.apply(store, ids);
      } catch (RemanenceException.NotFound | RemanenceException.Conflict e) {
        return Set.of();
      } finally {
        store.embedMissing(Remanence.Progress.NONE);
      }
    }

    private static byte[] export(Remanence store) {
      var out = new ByteArrayOutputStream();
      store.exportTo(out, Remanence.Progress.NONE);
      return out.toByteArray();
    }

    /// Compares what was known after a step.
    private void checkMoment(int last, Remanence store, Ids ids, Remanence copy) {
      long millis = history.get(last).millis;
      var moment = Instant.ofEpochMilli(millis);
      var then = new TestClock(START);
      var idsThen = new Ids();
      StoreCare.restore(
          directory.resolve("backups"), directory.resolve("restored" + opened), moment);
      try (var replayed = open("replayed" + opened, then);
          var restored = open("restored" + (opened - 1), new TestClock(moment))) {
        for (var done : history.subList(0, last + 1)) {
          then.advance(done.millis - then.millis());
          apply(done.step, replayed, idsThen);
        }
        for (var done : history.subList(last + 1, history.size())) {
          for (int number : done.erased) {
            if (number < idsThen.size()) {
              replayed.erase(idsThen.id(number), null);
            }
          }
        }
        // An erasure takes the vector of the turn after along, which then comes anew.
        replayed.embedMissing(Remanence.Progress.NONE);
        restored.embedMissing(Remanence.Progress.NONE);
        for (int i = 0; i < QUESTIONS; i++) {
          var scope = one(SCOPES);
          var query = query();
          var past = query.asOf(query.asOf().knownAt(moment));
          var described = "step " + last + " at " + moment + ", " + scope + ": " + query;
          var wanted = store.recall(scope, past);
          same("replayed, " + described, replayed.recall(scope, query), idsThen, wanted, ids);
          same("restored, " + described, restored.recall(scope, query), ids, wanted, ids);
          same("imported, " + described, copy.recall(scope, past), ids, wanted, ids);
          same(
              "imported, now, " + described,
              copy.recall(scope, query),
              ids,
              store.recall(scope, query),
              ids);
        }
      }
    }

    private static void same(
        String described, Recall found, Ids foundIds, Recall wanted, Ids wantedIds) {
      assertThat(texts(found, foundIds)).describedAs(described).isEqualTo(texts(wanted, wantedIds));
      for (int i = 0; i < wanted.hits().size(); i++) {
        assertThat(found.hits().get(i).score())
            .describedAs(described)
            .isCloseTo(wanted.hits().get(i).score(), within(1e-9));
      }
      assertThat(found.truncated()).describedAs(described).isEqualTo(wanted.truncated());
    }

    private static List<String> texts(Recall recall, Ids ids) {
      return recall.hits().stream()
          .map(hit -> {
            var memory = hit.memory();
            return ids.number(memory.id())
                + " revision="
                + memory.revision()
                + " at="
                + memory.at()
                + " "
                + memory.body()
                + " "
                + hit.why();
          })
          .toList();
    }

    // The history

    private Step step(int known) {
      int kind = random.nextInt(100);
      if (known < 4 || kind < 50) {
        return remember();
      }
      int number = Math.max(0, known - 1 - random.nextInt(Math.min(known, 30)));
      int other = random.nextInt(known);
      if (kind < 70) {
        return revise(number);
      }
      if (kind < 76) {
        return erasing((store, ids) -> store.forget(ids.id(number), null));
      }
      if (kind < 80) {
        return erasing((store, ids) -> store.link(ids.id(number), "supports", ids.id(other)));
      }
      if (kind < 84) {
        int revision = random.nextInt(1, 4);
        return erasing((store, ids) -> {
          if (!isTurn(store, ids.id(number))) {
            store.revert(ids.id(number), revision, null);
          }
        });
      }
      if (kind < 86) {
        var scope = one(SCOPES);
        var tag = one(TAGS);
        return erasing((store, ids) -> store.forget(scope, Filter.tagged(tag), false, null));
      }
      if (kind < 89) {
        return (store, ids) -> {
          var erased = new HashSet<Integer>();
          store.erase(ids.id(number), null).memories().forEach(id -> erased.add(ids.number(id)));
          return erased;
        };
      }
      var scope = one(SCOPES);
      var key = one(KEYS);
      var at = random.nextBoolean() ? null : anyTime();
      var text = text();
      return erasing(
          (store, ids) -> ids.made(store.supersede(scope, Draft.of(text).key(key).at(at)).id()));
    }

    private interface Change {
      void apply(Remanence store, Ids ids);
    }

    /// A step that erases nothing.
    private static Step erasing(Change change) {
      return (store, ids) -> {
        change.apply(store, ids);
        return Set.of();
      };
    }

    private Step remember() {
      var scope = one(SCOPES);
      var drafts =
          IntStream.range(0, random.nextInt(6) == 0 ? 4 : 1).mapToObj(_ -> draft()).toList();
      return erasing((store, ids) ->
          store.rememberAll(scope, drafts).forEach(remembered -> ids.made(remembered.id())));
    }

    private Draft draft() {
      var draft = Draft.of(text());
      boolean said = random.nextInt(2) == 0;
      if (said) {
        draft
            .speaker(one(SPEAKERS))
            .provenance(
                new Provenance(
                    one(SESSIONS),
                    random.nextInt(4) == 0 ? "cursor" : null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null));
      }
      if (!said && random.nextInt(5) == 0) {
        draft.key(one(KEYS));
      }
      if (random.nextInt(3) == 0) {
        draft.tags(tags());
      }
      if (random.nextInt(4) == 0) {
        draft.metadata(Json.object().put("n", (long) random.nextInt(4)).build());
      }
      if (random.nextInt(3) == 0) {
        draft.importance(random.nextInt(11) / 10.0);
      }
      if (random.nextInt(3) == 0) {
        draft.kind(one(List.of(Kind.values())));
      }
      if (random.nextInt(8) == 0) {
        draft.pinned(true);
      }
      if (random.nextInt(3) == 0) {
        draft.at(anyTime());
      }
      if (random.nextInt(6) == 0) {
        draft.ttl(Duration.ofMillis(random.nextLong(1, 40 * HOUR)));
      }
      switch (random.nextInt(4)) {
        case 0 -> draft.vector(vector());
        case 1 -> draft.defer(true);
        default -> {}
      }
      return draft;
    }

    private Step revise(int number) {
      var patch = new Patch().importance(random.nextInt(11) / 10.0);
      var text = random.nextInt(2) == 0 ? text() : null;
      if (random.nextInt(5) == 0) {
        patch.vector(vector());
      }
      if (random.nextInt(4) == 0) {
        patch.tags(tags());
      }
      var speaker = random.nextInt(6) == 0 ? one(SPEAKERS) : null;
      if (random.nextInt(6) == 0) {
        patch.at(anyTime());
      }
      if (random.nextInt(8) == 0) {
        patch.expires(anyTime());
      }
      var key = random.nextInt(8) == 0 ? one(KEYS) : null;
      return erasing((store, ids) -> {
        if (!isTurn(store, ids.id(number))) {
          if (text != null) {
            patch.text(text);
          }
          if (speaker != null) {
            patch.speaker(speaker);
          }
          if (key != null) {
            patch.key(key);
          }
        }
        store.revise(ids.id(number), patch);
      });
    }

    /// Whether a memory was said by somebody when it came.
    private static boolean isTurn(Remanence store, UUID id) {
      var first = store.history(id).getFirst().memory();
      return first == null || first.speaker() != null;
    }

    private String text() {
      int words = random.nextInt(1, 7);
      var text = new StringBuilder(one(List.of(WORDS)));
      for (int i = 1; i < words; i++) {
        text.append(' ').append(one(List.of(WORDS)));
      }
      if (random.nextInt(20) == 0) {
        text.append(" filler of a long text.".repeat(60)).append(one(List.of(WORDS)));
      }
      return random.nextInt(5) == 0 ? text.append('?').toString() : text.toString();
    }

    private Instant anyTime() {
      return START.plusMillis(random.nextLong(-10, 20) * 6 * HOUR);
    }

    private Set<String> tags() {
      var tags = new TreeSet<String>();
      TAGS.forEach(tag -> {
        if (random.nextBoolean()) {
          tags.add(tag);
        }
      });
      return tags;
    }

    private float[] vector() {
      var vector = new float[12];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = random.nextInt(-5, 6);
      }
      vector[0] += 20;
      return vector;
    }

    // The questions

    private Query query() {
      var query =
          Query.of(
                  switch (random.nextInt(6)) {
                    case 0 -> "When did " + one(SPEAKERS) + " drink " + word() + "?";
                    case 1 -> "how many " + word() + " on Monday";
                    case 2 -> "what did " + one(SPEAKERS) + " tell " + one(SPEAKERS) + " yesterday";
                    case 3 -> text();
                    default -> word();
                  })
              .limit(random.nextInt(3) == 0 ? random.nextInt(1, 10) : 100)
              .explain(true)
              .inherit(random.nextBoolean())
              .filter(filter());
      if (random.nextInt(3) == 0) {
        query = query.vector(vector());
      }
      return random.nextInt(3) == 0 ? query.asOf(AsOf.NOW.validAt(anyTime())) : query;
    }

    private String word() {
      return one(List.of(WORDS));
    }

    private Filter filter() {
      var time = anyTime();
      return switch (random.nextInt(14)) {
        case 0 -> Filter.kind(Kind.SEMANTIC, Kind.EPISODIC);
        case 1 -> Filter.tagged("alpha");
        case 2 -> with(Set.of("alpha", "beta"), Set.of(), Map.of());
        case 3 -> with(Set.of(), Set.of("gamma"), Map.of());
        case 4 ->
            with(
                Set.of(),
                Set.of(),
                Map.of(
                    "n",
                    List.of(
                        new Filter.Test(
                            one(List.of(Filter.Op.EQ, Filter.Op.NE, Filter.Op.GTE, Filter.Op.LT)),
                            List.of(Json.of(2))))));
        case 5 -> Filter.ALL.within(new Filter.Span(time, null), null);
        case 6 -> Filter.ALL.within(null, new Filter.Span(null, time));
        case 7 -> sundry(0.3, 0.8, null, null, null, null);
        case 8 -> sundry(null, null, "c", null, null, null);
        case 9 -> sundry(null, null, null, "cursor", null, null);
        case 10 -> sundry(null, null, null, null, "s1", null);
        case 11 -> sundry(null, null, null, null, null, random.nextBoolean());
        default -> Filter.ALL;
      };
    }

    private static Filter with(
        Set<String> any, Set<String> none, Map<String, List<Filter.Test>> metadata) {
      return new Filter(
          Set.of(), any, Set.of(), none, metadata, null, null, null, null, null, null, null, null);
    }

    private static Filter sundry(
        @Nullable Double importanceMin,
        @Nullable Double importanceMax,
        @Nullable String keyPrefix,
        @Nullable String tool,
        @Nullable String session,
        @Nullable Boolean pinned) {
      return new Filter(
          Set.of(),
          Set.of(),
          Set.of(),
          Set.of(),
          Map.of(),
          null,
          null,
          importanceMin,
          importanceMax,
          keyPrefix,
          tool,
          session,
          pinned);
    }

    private <T> T one(List<T> pool) {
      return pool.get(random.nextInt(pool.size()));
    }
  }
}
