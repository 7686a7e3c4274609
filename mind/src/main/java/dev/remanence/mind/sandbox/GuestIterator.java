package dev.remanence.mind.sandbox;

import org.jspecify.annotations.Nullable;

/// Values one after the other. An iterator over another one goes a level deeper for each value, so
/// that a chain of them cannot outgrow the stack.
abstract non-sealed class GuestIterator implements Value {
  /// The next value, or null where there is none.
  final @Nullable Object next(Run run) {
    run.meter.descend(LEVELS);
    var value = advance(run);
    run.meter.ascend(LEVELS);
    return value;
  }

  /// What one iterator over another takes of the stack, in levels of expressions.
  private static final int LEVELS = 3;

  abstract @Nullable Object advance(Run run);
}
