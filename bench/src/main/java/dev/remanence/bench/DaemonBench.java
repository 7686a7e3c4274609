package dev.remanence.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// The daemon as its callers meet it: a process of its own, loaded over its socket and HTTP, and
/// the command as a process a call.
///
/// Arguments: the launcher, the directory for the store, the file of results, the seconds of a
/// load, how it was asked, the page to write to.
final class DaemonBench {
  private static final int CLIENTS = 64;
  private static final int IDLE_CONNECTIONS = 1000;
  private static final int MEMORIES = 1000;
  private static final int DEPTH = 16;

  private final String launcher;
  private final Path store;
  private final Results results;
  private final double seconds;
  private final List<String> ids = new ArrayList<>();

  private DaemonBench(String launcher, Path store, Results results, double seconds) {
    this.launcher = launcher;
    this.store = store;
    this.results = results;
    this.seconds = seconds;
  }

  public static void main(String[] arguments) throws Exception {
    var store = Path.of(arguments[1]).toAbsolutePath();
    var results = new Results(Path.of(arguments[2]));
    var bench = new DaemonBench(arguments[0], store, results, Double.parseDouble(arguments[3]));
    bench.run();
    DaemonReport.write(results, Path.of(arguments[5]), arguments[4]);
  }

  private void run() throws Exception {
    fill();
    command();
    var daemon = serve();
    try {
      atRest(daemon);
      loads(daemon);
      idle(daemon);
    } finally {
      daemon.destroy();
    }
    if (!daemon.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the daemon did not end in 30 s");
    }
  }

  // The store

  private void fill() throws Exception {
    var lines = new StringBuilder();
    var random = new SplittableRandom(3);
    for (int i = 0; i < MEMORIES; i++) {
      lines.append(
          Json.object()
              .put("scope", "bench/daemon")
              .put("text", i + " " + Sample.text(random, 120))
              .put("key", "key-" + i)
              .build());
      lines.append('\n');
    }
    var file = Files.writeString(store.resolveSibling("memories.jsonl"), lines);
    call("import", file.toString());
    for (int i = 0; i < 100; i++) {
      var memory = Json.parse(call("--scope", "bench/daemon", "get", "key-" + i, "--json"));
      ids.add(String.valueOf(((Json.Obj) memory).string("id")));
    }
  }

  // The command

  private void command() throws Exception {
    call("--scope", "bench/daemon", "get", "key-1");
    time("cli.get", 20, () -> call("--scope", "bench/daemon", "get", "key-1"));
    time(
        "cli.recall",
        20,
        () -> call("--scope", "bench/daemon", "recall", "which key said so", "--limit", "3"));
    time(
        "cli.remember",
        20,
        () -> call("--scope", "bench/cli", "remember", "at " + System.nanoTime()));
    time(
        "cli.none",
        5,
        () -> {
          call("stop");
          long began = System.nanoTime();
          call("--scope", "bench/daemon", "get", "key-1");
          return System.nanoTime() - began;
        });
    call("stop");
    time(
        "cli.off",
        5,
        () -> {
          var builder = process("--scope", "bench/daemon", "get", "key-1");
          builder.environment().put("REMANENCE_DAEMON", "off");
          return output(builder);
        });
  }

  /// The median and the worst of some calls, in milliseconds; of those that answer a number, that
  /// many nanoseconds.
  private void time(String name, int calls, Callable<?> call) throws Exception {
    var times = new long[calls];
    for (int i = 0; i < calls; i++) {
      long began = System.nanoTime();
      var answer = call.call();
      times[i] = answer instanceof Long nanos ? nanos : System.nanoTime() - began;
    }
    Arrays.sort(times);
    results.add(name + ".ms", times[calls / 2] / 1e6);
    results.add(name + ".worst.ms", times[calls - 1] / 1e6);
  }

  private ProcessBuilder process(String... words) {
    var all = new ArrayList<>(List.of(launcher, "--store", store.toString()));
    all.addAll(List.of(words));
    return new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  private static String output(ProcessBuilder builder) throws Exception {
    var process = builder.start();
    process.getOutputStream().close();
    var out = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(builder.command() + " ended with " + process.exitValue());
    }
    return out;
  }

  private String call(String... words) throws Exception {
    return output(process(words));
  }

  // The daemon

  private Process serve() throws Exception {
    long began = System.nanoTime();
    var process = process("serve", "--http", "0").redirectOutput(new File("/dev/null")).start();
    var endpoint = store.resolve("run/endpoint");
    while (true) {
      try (var client = new LoadClient.OfSocket(socket())) {
        client.ask(get(0), 1);
        break;
      } catch (IOException e) {
        if (!process.isAlive()) {
          throw new IllegalStateException("the daemon ended; last sought: " + endpoint, e);
        }
        Thread.sleep(1);
      }
    }
    results.add("boot.ms", (System.nanoTime() - began) / 1e6);
    return process;
  }

  private Path socket() throws IOException {
    var endpoint = (Json.Obj) Json.parse(Files.readString(store.resolve("run/endpoint")));
    return Path.of(String.valueOf(endpoint.string("socket")));
  }

  private int port() throws IOException {
    var http = Files.readString(store.resolve("run/http.json"));
    var port = Pattern.compile(":(\\d+)\"").matcher(http);
    if (!port.find()) {
      throw new IllegalStateException("no port in " + http);
    }
    return Integer.parseInt(port.group(1));
  }

  private static byte[] request(String method, Json.Obj params) {
    return Json.object()
        .put("jsonrpc", "2.0")
        .put("id", 1)
        .put("method", method)
        .put("params", params)
        .build()
        .toString()
        .getBytes(UTF_8);
  }

