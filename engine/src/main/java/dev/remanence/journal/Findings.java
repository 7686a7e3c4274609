package dev.remanence.journal;

import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.Verification.Problem;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteErrorCode;

/// What a check has found so far. One damaged thing never ends the checks of the others: each runs
/// as a step, whose failure becomes a problem of its own.
final class Findings {
  /// Problems listed of one place; of more, the number is told.
  private static final int LISTED_MAX = 50;

  private final Path store;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<String, Boolean> unlistedDerived = new HashMap<>();
  private final List<String> losses = new ArrayList<>();

  Findings(Path store) {
    this.store = store;
  }

  /// Part of a check.
  @FunctionalInterface
  interface Step {
    void run() throws SQLException;
  }

  /// Runs a part; where bytes cannot be read it ends with a problem.
  ///
  /// @param derived whether all that the part reads is derived
  void step(String where, boolean derived, Step step) throws SQLException {
    try {
      step.run();
    } catch (CorruptStore e) {
      problem(where, String.valueOf(e.getMessage()), derived || Rebuild.repairs(e));
    } catch (MalformedBytes e) {
      problem(where, String.valueOf(e.getMessage()), derived);
    } catch (SQLException e) {
      problem(where, unreadable(e), derived);
    }
  }

  /// What SQLite says of bytes that it cannot read. Failures that say nothing about the bytes - an
  /// interrupt, a lock, no room for a sort - go on to the caller.
  String unreadable(SQLException failure) throws SQLException {
    int code = failure.getErrorCode() & 0xFF;
    if (code == SQLiteErrorCode.SQLITE_INTERRUPT.code
        || code == SQLiteErrorCode.SQLITE_BUSY.code
        || code == SQLiteErrorCode.SQLITE_LOCKED.code
        || code == SQLiteErrorCode.SQLITE_FULL.code
        || code == SQLiteErrorCode.SQLITE_READONLY.code
        || code == SQLiteErrorCode.SQLITE_PERM.code) {
      throw failure;
    }
    return "SQLite cannot read it: " + failure.getMessage();
  }

  void problem(String where, String what, boolean derived) {
    var place = where.replaceAll("[0-9a-f-]{32,}|\\d+", "n");
    int count = counts.merge(place, 1, Integer::sum);
    if (count <= LISTED_MAX) {
      problems.add(new Problem(where, what, derived));
    } else {
      unlistedDerived.merge(place, derived, Boolean::logicalAnd);
    }
  }

  void loss(String line) {
    if (losses.size() < 1000) {
      losses.add(line);
    }
  }

  Path store() {
    return store;
  }

  List<String> losses() {
    return List.copyOf(losses);
  }

  List<Problem> problems() {
    var all = new ArrayList<>(problems);
    unlistedDerived.forEach((place, derived) ->
        all.add(
            new Problem(
                place,
                "and " + (counts.getOrDefault(place, 0) - LISTED_MAX) + " more like it",
                derived)));
    return List.copyOf(all);
  }
}
