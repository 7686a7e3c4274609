package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Expr.Argument;
import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.FunctionValue;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.ModuleValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.SetValue;
import dev.remanence.mind.sandbox.Value.SliceValue;
import dev.remanence.mind.sandbox.Value.TupleValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Evaluates expressions by walking them. Its Java calls nest as the text does; [Meter] holds the
/// sum of that below what the stack was measured for.
final class Evaluator {
  private final Run run;
  private final Meter meter;
  private final Statements statements;

  Evaluator(Run run) {
    this.run = run;
    this.meter = run.meter;
    this.statements = new Statements(run, this);
  }

  Statements statements() {
    return statements;
  }

  Object evaluate(Expr expr, Frame frame) {
    meter.step();
    return switch (expr) {
      case Expr.Name(var name) -> load(name, frame);
      case Expr.Constant(var value) -> value;
      case Expr.Binary binary -> binary(binary, frame);
      case Expr.Call call -> call(call, frame);
      case Expr.Compare compare -> compare(compare, frame);
      case Expr.Attribute(var target, var name, var line) -> {
        var value = evaluate(target, frame);
        frame.line = line;
        yield attribute(value, name);
      }
      case Expr.Subscript(var target, var index, var line) -> {
        var value = evaluate(target, frame);
        var key = evaluate(index, frame);
        frame.line = line;
        yield Subscripts.get(run, value, key);
      }
      case Expr.Logic(var and, var left, var right) -> {
        var value = evaluate(left, frame);
        yield Types.isTrue(value) == and ? evaluate(right, frame) : value;
      }
      case Expr.Unary(var operator, var operand) ->
          Operators.unary(run, operator, evaluate(operand, frame));
      case Expr.Conditional(var test, var yes, var no) ->
          evaluate(Types.isTrue(evaluate(test, frame)) ? yes : no, frame);
      case Expr.ListDisplay(var items) -> new ListValue(items(items, frame));
      case Expr.TupleDisplay(var items) -> new TupleValue(items(items, frame));
      case Expr.SetDisplay(var items) -> {
        var set = new SetValue(false);
        for (var item : items(items, frame)) {
          set.table.put(run, item, None.NONE);
        }
        yield set;
      }
      case Expr.DictDisplay(var entries) -> dict(entries, frame);
      case Expr.Comprehension comprehension -> Comprehensions.evaluate(run, comprehension, frame);
      case Expr.Formatted formatted -> formatted(formatted, frame);
      case Expr.Lambda(var code) -> function(code, frame);
      case Expr.Walrus(var name, var value) -> {
        var result = evaluate(value, frame);
        var home = frame;
        while (home.code.name().equals(Names.COMPREHENSION) && home.outer != null) {
          home = home.outer;
        }
        home.store(name, result);
        yield result;
      }
      case Expr.Slice(var start, var stop, var step) ->
          new SliceValue(optional(start, frame), optional(stop, frame), optional(step, frame));
      case Expr.Starred _ -> throw GuestError.type("cannot use starred expression here");
    };
  }

  private Object optional(@Nullable Expr expr, Frame frame) {
    return expr == null ? None.NONE : evaluate(expr, frame);
  }

  private Object load(String name, Frame frame) {
    var value = frame.load(name);
    if (value != null) {
      return value;
    }
    var builtin = run.builtins.get(name);
    if (builtin == null) {
      throw Builtins.unknown(name);
    }
    return builtin;
  }

  private Object binary(Expr.Binary binary, Frame frame) {
    var left = evaluate(binary.left(), frame);
    var right = evaluate(binary.right(), frame);
    frame.line = binary.line();
    return Operators.binary(run, binary.operator(), left, right);
  }

  private Object compare(Expr.Compare compare, Frame frame) {
    var left = evaluate(compare.first(), frame);
    boolean holds = true;
    for (var each : compare.rest()) {
      var right = evaluate(each.operand(), frame);
      holds = Operators.compare(run, each.operator(), left, right);
      if (!holds) {
        break;
      }
      left = right;
    }
    return holds;
  }

  /// A member of a module, or a method or a property of a value. There is no other attribute.
  Object attribute(Object target, String name) {
    if (target instanceof ModuleValue module) {
      var member = module.members.get(name);
      if (member == null) {
        throw new GuestError(
            ExceptionType.ATTRIBUTE,
            "module '" + module.name + "' has no attribute '" + name + "'");
      }
      return member;
    }
    return Methods.attribute(run, target, name);
  }

