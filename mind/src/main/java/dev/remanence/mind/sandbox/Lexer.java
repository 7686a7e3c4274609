package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes words of a text: indentation becomes `INDENT` and `DEDENT`, line ends inside brackets and
/// after a backslash disappear. An f-string stays one word, which the parser takes apart.
final class Lexer {
  private static final Set<String> KEYWORDS =
      Set.of(
          "False",
          "None",
          "True",
          "and",
          "as",
          "assert",
          "async",
          "await",
          "break",
          "class",
          "continue",
          "def",
          "del",
          "elif",
          "else",
          "except",
          "finally",
          "for",
          "from",
          "global",
          "if",
          "import",
          "in",
          "is",
          "lambda",
          "nonlocal",
          "not",
          "or",
          "pass",
          "raise",
          "return",
          "try",
          "while",
          "with",
          "yield");

  /// Longest first.
  private static final List<String> SYMBOLS =
      List.of(
          "**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->",
          "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", ":=", "+", "-", "*", "/", "%", "&",
          "|", "^", "~", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", ";", "=", "@");

  private static final int INDENTATIONS_MAX = 60;
  private static final int BRACKETS_MAX = 100;

  /// Stands below the brackets of an f-string's field; nothing closes it.
  private static final char FIELD = 'f';

  private final String source;
  private final Meter meter;
  private final List<Token> tokens = new ArrayList<>();
  private final Deque<Integer> indentations = new ArrayDeque<>();
  private final Deque<Character> brackets = new ArrayDeque<>();
  private int offset;
  private int line;

  private Lexer(String source, int line, Meter meter) {
    this.source = source;
    this.line = line;
    this.meter = meter;
  }

  /// The words of a program.
  static List<Token> program(String source, Meter meter) {
    var lexer = new Lexer(source.replace("\r\n", "\n").replace('\r', '\n'), 1, meter);
    lexer.lines();
    return lexer.tokens;
  }

  /// The words of an expression inside an f-string, where line ends mean nothing.
  static List<Token> expression(String source, int line, Meter meter) {
    var lexer = new Lexer(source, line, meter);
    lexer.brackets.push(FIELD);
    lexer.words();
    lexer.add(Kind.END, "");
    return lexer.tokens;
  }

  private void lines() {
    indentations.push(0);
    while (offset < source.length()) {
      indentation();
      words();
    }
    if (!brackets.isEmpty()) {
      throw error("'" + brackets.peek() + "' was never closed");
    }
    while (indentations.size() > 1) {
      indentations.pop();
      add(Kind.DEDENT, "");
    }
    add(Kind.END, "");
  }

  /// Reads the blanks at the beginning of a line; a line with nothing in it does not count.
  private void indentation() {
    while (true) {
      int width = 0;
      while (offset < source.length() && isBlank(source.charAt(offset))) {
        char c = source.charAt(offset++);
        width = c == '\t' ? (width / 8 + 1) * 8 : c == '\f' ? 0 : width + 1;
      }
      if (offset < source.length() && source.charAt(offset) == '#') {
        comment();
      }
      if (offset >= source.length()) {
        return;
      }
      if (source.charAt(offset) == '\n') {
        offset++;
        line++;
        meter.step();
        continue;
      }
      indent(width);
      return;
    }
  }

  private void indent(int width) {
    if (width > top()) {
      if (indentations.size() > INDENTATIONS_MAX) {
        throw error("too many levels of indentation");
      }
      indentations.push(width);
      add(Kind.INDENT, "");
    }
    while (width < top()) {
      indentations.pop();
      add(Kind.DEDENT, "");
      if (width > top()) {
        throw error("unindent does not match any outer indentation level");
      }
    }
  }

  private int top() {
    var top = indentations.peek();
    return top == null ? 0 : top;
  }

  /// Reads up to the end of the logical line.
  private void words() {
    while (offset < source.length()) {
      char c = source.charAt(offset);
      if (c == '\n') {
        offset++;
        if (brackets.isEmpty()) {
          add(Kind.NEWLINE, "");
          line++;
          return;
        }
        line++;
      } else if (isBlank(c)) {
        offset++;
      } else if (c == '#') {
        comment();
      } else if (c == '\\' && offset + 1 < source.length() && source.charAt(offset + 1) == '\n') {
        offset += 2;
        line++;
      } else {
        word(c);
      }
    }
    if (brackets.isEmpty()) {
      add(Kind.NEWLINE, "");
    }
  }

  private void word(char c) {
    int point = source.codePointAt(offset);
    if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
      number();
    } else if (stringPrefix() >= 0) {
      string(stringPrefix());
    } else if (Character.isUnicodeIdentifierStart(point) || c == '_') {
      name();
    } else {
      symbol();
    }
  }

