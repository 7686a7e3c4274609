package dev.remanence.mind.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs that mean harm end within their limits, with an error of the guest's, on a thread that
/// is gone afterwards.
class HostileProgramsTest {
  private static final Duration TIME = Duration.ofSeconds(1);
  private static final Duration MARGIN = Duration.ofMillis(1500);
  private static final List<HostFunction> ECHO =
      List.of(new HostFunction("echo", List.of("value"), arguments -> arguments));

  /// As a caller would have them, but for the time; and so many steps that time is what ends.
  private static final SandboxLimits LIMITS =
      SandboxLimits.DEFAULT.time(TIME).steps(1_000_000_000_000L);

  private static Outcome run(SandboxLimits limits, String program) {
    long begin = System.nanoTime();
    var outcome = new Sandbox(limits, ECHO).run(program);
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .as(program)
        .isLessThan(limits.time().plus(MARGIN));
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("remanence-sandbox"));
    return outcome;
  }

  private static Outcome.Failure failure(Outcome outcome) {
    return Objects.requireNonNull(outcome.failure(), "the program came to its end");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "open('/etc/passwd').read()",
        "import os\nos.system('id')",
        "import subprocess",
        "import socket",
        "from os import path",
        "import ctypes",
        "import sys\nsys.modules",
        "import java.lang",
        "__import__('os')",
        "eval('1')",
        "exec('1')",
        "compile('1', 'a', 'exec')",
        "globals()['x']",
        "getattr('', 'upper')",
        "''.__class__",
        "().__class__.__bases__[0].__subclasses__()",
        "(lambda: 0).__code__",
        "(lambda: 0).func_globals",
        "len.__self__",
        "[].getClass()",
        "''.class",
        "'{0.__class__}'.format('')",
        "'{0.__init__.__globals__}'.format(print)",
        "f'{print.__self__}'",
        "json.codecs",
        "re.sys",
        "type('X', (), {})",
        "type(1).mro()",
        "str.__subclasses__",
        "class A: pass",
        "Exception().__traceback__",
        "math.__loader__",
        "vars()",
        "input()",
        "breakpoint()",
        "help()",
        "java",
        "System.exit(0)",
        "echo.__self__",
        "echo(print)",
        "raise SystemExit",
      })
  void run_reachingOut_failsAsPythonWould(String program) {
    assertThat(failure(run(LIMITS, program)).name())
        .isIn(
            "NameError",
            "SyntaxError",
            "AttributeError",
            "TypeError",
            "ModuleNotFoundError",
            "ImportError");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "while True: pass",
        "while 1:\n  try:\n    while True: pass\n  except: pass\n  finally: pass",
        "def f():\n  try:\n    while True: pass\n  finally:\n    f()\nf()",
        "while True:\n  try: 1 / 0\n  except ZeroDivisionError: continue",
        "for i in range(10 ** 18): pass",
        "sum(range(10 ** 18))",
        "10 ** 18 in (x for x in range(10 ** 18))",
        "any(False for x in range(10 ** 18))",
        "x = 3 ** 60000\nwhile True: x * x % 7",
        "while True: pow(3, 10 ** 9000, 10 ** 9000 + 1)",
        "while True: str(7 ** 30000)",
        "while True: int('9' * 29000)",
        "math.factorial(10 ** 15)",
        "math.comb(10 ** 17, 10 ** 16)",
        "re.match('(a+)+$', 'a' * 40 + 'b')",
        "re.match('(a|a)*$', 'a' * 60 + 'b')",
        "re.match('(?:(?:(?:a*)*)*)*$', 'a' * 60 + 'b')",
        "re.search('(.*)(.*)(.*)(.*)(.*)x', 'a' * 5000)",
        "re.findall(r'(\\w+\\s?)*!', 'word ' * 50)",
        "re.search(r'(a*)*\\1b', 'a' * 5000)",
        "'a' * 1000000 in 'b' * 100 or [('a' * 100000 + 'b') in ('a' * 1000000) for _ in range(10**9)]",
        "while True: sorted(range(100000), key=lambda x: -x)",
        "while True: [1] * 100000 == [1] * 100000",
        "while True: 'x'.center(100000)",
        "d = {}\nwhile True:\n  d[1] = 1\n  d.pop(1)",
      })
  void run_endless_endsInTimeOrMemory(String program) {
    assertThat(failure(run(LIMITS, program)).name()).isIn("LimitExceeded", "OverflowError");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x = []\nwhile True: x.append(x)",
        "x = [0]\nwhile True: x += x",
        "x = 'a'\nwhile True: x += x",
        "[0] * 10 ** 12",
        "'a' * 10 ** 12",
        "(1,) * (10 ** 9)",
        "list(range(10 ** 12))",
        "'%900000000d' % 1",
        "'{:900000000}'.format(1)",
        "f'{1:>900000000}'",
        "'x'.ljust(10 ** 9)",
        "'1'.zfill(10 ** 9)",
        "'a\\t'.expandtabs(10 ** 9)",
        "'a'.join(['b' * 1000000] * 1000)",
        "('a' * 1000).replace('a', 'b' * 1000000)",
        "('a' * 1000).replace('', 'b' * 1000000)",
        "re.sub('a', 'b' * 1000000, 'a' * 1000)",
        "re.sub('', 'b' * 1000000, 'a' * 1000)",
        "json.dumps([['a' * 100000] * 1000])",
        "json.dumps([[]] * 1000, indent=' ' * 1000000)",
        "json.loads('[' + '[],' * 3000000 + '[]]')",
        "x = {}\ni = 0\nwhile True:\n  x[i] = i\n  i += 1",
        "x = set(range(10 ** 12))",
        "x = []\nfor i in range(100): x = [x] * 100\nstr(x)",
        "x = 'ab'\nfor i in range(40): x = [x, x]\nrepr(x)",
        "x = ('a',)\nfor i in range(40): x = (x, x)\njson.dumps(x)",
        "list(zip(*[range(10 ** 9)] * 1000))",
        "fs = []\nwhile True: fs.append(lambda: fs)",
        "list(enumerate(range(10 ** 12)))",
        "'a b ' * 1000 + ' '.join(str(i) for i in range(10 ** 12))",
        "('a ' * 10 ** 6).split() * 100",
        "collections.Counter(a=10 ** 12).elements()",
        "[list(range(10000)) for i in range(10 ** 9)]",
        "dict.fromkeys(range(10 ** 12))",
        "def f(*a): return f(*a, *a)\nf(1)",
        "def f(**k): return k\nf(**{str(i): i for i in range(10 ** 9)})",
      })
  void run_memoryBomb_endsBeforeItAllocates(String program) {
    var failure = failure(run(LIMITS, program));
    assertThat(failure.name()).isEqualTo("LimitExceeded");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10 ** 10 ** 10",
        "2 ** 1000000",
        "1 << 10 ** 9",
        "x = 10 ** 29000\nx * x",
        "x = 7\nwhile True: x = x * x",
        "int('9' * 10 ** 6)",
        "math.factorial(20000)",
        "float(10 ** 400)",
        "range(10 ** 30)",
        "10 ** -400 if 0 else 10.0 ** 400",
      })
  void run_hugeNumbers_areRefusedBeforeTheyAreComputed(String program) {
    var failure = failure(run(LIMITS, program));
    assertThat(failure.name()).isIn("OverflowError", "ValueError");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "def f(): return f()\nf()",
        "def f():\n  try: f()\n  except: f()\n  finally: f()\nf()",
        "f = lambda g: g(g)\nf(f)",
        "x = []\nfor i in range(100000): x = [x]\nrepr(x)",
        "x = []\nfor i in range(100000): x = [x]\nx == eval",
        "x = ()\nfor i in range(100000): x = (x,)\n{x: 1}",
        "x = []\nfor i in range(100000): x = [x]\ny = []\nfor i in range(100000): y = [y]\nx == y",
        "x = []\nfor i in range(100000): x = [x]\ny = []\nfor i in range(100000): y = [y]\nx < y",
        "a = []; b = []; a.append(b); b.append(a); a == b",
        "x = []\nfor i in range(100000): x = [x]\njson.dumps(x)",
        "json.loads('[' * 100000)",
        "x = [1]\nfor i in range(100000): x = map(lambda v: v, x)\nlist(x)",
        "x = [1]\nfor i in range(100000): x = (v for v in x)\nlist(x)",
        "x = [1]\nfor i in range(100000): x = enumerate(x)\nlist(x)",
        "x = [1]\nfor i in range(100000): x = filter(None, x)\nlist(x)",
        "x = [1]\nfor i in range(100000): x = zip(x)\nlist(x)",
        "sorted([1], key=lambda x: sorted([1], key=f))\ndef f(x): return f(x)\nf(1)",
        "d = collections.defaultdict(lambda: d[len(d)])\nd[0]",
        "re.sub('a', lambda m: f(), 'a')\ndef f(): return re.sub('a', lambda m: f(), 'a')\nf()",
        "x = int\nfor i in range(100000): x = (x,)\nisinstance('', x)",
      })
  void run_recursion_endsBeforeTheStackDoes(String program) {
    var failure = failure(run(LIMITS, program));
    assertThat(failure.name()).isIn("LimitExceeded", "NameError");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1"
      })
  void run_deepText_isASyntaxError(String program) {
    var texts =
        List.of(
            program,
            "[".repeat(100_000),
            "-".repeat(100_000) + "1",
            "not ".repeat(60_000) + "1",
            "1" + "+1".repeat(100_000),
            "1" + "**1".repeat(80_000),
            "a" + ".b".repeat(100_000),
            "a" + "[0]".repeat(80_000),
            "a" + "()".repeat(100_000),
            "lambda: ".repeat(30_000) + "1",
            "1 if 1 else ".repeat(20_000) + "1",
            "1 or ".repeat(50_000) + "1",
            "f'{" + "f'{".repeat(5_000),
            indented(),
            "x = " + "{1:".repeat(50_000),
            "(".repeat(99) + "1" + ")".repeat(99) + "[" + "(".repeat(99) + ")".repeat(99));
    for (var text : texts) {
      assertThat(failure(run(LIMITS, text)).name())
          .as(Texts.start(text, 60))
          .isIn("SyntaxError", "NameError", "TypeError");
    }
  }

  private static String indented() {
    var out = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      out.repeat(' ', i).append("if 1:\n");
    }
    return out.toString();
  }

  /// The deepest that the limits allow: expressions as high as the parser takes, in calls as deep
  /// as the meter takes. It must end by a limit, and not by the stack.
  @Test
  void run_atTheGreatestDepth_staysOnTheStack() {
    var high = "-".repeat(180) + "f(n + 1)" + " + 1".repeat(190);
    var programs =
        List.of(
            "def f(n):\n  return " + high + "\nf(0)",
            "def f(n):\n  return " + "[".repeat(90) + "f(n + 1)" + "]".repeat(90) + "\nf(0)",
            "def f(n):\n  return "
                + "(lambda: ".repeat(40)
                + "f(n + 1)"
                + ")()".repeat(40)
                + "\nf(0)",
            "def f(n):\n  return " + "[*".repeat(90) + "f(n + 1)" + "]".repeat(90) + "\nf(0)",
            "def f(n):\n  return "
                + "[x for x in ".repeat(60)
                + "[f(n + 1)]"
                + "]".repeat(60)
                + "\nf(0)",
            blocks("if 1:"),
            blocks("for i in [1]:"),
            blocks("while 1:"),
            blocks("try:"),
            "def f(x):\n  return sorted([x], key=f)\nf(1)",
            "def f(x):\n  return max([x], key=lambda y: [f(z) for z in [y]])\nf(1)",
            "def f(x):\n  return f'{f\"{f(x)}\"}'\nf(1)",
            "def f(x):\n  return {f(x): f(x)}\nf(1)",
            "x = []\nfor i in range(5320): x = [x]\nstr(x)\njson.dumps(x)\nx == x[:]");
    var limits = LIMITS.depth(SandboxLimits.DEPTH_MAX);
    for (var program : programs) {
      var outcome = run(limits, program);
      if (outcome.failure() != null) {
        assertThat(failure(outcome).name()).as(program).isIn("LimitExceeded");
      }
    }
  }

  private static String blocks(String head) {
    var out = new StringBuilder("def f(n):\n");
    for (int i = 1; i < 50; i++) {
      out.repeat(' ', i).append(head).append('\n');
    }
    out.repeat(' ', 50).append("f(n + 1)\n");
    for (int i = 49; i > 0 && head.equals("try:"); i--) {
      out.repeat(' ', i).append("finally: pass\n");
    }
    return out.append("f(0)").toString();
  }

  @Test
  void run_floodOfOutput_keepsWhatFits() {
    var outcome = run(LIMITS.outputBytes(1000), "while True: print('é' * 10)");
    assertThat(failure(outcome).name()).isEqualTo("LimitExceeded");
    assertThat(outcome.output()).startsWith("éééééééééé\n").endsWith("\n[the output ends here]\n");
    assertThat(outcome.output().length()).isLessThan(1100);
  }

  @Test
  void run_floodOfHostCalls_ends() {
    var outcome = run(LIMITS, "while True:\n  try: echo(1)\n  except: pass");
    assertThat(failure(outcome).name()).isEqualTo("LimitExceeded");
    assertThat(outcome.hostCalls()).isEqualTo(1000);
  }

  @Test
  void run_steps_endARunThatCatchesEverything() {
    var limits = SandboxLimits.DEFAULT.steps(100_000);
    var outcome = run(limits, "while True:\n  try:\n    while True: pass\n  except: pass");
    assertThat(failure(outcome).message()).contains("100000 steps");
    assertThat(outcome.steps()).isBetween(100_000L, 110_000L);
  }

  @Test
  void run_besideHostilePrograms_isNotDisturbed() throws Exception {
    var calls = new ArrayList<Callable<Outcome>>();
    for (int i = 0; i < 12; i++) {
      var program = i % 2 == 0 ? "sum(range(1000))" : "x = [0]\nwhile True: x += x";
      calls.add(() -> new Sandbox(LIMITS, ECHO).run(program));
    }
    try (var threads = Executors.newFixedThreadPool(6)) {
      var outcomes = threads.invokeAll(calls);
      for (int i = 0; i < 12; i++) {
        var outcome = outcomes.get(i).get();
        if (i % 2 == 0) {
          assertThat(outcome.value()).isEqualTo(Json.of(499_500));
        } else {
          assertThat(failure(outcome).name()).isEqualTo("LimitExceeded");
        }
      }
    }
  }

  @Test
  void run_interrupted_endsTheProgram() throws InterruptedException {
    var outcome = new Outcome[1];
    var caller =
        Thread.ofPlatform()
            .start(() -> outcome[0] = new Sandbox(LIMITS, ECHO).run("while True: pass"));
    caller.interrupt();
    caller.join();
    assertThat(failure(outcome[0]).message()).isEqualTo("cancelled");
  }
}
