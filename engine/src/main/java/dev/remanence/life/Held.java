package dev.remanence.life;

import dev.remanence.journal.MemoryState;
import dev.remanence.journal.MemoryState.Current;
import dev.remanence.journal.Value;
import java.util.UUID;

/// A live memory, the revision that speaks for it on a branch, and what that says.
record Held(MemoryState state, Current head, Value value) {
  UUID id() {
    return state.id();
  }
}
