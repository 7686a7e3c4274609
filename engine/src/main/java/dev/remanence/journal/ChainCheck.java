package dev.remanence.journal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Whether every chain runs from 1 to its head, what is missing is declared, and only that, and
/// every revision belongs to a chain that is known.
final class ChainCheck {
  private final Reader reader;
  private final Findings findings;
  private long revisions;

  ChainCheck(Reader reader, Findings findings) {
    this.reader = reader;
    this.findings = findings;
  }

  /// How many revisions were counted.
  long revisions() {
    return revisions;
  }

  /// @param heads whether to compare the hashes of the heads, which a sweep of all revisions does
  void run(List<Reader.Chain> chains, boolean heads) throws SQLException {
    Set<Long> known = new HashSet<>();
    for (var chain : chains) {
      known.add(chain.id());
      if (chain.uid() == null
          || chain.uid().length != Hash.REFERENCE_BYTES
          || chain.hash() == null
          || chain.hash().length != Hash.BYTES) {
        findings.problem("table chain, row " + chain.id(), "a column is damaged", false);
      }
      findings.step("chain " + chain.id(), false, () -> checkChain(chain, heads));
    }
    try (var row =
        reader.prepared("SELECT chain, count(*) FROM revision GROUP BY chain").executeQuery()) {
      while (row.next()) {
        revisions += row.getLong(2);
        if (!known.contains(row.getLong(1))) {
          findings.problem(
              "table chain",
              "the row of chain " + row.getLong(1) + " is missing; revisions name it",
              false);
        }
      }
    }
    try (var row =
        reader.prepared("SELECT DISTINCT chain FROM gap ORDER BY chain").executeQuery()) {
      while (row.next()) {
        if (!known.contains(row.getLong(1))) {
          findings.problem("table gap", "it names chain " + row.getLong(1) + ", unknown", false);
        }
      }
    }
  }

  /// The numbers of a chain run from 1 to its head; those that were declared missing are losses.
  private void checkChain(Reader.Chain chain, boolean heads) throws SQLException {
    var missing = new ArrayList<long[]>();
    var statement =
        reader.prepared("SELECT count(*), min(seq), max(seq) FROM revision WHERE chain = ?");
    statement.setLong(1, chain.id());
    long count;
    long least;
    long greatest;
    try (var row = statement.executeQuery()) {
      row.next();
      count = row.getLong(1);
      least = row.getLong(2);
      greatest = row.getLong(3);
    }
    if (count == 0 ? chain.seq() > 0 : greatest < chain.seq()) {
      missing.add(new long[] {greatest + 1, chain.seq()});
    }
    if (count > 0 && (least != 1 || greatest - least + 1 != count)) {
      missing.addAll(holes(chain));
    }
    for (var hole : missing) {
      checkHole(chain, hole[0], hole[1]);
    }
    checkDeclared(chain, missing);
    if (heads && greatest == chain.seq() && count > 0) {
      checkHeadHash(chain);
    }
  }

  private List<long[]> holes(Reader.Chain chain) throws SQLException {
    var holes = new ArrayList<long[]>();
    var statement = reader.prepared("SELECT seq FROM revision WHERE chain = ? ORDER BY seq");
    statement.setLong(1, chain.id());
    long before = 0;
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        long seq = row.getLong(1);
        if (seq != before + 1) {
          holes.add(new long[] {before + 1, seq - 1});
        }
        before = seq;
      }
    }
    return holes;
  }

  private void checkHole(Reader.Chain chain, long from, long to) throws SQLException {
    var numbers = from == to ? "number " + from : "numbers " + from + " to " + to;
    if (reader.isDeclaredMissing(chain.id(), from, to)) {
      findings.loss(
          "chain "
              + chain.id()
              + " (scope "
              + Hash.hex(chain.uid())
              + ", site row "
              + chain.site()
              + "): "
              + numbers
              + ", declared missing by an earlier repair or import");
    } else {
      findings.problem(
          "chain " + chain.id(),
          numbers + " of " + chain.seq() + (from == to ? " is" : " are") + " missing",
          false);
    }
  }

  /// A gap is declared only where something is missing.
  private void checkDeclared(Reader.Chain chain, List<long[]> missing) throws SQLException {
    var statement = reader.prepared("SELECT seq_from, seq_to FROM gap WHERE chain = ?");
    statement.setLong(1, chain.id());
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        long from = row.getLong(1);
        long to = row.getLong(2);
        if (missing.stream().noneMatch(hole -> hole[0] <= from && to <= hole[1])) {
          findings.problem(
              "table gap",
              "chain " + chain.id() + ": " + from + " to " + to + " is declared missing and is not",
              false);
        }
      }
    }
  }

  private void checkHeadHash(Reader.Chain chain) throws SQLException {
    var statement = reader.prepared("SELECT hash FROM revision WHERE chain = ? AND seq = ?");
    statement.setLong(1, chain.id());
    statement.setLong(2, chain.seq());
    try (var row = statement.executeQuery()) {
      if (row.next() && !Arrays.equals(row.getBytes(1), chain.hash())) {
        findings.problem(
            "table chain, row " + chain.id(), "its hash is not that of the newest revision", false);
      }
    }
  }
}
