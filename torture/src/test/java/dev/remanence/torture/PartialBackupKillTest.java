package dev.remanence.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Draft;
import dev.remanence.Remanence;
import dev.remanence.Retention;
import dev.remanence.journal.PartialBackup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process is killed in the middle of a backup. While it lives, a backup into the same directory
/// leaves its files alone; once it is dead, the next one removes them.
@NullMarked
class PartialBackupKillTest {
  @TempDir Path temp;

  /// The process that is killed: it begins a backup and never ends it.
  static final class Beginner {
    private Beginner() {}

    public static void main(String[] arguments) throws IOException {
      var partial = PartialBackup.begin(Path.of(arguments[0]));
      Files.writeString(partial.resolve("journal.db"), "half a store");
      System.out.println(partial.resolve("journal.db"));
      System.in.read();
    }
  }

  @Test
  void backup_besideOneOfAnotherProcess_removesItOnlyOnceThatIsDead() throws Exception {
    var backups = Files.createDirectory(temp.resolve("backups"));
    var process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Beginner.class.getName(),
                backups.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var lines = process.inputReader(UTF_8);
        var store = Remanence.open(temp.resolve("store"))) {
      var half = Path.of(lines.readLine());
      store.remember("s", Draft.of("something"));
      store.backup(backups, Retention.FOREVER);
      assertThat(half).exists();
      process.destroyForcibly().waitFor();
      store.backup(backups, Retention.FOREVER);
      assertThat(half.getParent()).doesNotExist();
      try (var left = Files.list(backups)) {
        assertThat(left).hasSize(2).allMatch(file -> file.toString().endsWith(".backup"));
      }
    } finally {
      process.destroyForcibly();
    }
  }
}
