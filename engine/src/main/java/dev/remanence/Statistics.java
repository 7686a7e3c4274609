package dev.remanence;

import dev.remanence.journal.Reader;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.journal.VectorTable;
import java.sql.SQLException;
import java.util.EnumMap;

/// Counts what a store holds, by looking at all of it once.
final class Statistics {
  private static final int BATCH = 1024;

  private Statistics() {}

  static Stats of(SqliteJournal journal, MissingVectors.Lacking lacking) {
    var sizes = journal.fileSizes();
    return journal.readConsistently(reader -> of(reader, sizes, journal, lacking));
  }

  private static Stats of(
      Reader reader,
      SqliteJournal.FileSizes sizes,
      SqliteJournal journal,
      MissingVectors.Lacking lacking)
      throws SQLException {
    var kinds = new EnumMap<Kind, Long>(Kind.class);
    long content = 0;
    long after = 0;
    while (true) {
      var entries = reader.entries(after, BATCH);
      if (entries.isEmpty()) {
        break;
      }
      for (var entry : entries) {
        content += entry.body() == null ? 0 : entry.body().length;
      }
      after = entries.getLast().pos();
    }
    var heads = reader.statement("SELECT head FROM memory WHERE state = 0 AND head <> 0");
    try (var row = heads.executeQuery()) {
      while (row.next()) {
        var body = reader.entry(row.getLong(1)).decoded();
        if (body != null && body.attributes() != null) {
          kinds.merge(body.attributes().kind(), 1L, Long::sum);
        }
      }
    }
    return new Stats(
        count(reader, "SELECT count(*) FROM memory WHERE state = 0 AND head <> 0"),
        count(reader, "SELECT count(*) FROM memory WHERE state = 1"),
        count(reader, "SELECT count(*) FROM memory WHERE state = 2"),
        count(reader, "SELECT count(*) FROM revision"),
        count(reader, "SELECT count(*) FROM scope"),
        journal.commits(),
        kinds,
        sizes.database(),
        sizes.wal(),
        sizes.images(),
        content,
        count(reader, "SELECT coalesce(sum(length(body)), 0) FROM revision"),
        count(
            reader,
            "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"),
        VectorTable.byModel(reader),
        lacking.waiting(),
        lacking.refused());
  }

  private static long count(Reader reader, String sql) throws SQLException {
    try (var row = reader.statement(sql).executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