  private void name() {
    int start = offset;
    while (offset < source.length()) {
      int point = source.codePointAt(offset);
      if (!Character.isUnicodeIdentifierPart(point) || Character.isIdentifierIgnorable(point)) {
        break;
      }
      offset += Character.charCount(point);
    }
    if (offset == start) {
      throw error("invalid character");
    }
    var text = source.substring(start, offset);
    add(KEYWORDS.contains(text) ? Kind.KEYWORD : Kind.NAME, text);
  }

  private void symbol() {
    for (var symbol : SYMBOLS) {
      if (source.startsWith(symbol, offset)) {
        bracket(symbol.charAt(0));
        offset += symbol.length();
        add(Kind.SYMBOL, symbol);
        return;
      }
    }
    char c = source.charAt(offset);
    if (c == '\\') {
      throw error("unexpected character after line continuation character");
    }
    if (c == '"' || c == '\'') {
      throw error("unterminated string literal");
    }
    throw error(
        "invalid character "
            + Representation.quoted(
                source.substring(
                    offset, offset + Character.charCount(source.codePointAt(offset)))));
  }

  private void bracket(char c) {
    if (c == '(' || c == '[' || c == '{') {
      if (brackets.size() >= BRACKETS_MAX) {
        throw error("too many nested parentheses");
      }
      brackets.push(c);
    } else if (c == ')' || c == ']' || c == '}') {
      var open = brackets.peek();
      if (open == null) {
        throw error("unmatched '" + c + "'");
      }
      if ((c == ')' && open != '(') || (c == ']' && open != '[') || (c == '}' && open != '{')) {
        throw error(
            "closing parenthesis '" + c + "' does not match opening parenthesis '" + open + "'");
      }
      brackets.pop();
    }
  }

  // Numbers

  private void number() {
    int start = offset;
    char base = Character.toLowerCase(peek(1));
    Object value;
    if (source.charAt(offset) == '0' && (base == 'x' || base == 'o' || base == 'b')) {
      offset += 2;
      int radix = base == 'x' ? 16 : base == 'o' ? 8 : 2;
      value = integer(digits(radix), radix);
    } else {
      var text = new StringBuilder(digits(10));
      boolean real = false;
      if (peek(0) == '.') {
        real = true;
        offset++;
        text.append('.').append(digits(10));
      }
      char exponent = Character.toLowerCase(peek(0));
      int sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
      if (exponent == 'e' && isDigit(peek(1 + sign))) {
        real = true;
        text.append(source, offset, offset + 1 + sign);
        offset += 1 + sign;
        text.append(digits(10));
      }
      value = real ? (Object) Double.parseDouble(text.toString()) : decimal(text.toString());
    }
    if (offset < source.length() && Character.isUnicodeIdentifierPart(source.charAt(offset))) {
      boolean imaginary = Character.toLowerCase(peek(0)) == 'j';
      throw error(imaginary ? "complex numbers are not available" : "invalid decimal literal");
    }
    tokens.add(new Token(Kind.NUMBER, source.substring(start, offset), value, line));
  }

  private Object decimal(String digits) {
    if (digits.length() > 1 && digits.charAt(0) == '0' && !digits.matches("0+")) {
      throw error("leading zeros in decimal integer literals are not permitted");
    }
    return integer(digits, 10);
  }

