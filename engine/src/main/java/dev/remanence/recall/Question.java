package dev.remanence.recall;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What the lexical leg and the priors need to know of a question in English.
///
/// @param lexical the question without question words, pronouns and stop words; the whole question
///   if nothing else is in it. Only for words: an embedder gets the question as it is
/// @param asked what kind of answer is expected
/// @param speakers those of the scope's speakers whom the question names
public record Question(String lexical, Asked asked, Set<String> speakers) {
  /// What kind of answer a question expects.
  public enum Asked {
    /// `when`, `what year`: the answer names a time.
    TIME,
    /// `how many`, `how old`: the answer holds a number.
    NUMBER,
    ANYTHING
  }

  /// Words that ask or point and say nothing of what is looked for. `may` is not here: it is a
  /// month as well.
  static final Set<String> SAYING_NOTHING =
      Set.of(
          ("what when where who whom whose which why how do does did done is are was were be been being"
                  + " am has have had having will would can could should shall might must i me my mine"
                  + " myself you your yours yourself he him his himself she her hers herself it its"
                  + " itself we us our ours ourselves they them their theirs themselves a an and as at"
                  + " but by for if in into no not of on or such that the then there these this those"
                  + " to with from than so too also don doesn didn isn aren wasn weren hasn haven hadn"
                  + " won wouldn couldn shouldn ll ve re s t d m please tell")
              .split(" "));

  private static final Set<String> ASKING =
      Set.of("what", "when", "where", "who", "whom", "whose", "which", "why", "how");
  private static final Set<String> OF_TIME =
      Set.of("date", "day", "week", "month", "year", "time", "season", "decade");
  private static final Set<String> OF_NUMBER =
      Set.of("many", "much", "old", "long", "often", "far", "tall", "big");

  /// A longer question is read to this many characters.
  private static final int CHARS_MAX = 20_000;

  public Question {
    speakers = Set.copyOf(speakers);
  }

  /// Reads a question.
  ///
  /// @param speakers who speaks in the scopes that are searched
  public static Question of(String text, Set<String> speakers) {
    var read = text.length() > CHARS_MAX ? text.substring(0, CHARS_MAX) : text;
    return new Question(lexical(text), asked(words(read)), Speakers.named(read, speakers));
  }

  /// Keeps what is in capitals among smaller letters: `IT`, `US`, `WHO` are names.
  static String lexical(String text) {
    boolean shouted = text.equals(text.toUpperCase(Locale.ROOT));
    var kept = new StringBuilder();
    for (int start = 0, end; start < text.length(); start = end) {
      boolean space = Character.isWhitespace(text.charAt(start));
      end = start + 1;
      while (end < text.length() && Character.isWhitespace(text.charAt(end)) == space) {
        end++;
      }
      if (!space && !saysNothing(text.substring(start, end), shouted)) {
        kept.append(kept.isEmpty() ? "" : " ").append(text, start, end);
      }
    }
    return kept.isEmpty() ? text : kept.toString();
  }

  private static boolean saysNothing(String piece, boolean shouted) {
    int from = 0;
    int to = piece.length();
    while (from < to && !Character.isLetterOrDigit(piece.charAt(from))) {
      from++;
    }
    while (to > from && !Character.isLetterOrDigit(piece.charAt(to - 1))) {
      to--;
    }
    if (to - from > 20) {
      return false;
    }
    var word = bare(piece.substring(from, to));
    if (!SAYING_NOTHING.contains(word.toLowerCase(Locale.ROOT))) {
      return from == to && isPunctuation(piece);
    }
    boolean name = !shouted && word.length() > 1 && word.equals(word.toUpperCase(Locale.ROOT));
    return !name;
  }

  private static boolean isPunctuation(String piece) {
    return piece.codePoints().allMatch(c -> c < 0x80 && !Character.isLetterOrDigit(c));
  }

  static Asked asked(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      var word = words.get(i);
      if (ASKING.contains(word)) {
        var next = i + 1 < words.size() ? words.get(i + 1) : "";
        if (word.equals("when")
            || ((word.equals("what") || word.equals("which")) && OF_TIME.contains(next))
            || (word.equals("how")
                && next.equals("long")
                && i + 2 < words.size()
                && words.get(i + 2).equals("ago"))) {
          return Asked.TIME;
        }
        return word.equals("how") && OF_NUMBER.contains(next) ? Asked.NUMBER : Asked.ANYTHING;
      }
    }
    return Asked.ANYTHING;
  }

  /// The words of a text in lower case, without what follows an apostrophe.
  static List<String> words(String text) {
    var words = new ArrayList<String>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean inner =
          i < text.length()
              && (Character.isLetterOrDigit(text.charAt(i))
                  || Character.isSurrogate(text.charAt(i))
                  || Character.getType(text.charAt(i)) == Character.NON_SPACING_MARK
                  || (start >= 0 && isApostrophe(text.charAt(i))));
      if (inner && start < 0) {
        start = i;
      } else if (!inner && start >= 0) {
        words.add(bare(text.substring(start, i)).toLowerCase(Locale.ROOT));
        start = -1;
      }
    }
    return words;
  }

  private static String bare(String word) {
    for (int i = 1; i < word.length(); i++) {
      if (isApostrophe(word.charAt(i))) {
        return word.substring(0, i);
      }
    }
    return word;
  }

  private static boolean isApostrophe(char c) {
    return c == '\'' || c == '\u2019';
  }

  /// The distinct words of a text.
  static Set<String> distinctWords(String text) {
    return new LinkedHashSet<>(words(text));
  }
}
