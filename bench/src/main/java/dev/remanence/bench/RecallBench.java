package dev.remanence.bench;

import dev.remanence.AsOf;
import dev.remanence.bench.RecallData.Question;
import dev.remanence.bench.RecallData.Tag;
import dev.remanence.bench.Searcher.Leg;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/// What does a recall cost in one scope of ten thousand, a hundred thousand and a million memories,
/// beside Lucene, JVector and SQLite FTS5: with and without filters, of the past, right after a
/// write, and after opening?
///
/// Run by `bench/recall [quick|full]`, a process for each part, searcher and size.
final class RecallBench {
  private static final int QUESTIONS = 200;

  /// Questions by which recall@10 is measured.
  private static final int JUDGED = 100;

  /// The recall@10 at which searchers are compared where ours is not known.
  private static final double COMPARED_AT = 0.99;

  private static final int INSERTS = 200;
  private static final long INSERTING_NANOS = 10_000_000_000L;
  private static final int ROUNDS = 3;
  private static final int AFTER_OPEN = 20;
  private static final Pattern OFF_HEAP = Pattern.compile("Other \\(reserved=(\\d+)KB");

  private final Results results;
  private final Path directory;
  private final RecallData data;
  private final List<Question> questions;
  private final Clock clock;
  private final String prefix;
  private int next;

  private RecallBench(Results results, Path directory, int count, double seconds) {
    this.results = results;
    this.directory = directory;
    data = new RecallData(count);
    questions = data.questions(QUESTIONS);
    clock = new Clock(seconds, seconds);
    prefix = "recall." + count + ".";
  }

  /// Arguments: the part, the searcher, the directory of a size, the file of results, how many
  /// memories, how many seconds a measurement takes.
  public static void main(String[] arguments) throws Exception {
    var part = arguments[0];
    var searcher = arguments[1];
    var results = new Results(Path.of(arguments[3]));
    if (part.equals("report")) {
      RecallReport.write(results, Path.of("docs"), searcher);
      return;
    }
    var directory = Files.createDirectories(Path.of(arguments[2])).toRealPath();
    var bench =
        new RecallBench(
            results, directory, Integer.parseInt(arguments[4]), Double.parseDouble(arguments[5]));
    switch (part) {
      case "measure" -> bench.measure(searcher);
      case "open" -> bench.open(searcher);
      case "change" -> bench.change();
      default -> throw new IllegalArgumentException("unknown part: " + part);
    }
  }

  private Searcher searcher(String name, String place) throws Exception {
    var path = directory.resolve(place);
    return switch (name) {
      case "remanence" -> new RemanenceSearcher(path);
      case "lucene" -> new LuceneSearcher(path);
      case "jvector" -> new JVectorSearcher();
      case "fts5" -> new Fts5Searcher(path);
      default -> throw new IllegalArgumentException("unknown searcher: " + name);
    };
  }

  private Question question() {
    next = (next + 1) % questions.size();
    return questions.get(next);
  }

  private void measure(String name) throws Exception {
    var own = prefix + name + ".";
    results.add(own + "load", Double.parseDouble(Machine.load()));
    var truth = RecallTruth.of(data, JUDGED, directory.resolve("truth"));
    long heap = heap();
    try (var searcher = searcher(name, name)) {
      load(searcher, name, own);
      if (name.equals("jvector")) {
        results.add(own + "heap", (heap() - heap) / (double) data.count());
      }
      if (searcher.has(Leg.MEANING)) {
        warm(searcher);
        chooseDepth(searcher, truth, own);
        for (var tag : Tag.values()) {
          results.add(own + "found." + tag, truth.found(searcher, tag, JUDGED));
        }
      }
      for (var leg : Leg.values()) {
        for (var tag : Tag.values()) {
          if (searcher.has(leg)) {
            results.addTimes(
                own + leg + "." + tag,
                clock.timesAndCpu(() -> searcher.find(leg, question(), tag).length));
          }
        }
      }
      if (searcher instanceof RemanenceSearcher ours) {
        results.addTimes(own + "bare", clock.timesAndCpu(() -> ours.bare(question()).length));
      } else {
        insert(searcher, own);
      }
    }
  }

  private void load(Searcher searcher, String name, String own) throws Exception {
    long start = System.nanoTime();
    searcher.load(data, new Progress(name + " takes in", data.count()));
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("%s is loaded after %.1f s%n", name, seconds);
    if (seconds > 1) {
      results.add(own + "load.seconds", seconds);
    }
  }

  private void warm(Searcher searcher) throws Exception {
    if (searcher instanceof RemanenceSearcher) {
      double seconds =
          VectorBench.decide(() -> searcher.find(Leg.MEANING, question(), Tag.ALL).length);
      System.out.printf("a kernel was chosen after %.1f s%n", seconds);
    }
  }

