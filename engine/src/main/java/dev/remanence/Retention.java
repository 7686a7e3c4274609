package dev.remanence;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long backups in a directory are kept: by age, by count, both, or for good. The newest one is
/// never removed.
public record Retention(@Nullable Duration age, @Nullable Integer count) {
  public static final Retention FOREVER = new Retention(null, null);

  public Retention {
    if (age != null && (age.isNegative() || age.isZero())) {
      throw new RemanenceException.InvalidInput(
          "keep is a time greater than zero", "field", "keep");
    }
    if (count != null) {
      Limits.count("count", count, 1, 100_000);
    }
  }
}
