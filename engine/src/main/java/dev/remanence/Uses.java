package dev.remanence;

import dev.remanence.journal.Hash;
import dev.remanence.journal.Ledger;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SideTable;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// How often memories were given to an agent. Being read writes no revision: uses are counted in
/// memory and written in batches, and a crash may lose the last minute. Thread-safe.
final class Uses {
  /// Memories whose counts are held; beyond that, new ones are not counted until the next write.
  private static final int HELD_MAX = 1_000_000;

  /// A count, and how much of it is on disk.
  private static final class Count {
    final AtomicInteger total = new AtomicInteger();
    int written;
  }

  private final ConcurrentHashMap<UUID, Count> counts = new ConcurrentHashMap<>();

  /// Takes over what is on disk. A damaged count begins anew.
  void load(Reader reader) throws SQLException {
    SideTable.USES.takeWhole(
        reader,
        row -> {
          if (counts.size() < HELD_MAX) {
            var count = new Count();
            count.written = Math.toIntExact(row.number(1));
            count.total.set(count.written);
            counts.put(Hash.uuid(row.bytes(0)), count);
          }
        });
  }

  void count(UUID memory) {
    var count = counts.get(memory);
    if (count == null) {
      if (counts.size() >= HELD_MAX) {
        return;
      }
      count = counts.computeIfAbsent(memory, _ -> new Count());
    }
    count.total.incrementAndGet();
  }

  long of(UUID memory) {
    var count = counts.get(memory);
    return count == null ? 0 : count.total.get();
  }

  void forget(UUID memory) {
    counts.remove(memory);
  }

  /// The counts that disk does not have yet. Called by one thread at a time.
  Map<UUID, Integer> unwritten() {
    var unwritten = new HashMap<UUID, Integer>();
    counts.forEach((id, count) -> {
      int total = count.total.get();
      if (total != count.written) {
        unwritten.put(id, total);
      }
    });
    return unwritten;
  }

  static void write(Ledger ledger, Map<UUID, Integer> totals) throws SQLException {
    for (var each : totals.entrySet()) {
      SideTable.USES.put(
          ledger, Hash.bytes(each.getKey()), (long) each.getValue(), ledger.nowMillis());
    }
  }

  void written(Map<UUID, Integer> totals) {
    totals.forEach((id, total) -> {
      var count = counts.get(id);
      if (count != null) {
        count.written = total;
      }
    });
  }
}
