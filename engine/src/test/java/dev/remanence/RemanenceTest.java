package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.RemanenceException.StoreLocked;
import dev.remanence.recall.Blend;
import dev.remanence.recall.Prior;
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
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rules of docs/data-file.md, "Writing rules" and "What a memory is", through the public face.
class RemanenceTest {
  private static final String ANNA = "acme/user:anna";
  private static final Instant Y2020 = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant Y2021 = Instant.parse("2021-01-01T00:00:00Z");
  private static final Instant Y2022 = Instant.parse("2022-01-01T00:00:00Z");
  private static final Instant Y2023 = Instant.parse("2023-01-01T00:00:00Z");

  @TempDir Path directory;
  private final TestClock clock = new TestClock();
  private Remanence store;

  /// Time that moves only when told.
  private static final class TestClock implements InstantSource {
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    Instant tick(Duration step) {
      now = now.plus(step);
      return now;
    }
  }

  @BeforeEach
  void open() {
    store =
        EmbeddedStore.open(
            directory.resolve("store"), OpenOptions.DEFAULT, clock, new SecureRandom());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() {
    store.close();
    open();
  }

  private MemoryScope anna() {
    return store.scope(ANNA);
  }

  // Dedup

  @Test
  void remember_sameContentAgain_reinforces() {
    var first = anna().remember(Draft.of("Anna prefers tea").tags("drink"));
    clock.tick(Duration.ofHours(1));
    var again = anna().remember(Draft.of("Anna prefers tea").tags("habit"));

    assertThat(again.id()).isEqualTo(first.id());
    assertThat(again.outcome()).isEqualTo(Remembered.Outcome.REINFORCED);
    var memory = store.get(first.id());
    assertThat(memory.count()).isEqualTo(2);
    assertThat(memory.tags()).containsExactly("drink", "habit");
    assertThat(memory.at()).isEqualTo(memory.createdAt());
    assertThat(anna().list(Listing.FIRST).memories()).hasSize(1);
  }

  @Test
  void remember_sameContentAfterReopen_reinforces() {
    var first = anna().remember("Anna prefers tea");
    reopen();
    assertThat(anna().remember("Anna prefers tea").id()).isEqualTo(first.id());
  }

  @Test
  void remember_sameJsonWithOtherOrder_reinforces() {
    var first = anna().remember(Draft.of(Json.parse("{\"a\":1,\"b\":[2.0]}")));
    var again = anna().remember(Draft.of(Json.parse("{\"b\":[2],\"a\":1e0}")));
    assertThat(again.id()).isEqualTo(first.id());
  }

  @Test
  void remember_otherSpeakerOrScopeOrKey_createsAnother() {
    var ids =
        List.of(
            anna().remember(Draft.of("yes")).id(),
            anna().remember(Draft.of("yes").speaker("Anna")).id(),
            anna().remember(Draft.of("yes").key("answer")).id(),
            anna().remember(Draft.of("yes").id(UUID.randomUUID())).id(),
            store.scope("acme").remember("yes").id());
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void remember_sameContentFromManyThreads_isOneMemory() throws Exception {
    int threads = 16;
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Callable<UUID>>();
      for (int i = 0; i < threads * 10; i++) {
        calls.add(() -> anna().remember("said by all").id());
      }
      var ids = new ArrayList<UUID>();
      for (var future : pool.invokeAll(calls)) {
        ids.add(future.get());
      }
      assertThat(ids.stream().distinct()).hasSize(1);
      assertThat(store.get(ids.getFirst()).count()).isEqualTo(threads * 10);
    }
  }

  @Test
  void remember_forgottenContent_isANewMemory() {
    var first = anna().remember("Anna prefers tea");
    store.forget(first.id(), "asked to");
    var again = anna().remember("Anna prefers tea");
    assertThat(again.id()).isNotEqualTo(first.id());
    assertThat(again.outcome()).isEqualTo(Remembered.Outcome.CREATED);
  }

  @Test
  void remember_expiredContent_isANewMemory() {
    var first = anna().remember(Draft.of("parking spot 12").ttl(Duration.ofMinutes(5)));
    clock.tick(Duration.ofMinutes(6));
    assertThatThrownBy(() -> store.get(first.id())).isInstanceOf(NotFound.class);
    assertThat(anna().recall("parking").hits()).isEmpty();
    assertThat(anna().list(Listing.FIRST).memories()).isEmpty();
    assertThat(anna().remember("parking spot 12").id()).isNotEqualTo(first.id());
  }

  // Ids and keys

  @Test
  void remember_sameIdSameContent_answersTheFirstOutcome() {
    var id = UUID.randomUUID();
    var first = anna().remember(Draft.of("once").id(id));
    var again = anna().remember(Draft.of("once").id(id));
    assertThat(again).isEqualTo(first);
    assertThat(store.history(id)).hasSize(1);
  }

  @Test
  void remember_sameIdOtherContent_conflicts() {
    var id = UUID.randomUUID();
    anna().remember(Draft.of("once").id(id));
    assertThatThrownBy(() -> anna().remember(Draft.of("twice").id(id)))
        .isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> store.scope("acme").remember(Draft.of("once").id(id)))
        .isInstanceOf(InvalidInput.class);
    assertThat(store.get(id).text()).isEqualTo("once");
  }

