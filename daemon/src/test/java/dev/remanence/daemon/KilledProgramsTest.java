package dev.remanence.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Draft;
import dev.remanence.Filter;
import dev.remanence.Memory;
import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.daemon.wire.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Programs that opened one store with `Remanence.open`, as processes of their own, and are killed
/// with SIGKILL in the middle of their calls: the owner, its successor, and one that is attached.
///
/// What holds: a call ends well or with `Unavailable`; whoever got that says it again with the same
/// id, and it is one memory; what was acknowledged is there; the store is sound.
@Timeout(120)
class KilledProgramsTest {
  private static final int PROGRAMS = 4;
  private static final int EACH = 250;
  private static final String DONE = "done ";

  @TempDir private Path temporary;
  private final List<Running> programs = new ArrayList<>();

  /// A program and what it has said so far.
  private record Running(Process process, Queue<String> said, Thread listening) {
    static Running start(Path store, int number) throws IOException {
      var process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Program.class.getName(),
                  store.toString(),
                  Integer.toString(number))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      var said = new ConcurrentLinkedQueue<String>();
      var reader = process.inputReader();
      return new Running(process, said, Thread.ofVirtual().start(() -> listen(reader, said)));
    }

    private static void listen(BufferedReader reader, Queue<String> said) {
      try (reader) {
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
          said.add(line);
        }
      } catch (IOException | UncheckedIOException _) {
        // It was killed.
      }
    }

    List<String> acknowledged() {
      return said.stream()
          .filter(line -> line.startsWith(DONE))
          .map(line -> line.substring(DONE.length()))
          .toList();
    }
  }

  private void awaitAcknowledged(int all) {
    while (programs.stream().mapToInt(each -> each.acknowledged().size()).sum() < all) {
      Thread.onSpinWait();
    }
  }

  /// The program that owns the store now: one that runs, and that has published it.
  private Running owner(Path store) {
    while (true) {
      var endpoint = Endpoint.read(store);
      for (var program : programs) {
        if (endpoint != null
            && program.process.isAlive()
            && program.process.pid() == endpoint.pid()) {
          return program;
        }
      }
      Thread.onSpinWait();
    }
  }

  private static void kill(Running program) throws InterruptedException {
    program.process.destroyForcibly().waitFor();
  }

  @Test
  void programsKilledInMidCall_loseAndDoubleNothing() throws Exception {
    var store = temporary.resolve("store");
    for (int i = 0; i < PROGRAMS; i++) {
      programs.add(Running.start(store, i));
    }
    awaitAcknowledged(60);
    kill(owner(store));
    awaitAcknowledged(200);
    var owner = owner(store);
    var attached =
        programs.stream()
            .filter(each -> !each.equals(owner) && each.process.isAlive())
            .findFirst()
            .orElseThrow();
    kill(attached);
    awaitAcknowledged(320);
    kill(owner(store));
    int ended = 0;
    for (var program : programs) {
      program.listening.join();
      if (program.process.waitFor() == 0) {
        ended++;
        assertThat(program.acknowledged()).hasSize(EACH);
      }
      assertThat(program.said).allMatch(line -> line.startsWith(DONE) || line.equals("unknown"));
    }
    assertThat(ended).isEqualTo(PROGRAMS - 3);
    requireEachOnce(store);
  }

  private void requireEachOnce(Path directory) throws IOException {
    var options = OpenOptions.DEFAULT.create(false).shared(false).embedder("none");
    try (var store = Remanence.open(directory, options)) {
      assertThat(store.verify(true, null).sound()).isTrue();
      var counts = new TreeMap<String, Integer>();
      try (var all = store.stream("acme", Filter.ALL, true)) {
        all.map(Memory::text).forEach(text -> counts.merge(text, 1, Integer::sum));
      }
      assertThat(counts.values()).containsOnly(1);
      for (var program : programs) {
        assertThat(counts.keySet()).containsAll(program.acknowledged());
      }
    }
    assertThat(Files.exists(directory.resolve("journal.db"))).isTrue();
  }

  /// Opens the store and remembers, each until it is acknowledged: the store, its own number.
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      long number = Long.parseLong(arguments[1]);
      var options = OpenOptions.DEFAULT.tool("program" + number).embedder("none");
      try (var store = Remanence.open(Path.of(arguments[0]), options)) {
        for (int i = 0; i < EACH; i++) {
          remember(store, new UUID(0x0199_0000_0000_7000L | number, Long.MIN_VALUE | i));
        }
      }
    }

    private static void remember(Remanence store, UUID id) {
      while (true) {
        try {
          var remembered = store.remember("acme", Draft.of(id.toString()).id(id));
          System.out.println(DONE + Objects.requireNonNull(remembered.id()));
          return;
        } catch (Unavailable _) {
          System.out.println("unknown");
        }
      }
    }
  }
}
