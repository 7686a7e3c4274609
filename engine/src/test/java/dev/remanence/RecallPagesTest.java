package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.InvalidInput;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A recall page by page: whatever is written between two pages, nothing comes twice and nothing is
/// passed over.
final class RecallPagesTest {
  private static final String SCOPE = "acme/user:anna";
  private static final Query TEA = Query.of("who drinks tea in March?").limit(7);

  @TempDir Path temp;
  private EmbeddedStore store;
  private long now = Instant.parse("2026-05-20T12:00:00Z").toEpochMilli();

  @BeforeEach
  void open() {
    store =
        EmbeddedStore.open(
            temp.resolve("store"),
            OpenOptions.DEFAULT.embedder("static"),
            () -> Instant.ofEpochMilli(now),
            new SplittableRandom(1));
    for (int i = 0; i < 60; i++) {
      remember(i % 3 == 0 ? "acme" : SCOPE, "person " + i + " drinks tea", i);
      remember(SCOPE, "person " + i + " sells " + (i % 4 == 0 ? "drinks" : "chairs"), i);
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  private UUID remember(String scope, String text, int number) {
    now++;
    var at = Instant.parse("2026-03-20T12:00:00Z").plusSeconds(number * 86_400L);
    return store.remember(scope, Draft.of(text).at(at)).id();
  }

  /// The hits of all pages; `between` is told which page comes next.
  private List<Hit> walk(Query query, IntConsumer between) {
    var hits = new ArrayList<Hit>();
    var answer = store.recall(SCOPE, query);
    for (int page = 1; ; page++) {
      hits.addAll(answer.hits());
      assertThat(answer.truncated()).isEqualTo(answer.cursor() != null);
      if (answer.cursor() == null) {
        return hits;
      }
      between.accept(page);
      answer = store.recall(SCOPE, query.after(answer.cursor()));
    }
  }

  private static List<UUID> ids(List<Hit> hits) {
    return hits.stream().map(hit -> hit.memory().id()).toList();
  }

  @Test
  void pages_ofAQuietStore_areTheWholeRanking() {
    var whole = store.recall(SCOPE, TEA.limit(99)).hits();
    var pages = walk(TEA, _ -> {});
    assertThat(pages).hasSizeGreaterThan(100);
    assertThat(ids(pages)).doesNotHaveDuplicates().startsWith(ids(whole).toArray(new UUID[0]));
    assertThat(pages)
        .isSortedAccordingTo((one, other) -> Double.compare(other.score(), one.score()));
  }

  @Test
  void pages_writesInBetween_changeNothing() {
    var quiet = walk(TEA, _ -> {});
    var busy =
        walk(
            TEA,
            page -> {
              now += 1000;
              // Better than anything there, in a scope that was there and in one that was not.
              remember(SCOPE, "who drinks tea in March? I drink tea in March", page);
              remember("global", "tea tea tea in March", page);
              store.revise(ids(quiet).get(3 * page), new Patch().text("no such drink " + page));
              store.revise(ids(quiet).get(quiet.size() - page), new Patch().text("tea " + page));
            });
    assertThat(busy).extracting(hit -> hit.memory().text()).isEqualTo(texts(quiet));
    assertThat(busy).extracting(Hit::score).isEqualTo(quiet.stream().map(Hit::score).toList());
  }

  private static List<String> texts(List<Hit> hits) {
    return hits.stream().map(hit -> hit.memory().body()).toList();
  }

  @Test
  void pages_forgottenAndErasedInBetween_vanish() {
    var quiet = ids(walk(TEA, _ -> {}));
    var gone = new HashSet<UUID>();
    var busy =
        ids(
            walk(
                TEA,
                page -> {
                  // A whole page that is to come, and something farther on.
                  if (page == 2) {
                    gone.addAll(quiet.subList(14, 22));
                    quiet.subList(14, 22).forEach(id -> store.forget(id, null));
                  } else if (page == 4) {
                    gone.add(quiet.get(40));
                    store.erase(quiet.get(40), null);
                  }
                }));
    assertThat(busy).doesNotHaveDuplicates().doesNotContainAnyElementsOf(gone);
    assertThat(busy).hasSize(quiet.size() - gone.size());
  }

  @Test
  void pages_eachErasedWhenItWasSeen_passOverNothing() {
    var quiet = ids(walk(TEA, _ -> {}));
    var seen = new ArrayList<UUID>();
    var answer = store.recall(SCOPE, TEA);
    while (answer.cursor() != null) {
      for (var id : ids(answer.hits())) {
        seen.add(id);
        store.erase(id, null);
      }
      answer = store.recall(SCOPE, TEA.after(answer.cursor()));
    }
    seen.addAll(ids(answer.hits()));
    assertThat(seen).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(quiet);
  }

  @Test
  void pages_ofThePast_goOnInThePast() {
    var then = Instant.ofEpochMilli(now);
    var past = TEA.asOf(AsOf.NOW.knownAt(then));
    now += 1000;
    var quiet = ids(walk(past, _ -> {}));
    assertThat(ids(walk(past, page -> store.forget(quiet.get(6 * page), null)))).isEqualTo(quiet);
  }

  @Test
  void pages_limitsMayDiffer_theQuestionMayNot() {
    var cursor = store.recall(SCOPE, TEA).cursor();
    var whole = ids(store.recall(SCOPE, TEA.limit(20)).hits());
    assertThat(ids(store.recall(SCOPE, TEA.after(cursor).limit(13)).hits()))
        .isEqualTo(whole.subList(7, 20));
    for (var other :
        List.of(
            Query.of("who drinks coffee?").after(cursor),
            TEA.inherit(false).after(cursor),
            TEA.filter(Filter.tagged("x")).after(cursor),
            TEA.after("x"),
            TEA.after("AAAA"))) {
      assertThatThrownBy(() -> store.recall(SCOPE, other)).isInstanceOf(InvalidInput.class);
    }
    assertThatThrownBy(() -> store.recall("acme", TEA.after(cursor)))
        .isInstanceOf(InvalidInput.class);
  }

  @Test
  void pages_maxTokens_cutsAndGoesOn() {
    var texts = texts(walk(TEA.maxTokens(20), _ -> {}));
    assertThat(texts).hasSizeGreaterThan(100).isEqualTo(texts(walk(TEA, _ -> {})));
    var tooSmall = store.recall(SCOPE, TEA.maxTokens(1));
    assertThat(tooSmall.hits()).isEmpty();
    assertThat(tooSmall.truncated()).isTrue();
    assertThat(tooSmall.cursor()).isNull();
  }
}
