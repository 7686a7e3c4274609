package dev.remanence.daemon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What was called, as the owners of a store noted it: `logs/live.jsonl`, the newest, and before it
/// `live.1.jsonl` to `live.4.jsonl`; an object a line.
public final class CallLog {
  private static final int KEPT = 4;

  private CallLog() {}

  public static Path directory(Path store) {
    return store.resolve("logs");
  }

  /// The files that may be there, newest first: what fills up is the first one, and each moves to
  /// the place after it, from which the last one falls out.
  public static List<Path> files(Path store) {
    var files = new ArrayList<>(List.of(directory(store).resolve("live.jsonl")));
    for (int i = 1; i <= KEPT; i++) {
      files.add(directory(store).resolve("live." + i + ".jsonl"));
    }
    return files;
  }

  /// Which calls.
  ///
  /// @param session of this session; null for any
  /// @param tool of this tool; null for any
  /// @param since not before this moment; null for the beginning
  /// @param until before this moment; null for now
  record Wanted(
      @Nullable UUID session,
      @Nullable String tool,
      @Nullable Instant since,
      @Nullable Instant until) {
    private boolean takes(Json.Obj call) {
      try {
        var time = Instant.parse(String.valueOf(call.string("time")));
        return (session == null || session.toString().equals(call.string("session")))
            && (tool == null || tool.equals(call.string("tool")))
            && (since == null || !time.isBefore(since))
            && (until == null || time.isBefore(until));
      } catch (DateTimeException _) {
        return false;
      }
    }
  }

  /// The newest calls that are wanted, oldest first, and whether there were more before them.
  static Json.Obj read(Path store, Wanted wanted, int limit) {
    var calls = new ArrayDeque<Json>();
    for (var file : files(store)) {
      var found = calls(file, wanted);
      for (int i = found.size() - 1; i >= 0; i--) {
        if (calls.size() == limit) {
          return answer(calls, true);
        }
        calls.addFirst(found.get(i));
      }
    }
    return answer(calls, false);
  }

  private static Json.Obj answer(Iterable<Json> calls, boolean truncated) {
    var list = new ArrayList<Json>();
    calls.forEach(list::add);
    return new Shape().put("calls", Json.array(list)).put("truncated", truncated).build();
  }

  private static List<Json> calls(Path file, Wanted wanted) {
    try (var lines = Files.lines(file, UTF_8)) {
      var calls = new ArrayList<Json>();
      lines.forEach(line -> {
        var call = call(line);
        if (call != null && wanted.takes(call)) {
          calls.add(call);
        }
      });
      return calls;
    } catch (NoSuchFileException _) {
      return List.of();
    } catch (IOException e) {
      throw new Unavailable("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /// Null for half a line, which a crash left.
  private static Json.@Nullable Obj call(String line) {
    try {
      return Json.parse(line) instanceof Json.Obj call ? call : null;
    } catch (RemanenceException _) {
      return null;
    }
  }
}
