package dev.remanence.bench;

import dev.remanence.bench.RecallData.Tag;
import dev.remanence.bench.Searcher.Leg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Writes what [RecallBench] measured: a section of `docs/benchmarks.md` and a picture.
final class RecallReport {
  static final Section SECTION =
      new Section("<!-- recall: written by bench/recall -->", "<!-- end of recall -->");

  private static final int[] SIZES = {10_000, 100_000, 1_000_000};
  private static final List<String> PEERS = List.of("lucene", "jvector", "fts5");

  private final Results results;
  private final StringBuilder out = new StringBuilder();
  private final List<String> misses = new ArrayList<>();

  private RecallReport(Results results) {
    this.results = results;
  }

  static void write(Results results, Path docs, String how) throws IOException {
    var page = docs.resolve("benchmarks.md");
    var section = new RecallReport(results).text(how);
    System.out.println(section);
    Files.writeString(page, SECTION.put(Files.readString(page), section));
    Files.createDirectories(docs.resolve("img"));
    Files.writeString(docs.resolve("img/recall-cost.svg"), new RecallReport(results).picture());
  }

  private String text(String how) throws IOException {
    line("## Recall, beside Lucene, JVector and SQLite FTS5");
    line("");
    line(
        "Written by `bench/recall %s` on %s; change the code, not the tables.",
        how, Machine.date());
    line("");
    line(
        "**×** is how many times the computing time of ours a peer takes (or bytes, or time where"
            + " time is meant); above 1 is better for ours. A cell is the thread's computing time of"
            + " one question in µs, then the wall time's p50 / p99. One thread; a question's vector"
            + " is given, so that no embedding is in it; ten memories are read for the answer"
            + " (JVector: their numbers).");
    for (int size : SIZES) {
      if (results.get("recall." + size + ".remanence.RECALL.ALL.cpu") != null) {
        size(size);
      }
    }
    line("");
    line("![Computing time of a question against the number of memories](img/recall-cost.svg)");
    line("");
    line("### Targets missed in this run");
    line("");
    misses.forEach(miss -> line("- %s", miss));
    if (misses.isEmpty()) {
      line("None.");
    }
    line("");
    recipe();
    return out.toString().strip();
  }

  private void size(int size) {
    var at = "recall." + size + ".";
    line("");
    line("### %s memories", Results.digits((double) size));
    line("");
    line("| | × Lucene | × JVector | × FTS5 | Remanence | Lucene | JVector | FTS5 | target |");
    line("|---|--:|--:|--:|--:|--:|--:|--:|---|");
    for (var leg : Leg.values()) {
      for (var tag : Tag.values()) {
        var what = leg.words + (tag == Tag.ALL ? "" : ", a filter passes " + tag.percent());
        row(at, what, leg + "." + tag, target(size, leg, tag));
      }
    }
    row(at, "words and vectors, without priors", "bare", "");
    row(at, "after a fifth was revised", "now", "");
    row(at, "the same, as it was known before", "then", "");
    plain(at, "recall@10 of the vectors", "found.ALL", 4, false);
    plain(at, "recall@10 with 1 %", "found.HUNDREDTH", 4, false);
    plain(at, "insert to found, p50 in µs¹", "insert.p50", 0, true);
    plain(at, "open to first answer, ms", "open.ms", 0, true);
    plain(at, "bytes a memory, heap", "heap", 0, true);
    plain(at, "bytes a memory, off the heap", "offheap", 0, true);
    plain(at, "bytes a memory, disk", "disk", 0, true);
    plain(at, "took in, s", "load.seconds", 0, true);
    plain(at, "load of the machine before", "load", 2, false);
    line("");
    var then = results.get(at + "remanence.then.cpu");
    var now = results.get(at + "remanence.now.cpu");
    if (then != null && now != null) {
      line(
          "As-of recall costs %s × plain recall (target ≤ 1.3); %s %% of its answers are those that"
              + " were given at the time. The peers have no past.",
          Results.digits(then / now), Results.digits(100 * zero(at + "remanence.then.equal")));
      judge(size, "as-of ÷ plain", then / now, 1.3);
    }
    targets(at, size);
  }

