package dev.remanence.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that writes from eight threads is killed at random moments, round after round on one
/// store, in some rounds while it opens and recovers. [KillChecker] says what must hold after each.
///
/// The planted bugs, which the same checker must find: a line of an acknowledgement that never was,
/// and a file of the store that is taken back to what it was a round before.
@NullMarked
class KillTest {
  private static final @Nullable Long SEED = Long.getLong("remanence.seed");
  private static final int ROUNDS = Integer.getInteger("remanence.rounds", 60);

  /// Lines of the driver before its time begins to count.
  private static final int LINES_FIRST = 60;

  @TempDir Path temp;

  private final List<String> acknowledged = new ArrayList<>();
  private int opened;

  @Test
  void store_killedAFewTimes_keepsWhatItAcknowledged() throws Exception {
    rounds(4, SEED == null ? 1 : SEED);
  }

  @Test
  @Tag("torture")
  void store_killedManyTimes_keepsWhatItAcknowledged() throws Exception {
    rounds(ROUNDS, SEED == null ? System.nanoTime() : SEED);
  }

  @Test
  void checker_acknowledgementThatNeverWas_isFound() throws Exception {
    var store = temp.resolve("store");
    kill(store, "1", 200);
    var line =
        acknowledged.stream().filter(each -> each.startsWith("r ")).findFirst().orElseThrow();
    var parts = line.split(" ", 5);
    acknowledged.add("r " + parts[1] + " " + parts[2] + " 99 " + parts[4]);
    assertThat(KillChecker.check(store, acknowledged).wrong())
        .containsExactly("memory " + parts[2] + " has lost revision 99");
  }

  @Test
  void checker_journalOfARoundBefore_isFound() throws Exception {
    var store = temp.resolve("store");
    kill(store, "1", 100);
    assertThat(KillChecker.check(store, acknowledged).wrong()).isEmpty();
    var kept = Files.readAllBytes(store.resolve("journal.db"));
    kill(store, "2", 100);
    Files.write(store.resolve("journal.db"), kept);
    Files.deleteIfExists(store.resolve("journal.db-wal"));
    Files.deleteIfExists(store.resolve("journal.db-shm"));
    assertThat(KillChecker.check(store, acknowledged).wrong())
        .singleElement()
        .asString()
        .startsWith("CorruptStore: ");
  }

  private void rounds(int rounds, long seed) throws Exception {
    var random = new SplittableRandom(seed);
    var store = temp.resolve("store");
    int revisions = 0;
    for (int round = 1; round <= rounds; round++) {
      // Every fourth round dies while it opens: the store of the round before is not closed.
      kill(store, Integer.toString(round), round % 4 == 0 ? -1 : random.nextInt(150, 900));
      if (round % 4 == 3) {
        continue;
      }
      var verdict = KillChecker.check(store, acknowledged);
      assertThat(verdict.wrong())
          .describedAs("to replay: -Dremanence.seed=%s -Dremanence.rounds=%s", seed, round)
          .isEmpty();
      revisions = verdict.acknowledged();
    }
    assertThat(revisions).isGreaterThan(rounds * 10);
    assertThat(opened).isGreaterThan(rounds / 2);
  }

  /// Runs the driver and kills it so many milliseconds after its first acknowledgements, or, for a
  /// negative number, some milliseconds after its machine started, which is while it opens.
  private void kill(Path store, String round, int afterMillis) throws Exception {
    var process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KillDriver.class.getName(),
                store.toString(),
                round,
                "-")
            .redirectError(temp.resolve("driver.log").toFile())
            .start();
    var busy = new CountDownLatch(LINES_FIRST);
    var reading = Thread.ofPlatform().start(() -> read(process, busy));
    if (afterMillis < 0) {
      process.waitFor(250 + 40L * (Integer.parseInt(round) % 8), TimeUnit.MILLISECONDS);
    } else {
      assertThat(busy.await(30, TimeUnit.SECONDS)).describedAs("the driver writes").isTrue();
      process.waitFor(afterMillis, TimeUnit.MILLISECONDS);
    }
    boolean alive = process.isAlive();
    // Through the handle: Process.destroyForcibly closes the pipe before its lines are read.
    process.toHandle().destroyForcibly();
    process.waitFor();
    reading.join();
    assertThat(alive)
        .describedAs("the driver ended by itself: %s", Files.readString(temp.resolve("driver.log")))
        .isTrue();
  }

  private void read(Process process, CountDownLatch busy) {
    try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      var text = new StringBuilder();
      for (int c = lines.read(); c >= 0; c = lines.read()) {
        if (c != '\n') {
          text.append((char) c);
          continue;
        }
        if (text.toString().equals("opened")) {
          opened++;
        }
        busy.countDown();
        // A line without an end was cut by the kill and is left out.
        acknowledged.add(text.toString());
        text.setLength(0);
      }
    } catch (IOException e) {
      throw new AssertionError("the driver's output ends at its death", e);
    }
  }
}
