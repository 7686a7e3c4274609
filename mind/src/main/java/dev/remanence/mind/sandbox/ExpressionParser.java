package dev.remanence.mind.sandbox;

import static java.util.Objects.requireNonNull;

import dev.remanence.mind.sandbox.Expr.Argument;
import dev.remanence.mind.sandbox.Expr.BinaryOperator;
import dev.remanence.mind.sandbox.Expr.Clause;
import dev.remanence.mind.sandbox.Expr.CompareOperator;
import dev.remanence.mind.sandbox.Expr.Comparison;
import dev.remanence.mind.sandbox.Expr.Entry;
import dev.remanence.mind.sandbox.Expr.Form;
import dev.remanence.mind.sandbox.Expr.Passing;
import dev.remanence.mind.sandbox.Expr.UnaryOperator;
import dev.remanence.mind.sandbox.FunctionCode.Kind;
import dev.remanence.mind.sandbox.FunctionCode.Parameter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads expressions by precedence climbing. It knows the height of what it read last, and refuses
/// what is higher than the stack of a run was measured for.
final class ExpressionParser {
  private static final int HEIGHT_MAX = 400;
  private static final int LEVELS_MAX = 200;

  private static final int OR = 1;
  private static final int AND = 2;
  private static final int NOT = 3;
  private static final int COMPARISON = 4;

  private static final Map<String, Integer> PRECEDENCE =
      Map.ofEntries(
          Map.entry("or", OR),
          Map.entry("and", AND),
          Map.entry("in", COMPARISON),
          Map.entry("not", COMPARISON),
          Map.entry("is", COMPARISON),
          Map.entry("<", COMPARISON),
          Map.entry("<=", COMPARISON),
          Map.entry(">", COMPARISON),
          Map.entry(">=", COMPARISON),
          Map.entry("==", COMPARISON),
          Map.entry("!=", COMPARISON),
          Map.entry("|", 5),
          Map.entry("^", 6),
          Map.entry("&", 7),
          Map.entry("<<", 8),
          Map.entry(">>", 8),
          Map.entry("+", 9),
          Map.entry("-", 9),
          Map.entry("*", 10),
          Map.entry("/", 10),
          Map.entry("//", 10),
          Map.entry("%", 10));

  private final Tokens tokens;
  private final Meter meter;
  private Names names;
  private int level;
  private int height;

  ExpressionParser(Tokens tokens, Meter meter, Names names) {
    this.tokens = tokens;
    this.meter = meter;
    this.names = names;
  }

  /// The whole of an f-string's field.
  static Expr field(String source, int line, ExpressionParser around) {
    var tokens = new Tokens(Lexer.expression(source, line, around.meter));
    var parser = new ExpressionParser(tokens, around.meter, around.names);
    parser.level = around.level + 1;
    var value = parser.list();
    if (!tokens.is(Token.Kind.END)) {
      throw tokens.error("f-string: expected '}', found " + Tokens.describe(tokens.peek()));
    }
    around.height = Math.max(around.height, parser.height);
    return value;
  }

  Names names() {
    return names;
  }

  void names(Names names) {
    this.names = names;
  }

  /// How deep the expression that was read last nests.
  int height() {
    return height;
  }

  private <T extends Expr> T over(int below, T expr) {
    height = below + 1;
    if (height > HEIGHT_MAX) {
      throw tokens.error("the expression is nested too deeply");
    }
    meter.charge(48);
    return expr;
  }

  private void deeper() {
    if (++level > LEVELS_MAX) {
      throw tokens.error("the expression is nested too deeply");
    }
  }

  /// One expression, or a tuple of several without parentheses.
  Expr list() {
    var first = starredOrNamed();
    if (!tokens.is(",")) {
      return first;
    }
    var items = new ArrayList<Expr>();
    items.add(first);
    int below = height;
    while (tokens.accept(",") && !endsList()) {
      items.add(starredOrNamed());
      below = Math.max(below, height);
    }
    return over(below, new Expr.TupleDisplay(List.copyOf(items)));
  }

  private boolean endsList() {
    var token = tokens.peek();
    return switch (token.kind()) {
      case NEWLINE, END, DEDENT, INDENT -> true;
      case SYMBOL ->
          List.of(")", "]", "}", "=", ":", ";").contains(token.text())
              || (token.text().length() > 1
                  && token.text().endsWith("=")
                  && !token.text().equals("=="));
      case KEYWORD -> List.of("in", "for", "if").contains(token.text());
      case NAME, NUMBER, STRING, FORMATTED -> false;
    };
  }

