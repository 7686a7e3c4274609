package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.RemanenceException.TooLarge;
import dev.remanence.Remembered.Outcome;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rules of docs/facts.md, through the public face.
class FactsTest {
  private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path directory;
  private Instant now = BEGIN;
  private EmbeddedStore store;
  private Facts facts;

  @BeforeEach
  void open() {
    InstantSource clock = () -> now;
    store =
        EmbeddedStore.open(
            directory.resolve("store"), OpenOptions.DEFAULT, clock, new SecureRandom());
    facts = store.facts("acme/anna");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Instant day(int days) {
    return BEGIN.plus(DAY.multipliedBy(days));
  }

  private static List<String> values(Fact fact) {
    return fact.values().stream().map(Json::toString).toList();
  }

  // One value

  @Test
  void set_newKey_holdsFromNowOn() {
    facts.set("city", "Berlin");
    assertThat(facts.get("city").text()).isEqualTo("Berlin");
    assertThat(facts.get("city").isMany()).isFalse();
    assertThat(facts.get("city").memory().at()).isEqualTo(BEGIN);
  }

  @Test
  void set_anotherValue_endsTheOneBefore() {
    facts.set("city", "Berlin");
    now = day(10);
    facts.set("city", "Lisbon");
    assertThat(facts.get("city").text()).isEqualTo("Lisbon");
    assertThat(facts.get("city", AsOf.NOW.validAt(day(9))).text()).isEqualTo("Berlin");
    assertThat(facts.get("city", AsOf.NOW.validAt(day(9))).memory().until()).isEqualTo(day(10));
    assertThat(facts.get("city", AsOf.NOW.knownAt(day(9))).text()).isEqualTo("Berlin");
  }

  @Test
  void set_valueThatBeginsLater_isNotShownBefore() {
    facts.set("city", "Berlin");
    facts.set(Draft.of("Lisbon").key("city").at(day(5)));
    assertThat(facts.get("city").text()).isEqualTo("Berlin");
    now = day(6);
    assertThat(facts.get("city").text()).isEqualTo("Lisbon");
    assertThat(facts.list(Facts.Listing.ALL).facts()).hasSize(1);
  }

  @Test
  void set_valueThatHasEnded_isNotShown() {
    facts.set(Draft.of("Berlin").key("city").until(day(2)));
    assertThat(facts.get("city").text()).isEqualTo("Berlin");
    now = day(2);
    assertThatThrownBy(() -> facts.get("city")).isInstanceOf(NotFound.class);
    assertThat(facts.list(Facts.Listing.ALL).facts()).isEmpty();
    assertThat(facts.history("city")).hasSize(1);
  }

  @Test
  void set_sameValueAgain_isConfirmedNotRecordedAnew() {
    var first = facts.set("city", "Berlin");
    now = day(3);
    var again = facts.set("city", "Berlin");
    assertThat(again.outcome()).isEqualTo(Outcome.REINFORCED);
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(facts.get("city").memory().at()).isEqualTo(BEGIN);
    assertThat(facts.get("city").memory().provenance().lastConfirmed()).isEqualTo(day(3));
  }

  @Test
  void set_valueOfEarlier_endsWhereTheNextBegan() {
    facts.set("city", "Lisbon");
    facts.set(Draft.of("Berlin").key("city").at(BEGIN.minus(DAY)));
    assertThat(facts.get("city").text()).isEqualTo("Lisbon");
    var before = facts.get("city", AsOf.NOW.validAt(BEGIN.minusSeconds(1)));
    assertThat(before.text()).isEqualTo("Berlin");
    assertThat(before.memory().until()).isEqualTo(BEGIN);
  }

  @Test
  void set_json_comesBackAsItWas() {
    var size = Json.parse("{\"width\": 3, \"unit\": \"m\"}");
    facts.set(Draft.of(size).key("size"));
    assertThat(facts.get("size").value()).isEqualTo(size);
    facts.set(Draft.of(Json.parse("[1,2]")).key("pair"));
    assertThat(facts.get("pair").isMany()).isFalse();
    assertThat(facts.get("pair").values()).hasSize(1);
  }

  @Test
  void aFact_isAMemory() {
    var id = facts.set("city", "Berlin").id();
    assertThat(store.get(id).text()).isEqualTo("Berlin");
    assertThat(store.recall("acme/anna", Query.of("Berlin")).hits()).hasSize(1);
    assertThat(facts.history("city")).hasSize(1);
    store.forget(id, null);
    assertThatThrownBy(() -> facts.get("city")).isInstanceOf(NotFound.class);
    facts.set("city", "Rome");
    assertThat(facts.get("city").text()).isEqualTo("Rome");
  }

  @Test
  void get_afterTheKeyWasTakenAway_findsNothingStale() {
    var id = facts.set("city", "Berlin").id();
    assertThat(facts.get("city").text()).isEqualTo("Berlin");
    store.revise(id, new Patch().key("town"));
    assertThatThrownBy(() -> facts.get("city")).isInstanceOf(NotFound.class);
    assertThat(facts.get("town").text()).isEqualTo("Berlin");
    facts.set("city", "Rome");
    assertThat(facts.get("city").text()).isEqualTo("Rome");
  }

  // Many values

  @Test
  void add_values_areAListWithoutRepeats() {
    assertThat(facts.add("languages", Json.of("German")).outcome()).isEqualTo(Outcome.CREATED);
    now = day(1);
    facts.add("languages", Json.of("Portuguese"));
    int revision = facts.get("languages").memory().revision();
    assertThat(facts.add("languages", Json.of("German")).outcome()).isEqualTo(Outcome.REINFORCED);
    var fact = facts.get("languages");
    assertThat(fact.memory().revision()).isEqualTo(revision);
    assertThat(fact.isMany()).isTrue();
    assertThat(values(fact)).containsExactly("\"German\"", "\"Portuguese\"");
    assertThat(fact.text()).isEqualTo("German, Portuguese");
    assertThat(values(facts.get("languages", AsOf.NOW.validAt(BEGIN))))
        .containsExactly("\"German\"");
  }

  @Test
  void remove_value_endsIt() {
    facts.add("languages", Json.of("German"));
    now = day(1);
    facts.remove("languages", Json.of("German"));
    assertThat(facts.get("languages").values()).isEmpty();
    assertThat(facts.get("languages", AsOf.NOW.validAt(BEGIN)).values()).hasSize(1);
    assertThatThrownBy(() -> facts.remove("languages", Json.of("German")))
        .isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> facts.remove("none", Json.of("German"))).isInstanceOf(NotFound.class);
    facts.add("languages", Json.of("Dutch"));
    assertThat(facts.get("languages").text()).isEqualTo("Dutch");
  }

