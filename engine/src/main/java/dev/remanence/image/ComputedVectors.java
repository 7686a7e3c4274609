package dev.remanence.image;

import dev.remanence.journal.Entry;
import dev.remanence.journal.Reader;
import dev.remanence.journal.VectorTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Computed vectors of the revisions at hand: read in one sweep where a batch lies close together,
/// else one by one.
final class ComputedVectors {
  /// How far a batch may be strewn among other scopes' revisions to be swept.
  private static final int STREWN_MAX = 4;

  private final Map<Long, List<VectorTable.Stored>> swept = new HashMap<>();
  private long from = 1;
  private long to;

  void lookAt(Reader reader, List<Entry> batch) throws SQLException {
    swept.clear();
    from = 1;
    to = 0;
    if (batch.isEmpty()) {
      return;
    }
    long least = batch.stream().mapToLong(Entry::pos).min().orElseThrow();
    long greatest = batch.stream().mapToLong(Entry::pos).max().orElseThrow();
    if (greatest - least < (long) STREWN_MAX * batch.size()) {
      from = least;
      to = greatest;
      for (var stored : VectorTable.between(reader, from, to)) {
        swept.computeIfAbsent(stored.pos(), _ -> new ArrayList<>()).add(stored);
      }
    }
  }

  List<VectorTable.Stored> of(Reader reader, long pos) throws SQLException {
    return from <= pos && pos <= to
        ? swept.getOrDefault(pos, List.of())
        : VectorTable.of(reader, pos);
  }
}
