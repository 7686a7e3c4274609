package dev.remanence.mind.extract;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A conversation as text: a turn begins with each line that names its speaker, `Anna: …`, `[10:31]
/// Anna: …`, `- **Anna:** …`, `Anna (10:31): …`. What stands before the first is the user's. A line
/// that names nobody belongs to the turn before it.
record Conversation(List<Part> parts) {

  /// A turn and where its text begins in the conversation.
  record Part(Turn turn, int start) {}

  private static final int NAME_CHARS_MAX = 40;

  /// Words before a colon that are no speaker.
  private static final Set<String> LABELS =
      Words.set(
          """
          correction note ps fyi update edit warning error info http https re subject date from to \
          cc example examples output input result code question answer summary title q a and ok so \
          but plus also
          """);

  /// A speaker, and where their words begin.
  private record Head(String speaker, int end) {}

  static Conversation of(String text, Instant said) {
    var parts = new ArrayList<Part>();
    String speaker = null;
    int begin = 0;
    Turn before = null;
    boolean fenced = false;
    int line = 0;
    while (line < text.length()) {
      int end = text.indexOf('\n', line);
      end = end < 0 ? text.length() : end;
      var head = fenced ? null : head(text, line, end);
      fenced ^= text.startsWith("```", line);
      if (head != null) {
        before = add(parts, text, begin, line, speaker, said, before);
        speaker = head.speaker;
        begin = head.end;
      }
      line = end + 1;
    }
    add(parts, text, begin, text.length(), speaker, said, before);
    return new Conversation(List.copyOf(parts));
  }

  private static @Nullable Turn add(
      List<Part> parts,
      String text,
      int begin,
      int end,
      @Nullable String speaker,
      Instant said,
      @Nullable Turn before) {
    var words = text.substring(begin, end);
    if (words.isBlank()) {
      return before;
    }
    var turn = new Turn(words, speaker, said, ZoneOffset.UTC, before);
    parts.add(new Part(turn, begin));
    // Of a turn the one before it is read, not the whole way back.
    return turn.after(null);
  }

  private static @Nullable Head head(String text, int from, int to) {
    int at = skip(text, from, to, " \t-*#_\u2022");
    if (at < to && (text.charAt(at) == '[' || text.charAt(at) == '(')) {
      int close = close(text, at, to, text.charAt(at) == '[' ? ']' : ')');
      if (close < 0) {
        return null;
      }
      at = skip(text, close + 1, to, " \t-*");
    }
    int nameEnd = at;
    while (nameEnd < to
        && nameEnd - at <= NAME_CHARS_MAX
        && (Character.isLetterOrDigit(text.charAt(nameEnd))
            || " .'-_@".indexOf(text.charAt(nameEnd)) >= 0)) {
      nameEnd++;
    }
    int colon = nameEnd;
    if (colon < to && text.charAt(colon) == '(') {
      int close = close(text, colon, to, ')');
      colon = close < 0 ? to : close + 1;
    }
    colon = skip(text, colon, to, "*");
    if (colon >= to || text.charAt(colon) != ':' || nameEnd == at) {
      return null;
    }
    int words = skip(text, colon + 1, to, "*");
    boolean apart = words == to || text.charAt(words) == ' ' || text.charAt(words) == '\t';
    var name = text.substring(at, nameEnd).strip();
    return apart && isSpeaker(name) ? new Head(name, skip(text, words, to, " \t")) : null;
  }

  /// A bracket's end, which is near: looking for it further on would take quadratic time.
  private static int close(String text, int from, int to, char bracket) {
    int bound = Math.min(to, from + NAME_CHARS_MAX);
    for (int at = from; at < bound; at++) {
      if (text.charAt(at) == bracket) {
        return at;
      }
    }
    return -1;
  }

  private static int skip(String text, int from, int to, String marks) {
    int at = from;
    while (at < to && marks.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private static boolean isSpeaker(String name) {
    if (name.isEmpty() || name.length() > NAME_CHARS_MAX) {
      return false;
    }
    var lower = Words.lower(name);
    if (lower.equals("user") || lower.equals("human") || Words.MODELS.contains(lower)) {
      return true;
    }
    var words = name.split(" +", -1);
    if (words.length > 3 || LABELS.contains(lower)) {
      return false;
    }
    for (var word : words) {
      if (word.isEmpty() || !Character.isUpperCase(word.codePointAt(0))) {
        return false;
      }
    }
    return true;
  }
}
