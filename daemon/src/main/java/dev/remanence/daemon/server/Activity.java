package dev.remanence.daemon.server;

import dev.remanence.Json;
import dev.remanence.Status;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// What goes on in an owner, counted as it happens. Thread-safe.
public final class Activity {
  private final Map<String, Counted> methods = new ConcurrentHashMap<>();

  /// The calls of one method.
  public static final class Counted {
    private final Latencies latencies = new Latencies();
    private final LongAdder failures = new LongAdder();

    public Latencies latencies() {
      return latencies;
    }

    public long failures() {
      return failures.sum();
    }
  }

  void called(String method, long nanos, @Nullable String failure) {
    var counted = methods.computeIfAbsent(method, _ -> new Counted());
    counted.latencies.record(nanos);
    if (failure != null) {
      counted.failures.increment();
    }
  }

  public Map<String, Counted> methods() {
    return methods;
  }

  Json.Obj snapshot(Status status, int connections, int inHand, Sessions sessions) {
    var speaking = new ArrayList<Json>();
    for (var session : sessions.all()) {
      var speaks =
          Json.object()
              .put("session", session.id().toString())
              .put("tool", session.caller().tool())
              .put("pid", session.caller().pid());
      var version = session.version();
      if (version != null) {
        speaks.put("version", version);
      }
      var skew = session.skew();
      if (skew != null) {
        speaks.put("skewMillis", skew.toMillis());
      }
      speaking.add(
          speaks
              .put("connections", session.connections())
              .put("calls", session.calls())
              .put("since", session.since().toString())
              .build());
    }
    var called = new ArrayList<Json>();
    methods.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
        .forEach(each -> {
          var latencies = each.getValue().latencies;
          called.add(
              Json.object()
                  .put("method", each.getKey())
                  .put("calls", latencies.count())
                  .put("failures", each.getValue().failures())
                  .put("p50Micros", latencies.quantile(0.5))
                  .put("p99Micros", latencies.quantile(0.99))
                  .build());
        });
    return Json.object()
        .put("pid", status.pid())
        .put("version", status.version())
        .put("store", status.store().toString())
        .put("uptimeSeconds", status.uptimeSeconds())
        .put("connections", connections)
        .put("inHand", inHand)
        .put("sessions", Json.array(speaking))
        .put("methods", Json.array(called))
        .put("heapBytes", heapBytes())
        .put("residentBytes", residentBytes())
        .build();
  }

  public static long heapBytes() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /// What the process holds in memory; 0 where the system does not tell.
  public static long residentBytes() {
    try {
      for (var line : Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.UTF_8)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
    } catch (IOException | NumberFormatException _) {
      // Another system than Linux.
    }
    return 0;
  }
}
