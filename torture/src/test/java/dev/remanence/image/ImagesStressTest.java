package dev.remanence.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.Filter;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.journal.Texts;
import dev.remanence.recall.Passage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// [Images] read by several threads beside one that writes to two scopes:
///
/// - a view holds all that was acknowledged before it was asked for, and nothing that was not
///   begun;
/// - the views that one thread gets of a scope never go back;
/// - a view that is kept shows the same at the end as when it was taken.
///
/// So it is as well where an image is dropped as soon as another is made, and where snapshots are
/// written and read all the while. Images are built over native code, so the interleavings are
/// those that happen, not those that a model checker tries.
///
/// The planted bug, which the same check must find: views that are not brought up to date.
@NullMarked
class ImagesStressTest {
  private static final int READERS = 3;
  private static final int WRITES = 1500;
  private static final int KEPT = 20;

  @TempDir Path directory;

  /// How a reader comes to its view.
  private interface Looking {
    View view(Images images, long scope);
  }

  @Test
  void view_besideAWriter_holdsAllThatWasAcknowledged() throws Exception {
    check(Long.MAX_VALUE, Images::view);
  }

  @Test
  void view_imagesDroppedAtOnce_holdsAllThatWasAcknowledged() throws Exception {
    check(1, Images::view);
  }

  @Test
  void view_snapshotsWrittenMeanwhile_holdsAllThatWasAcknowledged() throws Exception {
    check(
        1,
        (images, scope) -> {
          var view = images.view(scope);
          images.writeAll();
          return view;
        });
  }

  @Test
  void view_notBroughtUpToDate_isFound() {
    var first = new HashMap<Long, View>();
    assertThatThrownBy(() ->
            check(
                Long.MAX_VALUE,
                (images, scope) -> {
                  synchronized (first) {
                    return first.computeIfAbsent(scope, images::view);
                  }
                }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("acknowledged");
  }

  private void check(long imageBytesMax, Looking looking) throws Exception {
    var wrong = new ConcurrentLinkedQueue<Object>();
    try (var journal = Texts.open(directory.resolve("store"))) {
      var images = new Images(journal, Passage::indexed, imageBytesMax);
      var scopes = new Scope[] {new Scope(journal, "one"), new Scope(journal, "other")};
      var threads = new ArrayList<Thread>();
      var running = new AtomicBoolean(true);
      for (int i = 0; i < READERS; i++) {
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    read(images, scopes, looking, running);
                  } catch (RuntimeException | AssertionError e) {
                    wrong.add(e);
                  }
                }));
      }
      for (int i = 0; i < WRITES && wrong.isEmpty(); i++) {
        scopes[i % 2].write();
      }
      running.set(false);
      for (var thread : threads) {
        thread.join();
      }
    }
    assertThat(wrong).isEmpty();
  }

  /// A scope to which one thread writes.
  private static final class Scope {
    final long id;
    final AtomicInteger begun = new AtomicInteger();
    final AtomicInteger acknowledged = new AtomicInteger();
    private final SqliteJournal journal;
    private final String path;

    Scope(SqliteJournal journal, String path) {
      this.journal = journal;
      this.path = path;
      id = write();
    }

    long write() {
      int number = begun.incrementAndGet();
      long scope =
          journal.write(64, ledger -> Texts.append(ledger, path, path + " number " + number));
      acknowledged.set(number);
      return scope;
    }
  }

  private static void read(Images images, Scope[] scopes, Looking looking, AtomicBoolean running) {
    Map<View, Integer> kept = new HashMap<>();
    var seenBefore = new int[scopes.length];
    for (int i = 0; running.get(); i++) {
      int which = i % scopes.length;
      var scope = scopes[which];
      int acknowledged = scope.acknowledged.get();
      var view = looking.view(images, scope.id);
      int seen = visible(view);
      assertThat(seen).describedAs("acknowledged").isGreaterThanOrEqualTo(acknowledged);
      assertThat(seen).describedAs("begun").isLessThanOrEqualTo(scope.begun.get());
      assertThat(seen).describedAs("before").isGreaterThanOrEqualTo(seenBefore[which]);
      seenBefore[which] = seen;
      if (kept.size() < KEPT) {
        kept.put(view, seen);
      }
    }
    kept.forEach((view, seen) -> assertThat(visible(view)).describedAs("kept").isEqualTo(seen));
  }

  /// The memories that a view shows as current.
  private static int visible(View view) {
    var found = new AtomicInteger();
    view.visit(
        new View.Moment(null, null, Long.MIN_VALUE), Filter.ALL, _ -> found.incrementAndGet());
    return found.get();
  }
}