  /// Lets a searcher look at the fewest candidates with which it finds as much as ours.
  private void chooseDepth(Searcher searcher, RecallTruth truth, String own) throws Exception {
    var ours = results.get(prefix + "remanence.found.ALL");
    double enough = ours == null ? COMPARED_AT : ours;
    for (int depth : searcher.depths()) {
      searcher.depth(depth);
      double found = truth.found(searcher, Tag.ALL, JUDGED);
      System.out.printf("recall@10 is %.4f with %d candidates%n", found, depth);
      if (found >= enough || depth == Arrays.stream(searcher.depths()).max().orElse(0)) {
        results.add(own + "depth", depth);
        return;
      }
    }
  }

  /// From handing a memory over to having found it.
  private void insert(Searcher searcher, String own) throws Exception {
    var leg = searcher.has(Leg.RECALL) ? Leg.RECALL : searcher.has(Leg.WORDS) ? Leg.WORDS : null;
    var times = new long[INSERTS];
    int done = 0;
    int found = 0;
    long begin = System.nanoTime();
    while (done < INSERTS && System.nanoTime() - begin < INSERTING_NANOS) {
      long number = (long) data.count() + done;
      var word = "visible" + number;
      var question = new Question(word, data.vector(number));
      var text = word + " " + data.text(number);
      long start = System.nanoTime();
      searcher.insert(data, number, text);
      var answer = searcher.find(leg == null ? Leg.MEANING : leg, question, Tag.ALL);
      times[done++] = System.nanoTime() - start;
      found += Arrays.stream(answer).anyMatch(each -> each == number) ? 1 : 0;
    }
    results.addTimes(own + "insert", Arrays.copyOf(times, done));
    results.add(own + "insert.found", (double) found / done);
  }

  /// The first answer of a process that has just started, and what it then holds.
  private void open(String name) throws Exception {
    var own = prefix + name + ".";
    long heap = heap();
    long offHeap = offHeap();
    long start = System.nanoTime();
    try (var searcher = searcher(name, name)) {
      var leg = searcher.has(Leg.RECALL) ? Leg.RECALL : Leg.WORDS;
      searcher.find(leg, question(), Tag.ALL);
      results.add(own + "open.ms", (System.nanoTime() - start) / 1e6);
      for (int i = 0; i < AFTER_OPEN; i++) {
        searcher.find(leg, question(), Tag.ALL);
      }
      results.add(own + "heap", (heap() - heap) / (double) data.count());
      results.add(own + "offheap", (offHeap() - offHeap) / (double) data.count());
    }
    try (var files = Files.walk(directory.resolve(name))) {
      long bytes = files.filter(Files::isRegularFile).mapToLong(RecallBench::size).sum();
      results.add(own + "disk", bytes / (double) data.count());
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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

  /// What the JVM counts as allocated outside of the heap by Java code.
  private static long offHeap() throws JMException {
    var summary =
        String.valueOf(
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "vmNativeMemory",
                    new Object[] {new String[] {"summary"}},
                    new String[] {String[].class.getName()}));
    var found = OFF_HEAP.matcher(summary);
    return found.find() ? 1024 * Long.parseLong(found.group(1)) : 0;
  }

  /// Revises a fifth of a copy of the store, asks about before and about now, and inserts.
  private void change() throws Exception {
    var own = prefix + "remanence.";
    try (var searcher = new RemanenceSearcher(directory.resolve("changed"))) {
      warm(searcher);
      var before = new ArrayList<long[]>();
      for (var question : questions) {
        before.add(searcher.recall(question, Tag.ALL, AsOf.NOW));
      }
      Thread.sleep(5); // All of a millisecond is known at it.
      var then = AsOf.NOW.knownAt(Instant.now());
      Thread.sleep(5);
      searcher.revise(data, new Progress("revised", data.count()));
      for (int round = 0; round < ROUNDS; round++) {
        results.addTimes(
            own + "now",
            clock.timesAndCpu(() -> searcher.recall(question(), Tag.ALL, AsOf.NOW).length));
        results.addTimes(
            own + "then",
            clock.timesAndCpu(() -> searcher.recall(question(), Tag.ALL, then).length));
      }
      int equal = 0;
      for (int i = 0; i < questions.size(); i++) {
        var again = searcher.recall(questions.get(i), Tag.ALL, then);
        equal += Arrays.equals(before.get(i), again) ? 1 : 0;
      }
      results.add(own + "then.equal", (double) equal / questions.size());
      insert(searcher, own);
    }
  }
}
