package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What recall and similar find, as a user sees it: by words, by meaning, by who said it and when,
/// now and in the past. Meaning is the built-in word table's, so that no test waits for a network.
final class RecallTest {
  private static final String ANNA = "acme/user:anna";

  @TempDir Path temp;
  private EmbeddedStore store;
  private long now = Instant.parse("2026-05-20T12:00:00Z").toEpochMilli();

  @BeforeEach
  void open() {
    store = open("static");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private EmbeddedStore open(String embedder) {
    return EmbeddedStore.open(
        temp.resolve("store"),
        OpenOptions.DEFAULT.embedder(embedder),
        () -> Instant.ofEpochMilli(now),
        new SplittableRandom(1));
  }

  private MemoryScope anna() {
    return store.scope(ANNA);
  }

  private List<String> found(Query query) {
    return texts(anna().recall(query).hits());
  }

  private static List<String> texts(List<Hit> hits) {
    return hits.stream().map(hit -> hit.memory().body()).toList();
  }

  private static Query ask(String text) {
    return Query.of(text);
  }

  @Test
  void recall_anotherFormOfTheWord_finds() {
    anna().remember("Anna was running along the river");
    anna().remember("The invoice is overdue");
    assertThat(found(ask("who runs?").limit(1)))
        .containsExactly("Anna was running along the river");
  }

  @Test
  void recall_noWordInCommon_findsByMeaning() {
    anna().remember("Anna loves her dog");
    anna().remember("The invoice is overdue");
    anna().remember("The server was restarted");
    assertThat(found(ask("puppy").limit(1))).containsExactly("Anna loves her dog");
    store.close();
    store = open("none");
    assertThat(found(ask("puppy"))).isEmpty();
    assertThat(found(ask("dogs"))).containsExactly("Anna loves her dog");
  }

  @Test
  void recall_explained_addsUpToTheScore() {
    anna().remember(Draft.of("I went to the lake").speaker("Anna").at(when("2026-03-05")));
    anna().remember(Draft.of("Where did you go?").speaker("Bob").at(when("2026-03-05")));
    anna().remember(Draft.of("It was 3 degrees").speaker("Anna").importance(0.9));
    var hits = anna().recall(ask("when did Anna go to the lake in March?").explain(true)).hits();
    assertThat(hits).hasSize(3);
    for (var hit : hits) {
      double sum =
          Objects.requireNonNull(hit.why()).fields().values().stream()
              .mapToDouble(part -> ((Json.Num) part).value())
              .sum();
      assertThat(hit.score()).isCloseTo(sum, within(1e-12));
    }
    assertThat(Objects.requireNonNull(hits.getFirst().why()).fields().keySet())
        .contains("words", "meaning", "date", "speaker");
  }

  @Test
  void recall_longText_isFoundByAnyPiece() {
    var filler = "The weather was fine and nothing of note happened that day. ".repeat(60);
    anna().remember(filler + "The password of the safe is xylophone. " + filler);
    anna().remember("nothing of note");
    assertThat(found(ask("xylophone")).getFirst()).contains("xylophone");
  }

  @Test
  void recall_identifiers_areFoundWholeAndByTheirParts() {
    anna().remember("parseHTTPResponse fails with ERR-1042 in user_id v1.2.3");
    anna().remember("something else");
    for (var word : List.of("parseHTTPResponse", "ERR-1042", "user_id", "response", "1042")) {
      assertThat(found(ask(word).limit(1))).as(word).first().asString().contains("ERR-1042");
    }
  }

  @Test
  void recall_tagsAndKeysThatCameLater_areWords() {
    var id = anna().remember("plain").id();
    store.revise(id, new Patch().tags(List.of("zanzibar")).key("whereabouts"));
    assertThat(found(ask("zanzibar").limit(1))).containsExactly("plain");
    assertThat(found(ask("whereabouts").limit(1))).containsExactly("plain");
  }

  @Test
  void recall_filtered_looksOnlyThere() {
    anna().remember(Draft.of("tea in the morning").tags("drink").metadata(meta("n", 1)));
    anna().remember(Draft.of("tea in the evening").metadata(meta("n", 5)));
    assertThat(found(ask("tea").filter(Filter.tagged("drink"))))
        .containsExactly("tea in the morning");
    assertThat(found(ask("tea").filter(Filter.tagged("none")))).isEmpty();
  }

  private static Json.Obj meta(String name, long value) {
    return Json.object().put(name, value).build();
  }

  @Test
  void recall_supersededForgottenErased_isFoundWhereItWasKnown() {
    anna().remember(Draft.of("lives in Berlin").key("home").at(when("2020-01-01")));
    long before = now;
    now += 1000;
    anna().supersede(Draft.of("lives in Rome").key("home").at(when("2025-01-01")));
    now += 1000;
    long both = now;
    now += 1000;
    var rome = anna().get("home").id();
    store.forget(rome, null);

    assertThat(found(ask("where does she live?"))).isEmpty();
    assertThat(found(ask("lives").asOf(knownAt(before)))).containsExactly("lives in Berlin");
    assertThat(found(ask("lives").asOf(knownAt(both))))
        .containsExactlyInAnyOrder("lives in Berlin", "lives in Rome");
    assertThat(found(ask("lives").asOf(knownAt(both).validAt(when("2022-01-01")))))
        .containsExactly("lives in Berlin");
    store.erase(rome, null);
    assertThat(found(ask("lives").asOf(knownAt(both)))).isEmpty();
  }

  private static AsOf knownAt(long millis) {
    return AsOf.NOW.knownAt(Instant.ofEpochMilli(millis));
  }

  private static Instant when(String date) {
    return Instant.parse(date + "T00:00:00Z");
  }

  @Test
  void recall_ofAncestorsAndGlobal_unlessToldNotTo() {
    store.scope("acme").remember("tea for all of us");
    store.scope("global").remember("tea for everybody");
    anna().remember("tea for Anna");
    assertThat(found(ask("tea"))).hasSize(3);
    assertThat(found(ask("tea").inherit(false))).containsExactly("tea for Anna");
  }

  @Test
  void recall_neighbours_areTheTurnsAroundAsOfTheSameMoment() {
    var ids = new ArrayList<UUID>();
    for (int i = 0; i < 8; i++) {
      ids.add(say("one", i == 4 ? "the walrus sings" : "turn " + i));
      say("two", "elsewhere " + i);
    }
    anna().remember("a walrus, but no turn");
    long before = now;
    now += 1000;
    store.forget(ids.get(3), null);
    store.revise(ids.get(5), new Patch().text("revised 5"));

    var walrus = ask("walrus").limit(2).neighbours(2).filter(Filter.tagged("said"));
    var hit = anna().recall(walrus).hits().getFirst();
    assertThat(bodies(hit.before())).containsExactly("turn 1", "turn 2");
    assertThat(hit.memory().body()).isEqualTo("the walrus sings");
    assertThat(bodies(hit.after())).containsExactly("revised 5", "turn 6");
    var past = anna().recall(walrus.asOf(knownAt(before))).hits().getFirst();
    assertThat(bodies(past.before())).containsExactly("turn 2", "turn 3");
    assertThat(bodies(past.after())).containsExactly("turn 5", "turn 6");

    var first = anna().recall(ask("turn 0").limit(1).neighbours(5)).hits().getFirst();
    assertThat(first.before()).isEmpty();
    assertThat(first.after()).hasSize(5);
    var noTurn = anna().recall(ask("a walrus, but no turn").limit(1).neighbours(5)).hits();
    assertThat(noTurn.getFirst().before()).isEmpty();
    assertThat(noTurn.getFirst().after()).isEmpty();
    assertThat(anna().recall(ask("turn 0").limit(1).neighbours(5).maxTokens(4)).hits()).isEmpty();
    assertThatThrownBy(() -> ask("x").neighbours(6)).isInstanceOf(InvalidInput.class);
  }

  private UUID say(String session, String text) {
    var sitting = new Provenance(session, null, null, null, null, null, null, null);
    var tags = text.startsWith("turn") ? new String[] {} : new String[] {"said"};
    return anna()
        .remember(Draft.of(text).kind(Kind.EPISODIC).speaker("Bob").provenance(sitting).tags(tags))
        .id();
  }

  private static List<String> bodies(List<Memory> memories) {
    return memories.stream().map(Memory::body).toList();
  }

  @Test
  void recall_ofATime_valuesThatHeldThenComeFirst() {
    tell("kalo.city", "Kalo lives in Oslo", "2025-01-10");
    tell("kalo.city", "Kalo lives in Bern", "2025-06-20");
    tell("kalo.city", "Kalo lives in Riga", "2025-11-02");
    // News of the month that is asked about, of somebody with a like name.
    tell("kali.city", "Kali lives in Rome", "2025-03-04");
    assertThat(found(ask("where did Kalo live in March 2025?")))
        .first()
        .isEqualTo("Kalo lives in Oslo");
    assertThat(found(ask("where did Kalo live in August 2025?")))
        .first()
        .isEqualTo("Kalo lives in Bern");
    // Of the two that June saw, the one that held longer in it.
    assertThat(found(ask("where did Kalo live in June 2025?")))
        .first()
        .isEqualTo("Kalo lives in Oslo");
    assertThat(
            found(
                ask("where did Kalo live in June 2025?")
                    .asOf(AsOf.NOW.validAt(when("2025-06-25")))))
        .first()
        .isEqualTo("Kalo lives in Bern");
    assertThat(
            found(
                ask("where did Kalo live in March 2025?")
                    .asOf(AsOf.NOW.validAt(when("2025-03-15")))))
        .first()
        .isEqualTo("Kalo lives in Oslo");
  }

  @Test
  void recall_ofATime_aValueThatHeldTwiceIsDatedByTheIntervalAskedFor() {
    var id = tell("kalo.city", "Kalo lives in Oslo", "2025-01-10");
    tell("kalo.city", "Kalo lives in Bern", "2025-06-20");
    store.revert(id, 1, null);
    assertThat(dated("where did Kalo live in March 2025?")).isEqualTo("2025-01-10T00:00:00Z");
    assertThat(dated("where did Kalo live in August 2025?")).isEqualTo("2025-06-20T00:00:00Z");
    assertThat(dated("where does Kalo live?")).isEqualTo("2025-06-20T00:00:00Z");
  }

  /// Since when the one value holds that is found.
  private String dated(String question) {
    var hits = store.recall(ANNA, ask(question)).hits();
    assertThat(hits).extracting(hit -> hit.memory().body()).containsExactly("Kalo lives in Oslo");
    return hits.getFirst().memory().at().toString();
  }

  private UUID tell(String key, String text, String from) {
    return store.supersede(ANNA, Draft.of(text).key(key).at(when(from))).id();
  }

  @Test
  void recall_maxTokens_cutsAndSaysSo() {
    anna().remember("tea ".repeat(100));
    anna().remember("tea and coffee");
    var answer = anna().recall(ask("tea coffee").maxTokens(20));
    assertThat(texts(answer.hits())).containsExactly("tea and coffee");
    assertThat(answer.truncated()).isTrue();
  }

  @Test
  void similar_toAMemoryATextAVector_nearestFirst() {
    var dog = anna().remember("Anna loves her dog").id();
    anna().remember("Bob has a small puppy");
    anna().remember("The invoice is overdue");
    var near = anna().similar(Similar.to(dog));
    assertThat(texts(near))
        .startsWith("Bob has a small puppy")
        .doesNotContain("Anna loves her dog");
    assertThat(texts(anna().similar(Similar.to("a little dog").limit(2))))
        .containsExactlyInAnyOrder("Anna loves her dog", "Bob has a small puppy");
    double best = near.getFirst().score();
    assertThat(anna().similar(Similar.to(dog).threshold(best))).hasSize(1);
    assertThat(anna().similar(Similar.to(dog).threshold(Math.min(1, best + 0.01)))).isEmpty();
  }

  @Test
  void vectorsOfTheCaller_areASpaceOfTheirOwn() {
    anna().remember(Draft.of("north").vector(new float[] {1, 0, 0, 0, 0, 0, 0, 0}));
    anna().remember(Draft.of("east").vector(new float[] {0, 2, 0, 0, 0, 0, 0, 0}));
    var query = new float[] {0.1f, 1, 0, 0, 0, 0, 0, 0};
    assertThat(texts(anna().similar(Similar.to(query).limit(1)))).containsExactly("east");
    assertThat(found(ask("?").vector(query).limit(1))).containsExactly("east");
    for (var wrong : List.of(new float[] {1}, new float[9])) {
      assertThatThrownBy(() -> anna().similar(Similar.to(wrong)))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("8 numbers");
      assertThatThrownBy(() -> anna().recall(ask("x").vector(wrong)))
          .isInstanceOf(InvalidInput.class);
      assertThatThrownBy(() -> anna().remember(Draft.of("x").vector(wrong)))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining("8 numbers");
    }
  }

  @Test
  void similar_badQuestions_areRefused() {
    assertThatThrownBy(() -> new Similar(null, "x", new float[] {1}, 0, 10, Filter.ALL, false))
        .isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> Similar.to("x").threshold(Double.NaN))
        .isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> anna().similar(Similar.to(new UUID(1, 2))))
        .isInstanceOf(NotFound.class);
  }

  @Test
  void deferred_isFoundByWordsAtOnceAndByMeaningSoon() {
    anna().remember(Draft.of("Anna loves her dog").defer(true));
    anna().remember("The invoice is overdue");
    assertThat(found(ask("dog").limit(1))).containsExactly("Anna loves her dog");
    store.embedMissing(Remanence.Progress.NONE);
    assertThat(found(ask("puppy").limit(1))).containsExactly("Anna loves her dog");
    store.close();
    store = open("static");
    assertThat(found(ask("puppy").limit(1))).containsExactly("Anna loves her dog");
    assertThat(store.embedMissing(Remanence.Progress.NONE)).isZero();
  }

  @Test
  void import_ofMemoriesWithoutVectors_areEmbeddedAfterwards() {
    var lines = "{\"text\":\"Anna loves her dog\"}\n{\"text\":\"The invoice is overdue\"}\n";
    store.importFrom(
        new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)),
        new ImportOptions(false, ANNA),
        Remanence.Progress.NONE);
    store.embedMissing(Remanence.Progress.NONE);
    assertThat(found(ask("puppy").limit(1))).containsExactly("Anna loves her dog");
  }
}
