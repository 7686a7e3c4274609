package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.DictValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.TupleValue;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;

/// The methods of strings.
final class TextMethods {
  static final Set<String> NAMES =
      Set.of(
          "capitalize",
          "casefold",
          "center",
          "count",
          "endswith",
          "expandtabs",
          "find",
          "format",
          "format_map",
          "index",
          "isalnum",
          "isalpha",
          "isascii",
          "isdecimal",
          "isdigit",
          "isidentifier",
          "islower",
          "isnumeric",
          "isprintable",
          "isspace",
          "istitle",
          "isupper",
          "join",
          "ljust",
          "lower",
          "lstrip",
          "partition",
          "removeprefix",
          "removesuffix",
          "replace",
          "rfind",
          "rindex",
          "rjust",
          "rpartition",
          "rsplit",
          "rstrip",
          "split",
          "splitlines",
          "startswith",
          "strip",
          "swapcase",
          "title",
          "translate",
          "upper",
          "zfill");

  private TextMethods() {}

  static Object call(Run run, String text, String name, Arguments arguments) {
    run.meter.chargeText(text.length());
    return switch (name) {
      case "lower" -> lower(arguments.exactly(0, 0), text);
      case "casefold" -> lower(arguments.exactly(0, 0), text.toUpperCase(Locale.ROOT));
      case "upper" -> bounded(run, arguments.exactly(0, 0), text, text.toUpperCase(Locale.ROOT));
      case "strip" -> strip(arguments, text, true, true);
      case "lstrip" -> strip(arguments, text, true, false);
      case "rstrip" -> strip(arguments, text, false, true);
      case "split" -> Splitting.split(run, text, arguments.allow("sep", "maxsplit"));
      case "rsplit" -> Splitting.splitFromRight(run, text, arguments.allow("sep", "maxsplit"));
      case "splitlines" -> Splitting.lines(run, text, arguments.allow("keepends"));
      case "partition" -> Splitting.partition(run, text, text(arguments.exactly(1, 1), 0), false);
      case "rpartition" -> Splitting.partition(run, text, text(arguments.exactly(1, 1), 0), true);
      case "join" -> join(run, text, arguments.exactly(1, 1).at(0));
      case "replace" -> replace(run, text, arguments.exactly(2, 3));
      case "startswith" -> affix(run, text, arguments.exactly(1, 3), true);
      case "endswith" -> affix(run, text, arguments.exactly(1, 3), false);
      case "find", "index", "rfind", "rindex" -> find(run, text, name, arguments.exactly(1, 3));
      case "count" -> count(run, text, arguments.exactly(1, 3));
      case "format" -> StrFormat.format(run, text, arguments);
      case "format_map" -> StrFormat.formatMap(run, text, arguments.exactly(1, 1).at(0));
      case "removeprefix" -> {
        var prefix = text(arguments.exactly(1, 1), 0);
        yield text.startsWith(prefix) ? text.substring(prefix.length()) : text;
      }
      case "removesuffix" -> {
        var suffix = text(arguments.exactly(1, 1), 0);
        yield text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
      }
      case "title" -> title(arguments.exactly(0, 0), text);
      case "capitalize" -> capitalize(arguments.exactly(0, 0), text);
      case "swapcase" -> swapCase(arguments.exactly(0, 0), text);
      case "center" -> pad(run, text, arguments.exactly(1, 2), '^');
      case "ljust" -> pad(run, text, arguments.exactly(1, 2), '<');
      case "rjust" -> pad(run, text, arguments.exactly(1, 2), '>');
      case "zfill" -> zeroFill(run, text, arguments.exactly(1, 1));
      case "expandtabs" -> expandTabs(run, text, arguments.allow("tabsize"));
      case "translate" -> translate(run, text, arguments.exactly(1, 1).at(0));
      default -> is(text, name, arguments.exactly(0, 0));
    };
  }

  private static String lower(Arguments arguments, String text) {
    assert arguments.count() == 0 : "checked before";
    return text.toLowerCase(Locale.ROOT);
  }