  private Expr starredOrNamed() {
    if (tokens.accept("*")) {
      var value = binary(5);
      return over(height, new Expr.Starred(value));
    }
    return named();
  }

  /// An expression that may be given a name by a walrus.
  Expr named() {
    if (tokens.is(Token.Kind.NAME) && tokens.peek(1).is(":=")) {
      var name = tokens.name();
      tokens.take();
      var value = expression();
      names.bindInFunction(name);
      return over(height, new Expr.Walrus(name, value));
    }
    return expression();
  }

  Expr expression() {
    deeper();
    try {
      if (tokens.is("lambda")) {
        return lambda();
      }
      var value = binary(OR);
      if (!tokens.accept("if")) {
        return value;
      }
      int below = height;
      var test = binary(OR);
      below = Math.max(below, height);
      tokens.expect("else");
      var no = expression();
      return over(Math.max(below, height), new Expr.Conditional(test, value, no));
    } finally {
      level--;
    }
  }

  private Expr binary(int least) {
    var left = tokens.is("not") ? negation(least) : unary();
    while (true) {
      var token = tokens.peek();
      var found = isOperator(token) ? PRECEDENCE.get(token.text()) : null;
      if (found == null || found < least) {
        return left;
      }
      int below = height;
      if (found == COMPARISON) {
        left = comparison(left);
      } else {
        tokens.take();
        var right = binary(found + 1);
        below = Math.max(below, height);
        var operator = BinaryOperator.of(token.text());
        left =
            operator == null
                ? over(below, new Expr.Logic(found == AND, left, right))
                : over(below, new Expr.Binary(operator, left, right, token.line()));
      }
    }
  }

  private boolean isOperator(Token token) {
    if (token.is("not")) {
      return tokens.peek(1).is("in");
    }
    return token.kind() == Token.Kind.SYMBOL || token.kind() == Token.Kind.KEYWORD;
  }

  private Expr negation(int least) {
    if (least > NOT) {
      throw tokens.error("invalid syntax: 'not' needs parentheses here");
    }
    deeper();
    tokens.take();
    var operand = binary(NOT);
    level--;
    return over(height, new Expr.Unary(UnaryOperator.NOT, operand));
  }

  private Expr comparison(Expr first) {
    var rest = new ArrayList<Comparison>();
    int below = height;
    while (isOperator(tokens.peek()) && isComparison(tokens.peek())) {
      var operator = compareOperator();
      var operand = binary(COMPARISON + 1);
      below = Math.max(below, height);
      rest.add(new Comparison(operator, operand));
    }
    return over(below, new Expr.Compare(first, List.copyOf(rest)));
  }

  private static boolean isComparison(Token token) {
    var precedence = PRECEDENCE.get(token.text());
    return precedence != null && precedence == COMPARISON;
  }

  private CompareOperator compareOperator() {
    var text = tokens.take().text();
    if (text.equals("not")) {
      tokens.expect("in");
      return CompareOperator.NOT_IN;
    }
    if (text.equals("is")) {
      return tokens.accept("not") ? CompareOperator.IS_NOT : CompareOperator.IS;
    }
    for (var operator : CompareOperator.values()) {
      if (operator.symbol.equals(text)) {
        return operator;
      }
    }
    throw tokens.error("invalid comparison");
  }

  private Expr unary() {
    for (var operator : UnaryOperator.values()) {
      if (operator != UnaryOperator.NOT && tokens.is(operator.symbol)) {
        deeper();
        tokens.take();
        var operand = unary();
        level--;
        return over(height, new Expr.Unary(operator, operand));
      }
    }
    return power();
  }

  private Expr power() {
    if (tokens.is("await")) {
      throw tokens.error("await is not available; call the function without it");
    }
    var base = postfix();
    int line = tokens.line();
    if (!tokens.is("**")) {
      return base;
    }
    int below = height;
    deeper();
    tokens.take();
    var exponent = unary();
    level--;
    return over(
        Math.max(below, height), new Expr.Binary(BinaryOperator.POWER, base, exponent, line));
  }

  private Expr postfix() {
    var value = atom();
    while (true) {
      int below = height;
      int line = tokens.line();
      if (tokens.accept(".")) {
        var name = tokens.name();
        if (name.startsWith("__")) {
          throw new Unreadable(
              "names with two underscores are not available: '" + name + "'", line);
        }
        value = over(below, new Expr.Attribute(value, name, line));
      } else if (tokens.accept("[")) {
        var index = index();
        tokens.expect("]");
        value = over(Math.max(below, height), new Expr.Subscript(value, index, line));
      } else if (tokens.is("(")) {
        tokens.take();
        var arguments = arguments();
        value = over(Math.max(below, height), new Expr.Call(value, arguments, line));
      } else {
        return value;
      }
    }
  }

