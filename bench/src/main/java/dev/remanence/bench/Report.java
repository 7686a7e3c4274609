package dev.remanence.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Writes `docs/benchmarks.md`, but for three sections: one is written by hand, the others by
/// [RecallReport] and [DaemonReport].
final class Report {
  private static final Section BY_HAND =
      new Section(
          "<!-- by hand, kept by bench/run: why targets are missed -->",
          "<!-- end of what is kept -->");

  private final Results results;
  private final StringBuilder out = new StringBuilder();
  private final List<String> misses = new ArrayList<>();

  private Report(Results results) {
    this.results = results;
  }

  static void write(Results results, Path file, String how, long memories) throws IOException {
    var old = Files.exists(file) ? Files.readString(file) : "";
    var page = new Report(results).text(how, memories, BY_HAND.in(old));
    for (var section : List.of(RecallReport.SECTION, DaemonReport.SECTION)) {
      if (!section.in(old).isEmpty()) {
        page = section.put(page, section.in(old));
      }
    }
    Files.writeString(file, page);
  }

  private String text(String how, long memories, String kept) throws IOException {
    var size = Results.digits((double) memories);
    line("# Benchmarks: what it costs, beside plain SQLite");
    line("");
    line("Written by `bench/run %s` on %s; change the code, not the tables.", how, Machine.date());
    line("");
    line(
        "**Machine.** %s, heap 1 GB. A synced write of 4 KB at the end of a file takes %s µs (p50),"
            + " %s µs (p99) on its disk.",
        Machine.described(), show(results.get("sync.p50")), show(results.get("sync.p99")));
    line("");
    line(
        "**× SQLite** is how many times as fast (or as small) as plain SQLite; above 1 is better."
            + " Plain SQLite is `PlainSqlite`: one table with indexes for the same questions, one"
            + " connection under one lock, the same pragmas (WAL, `synchronous=FULL`, checkpoint at"
            + " 8000 pages, `secure_delete`, 32 MB cache). It keeps no history, hashes nothing into"
            + " chains, compresses nothing. *Seeds* is what the seed projects state of themselves,"
            + " on their machines.");
    line("");
    line("## Reading, one thread, %s memories", size);
    head("times are p50 / p99 in µs");
    times("get by id, from the store", "get", 5, "≤ 5", "300; 2000–5000/s");
    times("get by id, recently read", "cached", 0.2, "≤ 0.2", "");
    times("get by key", "key", 0, "", "");
    times("ten gets by id, from the store", "get10", 60, "≤ 60", "1200");
    times("range of 1000 by time, with bodies", "range", 2000, "≤ 2000", "4500");
    times("list, a page of 50", "list", 0, "", "");
    times("history of 5 revisions", "history", 0, "", "");
    line("");
    line("## Writing one memory a call, ~600 bytes of text and 384 floats");
    line("");
    line("A call returns when its memory is on disk.");
    line("");
    writes("This disk", "write");
    atLeast("one writer, × SQLite", ratio("write1.rate"), 0.85);
    var latency = results.get("write1.ours.p50");
    if (latency != null && latency > 300) {
      misses.add("one writer: p50 " + Results.digits(latency) + " µs, target ≤ 300");
    }
    atLeast("32 writers ÷ one writer, this disk", quotient("write32", "write1"), 3);
    writes("A disk whose sync takes 1 ms³", "slow");
    atLeast("32 writers with 1 ms sync, memories/s", results.get("slow32.rate.ours"), 10_000);
    atLeast("32 writers ÷ one writer, 1 ms sync", quotient("slow32", "slow1"), 10);
    line(
        "³ The faulty disk of the testkit in front of both stores: a sync sleeps for 1 ms and reaches"
            + " no device. With its bookkeeping, a synced write of 4 KB takes %s µs (p50), %s µs"
            + " (p99).",
        show(results.get("slow.sync.p50")), show(results.get("slow.sync.p99")));
    line("");
    line(
        "32 writers over one writer: this disk %s× (target ≥ 3), 1 ms sync %s× (target ≥ 10)."
            + " Targets of the rows: one writer p50 ≤ 300 µs and ≥ 0.85 × SQLite; 32 writers with"
            + " 1 ms sync ≥ 10 000/s. Seeds: 500–1000/s, create < 50 ms.",
        show(quotient("write32", "write1")), show(quotient("slow32", "slow1")));
    line("");
    line("## Writing many at once");
    head("memories a second");
    rates("batches of 1000, with vectors", "bulk", 15_000, "≥ 15 000", "500–1000");
    rates("import of JSON lines, without vectors¹", "import", 15_000, "≥ 15 000", "500–1000");
    line("");
    line("¹ Plain SQLite: batches of 1000 from memory, nothing parsed.");
    line("");
    line("## Room");
    head("");
    bytes("bytes a memory, text and vector", "bytes", "");
    bytes("bytes a memory, text only, after compact", "bytes.text", "");
    single("text saved by packing²", "saved.text.ours", "%", "≥ 60 %", "> 60 %", 60, false);
    single("journal ÷ packed bodies, with vectors", "overhead.ours", "×", "≤ 1.4", "", 1.4, true);
    single("journal ÷ packed bodies, text only", "overhead.text.ours", "×", "", "", 0, true);
    single("heap a memory, after open and list", "heap.bytes", " B", "", "", 0, true);
    line("");
    line(
        "² Packed bodies, which also hold tags and times, over the plain bytes of the texts. The"
            + " text is made up: words by Zipf's law from 20 000, without grammar (see `Sample`);"
            + " real text packs better. Compact took %s s.",
        show(results.get("compact.seconds")));
    line("");
    line("## Opening %s memories in a new process", size);
    head("warm page cache");
    single("open", "open.ms", " ms", "≤ 600", "", 600, true);
    single("open to the first page of a list", "open.answer.ms", " ms", "≤ 600", "", 600, true);
    single("then the first get", "open.get.ms", " ms", "", "", 0, true);
    single("then the first recall", "open.recall.ms", " ms", "", "", 0, true);
    line("");
    line("## Targets missed in this run");
    line("");
    misses.forEach(miss -> line("- %s", miss));
    if (misses.isEmpty()) {
      line("None.");
    }
    line("");
    line("%s", BY_HAND.around(kept));
    line("");
    line("## How it is measured");
    line("");
    line(
        "`bench/run quick` takes about 3 minutes and `bench/run full` about 8. The loops are written"
            + " by hand, not with JMH: what is measured takes microseconds and touches a disk, so"
            + " percentiles of single calls say more than means. Each part runs in a process of its"
            + " own, both stores in turn, three rounds after a warm-up; a number is the median of"
            + " the rounds. Results of single rounds: `bench/target/results`.");
    return out.toString();
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation would be one more dependency.
  private void line(String format, Object... arguments) {
    out.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments))
        .append('\n');
  }

  private void head(String unit) {
    line("");
    line("| %s | × SQLite | Remanence | plain SQLite | target | | seeds |", unit);
    line("|---|--:|--:|--:|--:|---|--:|");
  }

  private void row(
      String what,
      @Nullable Double ratio,
      String ours,
      String plain,
      String target,
      @Nullable Boolean met,
      String seeds) {
    line(
        "| %s | %s | %s | %s | %s | %s | %s |",
        what,
        show(ratio),
        ours,
        plain,
        target,
        met == null ? "" : met ? "met" : "**missed**",
        seeds);
    if (Boolean.FALSE.equals(met)) {
      misses.add(what + ": " + ours + ", target " + target);
    }
  }

  private void times(String what, String name, double limit, String target, String seeds) {
    var ours = results.get(name + ".ours.p50");
    var plain = results.get(name + ".plain.p50");
    row(
        what,
        (ours == null || plain == null) ? null : (Double) (plain / ours),
        pair(name + ".ours"),
        pair(name + ".plain"),
        target,
        (limit == 0 || ours == null) ? null : (Boolean) (ours <= limit),
        seeds);
  }

  private void rates(String what, String name, double limit, String target, String seeds) {
    var ours = results.get(name + ".ours");
    row(
        what,
        ratio(name),
        show(ours),
        show(results.get(name + ".plain")),
        target,
        (limit == 0 || ours == null) ? null : (Boolean) (ours >= limit),
        seeds);
  }

  private void bytes(String what, String name, String target) {
    var ratio = ratio(name);
    row(
        what,
        ratio == null ? null : (Double) (1 / ratio),
        show(results.get(name + ".ours")),
        show(results.get(name + ".plain")),
        target,
        null,
        "");
  }

  private void single(
      String what,
      String name,
      String unit,
      String target,
      String seeds,
      double limit,
      boolean most) {
    var ours = results.get(name);
    row(
        what,
        null,
        show(ours) + unit,
        "",
        target,
        (limit == 0 || ours == null) ? null : (Boolean) (most ? ours <= limit : ours >= limit),
        seeds);
  }

  private void writes(String where, String prefix) {
    line(
        "| %s: writers | × SQLite | Remanence, /s | plain SQLite, /s | p50 / p99 in µs | plain SQLite, µs |",
        where);
    line("|---|--:|--:|--:|--:|--:|");
    for (int threads : LoadBench.THREADS) {
      var name = prefix + threads;
      line(
          "| %d | %s | %s | %s | %s | %s |",
          threads,
          show(ratio(name + ".rate")),
          show(results.get(name + ".rate.ours")),
          show(results.get(name + ".rate.plain")),
          pair(name + ".ours"),
          pair(name + ".plain"));
    }
    line("");
  }

  private @Nullable Double ratio(String name) {
    return quotientOf(results.get(name + ".ours"), results.get(name + ".plain"));
  }

  private @Nullable Double quotient(String name, String other) {
    return quotientOf(results.get(name + ".rate.ours"), results.get(other + ".rate.ours"));
  }

  private static @Nullable Double quotientOf(@Nullable Double one, @Nullable Double other) {
    return (one == null || other == null) ? null : (Double) (one / other);
  }

  private void atLeast(String what, @Nullable Double found, double target) {
    if (found != null && found < target) {
      misses.add(what + ": " + show(found) + ", target ≥ " + Results.digits(target));
    }
  }

  private String pair(String name) {
    return results.get(name + ".p50") == null
        ? ""
        : show(results.get(name + ".p50")) + " / " + show(results.get(name + ".p99"));
  }

  private static String show(@Nullable Double value) {
    return value == null ? "" : Results.digits(value);
  }
}
