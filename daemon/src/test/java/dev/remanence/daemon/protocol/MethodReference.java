package dev.remanence.daemon.protocol;

import dev.remanence.daemon.protocol.Method.Group;
import java.util.List;

/// Writes the part of docs/protocol.md that follows from the table of methods.
final class MethodReference {
  private MethodReference() {}

  static String markdown() {
    var out = new StringBuilder();
    for (var group : Group.values()) {
      out.append("### ").append(group.title()).append("\n\n");
      for (var method : Protocol.METHODS) {
        if (method.group() == group) {
          method(out, method);
        }
      }
    }
    out.append("### The parts of a filter\n\n");
    parameters(out, Filters.PARTS);
    out.append("### The codes of a command\n\n| code | meaning |\n|---|---|\n");
    for (var code : ExitCode.values()) {
      out.append("| ").append(code.number()).append(" | ").append(code.meaning()).append(" |\n");
    }
    return out.toString();
  }

  private static void method(StringBuilder out, Method method) {
    out.append("#### `").append(method.name()).append("`\n\n").append(method.doc()).append("\n\n");
    if (!method.parameters().isEmpty()) {
      parameters(out, method.parameters());
    }
    out.append("Result: `").append(method.result().replace("`", "")).append("`");
    if (method.onStore() == null) {
      out.append(". Wants a store that nobody has open: a command only.");
    }
    out.append("\n\n");
  }

  private static void parameters(StringBuilder out, List<Parameter> parameters) {
    out.append("| parameter | type | unless given | meaning |\n|---|---|---|---|\n");
    for (var parameter : parameters) {
      out.append("| `").append(parameter.name()).append("` | ");
      out.append(parameter.typeWord().replace("|", "\\|")).append(" | ");
      out.append(parameter.required() ? "**required**" : standard(parameter)).append(" | ");
      out.append(parameter.doc()).append(" |\n");
    }
    out.append('\n');
  }

  private static String standard(Parameter parameter) {
    return parameter.standard() == null ? "" : parameter.standard();
  }
}
