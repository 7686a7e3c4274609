package dev.remanence.journal;

import dev.remanence.RemanenceException.FormatTooNew;
import dev.remanence.RemanenceException.FormatTooOld;
import dev.remanence.RemanenceException.InvalidInput;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Whether `journal.db` has the form of this version and SQLite's trees are whole, before anybody
/// asks what the rows say.
final class FormCheck {
  private final Reader reader;
  private final Findings findings;

  FormCheck(Reader reader, Findings findings) {
    this.reader = reader;
    this.findings = findings;
  }

  /// The tables and indexes are those of this format, to the letter: a definition that was altered
  /// could change what a question finds.
  void definitions() throws SQLException {
    var expected = expected();
    Map<String, String> found = new HashMap<>();
    findings.step(
        "journal.db, its tables", false, () -> found.putAll(definitions(reader.connection())));
    try {
      findings.step(
          "journal.db, its header",
          false,
          () -> Schema.format(reader.connection(), findings.store()));
    } catch (FormatTooNew | FormatTooOld | InvalidInput e) {
      if (!found.equals(expected)) {
        throw e;
      }
      findings.problem(
          "journal.db, its header",
          "the tables are those of format " + Schema.FORMAT + "; the header says otherwise",
          false);
      return;
    }
    var altered = new TreeSet<String>();
    altered.addAll(expected.keySet());
    altered.addAll(found.keySet());
    altered.removeIf(name -> Objects.equals(expected.get(name), found.get(name)));
    if (!found.isEmpty() && !altered.isEmpty()) {
      findings.problem(
          "journal.db, its tables",
          altered.size()
              + " definitions are not those of format "
              + Schema.FORMAT
              + ", the first: "
              + altered.first(),
          false);
    }
  }

  private static Map<String, String> definitions(Connection connection) throws SQLException {
    Map<String, String> definitions = new HashMap<>();
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT type, name, tbl_name, sql FROM sqlite_schema")) {
      while (row.next()) {
        if (!String.valueOf(row.getString(2)).startsWith("sqlite_stat")) {
          definitions.put(
              row.getString(1) + " " + row.getString(2) + " of " + row.getString(3),
              String.valueOf(row.getString(4)));
        }
      }
    }
    return definitions;
  }

  private static Map<String, String> expected() throws SQLException {
    try (var memory = Sql.connect(":memory:", new java.util.Properties())) {
      Schema.create(memory);
      return definitions(memory);
    }
  }

  /// What SQLite says of its trees; every page and index where it is asked deeply.
  void structure(boolean deep) throws SQLException {
    var derivedRoots = derivedRoots();
    try (var statement = reader.connection().createStatement();
        var row =
            statement.executeQuery(
                deep ? "PRAGMA integrity_check(100)" : "PRAGMA quick_check(100)")) {
      while (row.next()) {
        var line = String.valueOf(row.getString(1));
        if (!line.equals("ok")) {
          for (var each : line.split("\n", -1)) {
            if (!each.isBlank() && !each.startsWith("***")) {
              findings.problem("journal.db, its structure", each, isOf(derivedRoots, each));
            }
          }
        }
      }
    }
  }

  /// How SQLite names what is derived, indexes included: trees by their root page, others by name.
  private Set<String> derivedRoots() throws SQLException {
    Set<String> names = new HashSet<>();
    try (var statement = reader.connection().createStatement();
        var row =
            statement.executeQuery("SELECT type, rootpage, name, tbl_name FROM sqlite_schema")) {
      while (row.next()) {
        boolean derived = List.of(Schema.DERIVED).contains(row.getString(4));
        if (derived || "index".equals(row.getString(1))) {
          names.add("Tree " + row.getLong(2) + " ");
          names.add(" index " + row.getString(3) + " ");
        }
        if (derived) {
          names.add(" " + row.getString(4) + ".");
        }
      }
    }
    return names;
  }

  private static boolean isOf(Set<String> names, String line) {
    return names.stream().anyMatch(name -> (" " + line + " ").contains(name));
  }
}
