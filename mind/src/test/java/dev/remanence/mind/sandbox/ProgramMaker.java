package dev.remanence.mind.sandbox;

import java.util.List;
import java.util.SplittableRandom;

/// Makes programs at random: from a grammar, by changing programs that are there, and of noise.
final class ProgramMaker {
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "f", "g", "x");

  private static final List<String> ATOMS =
      List.of(
          "0",
          "1",
          "-1",
          "2",
          "7",
          "10 ** 20",
          "-(2 ** 63)",
          "2 ** 64",
          "1.5",
          "-0.0",
          "1e300",
          "float('nan')",
          "float('inf')",
          "''",
          "'a'",
          "'ab c'",
          "'é😀'",
          "'%s %d'",
          "'{} {x}'",
          "[]",
          "[1, 2, 3]",
          "[[1], 'x', None]",
          "()",
          "(1,)",
          "(1, 'a')",
          "{}",
          "{'a': 1}",
          "{1, 2}",
          "set()",
          "None",
          "True",
          "False",
          "range(5)",
          "range(10, 0, -3)",
          "int",
          "str",
          "print",
          "len",
          "(lambda v: v)",
          "ValueError",
          "json",
          "math",
          "re.compile('(a)|b')",
          "re.search('(a)(b)?', 'xab')",
          "datetime.datetime(2026, 1, 2)",
          "datetime.timedelta(1)",
          "collections.Counter('aab')",
          "collections.defaultdict(list)",
          "iter([1, 2])");

  private static final List<String> BINARY =
      List.of(
          "+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "==", "!=", "<", "<=",
          ">", ">=", "in", "not in", "is", "is not", "and", "or");

  private static final List<String> FUNCTIONS =
      List.of(
          "abs",
          "all",
          "any",
          "bool",
          "chr",
          "dict",
          "divmod",
          "enumerate",
          "filter",
          "float",
          "format",
          "frozenset",
          "hex",
          "int",
          "isinstance",
          "iter",
          "len",
          "list",
          "map",
          "max",
          "min",
          "next",
          "ord",
          "pow",
          "print",
          "range",
          "repr",
          "reversed",
          "round",
          "set",
          "sorted",
          "str",
          "sum",
          "tuple",
          "type",
          "zip",
          "json.dumps",
          "json.loads",
          "math.sqrt",
          "math.floor",
          "math.factorial",
          "math.comb",
          "math.gcd",
          "math.log",
          "re.findall",
          "re.sub",
          "re.split",
          "re.search",
          "datetime.timedelta",
          "datetime.datetime",
          "datetime.datetime.fromisoformat",
          "datetime.datetime.strptime",
          "statistics.mean",
          "statistics.median",
          "statistics.stdev",
          "collections.Counter",
          "collections.defaultdict",
          "str.maketrans",
          "echo");

  private static final List<String> METHODS =
      List.of(
          "split",
          "join",
          "strip",
          "replace",
          "startswith",
          "find",
          "count",
          "format",
          "upper",
          "title",
          "center",
          "zfill",
          "splitlines",
          "partition",
          "translate",
          "encode",
          "append",
          "extend",
          "insert",
          "remove",
          "pop",
          "sort",
          "reverse",
          "index",
          "copy",
          "clear",
          "get",
          "keys",
          "values",
          "items",
          "update",
          "setdefault",
          "popitem",
          "add",
          "discard",
          "union",
          "issubset",
          "most_common",
          "elements",
          "group",
          "groups",
          "span",
          "sub",
          "findall",
          "isoformat",
          "strftime",
          "total_seconds",
          "replace",
          "bit_length",
          "is_integer",
          "args");

  private static final String NOISE =
      "abcdefx0123456789 \t\n()[]{}:;,.+-*/%=<>!&|^~@'\"\\#_é😀\u0000lambdaifforrreturn";

  private final SplittableRandom random;

  /// Whether programs print the messages of exceptions, and not only their types.
  private final boolean messages;

  ProgramMaker(SplittableRandom random, boolean messages) {
    this.random = random;
    this.messages = messages;
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  String program(List<String> known) {
    return switch (random.nextInt(6)) {
      case 0 -> noise();
      case 1, 2 -> changed(one(known), one(known));
      default -> grown();
    };
  }

  /// Every name has a value, and what fails does not keep the rest from being tried.
  private String grown() {
    var out = new StringBuilder();
    for (var name : NAMES) {
      out.append(name).append(" = ").append(one(ATOMS)).append('\n');
    }
    int statements = 2 + random.nextInt(8);
    for (int i = 0; i < statements; i++) {
      out.append("try:\n");
      statement(1, out);
      out.append("except Exception as e: print(type(e)").append(messages ? ", e)\n" : ")\n");
    }
    return out.toString();
  }

  private String noise() {
    var out = new StringBuilder();
    int length = random.nextInt(200);
    for (int i = 0; i < length; i++) {
      out.append(NOISE.charAt(random.nextInt(NOISE.length())));
    }
    return out.toString();
  }

  private String changed(String program, String other) {
    var out = new StringBuilder(program);
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && !out.isEmpty(); i++) {
      int at = random.nextInt(out.length());
      int to = Math.min(out.length(), at + random.nextInt(8));
      switch (random.nextInt(5)) {
        case 0 -> out.delete(at, to);
        case 1 -> out.insert(at, expression(2));
        case 2 -> out.insert(at, out.substring(at, to));
        case 3 -> out.setCharAt(at, NOISE.charAt(random.nextInt(NOISE.length())));
        default -> {
          int from = random.nextInt(other.length());
          out.replace(at, to, other.substring(from, Math.min(other.length(), from + 12)));
        }
      }
    }
    return out.toString();
  }

  private String block(int level, int statements) {
    var out = new StringBuilder();
    for (int i = 0; i < statements; i++) {
      statement(level, out);
    }
    return out.toString();
  }

  private void statement(int level, StringBuilder out) {
    var pad = " ".repeat(level);
    int choice = random.nextInt(level > 3 ? 7 : 14);
    switch (choice) {
      case 0, 1 -> out.append(pad).append("print(").append(expression(3)).append(")\n");
      case 2, 3 ->
          out.append(pad).append(one(NAMES)).append(" = ").append(expression(3)).append('\n');
      case 4 ->
          out.append(pad).append(one(NAMES)).append(" += ").append(expression(2)).append('\n');
      case 5 ->
          out.append(pad)
              .append(one(NAMES))
              .append('[')
              .append(expression(1))
              .append("] = ")
              .append(expression(2))
              .append('\n');
      case 6 -> out.append(pad).append(expression(4)).append('\n');
      case 7 -> nested("if " + expression(2) + ":", level, out);
      case 8 -> nested("for " + one(NAMES) + " in " + expression(2) + ":", level, out);
      case 9 -> {
        nested("try:", level, out);
        nested(
            "except " + one(List.of("Exception", "ValueError", "(TypeError, KeyError)")) + " as e:",
            level,
            out);
        if (random.nextBoolean()) {
          nested("finally:", level, out);
        }
      }
      case 10 ->
          nested(
              "def " + one(NAMES) + "(" + one(List.of("", "v", "v, w=1", "*v", "**v")) + "):",
              level,
              out);
      case 11 -> nested("while " + expression(2) + ":", level, out);
      case 12 -> out.append(pad).append("a, *b = ").append(expression(2)).append('\n');
      default -> out.append(pad).append("del ").append(one(NAMES)).append('\n');
    }
  }

  private void nested(String head, int level, StringBuilder out) {
    out.repeat(' ', level).append(head).append('\n');
    out.append(block(level + 1, 1 + random.nextInt(2)));
    if (head.startsWith("def") && random.nextBoolean()) {
      out.repeat(' ', level + 1).append("return ").append(expression(2)).append('\n');
    }
  }

  private String expression(int depth) {
    if (depth == 0) {
      return random.nextInt(3) == 0 ? one(NAMES) : one(ATOMS);
    }
    int below = depth - 1;
    return switch (random.nextInt(14)) {
      case 0, 1, 2 -> "(" + expression(below) + " " + one(BINARY) + " " + expression(below) + ")";
      case 3, 4, 5 -> one(FUNCTIONS) + "(" + arguments(below) + ")";
      case 6, 7 -> "(" + expression(below) + ")." + one(METHODS) + "(" + arguments(below) + ")";
      case 8 -> "(" + expression(below) + ")[" + expression(below) + "]";
      case 9 -> "(" + expression(below) + ")[" + expression(0) + ":" + expression(0) + "]";
      case 10 -> "[" + expression(below) + " for x in " + expression(below) + "]";
      case 11 ->
          "(" + expression(below) + " if " + expression(below) + " else " + expression(0) + ")";
      case 12 -> "f'{" + one(NAMES) + one(List.of("", "!r", ":>5", ":.2f", ":,", ":x")) + "}'";
      default -> "(" + one(List.of("-", "not ", "~", "lambda v: ")) + expression(below) + ")";
    };
  }

  private String arguments(int depth) {
    return switch (random.nextInt(6)) {
      case 0 -> "";
      case 1, 2 -> expression(depth);
      case 3 -> expression(depth) + ", " + expression(depth);
      case 4 -> expression(depth) + ", " + expression(0) + ", " + expression(0);
      default -> "*" + expression(depth) + ", key=" + expression(0);
    };
  }
}