  private static String bounded(Run run, Arguments arguments, String text, String result) {
    assert arguments.count() == 0 : "checked before";
    run.meter.chargeText(Math.max(0, result.length() - text.length()));
    return result;
  }

  private static String text(Arguments arguments, int index) {
    return text(arguments.at(index));
  }

  static String text(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw GuestError.type("must be str, not " + Types.nameOf(value));
  }

  private static String strip(Arguments arguments, String text, boolean left, boolean right) {
    arguments.exactly(0, 1);
    if (arguments.count() == 0 || arguments.at(0) == None.NONE) {
      return Texts.strip(text, left, right);
    }
    var characters = text(arguments, 0);
    int start = 0;
    int end = text.length();
    while (left && start < end && characters.indexOf(text.codePointAt(start)) >= 0) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && end > start && characters.indexOf(text.codePointBefore(end)) >= 0) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  private static String join(Run run, String separator, Object source) {
    if (Iteration.iterable(run, source) == null) {
      throw GuestError.type("can only join an iterable");
    }
    var out = new StringBuilder();
    var values = Iteration.of(run, source);
    int index = 0;
    for (var value = values.next(run); value != null; value = values.next(run)) {
      if (!(value instanceof String text)) {
        throw GuestError.type(
            "sequence item "
                + index
                + ": expected str instance, "
                + Types.nameOf(value)
                + " found");
      }
      run.meter.charge(3L * (text.length() + separator.length()));
      if (index++ > 0) {
        out.append(separator);
      }
      out.append(text);
    }
    run.meter.chargeText(out.length());
    return out.toString();
  }

  private static String replace(Run run, String text, Arguments arguments) {
    var old = text(arguments, 0);
    var replacement = text(arguments, 1);
    long most = arguments.count() > 2 ? Numbers.index(arguments.at(2)) : -1;
    most = most < 0 ? Long.MAX_VALUE : most;
    var out = new StringBuilder();
    int from = 0;
    long done = 0;
    if (old.isEmpty()) {
      for (; from < text.length() && done < most; done++) {
        int next = from + Character.charCount(text.codePointAt(from));
        run.meter.charge(2L * (replacement.length() + next - from));
        out.append(replacement).append(text, from, next);
        from = next;
      }
      if (done < most) {
        run.meter.chargeText(replacement.length());
        out.append(replacement);
      }
    } else {
      for (int at = Search.first(run, text, old, 0);
          at >= 0 && done < most;
          at = Search.first(run, text, old, from)) {
        run.meter.charge(2L * (replacement.length() + at - from));
        out.append(text, from, at).append(replacement);
        from = at + old.length();
        done++;
      }
    }
    if (done == 0) {
      return text;
    }
    run.meter.chargeText((long) out.length() + text.length() - from);
    return out.append(text, from, text.length()).toString();
  }

  /// The part of a text between two indexes, of which either may be missing.
  private record Part(String text, int start, boolean within) {
    static Part of(Run run, String text, Arguments arguments) {
      if (arguments.count() < 2) {
        return new Part(text, 0, true);
      }
      int length = Texts.length(run, text);
      long start = index(arguments.at(1), 0, length);
      long stop = arguments.count() > 2 ? index(arguments.at(2), length, length) : length;
      if (start > length || start > stop) {
        return new Part("", 0, false);
      }
      int first = Texts.offset(run, text, (int) start);
      int last = Texts.offset(run, text, (int) Math.min(stop, length));
      return new Part(text.substring(first, last), (int) start, true);
    }

    private static long index(Object value, long fallback, int length) {
      if (value == None.NONE) {
        return fallback;
      }
      long index = Numbers.index(value);
      return index < 0 ? Math.max(0, index + length) : index;
    }
  }

