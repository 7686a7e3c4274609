package dev.remanence.journal;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Copies one journal's revisions into another, as they are, up to a moment, and the vectors that
/// were computed of them.
public final class Replay {
  private static final int BATCH = 512;

  private Replay() {}

  /// A revision and what models computed of it.
  private record Copied(RevisionJson.Line line, List<VectorTable.Stored> vectors) {}

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
      var revisions = source.read(reader -> revisions(reader, entries, recordedMax));
      target.write(
          1 << 20,
          ledger -> {
            for (var copied : revisions) {
              if (intake.take(ledger, copied.line) == Intake.Taken.NEW) {
                for (var vector : copied.vectors) {
                  VectorTable.put(ledger.reader(), vector.at(ledger.lastPosition()));
                }
              }
            }
            return revisions.size();
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

  private static List<Copied> revisions(Reader reader, List<Entry> entries, long recordedMax)
      throws SQLException {
    var revisions = new ArrayList<Copied>();
    for (var entry : entries) {
      if (entry.header().recorded() <= recordedMax) {
        var line =
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
                entry.hash());
        revisions.add(new Copied(line, VectorTable.of(reader, entry.pos())));
      }
    }
    return revisions;
  }
}
