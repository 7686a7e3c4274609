package dev.remanence.journal;

import java.nio.file.Path;

final class Backup {
  private Backup() {}

  static void beforeMigration(Path directory, Reader connection, int format) {
    throw new AssertionError();
  }
}
