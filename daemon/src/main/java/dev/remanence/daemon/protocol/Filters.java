package dev.remanence.daemon.protocol;

import dev.remanence.Filter;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.RemanenceException.InvalidInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the `filter` parameter.
///
/// ```
/// {kind[], tags{any[], all[], none[]}, metadata{key: value | {gt, gte, lt, lte, ne, in}},
///  at{from, to}, recorded{from, to}, importance{min, max}, key{prefix}, tool, session, pinned}
/// ```
///
/// A metadata value that is an object itself is compared by `eq`, and comparisons that occur more
/// than once stand in a list: `{key: {all: [{ne: "a"}, {ne: "b"}]}}`.
final class Filters {
  static final List<Parameter> PARTS =
      List.of(
          new Parameter(
              "kind", Type.STRINGS, false, null, Params.words(Kind.class), "any of these kinds"),
          Parameter.optional("tags", Type.OBJECT, "{any[], all[], none[]}"),
          Parameter.optional(
              "metadata",
              Type.OBJECT,
              "for each key a value, or an object of eq, ne, gt, gte, lt, lte, in, which must all hold;"
                  + " `all` is a list of such objects"),
          Parameter.optional("at", Type.OBJECT, "{from, to}: when it happened, `[from, to)`"),
          Parameter.optional("recorded", Type.OBJECT, "{from, to}: when it last changed"),
          Parameter.optional("importance", Type.OBJECT, "{min, max}"),
          Parameter.optional("key", Type.OBJECT, "{prefix}"),
          Parameter.optional("tool", Type.TEXT, "recorded through this tool"),
          Parameter.optional("session", Type.TEXT, "recorded in this session"),
          Parameter.optional("pinned", Type.BOOLEAN, "pinned or not"));

  private static final List<Parameter> TAGS =
      List.of(
          Parameter.optional("any", Type.STRINGS, "at least one of these"),
          Parameter.optional("all", Type.STRINGS, "all of these"),
          Parameter.optional("none", Type.STRINGS, "none of these"));

  private static final List<Parameter> SPAN =
      List.of(
          Parameter.optional("from", Type.TIME, "from this moment on"),
          Parameter.optional("to", Type.TIME, "before this moment"));

  private static final List<Parameter> BOUNDS =
      List.of(
          Parameter.optional("min", Type.NUMBER, "at least"),
          Parameter.optional("max", Type.NUMBER, "at most"));

  private static final List<Parameter> KEY =
      List.of(Parameter.optional("prefix", Type.TEXT, "what the key begins with"));

  private static final String ALL = "all";

  private Filters() {}

  /// The filter under the name `filter`; everything passes where none was given.
  static Filter read(Params params) {
    var parts = params.optionalObject("filter", PARTS);
    if (parts == null) {
      return Filter.ALL;
    }
    var tags = parts.optionalObject("tags", TAGS);
    var importance = parts.optionalObject("importance", BOUNDS);
    var key = parts.optionalObject("key", KEY);
    return new Filter(
        parts.choices("kind", Kind.class),
        tags == null ? Set.of() : tags.strings("any"),
        tags == null ? Set.of() : tags.strings("all"),
        tags == null ? Set.of() : tags.strings("none"),
        metadata(parts),
        span(parts, "at"),
        span(parts, "recorded"),
        importance == null ? null : importance.optionalNumber("min"),
        importance == null ? null : importance.optionalNumber("max"),
        key == null ? null : key.optionalText("prefix"),
        parts.optionalText("tool"),
        parts.optionalText("session"),
        parts.optionalFlag("pinned"));
  }

  private static Filter.@Nullable Span span(Params parts, String name) {
    var span = parts.optionalObject(name, SPAN);
    return span == null
        ? null
        : new Filter.Span(span.optionalTime("from"), span.optionalTime("to"));
  }

  private static Map<String, List<Filter.Test>> metadata(Params parts) {
    var given = parts.object("metadata");
    if (given == null) {
      return Map.of();
    }
    var tests = new LinkedHashMap<String, List<Filter.Test>>();
    given
        .fields()
        .forEach((key, value) -> tests.put(key, tests(parts.field("metadata." + key), value)));
    return tests;
  }

  private static List<Filter.Test> tests(String field, Json value) {
    if (!(value instanceof Json.Obj(var comparisons))) {
      return List.of(Filter.Test.is(value));
    }
    var tests = new ArrayList<Filter.Test>();
    compare(field, comparisons, tests);
    return tests;
  }

  private static void compare(
      String field, Map<String, Json> comparisons, List<Filter.Test> tests) {
    if (comparisons.isEmpty()) {
      throw new InvalidInput(
          field + " is a value or an object with comparisons; found none", "field", field);
    }
    comparisons.forEach((word, operand) -> {
      if (word.equals(ALL)) {
        compareAll(field + "." + ALL, operand, tests);
      } else {
        tests.add(test(field, op(field, word), operand));
      }
    });
  }

  private static void compareAll(String field, Json operand, List<Filter.Test> tests) {
    if (!(operand instanceof Json.Arr(var items))) {
      throw new InvalidInput(field + " is a list; found " + Params.typeOf(operand), "field", field);
    }
    for (int i = 0; i < items.size(); i++) {
      var item = field + "[" + i + "]";
      if (!(items.get(i) instanceof Json.Obj(var comparisons))) {
        throw new InvalidInput(
            item + " is an object with comparisons; found " + Params.typeOf(items.get(i)),
            "field",
            item);
      }
      compare(item, comparisons, tests);
    }
  }

  private static Filter.Test test(String field, Filter.Op op, Json operand) {
    if (op != Filter.Op.IN) {
      return new Filter.Test(op, List.of(operand));
    }
    if (operand instanceof Json.Arr(var values)) {
      return new Filter.Test(op, values);
    }
    throw new InvalidInput(
        field + ".in is a list; found " + Params.typeOf(operand), "field", field);
  }

  private static Filter.Op op(String field, String word) {
    var words = new ArrayList<String>();
    for (var op : Filter.Op.values()) {
      var known = op.name().toLowerCase(Locale.ROOT);
      if (known.equals(word)) {
        return op;
      }
      words.add(known);
    }
    words.add(ALL);
    throw new InvalidInput(
        field
            + " compares by one of "
            + String.join(", ", words)
            + "; found "
            + Params.quoted(word),
        "field",
        field,
        "known",
        String.join(", ", words));
  }
}
