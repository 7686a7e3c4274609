package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `remember` tells of memories that say nearly the same, and merges nothing.
final class NearDuplicatesTest {
  private static final String SCOPE = "acme/user:anna";

  /// A person would say of the two: the same, said again.
  private static final String[][] SAME = {
    {"Anna prefers green tea in the morning", "Anna prefers green tea in the mornings"},
    {"The deploy to staging failed with error 502", "the deploy to staging failed with error 502!"},
    {"Bob's birthday is on 12 March", "Bob's birthday is on March 12"},
    {"Use tabs, not spaces, in the Makefile", "Use tabs, not spaces, in the Makefile please"},
    {
      "The API key is rotated every 90 days by the security team",
      "The API key is rotated every 90 days by our security team"
    },
    {
      "User wants short answers without bullet points",
      "The user wants short answers without any bullet points"
    },
    {
      "The meeting with the landlord was moved to Friday at ten",
      "Meeting with the landlord was moved to Friday at ten o'clock"
    },
    {"Prefers dark mode in all editors", "Prefers dark mode in all of the editors"},
    {
      "PostgreSQL runs on port 5433 on the build server",
      "PostgreSQL is running on port 5433 on the build server"
    },
    {"Kalo moved from Oslo to Bern last year", "Kalo moved from Oslo to Bern in the last year"},
  };

  /// Another thing was said in like words.
  private static final String[][] OTHER = {
    {"Kalo lives in Oslo", "Kalo lives in Bern"},
    {"Anna loves Bob", "Bob loves Anna"},
    {"The invoice of March is paid", "The contract of May is signed"},
    {"Anna prefers tea", "Anna prefers coffee"},
    {"Run the tests before each commit", "Run the formatter before each push"},
    {"The server has 16 GB of memory", "The laptop has 32 GB of memory"},
    {"Meeting on Monday about the budget", "Meeting on Friday about the office"},
    {"He is allergic to nuts", "She is allergic to cats"},
    {"The door code is 4711", "The bike code is 1147"},
    {"Chose SQLite for the journal", "Chose Lucene for the analysis"},
  };

  @TempDir Path temp;
  private EmbeddedStore store;
  private long now = Instant.parse("2026-05-20T12:00:00Z").toEpochMilli();

  @BeforeEach
  void open() {
    store =
        EmbeddedStore.open(
            temp.resolve("store"),
            OpenOptions.DEFAULT.embedder("none"),
            () -> Instant.ofEpochMilli(now),
            new SplittableRandom(1));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Remembered remember(String text) {
    now++;
    return store.remember(SCOPE, Draft.of(text));
  }

  @Test
  void labelledPairs_nearlyAllOfTheSameAndNoneOfTheOthersAreTold() {
    var first = new ArrayList<UUID>();
    for (var pairs : List.of(SAME, OTHER)) {
      for (var pair : pairs) {
        first.add(remember(pair[0]).id());
      }
    }
    int told = 0;
    int wrong = 0;
    for (int i = 0; i < SAME.length; i++) {
      var near = remember(SAME[i][1]).nearDuplicates();
      told += near.contains(first.get(i)) ? 1 : 0;
      wrong += (int) near.stream().filter(id -> first.indexOf(id) >= SAME.length).count();
    }
    for (var pair : OTHER) {
      wrong += remember(pair[1]).nearDuplicates().size();
    }
    assertThat(told).isGreaterThanOrEqualTo(SAME.length - 1);
    assertThat(wrong).isZero();
  }

  @Test
  void remember_likeAnother_tellsItAndKeepsBoth() {
    var tea = remember("Anna prefers green tea in the morning");
    assertThat(tea.nearDuplicates()).isEmpty();
    var again = remember("Anna prefers green tea in the mornings");
    assertThat(again.outcome()).isEqualTo(Remembered.Outcome.CREATED);
    assertThat(again.nearDuplicates()).containsExactly(tea.id());
    // The nearer one first, and never itself.
    var third = remember("Anna prefers green tea in the mornings.");
    assertThat(third.nearDuplicates()).containsExactly(again.id(), tea.id());
    var repeat = remember("Anna prefers green tea in the morning");
    assertThat(repeat.outcome()).isEqualTo(Remembered.Outcome.REINFORCED);
    assertThat(repeat.nearDuplicates()).doesNotContain(tea.id()).hasSize(2);
    assertThat(store.scope("elsewhere").remember("Anna prefers green tea").nearDuplicates())
        .isEmpty();
  }

  @Test
  void remember_likeWhatIsGoneOrSaid_tellsNothing() {
    var forgotten = remember("the garden gate is painted blue").id();
    store.forget(forgotten, null);
    var erased = remember("the garden gate is painted blue.").id();
    store.erase(erased, null);
    var revised = remember("the garden gate is painted blue!").id();
    store.revise(revised, new Patch().text("something else"));
    store.remember(SCOPE, Draft.of("the garden gate is painted blue").speaker("Bob"));
    var expiring = Draft.of("the garden gate is painted blue?").ttl(Duration.ofSeconds(1));
    store.remember(SCOPE, expiring);
    now += 2000;
    assertThat(remember("the garden gate is painted blue; yes").nearDuplicates()).isEmpty();
    assertThat(
            store
                .remember(SCOPE, Draft.of("the garden gate is painted blue, yes").speaker("Bob"))
                .nearDuplicates())
        .isEmpty();
  }

  @Test
  void rememberAll_isToldOfWhatWasThereBefore() {
    var gate = remember("the garden gate is painted blue").id();
    var drafts =
        List.of(
            Draft.of("The garden gate is painted blue, they say"),
            Draft.of("Kalo lives in Oslo now"),
            Draft.of("Kalo lives in Oslo now."));
    var outcomes = store.rememberAll(SCOPE, drafts);
    assertThat(outcomes.get(0).nearDuplicates()).containsExactly(gate);
    assertThat(outcomes.get(1).nearDuplicates()).isEmpty();
    assertThat(outcomes.get(2).nearDuplicates()).isEmpty();
  }

  @Test
  void reopened_fromTheSnapshot_tellsTheSame() {
    var drafts = new ArrayList<Draft>();
    for (int i = 0; i < 5000; i++) {
      drafts.add(Draft.of("number " + i + " of the list is " + Integer.toString(7 * i, 36)));
    }
    var ids = store.rememberAll(SCOPE, drafts).stream().map(Remembered::id).toList();
    // Too many to be read by a write; a question reads them.
    assertThat(remember("number 777 of the list is 47 or so").nearDuplicates()).isEmpty();
    store.list(SCOPE, Listing.FIRST);
    assertThat(remember("number 777 of the list is about 47").nearDuplicates()).isNotEmpty();
    store.close();
    assertThat(temp.resolve("store").resolve("images")).isNotEmptyDirectory();
    open();
    store.list(SCOPE, Listing.FIRST);
    assertThat(remember("number 777 of the list is " + Integer.toString(5439, 36) + " now"))
        .extracting(Remembered::nearDuplicates)
        .asInstanceOf(InstanceOfAssertFactories.list(UUID.class))
        .contains(ids.get(777));
  }
}
