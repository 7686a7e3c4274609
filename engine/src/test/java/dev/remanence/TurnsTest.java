package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.Remembered.Outcome;
import dev.remanence.Turns.Keeping;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rules of docs/conversations.md, "Turns", through the public face.
class TurnsTest {
  private static final String SCOPE = "acme/anna";

  @TempDir Path directory;
  private long now = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
  private EmbeddedStore store;
  private Turns turns;

  @BeforeEach
  void open() {
    store =
        EmbeddedStore.open(
            directory.resolve("store"),
            OpenOptions.DEFAULT.embedder("none"),
            () -> Instant.ofEpochMilli(now),
            new SplittableRandom(3));
    turns = store.turns(SCOPE);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static List<String> texts(Turns.Page page) {
    return page.turns().stream().map(Memory::body).toList();
  }

  private List<UUID> add(Keeping keeping, String... texts) {
    now += 10;
    var said = List.of(texts).stream().map(Turn::user).toList();
    return turns.add(said, keeping).stream().map(Remembered::id).toList();
  }

  @Test
  void add_isAMemoryWithRoleSpeakerAndTheScopeAsItsSession() {
    var added = turns.add(Turn.user("We fly on Friday").speaker("Anna"), Turn.assistant("Nice"));
    assertThat(added).allMatch(Remembered::durable);
    var first = store.get(added.getFirst().id());
    assertThat(first.kind()).isEqualTo(Kind.EPISODIC);
    assertThat(first.speaker()).isEqualTo("Anna");
    assertThat(first.metadata().get(Turn.ROLE)).isEqualTo(Json.of("user"));
    assertThat(first.provenance().session()).isEqualTo(SCOPE);
    assertThat(store.get(added.getLast().id()).speaker()).isEqualTo("assistant");
    assertThat(store.recall(SCOPE, Query.of("when do we fly?")).hits().getFirst().memory().id())
        .isEqualTo(first.id());
  }

  @Test
  void add_sameAgain_isAnotherMemoryAndNeverReinforced() {
    var yes = add(Keeping.DURABLE, "Yes", "Yes").getFirst();
    assertThat(turns.add(Turn.user("Yes")).getFirst().outcome()).isEqualTo(Outcome.CREATED);
    assertThat(texts(turns.list(10, null))).containsExactly("Yes", "Yes", "Yes");
    assertThat(store.get(yes).count()).isOne();
    // Nor is a memory that is no turn taken for a repeat of one, nor one of it.
    var draft = Draft.of("Yes").speaker("user");
    assertThat(store.remember(SCOPE, draft).outcome()).isEqualTo(Outcome.CREATED);
    assertThat(store.remember(SCOPE, draft).outcome()).isEqualTo(Outcome.REINFORCED);
    assertThat(turns.add(Turn.user("Yes")).getFirst().outcome()).isEqualTo(Outcome.CREATED);
    assertThat(store.verify(true, null).problems()).isEmpty();
  }

  @Test
  void turns_forgottenRevertedAndRebuilt_leaveTheTablesWhole() throws Exception {
    var ids = add(Keeping.DURABLE, "Yes", "Yes", "No");
    store.forget(ids.getFirst(), null);
    store.revise(ids.get(1), new Patch().tags(List.of()));
    assertThat(store.remember(SCOPE, Draft.of("Yes").speaker("user")).id()).isEqualTo(ids.get(1));
    store.revise(ids.get(1), new Patch().tags(List.of(Turn.TAG)));
    assertThat(store.remember(SCOPE, Draft.of("Yes").speaker("user")).outcome())
        .isEqualTo(Outcome.CREATED);
    assertThat(store.verify(true, null).problems()).isEmpty();
    store.close();
    assertThat(StoreCare.repair(directory.resolve("store")).lost()).isEmpty();
    open();
    assertThat(store.verify(true, null).problems()).isEmpty();
    assertThat(texts(turns.list(10, null))).containsExactly("Yes", "No");
  }

  @Test
  void list_pages_goBackInTimeAndKeepTheOrderWithin() {
    var said = IntStream.range(0, 23).mapToObj(i -> Turn.user("turn " + i)).toList();
    turns.add(said, Keeping.DURABLE);
    store.remember(SCOPE, Draft.of("no turn"));
    store.turns("acme").add(Turn.user("elsewhere"));
    var found = new ArrayList<String>();
    UUID before = null;
    do {
      var page = turns.list(5, before);
      found.addAll(0, texts(page));
      before = page.before();
    } while (before != null);
    assertThat(found).isEqualTo(said.stream().map(Turn::text).toList());
  }

  @Test
  void volatileTurns_areListedReadAndForgottenButOnNoDisk() {
    var kept = add(Keeping.DURABLE, "kept");
    var lost = add(Keeping.VOLATILE, "lost").getFirst();
    var outcome = turns.add(List.of(Turn.user("lost too")), Keeping.VOLATILE).getFirst();
    assertThat(outcome.durable()).isFalse();
    assertThat(store.get(lost).durable()).isFalse();
    assertThat(store.get(lost).text()).isEqualTo("lost");
    assertThat(texts(turns.list(10, null))).containsExactly("kept", "lost", "lost too");
    assertThat(store.stats().revisions()).isEqualTo(2);
    assertThat(store.forget(outcome.id(), null)).isOne();
    assertThat(texts(turns.list(10, null))).containsExactly("kept", "lost");
    assertThatThrownBy(() -> store.get(outcome.id())).isInstanceOf(NotFound.class);
    store.close();
    open();
    assertThat(texts(turns.list(10, null))).containsExactly("kept");
    assertThat(store.get(kept.getFirst()).text()).isEqualTo("kept");
  }

  @Test
  void volatileTurns_ofAnErasedScope_areGone() {
    add(Keeping.DURABLE, "kept");
    add(Keeping.VOLATILE, "secret");
    store.eraseScope(SCOPE, false, null);
    assertThat(store.context("acme", ContextQuestion.NONE).text()).doesNotContain("secret");
    store.remember(SCOPE, Draft.of("anew"));
    assertThat(turns.list(10, null).turns()).isEmpty();
  }

  @Test
  void volatileTurns_beyondTheirRoom_pushOutTheOldest() {
    for (int i = 0; i < VolatileTurns.TURNS_MAX + 5; i++) {
      add(Keeping.VOLATILE, "turn " + i);
    }
    var page = turns.list(1000, null);
    assertThat(page.before()).isNull();
    assertThat(texts(page)).hasSize(VolatileTurns.TURNS_MAX).startsWith("turn 5");
    // Of text, in all scopes: the scope that was used longest ago goes.
    var large = "x".repeat(1 << 20);
    for (int i = 0; i < 40; i++) {
      now += 10;
      store.turns("large/" + i).add(List.of(Turn.user(large)), Keeping.VOLATILE);
    }
    assertThat(turns.list(10, null).turns()).isEmpty();
    assertThat(store.turns("large/0").list(10, null).turns()).isEmpty();
    assertThat(store.turns("large/39").list(10, null).turns()).hasSize(1);
  }

  @Test
  void list_ofMixedTurns_isInTheOrderInWhichTheyWereSaidOnWhateverPages() {
    long seed = Long.getLong("remanence.seed", System.nanoTime());
    var random = new SplittableRandom(seed);
    var said = new ArrayList<String>();
    for (int i = 0; i < 60; i++) {
      now += 1 + random.nextInt(3);
      var keeping = random.nextBoolean() ? Keeping.VOLATILE : Keeping.DURABLE;
      turns.add(List.of(Turn.user("turn " + i)), keeping);
      said.add("turn " + i);
    }
    for (int limit : new int[] {1, 2, 7, 60}) {
      var found = new ArrayList<String>();
      @Nullable UUID before = null;
      do {
        var page = turns.list(limit, before);
        found.addAll(0, texts(page));
        before = page.before();
      } while (before != null);
      assertThat(found).describedAs("-Dremanence.seed=%d", seed).isEqualTo(said);
    }
  }

  @Test
  void otherCallers_seeNoVolatileTurnThatTheyWereNotGranted() {
    var secret = add(Keeping.VOLATILE, "secret").getFirst();
    try (var other =
        store.session(
            Caller.of("other").grant(new Grant(Grant.ALL.verbs(), List.of("elsewhere/**"))))) {
      assertThatThrownBy(() -> other.get(secret)).isInstanceOf(NotFound.class);
      assertThatThrownBy(() -> other.forget(secret, null)).isInstanceOf(NotFound.class);
      assertThatThrownBy(() -> other.turns(SCOPE).list(10, null))
          .isInstanceOf(RemanenceException.Forbidden.class);
      assertThatThrownBy(() -> other.context(SCOPE, ContextQuestion.NONE))
          .isInstanceOf(RemanenceException.Forbidden.class);
    }
    assertThat(store.get(secret).text()).isEqualTo("secret");
  }

  @Test
  void badTurns_areRefusedAndNothingIsAdded() {
    assertThatThrownBy(() -> turns.add(List.of(), Keeping.DURABLE))
        .isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> Turn.of("", "text")).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> Turn.user("")).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> turns.list(0, null)).isInstanceOf(InvalidInput.class);
    var memory = store.remember(SCOPE, Draft.of("no turn")).id();
    assertThatThrownBy(() -> turns.list(5, memory)).isInstanceOf(NotFound.class);
    assertThat(turns.list(10, null).turns()).isEmpty();
  }
}
