package dev.remanence.journal;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Copies one journal's revisions into another, as they are, up to a moment.
public final class Replay {
  private static final int BATCH = 512;

  private Replay() {}

  public static void copy(SqliteJournal source, SqliteJournal target, Instant until) {
    long recordedMax = HybridClock.endOf(until.toEpochMilli());
    var intake = new Intake();
    for (var key : source.read(Replay::publicKeys)) {
      intake.site(key);
    }
    long last = source.lastPosition();
    long after = 0;
    while (after < last) {
      long from = after;
      var entries = source.read(reader -> reader.entries(from, BATCH));
      if (entries.isEmpty()) {
        break;
      }
      var lines = source.read(reader -> lines(reader, entries, recordedMax));
      target.write(
          1 << 20,
          ledger -> {
            for (var line : lines) {
              intake.take(ledger, line);
            }
            return lines.size();
          });
      after = entries.getLast().pos();
    }
    target.alone(Rebuild::run);
  }

  private static List<byte[]> publicKeys(Reader reader) throws SQLException {
    var rows = new HashSet<Long>();
    for (var chain : reader.chains()) {
      rows.add(chain.site());
    }
    var keys = new ArrayList<byte[]>();
    for (long row : rows) {
      keys.add(reader.sitePublicKey(row));
    }
    return keys;
  }

  private static List<RevisionJson.Line> lines(Reader reader, List<Entry> entries, long recordedMax)
      throws SQLException {
    var lines = new ArrayList<RevisionJson.Line>();
    for (var entry : entries) {
      if (entry.header().recorded() <= recordedMax) {
        lines.add(
            new RevisionJson.Line(
                reader.siteOf(entry),
                reader.scopeIdOf(entry),
                entry.seq(),
                entry.header(),
                entry.head(),
                entry.salt(),
                entry.body(),
                entry.bodyHash(),
                entry.seq() == 1 ? Hash.zero() : reader.hashAt(entry.chain(), entry.seq() - 1),
                entry.hash()));
      }
    }
    return lines;
  }
}