  private double zero(String name) {
    var value = results.get(name);
    return value == null ? 0 : value;
  }

  private static String target(int size, Leg leg, Tag tag) {
    if (leg != Leg.RECALL) {
      return "";
    }
    return switch (size) {
      case 100_000 ->
          switch (tag) {
            case ALL -> "p50 ≤ 600, p99 ≤ 3000; ≥ 3 × Lucene";
            case HUNDREDTH -> "≤ 150; ≥ 10 × Lucene or JVector";
            case TENTH, THOUSANDTH -> "";
          };
      case 1_000_000 -> tag == Tag.ALL ? "≤ 8000" : "";
      default -> "";
    };
  }

  private void targets(String at, int size) {
    var ours = at + "remanence.";
    if (size == 100_000) {
      judge(size, "recall, p50 in µs", results.get(ours + "RECALL.ALL.p50"), 600);
      judge(size, "recall, p99 in µs", results.get(ours + "RECALL.ALL.p99"), 3000);
      judge(size, "recall with 1 %, p50 in µs", results.get(ours + "RECALL.HUNDREDTH.p50"), 150);
      atLeast(size, "recall, × Lucene", ratio(at, "lucene", "RECALL.ALL.cpu"), 3);
      atLeast(size, "recall with 1 %, × Lucene", ratio(at, "lucene", "RECALL.HUNDREDTH.cpu"), 10);
      atLeast(size, "recall@10", results.get(ours + "found.ALL"), 0.994);
      judge(size, "open to first answer, ms", results.get(ours + "open.ms"), 600);
    }
    if (size == 1_000_000) {
      judge(size, "recall, p50 in µs", results.get(ours + "RECALL.ALL.p50"), 8000);
      judge(
          size,
          "bytes a memory in memory",
          zero(ours + "heap") + zero(ours + "offheap"),
          1.2 * 1024);
    }
  }

  private void judge(int size, String what, @Nullable Double found, double most) {
    if (found != null && found > most) {
      miss(size, what, found, "≤", most);
    }
  }

  private void atLeast(int size, String what, @Nullable Double found, double least) {
    if (found != null && found < least) {
      miss(size, what, found, "≥", least);
    }
  }

  private void miss(int size, String what, double found, String sign, double target) {
    misses.add(
        Results.digits((double) size)
            + " memories, "
            + what
            + ": "
            + Results.digits(found)
            + ", target "
            + sign
            + " "
            + Results.digits(target));
  }

  private @Nullable Double ratio(String at, String peer, String name) {
    var ours = results.get(at + "remanence." + name);
    var theirs = results.get(at + peer + "." + name);
    return ours == null || theirs == null || ours == 0 ? null : (Double) (theirs / ours);
  }

  private void row(String at, String what, String name, String target) {
    var cells = new StringBuilder("| " + what);
    for (var peer : PEERS) {
      cells.append(" | ").append(show(ratio(at, peer, name + ".cpu")));
    }
    cells.append(" | ").append(times(at + "remanence." + name));
    for (var peer : PEERS) {
      cells.append(" | ").append(times(at + peer + "." + name));
    }
    line("%s | %s |", cells, target);
  }

  private String times(String name) {
    var cpu = results.get(name + ".cpu");
    return cpu == null
        ? ""
        : String.format(
            Locale.ROOT,
            "**%s**, %s / %s",
            show(cpu),
            show(results.get(name + ".p50")),
            show(results.get(name + ".p99")));
  }

  /// @param digits after the point, or 0 for three significant ones
  private void plain(String at, String what, String name, int digits, boolean compared) {
    var cells = new StringBuilder("| " + what);
    for (var peer : PEERS) {
      cells.append(" | ").append(compared ? show(ratio(at, peer, name)) : "");
    }
    for (var searcher : List.of("remanence", "lucene", "jvector", "fts5")) {
      var value = results.get(at + searcher + "." + name);
      cells
          .append(" | ")
          .append(
              value == null || digits == 0
                  ? show(value)
                  : String.format(Locale.ROOT, "%." + digits + "f", value));
    }
    line("%s | |", cells);
  }