  private static boolean affix(Run run, String text, Arguments arguments, boolean start) {
    var part = Part.of(run, text, arguments);
    var affixes =
        arguments.at(0) instanceof TupleValue tuple ? tuple.items() : List.of(arguments.at(0));
    for (var each : affixes) {
      run.meter.step();
      if (!(each instanceof String affix)) {
        throw GuestError.type(
            (start ? "startswith" : "endswith")
                + " first arg must be str or a tuple of str, not "
                + Types.nameOf(each));
      }
      if (part.within && (start ? part.text.startsWith(affix) : part.text.endsWith(affix))) {
        return true;
      }
    }
    return false;
  }

  private static Object find(Run run, String text, String name, Arguments arguments) {
    var part = Part.of(run, text, arguments);
    var wanted = text(arguments, 0);
    int offset = -1;
    if (part.within) {
      if (name.startsWith("r")) {
        offset = Search.last(run, part.text, wanted, part.text.length());
      } else {
        offset = Search.first(run, part.text, wanted, 0);
      }
    }
    if (offset < 0) {
      if (name.endsWith("index")) {
        throw GuestError.value("substring not found");
      }
      return -1L;
    }
    return (long) part.start + Texts.index(run, part.text, offset);
  }

  private static Object count(Run run, String text, Arguments arguments) {
    var part = Part.of(run, text, arguments);
    var wanted = text(arguments, 0);
    if (!part.within) {
      return 0L;
    }
    if (wanted.isEmpty()) {
      return Texts.length(run, part.text) + 1L;
    }
    long count = 0;
    for (int at = Search.first(run, part.text, wanted, 0);
        at >= 0;
        at = Search.first(run, part.text, wanted, at + wanted.length())) {
      count++;
    }
    return count;
  }

