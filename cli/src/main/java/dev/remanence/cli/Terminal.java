package dev.remanence.cli;

import java.util.Locale;
import java.util.Map;

/// What is known about where output goes, and the ways to write for it.
///
/// Stored text may come from anyone. On a terminal its control characters could move the cursor,
/// set the title or paste commands, so they are shown as escapes there; a file or pipe gets the
/// text as it is.
///
/// @param out whether stdout is a terminal
/// @param err whether stderr is a terminal
record Terminal(boolean out, boolean err, boolean colour, int width) {
  static final Terminal NONE = new Terminal(false, false, false, 80);

  private static final int WIDTH_MIN = 40;

  /// The launcher knows which streams are terminals and how wide, and says so in
  /// `remanence.terminal` (`out,err`) and `remanence.columns`: Java can tell it only of stdin and
  /// stdout together. Without a launcher none is one.
  static Terminal of(Map<String, String> environment) {
    var told = System.getProperty("remanence.terminal", "");
    boolean out = told.contains("out");
    boolean err = told.contains("err");
    var noColour = environment.getOrDefault("NO_COLOR", "");
    boolean dumb = environment.getOrDefault("TERM", "").equals("dumb");
    return new Terminal(
        out,
        err,
        out && noColour.isEmpty() && !dumb,
        Math.max(WIDTH_MIN, Integer.getInteger("remanence.columns", 80)));
  }

  String bold(String text) {
    return styled("1", text);
  }

  String dim(String text) {
    return styled("2", text);
  }

  String red(String text) {
    return styled("31", text);
  }

  String green(String text) {
    return styled("32", text);
  }

  String yellow(String text) {
    return styled("33", text);
  }

  String cyan(String text) {
    return styled("36", text);
  }

  private String styled(String code, String text) {
    return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  /// Text that is safe to show: on a terminal, control characters but newline and tab, and those
  /// that reorder a line, become escapes of their code.
  String safe(String text) {
    return out ? escaped(text) : text;
  }

  /// The same within one line: a newline or tab becomes a space.
  String line(String text) {
    return safe(text.replace("\r\n", " ").replace('\n', ' ').replace('\t', ' '));
  }

  static String escaped(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isUnsafe(c)) {
        if (out == null) {
          out = new StringBuilder(text.length() + 16).append(text, 0, i);
        }
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else if (out != null) {
        out.append(c);
      }
    }
    return out == null ? text : out.toString();
  }

  private static boolean isUnsafe(char c) {
    return (Character.isISOControl(c) && c != '\n' && c != '\t')
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }

  /// Cut to a number of columns, as far as a character is a column.
  static String cut(String text, int columns) {
    if (text.length() <= columns) {
      return text;
    }
    int end = Math.max(1, columns - 1);
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
