package dev.remanence;

import dev.remanence.journal.Body;
import dev.remanence.journal.Disk;
import dev.remanence.journal.Reader;
import dev.remanence.journal.Reader.ChainName;
import dev.remanence.journal.SqliteJournal;
import dev.remanence.life.Changes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

/// What must not come back from a copy of a store: memories, and the names of the scopes of some
/// chains.
record Erased(Set<UUID> memories, Set<ChainName> scopes) {
  /// The receipts that erasures leave in a backup directory, a line each.
  static final String WORD = "erasures.jsonl";

  private static final String WHY = "erased after the backup";
  private static final String NO_MEMORY = new UUID(0, 0).toString();

  /// What a store has erased.
  static Erased from(Reader reader) throws SQLException {
    return new Erased(reader.erasedMemories(), reader.namelessChains());
  }

  /// What erasures left word of beside a backup.
  static Erased besides(Path backup) throws IOException {
    var lines = Disk.wholeLines(backup.resolveSibling(WORD));
    var erased = new Erased(new LinkedHashSet<>(), new HashSet<>());
    for (var line : new String(lines, StandardCharsets.UTF_8).lines().toList()) {
      if (Json.parse(line) instanceof Json.Obj receipt) {
        erased.add(receipt);
      }
    }
    return erased;
  }

  /// Adds what a receipt names: its memories, and the scopes whose OPEN revision, which is of no
  /// memory, lost its body.
  private void add(Json.Obj receipt) {
    memories.addAll(Erasing.uuids(receipt, "memories"));
    if (receipt.get("revisions") instanceof Json.Arr(var revisions)) {
      for (var each : revisions) {
        if (each instanceof Json.Obj revision
            && NO_MEMORY.equals(revision.string("memory"))
            && revision.get("site") instanceof Json.Str(var site)
            && revision.get("scope") instanceof Json.Str(var uid)) {
          scopes.add(new ChainName(site, uid));
        }
      }
    }
  }

  /// Erases all of it in a copy. Answers how many memories and scopes were still there.
  long eraseIn(SqliteJournal copy) {
    var cause = new Body.Cause("restore", "restore", WHY, null, null);
    var ids = new LinkedHashSet<>(memories);
    ids.addAll(copy.read(Reader::memoriesWithoutBodies));
    long found =
        copy.write(
            4096,
            ledger -> {
              long count = 0;
              for (var id : ids) {
                var state = ledger.reader().state(id);
                if (state != null && !state.erased()) {
                  new Changes(ledger, cause).erase(id, WHY);
                  count++;
                }
              }
              for (var named : scopes) {
                long scope = ledger.reader().scopeOf(named);
                var path = scope == 0 ? null : ledger.reader().scopePath(scope);
                if (path != null) {
                  ledger.eraseScopeName(scope, path);
                  count++;
                }
              }
              return count;
            });
    if (found > 0) {
      copy.replaceDictionaries();
    }
    return found;
  }
}
