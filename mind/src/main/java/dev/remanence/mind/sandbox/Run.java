package dev.remanence.mind.sandbox;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One program that is being run: its meter, its variables, what it printed. One thread has it.
final class Run {
  final Meter meter;
  final Map<String, Object> builtins;
  final InstantSource clock;
  final Evaluator evaluator;
  final StringBuilder output = new StringBuilder();

  /// The exception that an `except` is handling, for a bare `raise`.
  @Nullable GuestError handled;

  private @Nullable String narrow;

  Run(Meter meter, Map<String, Object> builtins, InstantSource clock) {
    this.meter = meter;
    this.builtins = builtins;
    this.clock = clock;
    this.evaluator = new Evaluator(this);
  }

  Object call(Object callee, Object... arguments) {
    return Calls.call(this, callee, List.of(arguments), Map.of());
  }

  /// Writes what fits of a text; beyond that the run ends.
  void print(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int width = c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
      if (!meter.print(width)) {
        int end = Character.isLowSurrogate(c) && i > 0 ? i - 1 : i;
        output.append(text, 0, end).append("\n[the output ends here]\n");
        throw meter.outputExceeded();
      }
      bytes += width;
    }
    meter.charge(bytes);
    output.append(text);
  }

  /// Whether this very string, not one like it, was looked through: to compare would cost as much.
  @SuppressWarnings("ReferenceEquality")
  boolean isKnownNarrow(String text) {
    return narrow == text;
  }

  void knowNarrow(String text) {
    narrow = text;
  }
}
