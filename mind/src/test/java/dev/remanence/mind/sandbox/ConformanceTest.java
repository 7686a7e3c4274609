package dev.remanence.mind.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Little programs, and what Python 3.11 printed for each: `conformance.txt` holds the program, a
/// line `>>>`, the expected text, and a line `===`. An exception that nobody catches is the last
/// line.
class ConformanceTest {
  private static final Sandbox SANDBOX = new Sandbox(SandboxLimits.DEFAULT, List.of());

  record Case(String program, String expected) {}

  static List<Case> cases() throws IOException {
    try (var in = ConformanceTest.class.getResourceAsStream("conformance.txt")) {
      var text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      var cases = new ArrayList<Case>();
      int from = 0;
      for (int end = text.indexOf("\n===\n"); end >= 0; end = text.indexOf("\n===\n", from)) {
        var both = text.substring(from, end + 1);
        int mark = both.indexOf("\n>>>\n");
        cases.add(new Case(both.substring(0, mark + 1), both.substring(mark + 5)));
        from = end + 5;
      }
      return cases;
    }
  }

  /// What a program printed, and what ended it.
  static String transcript(Outcome outcome) {
    var failure = outcome.failure();
    if (failure == null) {
      return outcome.output();
    }
    if (failure.name().equals("SyntaxError")) {
      return outcome.output() + "SyntaxError\n";
    }
    var message = failure.message().isEmpty() ? "" : ": " + failure.message();
    return outcome.output() + failure.name() + message + "\n";
  }

  @Test
  void run_programsOfTheTable_printWhatPythonPrinted() throws IOException {
    var differing = new ArrayList<String>();
    var cases = cases();
    for (var each : cases) {
      var found = transcript(SANDBOX.run(each.program));
      if (!found.equals(each.expected)) {
        differing.add(each.program + "  expected " + each.expected + "  found    " + found);
      }
    }
    assertThat(cases).hasSizeGreaterThan(250);
    assertThat(differing).isEmpty();
  }
}
