package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.Sequence;
import dev.remanence.mind.sandbox.Value.TupleValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The module `json`: guests' values as JSON text. The other way is [JsonText].
final class JsonModule {
  private JsonModule() {}

  static Map<String, Object> members() {
    var all = new HashMap<String, Object>();
    all.put("JSONDecodeError", ExceptionType.JSON_DECODE);
    Builtins.put(all, "dumps", JsonModule::dump);
    Builtins.put(all, "loads", (run, a) -> JsonText.parse(run, text(a.allow("s").require(0, "s"))));
    return Map.copyOf(all);
  }

  private static String text(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw GuestError.type(
        "the JSON object must be str, bytes or bytearray, not " + Types.nameOf(value));
  }

  private static Object dump(Run run, Arguments arguments) {
    for (var name : arguments.named().keySet()) {
      if (!Set.of("obj", "indent", "sort_keys", "ensure_ascii", "separators", "default")
          .contains(name)) {
        throw GuestError.type("dumps() got an unexpected keyword argument '" + name + "'");
      }
    }
    if (arguments.positional().size() > 1) {
      throw GuestError.type("dumps() takes 1 positional argument but more were given");
    }
    var writer = new Writer(run, arguments.named());
    writer.write(arguments.require(0, "obj"), 0);
    run.meter.chargeText(writer.out.length());
    return writer.out.toString();
  }

  private static final class Writer {
    private static final int LEVELS = 3;
    private static final int INDENT_MAX = 100;

    private final Run run;
    private final StringBuilder out = new StringBuilder();
    private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private final String indent;
    private final boolean indented;
    private final boolean sorted;
    private final boolean ascii;
    private final String comma;
    private final String colon;
    private final Object fallback;

    Writer(Run run, Map<String, Object> options) {
      this.run = run;
      var given = options.getOrDefault("indent", None.NONE);
      this.indented = given != None.NONE;
      this.indent =
          given instanceof String text
              ? text
              : indented ? " ".repeat(Math.clamp(Numbers.index(given), 0, INDENT_MAX)) : "";
      this.sorted = Types.isTrue(options.getOrDefault("sort_keys", false));
      this.ascii = Types.isTrue(options.getOrDefault("ensure_ascii", true));
      this.fallback = options.getOrDefault("default", None.NONE);
      if (options.getOrDefault("separators", None.NONE) instanceof Sequence pair
          && pair.items().size() == 2) {
        this.comma = TextMethods.text(pair.items().getFirst());
        this.colon = TextMethods.text(pair.items().getLast());
      } else {
        this.comma = indented ? "," : ", ";
        this.colon = ": ";
      }
    }

    private void put(String text) {
      run.meter.charge(2L * text.length() + 2);
      out.append(text);
    }

    void write(Object value, int level) {
      run.meter.descend(LEVELS);
      switch (value) {
        case None _ -> put("null");
        case Boolean truth -> put(truth ? "true" : "false");
        case Long number -> put(number.toString());
        case BigInteger number -> put(Numbers.text(run, number));
        case Double number -> put(real(number));
        case String text -> string(text);
        case DictValue dict -> object(dict, level);
        case Sequence sequence -> array(sequence, level);
        default -> other(value, level);
      }
      run.meter.ascend(LEVELS);
    }

    private static String real(double number) {
      if (Double.isFinite(number)) {
        return FloatText.shortest(number);
      }
      return Double.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
    }

    private void other(Object value, int level) {
      if (fallback == None.NONE) {
        throw GuestError.type(
            "Object of type " + Types.nameOf(value) + " is not JSON serializable");
      }
      enter(value);
      write(run.call(fallback, value), level);
      open.remove(value);
    }

    private void enter(Object value) {
      if (!open.add(value)) {
        throw GuestError.value("Circular reference detected");
      }
    }

    private void line(int level) {
      if (indented) {
        put("\n");
        for (int i = 0; i < level; i++) {
          put(indent);
        }
      }
    }

    private void array(Sequence sequence, int level) {
      var items = sequence.items();
      if (items.isEmpty()) {
        put("[]");
        return;
      }
      enter(sequence);
      put("[");
      for (int i = 0; i < items.size(); i++) {
        put(i == 0 ? "" : comma);
        line(level + 1);
        write(items.get(i), level + 1);
      }
      line(level);
      put("]");
      open.remove(sequence);
    }

    private void object(DictValue dict, int level) {
      if (dict.table.size() == 0) {
        put("{}");
        return;
      }
      enter(dict);
      put("{");
      boolean first = true;
      for (var entry : entries(dict)) {
        put(first ? "" : comma);
        first = false;
        line(level + 1);
        string(key(entry.items().getFirst()));
        put(colon);
        write(entry.items().getLast(), level + 1);
      }
      line(level);
      put("}");
      open.remove(dict);
    }

    private List<TupleValue> entries(DictValue dict) {
      run.meter.charge(dict.table.size() * 100L);
      var keys = new ArrayList<Object>();
      var entries = new ArrayList<TupleValue>();
      for (int i = dict.table.entry(run, 0); i >= 0; i = dict.table.entry(run, i + 1)) {
        keys.add(dict.table.key(i));
        entries.add(TupleValue.of(dict.table.key(i), dict.table.value(i)));
      }
      if (!sorted) {
        return entries;
      }
      var ordered = new ArrayList<TupleValue>();
      for (int index : Ordering.sort(run, keys, false)) {
        ordered.add(entries.get(index));
      }
      return ordered;
    }

    private String key(Object key) {
      return switch (key) {
        case String text -> text;
        case None _ -> "null";
        case Boolean truth -> truth ? "true" : "false";
        case Double number -> real(number);
        case Long number -> number.toString();
        case BigInteger number -> Numbers.text(run, number);
        default ->
            throw GuestError.type(
                "keys must be str, int, float, bool or None, not " + Types.nameOf(key));
      };
    }

    private void string(String text) {
      run.meter.charge(text.length() * 3L + 8);
      out.append('"');
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        switch (c) {
          case '"' -> out.append("\\\"");
          case '\\' -> out.append("\\\\");
          case '\n' -> out.append("\\n");
          case '\r' -> out.append("\\r");
          case '\t' -> out.append("\\t");
          case '\b' -> out.append("\\b");
          case '\f' -> out.append("\\f");
          default -> {
            if (c < 0x20 || (ascii && c > 0x7e)) {
              run.meter.charge(8);
              var digits = Integer.toHexString(c);
              out.append("\\u").repeat('0', 4 - digits.length()).append(digits);
            } else {
              out.append(c);
            }
          }
        }
      }
      out.append('"');
    }
  }
}
