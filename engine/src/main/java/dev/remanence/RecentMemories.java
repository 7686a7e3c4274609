package dev.remanence;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Memories that were read lately, as they are now.
///
/// Two generations: what is read again moves to the young one; when that is full, the old one is
/// dropped. A memory that was read before a change must not be put after it: each reader notes the
/// epoch before it reads, and [#put] compares it inside the map's own lock for the key, while a
/// change moves the epoch first and removes the key then.
final class RecentMemories {
  private static final int GENERATION_MAX = 8192;

  private final AtomicLong epoch = new AtomicLong();
  private volatile ConcurrentHashMap<UUID, Held> young = new ConcurrentHashMap<>();
  private volatile ConcurrentHashMap<UUID, Held> old = new ConcurrentHashMap<>();

  /// A memory, and when its uses and its strength were computed.
  record Held(Memory memory, long atMillis) {}

  long epoch() {
    return epoch.get();
  }

  @Nullable Held get(UUID id) {
    var held = young.get(id);
    if (held != null) {
      return held;
    }
    return old.containsKey(id) ? promoted(id) : null;
  }

  /// Moves a memory to the young generation. Under the monitor, as a change is: the epoch alone
  /// cannot tell whether the old one was read before or after the change took the key away.
  private synchronized @Nullable Held promoted(UUID id) {
    var held = old.get(id);
    if (held != null) {
      young.put(id, held);
    }
    return held;
  }

  void put(Held held, long epochBefore) {
    var generation = young;
    generation.compute(
        held.memory.id(), (_, present) -> epoch.get() == epochBefore ? held : present);
    if (generation.size() > GENERATION_MAX) {
      age(generation);
    }
  }

  @SuppressWarnings("ReferenceEquality") // the very map, not one that holds the same
  private synchronized void age(ConcurrentHashMap<UUID, Held> full) {
    if (young == full) {
      old = full;
      young = new ConcurrentHashMap<>();
    }
  }

  /// After a change is durable, before its caller is told.
  synchronized void changed(UUID id) {
    epoch.incrementAndGet();
    young.remove(id);
    old.remove(id);
  }

  synchronized void changedAll() {
    epoch.incrementAndGet();
    young = new ConcurrentHashMap<>();
    old = new ConcurrentHashMap<>();
  }
}
