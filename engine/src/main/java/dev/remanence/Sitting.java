package dev.remanence;

import dev.remanence.journal.Hash;
import dev.remanence.journal.Ledger;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SideTable;
import dev.remanence.journal.SqliteJournal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A caller's session as the store records it: written with its first change, ended when the caller
/// leaves. What has no end when a store is opened belonged to an owner that was killed.
final class Sitting {
  private final UUID id;
  private final String tool;
  private final long pid;
  private final Instant started;
  private volatile boolean recorded;

  Sitting(UUID id, String tool, long pid, Instant started) {
    this.id = id;
    this.tool = tool;
    this.pid = pid;
    this.started = started;
  }

  UUID id() {
    return id;
  }

  String tool() {
    return tool;
  }

  boolean recorded() {
    return recorded;
  }

  /// Writes the session's row unless it is there. On the writer's thread; a transaction that fails
  /// later takes the row with it, so it is asked again each time until one has been seen durable.
  void record(Ledger ledger) throws SQLException {
    if (recorded) {
      return;
    }
    if (SideTable.SESSION.get(ledger.reader(), Hash.bytes(id)) == null) {
      put(ledger, null);
    }
  }

  void seenDurable() {
    recorded = true;
  }

  void end(Ledger ledger) throws SQLException {
    put(ledger, ledger.nowMillis());
  }

  private void put(Ledger ledger, @Nullable Long ended) throws SQLException {
    SideTable.SESSION.put(ledger, Hash.bytes(id), tool, pid, started.toEpochMilli(), ended);
  }

  /// Ends the sessions that a killed owner left open: nobody can write under them any more.
  static void endOrphans(SqliteJournal journal) {
    var orphans =
        journal.read(reader -> SideTable.SESSION.rows(reader, "started, uid")).stream()
            .filter(row -> row.isNull(4))
            .toList();
    if (!orphans.isEmpty()) {
      journal.write(
          64 * orphans.size(),
          ledger -> {
            for (var row : orphans) {
              SideTable.SESSION.put(
                  ledger,
                  row.bytes(0),
                  row.text(1),
                  row.number(2),
                  row.number(3),
                  ledger.nowMillis());
            }
            return orphans;
          });
    }
  }

  static List<Remanence.SessionInfo> list(Reader reader) throws SQLException {
    var sessions = new ArrayList<Remanence.SessionInfo>();
    for (var row : SideTable.SESSION.rows(reader, "started, uid")) {
      sessions.add(
          new Remanence.SessionInfo(
              Hash.uuid(row.bytes(0)).toString(),
              row.text(1),
              row.number(2),
              Instant.ofEpochMilli(row.number(3)),
              row.isNull(4) ? null : Instant.ofEpochMilli(row.number(4))));
    }
    return sessions;
  }
}
