package dev.remanence;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Tells when turns that name no time were said, so that the turns of a scope keep the order in
/// which they came. Thread-safe.
final class TurnClock {
  private static final int SCOPES_MAX = 10_000;

  private final InstantSource wall;
  private final Map<String, Long> last = new ConcurrentHashMap<>();

  TurnClock(InstantSource wall) {
    this.wall = wall;
  }

  /// A millisecond that is this turn's own in its scope.
  long next(String scope) {
    return at(scope, 1);
  }

  /// A millisecond that is not before any turn's.
  long now(String scope) {
    return at(scope, 0);
  }

  private long at(String scope, int later) {
    long now = wall.millis();
    if (last.size() > SCOPES_MAX) {
      last.values().removeIf(each -> each < now);
    }
    return last.merge(scope, now, (before, present) -> Math.max(present, before + later));
  }
}
