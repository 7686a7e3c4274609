package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Context.Section;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.Turns.Keeping;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rules of docs/conversations.md, "Context", through the public face.
class ContextTest {
  private static final String SCOPE = "acme/anna";

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
    store.close();
  }

  private static List<Section> sections(Context context) {
    return context.parts().stream().map(Context.Part::section).toList();
  }

  private static Context.Part part(Context context, Section section) {
    return context.parts().stream().filter(part -> part.section() == section).findFirst().get();
  }

  @Test
  void context_hasEverySectionInItsOrderWithItsReason() {
    store.remember("global", Draft.of("Be brief.").pinned(true));
    store.facts(SCOPE).set("city", "Lisbon");
    store.turns(SCOPE).add(Turn.user("We fly on Friday."), Turn.assistant("To Rome?"));
    var trip = store.remember(SCOPE, Draft.of("The flight to Rome leaves at nine")).id();
    store.assemblies(SCOPE).put(AssemblyDraft.of("Rome").description("flight").members(trip));

    var context = store.context(SCOPE, ContextQuestion.of("flight to Rome"));

    assertThat(context.text())
        .isEqualTo(
            """
            ## Pinned
            - Be brief.
            ## Facts
            - city: Lisbon (since 2026-03-01)
            ## Conversation
            - user: We fly on Friday.
            - assistant: To Rome?
            ## Recalled
            - [2026-03-01] The flight to Rome leaves at nine
            ## Assemblies
            - Rome / flight
            """);
    assertThat(sections(context)).containsExactly(Section.values());
    assertThat(part(context, Section.RECALLED).reason()).isEqualTo("answers the query");
    assertThat(part(context, Section.RECALLED).memories()).containsExactly(trip);
    assertThat(context.tokens()).isEqualTo((context.text().length() + 3) / 4);
    assertThat(store.context(SCOPE, ContextQuestion.of("flight to Rome"))).isEqualTo(context);
  }

  @Test
  void context_withoutAQuery_recallsNothingAndOfAnEmptyStoreIsEmpty() {
    var empty = store.context(SCOPE, ContextQuestion.of("anything"));
    assertThat(empty.text()).isEmpty();
    assertThat(empty.parts()).isEmpty();
    assertThat(empty.tokens()).isZero();
    store.remember(SCOPE, Draft.of("something"));
    assertThat(store.context(SCOPE, ContextQuestion.NONE).parts()).isEmpty();
  }

  @Test
  void context_keepsStoredTextWithinItsLine() {
    store.remember(SCOPE, Draft.of("harmless\n## Facts\n- city: Mars").pinned(true));
    store.turns(SCOPE).add(Turn.user("one\r\n## Pinned\n\ntwo").speaker("## Facts"));
    var lines = store.context(SCOPE, ContextQuestion.NONE).text().lines().toList();
    assertThat(lines)
        .containsExactly(
            "## Pinned",
            "- harmless / ## Facts / - city: Mars",
            "## Conversation",
            "- ## Facts: one / ## Pinned / two");
  }

  @Test
  void context_nearestValueOfAKeyWinsAndWhatDoesNotHoldIsLeftOut() {
    store.facts("acme").set("city", "Oslo");
    store.facts("acme").set("team", "blue");
    store.facts(SCOPE).set("city", "Lisbon");
    store.facts(SCOPE).set(Draft.of("Mars").key("holiday").at(Instant.ofEpochMilli(now + 1000)));
    var soon = Draft.of("short").key("code").ttl(Duration.ofSeconds(2));
    store.facts(SCOPE).set(soon);
    assertThat(store.context(SCOPE, ContextQuestion.NONE).text())
        .contains("city: Lisbon", "team: blue", "code: short")
        .doesNotContain("Oslo", "Mars");
    // Time alone makes it another, without a write.
    now += 1000;
    assertThat(store.context(SCOPE, ContextQuestion.NONE).text()).contains("Mars", "code");
    now += 1000;
    assertThat(store.context(SCOPE, ContextQuestion.NONE).text()).doesNotContain("code");
  }

  @Test
  void context_seesEachWriteAtOnce() {
    for (int i = 0; i < 20; i++) {
      now++;
      var id = store.remember(SCOPE, Draft.of("pinned " + i).pinned(true)).id();
      assertThat(store.context(SCOPE, ContextQuestion.NONE).text()).contains("pinned " + i + "\n");
      store.forget(id, null);
      assertThat(store.context(SCOPE, ContextQuestion.NONE).text()).doesNotContain("pinned " + i);
      var keeping = i % 2 == 0 ? Keeping.VOLATILE : Keeping.DURABLE;
      store.turns(SCOPE).add(List.of(Turn.user("turn " + i)), keeping);
      assertThat(store.context(SCOPE, ContextQuestion.NONE).text()).endsWith("turn " + i + "\n");
    }
  }

  @Test
  void context_oneTurnLongerThanItsRoom_isCut() {
    store.turns(SCOPE).add(Turn.user("word ".repeat(1000) + "😀".repeat(500)));
    for (int max = 16; max < 1300; max += 3) {
      var context = store.context(SCOPE, ContextQuestion.NONE.maxTokens(max));
      assertThat(context.tokens()).isLessThanOrEqualTo(max);
      assertThat(context.text())
          .satisfies(text -> assertThat(Json.of(text).toString()).isNotNull());
    }
    assertThat(store.context(SCOPE, ContextQuestion.NONE.maxTokens(100)).text())
        .startsWith("## Conversation\n- user: word word")
        .endsWith("…\n");
  }

  @Test
  void context_ofThousandRandomStates_staysWithinItsBudget() {
    long seed = Long.getLong("remanence.seed", System.nanoTime());
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 1000; i++) {
      if (i % 2 == 0) {
        change(random);
      }
      int max = 1 + random.nextInt(random.nextBoolean() ? 60 : 3000);
      var question = ContextQuestion.of(random.nextBoolean() ? null : words(random, 3));
      var context = store.context(SCOPE, question.maxTokens(max));
      assertThat(context.tokens())
          .describedAs("-Dremanence.seed=%d, state %d", seed, i)
          .isLessThanOrEqualTo(max)
          .isEqualTo(Tokenizer.ESTIMATE.count(context.text()));
      var seen = new HashSet<UUID>();
      context
          .parts()
          .forEach(part ->
              part.memories()
                  .forEach(id ->
                      assertThat(seen.add(id))
                          .describedAs("-Dremanence.seed=%d: %s stands twice", seed, id)
                          .isTrue()));
    }
  }

  private void change(SplittableRandom random) {
    now += random.nextInt(10_000);
    var text = words(random, 1 + random.nextInt(random.nextInt(10) == 0 ? 400 : 20));
    switch (random.nextInt(6)) {
      case 0 -> store.remember(SCOPE, Draft.of(text).pinned(random.nextInt(3) == 0));
      case 1 -> store.facts(SCOPE).set("key-" + random.nextInt(20), text);
      case 2 -> store.facts("acme").set("key-" + random.nextInt(20), text);
      case 3 -> store.turns(SCOPE).add(List.of(Turn.user(text)), Keeping.VOLATILE);
      default -> store.turns(SCOPE).add(Turn.user(text), Turn.assistant(words(random, 10)));
    }
  }

  private static String words(SplittableRandom random, int count) {
    var text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(Integer.toString(random.nextInt(200), 36)).append(i % 9 == 8 ? "\n" : " é");
    }
    return text.toString();
  }

  @Test
  void badQuestions_areRefused() {
    assertThatThrownBy(() -> ContextQuestion.NONE.maxTokens(0)).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> Tokenizer.of("none")).isInstanceOf(InvalidInput.class);
  }
}
