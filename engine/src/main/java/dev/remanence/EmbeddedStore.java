package dev.remanence;

import java.nio.file.Path;

final class EmbeddedStore {
  static Remanence open(Path directory, OpenOptions options) {
    throw new AssertionError();
  }
}
