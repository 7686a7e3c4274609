package dev.remanence.mind.judge;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A short text for a long one: sentences of it, as they are, in their order. A sentence counts by
/// the words of it that the text repeats, and by numbers and names; the first sentence counts more.
/// Code is left out: `[code]` stands for it.
///
/// The same text gives the same summary. Work is linear in the text.
final class Summary {
  private static final Pattern CODE = Pattern.compile("```.*?(```|$)", Pattern.DOTALL);
  private static final int WORD_CHARS_MIN = 4;
  private static final int TEXT_CHARS_MAX = 100_000;
  private static final Pattern SPACES = Pattern.compile("\\s+");

  private Summary() {}

  /// @param charsMax never exceeded
  static String of(String text, int charsMax) {
    var read = text.substring(0, Math.min(text.length(), TEXT_CHARS_MAX));
    var sentences = sentences(CODE.matcher(read).replaceAll(" [code] "));
    var counts = new HashMap<String, Integer>();
    for (var sentence : sentences) {
      longWords(sentence).forEach(word -> counts.merge(word, 1, Integer::sum));
    }
    var weights =
        IntStream.range(0, sentences.length)
            .mapToDouble(at -> weight(sentences[at], at, counts))
            .toArray();
    var byWeight =
        IntStream.range(0, sentences.length)
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer at) -> -weights[at]).thenComparing(at -> at))
            .toList();
    var taken = new ArrayList<Integer>();
    int chars = 0;
    for (int at : byWeight) {
      int more = sentences[at].length() + (taken.isEmpty() ? 0 : 1);
      if (chars + more <= charsMax) {
        taken.add(at);
        chars += more;
      }
    }
    if (taken.isEmpty()) {
      return cut(SPACES.matcher(read).replaceAll(" ").strip(), charsMax);
    }
    taken.sort(null);
    return taken.stream().map(at -> sentences[at]).collect(Collectors.joining(" "));
  }

  /// The sentences and lines of a text that hold anything, with single spaces.
  static String[] sentences(String text) {
    var sentences = new ArrayList<String>();
    text.lines()
        .forEach(line -> {
          var breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
          breaks.setText(line);
          int start = 0;
          for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
            var sentence = SPACES.matcher(line.substring(start, end)).replaceAll(" ").strip();
            if (!sentence.isEmpty()) {
              sentences.add(sentence);
            }
            start = end;
          }
        });
    return sentences.toArray(String[]::new);
  }

  private static Set<String> longWords(String sentence) {
    return Wording.words(sentence).stream()
        .filter(word -> word.length() >= WORD_CHARS_MIN)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static double weight(String sentence, int at, Map<String, Integer> counts) {
    var words = longWords(sentence);
    double repeated =
        words.stream().mapToInt(word -> counts.getOrDefault(word, 0) - 1).sum()
            / Math.sqrt(words.size() + 1.0);
    boolean tells = Invention.marks(sentence).stream().findAny().isPresent();
    return repeated + (tells ? 1 : 0) + (at == 0 ? 2 : 0) - (sentence.endsWith("?") ? 1 : 0);
  }

  static String cut(String text, int charsMax) {
    if (text.length() <= charsMax) {
      return text;
    }
    boolean amidPair = Character.isHighSurrogate(text.charAt(charsMax - 2));
    return text.substring(0, charsMax - (amidPair ? 2 : 1)) + "\u2026";
  }
}
