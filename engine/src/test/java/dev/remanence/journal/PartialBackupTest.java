package dev.remanence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What one backup removes and what it leaves alone. `PartialBackupKillTest` shows the same of
/// other processes.
class PartialBackupTest {
  @TempDir Path backups;

  @Test
  void begin_whatADeadProcessLeft_isRemoved() throws IOException {
    var abandoned = Files.createDirectory(backups.resolve("remanence-partial-1"));
    Files.writeString(abandoned.resolve("claim"), "1\n");
    Files.writeString(abandoned.resolve("journal.db"), "a store");
    var begun = Files.createDirectory(backups.resolve("remanence-partial-2"));
    try (var partial = PartialBackup.begin(backups)) {
      assertThat(abandoned).doesNotExist();
      assertThat(begun).doesNotExist();
      assertThat(partial.resolve("journal.db").getParent()).isDirectory();
    }
    assertThat(backups).isEmptyDirectory();
  }

  @Test
  void begin_whileAnotherRuns_leavesItAlone() throws IOException {
    try (var first = PartialBackup.begin(backups)) {
      var file = Files.writeString(first.resolve("journal.db"), "a store");
      try (var second = PartialBackup.begin(backups)) {
        assertThat(second.resolve("journal.db")).isNotEqualTo(file);
      }
      assertThat(file).exists();
    }
    assertThat(backups).isEmptyDirectory();
  }

  @Test
  void begin_otherFilesThere_leavesThemAlone() throws IOException {
    var backup = Files.writeString(backups.resolve("remanence-1.backup"), "a backup");
    var stranger = Files.writeString(backups.resolve("remanence-partial-notes"), "a file");
    PartialBackup.begin(backups).close();
    assertThat(backup).exists();
    assertThat(stranger).exists();
  }
}
