package dev.remanence;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Curation.Action;
import dev.remanence.Curation.Options;
import dev.remanence.Curation.Step;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.NotFound;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rules of docs/curator.md, through the public face.
class CuratorTest {
  private static final String SCOPE = "acme/anna";
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long DAY = 24 * HOUR;

  private static final String MEETING =
      "The meeting with the landlord about the broken heating in the kitchen and the two bedrooms"
          + " was moved from Thursday afternoon to Friday at ten";

  @TempDir Path directory;
  private long now = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
  private EmbeddedStore store;

  @BeforeEach
  void open() {
    store =
        EmbeddedStore.open(
            directory.resolve("store"),
            OpenOptions.DEFAULT.embedder("none"),
            () -> Instant.ofEpochMilli(now),
            new SplittableRandom(3));
  }

  @AfterEach
  void close() {
    assertThat(store.verify(true, null).problems()).isEmpty();
    store.close();
  }

  private UUID remember(Draft draft) {
    now++;
    return store.remember(SCOPE, draft).id();
  }

  private Curation curate() {
    now++;
    return store.curate(SCOPE, Options.DEFAULT);
  }

  private static List<Action> actions(Curation curation) {
    return curation.steps().stream().map(Step::action).toList();
  }

  /// Everything that reads of the present see, without what changing itself changes.
  private List<String> present() {
    try (var all = store.stream(SCOPE, Filter.ALL, true)) {
      return all.map(memory ->
              String.join(
                  "|",
                  memory.id().toString(),
                  memory.kind().word(),
                  memory.body(),
                  memory.tags().toString(),
                  memory.links().toString(),
                  String.valueOf(memory.importance()),
                  String.valueOf(memory.count()),
                  String.valueOf(memory.expires()),
                  memory.at().toString(),
                  String.valueOf(memory.until())))
          .sorted()
          .toList();
    }
  }

  @Test
  void ghost_usedAndExpiredBeforeARun_comesBackAsEpisodic() {
    var unused = remember(Draft.of("Bob may be moving out").kind(Kind.GHOST));
    var used = remember(Draft.of("The printer may need toner").kind(Kind.GHOST));
    assertThat(store.get(used).expires()).isEqualTo(Instant.ofEpochMilli(now + HOUR));
    now += HOUR;
    assertThatThrownBy(() -> store.get(used)).isInstanceOf(NotFound.class);
    assertThat(curate().steps())
        .extracting(Step::memory, Step::action)
        .containsExactlyInAnyOrder(
            Tuple.tuple(unused, Action.EXPIRE), Tuple.tuple(used, Action.PROMOTE));
    assertThat(store.get(used).kind()).isEqualTo(Kind.EPISODIC);
  }

  @Test
  void ghost_unused_isForgottenAndUsedBeforeItsTime_isPromoted() {
    var unused = remember(Draft.of("Bob may be moving out").kind(Kind.GHOST));
    var used = remember(Draft.of("The printer may need toner").kind(Kind.GHOST));
    store.get(used);
    assertThat(actions(curate())).containsExactly(Action.PROMOTE);
    assertThat(store.get(used).kind()).isEqualTo(Kind.EPISODIC);
    assertThat(store.get(used).expires()).isNull();
    now += 2 * HOUR;
    var curation = curate();
    assertThat(curation.steps())
        .singleElement()
        .isEqualTo(
            new Step(
                Action.EXPIRE, unused, SCOPE, "a hint that nobody used has expired", List.of()));
    var last = store.history(unused).getLast();
    assertThat(last.change()).isEqualTo(Change.FORGET);
    assertThat(last.message()).isEqualTo("a hint that nobody used has expired");
    assertThat(last.tool()).isEqualTo("curator");
    assertThat(curate().steps()).isEmpty();
  }

  @Test
  void working_beyondAHundredOrADay_becomesEpisodic() {
    var ids = new ArrayList<UUID>();
    for (int i = 0; i < 103; i++) {
      ids.add(remember(Draft.of("in hand " + Integer.toString(i * 7919, 36)).kind(Kind.WORKING)));
    }
    var curation = curate();
    assertThat(curation.steps()).extracting(Step::memory).hasSameElementsAs(ids.subList(0, 3));
    assertThat(actions(curation)).containsOnly(Action.AGE);
    assertThat(store.get(ids.getFirst()).kind()).isEqualTo(Kind.EPISODIC);
    assertThat(store.get(ids.getLast()).kind()).isEqualTo(Kind.WORKING);
    now += DAY + 1000;
    assertThat(curate().steps()).hasSize(100);
    assertThat(curate().steps()).isEmpty();
  }

