package dev.remanence;

import java.time.Duration;

/// How to open a store. The defaults are right for almost everyone.
///
/// @param create whether a missing store is made
/// @param tool the name under which changes are recorded
/// @param lockWait how long to wait for another process to let go of the store
public record OpenOptions(boolean create, String tool, Duration lockWait) {
  public static final OpenOptions DEFAULT = new OpenOptions(true, "java", Duration.ofSeconds(10));

  public OpenOptions {
    Limits.name("tool", tool);
  }

  public OpenOptions create(boolean create) {
    return new OpenOptions(create, tool, lockWait);
  }

  public OpenOptions tool(String tool) {
    return new OpenOptions(create, tool, lockWait);
  }

  public OpenOptions lockWait(Duration lockWait) {
    return new OpenOptions(create, tool, lockWait);
  }
}
