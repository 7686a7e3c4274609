package dev.remanence.journal;

import java.util.Properties;

/// Opens SQLite in a process of its own, which then ends as if it was killed: nothing that it would
/// do at its end is done.
final class FirstConnection {
  private FirstConnection() {}

  public static void main(String[] arguments) throws Exception {
    try (var connection = Sql.connect(":memory:", new Properties())) {
      System.out.println("version " + connection.getMetaData().getDatabaseProductVersion());
    }
    System.out.println("path " + System.getProperty("org.sqlite.lib.path"));
    Runtime.getRuntime().halt(0);
  }
}
