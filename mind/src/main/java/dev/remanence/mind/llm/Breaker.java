package dev.remanence.mind.llm;

import dev.remanence.RemanenceException.Unavailable;
import java.time.InstantSource;

/// Leaves an endpoint alone that fails: after some failures in a row nobody asks it for a while,
/// then one caller tries, and what comes of that decides for all.
///
/// Whoever enters leaves, with what came of it. Safe for many threads.
final class Breaker {
  enum Outcome {
    GOOD,
    BAD,
    /// It says nothing about the endpoint.
    NEITHER
  }

  static final int FAILURES_MAX = 5;
  static final long REST_MILLIS = 60_000;

  private static final System.Logger LOG = System.getLogger("dev.remanence");

  private final String who;
  private final InstantSource clock;
  private int failures;
  private long restsSince;
  private boolean tried;

  Breaker(String who, InstantSource clock) {
    this.who = who;
    this.clock = clock;
  }

  synchronized void enter() {
    if (failures < FAILURES_MAX) {
      return;
    }
    long rested = clock.millis() - restsSince;
    // A clock that was set back must not make it longer.
    if (tried || (rested >= 0 && rested < REST_MILLIS)) {
      throw new Unavailable(
          who + " is left alone after " + failures + " failures", null, "failures", failures);
    }
    tried = true;
  }

  synchronized void leave(Outcome outcome) {
    tried = false;
    switch (outcome) {
      case GOOD -> failures = 0;
      case BAD -> {
        failures = Math.min(failures + 1, FAILURES_MAX);
        if (failures == FAILURES_MAX) {
          restsSince = clock.millis();
          LOG.log(
              System.Logger.Level.WARNING,
              who + " is left alone for " + REST_MILLIS / 1000 + " s: it failed again and again");
        }
      }
      case NEITHER -> {}
    }
  }
}
