package dev.remanence.cli;

import dev.remanence.cli.Command.Option;
import dev.remanence.daemon.protocol.ExitCode;
import dev.remanence.daemon.protocol.Method;
import dev.remanence.daemon.protocol.Method.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The pages of `--help`, written from the tables of commands and parameters.
final class Help {
  private static final String USAGE =
      "remanence [--store DIR] [--scope S] [--json] COMMAND [ARGUMENT…] [--option VALUE]…";

  private final Terminal terminal;

  Help(Terminal terminal) {
    this.terminal = terminal;
  }

  /// What all commands share, and a line for each of them.
  String page() {
    var out = new StringBuilder();
    out.append("Remanence: long-term memory for AI agents, in one directory.\n\n");
    out.append(terminal.bold("Usage")).append("\n  ").append(USAGE).append('\n');
    for (var group : Group.values()) {
      section(out, group.title(), commands(group));
    }
    section(out, "And", commands(null));
    section(
        out,
        "Options of every command",
        List.of(
            row("--store DIR", "the store; else REMANENCE_STORE, else ~/.remanence"),
            row("--scope S", "the scope; else REMANENCE_SCOPE, else global"),
            row("--json", "the protocol's answer, one line of JSON; errors on stderr as JSON"),
            row("--help, -h", "this page, or a command's own"),
            row("--version", "the version")));
    var codes = new ArrayList<Row>();
    for (var code : ExitCode.values()) {
      codes.add(row(Integer.toString(code.number()), code.meaning()));
    }
    section(out, "Exit codes", codes);
    section(
        out,
        "Begin with",
        List.of(
            row("remanence remember \"Anna prefers tea\"", ""),
            row("remanence recall \"what does Anna drink?\"", ""),
            row("remanence help recall", "")));
    return out.toString();
  }

  private static List<Row> commands(@Nullable Group group) {
    var rows = new ArrayList<Row>();
    for (var command : Command.ALL) {
      var method = command.method();
      if ((method == null ? null : method.group()) == group) {
        rows.add(row(command.words(), command.doc().replace("`", "")));
      }
    }
    return rows;
  }

  /// The page of one command.
  String page(Command command) {
    var out = new StringBuilder();
    out.append(command.doc().replace("`", "")).append("\n\n");
    out.append(terminal.bold("Usage")).append("\n  remanence ").append(command.words());
    for (var argument : command.arguments()) {
      out.append(' ').append(placeholder(command.method(), argument));
    }
    var options = command.options();
    out.append(options.isEmpty() ? "\n" : " [--option VALUE]…\n");
    if (command.arguments().contains("text...")) {
      out.append("  - in place of the text reads it from stdin.\n");
    }
    var rows = new ArrayList<Row>();
    for (var option : options) {
      rows.add(row("--" + option.name() + valueOf(option), docOf(option)));
    }
    section(out, "Options", rows);
    var method = command.method();
    if (method != null) {
      var scope = method.parameter("scope");
      if (scope != null) {
        section(out, "Scope", List.of(row("--scope S", scope.doc())));
      }
      section(out, "Answer with --json", List.of(row(method.result(), "")));
    }
    var examples = new ArrayList<Row>();
    for (var example : command.examples()) {
      examples.add(row("remanence " + example, ""));
    }
    section(out, "Examples", examples);
    return out.toString();
  }

  /// `TEXT` where an argument is required, `[TEXT]` where it may be left out.
  private static String placeholder(@Nullable Method method, String argument) {
    var name = argument.replace("...", "");
    var shown = name.replace("|", "-OR-").toUpperCase(Locale.ROOT);
    var parameter = method == null ? null : method.parameter(name);
    boolean required =
        parameter == null
            ? method != null
            : parameter.required() || (method != null && method.name().equals("remember"));
    return required ? shown : "[" + shown + "]";
  }

  private static String valueOf(Option option) {
    return switch (option.type()) {
      case BOOLEAN -> "";
      case TEXT, VALUE -> " TEXT";
      case JSON, OBJECT, LINKS, PROVENANCE, FILTER, NUMBERS, MEMORIES, TURNS -> " JSON";
      case INTEGER -> " N";
      case NUMBER -> " NUMBER";
      case TIME -> " TIME";
      case DURATION -> " DURATION";
      case ID -> " ID";
      case IDS -> " ID,ID";
      case SCOPE -> " SCOPE";
      case CHOICE -> " WORD";
      case STRINGS -> " A,B";
      case PATH -> " PATH";
    };
  }

  private static String docOf(Option option) {
    var parameter = option.parameter();
    if (parameter == null) {
      return option.doc();
    }
    var words = parameter.words().isEmpty() ? "" : ": " + String.join(", ", parameter.words());
    var standard = parameter.standard() == null ? "" : " (" + parameter.standard() + ")";
    return option.doc().replace("`", "") + words + standard;
  }

  private record Row(String left, String right) {}

  private static Row row(String left, String right) {
    return new Row(left, right);
  }

  private void section(StringBuilder out, String title, List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    out.append('\n').append(terminal.bold(title)).append('\n');
    int width = 0;
    for (var row : rows) {
      width = row.right().isEmpty() ? width : Math.max(width, row.left().length());
    }
    for (var row : rows) {
      out.append("  ").append(row.left());
      if (!row.right().isEmpty()) {
        out.repeat(' ', width - row.left().length() + 2);
        wrap(out, row.right().replace("`", ""), width + 4);
      }
      out.append('\n');
    }
  }

  /// Breaks between words so that lines stay within the terminal, each under the one before.
  private void wrap(StringBuilder out, String text, int indent) {
    int room = Math.max(30, Math.min(terminal.width(), 110) - indent);
    int column = 0;
    for (var word : text.split(" ", -1)) {
      if (column > 0 && column + 1 + word.length() > room) {
        out.append('\n').repeat(' ', indent);
        column = 0;
      } else if (column > 0) {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += word.length();
    }
  }
}
