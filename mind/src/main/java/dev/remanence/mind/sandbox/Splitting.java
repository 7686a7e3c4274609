package dev.remanence.mind.sandbox;

import dev.remanence.mind.sandbox.Value.ListValue;
import dev.remanence.mind.sandbox.Value.None;
import dev.remanence.mind.sandbox.Value.TupleValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The methods of strings that cut: `split`, `rsplit`, `splitlines`, `partition`, `rpartition`.
final class Splitting {
  private Splitting() {}

  private static long most(Arguments arguments) {
    long most = Numbers.index(arguments.get(1, "maxsplit", -1L));
    return most < 0 ? Long.MAX_VALUE : most;
  }

  private static String separator(Object value) {
    var separator = TextMethods.text(value);
    if (separator.isEmpty()) {
      throw GuestError.value("empty separator");
    }
    return separator;
  }

  private static void add(Run run, List<Object> parts, String part) {
    run.meter.charge(80 + part.length());
    parts.add(part);
  }

  static Object split(Run run, String text, Arguments arguments) {
    long most = most(arguments);
    var given = arguments.get(0, "sep", None.NONE);
    var parts = new ArrayList<Object>();
    if (given == None.NONE) {
      words(run, text, most, parts);
      return new ListValue(parts);
    }
    var separator = separator(given);
    int from = 0;
    for (int at = Search.first(run, text, separator, 0);
        at >= 0 && parts.size() < most;
        at = Search.first(run, text, separator, from)) {
      add(run, parts, text.substring(from, at));
      from = at + separator.length();
    }
    add(run, parts, text.substring(from));
    return new ListValue(parts);
  }

  private static void words(Run run, String text, long most, List<Object> parts) {
    int i = 0;
    while (true) {
      while (i < text.length() && Texts.isSpace(text.charAt(i))) {
        i++;
      }
      if (i == text.length()) {
        return;
      }
      if (parts.size() >= most) {
        add(run, parts, text.substring(i));
        return;
      }
      int start = i;
      while (i < text.length() && !Texts.isSpace(text.charAt(i))) {
        i++;
      }
      add(run, parts, text.substring(start, i));
    }
  }

  static Object splitFromRight(Run run, String text, Arguments arguments) {
    long most = most(arguments);
    var given = arguments.get(0, "sep", None.NONE);
    var parts = new ArrayList<Object>();
    if (given == None.NONE) {
      wordsFromRight(run, text, most, parts);
    } else {
      var separator = separator(given);
      int end = text.length();
      while (parts.size() < most) {
        int at = Search.last(run, text, separator, end);
        if (at < 0) {
          break;
        }
        add(run, parts, text.substring(at + separator.length(), end));
        end = at;
      }
      add(run, parts, text.substring(0, end));
    }
    Collections.reverse(parts);
    return new ListValue(parts);
  }

  private static void wordsFromRight(Run run, String text, long most, List<Object> parts) {
    int i = text.length();
    while (true) {
      while (i > 0 && Texts.isSpace(text.charAt(i - 1))) {
        i--;
      }
      if (i == 0) {
        return;
      }
      if (parts.size() >= most) {
        add(run, parts, text.substring(0, i));
        return;
      }
      int end = i;
      while (i > 0 && !Texts.isSpace(text.charAt(i - 1))) {
        i--;
      }
      add(run, parts, text.substring(i, end));
    }
  }

  static Object lines(Run run, String text, Arguments arguments) {
    boolean keepEnds = Types.isTrue(arguments.get(0, "keepends", false));
    var parts = new ArrayList<Object>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isLineEnd(c)) {
        int next = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? i + 2 : i + 1;
        add(run, parts, text.substring(start, keepEnds ? next : i));
        start = next;
        i = next - 1;
      }
    }
    if (start < text.length()) {
      add(run, parts, text.substring(start));
    }
    return new ListValue(parts);
  }

  private static boolean isLineEnd(char c) {
    return (c >= '\n' && c <= '\r')
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  static Object partition(Run run, String text, String given, boolean fromRight) {
    var separator = separator(given);
    int at =
        fromRight
            ? Search.last(run, text, separator, text.length())
            : Search.first(run, text, separator, 0);
    if (at < 0) {
      return fromRight ? TupleValue.of("", "", text) : TupleValue.of(text, "", "");
    }
    return TupleValue.of(text.substring(0, at), separator, text.substring(at + separator.length()));
  }
}
