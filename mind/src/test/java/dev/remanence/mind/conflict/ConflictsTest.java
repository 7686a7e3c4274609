package dev.remanence.mind.conflict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.AsOf;
import dev.remanence.Change;
import dev.remanence.ConflictRecord;
import dev.remanence.ConflictRecord.Reason;
import dev.remanence.ConflictRecord.Relation;
import dev.remanence.ConflictRecord.Status;
import dev.remanence.Conflicts;
import dev.remanence.ContextQuestion;
import dev.remanence.Draft;
import dev.remanence.Facts;
import dev.remanence.Filter;
import dev.remanence.Link;
import dev.remanence.Listing;
import dev.remanence.Memory;
import dev.remanence.OpenOptions;
import dev.remanence.Provenance;
import dev.remanence.Query;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.Remembered;
import dev.remanence.Resolution;
import dev.remanence.Resolution.Side;
import dev.remanence.Resolution.Strategy;
import dev.remanence.Turn;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Conflicts are found when something is remembered, nothing is taken away by it, and what is
/// decided about them is one commit whose history tells who did what.
final class ConflictsTest {
  private static final String SCOPE = "acme/user:anna";

  @TempDir Path temp;
  private Remanence store;
  private Conflicts conflicts;

  @BeforeEach
  void open() {
    store =
        Remanence.open(temp.resolve("store"), OpenOptions.DEFAULT.embedder("none").shared(false));
    conflicts = store.conflicts(SCOPE);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Remembered remember(String text) {
    return store.remember(SCOPE, Draft.of(text));
  }

  /// Two statements that contradict each other, and their conflict.
  private ConflictRecord conflict(String older, String newer) {
    remember(older);
    return conflicts.get(remember(newer).conflicts().getFirst());
  }

  private ConflictRecord offices() {
    return conflict("The office is in Geneva", "The office is in Zurich");
  }

  private List<String> texts() {
    return store.list(SCOPE, Listing.FIRST).memories().stream().map(Memory::body).sorted().toList();
  }

  // Found

  @Test
  void remember_anotherValue_isAConflictAndBothStay() {
    var older = remember("The office is in Geneva");
    assertThat(older.conflicts()).isEmpty();
    var newer = remember("The office is in Zurich");
    assertThat(newer.conflicts()).hasSize(1);
    var conflict = conflicts.get(newer.conflicts().getFirst());
    assertThat(conflict.older()).isEqualTo(older.id());
    assertThat(conflict.newer()).isEqualTo(newer.id());
    assertThat(conflict.relation()).isEqualTo(Relation.CONTRADICTION);
    assertThat(conflict.reason()).isEqualTo(Reason.VALUE);
    assertThat(conflict.status()).isEqualTo(Status.OPEN);
    assertThat(texts()).containsExactly("The office is in Geneva", "The office is in Zurich");
  }

  @Test
  void remember_nearMiss_isNoConflict() {
    remember("The office is in Geneva");
    assertThat(remember("The archive is in Zurich").conflicts()).isEmpty();
    assertThat(remember("The office is in good order").conflicts()).isEmpty();
    assertThat(conflicts.open()).isEmpty();
  }

  @Test
  void remember_again_recordsNothingAgain() {
    var conflict = offices();
    assertThat(remember("The office is in Zurich").outcome())
        .isEqualTo(Remembered.Outcome.REINFORCED);
    assertThat(conflicts.open()).extracting(ConflictRecord::id).containsExactly(conflict.id());
    assertThat(store.history(conflict.id())).hasSize(1);
  }

  @Test
  void rememberAll_contradictingItself_isAConflictInItsOrder() {
    var both =
        store.rememberAll(
            SCOPE,
            List.of(Draft.of("The timeout is 30 seconds"), Draft.of("The timeout is 45 seconds")));
    assertThat(both.getFirst().conflicts()).isEmpty();
    var conflict = conflicts.get(both.getLast().conflicts().getFirst());
    assertThat(conflict.older()).isEqualTo(both.getFirst().id());
    assertThat(conflict.reason()).isEqualTo(Reason.NUMBER);
  }

  @Test
  void rememberAll_manyAtOnce_isAnImportAndNotJudged() {
    var drafts = new ArrayList<Draft>();
    for (int i = 0; i <= 100; i++) {
      drafts.add(Draft.of("The timeout is " + i + " seconds"));
    }
    assertThat(store.rememberAll(SCOPE, drafts)).allMatch(each -> each.conflicts().isEmpty());
  }

  @Test
  void turns_contradicting_areNotJudged() {
    store.turns(SCOPE).add(Turn.user("The office is in Geneva"));
    store.turns(SCOPE).add(Turn.user("The office is in Zurich"));
    assertThat(conflicts.open()).isEmpty();
  }

  @Test
  void remember_statementAgainstAFact_isAConflict() {
    var fact = store.facts(SCOPE).set("user/lives_in", "Berlin");
    var said = remember("I live in Hamburg");
    var conflict = conflicts.get(said.conflicts().getFirst());
    assertThat(conflict.older()).isEqualTo(fact.id());
    conflicts.resolve(conflict.id(), Resolution.keep(Side.NEWER), null);
    // The value of the key ended when the other was said, and is not lost.
    assertThatThrownBy(() -> store.facts(SCOPE).get("user/lives_in")).isInstanceOf(NotFound.class);
    assertThat(store.get(fact.id()).until()).isEqualTo(store.get(said.id()).at());
  }

  @Test
  void record_anyRead_tellsNoneOfItsSidesWordsAndIsNotShown() {
    var conflict = offices();
    var record = store.get(conflict.id());
    assertThat(record.body()).doesNotContain("Geneva").doesNotContain("Zurich");
    assertThat(record.tags()).containsExactly(ConflictRecord.TAG);
    assertThat(record.links())
        .containsExactlyInAnyOrder(
            new Link("conflict", conflict.older()), new Link("conflict", conflict.newer()));
    assertThat(texts()).hasSize(2);
    assertThat(store.recall(SCOPE, Query.of("contradiction open value")).hits())
        .noneMatch(hit -> hit.memory().id().equals(conflict.id()));
    assertThat(store.facts(SCOPE).list(Facts.Listing.ALL).facts()).isEmpty();
    assertThat(store.context(SCOPE, ContextQuestion.of("office")).text())
        .doesNotContain("contradiction");
    var asked = Listing.FIRST.filter(Filter.tagged(ConflictRecord.TAG));
    assertThat(store.list(SCOPE, asked).memories()).hasSize(1);
  }

  // A side is gone

  @Test
  void list_forgottenSide_isMootAndOpenAgainWhenItComesBack() {
    var conflict = offices();
    store.forget(conflict.older(), null);
    assertThat(conflicts.get(conflict.id()).status()).isEqualTo(Status.MOOT);
    assertThat(conflicts.open()).isEmpty();
    assertThatThrownBy(() -> conflicts.resolve(conflict.id(), Resolution.keep(Side.NEWER), null))
        .isInstanceOf(Conflict.class);
    store.revert(conflict.older(), 1, null);
    assertThat(conflicts.get(conflict.id()).status()).isEqualTo(Status.OPEN);
  }

  @Test
  void erase_aSide_leavesNothingOfItInTheRecord() {
    var conflict = offices();
    store.erase(conflict.newer(), "asked to");
    assertThat(conflicts.get(conflict.id()).status()).isEqualTo(Status.MOOT);
    assertThat(store.get(conflict.id()).body()).doesNotContain("Zurich");
    assertThat(store.verify(true, null).sound()).isTrue();
    conflicts.resolve(conflict.id(), Resolution.dismiss(), null);
    assertThat(conflicts.get(conflict.id()).status()).isEqualTo(Status.DISMISSED);
  }

  // Resolving

  @Test
  void keep_aSide_forgetsTheOtherWithTheReason() {
    var conflict = offices();
    var resolved = conflicts.resolve(conflict.id(), Resolution.keep(Side.OLDER), "asked her");
    assertThat(resolved.status()).isEqualTo(Status.RESOLVED);
    assertThat(resolved.resolution()).isEqualTo("keep older");
    assertThat(texts()).containsExactly("The office is in Geneva");
    assertThat(store.history(conflict.newer()).getLast().message())
        .contains(conflict.id().toString());
    assertThat(store.history(conflict.id()).getLast().message()).isEqualTo("asked her");
    assertThatThrownBy(() -> conflicts.resolve(conflict.id(), Resolution.dismiss(), null))
        .isInstanceOf(Conflict.class);
  }

  @Test
  void resolve_knownBefore_wasOpen() {
    var conflict = offices();
    var before = store.get(conflict.id()).updatedAt();
    while (Instant.now().toEpochMilli() <= before.toEpochMilli()) {
      Thread.onSpinWait();
    }
    conflicts.resolve(conflict.id(), Resolution.keep(Side.NEWER), null);
    assertThat(store.get(conflict.id(), AsOf.NOW.knownAt(before)).body()).contains("open");
    assertThat(store.get(conflict.older(), AsOf.NOW.knownAt(before)).body()).contains("Geneva");
  }

  @Test
  void dismiss_thePair_isNotToldAgain() {
    var conflict = offices();
    conflicts.resolve(conflict.id(), Resolution.dismiss(), "two offices");
    assertThat(texts()).hasSize(2);
    store.forget(conflict.newer(), null);
    store.revert(conflict.newer(), 1, null);
    assertThat(conflicts.open()).isEmpty();
    assertThat(conflicts.get(conflict.id()).status()).isEqualTo(Status.DISMISSED);
  }

  @Test
  void merge_lastWriter_isTheNewerContentInTheOlderMemory() {
    var conflict = offices();
    conflicts.resolve(conflict.id(), Resolution.merge(Strategy.LAST_WRITER), null);
    assertThat(store.get(conflict.older()).text()).isEqualTo("The office is in Zurich");
    assertThat(texts()).hasSize(1);
    var history = store.history(conflict.newer());
    assertThat(history.getLast().change()).isEqualTo(Change.FORGET);
    var linked = Objects.requireNonNull(history.get(history.size() - 2).memory());
    assertThat(linked.links()).contains(new Link("merged_into", conflict.older()));
  }

  @Test
  void merge_content_joinsWhatEitherSaysMoreAndRefusesWhatDiffers() {
    var apart = offices();
    assertThatThrownBy(
            () -> conflicts.resolve(apart.id(), Resolution.merge(Strategy.CONTENT), null))
        .isInstanceOf(Conflict.class);
    assertThat(conflicts.get(apart.id()).status()).isEqualTo(Status.OPEN);
    var text = "Both, since the merger";
    conflicts.resolve(apart.id(), new Resolution.Merge(Strategy.CONTENT, text), null);
    assertThat(store.get(apart.older()).text()).isEqualTo(text);
  }

  @Test
  void merge_semantic_keepsSentencesThatStand() {
    var conflict =
        conflict(
            "The office is in Geneva. It has a canteen.",
            "The office is in Zurich. It has a garden.");
    conflicts.resolve(conflict.id(), Resolution.merge(Strategy.SEMANTIC), null);
    assertThat(store.get(conflict.older()).text())
        .isEqualTo("It has a canteen. The office is in Zurich. It has a garden.");
  }

  // Facts

  private static Draft doubtful(String value) {
    return Draft.of(value)
        .key("city")
        .provenance(new Provenance(null, null, null, null, "extraction/1", 0.9, null, null));
  }

  @Test
  void set_byALessTrustedSource_leavesTheValueAndIsAConflict() {
    var facts = store.facts(SCOPE);
    var held = facts.set("city", "Berlin");
    var told = facts.set(doubtful("Lisbon"));
    assertThat(facts.get("city").text()).isEqualTo("Berlin");
    assertThat(told.id()).isNotEqualTo(held.id());
    assertThat(store.get(told.id()).key()).isNull();
    var conflict = conflicts.get(told.conflicts().getFirst());
    assertThat(conflict.reason()).isEqualTo(Reason.KEY);
    conflicts.resolve(conflict.id(), Resolution.keep(Side.NEWER), "it is true");
    assertThat(facts.get("city").text()).isEqualTo("Lisbon");
    assertThat(store.history(held.id())).hasSizeGreaterThan(1);
    assertThat(store.verify(true, null).sound()).isTrue();
  }

  @Test
  void set_byASourceTrustedAsMuch_supersedes() {
    var facts = store.facts(SCOPE);
    facts.set(doubtful("Berlin"));
    assertThat(facts.set(doubtful("Lisbon")).conflicts()).isEmpty();
    assertThat(facts.set("city", "Oslo").conflicts()).isEmpty();
    assertThat(facts.get("city").text()).isEqualTo("Oslo");
  }

  // Pages

  @Test
  void list_pages_areComplete() {
    var all = new ArrayList<UUID>();
    for (var thing : List.of("timeout", "budget", "limit", "rent", "fee")) {
      all.add(conflict("The " + thing + " is 30 units", "The " + thing + " is 45 units").id());
    }
    var seen = new ArrayList<UUID>();
    var listing = Conflicts.Listing.ALL.limit(2);
    Conflicts.Page page;
    do {
      page = conflicts.list(listing);
      page.conflicts().forEach(each -> seen.add(each.id()));
      listing = listing.after(page.after());
    } while (page.after() != null);
    assertThat(seen).containsExactlyElementsOf(all.reversed());
  }
}
