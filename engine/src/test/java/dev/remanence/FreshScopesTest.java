package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A question about a scope or a key that is just being made finds it or does not; it never takes
/// the commit that makes it for damage.
final class FreshScopesTest {
  private static final int SCOPES = 1500;

  @Test
  void questions_meetCommits(@TempDir Path directory) throws InterruptedException {
    try (var store = Remanence.open(directory, OpenOptions.DEFAULT.shared(false))) {
      var next = new AtomicInteger();
      var wrong = new AtomicReference<Throwable>();
      var asking =
          Thread.ofPlatform()
              .start(() -> {
                while (next.get() < SCOPES && wrong.get() == null) {
                  try {
                    var scope = "s" + next.get();
                    store.list(scope, Listing.FIRST);
                    store.get(scope, "key", AsOf.NOW);
                  } catch (RemanenceException.NotFound _) {
                    // Not yet.
                  } catch (RuntimeException e) {
                    wrong.set(e);
                  }
                }
              });
      for (int i = 0; i < SCOPES; i++) {
        next.set(i);
        store.remember("s" + i, Draft.of("x").key("key"));
      }
      next.set(SCOPES);
      asking.join();
      assertThat(wrong.get()).isNull();
    }
  }
}