  private Object integer(String digits, int radix) {
    if (digits.isEmpty()) {
      throw error("invalid number literal");
    }
    if (digits.length() > Numbers.DIGITS_MAX) {
      throw error("integer literal of more than " + Numbers.DIGITS_MAX + " digits");
    }
    meter.charge(digits.length());
    meter.work((long) digits.length() * digits.length() / 64);
    return Numbers.normal(new BigInteger(digits, radix));
  }

  private String digits(int radix) {
    var digits = new StringBuilder();
    while (offset < source.length()) {
      char c = source.charAt(offset);
      boolean separator = c == '_' && isDigitOf(peek(1), radix);
      if (!separator && !isDigitOf(c, radix)) {
        break;
      }
      if (!separator) {
        digits.append(c);
      }
      offset++;
    }
    return digits.toString();
  }

  private static boolean isDigitOf(char c, int radix) {
    return c < 128 && Character.digit(c, radix) >= 0;
  }

  // Strings

  /// The length of the letters before the quote of a string here, or -1 where there is none.
  private int stringPrefix() {
    int length = 0;
    while (length < 3 && "rbfuRBFU".indexOf(peek(length)) >= 0 && peek(length) != 0) {
      length++;
    }
    char quote = peek(length);
    return (quote == '"' || quote == '\'') && length < 3 ? length : -1;
  }

  private void string(int prefixLength) {
    var prefix = source.substring(offset, offset + prefixLength).toLowerCase(Locale.ROOT);
    boolean raw = prefix.contains("r");
    boolean formatted = prefix.contains("f");
    if (prefix.contains("b")) {
      throw error("bytes are not available");
    }
    offset += prefixLength;
    char quote = source.charAt(offset);
    boolean triple = peek(1) == quote && peek(2) == quote;
    offset += triple ? 3 : 1;
    int firstLine = line;
    int start = offset;
    skipString(quote, triple, formatted);
    var body = source.substring(start, offset);
    offset += triple ? 3 : 1;
    meter.chargeText(body.length());
    if (formatted) {
      tokens.add(new Token(Kind.FORMATTED, body, raw, firstLine));
    } else {
      var text = raw ? body : Escapes.resolve(body, firstLine);
      tokens.add(new Token(Kind.STRING, text, text, firstLine));
    }
  }

  /// Stands at the closing quote afterwards. Inside the braces of an f-string quotes belong to
  /// strings of their own.
  private void skipString(char quote, boolean triple, boolean formatted) {
    int begin = line;
    int depth = 0;
    while (offset < source.length()) {
      char c = source.charAt(offset);
      if (depth == 0 && c == quote && (!triple || (peek(1) == quote && peek(2) == quote))) {
        return;
      }
      if (c == '\n') {
        if (!triple) {
          break;
        }
        line++;
      } else if (c == '\\' && depth == 0) {
        if (peek(1) == '\n') {
          line++;
        }
        offset++;
      } else if (formatted && c == '{') {
        if (depth == 0 && peek(1) == '{') {
          offset++;
        } else {
          depth++;
        }
      } else if (formatted && c == '}' && depth > 0) {
        depth--;
      } else if (depth > 0 && (c == '"' || c == '\'')) {
        int end = source.indexOf(c, offset + 1);
        int newline = source.indexOf('\n', offset + 1);
        if (end < 0 || (newline >= 0 && newline < end)) {
          break;
        }
        offset = end;
      }
      offset++;
    }
    line = begin;
    throw error(
        triple ? "unterminated triple-quoted string literal" : "unterminated string literal");
  }

  private void comment() {
    while (offset < source.length() && source.charAt(offset) != '\n') {
      offset++;
    }
  }

  private char peek(int ahead) {
    return offset + ahead < source.length() ? source.charAt(offset + ahead) : 0;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\f';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void add(Kind kind, String text) {
    add(kind, text, null);
  }

  private void add(Kind kind, String text, @Nullable Object value) {
    meter.charge(64);
    tokens.add(new Token(kind, text, value, line));
  }

  private Unreadable error(String message) {
    return new Unreadable(message, line);
  }
}