  private Object call(Expr.Call call, Frame frame) {
    if (call.callee() instanceof Expr.Attribute(var target, var name, _)) {
      var value = evaluate(target, frame);
      if (!(value instanceof ModuleValue) && Methods.has(value, name)) {
        var positional = positional(call.arguments(), frame);
        var named = named(call.arguments(), frame);
        frame.line = call.line();
        return Methods.call(run, value, name, new Arguments(name, positional, named));
      }
      frame.line = call.line();
      return invoke(attribute(value, name), call, frame);
    }
    return invoke(evaluate(call.callee(), frame), call, frame);
  }

  private Object invoke(Object callee, Expr.Call call, Frame frame) {
    var positional = positional(call.arguments(), frame);
    var named = named(call.arguments(), frame);
    frame.line = call.line();
    return Calls.call(run, callee, positional, named);
  }

  private List<Object> positional(List<Argument> arguments, Frame frame) {
    if (arguments.isEmpty()) {
      return List.of();
    }
    var values = new ArrayList<Object>(arguments.size());
    for (var argument : arguments) {
      switch (argument.passing()) {
        case BARE -> values.add(evaluate(argument.value(), frame));
        case STAR -> Iteration.into(run, evaluate(argument.value(), frame), values);
        case NAMED, DOUBLE_STAR -> {}
      }
    }
    return values;
  }

  private Map<String, Object> named(List<Argument> arguments, Frame frame) {
    Map<String, Object> values = Map.of();
    for (var argument : arguments) {
      var name = argument.name();
      if (name != null) {
        values = values.isEmpty() ? new LinkedHashMap<>() : values;
        give(values, name, evaluate(argument.value(), frame));
      } else if (argument.passing() == Expr.Passing.DOUBLE_STAR) {
        values = values.isEmpty() ? new LinkedHashMap<>() : values;
        giveAll(values, evaluate(argument.value(), frame));
      }
    }
    return values;
  }

  private void giveAll(Map<String, Object> values, Object more) {
    if (!(more instanceof DictValue dict)) {
      throw GuestError.type("argument after ** must be a mapping, not " + Types.nameOf(more));
    }
    meter.charge(dict.table.size() * 80L);
    for (int i = dict.table.entry(run, 0); i >= 0; i = dict.table.entry(run, i + 1)) {
      if (!(dict.table.key(i) instanceof String name)) {
        throw GuestError.type("keywords must be strings");
      }
      give(values, name, dict.table.value(i));
    }
  }

  private static void give(Map<String, Object> values, String name, Object value) {
    if (values.putIfAbsent(name, value) != null) {
      throw GuestError.type("got multiple values for keyword argument '" + name + "'");
    }
  }

  private List<Object> items(List<Expr> items, Frame frame) {
    meter.chargeSlots(items.size());
    var values = new ArrayList<Object>(items.size());
    for (var item : items) {
      if (item instanceof Expr.Starred(var many)) {
        Iteration.into(run, evaluate(many, frame), values);
      } else {
        values.add(evaluate(item, frame));
      }
    }
    return values;
  }

  private Object dict(List<Expr.Entry> entries, Frame frame) {
    meter.charge(400);
    var dict = new DictValue();
    for (var entry : entries) {
      var key = entry.key();
      if (key == null) {
        var more = evaluate(entry.value(), frame);
        if (!(more instanceof DictValue)) {
          throw GuestError.type("'" + Types.nameOf(more) + "' object is not a mapping");
        }
        DictMethods.update(run, dict, more);
      } else {
        var name = evaluate(key, frame);
        dict.table.put(run, name, evaluate(entry.value(), frame));
      }
    }
    return dict;
  }

  FunctionValue function(FunctionCode code, Frame frame) {
    var parameters = code.parameters();
    meter.charge(200 + 16L * parameters.size() + 80L * frame.variables.size());
    var defaults = new @Nullable Object[parameters.size()];
    for (int i = 0; i < defaults.length; i++) {
      var fallback = parameters.get(i).fallback();
      defaults[i] = fallback == null ? null : evaluate(fallback, frame);
    }
    return new FunctionValue(code, defaults, frame);
  }

  private String formatted(Expr.Formatted formatted, Frame frame) {
    var out = new StringBuilder();
    for (var part : formatted.parts()) {
      var text =
          switch (part) {
            case Expr.Plain(var plain) -> plain;
            case Expr.Field(var value, var conversion, var format) ->
                field(evaluate(value, frame), conversion, format, frame);
          };
      meter.charge(2L * text.length() + 2);
      out.append(text);
    }
    meter.chargeText(out.length());
    return out.toString();
  }

  private String field(
      Object value, char conversion, Expr.@Nullable Formatted format, Frame frame) {
    var converted = FormatSpec.convert(run, value, conversion);
    return FormatSpec.format(run, converted, format == null ? "" : formatted(format, frame));
  }
}
