package dev.remanence.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Filter;
import dev.remanence.Provenance;
import dev.remanence.journal.Body;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.life.Changes;
import dev.remanence.life.Wish;
import dev.remanence.recall.Passage;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A view that a reader pinned answers as before, however many rows come after it.
@NullMarked
class PinnedViewTest {
  private static final Body.Cause CAUSE = new Body.Cause("session", "test", null, null, null);

  @TempDir Path temp;

  @Test
  void rowOf_contentShownByRowsBeyondTheView_isTheViewsOwn() {
    try (var journal =
        SqliteJournal.open(
            temp.resolve("store"),
            true,
            Duration.ofSeconds(10),
            InstantSource.system(),
            new SecureRandom())) {
      var images = new Images(journal, Passage::indexed, Long.MAX_VALUE);
      var id =
          journal.write(256, ledger -> new Changes(ledger, CAUSE).remember("acme", wish())).id();
      long scope = journal.read(reader -> reader.scope("acme"));
      var pinned = images.view(scope);
      for (int i = 0; i < 40; i++) {
        int number = i;
        journal.write(256, ledger -> new Changes(ledger, CAUSE).link(id, "type" + number, id));
        images.view(scope);
      }
      var scan = pinned.scan(new View.Moment(null, null, 0), Filter.ALL);
      assertThat(scan.rowOf(0)).isZero();
      assertThat(pinned.count()).isEqualTo(1);
    }
  }

  private static Wish wish() {
    return new Wish(
        new Body.Content("Anna drinks tea", null, null, null),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        new Provenance("session", "test", null, null, null, null, null, null),
        null,
        null,
        null);
  }
}
