package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Expr.BinaryOperator;
import dev.remanence.mind.sandbox.Stmt.Alias;
import dev.remanence.mind.sandbox.Stmt.Branch;
import dev.remanence.mind.sandbox.Stmt.Handler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a program: statements and blocks. What the language lacks is refused by name.
final class Parser {
  /// Levels of Java calls that a block within a block takes, in levels of expressions.
  private static final int BLOCK_HEIGHT = 4;

  private static final Map<String, String> MISSING =
      Map.of(
          "class", "class is not available; use dicts and functions",
          "with", "with is not available; there are no files or locks to close",
          "async", "async is not available; write plain functions and calls",
          "await", "await is not available; call the function without it",
          "yield", "yield is not available; collect a list and return it",
          "@", "decorators are not available",
          "match", "match is not available; use if and elif");

  private final Tokens tokens;
  private final Meter meter;
  private final ExpressionParser expressions;
  private int loops;
  private int blocks;

  private Parser(Tokens tokens, Meter meter) {
    this.tokens = tokens;
    this.meter = meter;
    this.expressions = new ExpressionParser(tokens, meter, new Names("<module>", null));
  }

  static FunctionCode program(String source, Meter meter) {
    var parser = new Parser(new Tokens(Lexer.program(source, meter)), meter);
    var body = new ArrayList<Stmt>();
    while (!parser.tokens.is(Token.Kind.END)) {
      parser.statement(body);
    }
    return parser.expressions.names().code(List.of(), List.copyOf(body));
  }

  private void statement(List<Stmt> out) {
    meter.charge(64);
    if (tokens.is(Token.Kind.INDENT)) {
      throw tokens.error("unexpected indent");
    }
    var token = tokens.peek();
    refuse(token);
    switch (token.kind() == Token.Kind.KEYWORD ? token.text() : "") {
      case "if" -> out.add(branches());
      case "while" -> out.add(whileLoop());
      case "for" -> out.add(forLoop());
      case "def" -> out.add(definition());
      case "try" -> out.add(tryBlock());
      default -> simpleLine(out);
    }
  }

  private void refuse(Token token) {
    var missing = MISSING.get(token.text());
    if (missing == null || token.kind() == Token.Kind.STRING) {
      return;
    }
    boolean match =
        token.text().equals("match")
            && (tokens.peek(1).kind() == Token.Kind.NAME
                || tokens.peek(1).kind() == Token.Kind.STRING);
    if (token.kind() != Token.Kind.NAME || match) {
      throw new Unreadable(missing, token.line());
    }
  }

  private void simpleLine(List<Stmt> out) {
    do {
      if (tokens.is(Token.Kind.NEWLINE)) {
        break;
      }
      out.add(simple());
    } while (tokens.accept(";"));
    if (!tokens.is(Token.Kind.NEWLINE)) {
      throw tokens.error("invalid syntax: found " + Tokens.describe(tokens.peek()));
    }
    tokens.take();
  }

  private Stmt simple() {
    var token = tokens.peek();
    int line = token.line();
    if (token.kind() != Token.Kind.KEYWORD) {
      return assignment();
    }
    switch (token.text()) {
      case "pass" -> tokens.take();
      case "break" -> {
        return loopStatement(new Stmt.Break(line));
      }
      case "continue" -> {
        return loopStatement(new Stmt.Continue(line));
      }
      case "return" -> {
        return returned();
      }
      case "raise" -> {
        return raise();
      }
      case "assert" -> {
        return assertion();
      }
      case "del" -> {
        return delete();
      }
      case "global", "nonlocal" -> declaration();
      case "import" -> {
        return imported();
      }
      case "from" -> {
        return importedFrom();
      }
      default -> {
        refuse(token);
        return assignment();
      }
    }
    return new Stmt.Nothing(line);
  }

  private Stmt loopStatement(Stmt statement) {
    var word = tokens.take().text();
    if (loops == 0) {
      throw new Unreadable("'" + word + "' outside loop", statement.line());
    }
    return statement;
  }

