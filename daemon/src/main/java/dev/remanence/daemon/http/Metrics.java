package dev.remanence.daemon.http;

import dev.remanence.RemanenceException;
import dev.remanence.Stats;
import dev.remanence.daemon.server.Activity;
import dev.remanence.daemon.server.Reception;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What an owner did and holds, in the text format of Prometheus, version 0.0.4: `# HELP`, `# TYPE`
/// and a line a value. docs/decisions/0012 says why this is written by hand.
final class Metrics {
  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /// Upper bounds of the histogram, in microseconds.
  private static final long[] BOUNDS = {
    100,
    250,
    500,
    1000,
    2500,
    5000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    10_000_000
  };

  private final Reception reception;
  private final Sending sending;
  private final Doorkeeper doorkeeper;

  Metrics(Reception reception, Sending sending, Doorkeeper doorkeeper) {
    this.reception = reception;
    this.sending = sending;
    this.doorkeeper = doorkeeper;
  }

  String text() {
    var out = new StringBuilder();
    var status = reception.store().status();
    head(out, "remanence_info", "gauge", "the version that serves");
    out.append("remanence_info{version=\"").append(escaped(status.version())).append("\"} 1\n");
    value(
        out,
        "remanence_uptime_seconds",
        "gauge",
        "since the store was opened",
        status.uptimeSeconds());
    value(
        out,
        "remanence_sessions",
        "gauge",
        "sessions that are open",
        reception.sessions().all().size());
    value(out, "remanence_heap_bytes", "gauge", "heap in use", Activity.heapBytes());
    value(
        out,
        "remanence_resident_bytes",
        "gauge",
        "memory of the process",
        Activity.residentBytes());
    value(
        out,
        "remanence_http_unauthorized_total",
        "counter",
        "requests without a token that holds",
        doorkeeper.refused());
    head(out, "remanence_http_answers_total", "counter", "answers over HTTP by status");
    new TreeMap<>(sending.statuses())
        .forEach((code, count) ->
            out.append("remanence_http_answers_total{status=\"")
                .append(code)
                .append("\"} ")
                .append(count.sum())
                .append('\n'));
    calls(out, new TreeMap<>(reception.activity().methods()));
    try {
      store(out, reception.store().stats());
    } catch (RemanenceException _) {
      // A store that does not answer has no sizes; the rest is worth telling.
    }
    return out.toString();
  }

  private static void calls(StringBuilder out, Map<String, Activity.Counted> methods) {
    head(out, "remanence_call_failures_total", "counter", "calls that failed, by method");
    methods.forEach((name, counted) ->
        out.append("remanence_call_failures_total{method=\"")
            .append(escaped(name))
            .append("\"} ")
            .append(counted.failures())
            .append('\n'));
    head(out, "remanence_call_seconds", "histogram", "how long calls took, by method");
    methods.forEach((name, counted) -> histogram(out, escaped(name), counted));
  }

  private static void histogram(StringBuilder out, String method, Activity.Counted counted) {
    var latencies = counted.latencies();
    // Counted first: what comes meanwhile is in no bucket but may not be missing from the last.
    long sum = latencies.totalMicros();
    long least = 0;
    for (long bound : BOUNDS) {
      least = Math.max(least, latencies.countUpTo(bound));
      bucket(out, method, seconds(bound), least);
    }
    long count = Math.max(least, latencies.count());
    bucket(out, method, "+Inf", count);
    out.append("remanence_call_seconds_sum{method=\"").append(method).append("\"} ");
    out.append(seconds(sum)).append('\n');
    out.append("remanence_call_seconds_count{method=\"").append(method).append("\"} ");
    out.append(count).append('\n');
  }

  private static void bucket(StringBuilder out, String method, String bound, long count) {
    out.append("remanence_call_seconds_bucket{method=\"")
        .append(method)
        .append("\",le=\"")
        .append(bound)
        .append("\"} ")
        .append(count)
        .append('\n');
  }

  private static String seconds(long micros) {
    return String.format(Locale.ROOT, "%.6f", micros / 1e6).replaceFirst("\\.?0+$", "");
  }

  private static void store(StringBuilder out, Stats stats) {
    value(out, "remanence_memories", "gauge", "current memories", stats.memories());
    value(out, "remanence_revisions", "gauge", "revisions, the past included", stats.revisions());
    value(out, "remanence_scopes", "gauge", "scopes", stats.scopes());
    value(out, "remanence_commits", "gauge", "commits of the journal", stats.commits());
    value(
        out,
        "remanence_vectors_waiting",
        "gauge",
        "contents without a vector",
        stats.vectorsWaiting());
    value(
        out,
        "remanence_vectors_refused",
        "gauge",
        "contents whose text the embedder did not take",
        stats.vectorsRefused());
    head(out, "remanence_store_bytes", "gauge", "files of the store");
    bytes(out, "journal", stats.journalBytes());
    bytes(out, "wal", stats.walBytes());
    bytes(out, "images", stats.imageBytes());
  }

  private static void bytes(StringBuilder out, String part, long bytes) {
    out.append("remanence_store_bytes{part=\"")
        .append(part)
        .append("\"} ")
        .append(bytes)
        .append('\n');
  }

  private static void head(StringBuilder out, String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void value(StringBuilder out, String name, String type, String help, long value) {
    head(out, name, type, help);
    out.append(name).append(' ').append(value).append('\n');
  }

  private static String escaped(String label) {
    return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
