package dev.remanence.bench;

import dev.remanence.ImportOptions;
import dev.remanence.Json;
import dev.remanence.Remanence;
import dev.remanence.testkit.FaultyDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Writes: of many threads one by one, in batches, from a file; and how much room they take.
final class LoadBench {
  static final int[] THREADS = {1, 8, 32, 128};
  private static final int BATCH = 1000;
  private static final int ROUNDS = 3;

  private final Results results;
  private final Path directory;
  private final AtomicLong written = new AtomicLong();

  LoadBench(Results results, Path directory) {
    this.results = results;
    this.directory = directory;
  }

  /// What a synced write of 4 KB at the end of a file costs.
  void syncs() throws IOException {
    syncs("sync", directory);
  }

  private void syncs(String name, Path where) throws IOException {
    var file = where.resolve("sync");
    var times = new long[500];
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < times.length; i++) {
        long start = System.nanoTime();
        channel.write(ByteBuffer.allocate(4096));
        channel.force(false);
        times[i] = System.nanoTime() - start;
      }
    }
    Files.delete(file);
    results.addTimes(name, times);
  }

  /// Fills the two stores that [StoreBench] reads, in batches; then a third from JSON lines without
  /// vectors. Takes the sizes.
  void fill(long memories) throws Exception {
    var ours = directory.resolve("ours");
    var plain = directory.resolve("plain");
    var text = directory.resolve("text");
    long oursNanos = 0;
    long plainNanos = 0;
    try (var store = Remanence.open(ours);
        var peer = new PlainSqlite(plain)) {
      for (long n = 0; n < memories; n += BATCH) {
        var batch = samples(n, Math.min(memories, n + BATCH), true);
        var drafts = batch.stream().map(Sample::draft).toList();
        long start = System.nanoTime();
        store.rememberAll(Sample.SCOPE, drafts);
        long middle = System.nanoTime();
        peer.insertAll(batch);
        oursNanos += middle - start;
        plainNanos += System.nanoTime() - middle;
      }
    }
    results.add("bulk.ours", memories / (oursNanos / 1e9));
    results.add("bulk.plain", memories / (plainNanos / 1e9));
    var file = directory.resolve("lines.jsonl");
    long textBytes = writeLines(file, memories);
    importAndCompact(text, file, memories, textBytes);
    Files.delete(file);
    plainText(memories);
    long bytes = Files.size(ours.resolve("journal.db"));
    results.add("bytes.ours", bytes / (double) memories);
    results.add("bytes.plain", Files.size(plain.resolve("plain.db")) / (double) memories);
    results.add(
        "overhead.ours", bytes / (double) sum(ours, "SELECT sum(length(body)) FROM revision"));
  }

  private static long writeLines(Path file, long memories) throws IOException {
    long textBytes = 0;
    try (var out = Files.newBufferedWriter(file)) {
      for (long n = 0; n < memories; n++) {
        var sample = Sample.of(n, false);
        textBytes += sample.text().getBytes(StandardCharsets.UTF_8).length;
        out.write(
            Json.object()
                .put("text", sample.text())
                .put("at", sample.at().toString())
                .put("tags", Json.array(sample.tags().stream().map(Json::of).toList()))
                .build()
                .toString());
        out.write('\n');
      }
    }
    return textBytes;
  }

  private void importAndCompact(Path text, Path file, long memories, long textBytes)
      throws Exception {
    try (var store = Remanence.open(text);
        var in = Files.newInputStream(file)) {
      long start = System.nanoTime();
      var report =
          store.importFrom(in, new ImportOptions(false, Sample.SCOPE), Remanence.Progress.NONE);
      results.add("import.ours", report.memories() / ((System.nanoTime() - start) / 1e9));
      if (report.memories() != memories) {
        throw new AssertionError("not all lines were taken in: " + report);
      }
      start = System.nanoTime();
      store.compact();
      results.add("compact.seconds", (System.nanoTime() - start) / 1e9);
    }
    results.add("bytes.text.ours", Files.size(text.resolve("journal.db")) / (double) memories);
    long packed = sum(text, "SELECT sum(length(body)) FROM revision");
    results.add("saved.text.ours", 100 * (1 - packed / (double) textBytes));
    results.add("overhead.text.ours", Files.size(text.resolve("journal.db")) / (double) packed);
  }

  private void plainText(long memories) throws Exception {
    long nanos = 0;
    var path = directory.resolve("plain-text");
    try (var peer = new PlainSqlite(path)) {
      for (long n = 0; n < memories; n += BATCH) {
        var batch = samples(n, Math.min(memories, n + BATCH), false);
        long start = System.nanoTime();
        peer.insertAll(batch);
        nanos += System.nanoTime() - start;
      }
    }
    results.add("import.plain", memories / (nanos / 1e9));
    results.add("bytes.text.plain", Files.size(path.resolve("plain.db")) / (double) memories);
  }

  private static List<Sample> samples(long from, long to, boolean withVector) {
    return LongStream.range(from, to).mapToObj(n -> Sample.of(n, withVector)).toList();
  }

  private static long sum(Path store, String sql) throws Exception {
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + store.resolve("journal.db"));
        var row = connection.createStatement().executeQuery(sql)) {
      return row.getLong(1);
    }
  }

  /// Writes of 1 to 128 threads, one memory a call; ours and plain SQLite in turn, each in a new
  /// store. With a delay, on the faulty disk, a sync takes so long and does nothing else.
  void write(double seconds, int delayMicros) throws Exception {
    var disk = Files.createDirectories(directory.resolve("write")).toRealPath();
    var pool = samples(0, 8192, true);
    var prefix = delayMicros == 0 ? "write" : "slow";
    try (var faulty = delayMicros == 0 ? null : FaultyDisk.watch(disk)) {
      if (faulty != null) {
        faulty.syncDelayMicros(delayMicros);
        syncs("slow.sync", disk);
      }
      for (int round = 0; round <= ROUNDS; round++) {
        try (var store = Remanence.open(disk.resolve("ours-" + round));
            var peer = new PlainSqlite(disk.resolve("plain-" + round))) {
          for (int threads : THREADS) {
            // The first round warms up.
            var name = round == 0 ? null : prefix + threads;
            double time = round == 0 ? seconds / 6 : seconds / 2;
            write(
                name,
                ".ours",
                threads,
                time,
                pool,
                sample -> store.remember(Sample.SCOPE, sample.draft()));
            write(name, ".plain", threads, time, pool, peer::insert);
          }
        }
      }
    }
  }

  private void write(
      @Nullable String name,
      String whose,
      int threads,
      double seconds,
      List<Sample> pool,
      Insert insert)
      throws Exception {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    Callable<long[]> writer =
        () -> {
          var times = new long[64];
          int count = 0;
          for (long now = System.nanoTime(); count == 0 || now < end; ) {
            long number = written.incrementAndGet();
            var sample = pool.get((int) (number % pool.size())).numbered(number);
            long start = System.nanoTime();
            insert.run(sample);
            now = System.nanoTime();
            if (count == times.length) {
              times = Arrays.copyOf(times, 2 * count);
            }
            times[count++] = now - start;
          }
          return Arrays.copyOf(times, count);
        };
    long start = System.nanoTime();
    var times = new ArrayList<long[]>();
    try (var executor = Executors.newFixedThreadPool(threads)) {
      for (var done : executor.invokeAll(Collections.nCopies(threads, writer))) {
        times.add(done.get());
      }
    }
    double took = (System.nanoTime() - start) / 1e9;
    if (name != null) {
      var all = times.stream().flatMapToLong(Arrays::stream).toArray();
      results.add(name + ".rate" + whose, all.length / took);
      results.addTimes(name + whose, all);
    }
  }

  @FunctionalInterface
  private interface Insert {
    void run(Sample sample) throws Exception;
  }
}
