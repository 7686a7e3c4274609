package dev.remanence.mind.conflict;

import static java.util.Objects.requireNonNullElse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes sentences of a text, each a list of [Term]s: contractions in full, numbers in digits,
/// dates as one term however they are written. Time and memory are linear in the text.
final class Wording {
  /// What is read of a text: two statements of so many sentences are compared each with each.
  static final int SENTENCES_MAX = 8;

  private static final int CHARS_MAX = 4000;

  /// A sentence, and whether it asks.
  record Said(List<Term> terms, boolean asks, String text) {}

  private final List<Term> terms = new ArrayList<>();

  private Wording() {}

  static List<Said> of(String text) {
    var said = new ArrayList<Said>();
    var read = text.length() > CHARS_MAX ? text.substring(0, CHARS_MAX) : text;
    int start = 0;
    for (int at = 0; at <= read.length() && said.size() < SENTENCES_MAX; at++) {
      if (at == read.length() || isEnd(read, at)) {
        var sentence = read.substring(start, Math.min(read.length(), at + 1));
        var terms = terms(sentence);
        if (!terms.isEmpty()) {
          said.add(new Said(terms, sentence.indexOf('?') >= 0, sentence.strip()));
        }
        start = at + 1;
      }
    }
    return said;
  }

  /// A mark that ends a sentence: not the dot of a number, an address or a version.
  private static boolean isEnd(String text, int at) {
    char c = text.charAt(at);
    if (c == '\n' || c == ';') {
      return true;
    }
    boolean mark = c == '.' || c == '!' || c == '?';
    return mark && (at + 1 == text.length() || Character.isWhitespace(text.charAt(at + 1)));
  }

  static List<Term> terms(String sentence) {
    var wording = new Wording();
    int at = 0;
    while (at < sentence.length()) {
      if (!isPart(sentence, at)) {
        at++;
        continue;
      }
      int start = at;
      while (at < sentence.length() && isPart(sentence, at)) {
        at++;
      }
      wording.take(sentence.substring(start, at).replace('’', '\''));
    }
    return Dates.joined(wording.terms);
  }

  /// A letter or digit, or a mark between two of them as in `don't`, `8:15`, `a@b.c`, `40,000`.
  private static boolean isPart(String text, int at) {
    if (Character.isLetterOrDigit(text.charAt(at)) || Character.isSurrogate(text.charAt(at))) {
      return true;
    }
    return "'’.,:@_-/+".indexOf(text.charAt(at)) >= 0
        && at > 0
        && at + 1 < text.length()
        && Character.isLetterOrDigit(text.charAt(at - 1))
        && Character.isLetterOrDigit(text.charAt(at + 1));
  }

  private void take(String written) {
    var lower = written.toLowerCase(Locale.ROOT);
    boolean capital = Character.isUpperCase(written.charAt(0));
    if (lower.endsWith("n't")) {
      var stem = lower.substring(0, lower.length() - 3);
      word(stem.equals("ca") ? "can" : stem.equals("wo") ? "will" : stem, false);
      word("not", false);
    } else if (lower.equals("cannot")) {
      word("can", false);
      word("not", false);
    } else if (lower.endsWith("'m") || lower.endsWith("'re")) {
      word(lower.substring(0, lower.indexOf('\'')), false);
      word("is", false);
    } else if (lower.equals("it's") || lower.equals("that's") || lower.equals("there's")) {
      word(lower.substring(0, lower.indexOf('\'')), false);
      word("is", false);
    } else {
      word(lower, capital);
    }
  }

  private void word(String lower, boolean capital) {
    var number = number(lower);
    if (number != null) {
      terms.add(Term.number(number));
    } else {
      terms.add(Term.word(Lexicon.stem(lower), capital));
    }
  }

  private static @Nullable String number(String lower) {
    if (!Character.isDigit(lower.charAt(0))) {
      return Lexicon.NUMBERS.get(lower);
    }
    var plain = lower.matches("[0-9]{1,3}(,[0-9]{3})+") ? lower.replace(",", "") : lower;
    return requireNonNullElse(Lexicon.NUMBERS.get(plain), plain);
  }
}
