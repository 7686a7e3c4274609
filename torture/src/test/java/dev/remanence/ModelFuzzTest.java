package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.testkit.ModelStore;
import dev.remanence.testkit.ModelStore.Refused;
import dev.remanence.testkit.ModelStore.Revision;
import dev.remanence.testkit.ModelStore.Row;
import dev.remanence.testkit.TestClock;
import dev.remanence.testkit.Workload;
import dev.remanence.testkit.Workload.Note;
import dev.remanence.testkit.Workload.Operation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A random history against the store and against [ModelStore], which must agree:
///
/// - on each outcome, each number of a revision, and each refusal by its name;
/// - on every memory now, at past moments of recorded time, at moments of validity, on branches,
///   and on both clocks together;
/// - on lists in every order and ranges, page by page, on streams, recalls, scopes and keys;
/// - on every line of every history;
/// - after closing and opening, compaction, export and import, backup and restore, also up to a
///   moment;
/// - and an export of an import has the bytes of the export.
///
/// The clock is the test's; it jumps, also backwards.
@NullMarked
class ModelFuzzTest {
  private static final @Nullable Long SEED = Long.getLong("remanence.seed");
  private static final int MINUTES = Integer.getInteger("remanence.minutes", 3);
  private static final int STEPS = Integer.getInteger("remanence.steps", 450);

  @TempDir Path temp;

  @Test
  void store_randomHistory_agreesWithModel() throws IOException {
    long seed = SEED == null ? 1 : SEED;
    new Round(Files.createDirectory(temp.resolve("seed" + seed)), seed, STEPS).run();
  }

