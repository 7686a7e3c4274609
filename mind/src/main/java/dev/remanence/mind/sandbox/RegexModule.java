package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.MatchValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.PatternValue;
import dev.remanence.mind.sandbox.Value.TupleValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The module `re`, its patterns and its matches.
final class RegexModule {
  static final Set<String> PATTERN_METHODS =
      Set.of("search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split");
  static final Set<String> MATCH_METHODS =
      Set.of("group", "groups", "groupdict", "start", "end", "span");

  private RegexModule() {}

  static Map<String, Object> members() {
    var all = new HashMap<String, Object>();
    all.put("error", ExceptionType.REGEX);
    all.put("PatternError", ExceptionType.REGEX);
    all.put("Pattern", Types.PATTERN);
    all.put("Match", Types.MATCH);
    flag(all, "I", "IGNORECASE", RegexParser.IGNORE_CASE);
    flag(all, "M", "MULTILINE", RegexParser.MULTILINE);
    flag(all, "S", "DOTALL", RegexParser.DOT_ALL);
    flag(all, "X", "VERBOSE", RegexParser.VERBOSE);
    flag(all, "U", "UNICODE", 32);
    Builtins.put(all, "compile", RegexModule::compile);
    Builtins.put(all, "escape", RegexModule::escape);
    for (var name : PATTERN_METHODS) {
      Builtins.put(all, name, (run, arguments) -> function(run, name, arguments));
    }
    return Map.copyOf(all);
  }

  private static void flag(Map<String, Object> all, String letter, String word, long flag) {
    all.put(letter, flag);
    all.put(word, flag);
  }

  private static Object compile(Run run, Arguments arguments) {
    arguments.allow("pattern", "flags");
    return pattern(run, arguments.require(0, "pattern"), arguments.get(1, "flags", 0L));
  }

  private static PatternValue pattern(Run run, Object pattern, Object flags) {
    if (pattern instanceof PatternValue compiled) {
      return compiled;
    }
    if (!(pattern instanceof String text)) {
      throw GuestError.type("first argument must be string or compiled pattern");
    }
    return new PatternValue(RegexProgram.compile(text, Numbers.count(flags), run));
  }