  private void recipe() throws IOException {
    line("### How it is measured");
    line("");
    line(
        "%s; JVM: `-Xmx4g` (12g for a million), `--add-modules jdk.incubator.vector`. Each searcher"
            + " and size in a process of its own, one after the other; 200 questions in turn, as long"
            + " unmeasured as measured. `bench/recall` is the recipe, `RecallBench` its code.",
        Machine.described());
    line("");
    line(
        "- **Memories**: made up from their numbers (`RecallData`): texts of %d characters, words by"
            + " Zipf's law from 20 000; vectors of %d numbers, a common direction, one of a topic"
            + " (a hundred memories each) and their own, so that two at random have a cosine of 0.64"
            + " and two of a topic 0.84; the variance falls along rotated directions. Tags for 10,"
            + " 1 and 0.1 %% at random.",
        RecallData.TEXT_CHARS, RecallData.DIMENSIONS);
    line(
        "- **Questions**: three to six of the rarer words of one memory, and a vector near another's.");
    line(
        "- **Remanence**: as shipped, all priors on; all memories are turns of conversations, twenty"
            + " a session, so that each prior has work. Written durably, with history.");
    line(
        "- **Lucene 10.6.0**: EnglishAnalyzer, BM25; HNSW (M 16, beam 100, floats), as few candidates"
            + " as give our recall@10 (or 800); filters inside both; the best 100 by words and"
            + " the candidates by vectors, weighted as ours are, no priors; segments as the default"
            + " policy leaves them; near-real-time reader, so inserts are found, not durable.");
    line(
        "- **JVector 4.0.2**: graph on the heap (M 16, beam 100, full vectors), candidates chosen in"
            + " the same way; filters by given bits. No words, no texts, nothing on disk.");
    line(
        "- **SQLite FTS5**: Porter's stemmer, `bm25`, `optimize` after loading, filter by a token of"
            + " a second column; WAL, `synchronous = NORMAL`. No vectors.");
    line(
        "- **Opening**: a process that has just started, page cache warm, to the answer of the first"
            + " question; then what 20 more leave in heap and off it (the JVM's own count).");
    line("");
    for (int size : SIZES) {
      candidates(size);
    }
    line("");
    line(
        "¹ From handing a memory over to having it in an answer, with the search in it. Remanence"
            + " synced it to disk; Lucene and JVector did not; FTS5 wrote it without a sync.");
  }

  private void candidates(int size) {
    for (var peer : PEERS) {
      var depth = results.get("recall." + size + "." + peer + ".depth");
      if (depth != null) {
        line(
            "- Candidates of %s at %s: %s.",
            peer.equals("lucene") ? "Lucene" : "JVector",
            Results.digits((double) size),
            Results.digits(depth));
      }
    }
  }

  private String picture() {
    var picture = new CostPicture("Computing time of one question, one thread");
    for (int size : SIZES) {
      draw(picture, size, "Remanence, words + vectors", "remanence.RECALL.ALL");
      draw(picture, size, "Remanence, 1 % pass", "remanence.RECALL.HUNDREDTH");
      draw(picture, size, "Lucene, words + vectors", "lucene.RECALL.ALL");
      draw(picture, size, "Lucene, 1 % pass", "lucene.RECALL.HUNDREDTH");
      draw(picture, size, "JVector, vectors only", "jvector.MEANING.ALL");
      draw(picture, size, "JVector, 1 % pass", "jvector.MEANING.HUNDREDTH");
      draw(picture, size, "SQLite FTS5, words only", "fts5.WORDS.ALL");
    }
    return picture.svg();
  }

  private void draw(CostPicture picture, int size, String line, String name) {
    var cpu = results.get("recall." + size + "." + name + ".cpu");
    if (cpu != null) {
      picture.add(line, size, cpu);
    }
  }

  private static String show(@Nullable Double value) {
    return value == null ? "" : Results.digits(value);
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation would be one more dependency.
  private void line(String format, Object... arguments) {
    out.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments))
        .append('\n');
  }
}
