package dev.remanence;

import dev.remanence.journal.Hash;
import dev.remanence.journal.Ledger;
import dev.remanence.journal.Reader;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

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
    var insert =
        ledger
            .reader()
            .statement(
                "INSERT INTO session(uid, tool, pid, started) VALUES(?, ?, ?, ?) ON CONFLICT(uid)"
                    + " DO NOTHING");
    insert.setBytes(1, Hash.bytes(id));
    insert.setString(2, tool);
    insert.setLong(3, ProcessHandle.current().pid());
    insert.setLong(4, started.toEpochMilli());
    insert.executeUpdate();
  }

  void seenDurable() {
    recorded = true;
  }

  void end(Ledger ledger) throws SQLException {
    var update = ledger.reader().statement("UPDATE session SET ended = ? WHERE uid = ?");
    update.setLong(1, ledger.nowMillis());
    update.setBytes(2, Hash.bytes(id));
    update.executeUpdate();
  }

  static List<Remanence.SessionInfo> list(Reader reader) throws SQLException {
    var sessions = new ArrayList<Remanence.SessionInfo>();
    try (var row =
        reader
            .statement("SELECT uid, tool, pid, started, ended FROM session ORDER BY started, uid")
            .executeQuery()) {
      while (row.next()) {
        long ended = row.getLong(5);
        sessions.add(
            new Remanence.SessionInfo(
                Hash.uuid(row.getBytes(1)).toString(),
                row.getString(2),
                row.getLong(3),
                Instant.ofEpochMilli(row.getLong(4)),
                ended == 0 ? null : Instant.ofEpochMilli(ended)));
      }
    }
    return sessions;
  }
}
