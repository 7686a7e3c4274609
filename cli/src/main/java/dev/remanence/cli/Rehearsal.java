package dev.remanence.cli;

import dev.remanence.daemon.Daemon;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;

/// The training run for the JVM's AOT cache: everyday commands on a store that is thrown away,
/// which a daemon in this process serves, so that their classes are in the cache. `./remanence`
/// runs it at the end of a build.
final class Rehearsal {
  private Rehearsal() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var directory = Files.createTempDirectory("remanence-rehearsal");
    var place = directory.resolve("store");
    var daemon = new Daemon(place, true, null);
    var serving = Thread.ofPlatform().start(daemon::run);
    try {
      var store = place.toString();
      var terminal = new Terminal(true, true, true, 80);
      run(terminal, store, "remember", "Anna prefers tea", "--tag", "drinks", "--key", "drink");
      run(terminal, store, "recall", "tea", "--at-least-this-is-refused");
      for (var output : new Terminal[] {terminal, Terminal.NONE}) {
        run(output, store, "remember", "Berlin is rainy", "--metadata", "{\"a\": 1}", "--json");
        run(output, store, "recall", "tea", "--explain");
        run(output, store, "recall", "tea", "--json");
        run(output, store, "get", "drink");
        run(output, store, "get", "drink", "--json");
        run(output, store, "list", "--tag", "drinks", "--since", "2026-01-01");
        run(output, store, "list", "--json");
        run(output, store, "stats");
        run(output, store, "help");
        run(output, store, "help", "recall");
      }
      run(terminal, store, "pipe");
    } finally {
      daemon.stop();
      serving.join();
      try (var files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
  }

  private static void run(Terminal terminal, String store, String... words) {
    var all = new String[words.length + 2];
    all[0] = "--store";
    all[1] = store;
    System.arraycopy(words, 0, all, 2, words.length);
    new Invocation(
            Map.of(),
            new ByteArrayInputStream(new byte[0]),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            terminal)
        .run(all);
  }
}
