package dev.remanence;

import dev.remanence.journal.Hash;
import dev.remanence.journal.Ledger;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SideTable;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// This opening of the store as a session: written with its first change, ended at close. One that
/// has no end was killed.
final class Sitting {
  private final UUID id;
  private final String tool;
  private final Instant started;
  private volatile boolean recorded;

  Sitting(UUID id, String tool, Instant started) {
    this.id = id;
    this.tool = tool;
    this.started = started;
  }

  UUID id() {
    return id;
  }

  String tool() {
    return tool;
  }

  Instant started() {
    return started;
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
    SideTable.SESSION.put(
        ledger, Hash.bytes(id), tool, ProcessHandle.current().pid(), started.toEpochMilli(), ended);
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