  @Test
  void nearDuplicates_areCountedAsRepeatsOfTheOldest() {
    var text = MEETING;
    var first = remember(Draft.of(text).tags("home"));
    var second = remember(Draft.of(text + " sharp").tags("work").importance(0.9));
    var third = remember(Draft.of("the " + text));
    var other = remember(Draft.of("The meeting with the bank is on Monday"));
    var curation = curate();
    assertThat(actions(curation)).containsExactly(Action.MERGE, Action.MERGE);
    var kept = store.get(first);
    assertThat(kept.count()).isEqualTo(3);
    assertThat(kept.tags()).containsExactly("home", "work");
    assertThat(kept.importance()).isEqualTo(0.9);
    assertThat(kept.text()).isEqualTo(text);
    assertThatThrownBy(() -> store.get(second)).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> store.get(third)).isInstanceOf(NotFound.class);
    assertThat(store.get(other).count()).isOne();
    assertThat(store.history(second).getLast().message())
        .isEqualTo("says nearly the same as " + first);
    assertThat(curate().steps()).isEmpty();
  }

  @Test
  void oldEpisodic_areConsolidatedByMonthIntoOneThatLinksBack() {
    var ids = new ArrayList<UUID>();
    for (int i = 0; i < 6; i++) {
      now += HOUR;
      ids.add(remember(Draft.of("event " + i + " " + "abcdef".charAt(i)).kind(Kind.EPISODIC)));
    }
    var used = remember(Draft.of("an event that is asked about").kind(Kind.EPISODIC));
    store.get(used);
    now += 100 * DAY;
    var curation = curate();
    assertThat(actions(curation)).containsExactly(Action.CONSOLIDATE);
    assertThat(curation.steps().getFirst().others()).isEqualTo(ids);
    try (var all = store.stream(SCOPE, Filter.kind(Kind.SEMANTIC), false)) {
      var made = all.toList().getFirst();
      assertThat(made.text()).startsWith("What happened in 2026-03:\n- 2026-03-01: event 0 a\n");
      assertThat(made.links()).extracting(Link::to).hasSameElementsAs(ids);
    }
    ids.forEach(id -> assertThatThrownBy(() -> store.get(id)).isInstanceOf(NotFound.class));
    assertThat(store.get(used).kind()).isEqualTo(Kind.EPISODIC);
    assertThat(curate().steps()).isEmpty();
  }

  @Test
  void solitonsPinnedTurnsAndKeys_areNotTouched() {
    var text = "Never deploy to production on a Friday afternoon without the lead's consent";
    remember(Draft.of(text).kind(Kind.SOLITON));
    remember(Draft.of(text + "!!").kind(Kind.SOLITON).ttl(Duration.ofSeconds(5)));
    remember(Draft.of("so " + text).pinned(true));
    remember(Draft.of(text + " ok").key("rule"));
    store.turns(SCOPE).add(Turn.user(text + "."), Turn.user(text + "?"));
    for (int i = 0; i < 8; i++) {
      remember(Draft.of("pinned " + i).kind(Kind.EPISODIC).pinned(true));
    }
    now += 200 * DAY;
    assertThat(curate().steps()).isEmpty();
  }

  @Test
  void dryRun_tellsThePlanAndWritesNothing() {
    makeWork();
    var before = present();
    long revisions = store.stats().revisions();
    var plan = store.curate(SCOPE, Options.DEFAULT.dryRun(true));
    assertThat(EnumSet.copyOf(actions(plan))).isEqualTo(EnumSet.allOf(Action.class));
    assertThat(plan.run()).isNull();
    assertThat(present()).isEqualTo(before);
    assertThat(store.stats().revisions()).isEqualTo(revisions);
    assertThat(curate().steps()).isEqualTo(plan.steps());
  }

  /// Something for each step.
  private void makeWork() {
    var text = MEETING;
    remember(Draft.of(text).tags("home"));
    remember(Draft.of(text + " sharp").tags("work"));
    for (int i = 0; i < 7; i++) {
      remember(Draft.of("event " + i + " " + "abcdefg".charAt(i)).kind(Kind.EPISODIC));
    }
    remember(Draft.of("in hand").kind(Kind.WORKING));
    now += 100 * DAY;
    remember(Draft.of("unused hint").kind(Kind.GHOST));
    now += 2 * HOUR;
    var used = remember(Draft.of("used hint").kind(Kind.GHOST));
    store.get(used);
  }

  @Test
  void undo_restoresTheFormerStateExactly() {
    makeWork();
    var before = present();
    var run = curate().run();
    assertThat(present()).isNotEqualTo(before);
    now++;
    var undone = store.undo(requireNonNull(run));
    assertThat(undone.kept()).isEmpty();
    assertThat(undone.restored()).isNotEmpty();
    assertThat(present()).isEqualTo(before);
    // An undo is a run: it is taken back like one.
    now++;
    assertThat(store.undo(requireNonNull(undone.run())).kept()).isEmpty();
    assertThat(present()).isNotEqualTo(before);
  }

  @Test
  void undo_leavesWhatWasChangedSince() {
    makeWork();
    var curation = curate();
    var promoted =
        curation.steps().stream()
            .filter(step -> step.action() == Action.PROMOTE)
            .findFirst()
            .get()
            .memory();
    now++;
    store.revise(promoted, new Patch().importance(0.7));
    now++;
    var undone = store.undo(requireNonNull(curation.run()));
    assertThat(undone.kept()).containsExactly(new Curation.Kept(promoted, "it was changed since"));
    assertThat(store.get(promoted).importance()).isEqualTo(0.7);
    assertThatThrownBy(() -> store.undo(UUID.randomUUID())).isInstanceOf(NotFound.class);
  }

  @Test
  void limit_boundsARunAndTheNextOnesGoOn() {
    makeWork();
    var all = store.curate(SCOPE, Options.DEFAULT.dryRun(true)).steps().size();
    int done = 0;
    boolean more = true;
    while (more) {
      now++;
      var part = store.curate(SCOPE, Options.DEFAULT.limit(2));
      assertThat(part.steps()).hasSizeLessThanOrEqualTo(2);
      done += part.steps().size();
      more = part.more();
    }
    assertThat(done).isEqualTo(all);
    assertThat(curate().steps()).isEmpty();
  }

  @Test
  void junk_repeatedWithSmallChanges_isOneMemoryWithACounter() {
    var random = new SplittableRandom(5);
    var real = new ArrayList<UUID>();
    for (int i = 0; i < 300; i++) {
      var words = new StringBuilder();
      for (int word = 0; word < 12; word++) {
        words.append(Integer.toString(random.nextInt(50_000), 36)).append(' ');
      }
      real.add(remember(Draft.of(words.toString())));
    }
    var lie =
        "The capital of Australia is Sydney as everybody who has ever been to the country and to its"
            + " many beaches knows very well indeed";
    var first = remember(Draft.of(lie));
    for (int i = 1; i < 300; i++) {
      remember(Draft.of(lie + " " + i));
    }
    while (!curate().steps().isEmpty()) {
      now++;
    }
    assertThat(store.get(first).count()).isEqualTo(300);
    try (var all = store.stream(SCOPE, Filter.ALL, false)) {
      assertThat(all.map(Memory::id)).hasSize(301).containsAll(real);
    }
  }

  @Test
  void grants_areHeld() {
    remember(Draft.of("in hand").kind(Kind.WORKING));
    now += 2 * DAY;
    var run = store.curate(SCOPE, Options.DEFAULT).run();
    for (var grant :
        List.of(
            new Grant(EnumSet.of(Verb.READ), List.of("**")),
            new Grant(EnumSet.allOf(Verb.class), List.of("other/**")))) {
      try (var other = store.session(Caller.of("other").grant(grant))) {
        assertThatThrownBy(() -> other.curate(SCOPE, Options.DEFAULT))
            .isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> other.undo(requireNonNull(run)))
            .isInstanceOfAny(Forbidden.class, NotFound.class);
      }
    }
  }
}
