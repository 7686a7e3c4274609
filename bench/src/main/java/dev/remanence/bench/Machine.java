package dev.remanence.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/// Where and when a measurement was taken.
final class Machine {
  private Machine() {}

  static String described() throws IOException {
    var cpu =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("unknown CPU");
    var memory = Files.readAllLines(Path.of("/proc/meminfo")).getFirst().replaceAll("\\D+", "");
    return String.format(
        Locale.ROOT,
        "%d cores of %s, %d GB RAM, Java %s",
        Runtime.getRuntime().availableProcessors(),
        cpu,
        Math.round(Long.parseLong(memory) / 1048576.0),
        System.getProperty("java.version"));
  }

  /// How many threads wanted to run in the last minute, on average.
  static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
  }

  static String date() {
    return LocalDate.now(ZoneOffset.UTC).toString();
  }
}
