package dev.remanence.mind.extract;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The words that make a value, from a position on: up to a mark, a word that begins another
/// clause, a time, or an aside at the end. What is longer than a value would be is none.
///
/// @param from the first position of the value, behind an article
/// @param to behind its last
/// @param time told right behind the value, or null
/// @param end behind the time, or behind the value
record Phrase(Sentence sentence, int from, int to, When.@Nullable Time time, int end) {
  private static final int TOKENS_MAX = 8;
  private static final List<Pattern> ASIDES =
      List.of(
          Pattern.of("these days"),
          Pattern.of("any more|longer"),
          Pattern.of("at the moment"),
          Pattern.of("at this point"),
          Pattern.of("right now"),
          Pattern.of("for now"),
          Pattern.of("as well"),
          Pattern.of("to be honest"),
          Pattern.of("all my life"),
          Pattern.of("a lot"),
          Pattern.of("so far"),
          Pattern.of("so much"),
          Pattern.of("very much"));

  /// What ends with one of these was cut in the middle: `moving to that town`.
  private static final Set<String> DANGLING =
      Words.set(
          "to of for with in at on from about by into the a an my our than over under up as like");

  private static final Set<String> DROPPED = Words.set("a an my our some any");

  /// How a phrase is read: what ends it beside what always does.
  ///
  /// @param stops words that end it
  /// @param joins whether `and` and `or` belong to it
  record Style(Set<String> stops, boolean joins, When.Side side) {
    static final Style THING = new Style(Set.of(), false, When.Side.BEFORE);
    static final Style COMING = new Style(Set.of(), false, When.Side.AFTER);
    static final Style NAMED =
        new Style(
            Words.set("for with in at on to from about by as and or of into after before via"),
            false,
            When.Side.BEFORE);

    Style stopping(String words) {
      return new Style(Words.set(words), joins, side);
    }

    Style coming() {
      return new Style(stops, joins, When.Side.AFTER);
    }
  }

  static @Nullable Phrase at(Sentence sentence, int at, LocalDate today, Style style) {
    int from = at;
    while (DROPPED.contains(sentence.word(from))) {
      from++;
    }
    int to = from;
    When.Time time = null;
    while (to < from + TOKENS_MAX + 1 && time == null) {
      var word = sentence.word(to);
      if (!sentence.token(to).isWord()
          || Words.STOPS.contains(word)
          || style.stops.contains(word)
          || (isLink(word) && !joins(sentence, to, style))
          || trails(sentence, to)) {
        break;
      }
      time = When.at(sentence, to, today, style.side);
      if (time == null) {
        to++;
      }
    }
    boolean broken =
        to == from
            || to - from > TOKENS_MAX
            || isLink(sentence.word(to - 1))
            || DANGLING.contains(sentence.word(to - 1))
            || sentence.is(to, "that", "which", "who", "whose", "'s");
    if (broken) {
      return null;
    }
    int behind = to;
    while (time == null && aside(sentence, behind) > behind) {
      behind = aside(sentence, behind);
      time = When.at(sentence, behind, today, style.side);
    }
    if (time == null) {
      time = When.at(sentence, to, today, style.side);
    }
    return new Phrase(sentence, from, to, time, time == null ? to : time.end());
  }

  private static boolean isLink(String word) {
    return word.equals("and") || word.equals("or");
  }

  private static boolean joins(Sentence sentence, int at, Style style) {
    return style.joins
        && !Words.PRONOUNS.contains(sentence.word(at + 1))
        && !sentence.is(at + 1, "my", "our");
  }

  /// Whether nothing but asides follow up to a mark or the end.
  private static boolean trails(Sentence sentence, int at) {
    int end = at;
    while (true) {
      int behind = aside(sentence, end);
      if (behind == end) {
        break;
      }
      end = behind;
    }
    return end > at
        && (!sentence.token(end).isWord()
            || Words.STOPS.contains(sentence.word(end))
            || isLink(sentence.word(end)));
  }

  private static int aside(Sentence sentence, int at) {
    for (var aside : ASIDES) {
      int end = aside.end(sentence, at);
      if (end > 0) {
        return end;
      }
    }
    return Words.TRAILERS.contains(sentence.word(at)) ? at + 1 : at;
  }

  /// The phrases of a list: `French, English and Wolof`. A list of one is a phrase.
  static List<Phrase> list(Sentence sentence, int at, LocalDate today, Style style) {
    var list = new ArrayList<Phrase>();
    var next = at(sentence, at, today, style);
    while (next != null && list.size() < 10) {
      list.add(next);
      int link = next.to;
      boolean comma = sentence.is(link, ",");
      if (comma && !goesOn(sentence, link + 1)) {
        break;
      }
      link += comma ? 1 : 0;
      boolean and = sentence.is(link, "and", "or", "&");
      if ((!comma && !and) || next.time != null) {
        break;
      }
      link += and ? 1 : 0;
      next = startsClause(sentence, link) ? null : at(sentence, link, today, style);
    }
    return list;
  }

  /// Whether a comma is inside a list: up to its `and` there are only short items.
  private static boolean goesOn(Sentence sentence, int at) {
    if (sentence.is(at, "and", "or")) {
      return !startsClause(sentence, at + 1);
    }
    int items = at;
    while (items < at + 12 && items < sentence.size()) {
      var word = sentence.word(items);
      if (word.equals("and") || word.equals("or")) {
        return items > at && items <= at + 8 && !startsClause(sentence, items + 1);
      }
      boolean inside = sentence.token(items).isWord() || word.equals(",");
      if (!inside || startsClause(sentence, items) || Words.STOPS.contains(word)) {
        return false;
      }
      items++;
    }
    return false;
  }

  private static boolean startsClause(Sentence sentence, int at) {
    var word = sentence.word(at);
    return Words.PRONOUNS.contains(word)
        || Words.OPENERS.contains(word)
        || Words.STOPS.contains(word)
        || sentence.is(at, "my", "our", "then", "not");
  }

  String text() {
    return sentence.text(from, to);
  }

  String lower() {
    return Words.lower(text());
  }

  String last() {
    return sentence.word(to - 1);
  }

  String first() {
    return sentence.word(from);
  }

  boolean has(String word) {
    for (int at = from; at < to; at++) {
      if (sentence.is(at, word)) {
        return true;
      }
    }
    return false;
  }

  int size() {
    return to - from;
  }

  boolean isCapital() {
    return sentence.token(from).isCapital();
  }

  /// Whether it points at something that only the conversation knows: `it`, `the second one`, `your
  /// idea`.
  boolean points() {
    for (int at = from; at < to; at++) {
      if (Words.PRONOUNS.contains(sentence.word(at))) {
        return true;
      }
    }
    return sentence.is(
            from, "to", "not", "way", "ton", "lot", "bit", "thing", "things", "stuff", "another",
            "each", "every", "other", "same", "idea")
        || (sentence.is(from, "the") && sentence.is(from + 1, "way", "idea", "fact", "same"));
  }

  /// The same up to an earlier position.
  Phrase upTo(int newTo) {
    return new Phrase(sentence, from, newTo, null, newTo);
  }
}
