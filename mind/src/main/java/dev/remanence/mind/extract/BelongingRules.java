package dev.remanence.mind.extract;

import static dev.remanence.mind.extract.Attribute.HAS_PET;
import static dev.remanence.mind.extract.Attribute.NAME;
import static dev.remanence.mind.extract.Attribute.OWNS;
import static dev.remanence.mind.extract.Attribute.SIBLING;

import java.util.List;
import java.util.Set;

/// What somebody has: pets, brothers and sisters, and things worth telling.
final class BelongingRules {
  private static final Pattern CALLED = Pattern.of("called|named");
  private static final Set<String> ONE = Words.set("a an one another my our");

  /// Between `a` and the noun, these begin something else: `a friend with a dog`.
  private static final Set<String> BETWEEN =
      Words.set("for with and or of to from about on in at like");

  /// Behind a pet these may follow; another word makes another thing of it: `a dog walker`.
  private static final Set<String> BEHIND = Words.set("and or who from with too named called but");

  static final List<Rule> RULES =
      List.of(
          Rule.of("~ have|has|'ve|got ~ got?", BelongingRules::has),
          Rule.of("~ adopted", BelongingRules::has),
          Rule.of("~ own|owns", BelongingRules::owns),
          Rule.of("~ bought a|an", BelongingRules::bought),
          Rule.of("HAVE ~ bought a|an", BelongingRules::bought),
          Rule.of("~ drive|drives a|an", BelongingRules::drives),
          Rule.of("~ sold our|my|the", BelongingRules::sold));

  private BelongingRules() {}

  /// `a brother`, `two cats`, `eleven horses and a dog named Rex`.
  private static boolean has(Clause clause, int at) {
    boolean told = false;
    int next = at;
    while (next > 0) {
      next = one(clause, next);
      told |= next > 0;
      boolean more = next > 0 && clause.sentence.is(next, "and", ",");
      next = more ? next + (clause.sentence.is(next + 1, "and") ? 2 : 1) : -1;
    }
    return told;
  }

  /// Tells one of a list; the position behind it, or -1 where it is nothing to tell.
  private static int one(Clause clause, int at) {
    var sentence = clause.sentence;
    boolean one = ONE.contains(sentence.word(at));
    int noun = one || Words.number(sentence.word(at)) > 1 ? noun(sentence, at + 1) : -1;
    if (noun < 0 || goesOn(clause, noun + 1)) {
      return -1;
    }
    int named = CALLED.end(sentence, noun + 1);
    int end = named < 0 ? noun + 1 : Subject.nameEnd(sentence, named);
    var name = named < 0 || end == named ? null : sentence.text(named, end);
    var kind = sentence.text(one ? noun : at, noun + 1);
    var role = Roles.of(sentence.word(noun));
    if (role != null) {
      boolean telling = name != null || role.equals(SIBLING);
      if (telling) {
        clause.fact(role, name == null ? kind : name).upTo(end).tell(0.9);
      }
      return telling ? end : -1;
    }
    var time = clause.time(end, When.Side.BEFORE);
    clause.fact(HAS_PET, kind).time(time).upTo(time == null ? end : time.end()).tell(0.9);
    if (name != null && one) {
      clause
          .fact(clause.subject.entity() + "'s " + Words.lower(kind), NAME, name)
          .upTo(end)
          .tell(0.9);
    }
    return end;
  }

  /// The position of the person or pet that is had, or -1.
  private static int noun(Sentence sentence, int from) {
    for (int at = from; at < from + 4; at++) {
      var word = sentence.word(at);
      if (Roles.of(word) != null || Lexicon.PETS.contains(word)) {
        return at;
      }
      if (!sentence.token(at).isWord() || Words.STOPS.contains(word) || BETWEEN.contains(word)) {
        return -1;
      }
    }
    return -1;
  }

  private static boolean goesOn(Clause clause, int at) {
    var word = clause.sentence.word(at);
    return clause.sentence.token(at).isWord()
        && !Words.TRAILERS.contains(word)
        && !Words.STOPS.contains(word)
        && !BEHIND.contains(word)
        && clause.time(at, When.Side.BEFORE) == null;
  }

  /// `my dog Bruno`: that there is one, and its name.
  static void pet(Clause clause, String kind, String name, int end) {
    clause.fact(clause.first(), HAS_PET, kind).upTo(end).tell(0.9);
    clause.fact(clause.first() + "'s " + Words.lower(kind), NAME, name).upTo(end).tell(0.9);
  }

  private static boolean owns(Clause clause, int at) {
    var thing = clause.phrase(at, Phrase.Style.NAMED);
    boolean counted =
        clause.sentence.is(at, "a", "an") || Words.number(clause.sentence.word(at)) > 0;
    return thing != null
        && counted
        && !thing.points()
        && thing.size() <= 5
        && clause.tell(OWNS, thing, 0.9);
  }

  private static boolean bought(Clause clause, int at) {
    var thing = clause.phrase(at, Phrase.Style.NAMED);
    return thing != null
        && Lexicon.THINGS_OWNED.contains(thing.last())
        && clause.tell(OWNS, thing, 0.85);
  }

  private static boolean drives(Clause clause, int at) {
    var thing = clause.phrase(at, Phrase.Style.NAMED);
    boolean car = false;
    for (int each = at; thing != null && each < thing.to(); each++) {
      car |= Lexicon.THINGS_OWNED.contains(clause.sentence.word(each));
    }
    return thing != null && car && clause.tell(OWNS, thing, 0.8);
  }

  private static boolean sold(Clause clause, int at) {
    var thing = clause.phrase(at, Phrase.Style.NAMED);
    return thing != null
        && Lexicon.THINGS_OWNED.contains(thing.last())
        && clause.tellEnded(OWNS, thing, 0.8);
  }
}
