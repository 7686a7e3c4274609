package dev.remanence.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.BackupErasure.Outcome;
import dev.remanence.Draft;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException;
import dev.remanence.Retention;
import dev.remanence.StoreCare;
import dev.remanence.journal.Backup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process is killed while it takes what was erased out of backups. Afterwards:
///
/// - each backup is whole, with its old bytes or its new ones;
/// - the next run finishes, and then no word (UTF-8, UTF-16), salt or packed byte of what was
///   erased is in a backup, packed or unpacked, nor anything else beside them.
///
/// The control: before, each backup holds it.
@NullMarked
class BackupEraseKillTest {
  private static final String SECRET = "Xylophonquartz";
  private static final int BACKUPS = 4;
  private static final long SEED = Long.getLong("remanence.seed", 1);

  @TempDir Path temp;

  /// The process that is killed.
  static final class Eraser {
    private Eraser() {}

    public static void main(String[] arguments) {
      try (var store = Remanence.open(Path.of(arguments[0]))) {
        System.out.println("erasing");
        store.eraseFromBackups(Progress.NONE);
      }
    }
  }

  @Test
  void eraseFromBackups_killedInTheMiddle_isFinishedByTheNext() throws Exception {
    var directory = temp.resolve("store");
    var backups = temp.resolve("backups");
    var files = new ArrayList<Path>();
    Traces traces;
    try (var store = Remanence.open(directory)) {
      var drafts = new ArrayList<Draft>();
      for (int i = 0; i < 2000; i++) {
        drafts.add(Draft.of("memory number " + i));
      }
      store.rememberAll("scope", drafts);
      var text = SECRET + " is the word, and it is said at such a length that it is packed";
      var id = store.remember("scope", Draft.of(text)).id();
      traces = Traces.of(directory, List.of(id)).and(Traces.of(SECRET));
      for (int i = 0; i < BACKUPS; i++) {
        files.add(store.backup(backups, Retention.FOREVER).file());
      }
      store.erase(id, "asked");
    }
    for (var file : files) {
      assertThat(traces.foundBelow(unpacked(file))).isNotEmpty();
    }
    var random = new SplittableRandom(SEED);
    for (int round = 1; round <= 5; round++) {
      var replay = "to replay: -Dremanence.seed=" + SEED + ", round " + round;
      kill(directory, random.nextInt(20, 700));
      for (var file : files) {
        assertThat(StoreCare.verify(file, true, null).problems()).describedAs(replay).isEmpty();
      }
    }
    try (var store = Remanence.open(directory)) {
      assertThat(store.eraseFromBackups(Progress.NONE).backups())
          .hasSize(BACKUPS)
          .noneMatch(backup -> backup.outcome() == Outcome.FAILED);
    }
    for (var file : files) {
      assertThat(traces.foundIn(unpacked(file))).isEmpty();
    }
    assertThat(traces.foundBelow(backups)).isEmpty();
    try (var left = Files.list(backups)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .hasSize(BACKUPS + 1)
          .allMatch(name -> name.endsWith(".backup") || name.equals("erasures.jsonl"));
    }
  }

  private Path unpacked(Path backup) throws IOException, RemanenceException {
    var directory = Files.createTempDirectory(temp, "unpacked");
    Backup.unpack(backup, directory.resolve("journal.db"), Progress.NONE);
    return directory;
  }

  private void kill(Path store, int afterMillis) throws Exception {
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
                store.toString())
            .redirectError(log.toFile())
            .start();
    try (var lines = process.inputReader(UTF_8)) {
      assertThat(lines.readLine()).describedAs(Files.readString(log)).isEqualTo("erasing");
      boolean _ = process.waitFor(afterMillis, TimeUnit.MILLISECONDS);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
