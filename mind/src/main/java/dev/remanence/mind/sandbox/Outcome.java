package dev.remanence.mind.sandbox;

import dev.remanence.Json;
import org.jspecify.annotations.Nullable;

/// How a run ended.
///
/// @param value of the variable `result` where the program set it, else of the program's last line
///   where that is an expression, else null; JSON's null after a failure
/// @param output what was printed
/// @param failure what ended it, or null where it came to its end
/// @param steps that it took
/// @param bytes that it allocated, as they are charged
/// @param hostCalls that it made
/// @param millis that it took
public record Outcome(
    Json value,
    String output,
    @Nullable Failure failure,
    long steps,
    long bytes,
    int hostCalls,
    long millis) {

  /// What the limits end a program with.
  public static final String LIMIT_EXCEEDED = "LimitExceeded";

  /// What ended a run.
  ///
  /// @param name of the exception, such as `ZeroDivisionError`, `SyntaxError`, or `LimitExceeded`
  /// @param line of the program; 0 where it is not known
  /// @param traceback the calls on the way to it, with their lines, as Python writes them
  public record Failure(String name, String message, int line, String traceback) {}

  /// As JSON: `{value, output, error?: {name, message, line, traceback}, steps, bytes, hostCalls,
  /// millis}`.
  public Json.Obj json() {
    var fields = Json.object().put("value", value).put("output", output);
    if (failure != null) {
      fields.put(
          "error",
          Json.object()
              .put("name", failure.name())
              .put("message", failure.message())
              .put("line", failure.line())
              .put("traceback", failure.traceback())
              .build());
    }
    return fields
        .put("steps", steps)
        .put("bytes", bytes)
        .put("hostCalls", hostCalls)
        .put("millis", millis)
        .build();
  }
}
