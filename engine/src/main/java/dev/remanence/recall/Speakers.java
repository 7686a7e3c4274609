package dev.remanence.recall;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The names of those who speak, in texts and in questions.
public final class Speakers {
  /// What programs call the sides of a conversation.
  private static final Set<String> ROLES =
      Set.of(
          "user",
          "assistant",
          "system",
          "tool",
          "function",
          "developer",
          "human",
          "ai",
          "bot",
          "model",
          "agent",
          "unknown",
          "anonymous",
          "me",
          "you");

  /// A shorter first name is too likely another word.
  private static final int FIRST_NAME_CHARS_MIN = 3;

  private Speakers() {}

  /// Whether a speaker has a name and not a role only.
  public static boolean isName(@Nullable String speaker) {
    return speaker != null
        && speaker.codePoints().anyMatch(Character::isLetter)
        && !ROLES.contains(speaker.strip().toLowerCase(Locale.ROOT));
  }

  /// Whether a speaker is the user of an assistant.
  static boolean isUser(@Nullable String speaker) {
    return speaker != null
        && (speaker.equalsIgnoreCase("user") || speaker.equalsIgnoreCase("human"));
  }

  /// A turn as it is indexed and embedded: behind its speaker's name, if that is one.
  public static String spoken(@Nullable String speaker, String text) {
    return speaker != null && isName(speaker) ? speaker.strip() + ": " + text : text;
  }

  /// Those speakers whom a text names: all words of the name stand in it, or the first one does and
  /// no other speaker shares it. Where words are not parted by spaces the name may stand inside.
  public static Set<String> named(String text, Set<String> speakers) {
    var named = new LinkedHashSet<String>();
    var words = Question.distinctWords(text);
    var firstNames = new HashMap<String, Integer>();
    for (var speaker : speakers) {
      if (isName(speaker)) {
        firstNames.merge(firstName(speaker), 1, Integer::sum);
      }
    }
    for (var speaker : speakers) {
      if (isName(speaker)) {
        var first = firstName(speaker);
        boolean byFirst =
            first.length() >= FIRST_NAME_CHARS_MIN
                && firstNames.getOrDefault(first, 0) == 1
                && words.contains(first);
        if (byFirst
            || words.containsAll(Question.words(speaker))
            || (isUnspaced(speaker) && text.contains(speaker.strip()))) {
          named.add(speaker);
        }
      }
    }
    return named;
  }

  private static String firstName(String speaker) {
    var words = Question.words(speaker);
    return words.isEmpty() ? "" : words.getFirst();
  }

  private static boolean isUnspaced(String name) {
    return name.codePoints()
        .anyMatch(c ->
            Character.isIdeographic(c)
                || switch (Character.UnicodeScript.of(c)) {
                  case HIRAGANA, KATAKANA, HANGUL, THAI, LAO, KHMER, MYANMAR -> true;
                  default -> false;
                });
  }
}