  private Stmt assignment() {
    int line = tokens.line();
    var first = expressions.list();
    int height = expressions.height();
    var operator = augmented();
    Stmt statement;
    if (tokens.is("=")) {
      var targets = new ArrayList<Expr>();
      var value = first;
      while (tokens.accept("=")) {
        expressions.bind(value);
        targets.add(value);
        value = expressions.list();
        height = Math.max(height, expressions.height());
      }
      requireNoStar(value);
      targets.forEach(this::requireInTuple);
      statement = new Stmt.Assign(List.copyOf(targets), value, line);
    } else if (operator != null) {
      tokens.take();
      if (!(first instanceof Expr.Name || first instanceof Expr.Subscript)) {
        throw tokens.error("this expression is no target for augmented assignment");
      }
      expressions.bind(first);
      statement = new Stmt.AugmentedAssign(first, operator, expressions.list(), line);
    } else if (tokens.is(":") && (first instanceof Expr.Name || first instanceof Expr.Subscript)) {
      statement = annotated(first, line);
    } else {
      requireNoStar(first);
      statement = new Stmt.Evaluate(first, line);
    }
    nests(Math.max(height, expressions.height()));
    return statement;
  }

  private @Nullable BinaryOperator augmented() {
    var text = tokens.peek().text();
    boolean augmented =
        tokens.is(Token.Kind.SYMBOL)
            && text.length() > 1
            && text.endsWith("=")
            && BinaryOperator.of(text.substring(0, text.length() - 1)) != null;
    return augmented ? BinaryOperator.of(text.substring(0, text.length() - 1)) : null;
  }

  private Stmt annotated(Expr target, int line) {
    tokens.expect(":");
    expressions.annotation();
    expressions.bind(target);
    if (!tokens.accept("=")) {
      return new Stmt.Nothing(line);
    }
    return new Stmt.Assign(List.of(target), expressions.list(), line);
  }

  private void requireNoStar(Expr value) {
    if (value instanceof Expr.Starred) {
      throw tokens.error("cannot use starred expression here");
    }
  }

  private void requireInTuple(Expr target) {
    if (target instanceof Expr.Starred) {
      throw tokens.error("starred assignment target must be in a list or tuple");
    }
  }

  private Stmt returned() {
    int line = tokens.take().line();
    if (!expressions.names().isInFunction()) {
      throw new Unreadable("'return' outside function", line);
    }
    var value = endsSimple() ? null : read();
    return new Stmt.Return(value, line);
  }

  private boolean endsSimple() {
    return tokens.is(Token.Kind.NEWLINE) || tokens.is(";");
  }

  /// Reads an expression and notes its height.
  private Expr read() {
    var value = expressions.list();
    nests(expressions.height());
    return value;
  }

  private Expr readOne() {
    var value = expressions.named();
    nests(expressions.height());
    return value;
  }

  private void nests(int height) {
    expressions.names().nests(height + blocks * BLOCK_HEIGHT);
  }

  private Stmt raise() {
    int line = tokens.take().line();
    if (endsSimple()) {
      return new Stmt.Raise(null, null, line);
    }
    var value = readOne();
    var cause = tokens.accept("from") ? readOne() : null;
    return new Stmt.Raise(value, cause, line);
  }

  private Stmt assertion() {
    int line = tokens.take().line();
    var test = readOne();
    var message = tokens.accept(",") ? readOne() : null;
    return new Stmt.Assert(test, message, line);
  }

  private Stmt delete() {
    int line = tokens.take().line();
    var value = read();
    var targets = value instanceof Expr.TupleDisplay(var items) ? items : List.of(value);
    for (var target : targets) {
      if (!(target instanceof Expr.Name || target instanceof Expr.Subscript)) {
        throw new Unreadable("cannot delete this expression", line);
      }
      expressions.bind(target);
    }
    return new Stmt.Delete(targets, line);
  }

  private void declaration() {
    var word = tokens.take();
    var names = expressions.names();
    do {
      var name = tokens.name();
      boolean global = word.text().equals("global");
      if (names.locals.contains(name) && names.outer != null) {
        throw new Unreadable(
            "name '" + name + "' is assigned to before " + word.text() + " declaration",
            word.line());
      }
      if (!global && !names.isAround(name)) {
        throw new Unreadable(
            names.outer == null
                ? "nonlocal declaration not allowed at module level"
                : "no binding for nonlocal '" + name + "' found",
            word.line());
      }
      if (names.outer != null) {
        (global ? names.globals : names.nonlocals).add(name);
      }
    } while (tokens.accept(","));
  }

  private Stmt imported() {
    int line = tokens.take().line();
    var modules = new ArrayList<Alias>();
    do {
      var module = dotted();
      var as = tokens.accept("as") ? tokens.name() : module;
      Modules.require(module, line);
      expressions.names().bind(as);
      modules.add(new Alias(module, as));
    } while (tokens.accept(","));
    return new Stmt.Import(List.copyOf(modules), line);
  }

