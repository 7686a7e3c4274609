package dev.remanence.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Draft;
import dev.remanence.Filter;
import dev.remanence.OpenOptions;
import dev.remanence.Patch;
import dev.remanence.Remanence;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.journal.VectorTable;
import dev.remanence.recall.Passage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Snapshot files of small scopes, looked at from inside: what is damaged, half written, of another
/// store, or behind is passed over or completed, and images that come and go under a small budget
/// answer right.
final class SnapshotsTest {
  private static final Logger LOG = Logger.getLogger("dev.remanence");
  private static final int DIMENSIONS = 8;
  private static final long BUDGET = 64 << 20;

  @TempDir Path temp;

  @AfterEach
  void speakAgain() {
    LOG.setLevel(null);
  }

  private static SqliteJournal journal(Path directory) {
    return SqliteJournal.open(
        directory, false, Duration.ofSeconds(10), InstantSource.system(), new SecureRandom());
  }

  private static Images images(SqliteJournal journal) {
    return new Images(journal, Passage::indexed, BUDGET);
  }

  /// A store with one small scope, number 1.
  private Path small(String name, int seed) {
    var directory = temp.resolve(name);
    var random = new SplittableRandom(seed);
    try (var store = Remanence.open(directory, OpenOptions.DEFAULT.embedder("none"))) {
      for (int i = 0; i < 6; i++) {
        var id =
            store
                .remember(
                    "scope",
                    Draft.of("tea number " + i + " for " + name)
                        .tags("a" + i % 3)
                        .vector(vector(random)))
                .id();
        if (i % 4 == 0) {
          store.revise(id, new Patch().text("coffee number " + i));
        }
      }
    }
    return directory;
  }

