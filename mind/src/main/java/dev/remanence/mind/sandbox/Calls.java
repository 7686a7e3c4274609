package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.FunctionCode.Kind;
import dev.remanence.mind.sandbox.FunctionCode.Parameter;
import dev.remanence.mind.sandbox.Value.BoundMethod;
import dev.remanence.mind.sandbox.Value.BuiltinFunction;
import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.ExceptionValue;
import dev.remanence.mind.sandbox.Value.FunctionValue;
import dev.remanence.mind.sandbox.Value.TupleValue;
import dev.remanence.mind.sandbox.Value.TypeValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Calls: of what is built in, and of the guest's own functions, whose parameters are bound here.
final class Calls {
  private Calls() {}

  static Object call(Run run, Object callee, List<Object> positional, Map<String, Object> named) {
    return switch (callee) {
      case FunctionValue function -> invoke(run, function, positional, named);
      case BuiltinFunction function ->
          function.body.call(run, new Arguments(function.name, positional, named));
      case BoundMethod method ->
          Methods.call(
              run, method.target, method.name, new Arguments(method.name, positional, named));
      case TypeValue type -> type.make.call(run, new Arguments(type.name, positional, named));
      case ExceptionType type -> {
        if (!named.isEmpty()) {
          throw GuestError.type(type.word() + "() takes no keyword arguments");
        }
        run.meter.chargeSlots(positional.size());
        yield new ExceptionValue(type, List.copyOf(positional));
      }
      default -> throw GuestError.type("'" + Types.nameOf(callee) + "' object is not callable");
    };
  }

  private static Object invoke(
      Run run, FunctionValue function, List<Object> positional, Map<String, Object> named) {
    var code = function.code;
    var frame = new Frame(code, function.scope);
    run.meter.enter(code.height());
    bind(run, function, frame, positional, named);
    try {
      run.evaluator.statements().block(code.body(), frame);
    } catch (GuestError error) {
      error.leaves(code.name(), frame.line);
      throw error;
    }
    run.meter.leave(code.height());
    return frame.returned;
  }

  private static void bind(
      Run run,
      FunctionValue function,
      Frame frame,
      List<Object> positional,
      Map<String, Object> named) {
    var parameters = function.code.parameters();
    int next = 0;
    boolean rest = false;
    for (int i = 0; i < parameters.size(); i++) {
      var parameter = parameters.get(i);
      switch (parameter.kind()) {
        case POSITIONAL_ONLY, PLAIN -> {
          if (next < positional.size()) {
            frame.variables.put(parameter.name(), positional.get(next++));
          }
        }
        case STAR -> {
          rest = true;
          run.meter.chargeSlots(positional.size());
          var others = positional.subList(Math.min(next, positional.size()), positional.size());
          frame.variables.put(parameter.name(), new TupleValue(List.copyOf(others)));
        }
        case NAMED_ONLY, DOUBLE_STAR -> {}
      }
    }
    if (next < positional.size() && !rest) {
      throw tooMany(function.code, positional.size());
    }
    if (!named.isEmpty() || hasDoubleStar(parameters)) {
      bindNamed(run, function.code, frame, named);
    }
    fillDefaults(function, frame);
  }

  private static boolean hasDoubleStar(List<Parameter> parameters) {
    return !parameters.isEmpty() && parameters.getLast().kind() == Kind.DOUBLE_STAR;
  }

  private static void bindNamed(
      Run run, FunctionCode code, Frame frame, Map<String, Object> named) {
    var others = new DictValue();
    for (var entry : named.entrySet()) {
      var name = entry.getKey();
      run.meter.step();
      if (accepts(code.parameters(), name)) {
        if (frame.variables.putIfAbsent(name, entry.getValue()) != null) {
          throw GuestError.type(code.name() + "() got multiple values for argument '" + name + "'");
        }
      } else if (hasDoubleStar(code.parameters())) {
        others.table.put(run, name, entry.getValue());
      } else {
        throw GuestError.type(code.name() + "() got an unexpected keyword argument '" + name + "'");
      }
    }
    if (hasDoubleStar(code.parameters())) {
      frame.variables.put(code.parameters().getLast().name(), others);
    }
  }

  private static boolean accepts(List<Parameter> parameters, String name) {
    for (var parameter : parameters) {
      boolean byName = parameter.kind() == Kind.PLAIN || parameter.kind() == Kind.NAMED_ONLY;
      if (byName && parameter.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static void fillDefaults(FunctionValue function, Frame frame) {
    var parameters = function.code.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      var name = parameters.get(i).name();
      if (!frame.variables.containsKey(name)) {
        var fallback = function.defaults[i];
        if (fallback == null) {
          throw missing(function, frame);
        }
        frame.variables.put(name, fallback);
      }
    }
  }

  private static GuestError missing(FunctionValue function, Frame frame) {
    var bare = new ArrayList<String>();
    var named = new ArrayList<String>();
    var parameters = function.code.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      var parameter = parameters.get(i);
      if (!frame.variables.containsKey(parameter.name()) && function.defaults[i] == null) {
        (parameter.kind() == Kind.NAMED_ONLY ? named : bare).add("'" + parameter.name() + "'");
      }
    }
    var names = bare.isEmpty() ? named : bare;
    return GuestError.type(
        function.code.name()
            + "() missing "
            + names.size()
            + " required "
            + (bare.isEmpty() ? "keyword-only" : "positional")
            + (names.size() == 1 ? " argument: " : " arguments: ")
            + joined(names));
  }

  private static String joined(List<String> names) {
    if (names.size() <= 2) {
      return String.join(" and ", names);
    }
    return String.join(", ", names.subList(0, names.size() - 1)) + ", and " + names.getLast();
  }

  private static GuestError tooMany(FunctionCode code, int given) {
    int most = 0;
    int least = 0;
    for (var parameter : code.parameters()) {
      if (parameter.kind() == Kind.PLAIN || parameter.kind() == Kind.POSITIONAL_ONLY) {
        most++;
        least += parameter.fallback() == null ? 1 : 0;
      }
    }
    return GuestError.type(
        code.name()
            + "() takes "
            + (least < most ? "from " + least + " to " + most : String.valueOf(most))
            + (most == 1 ? " positional argument but " : " positional arguments but ")
            + given
            + (given == 1 ? " was given" : " were given"));
  }
}