  private Expr index() {
    var first = slice();
    if (!tokens.is(",")) {
      return first;
    }
    var items = new ArrayList<Expr>();
    items.add(first);
    int below = height;
    while (tokens.accept(",") && !tokens.is("]")) {
      items.add(slice());
      below = Math.max(below, height);
    }
    return over(below, new Expr.TupleDisplay(List.copyOf(items)));
  }

  private Expr slice() {
    height = 0;
    var start = tokens.is(":") ? null : starredOrNamed();
    if (!tokens.is(":")) {
      if (start == null) {
        throw tokens.error("invalid slice");
      }
      return start;
    }
    int below = height;
    tokens.expect(":");
    var stop = sliceEnds() ? null : expression();
    below = Math.max(below, height);
    Expr step = null;
    if (tokens.accept(":")) {
      step = sliceEnds() ? null : expression();
      below = Math.max(below, height);
    }
    return over(below, new Expr.Slice(start, stop, step));
  }

  private boolean sliceEnds() {
    return tokens.is(":") || tokens.is("]") || tokens.is(",");
  }

  private List<Argument> arguments() {
    var arguments = new ArrayList<Argument>();
    int below = 0;
    while (!tokens.is(")")) {
      arguments.add(argument(arguments));
      below = Math.max(below, height);
      if (!tokens.accept(",")) {
        break;
      }
    }
    tokens.expect(")");
    height = below;
    return List.copyOf(arguments);
  }

  private Argument argument(List<Argument> before) {
    if (tokens.accept("**")) {
      return new Argument(Passing.DOUBLE_STAR, null, expression());
    }
    if (tokens.accept("*")) {
      return new Argument(Passing.STAR, null, expression());
    }
    if (tokens.is(Token.Kind.NAME) && tokens.peek(1).is("=")) {
      var name = tokens.name();
      tokens.take();
      if (before.stream().anyMatch(argument -> name.equals(argument.name()))) {
        throw tokens.error("keyword argument repeated: " + name);
      }
      return new Argument(Passing.NAMED, name, expression());
    }
    if (before.stream().anyMatch(argument -> argument.passing() == Passing.NAMED)) {
      throw tokens.error("positional argument follows keyword argument");
    }
    var value = named();
    if (tokens.is("for")) {
      value = comprehension(Form.GENERATOR, value, null);
    }
    return new Argument(Passing.BARE, null, value);
  }

  // Atoms

  private Expr atom() {
    var token = tokens.peek();
    height = 0;
    return switch (token.kind()) {
      case NAME -> over(0, new Expr.Name(tokens.take().text()));
      case NUMBER -> over(0, new Expr.Constant(value(tokens.take())));
      case STRING, FORMATTED -> strings();
      case SYMBOL, KEYWORD -> symbolAtom(token);
      case NEWLINE, INDENT, DEDENT, END ->
          throw tokens.error("invalid syntax: expected a value, found " + Tokens.describe(token));
    };
  }

  private static Object value(Token token) {
    return requireNonNull(token.value());
  }

  private Expr symbolAtom(Token token) {
    tokens.take();
    return switch (token.text()) {
      case "(" -> parenthesised();
      case "[" -> listDisplay();
      case "{" -> braces();
      case "None" -> over(0, new Expr.Constant(Value.None.NONE));
      case "True" -> over(0, new Expr.Constant(true));
      case "False" -> over(0, new Expr.Constant(false));
      case "..." -> throw new Unreadable("... is not available; write pass", token.line());
      case "yield" ->
          throw new Unreadable(
              "yield is not available; collect a list and return it", token.line());
      case "lambda" -> throw new Unreadable("lambda needs parentheses here", token.line());
      default ->
          throw new Unreadable(
              "invalid syntax: expected a value, found " + Tokens.describe(token), token.line());
    };
  }

  private Expr strings() {
    var parts = new ArrayList<Expr.Part>();
    boolean formatted = false;
    int below = 0;
    while (tokens.is(Token.Kind.STRING) || tokens.is(Token.Kind.FORMATTED)) {
      var token = tokens.take();
      if (token.kind() == Token.Kind.STRING) {
        parts.add(new Expr.Plain(token.text()));
      } else {
        formatted = true;
        height = 0;
        boolean raw = Boolean.TRUE.equals(token.value());
        parts.addAll(new FormattedParser(token.text(), raw, token.line(), this).parts());
        below = Math.max(below, height);
      }
    }
    if (formatted) {
      return over(below, new Expr.Formatted(List.copyOf(parts)));
    }
    var text = new StringBuilder();
    for (var part : parts) {
      if (part instanceof Expr.Plain(var plain)) {
        text.append(plain);
      }
    }
    meter.chargeText(text.length());
    return over(0, new Expr.Constant(text.toString()));
  }

