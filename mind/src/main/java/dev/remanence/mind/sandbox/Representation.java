package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.BoundMethod;
import dev.remanence.mind.sandbox.Value.BuiltinFunction;
import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.ExceptionValue;
import dev.remanence.mind.sandbox.Value.FunctionValue;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.MatchValue;
import dev.remanence.mind.sandbox.Value.ModuleValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.PatternValue;
import dev.remanence.mind.sandbox.Value.RangeValue;
import dev.remanence.mind.sandbox.Value.SetValue;
import dev.remanence.mind.sandbox.Value.SliceValue;
import dev.remanence.mind.sandbox.Value.TupleValue;
import dev.remanence.mind.sandbox.Value.TypeValue;
import dev.remanence.mind.sandbox.Value.ViewValue;
import java.math.BigInteger;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/// Values as text: what `str` and `repr` answer. A container within itself is shown as dots.
final class Representation {
  private static final int LEVELS = 3;

  private final Run run;
  private final StringBuilder out = new StringBuilder();
  private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());

  private Representation(Run run) {
    this.run = run;
  }

  static String str(Run run, Object value) {
    return switch (value) {
      case String text -> text;
      case ExceptionValue error -> message(run, error);
      case Times time -> time.text();
      default -> repr(run, value);
    };
  }

  static String repr(Run run, Object value) {
    if (value instanceof Long number) {
      return Long.toString(number);
    }
    var representation = new Representation(run);
    representation.write(value);
    return representation.out.toString();
  }

  /// The text of an exception: its one argument, or all of them as a tuple.
  static String message(Run run, ExceptionValue error) {
    return switch (error.arguments.size()) {
      case 0 -> "";
      case 1 ->
          error.type == ExceptionType.KEY
              ? repr(run, error.arguments.getFirst())
              : str(run, error.arguments.getFirst());
      default -> repr(run, new TupleValue(error.arguments));
    };
  }

  private void put(String text) {
    run.meter.charge(2L * text.length() + 2);
    out.append(text);
  }

  private void write(Object value) {
    run.meter.descend(LEVELS);
    switch (value) {
      case None _ -> put("None");
      case Boolean truth -> put(truth ? "True" : "False");
      case Long number -> put(number.toString());
      case BigInteger number -> put(Numbers.text(run, number));
      case Double number -> put(FloatText.shortest(number));
      case String text -> {
        run.meter.chargeText(text.length() * 2L);
        put(quoted(text));
      }
      case ListValue list -> container(list, "[", list.items(), "]", "[...]");
      case TupleValue tuple ->
          container(tuple, "(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")", "(...)");
      case DictValue dict -> dict(dict);
      case SetValue set -> set(set);
      case ViewValue view -> view(view);
      case RangeValue range -> range(range);
      case ExceptionValue error ->
          container(error, error.type.word() + "(", error.arguments, ")", "...");
      case Times time -> put(time.representation());
      case Value other -> put("<" + opaque(other) + ">");
      default -> throw new AssertionError("no value of a guest: " + value.getClass());
    }
    run.meter.ascend(LEVELS);
  }

  private static String opaque(Value value) {
    return switch (value) {
      case FunctionValue function -> "function " + function.code.name();
      case BuiltinFunction function -> "built-in function " + function.name;
      case BoundMethod method ->
          "built-in method " + method.name + " of " + Types.nameOf(method.target) + " object";
      case TypeValue type -> "class '" + type.name + "'";
      case ExceptionType type -> "class '" + type.word() + "'";
      case ModuleValue module -> "module '" + module.name + "' (built-in)";
      case PatternValue pattern -> "pattern " + quoted(pattern.program.pattern());
      case MatchValue match ->
          "re.Match object; span=("
              + match.bounds[0]
              + ", "
              + match.bounds[1]
              + "), match="
              + quoted(match.text.substring(match.bounds[0], match.bounds[1]));
      case SliceValue _ -> "slice";
      case GuestIterator _ -> "iterator";
      default -> throw new AssertionError("has a text of its own: " + value.getClass());
    };
  }

  private void container(Object self, String begin, List<Object> items, String end, String within) {
    if (!open.add(self)) {
      put(within);
      return;
    }
    put(begin);
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        put(", ");
      }
      write(items.get(i));
    }
    put(end);
    open.remove(self);
  }

  private void dict(DictValue dict) {
    if (!open.add(dict)) {
      put("{...}");
      return;
    }
    switch (dict.flavour) {
      case PLAIN -> entries(dict);
      case COUNTER -> {
        put("Counter(");
        if (dict.table.size() > 0) {
          entries(Counters.sorted(run, dict));
        }
        put(")");
      }
      case DEFAULT -> {
        put("defaultdict(");
        write(dict.factory == null ? None.NONE : dict.factory);
        put(", ");
        entries(dict);
        put(")");
      }
    }
    open.remove(dict);
  }

  private void entries(DictValue dict) {
    put("{");
    var table = dict.table;
    for (int i = table.entry(run, 0), n = 0; i >= 0; i = table.entry(run, i + 1), n++) {
      if (n > 0) {
        put(", ");
      }
      write(table.key(i));
      put(": ");
      write(table.value(i));
    }
    put("}");
  }

  private void set(SetValue set) {
    var table = set.table;
    if (table.size() == 0) {
      put(set.frozen ? "frozenset()" : "set()");
      return;
    }
    put(set.frozen ? "frozenset({" : "{");
    for (int i = table.entry(run, 0), n = 0; i >= 0; i = table.entry(run, i + 1), n++) {
      if (n > 0) {
        put(", ");
      }
      write(table.key(i));
    }
    put(set.frozen ? "})" : "}");
  }

  private void view(ViewValue view) {
    var name =
        switch (view.part) {
          case KEYS -> "dict_keys([";
          case VALUES -> "dict_values([";
          case ITEMS -> "dict_items([";
        };
    container(view.dict, name, Iteration.list(run, view), "])", "...");
  }

  private void range(RangeValue range) {
    var step = range.step() == 1 ? "" : ", " + range.step();
    put("range(" + range.start() + ", " + range.stop() + step + ")");
  }

  /// A string as a literal that reads back as the same.
  static String quoted(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    var out = new StringBuilder(text.length() + 2).append(quote);
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      switch (point) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\\' -> out.append("\\\\");
        default -> {
          if (point == quote) {
            out.append('\\').appendCodePoint(point);
          } else if (isPrintable(point)) {
            out.appendCodePoint(point);
          } else {
            escape(out, point);
          }
        }
      }
    }
    return out.append(quote).toString();
  }

  /// The same, with nothing but ASCII.
  static String ascii(String quoted) {
    var out = new StringBuilder(quoted.length());
    quoted
        .codePoints()
        .forEach(point -> {
          if (point < 128) {
            out.append((char) point);
          } else {
            escape(out, point);
          }
        });
    return out.toString();
  }

  private static void escape(StringBuilder out, int point) {
    int width = point > 0xffff ? 8 : point > 0xff ? 4 : 2;
    var digits = Integer.toHexString(point);
    out.append(width == 8 ? "\\U" : width == 4 ? "\\u" : "\\x");
    out.repeat('0', width - digits.length()).append(digits);
  }

  static boolean isPrintable(int point) {
    if (point == ' ') {
      return true;
    }
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
