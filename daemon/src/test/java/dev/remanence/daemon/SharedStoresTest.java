package dev.remanence.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Caller;
import dev.remanence.Draft;
import dev.remanence.Grant;
import dev.remanence.OpenOptions;
import dev.remanence.Query;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.RemanenceException.StoreLocked;
import dev.remanence.Verb;
import dev.remanence.WatchEvent;
import dev.remanence.daemon.access.Tokens;
import dev.remanence.daemon.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
  void watch_ofAnAttachedStore_goesOnWithEachOwner() throws InterruptedException {
    var told = new LinkedBlockingQueue<WatchEvent>();
    var owner = open("first");
    remember(owner, "before");
    var watching = open("watching");
    var watch = watching.watch("acme", false, null, told::add);
    remember(owner, "one");
    var one = next(told);
    assertThat(one.tool()).isEqualTo("first");
    owner.close();
    try (var third = open("third")) {
      // Whichever of both has become the owner.
      remember(third, "two");
      assertThat(next(told).tool()).isEqualTo("third");
    }
    remember(watching, "three");
    assertThat(next(told).tool()).isEqualTo("watching");
    try (var _ = watching.watch("acme", false, one.position(), told::add)) {
      assertThat(next(told).tool()).isEqualTo("third");
      assertThat(next(told).tool()).isEqualTo("watching");
    }
    assertThat(told).isEmpty();
    watching.close();
    assertThat(watch.isOpen()).isFalse();
  }

  private static WatchEvent next(BlockingQueue<WatchEvent> told) throws InterruptedException {
    return Objects.requireNonNull(told.poll(20, TimeUnit.SECONDS), "nothing was told");
  }

  @Test
  void watch_ofAnAttachedStore_endsWithItselfTheStoreOrItsConsumer() {
    try (var owner = open("first")) {
      var attached = open("second");
      var own = attached.watch(null, true, null, _ -> {});
      var ofStore = attached.watch(null, true, null, _ -> {});
      var broken =
          attached.watch(
              null,
              true,
              null,
              _ -> {
                throw new IllegalStateException("enough");
              });
      own.close();
      assertThat(own.isOpen()).isFalse();
      remember(owner, "one");
      while (broken.isOpen()) {
        Thread.onSpinWait();
      }
      assertThat(ofStore.isOpen()).isTrue();
      attached.close();
      assertThat(ofStore.isOpen()).isFalse();
    }
  }

  @Test
  void session_ofAnAttachedStore_isHeldToItsGrantByEachOwner() {
    var reader = Caller.of("reader").grant(new Grant(EnumSet.of(Verb.READ), List.of("acme/**")));
    var owner = open("first");
    try (var second = open("second");
        var session = second.session(reader)) {
      requireHeld(session);
      owner.close();
      requireHeld(session);
    }
  }

  private static void requireHeld(Remanence session) {
    session.recall("acme", Query.of("tea"));
    assertThatThrownBy(() -> remember(session, "no")).isInstanceOf(Forbidden.class);
    assertThatThrownBy(() -> session.recall("other", Query.of("tea")))
        .isInstanceOf(Forbidden.class);
    assertThatThrownBy(session::stats).isInstanceOf(Forbidden.class);
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

  /// As the command does it with `REMANENCE_DAEMON=off`.
  @Test
  void eraseScope_whereNobodyServes_leavesItsNameInNoFile() throws IOException {
    var store = temporary.resolve("store");
    try (var owner = open("first");
        var other = open("second")) {
      remember(owner, "tea");
      other.remember("acme/secret", Draft.of("tea"));
      other.remember("acme/open", Draft.of("tea"));
    }
    var grant = new Grant(EnumSet.of(Verb.READ), List.of("acme/secret/**", "acme/open"));
    Tokens.of(store).create("web", grant, null);
    assertThat(filesNaming(store, "acme/secret")).isNotEmpty();
    try (var alone = Remanence.open(store, OpenOptions.DEFAULT.shared(false))) {
      alone.eraseScope("acme/secret", true, null);
    }
    assertThat(filesNaming(store, "acme/secret")).isEmpty();
    assertThat(filesNaming(store, "acme/open")).contains("tokens.json", "live.jsonl");
  }

  private static List<String> filesNaming(Path store, String scope) throws IOException {
    try (var files = Files.walk(store)) {
      var naming = new ArrayList<String>();
      for (var file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), ISO_8859_1).contains(scope)) {
          naming.add(String.valueOf(file.getFileName()));
        }
      }
      return naming;
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