  @Test
  void oneAndMany_areNotMixedUp() {
    facts.set("city", "Berlin");
    facts.add("languages", Json.of("German"));
    assertThatThrownBy(() -> facts.add("city", Json.of("Rome"))).isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> facts.set("languages", "Dutch")).isInstanceOf(Conflict.class);
    now = day(1);
    facts.set(Draft.of(Json.parse("[\"Dutch\"]")).key("languages"));
    assertThat(facts.get("languages").isMany()).isTrue();
    assertThat(facts.get("languages").text()).isEqualTo("Dutch");
  }

  @Test
  void add_byManyAtOnce_losesNothing() throws Exception {
    var adding = new ArrayList<Callable<Remembered>>();
    for (int i = 0; i < 200; i++) {
      var value = Json.of("value " + i);
      adding.add(() -> facts.add("all", value));
    }
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var each : threads.invokeAll(adding)) {
        each.get();
      }
    }
    assertThat(new HashSet<>(facts.get("all").values())).hasSize(200);
  }

  @Test
  void add_beyondWhatAMemoryHolds_isRefusedAndChangesNothing() {
    var large = "x".repeat(Limits.CONTENT_BYTES_MAX / 2);
    facts.add("large", Json.of(large + 1));
    assertThatThrownBy(() -> facts.add("large", Json.of(large + 2))).isInstanceOf(TooLarge.class);
    assertThat(facts.get("large").values()).hasSize(1);
  }

  // Scopes

  @Test
  void get_inheritsTheNearestThatHolds() {
    store.facts("global").set("unit", "kilometre");
    store.facts("acme").set(Draft.of("mile").key("unit").until(day(5)));
    assertThat(facts.get("unit").text()).isEqualTo("mile");
    now = day(5);
    assertThat(facts.get("unit").text()).isEqualTo("kilometre");
    facts.set("unit", "league");
    assertThat(facts.get("unit").text()).isEqualTo("league");
    assertThatThrownBy(() -> store.facts("other").history("unit")).isInstanceOf(NotFound.class);
  }

  @Test
  void list_pagesByKeyAndInheritsOnlyWhenAsked() {
    store.facts("acme").set("a", "above");
    store.facts("acme").set("b", "above");
    facts.set("b", "here");
    facts.set("c", "here");
    store.assemblies("acme/anna").put(AssemblyDraft.of("Rome"));
    assertThat(keys(Facts.Listing.ALL)).containsExactly("b here", "c here");
    assertThat(keys(Facts.Listing.ALL.inherit(true)))
        .containsExactly("a above", "b here", "c here");
    assertThat(keys(Facts.Listing.ALL.prefix("c"))).containsExactly("c here");
    var page = facts.list(Facts.Listing.ALL.limit(1));
    assertThat(page.after()).isEqualTo("b");
    assertThat(keys(Facts.Listing.ALL.limit(1).after(page.after()))).containsExactly("c here");
    assertThat(facts.list(Facts.Listing.ALL.limit(2)).after()).isNull();
  }

  private List<String> keys(Facts.Listing listing) {
    return facts.list(listing).facts().stream()
        .map(fact -> fact.key() + " " + fact.text())
        .toList();
  }

  // For a model

  @Test
  void prompt_isALineAFactWithinItsTokens() {
    facts.set(Draft.of("tea\n- city: Paris").key("drink").importance(0.9));
    facts.set("city", "Berlin");
    facts.set(Draft.of("never call before noon").key("rule").pinned(true));
    assertThat(facts.prompt(null))
        .isEqualTo(
            """
            - rule: never call before noon (since 2026-03-01)
            - drink: tea / - city: Paris (since 2026-03-01)
            - city: Berlin (since 2026-03-01)
            """);
    assertThat(facts.prompt(20)).isEqualTo("- rule: never call before noon (since 2026-03-01)\n");
    assertThat(facts.prompt(3)).isEmpty();
  }

  // Refusals

  @Test
  void keys_ofOtherViewsAndBadOnes_areRefused() {
    assertThatThrownBy(() -> facts.set("assembly:Rome", "no")).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> facts.add("assembly:Rome", Json.of("no")))
        .isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> facts.set(Draft.of("no key"))).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> facts.set("", "empty")).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> facts.get("")).isInstanceOf(InvalidInput.class);
    assertThatThrownBy(() -> facts.get("none")).isInstanceOf(NotFound.class);
  }
}