  private byte[] get(int i) {
    return request("get", Json.object().put("id", ids.get(i % ids.size())).build());
  }

  private static byte[] recall() {
    return request(
        "recall",
        Json.object()
            .put("scope", "bench/daemon")
            .put("query", "which key said so")
            .put("limit", 3)
            .build());
  }

  private static byte[] remember(int client, long n) {
    return request(
        "remember",
        Json.object()
            .put("scope", "bench/written/" + client % 8)
            .put("text", "written by " + client + " as number " + n)
            .put("defer", true)
            .build());
  }

  // Memory

  private void atRest(Process daemon) throws Exception {
    Thread.sleep(3000);
    results.add("rest.unloaded.mb", resident(daemon) / 1e6);
    long before = cpuNanos(daemon);
    long began = System.nanoTime();
    Thread.sleep(15_000);
    results.add(
        "rest.cpu.percent", 100.0 * (cpuNanos(daemon) - before) / (System.nanoTime() - began));
    try (var client = new LoadClient.OfSocket(socket())) {
      client.ask(recall(), 1);
    }
    Thread.sleep(5000);
    results.add("rest.loaded.mb", resident(daemon) / 1e6);
  }

  private static long resident(Process process) throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return 1024 * Long.parseLong(line.replaceAll("\\D+", ""));
      }
    }
    throw new IllegalStateException("no resident memory of process " + process.pid());
  }

  private static long cpuNanos(Process process) {
    return process.info().totalCpuDuration().orElseThrow().toNanos();
  }

  // Load

  @FunctionalInterface
  private interface Connecting {
    LoadClient connect() throws IOException;
  }

  private void loads(Process daemon) throws Exception {
    var socket = socket();
    int port = port();
    Connecting overSocket = () -> new LoadClient.OfSocket(socket);
    Connecting overHttp = () -> new LoadClient.OfHttp(port);
    load("warm", 3, List.of(overSocket, overHttp), 1, false);
    load("socket", seconds, List.of(overSocket), 1, false);
    load("pipelined", seconds / 2, List.of(overSocket), DEPTH, false);
    load("http", seconds / 2, List.of(overHttp), 1, false);
    results.add("load.before.mb", resident(daemon) / 1e6);
    load("both", seconds, List.of(overSocket, overHttp), 1, true);
    results.add("load.after.mb", resident(daemon) / 1e6);
  }

  /// What one client saw.
  private record Seen(long[] nanos, int count, long asked, int errors) {}

  /// @param kinds of clients, [#CLIENTS] of each
  /// @param depth how many requests a client sends before it reads answers
  /// @param mixed one in ten is a recall, one in a hundred a remember
  private void load(String name, double seconds, List<Connecting> kinds, int depth, boolean mixed)
      throws Exception {
    long nanos = (long) (seconds * 1e9);
    var clients = new ArrayList<Callable<Seen>>();
    for (var kind : kinds) {
      for (int i = 0; i < CLIENTS; i++) {
        int number = clients.size();
        clients.add(() -> one(kind, number, nanos, depth, mixed));
      }
    }
    long asked = 0;
    int errors = 0;
    int count = 0;
    var all = new long[1 << 20];
    long began = System.nanoTime();
    try (var threads = Executors.newFixedThreadPool(clients.size())) {
      for (var each : threads.invokeAll(clients)) {
        var seen = each.get();
        asked += seen.asked;
        errors += seen.errors;
        for (int i = 0; i < seen.count && count < all.length; i++) {
          all[count++] = seen.nanos[i];
        }
      }
    }
    double took = (System.nanoTime() - began) / 1e9;
    results.add("load." + name + ".rate", asked / took);
    results.add("load." + name + ".errors", errors);
    results.addTimes("load." + name, java.util.Arrays.copyOf(all, count));
  }

  private Seen one(Connecting kind, int number, long nanos, int depth, boolean mixed)
      throws IOException {
    var random = new SplittableRandom(number);
    // A sample of the times, evenly over the run, that fits into little memory.
    var times = new long[8000];
    int count = 0;
    int every = 1;
    long asked = 0;
    int errors = 0;
    try (var client = kind.connect()) {
      long began = System.nanoTime();
      for (long before = began; before - began < nanos; ) {
        int draw = mixed ? random.nextInt(100) : 99;
        var request =
            draw == 0 ? remember(number, asked) : draw <= 10 ? recall() : get(random.nextInt(100));
        before = System.nanoTime();
        errors += client.ask(request, depth);
        long after = System.nanoTime();
        asked += depth;
        if (asked / depth % every == 0) {
          times[count++] = after - before;
        }
        if (count == times.length) {
          for (int i = 0; i < count / 2; i++) {
            times[i] = times[2 * i];
          }
          count /= 2;
          every *= 2;
        }
      }
    }
    return new Seen(times, count, asked, errors);
  }

  private void idle(Process daemon) throws Exception {
    double before = resident(daemon) / 1e6;
    var connections = new ArrayList<LoadClient>();
    try {
      for (int i = 0; i < IDLE_CONNECTIONS; i++) {
        var client = new LoadClient.OfSocket(socket());
        connections.add(client);
        client.ask(get(i), 1);
      }
      Thread.sleep(2000);
      results.add("idle.more.mb", resident(daemon) / 1e6 - before);
      try (var client = new LoadClient.OfSocket(socket())) {
        var clock = new Clock(0.5, 2);
        results.addTimes("idle.get", clock.times(() -> client.ask(get(7), 1)));
      }
    } finally {
      for (var each : connections) {
        each.close();
      }
    }
  }
}
