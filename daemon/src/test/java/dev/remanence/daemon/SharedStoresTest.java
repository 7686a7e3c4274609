package dev.remanence.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Caller;
import dev.remanence.Draft;
import dev.remanence.OpenOptions;
import dev.remanence.Query;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.RemanenceException.StoreLocked;
import dev.remanence.daemon.wire.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Several openings of one store, as several programs would: one owns it, the others do not notice
/// that they do not.
@Timeout(60)
class SharedStoresTest {
  @TempDir private Path temporary;

  private Remanence open(String tool) {
    return Remanence.open(temporary.resolve("store"), OpenOptions.DEFAULT.tool(tool));
  }

  private static void remember(Remanence store, String text) {
    store.remember("acme", Draft.of(text));
  }

  private static long found(Remanence store, String text) {
    return store.recall("acme", Query.of(text)).hits().stream()
        .filter(hit -> text.equals(hit.memory().text()))
        .count();
  }

  @Test
  void open_twice_bothSeeWhatEachWrote() {
    try (var owner = open("claude");
        var other = open("cursor")) {
      remember(owner, "Anna prefers tea");
      remember(other, "Berlin is rainy");
      assertThat(found(other, "Anna prefers tea")).isEqualTo(1);
      assertThat(found(owner, "Berlin is rainy")).isEqualTo(1);
      var tools = owner.sessions().stream().map(Remanence.SessionInfo::tool).toList();
      assertThat(tools).containsExactlyInAnyOrder("claude", "cursor");
    }
  }

  @Test
  void ownerEnds_theOtherSucceeds_andServesTheThird() {
    var owner = open("first");
    try (var second = open("second")) {
      remember(second, "one");
      owner.close();
      remember(second, "two");
      try (var third = open("third")) {
        remember(third, "three");
        assertThat(found(second, "three")).isEqualTo(1);
        assertThat(found(third, "one") + found(third, "two")).isEqualTo(2);
      }
    }
    assertThat(Endpoint.read(temporary.resolve("store"))).isNull();
  }

  @Test
  void session_ofAnAttachedStore_goesOnWithTheNextOwner() {
    var owner = open("first");
    try (var second = open("second");
        var session = second.session(Caller.of("guest"))) {
      remember(session, "one");
      owner.close();
      remember(session, "two");
      remember(second, "three");
      var tools = second.sessions().stream().map(Remanence.SessionInfo::tool).toList();
      assertThat(tools).contains("guest", "second");
    }
  }

  @Test
  void open_byManyAtOnce_oneOwns() throws Exception {
    var stores = new ArrayList<Remanence>();
    try (var programs = Executors.newFixedThreadPool(8)) {
      var opening = new ArrayList<Callable<Remanence>>();
      for (int i = 0; i < 8; i++) {
        int number = i;
        opening.add(() -> {
          var store = open("program" + number);
          remember(store, "memory " + number);
          return store;
        });
      }
      for (var opened : programs.invokeAll(opening)) {
        stores.add(opened.get());
      }
    }
    for (int i = 0; i < 8; i++) {
      assertThat(found(Objects.requireNonNull(stores.get(7 - i)), "memory " + i)).isEqualTo(1);
    }
    stores.forEach(Remanence::close);
  }

  @Test
  void close_endsWhatWasAttached() {
    try (var owner = open("first")) {
      var other = open("second");
      other.close();
      assertThatThrownBy(() -> remember(other, "late")).isInstanceOf(StoreClosed.class);
      remember(owner, "still here");
    }
  }

  @Test
  void unshared_waitsForTheLock() {
    try (var owner = open("first")) {
      var alone = OpenOptions.DEFAULT.shared(false).lockWait(Duration.ofMillis(30));
      assertThatThrownBy(() -> Remanence.open(temporary.resolve("store"), alone))
          .isInstanceOf(StoreLocked.class);
      remember(owner, "still here");
    }
  }
}
