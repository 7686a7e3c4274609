package dev.remanence.mind.extract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What holds of things: `the deadline of the Apollo project is May 3`, `the server runs on port
/// 5433`, `my shoe size is 42`. Only nouns that name an attribute, and only values that are exact:
/// numbers, names, dates, quotations, addresses.
final class ThingRules {
  private static final Attribute PORT = Attribute.named("port");
  private static final Pattern ON_PORT = Pattern.of("runs|listens|is running|listening? on port");

  static final List<Rule> RULES =
      List.of(
          Rule.whole("the|our", ThingRules::attributeOf),
          Rule.whole("the|our", ThingRules::port),
          Rule.whole("the|our", ThingRules::possessed),
          Rule.whole("my", ThingRules::own),
          Rule.of("runs|listens|is ~ running|listening? on port", ThingRules::portOf));

  private ThingRules() {}

  /// `the deadline of the Apollo project is May 3`.
  private static boolean attributeOf(Clause clause, int at) {
    int of = attributeEnd(clause.sentence, at);
    if (of < 0 || !clause.sentence.is(of, "of", "for")) {
      return false;
    }
    int thing = clause.sentence.is(of + 1, "the", "our") ? of + 2 : of + 1;
    int verb = thing;
    while (verb < thing + 5
        && clause.sentence.token(verb).isWord()
        && !clause.sentence.is(verb, "is")) {
      if (Lexicon.SECRETS.contains(clause.sentence.word(verb))
          || clause.sentence.is(verb, "my", "your")) {
        return false;
      }
      verb++;
    }
    return verb > thing
        && clause.sentence.is(verb, "is")
        && tell(clause, clause.sentence.text(thing, verb), clause.sentence.text(at, of), verb + 1);
  }

  /// `the API's base url is …`.
  private static boolean possessed(Clause clause, int at) {
    int mark = at;
    while (mark < at + 3
        && clause.sentence.token(mark).isWord()
        && !clause.sentence.is(mark, "'s")) {
      mark++;
    }
    if (mark == at || !clause.sentence.is(mark, "'s")) {
      return false;
    }
    int verb = attributeEnd(clause.sentence, mark + 1);
    return verb > 0
        && clause.sentence.is(verb, "is")
        && tell(
            clause, clause.sentence.text(at, mark), clause.sentence.text(mark + 1, verb), verb + 1);
  }

  private static int attributeEnd(Sentence sentence, int at) {
    if (Lexicon.ATTRIBUTE_PAIRS.contains(sentence.word(at) + "_" + sentence.word(at + 1))) {
      return at + 2;
    }
    return Lexicon.ATTRIBUTES.contains(sentence.word(at)) ? at + 1 : -1;
  }

  private static boolean tell(Clause clause, String thing, String attribute, int at) {
    var value = exact(clause, at);
    if (value == null) {
      return false;
    }
    var name = attribute.length() <= 4 ? attribute : Words.lower(attribute);
    return clause
        .fact(thing, Attribute.named(name.replace(' ', '_')), unquoted(value.text()))
        .upTo(value.to())
        .tell(0.85);
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() > 2 && "\"\u201c\u2018'`".indexOf(text.charAt(0)) >= 0;
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  /// An exact value: digits or a capital begin it, or it stands in quotation marks.
  private static @Nullable Phrase exact(Clause clause, int at) {
    var token = clause.sentence.token(at);
    if (token.kind() == Token.Kind.QUOTED || token.kind() == Token.Kind.ADDRESS) {
      return new Phrase(clause.sentence, at, at + 1, null, at + 1);
    }
    var date = clause.time(at, When.Side.AFTER);
    if (date != null && Words.MONTHS.contains(token.word())) {
      return new Phrase(clause.sentence, at, date.end(), null, date.end());
    }
    var value = clause.phrase(at, Phrase.Style.THING.stopping("for with at on about"));
    return value != null
            && !value.points()
            && (value.isCapital() || token.isNumber() || "$\u20ac\u00a3".contains(token.text()))
        ? value
        : null;
  }

  /// `the server runs on port 5433`.
  private static boolean port(Clause clause, int at) {
    int verb = at;
    while (verb < at + 4
        && clause.sentence.token(verb).isWord()
        && !clause.sentence.is(verb, "runs", "listens", "is")) {
      verb++;
    }
    int number = ON_PORT.end(clause.sentence, verb);
    return verb > at
        && number > 0
        && clause.sentence.token(number).isNumber()
        && clause
            .fact(clause.sentence.text(at, verb), PORT, clause.sentence.text(number, number + 1))
            .upTo(number + 1)
            .tell(0.9);
  }

  private static boolean portOf(Clause clause, int at) {
    return clause.sentence.token(at).isNumber()
        && clause.subject.kind() == Subject.Kind.NAMED
        && clause.fact(PORT, clause.sentence.text(at, at + 1)).upTo(at + 1).tell(0.9);
  }

  /// `my shoe size is 42`.
  private static boolean own(Clause clause, int at) {
    int verb = clause.sentence.is(at + 1, "is", "'s") ? at + 1 : at + 2;
    var name =
        verb == at + 1
            ? clause.sentence.word(at)
            : clause.sentence.word(at) + "_" + clause.sentence.word(at + 1);
    if (!clause.sentence.is(verb, "is", "'s") || !Lexicon.OWN_ATTRIBUTES.contains(name)) {
      return false;
    }
    var value = exact(clause, verb + 1);
    return value != null
        && clause.fact(Attribute.named(name), value.text()).upTo(value.to()).tell(0.9);
  }
}