  private Expr parenthesised() {
    if (tokens.accept(")")) {
      return over(0, new Expr.TupleDisplay(List.of()));
    }
    var first = starredOrNamed();
    if (tokens.is("for")) {
      first = comprehension(Form.GENERATOR, first, null);
      tokens.expect(")");
      return first;
    }
    if (!tokens.is(",")) {
      tokens.expect(")");
      if (first instanceof Expr.Starred) {
        throw tokens.error("cannot use starred expression here");
      }
      return first;
    }
    var items = new ArrayList<Expr>();
    items.add(first);
    return over(rest(items, ")"), new Expr.TupleDisplay(List.copyOf(items)));
  }

  /// Reads the further items of a display, and answers the height of the highest.
  private int rest(List<Expr> items, String end) {
    int below = height;
    while (tokens.accept(",") && !tokens.is(end)) {
      items.add(starredOrNamed());
      below = Math.max(below, height);
    }
    tokens.expect(end);
    return below;
  }

  private Expr listDisplay() {
    if (tokens.accept("]")) {
      return over(0, new Expr.ListDisplay(List.of()));
    }
    var first = starredOrNamed();
    if (tokens.is("for")) {
      first = comprehension(Form.LIST, first, null);
      tokens.expect("]");
      return first;
    }
    var items = new ArrayList<Expr>();
    items.add(first);
    return over(rest(items, "]"), new Expr.ListDisplay(List.copyOf(items)));
  }

  private Expr braces() {
    if (tokens.accept("}")) {
      return over(0, new Expr.DictDisplay(List.of()));
    }
    if (tokens.is("**")) {
      return dictDisplay(null);
    }
    var first = starredOrNamed();
    if (tokens.is(":")) {
      return dictDisplay(first);
    }
    if (tokens.is("for")) {
      first = comprehension(Form.SET, first, null);
      tokens.expect("}");
      return first;
    }
    var items = new ArrayList<Expr>();
    items.add(first);
    return over(rest(items, "}"), new Expr.SetDisplay(List.copyOf(items)));
  }

  private Expr dictDisplay(@Nullable Expr first) {
    var entries = new ArrayList<Entry>();
    int below = height;
    var key = first;
    while (true) {
      if (key == null && tokens.accept("**")) {
        entries.add(new Entry(null, binary(5)));
      } else {
        var name = key == null ? expression() : key;
        below = Math.max(below, height);
        tokens.expect(":");
        var value = expression();
        if (tokens.is("for") && entries.isEmpty()) {
          height = Math.max(below, height);
          var comprehension = comprehension(Form.DICT, name, value);
          tokens.expect("}");
          return comprehension;
        }
        entries.add(new Entry(name, value));
      }
      key = null;
      below = Math.max(below, height);
      if (!tokens.accept(",") || tokens.is("}")) {
        break;
      }
    }
    tokens.expect("}");
    return over(below, new Expr.DictDisplay(List.copyOf(entries)));
  }

  /// The element was read in the names around; what the clauses bind is the comprehension's own.
  private Expr comprehension(Form form, Expr element, @Nullable Expr value) {
    int below = height;
    if (element instanceof Expr.Starred) {
      throw tokens.error("iterable unpacking cannot be used in a comprehension");
    }
    var inner = new Names(Names.COMPREHENSION, names);
    names = inner;
    var clauses = new ArrayList<Clause>();
    while (tokens.accept("for")) {
      var target = target();
      tokens.expect("in");
      var source = binary(OR);
      below = Math.max(below, height);
      var tests = new ArrayList<Expr>();
      while (tokens.accept("if")) {
        tests.add(test());
        below = Math.max(below, height);
      }
      clauses.add(new Clause(target, source, List.copyOf(tests)));
    }
    if (tokens.is("async")) {
      throw tokens.error("async is not available");
    }
    names = inner.outer == null ? inner : inner.outer;
    return over(
        below + clauses.size() * 2,
        new Expr.Comprehension(
            form, element, value, List.copyOf(clauses), inner.code(List.of(), List.of())));
  }

