package dev.remanence.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Change;
import dev.remanence.Draft;
import dev.remanence.Filter;
import dev.remanence.Query;
import dev.remanence.Remanence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process is killed while it erases one memory after another, round after round on one store,
/// until some kills have struck between an erasure's transaction and its end.
///
/// Once the store is open again:
///
/// - each memory is erased or whole;
/// - of an erased one no word (UTF-8, UTF-16), salt or packed byte is in any file of the store, its
///   snapshots among them;
/// - no erasure is unfinished, and `verify` finds nothing.
///
/// The control: before each round the store's files and a snapshot hold the words.
@NullMarked
class EraseKillTest {
  private static final long SEED = Long.getLong("remanence.seed", 1);
  private static final int SECRETS = 150;
  private static final int ROUNDS_MAX = 40;

  /// So many that the scope is worth a snapshot.
  private static final int OTHERS = 1200;

  @TempDir Path temp;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Map<UUID, String> words = new HashMap<>();
  private final Map<UUID, Traces> traces = new HashMap<>();

  /// The process that is killed: it erases what has a tag until nothing is left.
  static final class Eraser {
    private Eraser() {}

    public static void main(String[] arguments) {
      try (var store = Remanence.open(Path.of(arguments[0]))) {
        List<UUID> ids;
        try (var secrets = store.stream("scope", Filter.tagged("secret"), false)) {
          ids = secrets.map(memory -> memory.id()).toList();
        }
        System.out.println("erasing");
        ids.forEach(id -> store.erase(id, null));
      }
    }
  }

  @Test
  void erase_killedInTheMiddle_isFinishedAtTheNextOpen() throws Exception {
    var directory = temp.resolve("store");
    fill(directory);
    int unfinished = 0;
    for (int round = 1; round <= ROUNDS_MAX && unfinished < 3; round++) {
      assertThat(
              Traces.of(List.copyOf(words.values()).toArray(String[]::new))
                  .foundBelow(directory.resolve("images")))
          .describedAs("a snapshot holds what is not erased yet")
          .isNotEmpty();
      kill(directory);
      unfinished += pending(directory, round);
      checkErased(directory, round);
    }
    assertThat(unfinished).describedAs("kills in the middle of an erasure").isGreaterThan(2);
  }

  private void fill(Path directory) throws Exception {
    try (var store = Remanence.open(directory)) {
      var drafts = new ArrayList<Draft>();
      for (int i = 0; i < OTHERS; i++) {
        drafts.add(Draft.of("memory number " + i));
      }
      store.rememberAll("scope", drafts);
      for (int i = 0; i < SECRETS; i++) {
        var word = word();
        words.put(store.remember("scope", Draft.of(word + " it is").tags("secret")).id(), word);
      }
      store.recall("scope", Query.of("number"));
    }
    for (var secret : words.entrySet()) {
      traces.put(
          secret.getKey(),
          Traces.of(directory, List.of(secret.getKey())).and(Traces.of(secret.getValue())));
    }
  }

  private String word() {
    var word = new StringBuilder();
    while (word.length() < 16) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    return word.toString();
  }

  private void kill(Path directory) throws Exception {
    var log = temp.resolve("eraser.log");
    var process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Eraser.class.getName(),
                directory.toString())
            .redirectError(log.toFile())
            .start();
    try (var lines = process.inputReader(UTF_8)) {
      assertThat(lines.readLine()).describedAs(Files.readString(log)).isEqualTo("erasing");
      awaitChanges(process, directory.resolve("journal.db-wal"), random.nextInt(1, 6));
      assertThat(process.waitFor(random.nextInt(3), TimeUnit.MILLISECONDS)).isFalse();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /// An erasure lets the write-ahead log grow by its transaction, empties it, and lets it grow
  /// again when it is finished: so a kill soon after a change is one in the middle, about half the
  /// time.
  private static void awaitChanges(Process process, Path wal, int changes) {
    long size = wal.toFile().length();
    for (int left = changes; left > 0 && process.isAlive(); ) {
      long now = wal.toFile().length();
      if (now != size) {
        size = now;
        left--;
      }
      Thread.onSpinWait();
    }
  }

  /// How many erasures are decided and not finished, looked up in a copy: to look is to open, and
  /// SQLite recovers what it opens.
  private int pending(Path directory, int round) throws IOException, SQLException {
    var copy = Files.createDirectory(temp.resolve("round" + round));
    for (var name : List.of("journal.db", "journal.db-wal")) {
      if (Files.exists(directory.resolve(name))) {
        Files.copy(directory.resolve(name), copy.resolve(name));
      }
    }
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + copy.resolve("journal.db"));
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT count(*) FROM erasure WHERE pending <> 0")) {
      return row.getInt(1);
    }
  }

  private void checkErased(Path directory, int round) throws Exception {
    var replay = "to replay: -Dremanence.seed=" + SEED + ", round " + round;
    try (var store = Remanence.open(directory)) {
      for (var id : List.copyOf(words.keySet())) {
        if (store.history(id).getLast().change() == Change.ERASE) {
          words.remove(id);
          assertThat(Objects.requireNonNull(traces.get(id)).foundIn(directory))
              .describedAs(replay)
              .isEmpty();
        } else {
          assertThat(store.get(id).text()).describedAs(replay).startsWith(words.get(id));
        }
      }
      assertThat(words).describedAs("left for the next round").isNotEmpty();
      assertThat(store.verify(true, null).problems()).describedAs(replay).isEmpty();
      store.recall("scope", Query.of("number"));
    }
    assertThat(pending(directory, -round)).isZero();
    for (var secret : traces.entrySet()) {
      if (!words.containsKey(secret.getKey())) {
        assertThat(secret.getValue().foundIn(directory)).describedAs(replay).isEmpty();
      }
    }
  }
}