  private static float[] vector(SplittableRandom random) {
    var vector = new float[DIMENSIONS];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextDouble(-1, 1);
    }
    return vector;
  }

  /// All that a view shows, now and at each of its recorded times.
  private static String picture(View view) {
    var picture = new StringBuilder();
    for (int row = 0; row < view.count(); row++) {
      picture.append(view.id(row)).append(view.pos(row)).append(view.importance(row));
      picture.append(view.speaker(view.content(row))).append(view.session(view.content(row)));
      var moment = new View.Moment(view.recordedFrom(row), null, Long.MIN_VALUE);
      view.visit(moment, Filter.tagged("a1"), known -> picture.append(' ').append(known));
      picture.append('\n');
    }
    for (var knownAt : new Long[] {null, view.recordedFrom(view.count() / 2)}) {
      var scan = view.scan(new View.Moment(knownAt, null, 0), Filter.ALL);
      var eligible = scan.eligible();
      for (var question : List.of("tea number", "coffee for small", "a2")) {
        var statistics = new WordStatistics(Analysis.of(Language.ENGLISH).analyze(question));
        if (eligible == null) {
          statistics.add(scan.words());
        } else {
          statistics.add(scan.words(), eligible);
        }
        var scores = new WordScores();
        scores.score(scan.words(), statistics);
        picture
            .append(eligible == null ? scores.best(20, scan.words()) : scores.best(20, eligible))
            .append('\n');
      }
    }
    var models = new TreeMap<String, TreeSet<String>>();
    for (var each : view.vectors()) {
      var found =
          each.codes()
              .search(VectorQuery.nearest(vector(new SplittableRandom(9)), 1000), each.count());
      var all = models.computeIfAbsent(each.model(), _ -> new TreeSet<>());
      for (int i = 0; i < found.size(); i++) {
        all.add(found.rows()[i] + ":" + found.cosines()[i]);
      }
    }
    return picture.append(models).append(view.speakers()).toString();
  }

  @Test
  void read_anyByteFlippedOrMissing_isPassedOverOrHarmless() throws Exception {
    LOG.setLevel(Level.OFF);
    var directory = small("small", 1);
    var file = directory.resolve("images/1.image");
    try (var journal = journal(directory)) {
      var first = images(journal);
      var expected = picture(first.view(1));
      first.writeAll();
      var bytes = Files.readAllBytes(file);
      var whole = images(journal);
      assertThat(picture(whole.view(1))).isEqualTo(expected);
      assertThat(whole.sizeOnDisk(1)).isPositive();
      int harmless = 0;
      var random = new SplittableRandom(3);
      for (int at = 0; at < bytes.length; at++) {
        var flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, flipped);
        var images = images(journal);
        assertThat(picture(images.view(1))).describedAs("byte " + at).isEqualTo(expected);
        harmless += images.sizeOnDisk(1) > 0 ? 1 : 0;
      }
      assertThat(harmless).describedAs("zeros between sections").isLessThan(bytes.length / 4);
      for (int size = 0; size < bytes.length; size += 1 + random.nextInt(40)) {
        Files.write(file, Arrays.copyOf(bytes, size));
        var images = images(journal);
        assertThat(picture(images.view(1))).describedAs("size " + size).isEqualTo(expected);
        assertThat(images.sizeOnDisk(1)).isZero();
      }
    }
  }

  @Test
  void remove_whileTheFileIsWritten_endsTheWriting() throws Exception {
    var directory = small("small", 1);
    try (var journal = journal(directory)) {
      var writingBegun = new CompletableFuture<Void>();
      var removing = new CompletableFuture<Void>();
      var slow = new AtomicBoolean();
      // A snapshot asks how texts are taken apart when its file is open and before it is written.
      Indexing indexing =
          (content, attributes) -> {
            if (slow.get()) {
              writingBegun.complete(null);
              removing.join();
            }
            return Passage.indexed(content, attributes);
          };
      var images = directory.resolve("images");
      var snapshots = new Snapshots(images, journal.storeId(), indexing);
      var image = new ScopeImage(1, indexing, snapshots);
      journal.readConsistently(reader -> {
        image.catchUp(reader, journal.lastPosition());
        return image;
      });
      var snapshot = Objects.requireNonNull(image.snapshot());
      slow.set(true);
      var written = CompletableFuture.supplyAsync(() -> snapshots.write(1, snapshot));
      writingBegun.join();
      // A second name shows what becomes of the file once its own is gone.
      var file = Files.createLink(temp.resolve("link"), images.resolve("1.image.new"));
      var removed =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  snapshots.remove(1, journal.lastPosition() + 1);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      while (removed.isAlive() && removed.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      removing.complete(null);
      assertThat(written.join()).isFalse();
      removed.join();
      assertThat(file).isEmptyFile();
      assertThat(images).isEmptyDirectory();
      assertThat(snapshots.write(1, snapshot)).describedAs("of before the erasure").isFalse();
    }
  }

  @Test
  void read_snapshotOfAnotherStore_isPassedOver() throws Exception {
    LOG.setLevel(Level.OFF);
    var one = small("one", 1);
    var other = small("other", 2);
    try (var journal = journal(other)) {
      var images = images(journal);
      assertThat(images.view(1).count()).isPositive();
      images.writeAll();
    }
    Files.createDirectories(one.resolve("images"));
    Files.copy(other.resolve("images/1.image"), one.resolve("images/1.image"));
    try (var journal = journal(one)) {
      var images = images(journal);
      assertThat(images.view(1).count()).isPositive();
      assertThat(images.sizeOnDisk(1)).isZero();
    }
  }

  @Test
  void read_vectorsThatCameAfterTheSnapshot_areTakenUp() throws Exception {
    var directory = small("small", 1);
    try (var journal = journal(directory)) {
      var before = images(journal);
      var view = before.view(1);
      long holder = view.holder(0);
      before.writeAll();
      journal.write(
          1024,
          ledger -> {
            VectorTable.put(
                ledger,
                holder,
                new VectorTable.Computed(
                    "model", new byte[32], List.of(vector(new SplittableRandom(5)))));
            return VectorTable.countLate(ledger, 1);
          });
      var images = images(journal);
      var seen = images.view(1);
      assertThat(images.sizeOnDisk(1)).isPositive();
      assertThat(seen.vectors())
          .anyMatch(each -> each.model().equals("model") && each.ordinal(0) >= 0);
    }
  }

  @Test
  void open_unfinishedAndForeignFiles_removesOnlyTheUnfinished() throws Exception {
    var directory = small("small", 1);
    var images = Files.createDirectories(directory.resolve("images"));
    Files.writeString(images.resolve("1.image.new"), "half");
    Files.writeString(images.resolve("notes.txt"), "mine");
    try (var journal = journal(directory)) {
      assertThat(images(journal).view(1).count()).isPositive();
      assertThat(images.resolve("1.image.new")).doesNotExist();
      Images.removeSnapshots(journal);
      assertThat(images.resolve("notes.txt")).exists();
    }
  }

  @Test
  void write_placeOfTheFilesIsTaken_failsNobody() throws Exception {
    LOG.setLevel(Level.OFF);
    var directory = small("small", 1);
    Files.writeString(directory.resolve("images"), "a file");
    try (var journal = journal(directory)) {
      var images = images(journal);
      assertThat(images.view(1).count()).isPositive();
      images.writeAll();
      assertThat(images.sizeOnDisk(1)).isZero();
    }
  }

  @Test
  void view_manyScopesUnderASmallBudget_answersRight() throws Exception {
    var directory = temp.resolve("many");
    int scopes = 10_000;
    try (var store = Remanence.open(directory, OpenOptions.DEFAULT.embedder("none"))) {
      var out = new StringBuilder();
      for (int scope = 0; scope < scopes; scope++) {
        out.append("{\"scope\":\"s/").append(scope).append("\",\"text\":\"tea of ").append(scope);
        out.append("\"}\n");
      }
      store.importFrom(
          new ByteArrayInputStream(out.toString().getBytes(StandardCharsets.UTF_8)),
          dev.remanence.ImportOptions.DEFAULT,
          Remanence.Progress.NONE);
    }
    var random = new SplittableRandom(4);
    try (var journal = journal(directory)) {
      var images = new Images(journal, Passage::indexed, 4 << 20);
      for (int i = 0; i < scopes + scopes / 4; i++) {
        int scope = 1 + (i < scopes ? i : random.nextInt(scopes));
        assertThat(images.view(scope).count()).isOne();
        assertThat(images.bytes()).isLessThanOrEqualTo(4 << 20);
      }
      assertThat(images.count()).isBetween(100, 2000);
    }
  }

  @Test
  void view_writtenDroppedAndReadByMany_neverWrong() throws Exception {
    var directory = small("small", 1);
    var random = new SplittableRandom(6);
    try (var journal = journal(directory)) {
      var images = new Images(journal, Passage::indexed, BUDGET);
      var expected = picture(images.view(1));
      var end = new AtomicBoolean();
      var wrong = new AtomicReference<@Nullable Object>();
      var readers = new ArrayList<Thread>();
      for (int i = 0; i < 2; i++) {
        readers.add(
            Thread.ofPlatform()
                .start(() -> {
                  while (!end.get()) {
                    var picture = picture(images.view(1));
                    if (!picture.equals(expected)) {
                      wrong.set(picture);
                    }
                  }
                }));
      }
      for (int i = 0; i < 200; i++) {
        switch (random.nextInt(3)) {
          case 0 -> images.drop(1);
          case 1 -> images.erased(1);
          default -> images.writeAll();
        }
      }
      end.set(true);
      for (var reader : readers) {
        reader.join();
      }
      assertThat(wrong.get()).isNull();
      images.view(1);
      images.writeAll();
      assertThat(files(directory)).containsExactly("1.image");
    }
  }

  private static List<String> files(Path directory) throws IOException {
    try (var files = Files.list(directory.resolve("images"))) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }
}