  private String dotted() {
    var name = new StringBuilder(tokens.name());
    while (tokens.accept(".")) {
      name.append('.').append(tokens.name());
    }
    return name.toString();
  }

  private Stmt importedFrom() {
    int line = tokens.take().line();
    if (tokens.is(".")) {
      throw new Unreadable("there are no packages to import from", line);
    }
    var module = dotted();
    tokens.expect("import");
    Modules.require(module, line);
    boolean brackets = tokens.accept("(");
    var names = new ArrayList<Alias>();
    do {
      if (tokens.is("*")) {
        throw tokens.error("import * is not available; name what you need");
      }
      if (brackets && tokens.is(")")) {
        break;
      }
      var name = tokens.name();
      var as = tokens.accept("as") ? tokens.name() : name;
      expressions.names().bind(as);
      names.add(new Alias(name, as));
    } while (tokens.accept(","));
    if (brackets) {
      tokens.expect(")");
    }
    return new Stmt.ImportFrom(module, List.copyOf(names), line);
  }

  // Blocks

  private List<Stmt> block() {
    tokens.expect(":");
    var body = new ArrayList<Stmt>();
    blocks++;
    nests(0);
    if (tokens.is(Token.Kind.NEWLINE)) {
      tokens.take();
      if (!tokens.is(Token.Kind.INDENT)) {
        throw tokens.error("expected an indented block");
      }
      tokens.take();
      while (!tokens.is(Token.Kind.DEDENT) && !tokens.is(Token.Kind.END)) {
        statement(body);
      }
      tokens.take();
    } else {
      simpleLine(body);
    }
    blocks--;
    return List.copyOf(body);
  }

  private List<Stmt> loopBody() {
    loops++;
    var body = block();
    loops--;
    return body;
  }

  private List<Stmt> otherwise() {
    return tokens.accept("else") ? block() : List.of();
  }

  private Stmt branches() {
    int line = tokens.line();
    var branches = new ArrayList<Branch>();
    do {
      tokens.take();
      var test = readOne();
      branches.add(new Branch(test, block()));
    } while (tokens.is("elif"));
    return new Stmt.If(List.copyOf(branches), otherwise(), line);
  }

  private Stmt whileLoop() {
    int line = tokens.take().line();
    var test = readOne();
    var body = loopBody();
    return new Stmt.While(test, body, otherwise(), line);
  }

  private Stmt forLoop() {
    int line = tokens.take().line();
    var target = expressions.target();
    tokens.expect("in");
    var source = read();
    var body = loopBody();
    return new Stmt.For(target, source, body, otherwise(), line);
  }

  private Stmt definition() {
    int line = tokens.take().line();
    var name = tokens.name();
    var outer = expressions.names();
    outer.bind(name);
    tokens.expect("(");
    var inner = new Names(name, outer);
    var parameters = expressions.parameters(inner, ")", true);
    nests(expressions.height());
    tokens.expect(")");
    if (tokens.accept("->")) {
      expressions.annotation();
    }
    int outerLoops = loops;
    int outerBlocks = blocks;
    loops = 0;
    blocks = 0;
    expressions.names(inner);
    var body = block();
    expressions.names(outer);
    loops = outerLoops;
    blocks = outerBlocks;
    return new Stmt.Define(inner.code(parameters, body), line);
  }

  private Stmt tryBlock() {
    int line = tokens.take().line();
    var body = block();
    var handlers = new ArrayList<Handler>();
    while (tokens.is("except")) {
      if (!handlers.isEmpty() && handlers.getLast().type() == null) {
        throw tokens.error("default 'except:' must be last");
      }
      handlers.add(handler());
    }
    var otherwise = handlers.isEmpty() ? List.<Stmt>of() : otherwise();
    List<Stmt> last = tokens.accept("finally") ? block() : List.of();
    if (handlers.isEmpty() && last.isEmpty()) {
      throw tokens.error("expected 'except' or 'finally' block");
    }
    return new Stmt.Try(body, List.copyOf(handlers), otherwise, last, line);
  }

  private Handler handler() {
    int line = tokens.take().line();
    if (tokens.is("*")) {
      throw tokens.error("exception groups are not available");
    }
    Expr type = null;
    String name = null;
    if (!tokens.is(":")) {
      type = readOne();
      if (tokens.accept("as")) {
        name = tokens.name();
        expressions.names().bind(name);
      }
    }
    return new Handler(type, name, block(), line);
  }
}
