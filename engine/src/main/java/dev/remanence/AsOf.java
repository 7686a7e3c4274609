package dev.remanence;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The moment that a read asks about, on two clocks: what was known at `knownAt` (recorded time;
/// all of that millisecond) and what was true at `validAt`. Null asks about now and, for validity,
/// about any time.
public record AsOf(@Nullable Instant knownAt, @Nullable Instant validAt, String branch) {
  /// The branch that every memory has.
  public static final String MAIN = "main";

  public static final AsOf NOW = new AsOf(null, null, MAIN);

  public AsOf {
    knownAt = Limits.optionalMoment("knownAt", knownAt);
    validAt = Limits.optionalMoment("validAt", validAt);
    Limits.name("branch", branch);
  }

  public AsOf knownAt(Instant moment) {
    return new AsOf(moment, validAt, branch);
  }

  public AsOf validAt(Instant moment) {
    return new AsOf(knownAt, moment, branch);
  }

  public AsOf branch(String name) {
    return new AsOf(knownAt, validAt, name);
  }
}
