package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import java.nio.file.Path;
import java.time.Duration;

/// Backups that the store makes by itself while it is open.
public record BackupSchedule(Path directory, Duration interval, Retention retention) {
  public BackupSchedule {
    if (interval.compareTo(Duration.ofMinutes(1)) < 0) {
      throw new InvalidInput("a backup interval is at least one minute", "field", "every");
    }
  }
}
