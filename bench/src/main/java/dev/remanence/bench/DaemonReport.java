package dev.remanence.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Writes what [DaemonBench] measured as a section of `docs/benchmarks.md`.
final class DaemonReport {
  static final Section SECTION =
      new Section("<!-- daemon: written by bench/daemon -->", "<!-- end of daemon -->");

  private final Results results;
  private final StringBuilder out = new StringBuilder();

  private DaemonReport(Results results) {
    this.results = results;
  }

  static void write(Results results, Path page, String how) throws IOException {
    var report = new DaemonReport(results);
    Files.writeString(page, SECTION.put(Files.readString(page), report.text(how)));
  }

  private String text(String how) throws IOException {
    line("## The daemon, the command, HTTP");
    line("");
    line(
        "Written by `bench/daemon %s` on %s; change the code, not the tables. %s, with the clients on"
            + " the same cores.",
        how, Machine.date(), Machine.described());
    line("");
    line("**÷ target** above 1 is better than the target.");
    line("");
    line("| what | ÷ target | measured | target |");
    line("|---|--:|--:|--:|");
    atMost("the command, whole process, `get`, daemon runs, median", "cli.get.ms", " ms", 120);
    atMost("the same, `recall` with the default model", "cli.recall.ms", " ms", 120);
    atMost("the same, `remember` with the default model", "cli.remember.ms", " ms", 120);
    told("`get` when nobody serves: starts the daemon, median", "cli.none.ms", " ms");
    told("`get` with `REMANENCE_DAEMON=off`, median", "cli.off.ms", " ms");
    told("`serve`: from start to the first answer", "boot.ms", " ms");
    atLeast("64 clients on the socket, `get`, requests/s", "load.socket.rate", 30_000);
    atMost("their p99", "load.socket.p99", " µs", 20_000);
    told("the same, 16 requests sent at once, requests/s", "load.pipelined.rate", "");
    told("64 clients, `POST /rpc`, requests/s", "load.http.rate", "");
    told("their p99", "load.http.p99", " µs");
    told("64 + 64 clients at once, 10 % recall, 1 % remember, requests/s", "load.both.rate", "");
    told("their p99", "load.both.p99", " µs");
    atMost("errors in all of these", errors(), "", 0);
    told("resident before the last load", "load.before.mb", " MB");
    told("resident after it", "load.after.mb", " MB");
    told("1000 idle connections: resident, more", "idle.more.mb", " MB");
    told("a `get` beside them, p99", "idle.get.p99", " µs");
    atMost("resident at rest, model not loaded", "rest.unloaded.mb", " MB", 150);
    atMost("resident at rest, model loaded", "rest.loaded.mb", " MB", 350);
    atMost("CPU at rest", "rest.cpu.percent", " %", 0.5);
    line("");
    line(
        "The seeds state: more than 50 clients; nothing of the rest. A `get` is one JSON line of about"
            + " 120 bytes and an answer of about 700.");
    return out.toString().strip();
  }

  private @Nullable Double errors() {
    double errors = 0;
    for (var load : new String[] {"socket", "pipelined", "http", "both"}) {
      var found = results.get("load." + load + ".errors");
      if (found == null) {
        return null;
      }
      errors += found;
    }
    return errors;
  }

  private void told(String what, String name, String unit) {
    var value = results.get(name);
    line("| %s | | %s | |", what, value == null ? "–" : Results.digits(value) + unit);
  }

  private void atMost(String what, String name, String unit, double limit) {
    atMost(what, results.get(name), unit, limit);
  }

  private void atMost(String what, @Nullable Double value, String unit, double limit) {
    row(
        what,
        value,
        value == null || value == 0 ? null : (Double) (limit / value),
        unit,
        "≤ ",
        limit);
  }

  private void atLeast(String what, String name, double limit) {
    var value = results.get(name);
    row(what, value, value == null ? null : (Double) (value / limit), "", "≥ ", limit);
  }

  private void row(
      String what,
      @Nullable Double value,
      @Nullable Double ratio,
      String unit,
      String sign,
      double limit) {
    line(
        "| %s | %s | %s | %s%s%s |",
        what,
        ratio == null
            ? ""
            : ratio < 1 ? "**" + Results.digits(ratio) + "**" : Results.digits(ratio),
        value == null ? "–" : Results.digits(value) + unit,
        sign,
        Results.digits(limit),
        unit);
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation would be one more dependency.
  private void line(String format, Object... arguments) {
    out.append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments))
        .append('\n');
  }
}
