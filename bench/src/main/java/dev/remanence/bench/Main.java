package dev.remanence.bench;

import dev.remanence.testkit.FaultyDisk;
import java.nio.file.Files;
import java.nio.file.Path;

/// One part of the benchmark a process; `bench/run` starts them in turn.
///
/// Arguments: the part, the directory for the stores, the file of results, how many memories, how
/// many seconds a measurement takes.
final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    var part = arguments[0];
    var directory = Files.createDirectories(Path.of(arguments[1])).toRealPath();
    var results = new Results(Path.of(arguments[2]));
    long memories = Long.parseLong(arguments[3]);
    double seconds = Double.parseDouble(arguments[4]);
    var load = new LoadBench(results, directory);
    switch (part) {
      case "fill" -> {
        load.syncs();
        load.fill(memories);
      }
      case "read" -> new StoreBench(results, directory, memories, seconds).run();
      case "write" -> {
        load.syncs();
        load.write(seconds, 0);
      }
      case "slow" -> {
        if (!FaultyDisk.isPresent()) {
          throw new IllegalStateException("the faulty disk has to be preloaded: use bench/run");
        }
        load.write(seconds, 1000);
      }
      case "open" -> OpenBench.run(results, directory, memories);
      case "vectors" -> {
        var bench = new VectorBench(results, seconds);
        if (arguments.length == 9) {
          bench.given(Path.of(arguments[7]), Path.of(arguments[8]));
        } else {
          bench.made();
        }
      }
      case "histories" -> new HistoryBench(results, seconds).run(directory);
      case "report" -> Report.write(results, Path.of(arguments[5]), arguments[6], memories);
      default -> throw new IllegalArgumentException("unknown part: " + part);
    }
  }
}
