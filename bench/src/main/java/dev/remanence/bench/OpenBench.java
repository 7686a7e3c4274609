package dev.remanence.bench;

import static java.util.Objects.requireNonNull;

import dev.remanence.Listing;
import dev.remanence.Query;
import dev.remanence.Remanence;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.UUID;

/// Opens the store of 100 000 memories in a process that has just started, with all classes still
/// to load, up to the first answers. The page cache is warm.
final class OpenBench {
  private OpenBench() {}

  static void run(Results results, Path directory, long memories) throws Exception {
    UUID id;
    try (var plain = new PlainSqlite(directory.resolve("plain"))) {
      plain.list();
    }
    long before = heap();
    long start = System.nanoTime();
    try (var store = Remanence.open(directory.resolve("ours"))) {
      long opened = System.nanoTime();
      var page = store.list(Sample.SCOPE, Listing.FIRST);
      long listed = System.nanoTime();
      id = page.memories().getLast().id();
      requireNonNull(store.get(id));
      long got = System.nanoTime();
      results.add("open.ms", (opened - start) / 1e6);
      results.add("open.list.ms", (listed - opened) / 1e6);
      results.add("open.answer.ms", (listed - start) / 1e6);
      results.add("open.get.ms", (got - listed) / 1e6);
      results.add("heap.bytes", (heap() - before) / (double) memories);
      start = System.nanoTime();
      store.recall(Sample.SCOPE, Query.of("what do people make of the water"));
      results.add("open.recall.ms", (System.nanoTime() - start) / 1e6);
    }
  }

  @SuppressWarnings("SystemGc") // To see what is held.
  private static long heap() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