  @Test
  @Tag("torture")
  void store_randomHistoriesForMinutes_agreesWithModel() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    long seed = SEED == null ? new SplittableRandom().nextLong() : SEED;
    System.out.println("model fuzz: from -Dremanence.seed=" + seed + " on");
    do {
      new Round(Files.createDirectory(temp.resolve("seed" + seed)), seed, STEPS).run();
      seed++;
    } while (SEED == null && System.nanoTime() < deadline);
  }

  /// One history.
  private static final class Round {
    private static final int STEPS_A_CHECK = 150;

    /// Words of the workload with others that share their stem or differ in accents.
    private static final List<List<String>> FAMILIES =
        List.of(
            List.of("drinks", "drink", "drinking"),
            List.of("prefers", "prefer", "preferred"),
            List.of("schön", "schon"),
            List.of("naïve", "naive"),
            List.of("tea", "teas"));

    private final Path directory;
    private final long seed;
    private final int steps;
    private final TestClock clock = new TestClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final Workload workload;
    private final SplittableRandom random;
    private final ModelStore model = new ModelStore();
    private final List<Long> moments = new ArrayList<>();
    private final Set<UUID> touched = new HashSet<>();
    private Remanence store;
    private int opened;
    private String last = "";

    Round(Path directory, long seed, int steps) {
      this.directory = directory;
      this.seed = seed;
      this.steps = steps;
      this.workload = new Workload(seed, clock);
      this.random = new SplittableRandom(~seed);
      this.store = open(directory.resolve("store"));
    }

    private Remanence open(Path at) {
      return EmbeddedStore.open(
          at,
          OpenOptions.DEFAULT.conflicts(false),
          clock,
          new SplittableRandom(seed * 31 + opened++));
    }

    void run() throws IOException {
      int step = 0;
      try {
        for (step = 1; step <= steps; step++) {
          var operation = workload.next();
          last = String.valueOf(operation);
          touched.clear();
          apply(operation);
          for (var id : touched) {
            checkNow(store, id);
          }
          checkKeys(store);
          if (random.nextInt(4) == 0) {
            moments.add(clock.millis());
          }
          if (step % STEPS_A_CHECK == 0 || step == steps) {
            checkAll(store, model);
            checkCare(step);
          }
        }
        store.close();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "to replay: -Dremanence.seed="
                + seed
                + " -Dremanence.steps="
                + step
                + "; last operation: "
                + last,
            e);
      } finally {
        store.close();
      }
    }

    // Steps

    private void apply(Operation operation) {
      long wall = clock.millis();
      switch (operation) {
        case Operation.Remember(var scope, var notes, var superseding) ->
            remember(scope, notes, superseding, wall);
        case Operation.Revise(var id, var edit) ->
            written(
                id,
                () -> store.revise(id, edit.patch()).revision(),
                () -> model.revise(id, edit, wall));
        case Operation.Relink(var id, var link, var present) ->
            written(
                id,
                () ->
                    (present
                            ? store.link(id, link.type(), link.to())
                            : store.unlink(id, link.type(), link.to()))
                        .revision(),
                () -> present ? model.link(id, link, wall) : model.unlink(id, link, wall));
        case Operation.Forget(var id, var reason) ->
            written(id, () -> store.forget(id, reason), () -> model.forget(id, reason, wall));
        case Operation.ForgetTagged(var scope, var tag, var recursive) -> {
          model.memories().forEach(kept -> touched.add(kept.id()));
          same(
              () -> store.forget(scope, Filter.tagged(tag), recursive, "tagged"),
              () -> model.forgetTagged(scope, tag, recursive, "tagged", wall));
        }
        case Operation.Erase(var id, var reason) ->
            written(
                id,
                () -> store.erase(id, reason).memories().size(),
                () -> {
                  model.erase(id, reason, wall);
                  return 1;
                });
        case Operation.EraseScope(var scope, var recursive) -> {
          model.memories().forEach(kept -> touched.add(kept.id()));
          same(
              () -> Set.copyOf(store.eraseScope(scope, recursive, null).memories()),
              () -> model.eraseScope(scope, recursive, null, wall));
        }
        case Operation.Revert(var id, var revision, var message) ->
            written(
                id,
                () -> store.revert(id, revision, message).revision(),
                () -> model.revert(id, revision, message, wall));
        case Operation.Branch(var id, var name, var from, var message) ->
            written(
                id,
                () -> store.branch(id, name, from, message).revision(),
                () -> model.branch(id, name, from, message, wall));
        case Operation.Merge(var id, var from, var into, var preferOurs) ->
            merge(id, from, into, preferOurs, wall);
      }
    }

    private void remember(String scope, List<Note> notes, boolean superseding, long wall) {
      var drafts = notes.stream().map(Note::draft).toList();
      List<Remembered> made;
      try {
        made =
            superseding
                ? List.of(store.supersede(scope, drafts.getFirst()))
                : store.rememberAll(scope, drafts);
      } catch (RemanenceException e) {
        var anyIds = notes.stream().map(_ -> new UUID(random.nextLong(), 7)).toList();
        assertThat(refusal(() -> model.remember(scope, notes, superseding, wall, anyIds)))
            .isEqualTo(e.name());
        return;
      }
      var ids = made.stream().map(Remembered::id).toList();
      var expected = model.remember(scope, notes, superseding, wall, ids);
      assertThat(
              made.stream()
                  .map(each ->
                      new ModelStore.Remembered(each.id(), each.revision(), each.outcome().name())))
          .isEqualTo(expected);
      ids.forEach(workload::made);
      touched.addAll(ids);
    }

    private void written(UUID id, Supplier<Integer> real, Supplier<Integer> wanted) {
      touched.add(id);
      same(real, wanted);
    }

    private static <T> void same(Supplier<T> real, Supplier<T> wanted) {
      T found;
      try {
        found = real.get();
      } catch (RemanenceException e) {
        assertThat(refusal(wanted)).isEqualTo(e.name());
        return;
      }
      assertThat(found).isEqualTo(wanted.get());
    }

    private static String refusal(Supplier<?> wanted) {
      try {
        return "no refusal but " + wanted.get();
      } catch (Refused e) {
        return e.name();
      }
    }

    private void merge(UUID id, String from, String into, @Nullable Boolean preferOurs, long wall) {
      var prefer =
          preferOurs == null ? null : preferOurs ? Remanence.Prefer.OURS : Remanence.Prefer.THEIRS;
      touched.add(id);
      int number;
      try {
        number = store.merge(id, from, into, prefer, "merged").revision();
      } catch (RemanenceException e) {
        assertThat(refusal(() -> model.merge(id, from, into, preferOurs, "merged", null, wall)))
            .isEqualTo(e.name());
        return;
      }
      var merged = Objects.requireNonNull(store.history(id).getLast().memory());
      var content = new ModelStore.Content(merged.text(), merged.content(), merged.speaker());
      assertThat(number)
          .isEqualTo(model.merge(id, from, into, preferOurs, "merged", content, wall));
    }

    // Cheap checks

    private void checkNow(Remanence real, UUID id) {
      check(real, id, AsOf.NOW);
    }

    private void check(Remanence real, UUID id, AsOf asOf) {
      check(real, id, asOf, millis(asOf.knownAt()));
    }

    private void check(Remanence real, UUID id, AsOf asOf, @Nullable Long knownAt) {
      var wanted = model.get(id, knownAt, millis(asOf.validAt()), asOf.branch(), clock.millis());
      assertThat(text(found(() -> real.get(id, asOf))))
          .describedAs("get %s %s", id, asOf)
          .isEqualTo(text(wanted));
    }

    private void checkKeys(Remanence real) {
      var scope = Workload.SCOPES.get(random.nextInt(Workload.SCOPES.size()));
      var key = Workload.KEYS.get(random.nextInt(Workload.KEYS.size()));
      assertThat(text(found(() -> real.get(scope, key, AsOf.NOW))))
          .describedAs("get %s %s", scope, key)
          .isEqualTo(text(model.get(scope, key, clock.millis())));
      assertThat(model.sharedKeys(Math.max(clock.millis(), model.recorded()))).isEmpty();
    }

    private static @Nullable Memory found(Supplier<Memory> read) {
      try {
        return read.get();
      } catch (RemanenceException.NotFound e) {
        return null;
      }
    }

    private static @Nullable Long millis(@Nullable Instant moment) {
      return moment == null ? null : moment.toEpochMilli();
    }

    // Full checks

    private void checkAll(Remanence real, ModelStore wanted) {
      for (var kept : wanted.memories()) {
        checkMemory(real, kept.id());
      }
      for (var scope : Workload.SCOPES) {
        checkScope(real, scope);
      }
      checkScopes(real);
    }

    private void checkMemory(Remanence real, UUID id) {
      checkNow(real, id);
      check(real, id, AsOf.NOW.validAt(Instant.ofEpochMilli(workload.moment())));
      if (!moments.isEmpty()) {
        for (int i = 0; i < 3; i++) {
          var known = AsOf.NOW.knownAt(Instant.ofEpochMilli(anyMoment()));
          check(real, id, known);
          check(real, id, known.validAt(Instant.ofEpochMilli(workload.moment())));
        }
      }
      for (var branch : Workload.BRANCHES) {
        check(real, id, AsOf.NOW.branch(branch));
      }
      checkHistory(real, id);
    }

    private long anyMoment() {
      return moments.get(random.nextInt(moments.size()));
    }

    private void checkHistory(Remanence real, UUID id) {
      var kept = Objects.requireNonNull(model.memory(id));
      var wanted = new ArrayList<String>();
      for (var revision : kept.revisions()) {
        wanted.add(line(kept, revision));
      }
      var found = real.history(id).stream().map(Round::line).toList();
      assertThat(found).describedAs("history %s", id).isEqualTo(wanted);
    }

    private void checkScope(Remanence real, String scope) {
      long wall = clock.millis();
      var own = model.rows(List.of(scope), null, null, wall);
      assertThat(texts(all(scope, real))).describedAs("stream %s", scope).isEqualTo(texts(own));
      for (var order : Listing.Order.values()) {
        boolean inherit = random.nextInt(3) == 0;
        var rows = inherit ? model.rows(ModelStore.withAncestors(scope), null, null, wall) : own;
        var filter = filter();
        var wanted =
            rows.stream().filter(row -> passes(filter, row)).sorted(order(order, wall)).toList();
        var listing =
            Listing.FIRST.filter(filter).order(order).inherit(inherit).limit(random.nextInt(1, 40));
        assertThat(texts(pages(cursor -> real.list(scope, listing.after(cursor)))))
            .describedAs("list %s %s", scope, listing)
            .isEqualTo(texts(wanted));
      }
      for (var by : Range.By.values()) {
        checkRange(real, scope, by, own);
      }
      checkRecall(real, scope);
      for (var key : Workload.KEYS) {
        if (!moments.isEmpty()) {
          checkKeyAt(real, scope, key, anyMoment());
        }
      }
    }

    private static List<Memory> all(String scope, Remanence real) {
      try (var stream = real.stream(scope, Filter.ALL, false)) {
        return stream.toList();
      }
    }

    private void checkRange(Remanence real, String scope, Range.By by, List<Row> own) {
      long one = by == Range.By.AT ? workload.moment() : clock.millis() - random.nextLong(100_000);
      long other = by == Range.By.AT ? workload.moment() : one + random.nextLong(200_000);
      var from = random.nextInt(4) == 0 ? null : Instant.ofEpochMilli(Math.min(one, other));
      var to = random.nextInt(4) == 0 ? null : Instant.ofEpochMilli(Math.max(one, other));
      var filter = filter();
      var span = new Filter.Span(from, to);
      var range = Range.of(from, to).by(by).filter(filter).limit(random.nextInt(1, 40));
      var wanted =
          own.stream()
              .filter(row -> passes(filter, row))
              .filter(row ->
                  span.covers(
                      Instant.ofEpochMilli(
                          by == Range.By.AT ? row.revision().from() : row.revision().recorded())))
              .sorted(
                  by == Range.By.AT
                      ? Comparator.<Row>comparingLong(row -> row.revision().from())
                          .thenComparingLong(row -> row.revision().order())
                      : Comparator.comparingLong(row -> row.revision().order()))
              .toList();
      assertThat(texts(pages(cursor -> real.range(scope, range.after(cursor)))))
          .describedAs("range %s %s", scope, range)
          .isEqualTo(texts(wanted));
    }

    private void checkRecall(Remanence real, String scope) {
      var word = inflected(workload.word());
      var knownAt = random.nextBoolean() || moments.isEmpty() ? null : anyMoment();
      var validAt = random.nextBoolean() ? null : workload.moment();
      boolean inherit = random.nextBoolean();
      var filter = filter();
      var rows =
          model
              .rows(
                  inherit ? ModelStore.withAncestors(scope) : List.of(scope),
                  knownAt,
                  validAt,
                  clock.millis())
              .stream()
              .filter(row -> passes(filter, row) && says(row, word))
              .toList();
      var asOf =
          new AsOf(
              knownAt == null ? null : Instant.ofEpochMilli(knownAt),
              validAt == null ? null : Instant.ofEpochMilli(validAt),
              AsOf.MAIN);
      var query = Query.of(word).limit(1000).asOf(asOf).inherit(inherit).filter(filter);
      var hits = real.recall(scope, query).hits().stream().map(hit -> text(hit.memory())).toList();
      assertThat(hits).describedAs("recall %s %s", scope, query).doesNotHaveDuplicates();
      assertThat(texts(rows)).describedAs("recall %s %s", scope, query).containsAll(hits);
      assertThat(hits).describedAs("recall %s %s", scope, query).containsAll(texts(speaking(rows)));
    }

    /// The rows that speak for their content. A memory that says the same in several intervals is
    /// found once, by the latest of them; by another one too only where it was said anew.
    private static Collection<Row> speaking(List<Row> rows) {
      var latest = new LinkedHashMap<List<Object>, Row>();
      for (var row : rows) {
        var value = Objects.requireNonNull(row.revision().value());
        latest.merge(
            Arrays.asList(row.memory().id(), value.content(), value.key(), value.tags()),
            row,
            (one, other) -> other.revision().from() > one.revision().from() ? other : one);
      }
      return latest.values();
    }

    /// Now and then another form of a word, with the same stem.
    private String inflected(String word) {
      for (var family : FAMILIES) {
        if (family.contains(word) && random.nextBoolean()) {
          return family.get(random.nextInt(family.size()));
        }
      }
      return word;
    }

    /// Whether a text, its speaker, its key or a tag has a word or another form of it; an ideograph
    /// is a word by itself, so one of them is enough.
    private static boolean says(Row row, String word) {
      var value = Objects.requireNonNull(row.revision().value());
      var body =
          value.content().speaker()
              + " "
              + value.key()
              + " "
              + value.tags()
              + " "
              + (value.content().text() == null ? value.content().json() : value.content().text());
      if (word.codePoints().allMatch(Character::isIdeographic)) {
        return word.codePoints().anyMatch(c -> body.indexOf(c) >= 0);
      }
      var said = List.of(body.split("[^\\p{L}\\p{N}&&[^\\p{IsIdeographic}]]+", -1));
      for (var family : FAMILIES) {
        if (family.contains(word)) {
          return family.stream().anyMatch(said::contains);
        }
      }
      return said.contains(word);
    }

    private void checkKeyAt(Remanence real, String scope, String key, long moment) {
      var asOf = AsOf.NOW.knownAt(Instant.ofEpochMilli(moment));
      var found = text(found(() -> real.get(scope, key, asOf)));
      var wanted = model.get(scope, key, moment, clock.millis()).stream().map(Round::text).toList();
      var described = assertThat(found).describedAs("get %s %s %s", scope, key, asOf);
      if (wanted.isEmpty()) {
        described.isEqualTo(text((Row) null));
      } else {
        described.isIn(wanted);
      }
    }

    private void checkScopes(Remanence real) {
      var wanted =
          model.scopes().stream()
              .map(path -> new Remanence.ScopeInfo(path, model.live(path)))
              .toList();
      assertThat(real.scopes(null)).isEqualTo(wanted);
    }

    // Filters, drawn; what they mean, said again

    private Filter filter() {
      return switch (random.nextInt(6)) {
        case 0 -> Filter.kind(Kind.SEMANTIC, Kind.GHOST);
        case 1 -> Filter.tagged("alpha");
        case 2 ->
            new Filter(
                Set.of(),
                Set.of("alpha", "beta"),
                Set.of(),
                Set.of("gamma"),
                Map.of(),
                null,
                null,
                0.3,
                0.9,
                null,
                null,
                null,
                null);
        case 3 ->
            new Filter(
                Set.of(),
                Set.of(),
                Set.of(),
                Set.of(),
                Map.of("app", List.of(Filter.Test.is(Json.of("tea")))),
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
    }

    private static boolean passes(Filter filter, Row row) {
      var value = Objects.requireNonNull(row.revision().value());
      return (filter.kinds().isEmpty() || filter.kinds().contains(value.kind()))
          && (filter.tagsAny().isEmpty()
              || value.tags().stream().anyMatch(filter.tagsAny()::contains))
          && value.tags().containsAll(filter.tagsAll())
          && value.tags().stream().noneMatch(filter.tagsNone()::contains)
          && (filter.metadata().isEmpty() || "tea".equals(value.metadata().get("app")))
          && (filter.importanceMin() == null || value.importance() >= filter.importanceMin())
          && (filter.importanceMax() == null || value.importance() <= filter.importanceMax());
    }

    private static Comparator<Row> order(Listing.Order order, long wall) {
      Comparator<Row> value =
          switch (order) {
            case UPDATED -> Comparator.comparingLong(row -> row.revision().append());
            case CREATED ->
                Comparator.comparingLong(row -> row.memory().revisions().getFirst().append());
            case AT -> Comparator.comparingLong(row -> row.revision().from());
            case IMPORTANCE ->
                Comparator.comparingDouble(
                    row -> Objects.requireNonNull(row.revision().value()).importance());
            case STRENGTH ->
                Comparator.comparingDouble(row -> ModelStore.strength(row.revision(), wall));
          };
      return value.thenComparingLong(row -> row.revision().order()).reversed();
    }

    private interface Paged {
      Page page(@Nullable String cursor);
    }

    private static List<Memory> pages(Paged paged) {
      var memories = new ArrayList<Memory>();
      var page = paged.page(null);
      memories.addAll(page.memories());
      while (page.cursor() != null) {
        page = paged.page(page.cursor());
        assertThat(page.memories()).isNotEmpty();
        memories.addAll(page.memories());
      }
      return memories;
    }

    // Care

    private void checkCare(int step) throws IOException {
      var until = moments.isEmpty() ? clock.millis() : anyMoment();
      checkExport(directory.resolve("import" + step));
      assertThat(store.verify(true, null).problems()).isEmpty();
      var backups = directory.resolve("backups" + step);
      store.backup(backups, Retention.FOREVER);
      switch (random.nextInt(4)) {
        case 0 -> {
          store.close();
          store = open(directory.resolve("store"));
          model.reopened();
        }
        case 1 -> store.compact();
        case 2 -> checkRestored(backups, directory.resolve("restored" + step));
        default -> checkRestoredUntil(backups, directory.resolve("until" + step), until);
      }
      checkAll(store, model);
    }

    private void checkExport(Path at) {
      var first = export(store);
      try (var copy = open(at)) {
        var report =
            copy.importFrom(
                new ByteArrayInputStream(first), ImportOptions.DEFAULT, Remanence.Progress.NONE);
        assertThat(report.badLines()).isEmpty();
        assertThat(new String(export(copy), StandardCharsets.UTF_8))
            .isEqualTo(new String(first, StandardCharsets.UTF_8));
        checkCopy(copy);
        assertThat(copy.verify(true, null).problems()).isEmpty();
      }
    }

    private static byte[] export(Remanence real) {
      var out = new ByteArrayOutputStream();
      real.exportTo(out, Remanence.Progress.NONE);
      return out.toByteArray();
    }

    private void checkCopy(Remanence copy) {
      for (var kept : model.memories()) {
        if (!kept.erased()) {
          checkMemory(copy, kept.id());
        }
      }
      for (var scope : Workload.SCOPES) {
        checkScope(copy, scope);
      }
    }

    private void checkRestored(Path backups, Path into) {
      StoreCare.restore(backups, into, null);
      try (var restored = open(into)) {
        checkAll(restored, model);
      }
    }

    /// A store restored up to a moment says now what the store said of that moment.
    private void checkRestoredUntil(Path backups, Path into, long until) {
      StoreCare.restore(backups, into, Instant.ofEpochMilli(until));
      var known = AsOf.NOW.knownAt(Instant.ofEpochMilli(until));
      try (var restored = open(into)) {
        for (var kept : model.memories()) {
          if (kept.created() <= until) {
            check(restored, kept.id(), known);
          } else {
            assertThat(found(() -> restored.get(kept.id()))).isNull();
          }
        }
        assertThat(restored.verify(true, null).problems()).isEmpty();
      }
    }

    // One text for each: what is compared, and what a failure shows

    private static String text(@Nullable Memory memory) {
      if (memory == null) {
        return "nothing";
      }
      return text(
          memory.id(),
          memory.scope(),
          memory.revision(),
          memory.branch(),
          memory.at().toEpochMilli(),
          memory.until() == null ? ModelStore.OPEN : memory.until().toEpochMilli(),
          memory.createdAt().toEpochMilli(),
          memory.updatedAt().toEpochMilli(),
          new ModelStore.Value(
              new ModelStore.Content(memory.text(), memory.content(), memory.speaker()),
              memory.kind(),
              memory.key(),
              new TreeSet<>(memory.tags()),
              memory.metadata().fields().entrySet().stream()
                  .collect(
                      Collectors.toMap(
                          Map.Entry::getKey,
                          field -> ((Json.Str) field.getValue()).value(),
                          (one, _) -> one,
                          TreeMap::new)),
              memory.importance(),
              memory.pinned(),
              memory.links(),
              memory.expires() == null ? ModelStore.OPEN : memory.expires().toEpochMilli(),
              memory.count(),
              millis(memory.provenance().lastConfirmed())));
    }

    private static String text(@Nullable Row row) {
      if (row == null) {
        return "nothing";
      }
      return text(row.memory(), row.revision());
    }

    private static String text(ModelStore.Kept kept, Revision revision) {
      return text(
          kept.id(),
          kept.scope(),
          revision.number(),
          revision.branch(),
          revision.from(),
          revision.until(),
          kept.created(),
          revision.recorded(),
          Objects.requireNonNull(revision.value()));
    }

    private static String text(
        UUID id,
        String scope,
        int revision,
        String branch,
        long from,
        long until,
        long created,
        long updated,
        ModelStore.Value value) {
      return id
          + " in "
          + scope
          + " revision="
          + revision
          + "@"
          + branch
          + " ["
          + from
          + ","
          + until
          + ") created="
          + created
          + " updated="
          + updated
          + " "
          + value;
    }

    private static List<String> texts(Collection<?> each) {
      return each.stream()
          .map(item -> item instanceof Memory memory ? text(memory) : text((Row) item))
          .toList();
    }

    private static String line(Revised revised) {
      return revised.revision()
          + " "
          + revised.change()
          + " on="
          + revised.branch()
          + " parents="
          + new TreeSet<>(revised.parents())
          + " recorded="
          + revised.recordedAt().toEpochMilli()
          + " message="
          + revised.message()
          + (revised.erased() ? " erased" : "")
          + (revised.memory() == null ? "" : " " + text(revised.memory()));
    }

    private static String line(ModelStore.Kept kept, Revision revision) {
      boolean erased = kept.erased() && revision.change() != Change.ERASE;
      return revision.number()
          + " "
          + revision.change()
          + " on="
          + (erased ? AsOf.MAIN : revision.branch())
          + " parents="
          + new TreeSet<>(revision.parents())
          + " recorded="
          + revision.recorded()
          + " message="
          + (erased ? null : revision.message())
          + (erased ? " erased" : "")
          + (erased || revision.value() == null ? "" : " " + text(kept, revision));
    }
  }
}