  private static String title(Arguments arguments, String text) {
    assert arguments.count() == 0 : "checked before";
    var out = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      out.appendCodePoint(inWord ? Character.toLowerCase(point) : Character.toTitleCase(point));
      inWord = isCased(point);
    }
    return out.toString();
  }

  private static boolean isCased(int point) {
    return Character.isUpperCase(point)
        || Character.isLowerCase(point)
        || Character.isTitleCase(point);
  }

  private static String capitalize(Arguments arguments, String text) {
    assert arguments.count() == 0 : "checked before";
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    return Character.toString(Character.toTitleCase(first))
        + text.substring(Character.charCount(first)).toLowerCase(Locale.ROOT);
  }

  private static String swapCase(Arguments arguments, String text) {
    assert arguments.count() == 0 : "checked before";
    var out = new StringBuilder(text.length());
    text.codePoints()
        .map(point ->
            Character.isUpperCase(point)
                ? Character.toLowerCase(point)
                : Character.toUpperCase(point))
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  private static String pad(Run run, String text, Arguments arguments, char alignment) {
    var fill = arguments.count() > 1 ? text(arguments, 1) : " ";
    if (fill.codePointCount(0, fill.length()) != 1) {
      throw GuestError.type("The fill character must be exactly one character long");
    }
    int width = Numbers.count(arguments.at(0));
    int missing = width - Texts.length(run, text);
    if (missing <= 0) {
      return text;
    }
    run.meter.chargeText((long) missing * fill.length());
    int left =
        switch (alignment) {
          case '<' -> 0;
          case '>' -> missing;
          default -> missing / 2 + (missing & width & 1);
        };
    return fill.repeat(left) + text + fill.repeat(missing - left);
  }

  private static String zeroFill(Run run, String text, Arguments arguments) {
    int missing = Numbers.count(arguments.at(0)) - Texts.length(run, text);
    if (missing <= 0) {
      return text;
    }
    run.meter.chargeText(missing);
    int sign = text.startsWith("+") || text.startsWith("-") ? 1 : 0;
    return text.substring(0, sign) + "0".repeat(missing) + text.substring(sign);
  }

  private static String expandTabs(Run run, String text, Arguments arguments) {
    int size = Numbers.count(arguments.get(0, "tabsize", 8L));
    var out = new StringBuilder();
    int column = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        int blanks = size <= 0 ? 0 : size - column % size;
        run.meter.chargeText(blanks);
        out.repeat(' ', blanks);
        column += blanks;
      } else {
        out.append(c);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    return out.toString();
  }

  static Object translation(Run run, Arguments arguments) {
    arguments.exactly(1, 3);
    var table = new DictValue();
    if (arguments.count() == 1) {
      if (!(arguments.at(0) instanceof DictValue dict)) {
        throw GuestError.type("if you give only one argument to maketrans it must be a dict");
      }
      for (int i = dict.table.entry(run, 0); i >= 0; i = dict.table.entry(run, i + 1)) {
        var key = dict.table.key(i);
        var point =
            key instanceof String text && !text.isEmpty()
                ? (Object) (long) text.codePointAt(0)
                : key;
        table.table.put(run, point, dict.table.value(i));
      }
      return table;
    }
    var from = text(arguments, 0).codePoints().toArray();
    var to = text(arguments, 1).codePoints().toArray();
    if (from.length != to.length) {
      throw GuestError.value("the first two maketrans arguments must have equal length");
    }
    for (int i = 0; i < from.length; i++) {
      table.table.put(run, (long) from[i], (long) to[i]);
    }
    if (arguments.count() > 2) {
      text(arguments, 2)
          .codePoints()
          .forEach(point -> table.table.put(run, (long) point, None.NONE));
    }
    return table;
  }

  private static String translate(Run run, String text, Object mapping) {
    if (!(mapping instanceof DictValue dict)) {
      throw GuestError.type("translate() needs a dict, as str.maketrans makes one");
    }
    var out = new StringBuilder();
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      var found = dict.table.get(run, (long) point);
      switch (found) {
        case null -> out.appendCodePoint(point);
        case None _ -> {}
        case String replacement -> {
          run.meter.chargeText(replacement.length());
          out.append(replacement);
        }
        default -> out.append(Conversions.character(found));
      }
    }
    run.meter.chargeText(out.length());
    return out.toString();
  }

  private static boolean is(String text, String name, Arguments arguments) {
    assert arguments.count() == 0 : "checked before";
    return switch (name) {
      case "isdigit" -> all(text, point -> Character.isDigit(point) || isSuperscript(point));
      case "isdecimal" -> all(text, Character::isDigit);
      case "isnumeric" -> all(text, TextMethods::isNumeric);
      case "isalpha" -> all(text, Character::isLetter);
      case "isalnum" -> all(text, point -> Character.isLetter(point) || isNumeric(point));
      case "isspace" -> all(text, Texts::isSpace);
      case "isascii" -> text.chars().allMatch(c -> c < 128);
      case "isprintable" -> text.codePoints().allMatch(Representation::isPrintable);
      case "isupper" -> cased(text, true);
      case "islower" -> cased(text, false);
      case "istitle" -> isTitle(text);
      case "isidentifier" ->
          !text.isEmpty()
              && (Character.isUnicodeIdentifierStart(text.codePointAt(0)) || text.charAt(0) == '_')
              && text.codePoints().allMatch(Character::isUnicodeIdentifierPart);
      default -> throw GuestError.attribute(text, name);
    };
  }

  private static boolean isSuperscript(int point) {
    return point == 0xb2 || point == 0xb3 || point == 0xb9 || (point >= 0x2070 && point <= 0x2079);
  }

  private static boolean isNumeric(int point) {
    int type = Character.getType(point);
    return type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  private static boolean all(String text, IntPredicate predicate) {
    return !text.isEmpty() && text.codePoints().allMatch(predicate);
  }

  private static boolean cased(String text, boolean upper) {
    return text.codePoints().anyMatch(TextMethods::isCased)
        && text.codePoints()
            .noneMatch(
                point -> upper ? Character.isLowerCase(point) : Character.isUpperCase(point));
  }

  private static boolean isTitle(String text) {
    boolean inWord = false;
    boolean any = false;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (Character.isUpperCase(point) && inWord) {
        return false;
      }
      if (Character.isLowerCase(point) && !inWord) {
        return false;
      }
      inWord = isCased(point);
      any |= inWord;
    }
    return any;
  }
}
