package dev.remanence.mind.extract;

import static dev.remanence.mind.extract.Attribute.FRIEND;
import static dev.remanence.mind.extract.Attribute.PARTNER;
import static dev.remanence.mind.extract.Attribute.RELATIONSHIP;

import java.util.List;
import java.util.Set;

/// Who belongs to somebody: family, friends, colleagues.
final class PeopleRules {
  private static final Set<String> STATES =
      Words.set("married single divorced engaged widowed separated");
  private static final Pattern IS_CALLED = Pattern.of("is|'s|are called|named");
  private static final Pattern NAME_IS = Pattern.of("'s name is|'s");
  private static final Pattern NAMES_ARE = Pattern.of("are called|named?");

  static final List<Rule> RULES =
      List.of(
          Rule.of("BE ~ married|engaged to", PeopleRules::marriedTo),
          Rule.of("~ got|get married|engaged to", PeopleRules::marriedTo),
          Rule.of("BE ~", PeopleRules::state),
          Rule.of("~ got", PeopleRules::state),
          Rule.of("HAVE ~ been", PeopleRules::state),
          Rule.of("BE my|our", PeopleRules::isMine),
          Rule.of("BE a ~ good|close|old|dear? friend of mine", PeopleRules::isFriend),
          Rule.whole("my|our", PeopleRules::mine));

  private PeopleRules() {}

  /// `my wife Julia`, wherever it stands in a claim.
  static void apposed(Clause clause) {
    var sentence = clause.sentence;
    int noun = clause.start + 1;
    while (noun < clause.start + 3 && Roles.ADJECTIVES.contains(sentence.word(noun))) {
      noun++;
    }
    int end = Subject.nameEnd(sentence, noun + 1);
    boolean named = sentence.is(end, "'s") && sentence.is(end + 1, "name");
    if (end == noun + 1 || named) {
      return;
    }
    var role = Roles.of(sentence.word(noun));
    var name = sentence.text(noun + 1, end);
    if (role != null && !Roles.PLURALS.contains(sentence.word(noun))) {
      clause.fact(clause.first(), role, name).upTo(end).tell(0.9);
    } else if (Lexicon.PETS.contains(sentence.word(noun))) {
      BelongingRules.pet(clause, sentence.text(noun, noun + 1), name, end);
    }
  }

  private static boolean marriedTo(Clause clause, int at) {
    int end = Subject.nameEnd(clause.sentence, at);
    return end > at && clause.fact(PARTNER, clause.sentence.text(at, end)).upTo(end).tell(0.9);
  }

  private static boolean state(Clause clause, int at) {
    var word = clause.sentence.word(at);
    int next = at + 1;
    var token = clause.sentence.token(next);
    var time = clause.time(next, When.Side.BEFORE);
    boolean closed =
        !token.isWord()
            || time != null
            || Words.TRAILERS.contains(token.word())
            || clause.sentence.is(next, "with", "and", "but", "so", "since");
    return STATES.contains(word)
        && closed
        && clause
            .fact(RELATIONSHIP, clause.sentence.text(at, at + 1))
            .time(time)
            .upTo(time == null ? next : time.end())
            .tell(0.85);
  }

  /// `Tom is my brother`.
  private static boolean isMine(Clause clause, int at) {
    int noun = Roles.ADJECTIVES.contains(clause.sentence.word(at)) ? at + 1 : at;
    var role = Roles.of(clause.sentence.word(noun));
    boolean closed = !clause.sentence.is(noun + 1, "'s");
    if (clause.subject.kind() != Subject.Kind.NAMED || !closed) {
      return false;
    }
    if (role != null) {
      return clause.fact(clause.first(), role, clause.subject.entity()).upTo(noun + 1).tell(0.9);
    }
    return WorkRules.job(clause, at) != null;
  }

  private static boolean isFriend(Clause clause, int at) {
    return clause.subject.kind() == Subject.Kind.NAMED
        && clause.fact(clause.first(), FRIEND, clause.subject.entity()).upTo(at).tell(0.9);
  }

  /// `my manager is Steven Park`: a single word may be what he is, `my manager is Greek`.
  private static int fullName(Sentence sentence, int at) {
    boolean full = sentence.is(at, "is") && Subject.nameEnd(sentence, at + 1) == at + 3;
    return full && !Lexicon.NATIONALITIES.contains(sentence.word(at + 1)) ? at + 1 : -1;
  }

  /// `my wife's name is Julia`, `my kids are called Finn and Maja`, `our dog is called Pepper`.
  private static boolean mine(Clause clause, int at) {
    int noun = at;
    while (noun < at + 2 && Roles.ADJECTIVES.contains(clause.sentence.word(noun))) {
      noun++;
    }
    var word = clause.sentence.word(noun);
    var role = Roles.of(word);
    boolean pet = Lexicon.PETS.contains(word);
    if (role == null && !pet) {
      return false;
    }
    int value = NAME_IS.end(clause.sentence, noun + 1);
    value = value < 0 ? IS_CALLED.end(clause.sentence, noun + 1) : value;
    value = value < 0 ? fullName(clause.sentence, noun + 1) : value;
    value =
        value < 0 && Roles.PLURALS.contains(word)
            ? NAMES_ARE.end(clause.sentence, noun + 1)
            : value;
    if (value < 0) {
      return false;
    }
    boolean told = false;
    while (true) {
      int end = Subject.nameEnd(clause.sentence, value);
      if (end == value) {
        return told;
      }
      var name = clause.sentence.text(value, end);
      if (role != null) {
        clause.fact(clause.first(), role, name).upTo(end).tell(0.95);
      } else {
        BelongingRules.pet(clause, clause.sentence.text(noun, noun + 1), name, end);
      }
      told = true;
      boolean more = clause.sentence.is(end, "and", ",") && Roles.PLURALS.contains(word);
      if (!more) {
        return told;
      }
      value = clause.sentence.is(end + 1, "and") ? end + 2 : end + 1;
    }
  }
}
