package dev.remanence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.DiskFull;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.daemon.protocol.ExitCode;
import dev.remanence.daemon.protocol.RpcLine;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tells on stderr why a command failed, as words or as JSON, and gives its exit code.
final class Complaints {
  private final Map<String, String> environment;
  private final OutputStream err;
  private final boolean json;

  Complaints(Map<String, String> environment, OutputStream err, boolean json) {
    this.environment = environment;
    this.err = err;
    this.json = json;
  }

  /// @param command that was understood, or null
  ExitCode failed(RemanenceException failure, @Nullable Command command) {
    tell(RpcLine.error(failure), String.valueOf(failure.getMessage()), advice(failure, command));
    return ExitCode.of(failure);
  }

  /// A reader that went away took what it wanted. Anything else means that the answer is lost,
  /// though what was asked for may have been done.
  ExitCode unwritten(IOException failure) {
    var reason = String.valueOf(failure.getMessage());
    if (reason.contains("Broken pipe") || reason.contains("pipe is being closed")) {
      return ExitCode.DONE;
    }
    var message = "what was asked for may be done, but its answer cannot be written: " + reason;
    return failed(
        reason.contains("No space left")
            ? new DiskFull(message, failure)
            : new Unavailable(message, failure),
        null);
  }

  ExitCode fault(Throwable fault) {
    var what = "a fault of ours: " + fault;
    tell(
        Json.object()
            .put("code", -32603)
            .put("message", Terminal.escaped(what))
            .put("data", Json.object().put("name", "Fault").build())
            .build(),
        what,
        environment.containsKey("REMANENCE_TRACE")
            ? where(fault)
            : "please report it; REMANENCE_TRACE=1 shows where it happened");
    return ExitCode.FAULT;
  }

  /// Where to read on. What to do about anything but a mistake in the words, the message says.
  private static @Nullable String advice(RemanenceException failure, @Nullable Command command) {
    return failure instanceof InvalidInput && command != null
        ? "see: remanence help " + command.name()
        : null;
  }

  private static String where(Throwable fault) {
    var out = new StringBuilder("please report it:");
    for (var each = fault; each != null; each = each.getCause()) {
      out.append("\n  ").append(Terminal.escaped(each.toString()));
      for (var frame : each.getStackTrace()) {
        out.append("\n    at ").append(frame);
      }
    }
    return out.toString();
  }

  private void tell(Json.Obj error, String message, @Nullable String advice) {
    var text =
        json
            ? Json.object().put("error", error).build() + "\n"
            : "remanence: "
                + Terminal.escaped(message)
                + "\n"
                + (advice == null ? "" : "  " + advice + "\n");
    try {
      err.write(text.getBytes(UTF_8));
      err.flush();
    } catch (IOException _) {
      // Nobody is there to be told; the exit code still says it.
    }
  }
}
