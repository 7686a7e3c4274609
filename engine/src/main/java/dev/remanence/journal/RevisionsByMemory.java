package dev.remanence.journal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All revisions, memory by memory in order of their ids, without their bodies.
///
/// SQLite sorts headers and hashes (on disk where they are many), so that one memory's revisions
/// are held at a time, whatever the size of the store. OPEN revisions belong to no memory and are
/// left out.
final class RevisionsByMemory implements AutoCloseable {
  private static final String SORTED =
      "SELECT pos, chain, seq, prev, base, head, hash, body IS NULL FROM revision"
          + " ORDER BY substr(head, 17, 16), pos";

  private final Map<Long, Long> scopeByChain = new HashMap<>();
  private final Prepared statement;
  private final Rows row;
  private final Consumer<Long> unreadable;
  private @Nullable Line ahead;

  /// A revision without its body, and whether its body is gone for good.
  record Line(Entry entry, boolean erased) {}

  /// One memory's revisions in order of arrival, and the scope that they lie in.
  record Group(UUID id, long scope, List<Line> lines) {

    MemoryState state() {
      return MemoryState.fold(id, scope, lines.stream().map(Line::entry).toList());
    }

    /// What `prev` and `base` of each line should be, in the order of the lines.
    List<Origin> origins() {
      Map<UUID, Long> holders = new HashMap<>();
      for (var line : lines) {
        if (line.entry.header().holdsContent()) {
          holders.put(Hash.uuid(line.entry.hash()), line.entry.pos());
        }
      }
      var origins = new ArrayList<Origin>(lines.size());
      long prev = 0;
      for (var line : lines) {
        var reference = line.entry.header().content();
        var base = reference == null ? Long.valueOf(0) : holders.get(Hash.uuid(reference));
        origins.add(new Origin(prev, base == null ? Entry.LOST : base));
        prev = line.entry.pos();
      }
      return origins;
    }
  }

  /// Where a revision comes from: its `prev` and its `base`.
  record Origin(long prev, long base) {}

  /// @param unreadable is told the positions of rows whose header is damaged; they are left out
  RevisionsByMemory(Reader reader, Consumer<Long> unreadable) throws SQLException {
    this.unreadable = unreadable;
    for (var chain : reader.chains()) {
      scopeByChain.put(chain.id(), chain.scope());
    }
    statement = reader.fresh(SORTED);
    row = statement.executeQuery();
    ahead = readLine();
  }

  private @Nullable Line readLine() throws SQLException {
    while (row.next()) {
      long pos = row.getLong(1);
      var head = row.getBytes(6);
      var hash = row.getBytes(7);
      try {
        if (head == null || hash == null || hash.length != Hash.BYTES) {
          throw new MalformedBytes("a column is missing");
        }
        var header = Header.decode(head);
        if (header.change() == dev.remanence.Change.OPEN) {
          continue;
        }
        var entry =
            new Entry(
                pos,
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                header,
                head,
                null,
                null,
                null,
                hash);
        return new Line(entry, row.getInt(8) == 1);
      } catch (MalformedBytes e) {
        unreadable.accept(pos);
      }
    }
    return null;
  }

  /// The next memory, or null after the last.
  @Nullable Group next() throws SQLException {
    var first = ahead;
    if (first == null) {
      return null;
    }
    var id = first.entry.header().memory();
    var lines = new ArrayList<Line>(4);
    var line = first;
    while (line != null && line.entry.header().memory().equals(id)) {
      lines.add(line);
      line = readLine();
    }
    ahead = line;
    return new Group(id, scopeByChain.getOrDefault(first.entry.chain(), 0L), lines);
  }

  @Override
  public void close() throws SQLException {
    try (statement) {
      row.close();
    }
  }
}
