package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.MatchValue;
import dev.remanence.mind.sandbox.Value.None;
import java.util.List;

/// What `re.sub` puts in place of matches: a template with references to groups, or what a function
/// answers.
final class RegexReplacing {
  private RegexReplacing() {}

  static String replace(
      Run run, RegexProgram program, String text, List<MatchValue> matches, Object replacement) {
    var out = new StringBuilder();
    int from = 0;
    for (var match : matches) {
      put(run, out, text.substring(from, match.bounds[0]));
      if (replacement instanceof String template) {
        expand(run, program, template, match, out);
      } else {
        put(run, out, TextMethods.text(run.call(replacement, match)));
      }
      from = match.bounds[1];
    }
    put(run, out, text.substring(from));
    run.meter.chargeText(out.length());
    return out.toString();
  }

  private static void put(Run run, StringBuilder out, String text) {
    run.meter.charge(2L * text.length() + 2);
    out.append(text);
  }

  private static void expand(
      Run run, RegexProgram program, String template, MatchValue match, StringBuilder out) {
    int i = 0;
    while (i < template.length()) {
      char c = template.charAt(i++);
      run.meter.charge(2);
      if (c != '\\' || i == template.length()) {
        out.append(c);
        continue;
      }
      char e = template.charAt(i++);
      if (e >= '1' && e <= '9') {
        int group = e - '0';
        if (i < template.length() && template.charAt(i) >= '0' && template.charAt(i) <= '9') {
          group = group * 10 + template.charAt(i++) - '0';
        }
        put(run, out, group(run, program, match, group));
      } else if (e == 'g' && i < template.length() && template.charAt(i) == '<') {
        int close = template.indexOf('>', i);
        if (close < 0) {
          throw new GuestError(ExceptionType.REGEX, "missing >, unterminated name");
        }
        put(run, out, named(run, program, match, template.substring(i + 1, close)));
        i = close + 1;
      } else {
        out.append(character(e));
      }
    }
  }

  private static String character(char escape) {
    return switch (escape) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case '\\' -> "\\";
      default -> {
        if (Character.isLetter(escape) && escape < 128) {
          throw new GuestError(ExceptionType.REGEX, "bad escape \\" + escape);
        }
        yield "\\" + escape;
      }
    };
  }

  private static String named(Run run, RegexProgram program, MatchValue match, String name) {
    if (name.matches("\\d{1,3}")) {
      return group(run, program, match, Integer.parseInt(name));
    }
    var group = program.names().get(name);
    if (group == null) {
      throw GuestError.index("unknown group name " + Representation.quoted(Texts.start(name, 60)));
    }
    return group(run, program, match, group);
  }

  private static String group(Run run, RegexProgram program, MatchValue match, int group) {
    if (group >= program.groups()) {
      throw new GuestError(ExceptionType.REGEX, "invalid group reference " + group);
    }
    var value = RegexModule.group(run, match, group);
    return value == None.NONE ? "" : (String) value;
  }
}
