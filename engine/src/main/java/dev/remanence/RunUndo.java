package dev.remanence;

import dev.remanence.Curation.Kept;
import dev.remanence.Curation.Undone;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Hash;
import dev.remanence.journal.Header;
import dev.remanence.journal.HybridClock;
import dev.remanence.journal.MemoryState;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SideTable;
import dev.remanence.life.Changes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Takes back what the curator did in one run: docs/curator.md. Made for one undo, in a session of
/// its own.
final class RunUndo {
  private static final int POSITIONS_A_STEP = 1024;
  private static final int MEMORIES_A_COMMIT = 50;

  private final OwnedStore own;
  private final EmbeddedStore session;
  private final UUID run;

  /// The numbers of the first and the last revision of the run, of one memory.
  private record Touched(int first, int last) {
    Touched with(int number) {
      return new Touched(Math.min(first, number), Math.max(last, number));
    }
  }

  RunUndo(OwnedStore own, EmbeddedStore session, UUID run) {
    this.own = own;
    this.session = session;
    this.run = run;
  }

  Undone undo() {
    var touched = own.journal.readConsistently(this::touched);
    touched.keySet().forEach(id -> session.access.may(Verb.WRITE, id));
    var restored = new ArrayList<UUID>();
    var kept = new ArrayList<Kept>();
    var ids = List.copyOf(touched.keySet());
    for (int from = 0; from < ids.size(); from += MEMORIES_A_COMMIT) {
      var batch = ids.subList(from, Math.min(ids.size(), from + MEMORIES_A_COMMIT));
      var whys =
          session.writing.write(
              512 * batch.size(),
              (changes, ledger) -> {
                var found = new LinkedHashMap<UUID, String>();
                for (var id : batch) {
                  var why = restore(changes, ledger.reader(), id, touched.get(id));
                  found.put(id, why == null ? "" : why);
                }
                return found;
              });
      whys.forEach((id, why) -> {
        own.changed(id);
        if (why.isEmpty()) {
          restored.add(id);
        } else {
          kept.add(new Kept(id, why));
        }
      });
    }
    return new Undone(restored.isEmpty() ? null : session.id(), restored, kept);
  }

  /// The memories that the run changed, the last first.
  private Map<UUID, Touched> touched(Reader reader) throws SQLException {
    var row = SideTable.SESSION.get(reader, Hash.bytes(run));
    if (row == null || !row.text(1).equals(Curator.TOOL)) {
      throw new NotFound("there is no run " + run, "run", run.toString());
    }
    long started = row.number(3);
    var touched = new LinkedHashMap<UUID, Touched>();
    for (long end = reader.lastPosition(); end > 0; end -= POSITIONS_A_STEP) {
      long begin = Math.max(0, end - POSITIONS_A_STEP);
      boolean later = false;
      for (var entry : reader.entries(begin, (int) (end - begin)).reversed()) {
        later |= HybridClock.millis(entry.header().recorded()) >= started;
        if (isOfRun(entry)) {
          int number = entry.header().number();
          touched.merge(
              entry.header().memory(), new Touched(number, number), (one, _) -> one.with(number));
        }
      }
      if (!later) {
        break;
      }
    }
    return touched;
  }

  private boolean isOfRun(Entry entry) {
    var body = entry.decoded();
    return body != null
        && body.cause() != null
        && run.toString().equals(body.cause().session())
        && !Reader.isSentinel(entry.header().memory());
  }

  /// Null where the memory is as it was before the run; else why it is left as it is.
  private @Nullable String restore(
      Changes changes, Reader reader, UUID id, @Nullable Touched touched) throws SQLException {
    var state = reader.state(id);
    if (state == null || touched == null || state.erased()) {
      return "it was erased since";
    }
    if (state.number() > touched.last) {
      return "it was changed since";
    }
    var message = "undo of " + run;
    if (touched.first == 1) {
      changes.forget(id, message);
      return null;
    }
    var before =
        reader.history(state).stream()
            .filter(each -> each.header().number() < touched.first)
            .toList();
    var was = MemoryState.known(id, state.scope(), before, Long.MAX_VALUE);
    var head = was.head(Header.MAIN);
    if (head == null) {
      changes.forget(id, message);
      return null;
    }
    try {
      changes.branches().revert(id, reader.entry(head.pos()).header().number(), message);
      return null;
    } catch (Conflict e) {
      return e.getMessage();
    }
  }
}
