package dev.remanence.mind.sandbox;

/// The escapes of string literals.
final class Escapes {
  private Escapes() {}

  /// A literal's text without its escapes; what is no escape stays, backslash and all.
  static String resolve(String body, int line) {
    if (body.indexOf('\\') < 0) {
      return body;
    }
    var out = new StringBuilder(body.length());
    int i = 0;
    while (i < body.length()) {
      char c = body.charAt(i++);
      if (c != '\\' || i >= body.length()) {
        out.append(c);
        continue;
      }
      char e = body.charAt(i++);
      switch (e) {
        case '\n' -> {}
        case '\\', '\'', '"' -> out.append(e);
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case 'r' -> out.append('\r');
        case 'a' -> out.append('\u0007');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'v' -> out.append('\u000B');
        case 'x' -> i = hexadecimal(body, i, 2, out, line);
        case 'u' -> i = hexadecimal(body, i, 4, out, line);
        case 'U' -> i = hexadecimal(body, i, 8, out, line);
        case 'N' -> throw new Unreadable("\\N{name} is not available", line);
        default -> {
          if (e >= '0' && e <= '7') {
            i = octal(body, i - 1, out);
          } else {
            out.append('\\').append(e);
          }
        }
      }
    }
    return wellFormed(out.toString(), line);
  }

  private static int octal(String body, int start, StringBuilder out) {
    int end = start;
    int value = 0;
    while (end < body.length()
        && end < start + 3
        && body.charAt(end) >= '0'
        && body.charAt(end) <= '7') {
      value = value * 8 + (body.charAt(end++) - '0');
    }
    out.appendCodePoint(value);
    return end;
  }

  private static int hexadecimal(String body, int start, int width, StringBuilder out, int line) {
    int end = start + width;
    long value = 0;
    for (int i = start; i < end; i++) {
      int digit =
          i < body.length() && body.charAt(i) < 128 ? Character.digit(body.charAt(i), 16) : -1;
      if (digit < 0) {
        throw new Unreadable("truncated escape in a string", line);
      }
      value = value * 16 + digit;
    }
    if (value > Character.MAX_CODE_POINT) {
      throw new Unreadable("illegal Unicode character in a string", line);
    }
    out.appendCodePoint((int) value);
    return end;
  }

  private static String wellFormed(String text, int line) {
    if (!Texts.isWellFormed(text)) {
      throw new Unreadable("half a surrogate pair in a string", line);
    }
    return text;
  }
}
