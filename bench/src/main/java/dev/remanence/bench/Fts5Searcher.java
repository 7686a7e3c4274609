package dev.remanence.bench;

import dev.remanence.bench.RecallData.Question;
import dev.remanence.bench.RecallData.Tag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/// SQLite's full-text index with Porter's stemmer, ranked by its BM25; a tag is a token of a second
/// column, which is the fastest filter that it has. It knows no vectors.
final class Fts5Searcher implements Searcher {
  private static final int BATCH = 10_000;

  private final Connection connection;
  private final PreparedStatement insert;
  private final PreparedStatement search;

  Fts5Searcher(Path directory) throws Exception {
    Files.createDirectories(directory);
    connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("words.db"));
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = NORMAL");
      statement.execute("PRAGMA cache_size = -65536");
      statement.execute("PRAGMA mmap_size = 4294967296");
      statement.execute(
          "CREATE VIRTUAL TABLE IF NOT EXISTS memory"
              + " USING fts5(text, tags, tokenize = 'porter unicode61')");
    }
    insert = connection.prepareStatement("INSERT INTO memory(rowid, text, tags) VALUES(?, ?, ?)");
    search =
        connection.prepareStatement(
            "SELECT rowid, text FROM memory WHERE memory MATCH ?"
                + " AND rank MATCH 'bm25(1.0, 0.0)' ORDER BY rank LIMIT 10");
  }

  @Override
  public boolean has(Leg leg) {
    return leg == Leg.WORDS;
  }

  @Override
  public void load(RecallData data, Progress progress) throws SQLException {
    long next;
    try (var statement =
        connection.prepareStatement("DELETE FROM memory WHERE rowid >= " + data.count())) {
      statement.executeUpdate(); // What an earlier run inserted to see how soon it is found.
    }
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT coalesce(max(rowid) + 1, 0) FROM memory")) {
      rows.next();
      next = rows.getLong(1);
    }
    if (next >= data.count()) {
      return;
    }
    connection.setAutoCommit(false);
    while (next < data.count()) {
      for (int i = 0; i < BATCH && next < data.count(); i++, next++) {
        add(data, next, data.text(next));
      }
      connection.commit();
      progress.at(next);
    }
    connection.setAutoCommit(true);
    try (var statement = connection.createStatement()) {
      statement.execute("INSERT INTO memory(memory) VALUES('optimize')");
    }
  }

  private void add(RecallData data, long number, String text) throws SQLException {
    insert.setLong(1, number);
    insert.setString(2, text);
    insert.setString(3, String.join(" ", data.tags(number)));
    insert.executeUpdate();
  }

  @Override
  public void insert(RecallData data, long number, String text) throws SQLException {
    add(data, number, text);
  }

  @Override
  public long[] find(Leg leg, Question question, Tag tag) throws SQLException {
    var words =
        Arrays.stream(question.text().split(" ", -1))
            .map(word -> '"' + word + '"')
            .collect(Collectors.joining(" OR ", "text : (", ")"));
    search.setString(1, tag == Tag.ALL ? words : words + " AND tags : " + tag.name());
    var numbers = new long[LIMIT];
    int found = 0;
    try (var rows = search.executeQuery()) {
      while (rows.next()) {
        Objects.requireNonNull(rows.getString(2));
        numbers[found++] = rows.getLong(1);
      }
    }
    return Arrays.copyOf(numbers, found);
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
