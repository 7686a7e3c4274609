package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.RegexNode.Place;
import dev.remanence.mind.sandbox.RegexNode.Range;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the regular expressions of `re`: all that agents use of them. Atomic groups, possessive
/// quantifiers and conditions are refused.
final class RegexParser {
  static final int IGNORE_CASE = 2;
  static final int MULTILINE = 8;
  static final int DOT_ALL = 16;
  static final int VERBOSE = 64;

  /// Repetitions that are counted one by one.
  private static final int COUNT_MAX = 1000;

  private static final int LEVELS_MAX = 50;
  private static final int GROUPS_MAX = 100;
  static final int UNBOUNDED = Integer.MAX_VALUE;

  private final String pattern;
  private final Meter meter;
  final Map<String, Integer> names = new LinkedHashMap<>();
  int groups = 1;
  private int flags;
  private int offset;
  private int level;

  RegexParser(String pattern, int flags, Meter meter) {
    this.pattern = pattern;
    this.flags = flags;
    this.meter = meter;
  }

  RegexNode parse() {
    var node = choice();
    if (offset < pattern.length()) {
      throw error("unbalanced parenthesis", offset);
    }
    return node;
  }

  private GuestError error(String message, int position) {
    return new GuestError(ExceptionType.REGEX, message + " at position " + position);
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  private boolean atEnd() {
    return offset >= pattern.length();
  }

  private char peek() {
    return atEnd() ? 0 : pattern.charAt(offset);
  }

  private boolean accept(String text) {
    boolean found = pattern.startsWith(text, offset);
    offset += found ? text.length() : 0;
    return found;
  }

  private RegexNode choice() {
    if (++level > LEVELS_MAX) {
      throw error("too many nested groups", offset);
    }
    var options = new ArrayList<RegexNode>();
    options.add(sequence());
    while (accept("|")) {
      options.add(sequence());
    }
    level--;
    return options.size() == 1 ? options.getFirst() : new RegexNode.Choice(List.copyOf(options));
  }

  private RegexNode sequence() {
    var parts = new ArrayList<RegexNode>();
    while (!atEnd() && peek() != '|' && peek() != ')') {
      meter.charge(64);
      if (has(VERBOSE) && skipsBlanks()) {
        continue;
      }
      int start = offset;
      var atom = atom();
      if (atom != null) {
        parts.add(repeated(atom, start));
      }
    }
    return parts.size() == 1 ? parts.getFirst() : new RegexNode.Sequence(List.copyOf(parts));
  }

  private boolean skipsBlanks() {
    if (Character.isWhitespace(peek())) {
      offset++;
      return true;
    }
    if (peek() == '#') {
      while (!atEnd() && peek() != '\n') {
        offset++;
      }
      return true;
    }
    return false;
  }

  private RegexNode repeated(RegexNode atom, int start) {
    if (has(VERBOSE)) {
      while (!atEnd() && skipsBlanks()) {
        meter.step();
      }
    }
    int least;
    int most;
    int at = offset;
    if (accept("*")) {
      least = 0;
      most = UNBOUNDED;
    } else if (accept("+")) {
      least = 1;
      most = UNBOUNDED;
    } else if (accept("?")) {
      least = 0;
      most = 1;
    } else if (peek() == '{' && isCount()) {
      offset++;
      least = number(0);
      most = accept(",") ? number(UNBOUNDED) : least;
      accept("}");
      if (most < least) {
        throw error("min repeat greater than max repeat", at);
      }
    } else {
      return atom;
    }
    if (atom instanceof RegexNode.At) {
      throw error("nothing to repeat", start);
    }
    boolean greedy = !accept("?");
    if (accept("+")) {
      throw error("possessive quantifiers are not available", at);
    }
    if (peek() == '*' || peek() == '?' || (peek() == '{' && isCount())) {
      throw error("multiple repeat", at);
    }
    return new RegexNode.Repeat(atom, least, most, greedy);
  }

  private boolean isCount() {
    int i = offset + 1;
    int start = i;
    while (i < pattern.length() && (isDigit(pattern.charAt(i)) || pattern.charAt(i) == ',')) {
      i++;
    }
    return i < pattern.length()
        && pattern.charAt(i) == '}'
        && i > start
        && pattern.substring(start, i).matches("\\d*,?\\d*");
  }

  private int number(int fallback) {
    int start = offset;
    while (isDigit(peek())) {
      offset++;
    }
    if (offset == start) {
      return fallback;
    }
    int value = offset - start > 6 ? COUNT_MAX + 1 : Integer.parseInt(pattern, start, offset, 10);
    if (value > COUNT_MAX) {
      throw error("more than " + COUNT_MAX + " counted repetitions", start);
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /// Null where it only set flags or was a comment.
  private @Nullable RegexNode atom() {
    int start = offset;
    int point = pattern.codePointAt(offset);
    offset += Character.charCount(point);
    return switch (point) {
      case '.' -> new RegexNode.AnyPoint(has(DOT_ALL));
      case '^' -> new RegexNode.At(has(MULTILINE) ? Place.LINE_START : Place.TEXT_START);
      case '$' -> new RegexNode.At(has(MULTILINE) ? Place.LINE_END : Place.TEXT_END_BEFORE_NEWLINE);
      case '(' -> group(start);
      case '[' -> points(start);
      case '\\' -> escape(start);
      case '*', '+', '?' -> throw error("nothing to repeat", start);
      default -> new RegexNode.Literal(point, has(IGNORE_CASE));
    };
  }

  private @Nullable RegexNode group(int start) {
    if (!accept("?")) {
      return capture(start);
    }
    if (accept("P<")) {
      var name = word('>', start);
      if (names.putIfAbsent(name, groups) != null) {
        throw error("redefinition of group name '" + name + "'", start);
      }
      return capture(start);
    }
    if (accept("P=")) {
      var name = word(')', start);
      var group = names.get(name);
      if (group == null) {
        throw error("unknown group name '" + name + "'", start);
      }
      return new RegexNode.Back(group, has(IGNORE_CASE));
    }
    if (accept("#")) {
      int end = pattern.indexOf(')', offset);
      if (end < 0) {
        throw error("missing ), unterminated comment", start);
      }
      offset = end + 1;
      return null;
    }
    if (accept(":")) {
      return closed(start);
    }
    for (var look : List.of("=", "!", "<=", "<!")) {
      if (accept(look)) {
        return new RegexNode.Look(closed(start), look.startsWith("<"), look.endsWith("!"));
      }
    }
    return flagged(start);
  }

  private RegexNode capture(int start) {
    if (groups > GROUPS_MAX) {
      throw error("more than " + GROUPS_MAX + " groups", start);
    }
    int group = groups++;
    return new RegexNode.Capture(group, closed(start));
  }

  private RegexNode closed(int start) {
    int kept = flags;
    var body = choice();
    if (!accept(")")) {
      throw error("missing ), unterminated subpattern", start);
    }
    flags = kept;
    return body;
  }

  private String word(char end, int start) {
    int close = pattern.indexOf(end, offset);
    var name = close < 0 ? "" : pattern.substring(offset, close);
    if (!name.matches("[A-Za-z_][A-Za-z_0-9]{0,99}")) {
      throw error("bad character in group name", start);
    }
    offset = close + 1;
    return name;
  }

  /// `(?i)` for all that follows, or `(?i:…)` for a group.
  private @Nullable RegexNode flagged(int start) {
    int kept = flags;
    boolean on = true;
    while (!atEnd() && peek() != ')' && peek() != ':') {
      char c = peek();
      offset++;
      if (c == '-') {
        on = false;
        continue;
      }
      int flag =
          switch (c) {
            case 'i' -> IGNORE_CASE;
            case 'm' -> MULTILINE;
            case 's' -> DOT_ALL;
            case 'x' -> VERBOSE;
            case 'a', 'u' -> 0;
            default -> throw error("unknown extension ?" + c, start);
          };
      flags = on ? flags | flag : flags & ~flag;
    }
    if (accept(")")) {
      return null;
    }
    if (!accept(":")) {
      throw error("missing ), unterminated subpattern", start);
    }
    var body = closed(start);
    flags = kept;
    return body;
  }

  private RegexNode escape(int start) {
    if (atEnd()) {
      throw error("bad escape (end of pattern)", start);
    }
    char c = peek();
    offset++;
    return switch (c) {
      case 'd', 'D', 'w', 'W', 's', 'S' ->
          new RegexNode.Points(List.of(new Range(0, 0, c)), false, false);
      case 'b' -> new RegexNode.At(Place.WORD_EDGE);
      case 'B' -> new RegexNode.At(Place.NO_WORD_EDGE);
      case 'A' -> new RegexNode.At(Place.TEXT_START);
      case 'Z' -> new RegexNode.At(Place.TEXT_END);
      case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> back(start, c);
      default -> {
        offset--;
        yield new RegexNode.Literal(character(start), has(IGNORE_CASE));
      }
    };
  }

  private RegexNode back(int start, char first) {
    int group = first - '0';
    if (isDigit(peek())) {
      group = group * 10 + (peek() - '0');
      offset++;
    }
    if (group >= groups) {
      throw error("invalid group reference " + group, start + 1);
    }
    return new RegexNode.Back(group, has(IGNORE_CASE));
  }

  /// The character that an escape stands for; the backslash is read.
  private int character(int start) {
    int point = pattern.codePointAt(offset);
    offset += Character.charCount(point);
    return switch (point) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case 'v' -> 0x0B;
      case 'a' -> 0x07;
      case '0' -> 0;
      case 'x' -> hexadecimal(2, start);
      case 'u' -> hexadecimal(4, start);
      default -> {
        if (Character.isLetterOrDigit(point) && point < 128) {
          throw error("bad escape \\" + Character.toString(point), start);
        }
        yield point;
      }
    };
  }

  private int hexadecimal(int width, int start) {
    int value = 0;
    for (int i = 0; i < width; i++) {
      int digit = peek() < 128 ? Character.digit(peek(), 16) : -1;
      if (digit < 0) {
        throw error("incomplete escape", start);
      }
      value = value * 16 + digit;
      offset++;
    }
    return value;
  }

  private RegexNode points(int start) {
    boolean negated = accept("^");
    var ranges = new ArrayList<Range>();
    boolean first = true;
    while (true) {
      if (atEnd()) {
        throw error("unterminated character set", start);
      }
      meter.charge(32);
      if (peek() == ']' && !first) {
        offset++;
        return new RegexNode.Points(List.copyOf(ranges), negated, has(IGNORE_CASE));
      }
      first = false;
      ranges.add(range());
    }
  }

  private Range range() {
    int start = offset;
    var from = member();
    boolean more = offset + 1 < pattern.length();
    if (peek() != '-' || !more || pattern.charAt(offset + 1) == ']') {
      return from;
    }
    offset++;
    var to = member();
    if (from.kind() != 0 || to.kind() != 0 || to.from() < from.from()) {
      throw error("bad character range", start);
    }
    return new Range(from.from(), to.from(), (char) 0);
  }

  private Range member() {
    int start = offset;
    int point = pattern.codePointAt(offset);
    offset += Character.charCount(point);
    if (point != '\\') {
      return new Range(point, point, (char) 0);
    }
    if (atEnd()) {
      throw error("bad escape (end of pattern)", start);
    }
    if ("dDwWsS".indexOf(peek()) >= 0) {
      return new Range(0, 0, pattern.charAt(offset++));
    }
    if (accept("b")) {
      return new Range('\b', '\b', (char) 0);
    }
    int escaped = character(start);
    return new Range(escaped, escaped, (char) 0);
  }
}