  private static Object escape(Run run, Arguments arguments) {
    var text = TextMethods.text(arguments.exactly(1, 1).at(0));
    run.meter.chargeText(text.length() * 2L);
    var out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("()[]{}?*+-|^$\\.&~# \t\n\r\u000B\f".indexOf(c) >= 0) {
        out.append('\\');
      }
      out.append(c);
    }
    return out.toString();
  }

  /// A function of the module is a method of the pattern that comes first.
  private static Object function(Run run, String name, Arguments arguments) {
    var names =
        switch (name) {
          case "sub", "subn" -> List.of("pattern", "repl", "string", "count", "flags");
          case "split" -> List.of("pattern", "string", "maxsplit", "flags");
          default -> List.of("pattern", "string", "flags");
        };
    arguments.allow(names.toArray(String[]::new));
    var pattern =
        pattern(run, arguments.require(0, "pattern"), arguments.get(names.size() - 1, "flags", 0L));
    var values = new ArrayList<Object>();
    for (int i = 1; i < names.size() - 1; i++) {
      boolean optional = names.get(i).equals("count") || names.get(i).equals("maxsplit");
      values.add(
          optional ? arguments.get(i, names.get(i), 0L) : arguments.require(i, names.get(i)));
    }
    return apply(run, pattern, name, values);
  }

  static Object call(Run run, PatternValue pattern, String name, Arguments arguments) {
    var names =
        switch (name) {
          case "sub", "subn" -> List.of("repl", "string", "count");
          case "split" -> List.of("string", "maxsplit");
          default -> List.of("string");
        };
    arguments.allow(names.toArray(String[]::new));
    var values = new ArrayList<Object>();
    for (int i = 0; i < names.size(); i++) {
      boolean optional = names.get(i).equals("count") || names.get(i).equals("maxsplit");
      values.add(
          optional ? arguments.get(i, names.get(i), 0L) : arguments.require(i, names.get(i)));
    }
    return apply(run, pattern, name, values);
  }

  private static Object apply(Run run, PatternValue pattern, String name, List<Object> values) {
    boolean replaces = name.startsWith("sub");
    if (!(values.get(replaces ? 1 : 0) instanceof String text)) {
      throw GuestError.type(
          "expected string or bytes-like object, got '"
              + Types.nameOf(values.get(replaces ? 1 : 0))
              + "'");
    }
    var program = pattern.program;
    return switch (name) {
      case "search" -> found(program, text, new RegexMatcher(run, program, text).search(0, false));
      case "match" -> found(program, text, new RegexMatcher(run, program, text).match(0, false));
      case "fullmatch" -> found(program, text, new RegexMatcher(run, program, text).match(0, true));
      case "findall" -> {
        var all = new ArrayList<Object>();
        for (var match : all(run, program, text, Long.MAX_VALUE)) {
          all.add(shown(run, match));
        }
        yield new ListValue(all);
      }
      case "finditer" ->
          Iteration.of(
              run, new ListValue(new ArrayList<>(all(run, program, text, Long.MAX_VALUE))));
      case "split" -> split(run, program, text, Numbers.index(values.get(1)));
      default -> {
        long most = Numbers.index(values.get(2));
        var matches = all(run, program, text, most == 0 ? Long.MAX_VALUE : most);
        var replaced = RegexReplacing.replace(run, program, text, matches, values.getFirst());
        yield name.equals("sub")
            ? replaced
            : TupleValue.of(replaced, (Object) (long) matches.size());
      }
    };
  }

  private static Object found(RegexProgram program, String text, int @Nullable [] bounds) {
    return bounds == null ? None.NONE : new MatchValue(program, text, bounds);
  }

  private static List<MatchValue> all(Run run, RegexProgram program, String text, long most) {
    var matcher = new RegexMatcher(run, program, text);
    var matches = new ArrayList<MatchValue>();
    int from = 0;
    boolean mustMove = false;
    while (from <= text.length() && matches.size() < most) {
      var bounds = matcher.search(from, mustMove);
      if (bounds == null) {
        break;
      }
      run.meter.charge(64);
      matches.add(new MatchValue(program, text, bounds));
      from = bounds[1];
      mustMove = bounds[1] == bounds[0];
    }
    return matches;
  }

  private static Object split(Run run, RegexProgram program, String text, long most) {
    var parts = new ArrayList<Object>();
    int from = 0;
    for (var match : all(run, program, text, most <= 0 ? Long.MAX_VALUE : most)) {
      run.meter.chargeText(match.bounds[0] - from);
      parts.add(text.substring(from, match.bounds[0]));
      for (int group = 1; group < program.groups(); group++) {
        parts.add(group(run, match, group));
      }
      from = match.bounds[1];
    }
    run.meter.chargeText(text.length() - from);
    parts.add(text.substring(from));
    return new ListValue(parts);
  }

  /// As `findall` shows a match: the one group, or all of them, or the whole.
  private static Object shown(Run run, MatchValue match) {
    int groups = match.program.groups();
    if (groups <= 2) {
      var only = group(run, match, groups - 1);
      return only == None.NONE ? "" : only;
    }
    var parts = new ArrayList<Object>();
    for (int group = 1; group < groups; group++) {
      var part = group(run, match, group);
      parts.add(part == None.NONE ? "" : part);
    }
    return new TupleValue(parts);
  }

  static Object group(Run run, MatchValue match, int group) {
    int start = match.bounds[group * 2];
    int end = match.bounds[group * 2 + 1];
    if (start < 0 || end < 0) {
      return None.NONE;
    }
    run.meter.chargeText(end - start);
    return match.text.substring(start, end);
  }

  /// By number or by name.
  static Object group(Run run, MatchValue match, Object key) {
    return group(run, match, number(match, key));
  }

  private static int number(MatchValue match, Object key) {
    if (key instanceof String name) {
      var group = match.program.names().get(name);
      if (group == null) {
        throw GuestError.index("no such group");
      }
      return group;
    }
    long group = Numbers.isInteger(key) ? Numbers.index(key) : -1;
    if (group < 0 || group >= match.program.groups()) {
      throw GuestError.index("no such group");
    }
    return (int) group;
  }

  static Object call(Run run, MatchValue match, String name, Arguments arguments) {
    return switch (name) {
      case "group" -> {
        arguments.exactly(0, 100);
        if (arguments.count() <= 1) {
          yield group(run, match, arguments.count() == 0 ? 0L : arguments.at(0));
        }
        var parts = new ArrayList<Object>();
        arguments.positional().forEach(key -> parts.add(group(run, match, key)));
        yield new TupleValue(parts);
      }
      case "groups" -> {
        var fallback = arguments.allow("default").get(0, "default", None.NONE);
        var parts = new ArrayList<Object>();
        for (int group = 1; group < match.program.groups(); group++) {
          var part = group(run, match, group);
          parts.add(part == None.NONE ? fallback : part);
        }
        yield new TupleValue(parts);
      }
      case "groupdict" -> {
        var dict = new DictValue();
        var fallback = arguments.allow("default").get(0, "default", None.NONE);
        match.program.names().entrySet().stream()
            .sorted(Map.Entry.comparingByValue())
            .forEach(entry -> {
              var part = group(run, match, (int) entry.getValue());
              dict.table.put(run, entry.getKey(), part == None.NONE ? fallback : part);
            });
        yield dict;
      }
      default -> {
        int group =
            number(match, arguments.exactly(0, 1).count() == 0 ? (Object) 0L : arguments.at(0));
        long start = Texts.index(run, match.text, match.bounds[group * 2]);
        long end = Texts.index(run, match.text, match.bounds[group * 2 + 1]);
        yield name.equals("start")
            ? (Object) start
            : name.equals("end") ? (Object) end : TupleValue.of(start, end);
      }
    };
  }
}
