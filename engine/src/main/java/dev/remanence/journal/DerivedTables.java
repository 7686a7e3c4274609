package dev.remanence.journal;

import dev.remanence.journal.GapList.Floor;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Writes the tables that follow from the revisions: `memory`, `version` and `slot`, within the
/// writer's open transaction. A row that comes or goes leaves the list of gaps whole, so that every
/// miss can be proved (see [GapList]). Writer's thread only.
///
/// Who writes a row has asked before whether it is there. So the gap in which it was not found is
/// kept for as long as nothing else has touched it: within one transaction.
final class DerivedTables {
  private final Reader reader;

  /// The gap of each table that was looked at or split last, verified.
  private final Map<GapList, Floor> gaps = new EnumMap<>(GapList.class);

  DerivedTables(Reader reader) {
    this.reader = reader;
  }

  /// Another transaction begins, or a part of this one is undone.
  void forgetGaps() {
    gaps.clear();
  }

  /// The memory that a slot names, or null: that is proved.
  @Nullable UUID holder(byte[] slot) throws SQLException {
    var memory = slot(slot);
    return memory == null ? null : Hash.uuid(memory);
  }

  private byte @Nullable [] slot(byte[] slot) throws SQLException {
    var gap = gaps.get(GapList.SLOT);
    if (gap != null && gap.spans(slot)) {
      return null;
    }
    var found = reader.slotOrGap(slot);
    if (found.gap() != null) {
      gaps.put(GapList.SLOT, found.gap());
    }
    return found.memory();
  }

  /// Writes what the tables say of a memory.
  void save(MemoryState state) throws SQLException {
    var uid = Hash.bytes(state.id());
    var head = state.head(Header.MAIN);
    long headPos = head == null ? 0 : head.pos();
    var others = state.others();
    int checksum =
        Reader.memoryChecksum(
            uid,
            state.scope(),
            headPos,
            state.last(),
            state.number(),
            others.size(),
            state.state(),
            state.created());
    if (state.stored()) {
      var update =
          reader.prepared(
              "UPDATE memory SET head = ?, last = ?, number = ?, others = ?, state = ?,"
                  + " created = ?, chk = ? WHERE uid = ?");
      update.setLong(1, headPos);
      update.setLong(2, state.last());
      update.setInt(3, state.number());
      update.setInt(4, others.size());
      update.setInt(5, state.state());
      update.setLong(6, state.created());
      update.setInt(7, checksum);
      update.setBytes(8, uid);
      update.executeUpdate();
    } else {
      var next = splitGap(GapList.MEMORY, uid);
      var insert =
          reader.prepared(
              "INSERT INTO memory(uid, next, scope, head, last, number, others, state,"
                  + " created, chk) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
      insert.setBytes(1, uid);
      insert.setBytes(2, next);
      insert.setLong(3, state.scope());
      insert.setLong(4, headPos);
      insert.setLong(5, state.last());
      insert.setInt(6, state.number());
      insert.setInt(7, others.size());
      insert.setInt(8, state.state());
      insert.setLong(9, state.created());
      insert.setInt(10, checksum);
      insert.executeUpdate();
    }
    saveVersions(uid, state, others);
    state.markStored();
  }

  private void saveVersions(byte[] uid, MemoryState state, List<MemoryState.Current> others)
      throws SQLException {
    var gone = new HashSet<>(state.storedOthers());
    for (var other : others) {
      if (!gone.remove(other.pos())) {
        var insert =
            reader.prepared(
                "INSERT INTO version(memory, branch, at, pos, chk) VALUES(?, ?, ?, ?, ?)");
        insert.setBytes(1, uid);
        insert.setLong(2, other.branch());
        insert.setLong(3, other.from());
        insert.setLong(4, other.pos());
        insert.setInt(5, Reader.versionChecksum(uid, other.branch(), other.from(), other.pos()));
        insert.executeUpdate();
      }
    }
    for (var pos : gone) {
      var delete = reader.prepared("DELETE FROM version WHERE memory = ? AND pos = ?");
      delete.setBytes(1, uid);
      delete.setLong(2, pos);
      delete.executeUpdate();
    }
  }

  /// The slot that a memory answers to now, or null.
  byte @Nullable [] slotOf(MemoryState state) throws SQLException {
    var head = state.live() ? state.head(Header.MAIN) : null;
    if (head == null) {
      return null;
    }
    var entry = reader.entry(head.pos());
    if (entry.erased() || entry.base() == Entry.LOST) {
      return null;
    }
    return Reader.slotOf(state.scope(), reader.value(entry));
  }

  /// Gives a memory the slot that it answers to now. One that is taken stays with its holder,
  /// unless the holder had expired when this change was recorded.
  void moveSlot(byte @Nullable [] before, byte @Nullable [] after, UUID id, long recordedAt)
      throws SQLException {
    var memory = Hash.bytes(id);
    if (before != null && !Arrays.equals(before, after) && Arrays.equals(slot(before), memory)) {
      freeSlot(before);
    }
    if (after == null) {
      return;
    }
    var holder = slot(after);
    if (holder != null && !Arrays.equals(holder, memory) && hasExpired(holder, recordedAt)) {
      freeSlot(after);
      holder = null;
    }
    if (holder == null) {
      takeSlot(after, memory);
    }
  }

  private boolean hasExpired(byte[] memory, long recordedAt) throws SQLException {
    var state = reader.state(Hash.uuid(memory));
    var head = state == null || !state.live() ? null : state.head(Header.MAIN);
    if (head == null) {
      return true;
    }
    var entry = reader.entry(head.pos());
    return !entry.erased()
        && entry.base() != Entry.LOST
        && reader.value(entry).attributes().expires() <= HybridClock.millis(recordedAt);
  }

  void takeSlot(byte[] key, byte[] memory) throws SQLException {
    var next = splitGap(GapList.SLOT, key);
    var insert = reader.prepared("INSERT INTO slot(k, next, memory, chk) VALUES(?, ?, ?, ?)");
    insert.setBytes(1, key);
    insert.setBytes(2, next);
    insert.setBytes(3, memory);
    insert.setInt(4, Reader.slotChecksum(key, memory));
    insert.executeUpdate();
  }

  void freeSlot(byte[] key) throws SQLException {
    var select = reader.prepared("SELECT next FROM slot WHERE k = ?");
    select.setBytes(1, key);
    byte[] next;
    try (var row = select.executeQuery()) {
      if (!row.next()) {
        return;
      }
      next = GapList.SLOT.verified(key, row.getBytes(1));
    }
    var delete = reader.prepared("DELETE FROM slot WHERE k = ?");
    delete.setBytes(1, key);
    delete.executeUpdate();
    gaps.remove(GapList.SLOT);
    setNext(GapList.SLOT, GapList.SLOT.below(reader.prepared(GapList.SLOT.floorSql()), key), next);
  }

  /// Makes the row below a new key name it, and answers what the new row must name.
  private byte[] splitGap(GapList table, byte[] key) throws SQLException {
    var gap = gaps.get(table);
    if (gap == null || !gap.spans(key)) {
      gap = table.floor(reader.prepared(table.floorSql()), key);
      if (Arrays.equals(gap.key(), key)) {
        throw table.damaged("a key is there already");
      }
    }
    setNext(table, gap.key(), key);
    gaps.put(table, new Floor(key, gap.next()));
    return GapList.next(key, gap.next());
  }

  private void setNext(GapList table, byte[] key, byte[] next) throws SQLException {
    var update = reader.prepared(table.updateNextSql());
    update.setBytes(1, GapList.next(key, next));
    update.setBytes(2, key);
    update.executeUpdate();
  }
}
