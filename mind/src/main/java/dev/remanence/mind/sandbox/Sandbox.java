package dev.remanence.mind.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import dev.remanence.mind.sandbox.Outcome.Failure;
import dev.remanence.mind.sandbox.Value.BuiltinFunction;
import dev.remanence.mind.sandbox.Value.None;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Runs small programs in restricted Python, which reach nothing but the functions that are given
/// here. Thread-safe: each run has a thread and a meter of its own, and runs share nothing.
///
/// ```java
/// var sandbox = new Sandbox(SandboxLimits.DEFAULT, StoreFunctions.of(store, "acme/user:42"));
/// var outcome = sandbox.run("len(recall('tea')['hits'])");
/// ```
///
/// The language, the limits and why it is safe: docs/sandbox.md.
public final class Sandbox {
  /// Of the thread of a run: four times and more of what [Meter#LEVELS_MAX] levels were measured to
  /// take.
  private static final long STACK_BYTES = 64L << 20;

  private static final int MESSAGE_CHARS_MAX = 4000;
  private static final int TRACEBACK_PLACES_MAX = 20;

  private final SandboxLimits limits;
  private final List<HostFunction> functions;
  private final InstantSource clock;

  public Sandbox(SandboxLimits limits, List<HostFunction> functions) {
    this(limits, functions, InstantSource.system());
  }

  Sandbox(SandboxLimits limits, List<HostFunction> functions, InstantSource clock) {
    this.limits = limits;
    this.functions = List.copyOf(functions);
    this.clock = clock;
  }

  /// Runs a program to its end, or to the first limit.
  public Outcome run(String source) {
    return run(source, new Json.Obj(Map.of()));
  }

  /// Runs a program that finds these variables set. Waits for it; an interrupt ends it.
  public Outcome run(String source, Json.Obj variables) {
    var meter = new Meter(limits);
    var outcome = new AtomicReference<@Nullable Outcome>();
    var fault = new AtomicReference<@Nullable Throwable>();
    var thread =
        new Thread(
            null,
            () -> outcome.set(execute(source, variables, meter)),
            "remanence-sandbox",
            STACK_BYTES);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((_, thrown) -> fault.set(thrown));
    thread.start();
    join(thread, meter);
    var result = outcome.get();
    if (result == null) {
      throw new IllegalStateException("the sandbox failed", fault.get());
    }
    return result;
  }

  private static void join(Thread thread, Meter meter) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
        meter.cancel();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Outcome execute(String source, Json.Obj variables, Meter meter) {
    var run = new Run(meter, builtins(), clock);
    var frame = new Frame(new Names("<module>", null).code(List.of(), List.of()), null);
    Json value = Json.ofNull();
    Failure failure = null;
    try {
      value = evaluate(run, frame, source, variables);
    } catch (Unreadable error) {
      failure = failure(source, "SyntaxError", error.text(), error.line(), List.of());
    } catch (LimitExceeded exceeded) {
      var message = String.valueOf(exceeded.getMessage());
      failure = failure(source, Outcome.LIMIT_EXCEEDED, message, frame.line, List.of());
    } catch (GuestError error) {
      failure = failure(run, source, error, frame.line);
    }
    return new Outcome(
        value,
        run.output.toString(),
        failure,
        meter.steps(),
        meter.bytes(),
        meter.hostCalls(),
        meter.millis());
  }

  private Json evaluate(Run run, Frame frame, String source, Json.Obj variables) {
    if (!Texts.isWellFormed(source)) {
      throw new Unreadable("the program is not well-formed Unicode", 0);
    }
    if (source.length() > limits.sourceBytes()
        || source.getBytes(UTF_8).length > limits.sourceBytes()) {
      throw new LimitExceeded("a program of more than " + limits.sourceBytes() + " bytes");
    }
    for (var variable : variables.fields().entrySet()) {
      frame.variables.put(variable.getKey(), Border.in(run, variable.getValue()));
    }
    var program = Parser.program(source, run.meter);
    run.meter.descend(program.height());
    Object last = None.NONE;
    for (var statement : program.body()) {
      last = None.NONE;
      if (statement instanceof Stmt.Evaluate(var expression, var line)) {
        frame.line = line;
        last = run.evaluator.evaluate(expression, frame);
      } else {
        run.evaluator.statements().block(List.of(statement), frame);
      }
    }
    var named = frame.variables.get("result");
    return Border.result(run, named == null ? last : named);
  }

  private Map<String, Object> builtins() {
    var builtins = new HashMap<>(Builtins.all());
    Modules.addTo(builtins);
    for (var function : functions) {
      builtins.put(
          function.name(),
          new BuiltinFunction(function.name(), (run, arguments) -> call(function, run, arguments)));
    }
    return builtins;
  }

  private static Object call(HostFunction function, Run run, Arguments arguments) {
    arguments.allow(function.parameters().toArray(String[]::new));
    run.meter.hostCall();
    var given = new LinkedHashMap<String, Json>();
    for (int i = 0; i < function.parameters().size(); i++) {
      var name = function.parameters().get(i);
      var value = arguments.get(i, name);
      if (value != null && value != None.NONE) {
        given.put(name, Border.argument(run, value));
      }
    }
    Json answer;
    try {
      answer = function.body().call(new Json.Obj(given));
    } catch (RemanenceException failure) {
      run.meter.checkTime();
      throw new GuestError(
          ExceptionType.ofStore(failure.name()),
          failure.name() + ": " + Texts.start(String.valueOf(failure.getMessage()), 2000));
    }
    run.meter.checkTime();
    return Border.in(run, answer);
  }

  // Failures

  private static Failure failure(Run run, String source, GuestError error, int line) {
    String message;
    try {
      message = Representation.message(run, error.value());
    } catch (LimitExceeded | GuestError _) {
      message = "";
    }
    var places = new ArrayList<>(error.places());
    places.add(new GuestError.Place("<module>", line));
    return failure(source, error.value().type.word(), message, places.getFirst().line(), places);
  }

  private static Failure failure(
      String source, String name, String message, int line, List<GuestError.Place> places) {
    var shown = Texts.start(message, MESSAGE_CHARS_MAX);
    var lines = source.split("\r\n|\r|\n", -1);
    var out = new StringBuilder("Traceback (most recent call last):\n");
    var all = places.isEmpty() ? List.of(new GuestError.Place("<module>", line)) : places;
    for (int i = all.size() - 1; i >= 0; i--) {
      boolean between = i >= TRACEBACK_PLACES_MAX && i < all.size() - 1;
      if (between) {
        continue;
      }
      var place = all.get(i);
      out.append("  line ").append(place.line()).append(", in ").append(place.function());
      out.append('\n');
      if (place.line() >= 1 && place.line() <= lines.length) {
        out.append("    ").append(Texts.start(lines[place.line() - 1].strip(), 200)).append('\n');
      }
    }
    out.append(name).append(shown.isEmpty() ? "" : ": " + shown);
    return new Failure(name, shown, line, out.toString());
  }
}
