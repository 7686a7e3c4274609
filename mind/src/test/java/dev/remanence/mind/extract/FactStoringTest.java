package dev.remanence.mind.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.AsOf;
import dev.remanence.Change;
import dev.remanence.Draft;
import dev.remanence.Facts;
import dev.remanence.Json;
import dev.remanence.Link;
import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.Revised;
import dev.remanence.mind.extract.Stored.Outcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What extraction writes into a store: under which key, with which origin, and what it leaves
/// alone.
class FactStoringTest {
  private static final String SCOPE = "acme/anna";
  private static final Instant SAID = Instant.parse("2026-03-10T12:00:00Z");

  @TempDir Path directory;
  private Remanence store;

  @BeforeEach
  void open() {
    store =
        Remanence.open(
            directory.resolve("store"), OpenOptions.DEFAULT.shared(false).embedder("none"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private List<Stored> store(String text, Instant said) {
    var facts = FactExtraction.from(Turn.of(text, "Anna", said));
    return FactExtraction.store(store, SCOPE, facts, new Origin("s1", "chat", said, null));
  }

  private String value(String key) {
    return store.facts(SCOPE).get(key).text();
  }

  @Test
  void store_factOfAModel_saysSoInItsProvenance() {
    var told =
        Json.object()
            .put("entity", "Anna")
            .put("attribute", "lives_in")
            .put("value", "Bern")
            .put("quote", "my flat in Bern")
            .put("ended", false)
            .put("confidence", 1)
            .build();
    var turn = Turn.of("my flat in Bern has no lift", "Anna", SAID);
    var fact = Objects.requireNonNull(new ModelFacts(turn).fact(told));
    FactExtraction.store(store, SCOPE, List.of(fact), new Origin("s1", "chat", SAID, null));
    var provenance = store.facts(SCOPE).get("anna/lives_in").memory().provenance();
    assertThat(provenance.method()).isEqualTo("extraction-model/1");
    assertThat(provenance.confidence()).isEqualTo(0.75);
  }

  @Test
  void store_fact_holdsItWithItsOrigin() {
    var text = "btw I live in Bern";
    var turn = store.remember(SCOPE, Draft.of(text).speaker("Anna"));
    var facts = FactExtraction.from(Turn.of(text, "Anna", SAID));
    var stored =
        FactExtraction.store(store, SCOPE, facts, new Origin("s1", "chat", SAID, turn.id()));
    assertThat(stored).singleElement().extracting(Stored::outcome).isEqualTo(Outcome.STORED);
    var memory = store.facts(SCOPE).get("anna/lives_in").memory();
    assertThat(memory.text()).isEqualTo("Bern");
    assertThat(memory.at()).isEqualTo(SAID);
    assertThat(memory.links()).contains(new Link("derived_from", turn.id()));
    var provenance = memory.provenance();
    assertThat(provenance.method()).isEqualTo("extraction/1");
    assertThat(provenance.source()).isEqualTo("chat#4-18");
    assertThat(provenance.sourceTime()).isEqualTo(SAID);
    assertThat(provenance.session()).isEqualTo("s1");
    assertThat(provenance.parent()).isEqualTo(turn.id());
    assertThat(provenance.confidence()).isGreaterThan(0.9);
  }

  @Test
  void store_manyValues_areAddedWithTheirOrigin() {
    store("I like tea", SAID);
    store("I like pizza, pasta and red wine", SAID.plusSeconds(60));
    assertThat(value("anna/likes")).isEqualTo("tea, pizza, pasta, red wine");
    var provenance = store.facts(SCOPE).get("anna/likes").memory().provenance();
    assertThat(provenance.method()).isEqualTo("extraction/1");
  }

  @Test
  void store_sameAgain_confirms() {
    store("I live in Bern and I like tea", SAID);
    var again = store("I live in Bern and I like tea", SAID.plusSeconds(60));
    assertThat(again).extracting(Stored::outcome).containsOnly(Outcome.CONFIRMED).hasSize(2);
    assertThat(store.facts(SCOPE).history("anna/lives_in"))
        .extracting(Revised::change)
        .containsExactly(Change.CREATE, Change.REINFORCE);
    assertThat(value("anna/likes")).isEqualTo("tea");
  }

  @Test
  void store_otherValue_supersedesAndKeepsTheHistory() {
    store("I live in Bern", SAID);
    store("I moved to Oslo yesterday", Instant.parse("2026-05-02T09:00:00Z"));
    assertThat(value("anna/lives_in")).isEqualTo("Oslo");
    var april = AsOf.NOW.validAt(Instant.parse("2026-04-01T00:00:00Z"));
    assertThat(store.facts(SCOPE).get("anna/lives_in", april).text()).isEqualTo("Bern");
  }

  @Test
  void store_ended_endsTheValueItNames() {
    store("I work at Siemens and I like tea", SAID);
    assertThat(store("I no longer work at Bosch", SAID.plusSeconds(60)))
        .extracting(Stored::outcome)
        .containsExactly(Outcome.TOLD);
    assertThat(value("anna/works_at")).isEqualTo("Siemens");
    assertThat(store("I no longer work at Siemens", SAID.plusSeconds(120)))
        .extracting(Stored::outcome)
        .containsExactly(Outcome.ENDED);
    assertThat(store.facts(SCOPE).list(Facts.Listing.ALL).facts())
        .extracting(fact -> fact.key())
        .containsExactly("anna/likes");
    var then = AsOf.NOW.validAt(SAID.plusSeconds(1));
    assertThat(store.facts(SCOPE).get("anna/works_at", then).text()).isEqualTo("Siemens");
  }

  @Test
  void store_endedOfMany_takesOneValueOut() {
    store("I use Chrome", SAID);
    store("I use Firefox", SAID);
    store("I stopped using Chrome", SAID.plusSeconds(60));
    assertThat(value("anna/uses")).isEqualTo("Firefox");
    assertThat(store.facts(SCOPE).history("anna/uses")).hasSizeGreaterThan(2);
  }

  @Test
  void store_unsure_isToldAndNotWritten() {
    var fact = FactExtraction.from(Turn.of("I live in Bern", "Anna", SAID)).getFirst();
    var stored = new FactStoring(store, SCOPE, new Origin(null, null, SAID, null), 0.99);
    assertThat(stored.all(List.of(fact))).extracting(Stored::outcome).containsExactly(Outcome.TOLD);
    assertThat(store.facts(SCOPE).list(Facts.Listing.ALL).facts()).isEmpty();
  }

  @Test
  void store_keyOfAnotherShape_isToldAndTheRestIsStored() {
    store.facts(SCOPE).set("anna/likes", "everything");
    assertThat(store("I like tea and I live in Bern", SAID))
        .extracting(Stored::outcome)
        .containsExactly(Outcome.TOLD, Outcome.STORED);
    assertThat(value("anna/likes")).isEqualTo("everything");
  }

  @Test
  void autoExtract_conversation_answersAsTheToolDoes() {
    var text = "user: I live in Bern and I prefer tea\nassistant: I love that!";
    var told = FactExtraction.autoExtract(store, SCOPE, text, "s7", false, SAID);
    assertThat(told.toJson().fields().keySet())
        .containsExactly("success", "facts", "count", "stored", "entity_ids");
    assertThat(told.toJson().get("stored")).isEqualTo(Json.of(false));
    assertThat(store.facts(SCOPE).list(Facts.Listing.ALL).facts()).isEmpty();

    var stored = FactExtraction.autoExtract(store, SCOPE, text, "s7", true, SAID);
    assertThat(stored.success()).isTrue();
    assertThat(stored.count()).isEqualTo(2);
    assertThat(stored.ids()).hasSize(2);
    assertThat(value("user/lives_in")).isEqualTo("Bern");
    assertThat(value("user/prefers")).isEqualTo("tea");
  }

  @Test
  void autoExtract_nothingSaid_isASuccessOfNone() {
    var answer = FactExtraction.autoExtract(store, SCOPE, "hi!\nhow are you?", null, true, SAID);
    assertThat(answer.toJson().toString())
        .isEqualTo(
            "{\"success\":true,\"facts\":[],\"count\":0,\"stored\":false,\"entity_ids\":[]}");
  }

  @Test
  void autoExtract_closedStore_isAnAnswerWithoutSuccess() {
    store.close();
    var answer = FactExtraction.autoExtract(store, SCOPE, "I live in Bern", null, true, SAID);
    assertThat(answer.success()).isFalse();
    assertThat(Objects.requireNonNull(answer.error())).isNotEmpty();
    assertThat(answer.toJson().get("success")).isEqualTo(Json.of(false));
  }
}
