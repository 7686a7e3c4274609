package dev.remanence.bench;

import static java.util.Objects.requireNonNull;

import dev.remanence.AsOf;
import dev.remanence.Draft;
import dev.remanence.Listing;
import dev.remanence.Patch;
import dev.remanence.Range;
import dev.remanence.Remanence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/// Reads of one thread from a store of 100 000 memories, ours and plain SQLite's in turn.
///
/// Both hold all of it in the page cache of the operating system. What is read *from the store* is
/// asked for in a random order in which nothing comes again before 100 000 others did, so that no
/// cache of memories (ours keeps the last 8192 to 16 384) holds it.
final class StoreBench {
  private static final int ROUNDS = 3;
  private static final int REVISED = 300;

  private final Results results;
  private final Clock clock;
  private final long memories;
  private final Path directory;

  /// Memories with five revisions each, in a scope of their own.
  private final List<UUID> revised = new ArrayList<>();

  StoreBench(Results results, Path directory, long memories, double seconds) {
    this.results = results;
    this.directory = directory;
    this.memories = memories;
    clock = new Clock(seconds / 3, seconds / ROUNDS);
  }

  void run() throws Exception {
    try (var ours = Remanence.open(directory.resolve("ours"));
        var plain = new PlainSqlite(directory.resolve("plain"))) {
      for (int round = 0; round < ROUNDS; round++) {
        ours(ours, round);
        plain(plain, round);
      }
    }
  }

  private void ours(Remanence store, int round) throws Exception {
    var ids = store.stream(Sample.SCOPE, dev.remanence.Filter.ALL, false).map(m -> m.id());
    var get = shuffled(ids.toList(), round);
    var next = new Circle(get.size());
    measure("get.ours", () -> store.get(get.get(next.next())).body().length());
    measure(
        "get10.ours",
        () -> {
          long sum = 0;
          for (int i = 0; i < 10; i++) {
            sum += store.get(get.get(next.next())).body().length();
          }
          return sum;
        });
    var hot = get.subList(0, 64);
    cached("cached.ours", () -> store.get(hot.get(next.next() & 63)).body().length());
    var keys = keys(round);
    var nextKey = new Circle(keys.size());
    measure(
        "key.ours",
        () -> store.get(Sample.SCOPE, keys.get(nextKey.next()), AsOf.NOW).body().length());
    var from = new Circle((int) memories - 1000);
    measure(
        "range.ours",
        () -> {
          long first = from.jump();
          var range = Range.of(Sample.time(first), Sample.time(first + 1000)).limit(1000);
          return expect(1000, store.range(Sample.SCOPE, range).memories());
        });
    measure("list.ours", () -> expect(50, store.list(Sample.SCOPE, Listing.FIRST).memories()));
    if (revised.isEmpty()) {
      makeRevised(store);
    }
    var nextRevised = new Circle(revised.size());
    measure("history.ours", () -> expect(5, store.history(revised.get(nextRevised.next()))));
  }

  private void plain(PlainSqlite store, int round) throws Exception {
    var get = shuffled(store.ids(), round);
    var next = new Circle(get.size());
    measure("get.plain", () -> store.get(get.get(next.next())).at());
    measure(
        "get10.plain",
        () -> {
          long sum = 0;
          for (int i = 0; i < 10; i++) {
            sum += store.get(get.get(next.next())).at();
          }
          return sum;
        });
    var hot = get.subList(0, 64);
    cached("cached.plain", () -> store.get(hot.get(next.next() & 63)).at());
    var keys = keys(round);
    var nextKey = new Circle(keys.size());
    measure("key.plain", () -> store.get(keys.get(nextKey.next())).at());
    var from = new Circle((int) memories - 1000);
    measure(
        "range.plain",
        () -> {
          long first = from.jump();
          long fromMillis = Sample.time(first).toEpochMilli();
          return expect(1000, store.range(fromMillis, fromMillis + 1_000_000));
        });
    measure("list.plain", () -> expect(50, store.list()));
  }

  private void measure(String name, Clock.Call call) throws Exception {
    results.addTimes(name, clock.times(call));
  }

  /// A thousand calls at a time: one is shorter than it takes to look at a clock.
  private void cached(String name, Clock.Call call) throws Exception {
    var times =
        clock.times(() -> {
          long sum = 0;
          for (int i = 0; i < 1000; i++) {
            sum += call.run();
          }
          return sum;
        });
    Arrays.setAll(times, i -> times[i] / 1000);
    results.addTimes(name, times);
  }

  private void makeRevised(Remanence store) {
    for (int i = 0; i < REVISED; i++) {
      var id = store.remember("bench/revised", Draft.of("value 0 of " + i)).id();
      for (int value = 1; value < 5; value++) {
        store.revise(id, new Patch().text("value " + value + " of " + i));
      }
      revised.add(id);
    }
  }

  private static <T> List<T> shuffled(List<T> all, int seed) {
    var shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(seed));
    return shuffled;
  }

  private List<String> keys(int seed) {
    var keys = new ArrayList<String>();
    for (long i = 0; i < memories; i += 2) {
      keys.add(requireNonNull(Sample.of(i, false).key()));
    }
    return shuffled(keys, seed);
  }

  private static long expect(int size, List<?> found) {
    if (found.size() != size) {
      throw new AssertionError("expected=" + size + ", found=" + found.size());
    }
    return size;
  }

  /// The numbers below a limit, again and again.
  private static final class Circle {
    private final int limit;
    private int next;

    Circle(int limit) {
      this.limit = limit;
    }

    int next() {
      next = next + 1 == limit ? 0 : next + 1;
      return next;
    }

    /// As [#next], in steps that are too long for one answer to overlap the next.
    int jump() {
      next = (next + 15_485_863 % limit) % limit;
      return next;
    }
  }
}