  private Expr test() {
    if (tokens.is(Token.Kind.NAME) && tokens.peek(1).is(":=")) {
      return named();
    }
    return tokens.is("lambda") ? lambda() : binary(OR);
  }

  // Targets

  /// What `for` assigns to.
  Expr target() {
    var items = new ArrayList<Expr>();
    boolean tuple = false;
    int below = 0;
    do {
      if (tuple && tokens.is("in")) {
        break;
      }
      boolean starred = tokens.accept("*");
      var item = binary(5);
      items.add(starred ? over(height, new Expr.Starred(item)) : item);
      below = Math.max(below, height);
      tuple |= tokens.is(",");
    } while (tokens.accept(","));
    var target = tuple ? over(below, new Expr.TupleDisplay(List.copyOf(items))) : items.getFirst();
    bind(target);
    return target;
  }

  /// Checks that something can be assigned to, and notes its names.
  void bind(Expr target) {
    switch (target) {
      case Expr.Name(var name) -> names.bind(name);
      case Expr.Subscript(_, _, _) -> {}
      case Expr.Starred(var value) -> bind(value);
      case Expr.TupleDisplay(var items) -> bindAll(items);
      case Expr.ListDisplay(var items) -> bindAll(items);
      case Expr.Attribute(_, _, var line) ->
          throw new Unreadable("attributes cannot be assigned; use a dict", line);
      default -> throw tokens.error("cannot assign to this expression");
    }
  }

  private void bindAll(List<Expr> items) {
    if (items.stream().filter(Expr.Starred.class::isInstance).count() > 1) {
      throw tokens.error("multiple starred expressions in assignment");
    }
    items.forEach(this::bind);
  }

  // Functions

  private Expr lambda() {
    tokens.expect("lambda");
    int line = tokens.line();
    var inner = new Names("<lambda>", names);
    int below = 0;
    var parameters = parameters(inner, ":", false);
    below = Math.max(below, height);
    tokens.expect(":");
    names = inner;
    var value = expression();
    inner.nests(height);
    names = inner.outer == null ? inner : inner.outer;
    return over(
        below, new Expr.Lambda(inner.code(parameters, List.of(new Stmt.Return(value, line)))));
  }

  /// Parameters up to `end`, which is left; defaults are read in the names around.
  List<Parameter> parameters(Names inner, String end, boolean annotated) {
    var parameters = new ArrayList<Parameter>();
    var seen = new HashSet<String>();
    var kind = Kind.PLAIN;
    int below = 0;
    while (!tokens.is(end)) {
      height = 0;
      if (tokens.accept("/")) {
        parameters.replaceAll(
            each -> new Parameter(each.name(), Kind.POSITIONAL_ONLY, each.fallback()));
      } else if (tokens.is("*") && tokens.peek(1).is(",")) {
        tokens.take();
        kind = Kind.NAMED_ONLY;
      } else {
        var parameter = parameter(kind, annotated);
        if (!seen.add(parameter.name())) {
          throw tokens.error(
              "duplicate argument '" + parameter.name() + "' in function definition");
        }
        requireDefault(parameters, parameter);
        inner.locals.add(parameter.name());
        parameters.add(parameter);
        kind = parameter.kind() == Kind.STAR ? Kind.NAMED_ONLY : kind;
      }
      below = Math.max(below, height);
      if (!tokens.accept(",")) {
        break;
      }
    }
    height = below;
    return List.copyOf(parameters);
  }

  private void requireDefault(List<Parameter> before, Parameter parameter) {
    if (parameter.kind() == Kind.PLAIN
        && parameter.fallback() == null
        && before.stream().anyMatch(each -> each.fallback() != null)) {
      throw tokens.error("non-default argument follows default argument");
    }
    if (!before.isEmpty() && before.getLast().kind() == Kind.DOUBLE_STAR) {
      throw tokens.error("arguments cannot follow var-keyword argument");
    }
  }

  private Parameter parameter(Kind plain, boolean annotated) {
    var kind = tokens.accept("**") ? Kind.DOUBLE_STAR : tokens.accept("*") ? Kind.STAR : plain;
    var name = tokens.name();
    if (annotated && tokens.accept(":")) {
      annotation();
    }
    boolean variable = kind == Kind.STAR || kind == Kind.DOUBLE_STAR;
    var fallback = !variable && tokens.accept("=") ? expression() : null;
    return new Parameter(name, kind, fallback);
  }

  /// Reads a type and lets it go: it says nothing at run time.
  void annotation() {
    var kept = names;
    names = new Names("<annotation>", kept);
    expression();
    names = kept;
    height = 0;
  }
}
