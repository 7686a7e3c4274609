package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.ExceptionValue;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.TupleValue;
import java.util.ArrayList;
import java.util.List;

/// Executes statements. Only [GuestError] is ever caught for the guest: what ends a run passes
/// through every `except` and `finally`.
final class Statements {
  private final Run run;
  private final Evaluator evaluator;

  /// How a block ended.
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE,
    RETURN
  }

  Statements(Run run, Evaluator evaluator) {
    this.run = run;
    this.evaluator = evaluator;
  }

  Flow block(List<Stmt> statements, Frame frame) {
    for (var statement : statements) {
      var flow = execute(statement, frame);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow execute(Stmt statement, Frame frame) {
    run.meter.step();
    frame.line = statement.line();
    return switch (statement) {
      case Stmt.Evaluate(var value, _) -> {
        evaluator.evaluate(value, frame);
        yield Flow.NEXT;
      }
      case Stmt.Assign(var targets, var value, _) -> {
        var result = evaluator.evaluate(value, frame);
        for (var target : targets) {
          assign(target, result, frame);
        }
        yield Flow.NEXT;
      }
      case Stmt.AugmentedAssign augmented -> augmented(augmented, frame);
      case Stmt.If branches -> branches(branches, frame);
      case Stmt.For loop -> forLoop(loop, frame);
      case Stmt.While loop -> whileLoop(loop, frame);
      case Stmt.Return(var value, _) -> {
        frame.returned = value == null ? None.NONE : evaluator.evaluate(value, frame);
        yield Flow.RETURN;
      }
      case Stmt.Define(var code, _) -> {
        frame.store(code.name(), evaluator.function(code, frame));
        yield Flow.NEXT;
      }
      case Stmt.Nothing _ -> Flow.NEXT;
      case Stmt.Break _ -> Flow.BREAK;
      case Stmt.Continue _ -> Flow.CONTINUE;
      case Stmt.Try attempt -> attempt(attempt, frame);
      case Stmt.Raise raise -> throw raised(raise, frame);
      case Stmt.Assert(var test, var message, _) -> {
        if (!Types.isTrue(evaluator.evaluate(test, frame))) {
          throw message == null
              ? new GuestError(ExceptionType.ASSERTION)
              : new GuestError(ExceptionType.ASSERTION, evaluator.evaluate(message, frame));
        }
        yield Flow.NEXT;
      }
      case Stmt.Delete(var targets, _) -> {
        targets.forEach(target -> delete(target, frame));
        yield Flow.NEXT;
      }
      case Stmt.Import(var modules, _) -> {
        modules.forEach(module -> frame.store(module.as(), Modules.get(module.name())));
        yield Flow.NEXT;
      }
      case Stmt.ImportFrom(var module, var names, _) -> {
        for (var name : names) {
          frame.store(name.as(), Modules.member(module, name.name()));
        }
        yield Flow.NEXT;
      }
    };
  }

  // Assignment

  void assign(Expr target, Object value, Frame frame) {
    switch (target) {
      case Expr.Name(var name) -> frame.store(name, value);
      case Expr.Subscript(var container, var index, _) -> {
        var into = evaluator.evaluate(container, frame);
        Subscripts.set(run, into, evaluator.evaluate(index, frame), value);
      }
      case Expr.TupleDisplay(var targets) -> unpack(targets, value, frame);
      case Expr.ListDisplay(var targets) -> unpack(targets, value, frame);
      default -> throw new AssertionError("the parser lets no other target through");
    }
  }

  private void unpack(List<Expr> targets, Object value, Frame frame) {
    var iterator = Iteration.unpacking(run, value);
    int star = -1;
    for (int i = 0; i < targets.size(); i++) {
      star = targets.get(i) instanceof Expr.Starred ? i : star;
    }
    var values = new ArrayList<Object>();
    for (var next = iterator.next(run); next != null; next = iterator.next(run)) {
      run.meter.charge(32);
      values.add(next);
      if (star < 0 && values.size() > targets.size()) {
        throw GuestError.value("too many values to unpack (expected " + targets.size() + ")");
      }
    }
    int least = star < 0 ? targets.size() : targets.size() - 1;
    if (values.size() < least) {
      throw GuestError.value(
          "not enough values to unpack (expected "
              + (star < 0 ? "" : "at least ")
              + least
              + ", got "
              + values.size()
              + ")");
    }
    int extra = values.size() - least;
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i) instanceof Expr.Starred(var rest)) {
        assign(rest, new ListValue(new ArrayList<>(values.subList(i, i + extra))), frame);
      } else {
        assign(targets.get(i), values.get(star >= 0 && i > star ? i + extra - 1 : i), frame);
      }
    }
  }

  private Flow augmented(Stmt.AugmentedAssign statement, Frame frame) {
    switch (statement.target()) {
      case Expr.Subscript(var container, var index, _) -> {
        var into = evaluator.evaluate(container, frame);
        var key = evaluator.evaluate(index, frame);
        var before = Subscripts.get(run, into, key);
        var more = evaluator.evaluate(statement.value(), frame);
        Subscripts.set(run, into, key, Operators.inPlace(run, statement.operator(), before, more));
      }
      case Expr target -> {
        var before = evaluator.evaluate(target, frame);
        var more = evaluator.evaluate(statement.value(), frame);
        frame.line = statement.line();
        assign(target, Operators.inPlace(run, statement.operator(), before, more), frame);
      }
    }
    return Flow.NEXT;
  }

  private void delete(Expr target, Frame frame) {
    switch (target) {
      case Expr.Name(var name) -> frame.delete(name);
      case Expr.Subscript(var container, var index, _) -> {
        var from = evaluator.evaluate(container, frame);
        Subscripts.delete(run, from, evaluator.evaluate(index, frame));
      }
      default -> throw new AssertionError("the parser lets no other target through");
    }
  }

  // Branches and loops

  private Flow branches(Stmt.If statement, Frame frame) {
    for (var branch : statement.branches()) {
      if (Types.isTrue(evaluator.evaluate(branch.test(), frame))) {
        return block(branch.body(), frame);
      }
    }
    return block(statement.otherwise(), frame);
  }

  private Flow whileLoop(Stmt.While loop, Frame frame) {
    while (Types.isTrue(evaluator.evaluate(loop.test(), frame))) {
      var flow = block(loop.body(), frame);
      if (flow == Flow.BREAK) {
        return Flow.NEXT;
      }
      if (flow == Flow.RETURN) {
        return flow;
      }
      run.meter.step();
      frame.line = loop.line();
    }
    return block(loop.otherwise(), frame);
  }

  private Flow forLoop(Stmt.For loop, Frame frame) {
    var iterator = Iteration.of(run, evaluator.evaluate(loop.source(), frame));
    for (var value = iterator.next(run); value != null; value = iterator.next(run)) {
      assign(loop.target(), value, frame);
      var flow = block(loop.body(), frame);
      if (flow == Flow.BREAK) {
        return Flow.NEXT;
      }
      if (flow == Flow.RETURN) {
        return flow;
      }
      frame.line = loop.line();
    }
    return block(loop.otherwise(), frame);
  }

  // Exceptions

  private Flow attempt(Stmt.Try statement, Frame frame) {
    if (statement.last().isEmpty()) {
      return handled(statement, frame);
    }
    long mark = run.meter.mark();
    Flow flow;
    try {
      flow = handled(statement, frame);
    } catch (GuestError error) {
      run.meter.restore(mark);
      int line = frame.line;
      var last = block(statement.last(), frame);
      if (last != Flow.NEXT) {
        return last;
      }
      frame.line = line;
      throw error;
    }
    var returned = frame.returned;
    var last = block(statement.last(), frame);
    if (last != Flow.NEXT) {
      return last;
    }
    frame.returned = returned;
    return flow;
  }

  private Flow handled(Stmt.Try statement, Frame frame) {
    long mark = run.meter.mark();
    Flow flow;
    try {
      flow = block(statement.body(), frame);
    } catch (GuestError error) {
      run.meter.restore(mark);
      int line = frame.line;
      for (var handler : statement.handlers()) {
        frame.line = handler.line();
        if (matches(handler, error.value(), frame)) {
          return handle(handler, error, frame);
        }
      }
      frame.line = line;
      throw error;
    }
    return flow == Flow.NEXT ? block(statement.otherwise(), frame) : flow;
  }

  private Flow handle(Stmt.Handler handler, GuestError error, Frame frame) {
    var before = run.handled;
    run.handled = error;
    var name = handler.name();
    if (name != null) {
      frame.store(name, error.value());
    }
    try {
      return block(handler.body(), frame);
    } finally {
      run.handled = before;
      if (name != null) {
        frame.variables.remove(name);
      }
    }
  }

  private boolean matches(Stmt.Handler handler, ExceptionValue error, Frame frame) {
    var expr = handler.type();
    if (expr == null) {
      return true;
    }
    var type = evaluator.evaluate(expr, frame);
    var types = type instanceof TupleValue tuple ? tuple.items() : List.of(type);
    for (var each : types) {
      if (!(each instanceof ExceptionType wanted)) {
        throw GuestError.type(
            "catching classes that do not inherit from BaseException is not allowed");
      }
      if (error.type.isA(wanted)) {
        return true;
      }
    }
    return false;
  }

  private GuestError raised(Stmt.Raise raise, Frame frame) {
    var expr = raise.value();
    if (expr == null) {
      var handled = run.handled;
      return handled != null
          ? new GuestError(handled.value())
          : GuestError.runtime("No active exception to reraise");
    }
    var value = evaluator.evaluate(expr, frame);
    var cause = raise.cause();
    if (cause != null) {
      evaluator.evaluate(cause, frame);
    }
    return switch (value) {
      case ExceptionValue error -> new GuestError(error);
      case ExceptionType type -> new GuestError(type);
      default -> GuestError.type("exceptions must derive from BaseException");
    };
  }
}
