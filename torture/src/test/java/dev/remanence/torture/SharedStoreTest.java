package dev.remanence.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Filter;
import dev.remanence.Memory;
import dev.remanence.OpenOptions;
import dev.remanence.Remanence;
import dev.remanence.daemon.wire.Endpoint;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many processes remember at once in one store that nobody serves at first: each runs the command
/// as a user would. What was acknowledged is there, each exactly once, also where the owner is
/// killed again and again; who was told that nobody knows says it again with the same id.
@NullMarked
class SharedStoreTest {
  private static final @Nullable Long SEED = Long.getLong("remanence.seed");
  private static final int DONE = 0;
  private static final int UNAVAILABLE = 3;

  @TempDir Path temp;

  @AfterEach
  void stop() throws Exception {
    command("stop");
  }

  private Path store() {
    return temp.resolve("store");
  }

  private int command(String... words) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.remanence.cli.Main",
                "--store",
                store().toString()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.appendTo(temp.resolve("errors").toFile()))
        .start()
        .waitFor();
  }

  /// Runs commands so many at once, and waits for all.
  private static List<Integer> inParallel(int atOnce, List<Callable<Integer>> commands)
      throws InterruptedException, ExecutionException {
    try (var callers = Executors.newFixedThreadPool(atOnce)) {
      var exits = new ArrayList<Integer>();
      for (Future<Integer> exit : callers.invokeAll(commands)) {
        exits.add(exit.get());
      }
      return exits;
    }
  }

  private void requireEach(int memories) throws Exception {
    command("stop");
    try (var store = Remanence.open(store(), OpenOptions.DEFAULT.create(false).shared(false))) {
      assertThat(store.verify(true, null).problems()).isEmpty();
      try (var all = store.stream("global", Filter.ALL, true)) {
        var texts = all.map(Memory::text).toList();
        assertThat(texts).doesNotHaveDuplicates().hasSize(memories);
      }
    }
  }

  private long owners() throws IOException {
    try (var lines = Files.lines(store().resolve("logs/daemon.log"), UTF_8)) {
      return lines.filter(line -> line.contains("serving ")).count();
    }
  }

  @Test
  void remember_byAFewProcesses_eachOnce() throws Exception {
    rememberByProcesses(4, 5);
  }

  @Test
  @Tag("torture")
  void remember_byManyProcesses_eachOnce() throws Exception {
    rememberByProcesses(20, 50);
  }

  private void rememberByProcesses(int processes, int each) throws Exception {
    var commands = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < processes * each; i++) {
      int number = i;
      commands.add(() -> command("remember", "memory number " + number));
    }
    var errors = temp.resolve("errors");
    assertThat(inParallel(processes, commands)).as(() -> read(errors)).containsOnly(DONE);
    assertThat(owners()).isEqualTo(1);
    requireEach(processes * each);
  }

  @Test
  void remember_ownerKilledOnce_nothingIsLostOrDoubled() throws Exception {
    rememberThroughKills(4, 6, 1, SEED == null ? 1 : SEED);
  }

  @Test
  @Tag("torture")
  void remember_ownerKilledTenTimes_nothingIsLostOrDoubled() throws Exception {
    rememberThroughKills(20, 20, 10, SEED == null ? System.nanoTime() : SEED);
  }

  private void rememberThroughKills(int processes, int each, int kills, long seed)
      throws Exception {
    var random = new SplittableRandom(seed);
    var acknowledged = new AtomicInteger();
    var commands = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < processes * each; i++) {
      int number = i;
      commands.add(() -> rememberOnce(number, acknowledged));
    }
    int total = processes * each;
    commands.add(
        0,
        () -> {
          for (int killed = 1; killed <= kills; killed++) {
            int next = killed * total / (kills + 2) + random.nextInt(3);
            while (acknowledged.get() < next) {
              Thread.onSpinWait();
            }
            killOwner();
          }
          return DONE;
        });
    var errors = temp.resolve("errors");
    assertThat(inParallel(processes + 1, commands))
        .as(() -> "seed " + seed + "\n" + read(errors))
        .containsOnly(DONE);
    requireEach(total);
  }

  /// Says it with one id until it is acknowledged.
  private int rememberOnce(int number, AtomicInteger acknowledged) throws Exception {
    var id = new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0000L | number).toString();
    int exit = UNAVAILABLE;
    for (int said = 0; exit == UNAVAILABLE && said < 20; said++) {
      exit = command("remember", "memory number " + number, "--id", id);
    }
    acknowledged.incrementAndGet();
    return exit;
  }

  /// Kills the present owner and waits until it is gone.
  private void killOwner() throws InterruptedException, ExecutionException {
    var endpoint = Endpoint.read(store());
    var process = endpoint == null ? null : ProcessHandle.of(endpoint.pid()).orElse(null);
    if (process != null) {
      process.destroyForcibly();
      process.onExit().get();
    }
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      return e.toString();
    }
  }
}
