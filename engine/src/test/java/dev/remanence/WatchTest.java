package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.InvalidInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What [Remanence#watch] tells, to whom, and when.
final class WatchTest {
  @TempDir private Path directory;
  private Remanence store;
  private final BlockingQueue<WatchEvent> told = new LinkedBlockingQueue<>();

  @BeforeEach
  void open() {
    store = Remanence.open(directory.resolve("store"), OpenOptions.DEFAULT.shared(false));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private WatchEvent next() throws InterruptedException {
    return Objects.requireNonNull(told.poll(20, TimeUnit.SECONDS), "nothing was told");
  }

  @Test
  void watch_tellsEachRevisionInOrderAndGoesOnFromAPosition() throws InterruptedException {
    var id = store.remember("acme", Draft.of("tea")).id();
    try (var _ = store.watch("acme", false, null, told::add)) {
      store.revise(id, new Patch().text("green tea"));
      store.remember("other", Draft.of("unseen"));
      store.remember("acme/below", Draft.of("unseen too"));
      store.forget(id, null);
      var revised = next();
      assertThat(revised.id()).isEqualTo(id);
      assertThat(revised.scope()).isEqualTo("acme");
      assertThat(revised.revision()).isEqualTo(2);
      assertThat(revised.change()).isEqualTo(Change.REVISE);
      assertThat(revised.tool()).isEqualTo("java");
      var forgotten = next();
      assertThat(forgotten.change()).isEqualTo(Change.FORGET);
      assertThat(forgotten.position()).isGreaterThan(revised.position());
    }
    assertThat(told).isEmpty();
    try (var _ = store.watch("acme", true, 0L, told::add)) {
      assertThat(next().change()).isEqualTo(Change.CREATE);
      assertThat(next().change()).isEqualTo(Change.REVISE);
      var below = next();
      assertThat(below.scope()).isEqualTo("acme/below");
      assertThat(next().change()).isEqualTo(Change.FORGET);
      try (var _ = store.watch("acme", true, below.position(), told::add)) {
        assertThat(next().change()).isEqualTo(Change.FORGET);
      }
    }
  }

  @Test
  void whatIsTold_isSeenByTheQuestionThatFollows() throws InterruptedException {
    var id = store.remember("acme", Draft.of("0")).id();
    var wrong = new ArrayList<String>();
    var done = new CountDownLatch(100);
    try (var _ =
        store.watch(
            "acme",
            false,
            null,
            event -> {
              var memory = store.get(id);
              if (memory.revision() < event.revision()) {
                wrong.add(memory.revision() + " < " + event.revision());
              }
              done.countDown();
            })) {
      for (int i = 1; i <= 100; i++) {
        store.get(id);
        store.revise(id, new Patch().text(Integer.toString(i)));
      }
      assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void oneWhoIsSlow_holdsUpNobodyAndMissesNothing() throws InterruptedException {
    var ready = new CountDownLatch(1);
    try (var _ =
        store.watch(
            null,
            true,
            null,
            event -> {
              awaitQuietly(ready);
              told.add(event);
            })) {
      for (int i = 0; i < 1000; i++) {
        store.remember("acme", Draft.of("memory " + i));
      }
      ready.countDown();
      long last = 0;
      for (int i = 0; i < 1000; i++) {
        var event = next();
        assertThat(event.position()).isGreaterThan(last);
        last = event.position();
      }
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void grants_areKeptAndErasedNamesAreHidden() throws InterruptedException {
    var caller = Caller.of("few").grant(new Grant(EnumSet.of(Verb.READ), List.of("acme/a/**")));
    var blind = Caller.of("blind").grant(new Grant(EnumSet.of(Verb.WRITE), List.of("**")));
    store.remember("acme/a/gone", Draft.of("erased"));
    store.eraseScope("acme/a/gone", false, null);
    store.remember("acme/b", Draft.of("elsewhere"));
    store.remember("acme/a", Draft.of("mine"));
    try (var few = store.session(caller);
        var none = store.session(blind)) {
      assertThatThrownBy(() -> few.watch("acme/b", true, null, told::add))
          .isInstanceOf(Forbidden.class);
      assertThatThrownBy(() -> few.watch("acme", true, null, told::add))
          .isInstanceOf(Forbidden.class);
      assertThatThrownBy(() -> none.watch(null, true, null, told::add))
          .isInstanceOf(Forbidden.class);
      assertThatThrownBy(() -> few.watch(null, true, 1L << 40, told::add))
          .isInstanceOf(InvalidInput.class);
      try (var _ = few.watch(null, true, 0L, told::add)) {
        var event = next();
        assertThat(event.scope()).isEqualTo("acme/a");
        store.remember("acme/b", Draft.of("elsewhere again"));
        store.remember("acme/a", Draft.of("mine again"));
        assertThat(next().scope()).isEqualTo("acme/a");
      }
      assertThat(told).isEmpty();
    }
  }

  @Test
  void aWatch_endsWithTheStoreOrItsConsumer() {
    var watch = store.watch(null, true, null, told::add);
    var broken =
        store.watch(
            null,
            true,
            null,
            _ -> {
              throw new IllegalStateException("enough");
            });
    store.remember("acme", Draft.of("x"));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (broken.isOpen() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(broken.isOpen()).isFalse();
    assertThat(watch.isOpen()).isTrue();
    store.close();
    assertThat(watch.isOpen()).isFalse();
  }
}
