package dev.remanence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// `remanence top`: what the owner of the store does. On a terminal drawn anew each second until
/// Ctrl-C; elsewhere once.
final class Top {
  private static final long INTERVAL_MILLIS = 1000;
  private static final String CLEAR = "\u001b[H\u001b[J";

  private final Terminal terminal;
  private final OutputStream out;
  private final Supplier<Json.Obj> activity;

  /// By method: how often it had been called when the last frame was drawn.
  private final Map<String, Long> before = new HashMap<>();

  private long drawnNanos;

  Top(Terminal terminal, OutputStream out, Supplier<Json.Obj> activity) {
    this.terminal = terminal;
    this.out = out;
    this.activity = activity;
  }

  void run() throws IOException {
    do {
      var frame = frame(activity.get(), System.nanoTime());
      out.write(((terminal.out() ? CLEAR : "") + frame).getBytes(UTF_8));
      out.flush();
    } while (terminal.out() && pause());
  }

  private static boolean pause() {
    try {
      Thread.sleep(INTERVAL_MILLIS);
      return true;
    } catch (InterruptedException _) {
      return false;
    }
  }

  String frame(Json.Obj activity, long nanos) {
    double seconds = drawnNanos == 0 ? 0 : (nanos - drawnNanos) / 1e9;
    drawnNanos = nanos;
    var text = new StringBuilder();
    text.append(terminal.bold(terminal.line(string(activity, "store")))).append('\n');
    text.append(
        String.format(
            Locale.ROOT,
            "process %d · version %s · up %s · %d connections · %d in hand · heap %s · resident %s%n",
            number(activity, "pid"),
            string(activity, "version"),
            age(number(activity, "uptimeSeconds")),
            number(activity, "connections"),
            number(activity, "inHand"),
            bytes(number(activity, "heapBytes")),
            bytes(number(activity, "residentBytes"))));
    text.append('\n').append(terminal.dim(methodsHead())).append('\n');
    objects(activity, "methods").stream()
        .sorted(Comparator.comparingLong((Json.Obj method) -> number(method, "calls")).reversed())
        .forEach(method -> text.append(methodLine(method, seconds)).append('\n'));
    text.append('\n').append(terminal.dim(sessionsHead())).append('\n');
    objects(activity, "sessions").stream()
        .sorted(Comparator.comparingLong((Json.Obj session) -> number(session, "calls")).reversed())
        .forEach(session -> text.append(sessionLine(session)).append('\n'));
    return text.toString();
  }

  private static String methodsHead() {
    return String.format(
        Locale.ROOT,
        "%-24s %10s %9s %9s %9s %9s",
        "method",
        "calls",
        "per s",
        "failures",
        "p50 ms",
        "p99 ms");
  }

  private String methodLine(Json.Obj method, double seconds) {
    var name = string(method, "method");
    long calls = number(method, "calls");
    var last = before.put(name, calls);
    double rate = last == null || seconds == 0 ? 0 : (calls - last) / seconds;
    return String.format(
        Locale.ROOT,
        "%-24s %10d %9.1f %9d %9.2f %9.2f",
        Terminal.cut(name, 24),
        calls,
        rate,
        number(method, "failures"),
        number(method, "p50Micros") / 1000.0,
        number(method, "p99Micros") / 1000.0);
  }

  private static String sessionsHead() {
    return String.format(
        Locale.ROOT, "%-24s %10s %12s %9s  %s", "tool", "process", "connections", "calls", "since");
  }

  private String sessionLine(Json.Obj session) {
    return String.format(
        Locale.ROOT,
        "%-24s %10d %12d %9d  %s",
        Terminal.cut(terminal.line(string(session, "tool")), 24),
        number(session, "pid"),
        number(session, "connections"),
        number(session, "calls"),
        string(session, "since").replaceAll("\\..*", "Z"));
  }

  private static String age(long seconds) {
    return seconds < 60
        ? seconds + "s"
        : seconds < 3600
            ? seconds / 60 + "m"
            : seconds < 86_400 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
  }

  private static String bytes(long bytes) {
    return bytes >> 20 > 0 ? (bytes >> 20) + " MB" : (bytes >> 10) + " KB";
  }

  private static String string(Json.Obj object, String name) {
    var value = object.string(name);
    return value == null ? "" : value;
  }

  private static long number(Json.Obj object, String name) {
    var value = object.number(name);
    return value == null ? 0 : value.longValue();
  }

  private static List<Json.Obj> objects(Json.Obj object, String name) {
    return object.get(name) instanceof Json.Arr(var items)
        ? items.stream().filter(Json.Obj.class::isInstance).map(Json.Obj.class::cast).toList()
        : List.of();
  }
}