  @Test
  void remember_existingKeyWithoutAt_revises() {
    var first = anna().remember(Draft.of("Paris").key("home").at(Y2020).tags("place"));
    var second = anna().remember(Draft.of("Paris, France").key("home"));
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.outcome()).isEqualTo(Remembered.Outcome.REVISED);
    var memory = anna().get("home");
    assertThat(memory.text()).isEqualTo("Paris, France");
    assertThat(memory.at()).isEqualTo(Y2020);
    assertThat(memory.tags()).containsExactly("place");
  }

  @Test
  void remember_existingKeyWithLaterAt_supersedes() {
    anna().remember(Draft.of("Paris").key("home").at(Y2020));
    anna().remember(Draft.of("Berlin").key("home").at(Y2022));
    assertThat(anna().get("home").text()).isEqualTo("Berlin");
    assertThat(anna().get("home").until()).isNull();
    var paris = anna().get("home", AsOf.NOW.validAt(Y2021));
    assertThat(paris.text()).isEqualTo("Paris");
    assertThat(paris.until()).isEqualTo(Y2022);
    assertThatThrownBy(() -> anna().get("home", AsOf.NOW.validAt(Y2020.minusMillis(1))))
        .isInstanceOf(NotFound.class);
  }

  @Test
  void remember_backDatedWithinAKnownInterval_splitsIt() {
    anna().remember(Draft.of("Paris").key("home").at(Y2020));
    anna().remember(Draft.of("Rome").key("home").at(Y2021).until(Y2022));
    assertThat(anna().get("home", AsOf.NOW.validAt(Y2020)).text()).isEqualTo("Paris");
    assertThat(anna().get("home", AsOf.NOW.validAt(Y2021)).text()).isEqualTo("Rome");
    assertThat(anna().get("home", AsOf.NOW.validAt(Y2022.minusMillis(1))).text()).isEqualTo("Rome");
    assertThat(anna().get("home", AsOf.NOW.validAt(Y2022)).text()).isEqualTo("Paris");
    assertThat(anna().get("home", AsOf.NOW.validAt(Y2023)).text()).isEqualTo("Paris");
  }

  @Test
  void get_knownAt_answersWhatWasKnownThen() {
    anna().remember(Draft.of("Paris").key("home").at(Y2020));
    var before = clock.instant();
    clock.tick(Duration.ofDays(1));
    anna().remember(Draft.of("Berlin").key("home").at(Y2022));
    var after = clock.instant();

    assertThat(anna().get("home", AsOf.NOW.knownAt(before)).text()).isEqualTo("Paris");
    assertThat(anna().get("home", AsOf.NOW.knownAt(before).validAt(Y2023)).text())
        .isEqualTo("Paris");
    assertThat(anna().get("home", AsOf.NOW.knownAt(after).validAt(Y2023)).text())
        .isEqualTo("Berlin");
    assertThatThrownBy(() -> anna().get("home", AsOf.NOW.knownAt(before.minusMillis(1))))
        .isInstanceOf(NotFound.class);
  }

  @Test
  void get_byKeyKnownAtAfterTheKeyMovedOn_findsTheFormerHolder() {
    var first = anna().remember(Draft.of("blue").key("colour"));
    var then = clock.instant();
    clock.tick(Duration.ofDays(1));
    store.forget(first.id(), null);
    clock.tick(Duration.ofDays(1));
    anna().remember(Draft.of("red").key("colour"));
    assertThat(anna().get("colour").text()).isEqualTo("red");
    assertThat(anna().get("colour", AsOf.NOW.knownAt(then)).text()).isEqualTo("blue");
  }

  @Test
  void get_byKey_seesAncestorsAndGlobalNearestFirst() {
    store.scope("global").remember(Draft.of("everyone").key("who"));
    assertThat(anna().get("who").text()).isEqualTo("everyone");
    store.scope("acme").remember(Draft.of("the company").key("who"));
    assertThat(anna().get("who").text()).isEqualTo("the company");
    anna().remember(Draft.of("Anna").key("who"));
    assertThat(anna().get("who").text()).isEqualTo("Anna");
    assertThat(store.scope("other").get("who").text()).isEqualTo("everyone");
  }

  // Revise, history, branches

  @Test
  void revise_ifRevisionThatPassed_conflictsAndChangesNothing() {
    var id = anna().remember("one").id();
    assertThat(store.revise(id, new Patch().text("two").ifRevision(1)).revision()).isEqualTo(2);
    assertThatThrownBy(() -> store.revise(id, new Patch().text("three").ifRevision(1)))
        .isInstanceOf(Conflict.class);
    assertThat(store.get(id).text()).isEqualTo("two");
  }

  @Test
  void revise_byManyThreadsWithIfRevision_losesNone() throws Exception {
    var id = anna().remember(Draft.of(Json.of(0L))).id();
    int threads = 8;
    int each = 20;
    try (var pool = Executors.newFixedThreadPool(threads)) {
      var calls = new ArrayList<Callable<Integer>>();
      for (int t = 0; t < threads; t++) {
        calls.add(() -> {
          for (int done = 0; done < each; ) {
            var memory = store.get(id);
            var value = ((Json.Num) Objects.requireNonNull(memory.content())).value();
            try {
              store.revise(
                  id, new Patch().content(Json.of((long) value + 1)).ifRevision(memory.revision()));
              done++;
            } catch (Conflict e) {
              assertThat(e.facts()).containsKey("expected");
            }
          }
          return each;
        });
      }
      for (var future : pool.invokeAll(calls)) {
        future.get();
      }
    }
    assertThat(store.get(id).content()).isEqualTo(Json.of((long) threads * each));
  }

  @Test
  void history_tellsWhoWhatAndWhy() {
    var id = anna().remember("Anna prefers tea").id();
    store.revise(id, new Patch().text("Anna prefers green tea").message("more exact"));
    store.link(id, "about", UUID.randomUUID());
    store.forget(id, "asked to");
    var history = store.history(id);
    assertThat(history.stream().map(Revised::change))
        .containsExactly(Change.CREATE, Change.REVISE, Change.LINK, Change.FORGET);
    assertThat(history.get(1).message()).isEqualTo("more exact");
    assertThat(history.get(1).parents()).containsExactly(1);
    assertThat(history.get(3).message()).isEqualTo("asked to");
    assertThat(history).allSatisfy(each -> assertThat(each.tool()).isEqualTo("java"));
  }

  @Test
  void forget_isGoneNowAndThereInThePast() {
    var id = anna().remember("secret plan").id();
    var then = clock.instant();
    clock.tick(Duration.ofMinutes(1));
    assertThat(store.forget(id, null)).isEqualTo(1);
    assertThat(store.forget(id, null)).isZero();
    assertThatThrownBy(() -> store.get(id)).isInstanceOf(NotFound.class);
    assertThat(anna().recall("secret").hits()).isEmpty();
    assertThat(anna().recall(Query.of("secret").asOf(AsOf.NOW.knownAt(then))).hits()).hasSize(1);
    assertThat(store.get(id, AsOf.NOW.knownAt(then)).text()).isEqualTo("secret plan");
  }

  @Test
  void revert_bringsAnOldValueBackAsANewRevision() {
    var id = anna().remember("one").id();
    store.revise(id, new Patch().text("two"));
    store.forget(id, null);
    assertThat(store.revert(id, 1, "it was right").revision()).isEqualTo(4);
    assertThat(store.get(id).text()).isEqualTo("one");
    assertThat(anna().recall("one").hits()).hasSize(1);
    assertThatThrownBy(() -> store.revert(id, 9, null)).isInstanceOf(NotFound.class);
  }

  @Test
  void merge_ofChangesThatDoNotMeet_joinsBoth() {
    var id = anna().remember(Draft.of("first line\n\nsecond line\n").tags("a")).id();
    store.branch(id, "draft", null, null);
    store.revise(id, new Patch().branch("draft").text("first line\n\nsecond line, better\n"));
    store.revise(
        id, new Patch().text("first line, better\n\nsecond line\n").tags(List.of("a", "b")));
    assertThat(store.get(id).text()).isEqualTo("first line, better\n\nsecond line\n");
    assertThat(store.get(id, AsOf.NOW.branch("draft")).text())
        .isEqualTo("first line\n\nsecond line, better\n");

    store.merge(id, "draft", "main", null, "both are better");

    assertThat(store.get(id).text()).isEqualTo("first line, better\n\nsecond line, better\n");
    assertThat(store.get(id).tags()).containsExactly("a", "b");
  }

  @Test
  void merge_ofChangesThatMeet_conflictsUnlessASideIsPreferred() {
    var id = anna().remember("tea").id();
    store.branch(id, "draft", null, null);
    store.revise(id, new Patch().branch("draft").text("coffee"));
    store.revise(id, new Patch().text("water"));
    assertThatThrownBy(() -> store.merge(id, "draft", "main", null, null))
        .isInstanceOf(Conflict.class);
    assertThat(store.get(id).text()).isEqualTo("water");
    store.merge(id, "draft", "main", Remanence.Prefer.THEIRS, null);
    assertThat(store.get(id).text()).isEqualTo("coffee");
  }

  // Lists

  @Test
  void merge_ofAKeyThatAnotherMemoryTook_conflicts() {
    var id = anna().remember("tea").id();
    store.branch(id, "draft", null, null);
    store.revise(id, new Patch().key("drink").branch("draft"));
    anna().remember(Draft.of("coffee").key("drink"));
    assertThatThrownBy(() -> store.merge(id, "draft", "main", null, null))
        .isInstanceOf(Conflict.class);
    assertThat(store.get(ANNA, "drink", AsOf.NOW).text()).isEqualTo("coffee");
    assertThat(store.get(id).key()).isNull();
  }

  @Test
  void revise_keyAndSpeakerToNull_takesThemAway() {
    var id = anna().remember(Draft.of("tea").key("drink").speaker("Anna")).id();
    store.revise(id, new Patch().key(null).speaker(null));
    var memory = store.get(id);
    assertThat(memory.key()).isNull();
    assertThat(memory.speaker()).isNull();
    assertThat(memory.text()).isEqualTo("tea");
    assertThatThrownBy(() -> store.get(ANNA, "drink", AsOf.NOW)).isInstanceOf(NotFound.class);
    // Without key and speaker it answers to its content again.
    assertThat(anna().remember("tea").id()).isEqualTo(id);
    assertThat(anna().remember(Draft.of("coffee").key("drink")).outcome())
        .isEqualTo(Remembered.Outcome.CREATED);
  }

  @Test
  void revise_speakerAlone_keepsTextThatAnotherThreadWrites() throws Exception {
    var id = anna().remember("0").id();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var texts =
          executor.submit(() -> {
            for (int i = 1; i <= 200; i++) {
              store.revise(id, new Patch().text(String.valueOf(i)));
            }
          });
      for (int i = 0; !texts.isDone(); i++) {
        store.revise(id, new Patch().speaker("speaker " + i));
      }
      texts.get();
    }
    assertThat(store.get(id).text()).isEqualTo("200");
  }

  @Test
  void list_pagesThroughEverythingOnceWhileOthersWrite() {
    var ids = new ArrayList<UUID>();
    for (int i = 0; i < 95; i++) {
      clock.tick(Duration.ofSeconds(1));
      ids.add(anna().remember("memory number " + i).id());
    }
    for (var order : Listing.Order.values()) {
      var seen = new ArrayList<UUID>();
      String cursor = null;
      do {
        var page = anna().list(Listing.FIRST.order(order).limit(10).after(cursor));
        page.memories().forEach(memory -> seen.add(memory.id()));
        cursor = page.cursor();
      } while (cursor != null);
      assertThat(seen).containsExactlyInAnyOrderElementsOf(ids);
    }
    var page = anna().list(Listing.FIRST.limit(10));
    var other = Listing.FIRST.order(Listing.Order.AT).after(page.cursor());
    assertThatThrownBy(() -> anna().list(other)).isInstanceOf(InvalidInput.class);
  }

  @Test
  void range_byTime_isHalfOpenAndOldestFirst() {
    for (var at : List.of(Y2022, Y2020, Y2021)) {
      anna().remember(Draft.of("at " + at).at(at));
    }
    assertThat(anna().range(Range.of(Y2020, Y2022)).memories().stream().map(Memory::at))
        .containsExactly(Y2020, Y2021);
  }

  @Test
  void filter_passesWhatAllPartsPass() {
    anna()
        .remember(
            Draft.of("one")
                .tags("a", "b")
                .metadata((Json.Obj) Json.parse("{\"n\":3,\"s\":\"x\"}")));
    anna().remember(Draft.of("two").tags("b").kind(Kind.EPISODIC).importance(0.9).pinned(true));
    anna().remember(Draft.of("three").key("k/3"));
    assertThat(texts(Filter.tagged("b"))).containsExactlyInAnyOrder("one", "two");
    assertThat(texts(Filter.kind(Kind.EPISODIC))).containsExactly("two");
    assertThat(texts(with("n", new Filter.Test(Filter.Op.GTE, List.of(Json.of(3L))))))
        .containsExactly("one");
    assertThat(texts(with("n", new Filter.Test(Filter.Op.GT, List.of(Json.of(3L)))))).isEmpty();
    assertThat(texts(with("s", new Filter.Test(Filter.Op.NE, List.of(Json.of("x"))))))
        .containsExactlyInAnyOrder("two", "three");
  }

  private static Filter with(String field, Filter.Test test) {
    return new Filter(
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        Map.of(field, List.of(test)),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private List<String> texts(Filter filter) {
    try (var stream = anna().stream(filter)) {
      return stream.map(Memory::body).toList();
    }
  }

  @Test
  void recall_findsByWordsAndExplainsItsScore() {
    anna().remember("Anna prefers tea in the morning");
    anna().remember("The deploy runs at noon");
    var hits = anna().recall(Query.of("when does the DEPLOY run?").explain(true)).hits();
    assertThat(hits.getFirst().memory().text()).isEqualTo("The deploy runs at noon");
    double sum =
        Objects.requireNonNull(hits.getFirst().why()).fields().values().stream()
            .mapToDouble(part -> ((Json.Num) part).value())
            .sum();
    assertThat(hits.getFirst().score()).isCloseTo(sum, within(1e-12));
    assertThat(anna().recall("").hits()).isEmpty();
  }

  @Test
  void recall_withoutAPrior_leavesItOutOfTheScore() {
    anna().remember(Draft.of("The deploy runs at noon").importance(1));
    var query = Query.of("deploy").explain(true);
    var whole = store.recall(ANNA, query).hits().getFirst();
    var without =
        ((EmbeddedStore) store)
            .recall(ANNA, query, Blend.DEFAULT.without(Prior.IMPORTANCE))
            .hits()
            .getFirst();
    assertThat(why(whole)).contains("importance");
    assertThat(why(without)).isNotEmpty().doesNotContain("importance");
    assertThat(without.score()).isLessThan(whole.score());
  }

  private static Set<String> why(Hit hit) {
    return Objects.requireNonNull(hit.why()).fields().keySet();
  }

  // Life of the store

  @Test
  void open_twiceInOneProcess_isRefused() {
    var options = OpenOptions.DEFAULT.lockWait(Duration.ofMillis(50));
    assertThatThrownBy(() -> Remanence.open(directory.resolve("store"), options))
        .isInstanceOf(StoreLocked.class)
        .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()));
  }

  @Test
  void everyCall_afterClose_saysSo() {
    var id = anna().remember("one").id();
    store.close();
    store.close();
    assertThatThrownBy(() -> store.get(id)).isInstanceOf(StoreClosed.class);
    assertThatThrownBy(() -> anna().remember("two")).isInstanceOf(StoreClosed.class);
    assertThatThrownBy(() -> anna().recall("one")).isInstanceOf(StoreClosed.class);
  }

  @Test
  void rememberAll_withOneBadDraft_takesNone() {
    var drafts = List.of(Draft.of("good"), Draft.of(""), Draft.of("also good"));
    assertThatThrownBy(() -> anna().rememberAll(drafts)).isInstanceOf(InvalidInput.class);
    assertThat(store.scopes(null)).isEmpty();
  }

  @Test
  void clock_thatRunsBackwards_doesNotReorderHistory() {
    var id = anna().remember("one").id();
    clock.tick(Duration.ofDays(-30));
    store.revise(id, new Patch().text("two"));
    clock.tick(Duration.ofDays(-30));
    reopen();
    store.revise(id, new Patch().text("three"));
    var times = store.history(id).stream().map(Revised::recordedAt).toList();
    assertThat(times).isSorted();
    assertThat(store.get(id).text()).isEqualTo("three");
  }

  @Test
  void interruptedCaller_isServedAndStaysInterrupted() throws Exception {
    var thread =
        new Thread(() -> {
          Thread.currentThread().interrupt();
          anna().remember("written although interrupted");
          assertThat(Thread.currentThread().isInterrupted()).isTrue();
        });
    thread.start();
    thread.join();
    assertThat(anna().recall("interrupted").hits()).hasSize(1);
    assertThat(anna().remember("and the store goes on").outcome())
        .isEqualTo(Remembered.Outcome.CREATED);
  }

  @Test
  void stream_ofManyMemories_isLazyAndStable() {
    var drafts = IntStream.range(0, 2000).mapToObj(i -> Draft.of("memory " + i)).toList();
    anna().rememberAll(drafts);
    try (var stream = anna().stream(Filter.ALL)) {
      var iterator = stream.iterator();
      assertThat(iterator.next().text()).isEqualTo("memory 0");
      anna().remember("written later");
      int count = 1;
      while (iterator.hasNext()) {
        iterator.next();
        count++;
      }
      assertThat(count).isEqualTo(2000);
    }
  }

  @Test
  void eraseScope_leavesItsChainWholeForWhatComesLater() {
    var scope = store.scope("acme/erased");
    var first = scope.remember("one").id();
    scope.remember("two");
    scope.erase("asked");
    assertThat(store.verify(true, null).problems()).isEmpty();
    assertThatThrownBy(() -> store.get(first)).isInstanceOf(NotFound.class);
    scope.remember("three");
    scope.remember("four");
    scope.erase("again");
    scope.remember("five");
    assertThat(store.verify(true, null).problems()).isEmpty();
  }
}
