package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.journal.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store that begins with snapshots of its images answers as one that reads its journal:
///
/// - on random histories, to random questions of every kind, about now and about the past, with
///   revisions that came after the snapshot;
/// - where the snapshot is older than the journal, newer than it, or gone.
///
/// A failed property prints its seed: `-Dremanence.seed=...` replays it.
final class SnapshotTest {
  private static final String SCOPE = "acme/user:1";
  private static final int BULK = 1100;
  private static final int DIMENSIONS = 16;
  private static final String[] WORDS =
      "tea coffee green black morning evening Anna Bert prefers drinks hot cold schön 日本 naïve"
          .split(" ");

  @TempDir Path temp;

  /// Time that moves only when told.
  private static final class Time implements InstantSource {
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    Instant tick(long millis) {
      now = now.plusMillis(millis);
      return now;
    }
  }

  private static EmbeddedStore open(Path directory, InstantSource time) {
    return EmbeddedStore.open(
        directory, OpenOptions.DEFAULT.embedder("none"), time, new SecureRandom());
  }

  @Test
  void answers_withAndWithoutSnapshots_areTheSame() throws Exception {
    var told = System.getProperty("remanence.seed");
    long first = told == null ? new SplittableRandom().nextLong(1L << 40) : Long.parseLong(told);
    for (long seed = first; seed < first + (told == null ? 4 : 1); seed++) {
      try {
        compare(new SplittableRandom(seed), temp.resolve("store" + seed), seed);
      } catch (Exception | AssertionError e) {
        throw new AssertionError("-Dremanence.seed=" + seed, e);
      }
    }
  }

  private static void compare(SplittableRandom random, Path directory, long seed) throws Exception {
    var time = new Time();
    var moments = new ArrayList<Instant>();
    var history = new History(random, time, moments);
    try (var store = open(directory, time)) {
      history.fill(store);
      history.change(store, random.nextInt(200));
      store.recall(SCOPE, Query.of("tea"));
      history.erasing = false;
    }
    assertThat(snapshots(directory)).isNotEmpty();
    try (var store = open(directory, time)) {
      history.change(store, random.nextInt(1, 300));
    }
    assertThat(snapshots(directory)).describedAs("no erasure removed it").isNotEmpty();
    time.tick(1000);
    var without = directory.resolveSibling("without" + seed);
    copy(directory, without);
    Disk.deleteTree(without.resolve("images"));
    List<String> expected;
    try (var store = open(without, time)) {
      expected = answers(store, new SplittableRandom(seed), moments);
    }
    try (var store = open(directory, time)) {
      var given = answers(store, new SplittableRandom(seed), moments);
      assertThat(given).hasSameSizeAs(expected);
      for (int i = 0; i < given.size(); i++) {
        assertThat(given.get(i)).isEqualTo(expected.get(i));
      }
    }
  }

  private static List<Path> snapshots(Path directory) throws IOException {
    var images = directory.resolve("images");
    return Files.isDirectory(images) ? Disk.named(images, ".*") : List.of();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  /// A random history in one scope.
  private static final class History {
    private final SplittableRandom random;
    private final Time time;
    private final List<Instant> moments;
    private final List<UUID> ids = new ArrayList<>();
    private int number;
    private boolean erasing = true;

    /// Where nothing expires, other statistics of words are used.
    private final boolean expiring;

    History(SplittableRandom random, Time time, List<Instant> moments) {
      this.random = random;
      this.expiring = random.nextBoolean();
      this.time = time;
      this.moments = moments;
    }

    void fill(Remanence store) {
      for (int done = 0; done < BULK; done += 50) {
        var drafts = new ArrayList<Draft>();
        for (int i = 0; i < 50; i++) {
          drafts.add(draft());
        }
        store.rememberAll(SCOPE, drafts).forEach(each -> ids.add(each.id()));
        moments.add(time.tick(1 + random.nextInt(5000)));
      }
    }

    void change(Remanence store, int times) {
      for (int i = 0; i < times; i++) {
        try {
          change(store);
        } catch (RemanenceException e) {
          // What was forgotten or erased cannot be changed; no memory says so.
          assertThat(e)
              .isInstanceOfAny(
                  RemanenceException.NotFound.class,
                  RemanenceException.Conflict.class,
                  RemanenceException.InvalidInput.class);
        }
        moments.add(time.tick(random.nextInt(5000)));
      }
    }

    private void change(Remanence store) {
      var id = ids.get(random.nextInt(ids.size()));
      switch (random.nextInt(9)) {
        case 0, 1 -> ids.add(store.remember(SCOPE, draft()).id());
        case 2 -> store.revise(id, new Patch().text(text()));
        case 3 -> store.revise(id, new Patch().tags(tags()).importance(random.nextDouble()));
        case 4 -> store.forget(id, null);
        case 5 -> store.link(id, "about", ids.get(random.nextInt(ids.size())));
        case 6 ->
            ids.add(
                store
                    .supersede(
                        SCOPE, Draft.of(text()).key("k" + random.nextInt(5)).at(time.instant()))
                    .id());
        case 7 -> store.revise(id, new Patch().vector(vector()).text(text()));
        default -> {
          if (erasing && random.nextInt(20) == 0) {
            store.erase(id, null);
          } else {
            store.revert(id, 1, null);
          }
        }
      }
    }

    private Draft draft() {
      var draft = Draft.of(text()).tags(tags()).importance(random.nextInt(10) / 10.0);
      if (random.nextInt(3) == 0) {
        draft
            .speaker(random.nextBoolean() ? "Anna" : "Bert")
            .provenance(
                new Provenance(
                    "session " + random.nextInt(4), "tool", null, null, null, null, null, null));
      }
      if (random.nextInt(8) == 0) {
        draft.metadata(
            new Json.Obj(
                Map.of(
                    "size",
                    Json.of(random.nextInt(5) / 3.0),
                    "flag",
                    Json.of(random.nextBoolean()),
                    "name",
                    Json.of("é" + random.nextInt(3)))));
      }
      if (random.nextInt(10) == 0) {
        draft.at(time.instant().minusSeconds(random.nextInt(100_000)));
      }
      if (expiring && random.nextInt(20) == 0) {
        draft.ttl(Duration.ofSeconds(1 + random.nextInt(100)));
      }
      if (random.nextInt(4) != 0) {
        draft.vector(vector());
      }
      return draft;
    }

    private float[] vector() {
      return SnapshotTest.vector(random);
    }

    private List<String> tags() {
      return random.nextInt(3) == 0 ? List.of() : List.of("a" + random.nextInt(4), "b");
    }

    private String text() {
      var text = new StringBuilder("n" + number++);
      int words = random.nextInt(40) == 0 ? 400 : 2 + random.nextInt(12);
      for (int i = 0; i < words; i++) {
        text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
      }
      return text.toString();
    }
  }

  private static float[] vector(SplittableRandom random) {
    var vector = new float[DIMENSIONS];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextDouble(-1, 1);
    }
    return vector;
  }

