package dev.remanence.daemon.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.AsOf;
import dev.remanence.Filter;
import dev.remanence.ImportOptions;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Listing;
import dev.remanence.Query;
import dev.remanence.Range;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Prefer;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException;
import dev.remanence.testkit.TestClock;
import dev.remanence.testkit.Workload;
import dev.remanence.testkit.Workload.Note;
import dev.remanence.testkit.Workload.Operation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A random history and random questions, with some that are wrong on purpose, to a remote store
/// and its embedded twin. The same for both is ([Twins]):
///
/// - every result, and every exception with its message and facts;
/// - every memory, history, list, range, stream and recall, at random moments on both clocks;
/// - the bytes of the export at the end, and what comes of importing it where it came from.
final class RemoteStoreFuzzTest {
  private static final long SEED = Long.getLong("remanence.seed", 1);
  private static final int STEPS = Integer.getInteger("remanence.steps", 300);

  @TempDir private Path temp;
  private final TestClock clock = new TestClock(Instant.parse("2026-03-01T00:00:00Z"));
  private final Workload workload = new Workload(SEED, clock);
  private final SplittableRandom random = new SplittableRandom(~SEED);
  private final List<UUID> ids = new ArrayList<>(List.of(new UUID(7, 7)));

  @Test
  void randomHistory_isAnsweredAlike() throws IOException {
    try (var twins = new Twins(temp, "none", clock, SEED)) {
      var store = twins.both();
      int step = 0;
      try {
        for (step = 1; step <= STEPS; step++) {
          var operation = workload.next();
          whatever(() -> apply(store, operation));
          for (int i = 0; i < 3; i++) {
            whatever(() -> ask(store));
          }
        }
        export(store);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "to replay: -Dremanence.seed=" + SEED + " -Dremanence.steps=" + step, e);
      }
    }
  }

  /// A refusal is an answer: the twins compared it.
  private static void whatever(Runnable call) {
    try {
      call.run();
    } catch (RemanenceException _) {
      // As above.
    }
  }

  private void apply(Remanence store, Operation operation) {
    switch (operation) {
      case Operation.Remember(var scope, var notes, var superseding) -> {
        var drafts = notes.stream().map(Note::draft).toList();
        var made =
            superseding
                ? List.of(store.supersede(scope, drafts.getFirst()))
                : store.rememberAll(scope, drafts);
        made.forEach(each -> {
          workload.made(each.id());
          ids.add(each.id());
        });
      }
      case Operation.Revise(var id, var edit) -> store.revise(id, edit.patch());
      case Operation.Relink(var id, var link, var present) -> {
        if (present) {
          store.link(id, link.type(), link.to());
        } else {
          store.unlink(id, link.type(), link.to());
        }
      }
      case Operation.Forget(var id, var reason) -> store.forget(id, reason);
      case Operation.ForgetTagged(var scope, var tag, var recursive) ->
          store.forget(scope, Filter.tagged(tag), recursive, "tagged");
      case Operation.Erase(var id, var reason) -> store.erase(id, reason);
      case Operation.EraseScope(var scope, var recursive) ->
          store.eraseScope(scope, recursive, null);
      case Operation.Revert(var id, var revision, var message) ->
          store.revert(id, revision, message);
      case Operation.Branch(var id, var name, var from, var message) ->
          store.branch(id, name, from, message);
      case Operation.Merge(var id, var from, var into, var preferOurs) ->
          store.merge(
              id,
              from,
              into,
              preferOurs == null ? null : preferOurs ? Prefer.OURS : Prefer.THEIRS,
              null);
    }
  }

  private void ask(Remanence store) {
    var id = one(ids);
    var scope = one(Workload.SCOPES);
    switch (random.nextInt(11)) {
      case 0 -> store.get(id);
      case 1 -> store.get(id, asOf().branch(one(List.of("main", "draft", "other"))));
      case 2 -> store.get(scope, one(Workload.KEYS), asOf());
      case 3 -> store.history(id);
      case 4 -> store.diff(id, random.nextInt(0, 4), random.nextInt(1, 6));
      case 5 -> list(store, scope);
      case 6 -> range(store, scope);
      case 7 -> store.stream(scope, filter(), random.nextBoolean());
      case 8 -> recall(store, scope);
      case 9 -> store.scopes(random.nextBoolean() ? null : scope);
      default -> store.stats();
    }
  }

  private void recall(Remanence store, String scope) {
    var query =
        Query.of(workload.word() + " " + workload.word())
            .filter(filter())
            .asOf(asOf())
            .limit(random.nextInt(1, 9))
            .maxTokens(random.nextBoolean() ? null : random.nextInt(1, 40))
            .explain(random.nextBoolean())
            .neighbours(random.nextInt(0, 3))
            .inherit(random.nextBoolean());
    for (var page = store.recall(scope, query);
        page.cursor() != null;
        page = store.recall(scope, query.after(page.cursor()))) {
      clock.advance(random.nextInt(0, 2));
    }
  }

  private void list(Remanence store, String scope) {
    var listing =
        Listing.FIRST
            .filter(filter())
            .order(one(List.of(Listing.Order.values())))
            .limit(random.nextInt(1, 30))
            .inherit(random.nextBoolean());
    for (var page = store.list(scope, listing);
        page.cursor() != null;
        page = store.list(scope, listing.after(page.cursor()))) {
      clock.advance(random.nextInt(0, 2));
    }
  }

  private void range(Remanence store, String scope) {
    var range =
        Range.of(moment(), moment())
            .by(one(List.of(Range.By.values())))
            .filter(filter())
            .limit(random.nextInt(1, 30));
    for (var page = store.range(scope, range);
        page.cursor() != null;
        page = store.range(scope, range.after(page.cursor()))) {
      clock.advance(random.nextInt(0, 2));
    }
  }

  private AsOf asOf() {
    return new AsOf(
        random.nextBoolean() ? null : clock.instant().minusMillis(random.nextInt(100_000)),
        moment(),
        AsOf.MAIN);
  }

  private @Nullable Instant moment() {
    return random.nextBoolean()
        ? null
        : Instant.ofEpochMilli(workload.moment()).plusNanos(random.nextInt(2_000_000));
  }

  private Filter filter() {
    return random.nextInt(3) == 0
        ? Filter.ALL
        : new Filter(
            random.nextBoolean() ? Set.of() : EnumSet.of(one(List.of(Kind.values()))),
            some(Workload.TAGS),
            Set.of(),
            some(Workload.TAGS),
            random.nextInt(4) == 0
                ? Map.of("app", List.of(Filter.Test.is(Json.of(workload.word()))))
                : Map.of(),
            random.nextInt(3) == 0 ? new Filter.Span(moment(), moment()) : null,
            null,
            random.nextInt(3) == 0 ? random.nextDouble() : null,
            null,
            random.nextInt(6) == 0 ? "c" : null,
            null,
            null,
            random.nextInt(4) == 0 ? random.nextBoolean() : null);
  }

  private Set<String> some(List<String> pool) {
    return random.nextInt(3) > 0 ? Set.of() : Set.of(one(pool), "none");
  }

  private <T> T one(List<T> pool) {
    return pool.get(random.nextInt(pool.size()));
  }

  private static void export(Remanence store) {
    var out = new ByteArrayOutputStream();
    store.exportTo(out, Progress.NONE);
    var report =
        store.importFrom(
            new ByteArrayInputStream(out.toByteArray()), ImportOptions.DEFAULT, Progress.NONE);
    assertThat(report.bad()).isZero();
    store.verify(true, null);
  }
}
