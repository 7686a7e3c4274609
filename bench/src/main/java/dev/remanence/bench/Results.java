package dev.remanence.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Measured values by name, in a file of lines `name value`. A name measured several times stands
/// for the median.
final class Results {
  private final Path file;
  private final Map<String, List<Double>> values = new TreeMap<>();

  Results(Path file) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      for (var line : Files.readAllLines(file)) {
        int space = line.indexOf(' ');
        remember(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
      }
    }
  }

  private void remember(String name, double value) {
    values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
  }

  void add(String name, double value) {
    System.out.printf("%-40s %s%n", name, digits(value));
    remember(name, value);
    try {
      Files.writeString(
          file, name + " " + value + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Percentiles of times in nanoseconds, as microseconds.
  void addTimes(String name, long[] nanos) {
    Arrays.sort(nanos);
    add(name + ".p50", nanos[nanos.length / 2] / 1e3);
    add(name + ".p99", nanos[(int) (nanos.length * 0.99)] / 1e3);
  }

  /// The same with the computing time of one call.
  void addTimes(String name, Clock.Times times) {
    addTimes(name, times.nanos());
    add(name + ".cpu", times.cpuNanos() / 1e3);
  }

  @Nullable Double get(String name) {
    var found = values.get(name);
    if (found == null) {
      return null;
    }
    var sorted = found.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /// Three significant digits, without an exponent.
  static String digits(double value) {
    if (value == 0 || Double.isNaN(value)) {
      return Double.toString(value);
    }
    var rounded = new java.math.BigDecimal(value).round(new java.math.MathContext(3));
    var plain = rounded.stripTrailingZeros();
    return plain.scale() > 0
        ? plain.toPlainString()
        : String.format(Locale.ROOT, "%,d", plain.longValue()).replace(',', ' ');
  }
}