  private static List<String> answers(
      Remanence store, SplittableRandom random, List<Instant> moments) {
    var answers = new ArrayList<String>();
    for (int i = 0; i < 60; i++) {
      var filter =
          switch (random.nextInt(5)) {
            case 0 -> Filter.tagged("a" + random.nextInt(4));
            case 1 -> Filter.ALL.withKinds(Set.of(Kind.EPISODIC));
            case 2 ->
                new Filter(
                    Set.of(),
                    Set.of(),
                    Set.of(),
                    Set.of("a1"),
                    Map.of("size", List.of(Filter.Test.is(Json.of(random.nextInt(5) / 3.0)))),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
            default -> Filter.ALL;
          };
      var moment = moments.get(random.nextInt(moments.size()));
      var asOf =
          switch (random.nextInt(3)) {
            case 0 -> AsOf.NOW.knownAt(moment);
            case 1 -> AsOf.NOW.validAt(moment);
            default -> AsOf.NOW;
          };
      var question =
          WORDS[random.nextInt(WORDS.length)] + " " + WORDS[random.nextInt(WORDS.length)];
      var query = Query.of(question).limit(20).filter(filter).asOf(asOf).explain(true);
      if (random.nextBoolean()) {
        query = query.vector(vector(random));
      }
      store
          .recall(SCOPE, query)
          .hits()
          .forEach(hit -> answers.add(hit.memory().id() + " " + hit.score() + " " + hit.why()));
      store
          .similar(SCOPE, Similar.to(vector(random)).threshold(0.2).limit(30).filter(filter))
          .forEach(hit -> answers.add(hit.memory().id() + " " + hit.score()));
      var orders = Listing.Order.values();
      store
          .list(
              SCOPE,
              Listing.FIRST.filter(filter).order(orders[random.nextInt(orders.length)]).limit(200))
          .memories()
          .forEach(memory -> answers.add(memory.id() + " " + memory.body()));
      store
          .range(SCOPE, Range.of(moment.minusSeconds(50_000), moment).limit(200))
          .memories()
          .forEach(memory -> answers.add(memory.id() + " " + memory.at()));
    }
    return answers;
  }

  @Test
  void open_journalLostWhatTheSnapshotSaw_readsTheJournal() throws Exception {
    var time = new Time();
    var moments = new ArrayList<Instant>();
    var history = new History(new SplittableRandom(1), time, moments);
    var directory = temp.resolve("store");
    var before = temp.resolve("before");
    try (var store = open(directory, time)) {
      history.fill(store);
    }
    Disk.deleteTree(directory.resolve("images"));
    copy(directory, before);
    try (var store = open(directory, time)) {
      store.remember(SCOPE, Draft.of("a xylophon that only the snapshot knows"));
      assertThat(found(store)).isOne();
    }
    assertThat(snapshots(directory)).hasSize(1);
    copy(directory.resolve("images"), before.resolve("images"));
    try (var store = open(before, time)) {
      assertThat(found(store)).isZero();
      store.remember(SCOPE, Draft.of("another xylophon"));
      assertThat(found(store)).isOne();
    }
  }

  private static long found(Remanence store) {
    return store.recall(SCOPE, Query.of("xylophon")).hits().stream()
        .filter(hit -> Objects.requireNonNull(hit.memory().text()).contains("xylophon"))
        .count();
  }

  @Test
  void erase_whatASnapshotHolds_removesIt() throws Exception {
    var time = new Time();
    var history = new History(new SplittableRandom(2), time, new ArrayList<>());
    var directory = temp.resolve("store");
    UUID id;
    try (var store = open(directory, time)) {
      history.fill(store);
      id = store.remember(SCOPE, Draft.of("a xylophon")).id();
      assertThat(found(store)).isOne();
    }
    assertThat(snapshots(directory)).hasSize(1);
    try (var store = open(directory, time)) {
      assertThat(found(store)).isOne();
      assertThat(store.stats().imageBytes()).isPositive();
      store.erase(id, null);
      assertThat(snapshots(directory)).isEmpty();
      assertThat(found(store)).isZero();
    }
    assertThat(snapshots(directory)).describedAs("made anew at close").hasSize(1);
    try (var store = open(directory, time)) {
      assertThat(found(store)).isZero();
      assertThat(store.verify(true, null).problems()).isEmpty();
    }
  }
}
