package dev.remanence;

import dev.remanence.journal.Hash;
import dev.remanence.journal.Ledger;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How often memories were given to an agent. Counted in memory and written in batches, because
/// being read writes no revision; a crash may lose the last minute. Thread-safe.
final class Uses {
  private static final int PENDING_MAX = 100_000;

  private final ConcurrentHashMap<UUID, LongAdder> pending = new ConcurrentHashMap<>();

  void count(UUID memory) {
    var adder = pending.get(memory);
    if (adder == null) {
      if (pending.size() >= PENDING_MAX) {
        return;
      }
      adder = pending.computeIfAbsent(memory, _ -> new LongAdder());
    }
    adder.increment();
  }

  long pending(UUID memory) {
    var adder = pending.get(memory);
    return adder == null ? 0 : adder.sum();
  }

  boolean isEmpty() {
    return pending.isEmpty();
  }

  /// Takes what was counted so far, for writing.
  Map<UUID, Long> take() {
    var taken = new HashMap<UUID, Long>();
    for (var id : Set.copyOf(pending.keySet())) {
      var adder = pending.remove(id);
      if (adder != null) {
        taken.put(id, adder.sum());
      }
    }
    return taken;
  }

  static void write(Ledger ledger, Map<UUID, Long> counts) throws SQLException {
    var upsert =
        ledger
            .reader()
            .statement(
                "INSERT INTO uses(memory, count, last) VALUES(?, ?, ?) ON CONFLICT(memory) DO"
                    + " UPDATE SET count = count + excluded.count, last = excluded.last");
    for (var each : counts.entrySet()) {
      upsert.setBytes(1, Hash.bytes(each.getKey()));
      upsert.setLong(2, each.getValue());
      upsert.setLong(3, ledger.nowMillis());
      upsert.executeUpdate();
    }
  }
}
