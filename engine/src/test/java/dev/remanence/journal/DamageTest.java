package dev.remanence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.StoreCare;
import dev.remanence.Verification;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Damages a store's files at random places and asks everything. What must hold:
///
/// - An answer is right or withheld with an error of the family, never wrong.
/// - Where `verify --deep` finds nothing, every answer is given and right.
/// - `repair` leaves a sound store with every revision that could be read, and nothing erased comes
///   back; where it lists no loss, all answers are what they were.
///
/// `-Dremanence.seed=…` replays a failure, `-Dremanence.damages=…` says how many of each kind.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DamageTest {
  private static final int DAMAGES = Integer.getInteger("remanence.damages", 10);

  @TempDir static Path temp;

  private Path sound;
  private Path withWal;
  private final Map<Path, Truth> truths = new HashMap<>();

  /// A sound store's answers and revisions.
  private record Truth(Answers answers, Map<String, Boolean> revisions, Set<UUID> ids) {}

  @BeforeAll
  void makeStores() throws IOException {
    sound = temp.resolve("sound");
    withWal = temp.resolve("with-wal");
    ChurnedStore.make(sound, 1, 450);
    var open = temp.resolve("open");
    try (var journal = ChurnedStore.makeOpen(open, 2, 450)) {
      assertThat(journal.commits()).isPositive();
      ChurnedStore.copy(open, withWal);
    }
    truths.put(sound, truth(sound));
    truths.put(withWal, truth(withWal));
  }

  @AfterAll
  void tell() {
    outcomes.forEach((outcome, count) -> System.out.println("damage: " + outcome + " " + count));
  }

  private final Map<String, Integer> outcomes = new TreeMap<>();

  private static Truth truth(Path store) throws IOException {
    var copy = temp.resolve("asked");
    Disk.deleteTree(copy);
    ChurnedStore.copy(store, copy);
    var revisions = revisions(copy);
    var ids = new HashSet<UUID>();
    try (var inspection = Inspection.ofStore(copy)) {
      for (var entry : inspection.reader().entries(0, Integer.MAX_VALUE)) {
        ids.add(entry.header().memory());
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    ids.remove(new UUID(0, 0));
    return new Truth(Answers.of(copy, ids), revisions, ids);
  }

  /// Hashes of the revisions that can be read, and whether each is erased.
  private static Map<String, Boolean> revisions(Path store) throws IOException {
    Map<String, Boolean> found = new HashMap<>();
    try (var inspection = Inspection.ofStore(store)) {
      var reader = inspection.reader();
      long last = 2000;
      for (long pos = 1; pos <= last; pos++) {
        try (var row =
            reader
                .prepared("SELECT " + Row.COLUMNS + " FROM revision WHERE pos = " + pos)
                .executeQuery()) {
          if (row.next()) {
            var entry = Row.read(row, 1, reader.bench());
            found.put(Hash.hex(entry.hash()), entry.erased());
          }
        } catch (SQLException | CorruptStore e) {
          assertThat(e).isNotNull();
        }
      }
    } catch (SQLException | RemanenceException e) {
      assertThat(e).isNotNull();
    }
    return found;
  }

  @FunctionalInterface
  private interface Damage {
    void apply(RandomAccessFile file, SplittableRandom random) throws IOException;
  }

  private static void flip(RandomAccessFile file, SplittableRandom random) throws IOException {
    long at = random.nextLong(file.length());
    file.seek(at);
    int b = file.read();
    file.seek(at);
    file.write(b ^ (1 << random.nextInt(8)));
  }

  private static void zero(RandomAccessFile file, SplittableRandom random, int unit)
      throws IOException {
    long at = random.nextLong(Math.max(1, file.length() / unit)) * unit;
    file.seek(at);
    file.write(new byte[(int) Math.min(unit, file.length() - at)]);
  }

  private static void cut(RandomAccessFile file, SplittableRandom random) throws IOException {
    file.setLength(random.nextLong(file.length()));
  }

  @Test
  void everything_afterAFlippedBitInTheJournal_isRightOrWithheldAndRepaired() throws IOException {
    trials(sound, "journal.db", "flip", DamageTest::flip);
  }

  @Test
  void everything_afterAFlippedBitInTheWal_isRightOrWithheldAndRepaired() throws IOException {
    trials(withWal, "journal.db-wal", "flip", DamageTest::flip);
  }

  @Test
  void everything_afterAZeroedPage_isRightOrWithheldAndRepaired() throws IOException {
    trials(sound, "journal.db", "zero page", (file, random) -> zero(file, random, 4096));
  }

  @Test
  void everything_afterAZeroedSector_isRightOrWithheldAndRepaired() throws IOException {
    trials(sound, "journal.db", "zero sector", (file, random) -> zero(file, random, 512));
    trials(withWal, "journal.db-wal", "zero sector", (file, random) -> zero(file, random, 512));
  }

  @Test
  void everything_afterATruncation_isRightOrWithheldAndRepaired() throws IOException {
    trials(sound, "journal.db", "cut", DamageTest::cut);
    trials(withWal, "journal.db-wal", "cut", DamageTest::cut);
  }

  @Test
  void everything_afterAFlippedBitBesideTheJournal_isRightOrWithheldAndRepaired()
      throws IOException {
    for (var file : List.of("heads.jsonl", "acked", "site.key")) {
      trials(sound, file, "flip", DamageTest::flip);
    }
  }

  private void trials(Path store, String file, String kind, Damage damage) throws IOException {
    Long replayed = Long.getLong("remanence.seed");
    for (long seed = 1; seed <= DAMAGES; seed++) {
      trial(store, file, kind, damage, replayed == null ? seed : replayed);
    }
  }

  private void trial(Path store, String file, String kind, Damage damage, long seed)
      throws IOException {
    var name = kind + " in " + file + ", -Dremanence.seed=" + seed;
    var damaged = temp.resolve("damaged");
    for (var each : siblings(damaged)) {
      Disk.deleteTree(each);
    }
    ChurnedStore.copy(store, damaged);
    try (var bytes = new RandomAccessFile(damaged.resolve(file).toFile(), "rw")) {
      damage.apply(bytes, new SplittableRandom(seed));
    }
    var truth = Objects.requireNonNull(truths.get(store));
    var readable = revisions(damaged);
    var before = bytes(damaged);
    var verification = verify(damaged);
    assertThat(bytes(damaged)).as(name + ": verify changes nothing").isEqualTo(before);
    var asked = temp.resolve("asked");
    Disk.deleteTree(asked);
    ChurnedStore.copy(damaged, asked);
    ask(name, asked, truth, verification);
    if (verification == null || !verification.sound()) {
      repair(name, damaged, truth, readable);
    } else {
      count(kind + " in " + file + ": harmless");
    }
  }

  private static List<Path> siblings(Path path) throws IOException {
    try (var files = Files.list(temp)) {
      return files
          .filter(each -> each.getFileName().toString().startsWith(path.getFileName().toString()))
          .toList();
    }
  }

  private static Map<String, Integer> bytes(Path store) throws IOException {
    Map<String, Integer> sums = new TreeMap<>();
    for (var name : List.of("journal.db", "journal.db-wal", "acked", "heads.jsonl", "site.key")) {
      var file = store.resolve(name);
      sums.put(name, Files.exists(file) ? Checksum.of(Files.readAllBytes(file)) : 0);
    }
    return sums;
  }

  /// What verify finds; null where the file is refused as another program's or version's.
  private static @Nullable Verification verify(Path store) {
    try {
      return StoreCare.verify(store, true, null);
    } catch (RemanenceException e) {
      return null;
    }
  }

  private void ask(String name, Path store, Truth truth, @Nullable Verification verification) {
    boolean found = verification == null || !verification.sound();
    Answers answers;
    try {
      answers = Answers.of(store, truth.ids);
    } catch (RemanenceException e) {
      assertThat(found).as(name + ": the store does not open, so verify finds it: " + e).isTrue();
      return;
    }
    assertThat(answers.wrongAgainst(truth.answers, !found)).as(name + ": answers").isEmpty();
    if (!found) {
      assertThat(answers.withheld()).as(name + ": verify found nothing").isEmpty();
    }
  }

  private void repair(String name, Path store, Truth truth, Map<String, Boolean> readable)
      throws IOException {
    StoreCare.RepairReport report;
    try {
      report = StoreCare.repair(store);
    } catch (RemanenceException e) {
      assertThat(readable).as(name + ": repair gave up: " + e).isEmpty();
      count(name.replaceAll(", -D.*", "") + ": beyond repair " + e.name());
      return;
    }
    assertThat(StoreCare.verify(store, true, null).problems()).as(name + ": repaired").isEmpty();
    var after = revisions(store);
    assertThat(after.keySet()).as(name + ": readable revisions").containsAll(readable.keySet());
    for (var each : truth.revisions.entrySet()) {
      // The tail of a WAL may hold the erasure itself; a finished one is in the database.
      if (each.getValue() && !name.contains("-wal")) {
        assertThat(after.getOrDefault(each.getKey(), true)).as(name + ": erased").isTrue();
      }
    }
    count(
        name.replaceAll(", -D.*", "")
            + (report.salvaged() ? ": salvaged" : report.kept() == null ? ": rebuilt" : ": copied")
            + (report.lost().isEmpty() ? "" : " with losses"));
    if (report.lost().isEmpty()) {
      var answers = Answers.of(store, truth.ids);
      var off = new ArrayList<>(answers.wrongAgainst(truth.answers, true));
      off.addAll(answers.withheld());
      assertThat(off).as(name + ": answers after repair").isEmpty();
    }
  }

  private void count(String outcome) {
    outcomes.merge(outcome, 1, Integer::sum);
  }
}
