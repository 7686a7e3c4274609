package dev.remanence.mind.extract;

import static dev.remanence.mind.extract.Attribute.FROM;
import static dev.remanence.mind.extract.Attribute.LIVES_IN;

import java.util.List;

/// Where somebody lives, and where they come from.
final class HomeRules {
  private static final Pattern COMPANY = Pattern.of("with my|our|a");
  private static final Pattern IN = Pattern.of("in|on|near");

  static final List<Rule> RULES =
      List.of(
          Rule.of("~ live|lives|living ~", HomeRules::livesIn),
          Rule.of("~ reside|resides ~", HomeRules::livesIn),
          Rule.of("BE ~ living|residing|based ~", HomeRules::livesIn),
          Rule.of("HAVE ~ been ~ living ~", HomeRules::livesIn),
          Rule.of("HAVE ~ lived ~", HomeRules::livesIn),
          Rule.of("BE ~ based out of", HomeRules::place),
          Rule.of("BE ~ staying in", HomeRules::stays),
          Rule.of("~ moved|relocated here? to", HomeRules::place),
          Rule.omitted("~ moved|relocated to", HomeRules::place),
          Rule.of("HAVE ~ moved|relocated to", HomeRules::place),
          Rule.of("~ moved|relocated from", HomeRules::movedFrom),
          Rule.of("BE ~ from", HomeRules::from),
          Rule.of("~ come|comes from", HomeRules::from),
          Rule.of("~ grew up in", HomeRules::from),
          Rule.omitted("~ grew up in", HomeRules::from),
          Rule.omitted("born and raised in", HomeRules::from),
          Rule.omitted("from", HomeRules::from),
          Rule.whole("my hometown is|'s", HomeRules::from),
          Rule.of("no longer live|lives in", HomeRules::left),
          Rule.of("do|does n't|not live|lives in", HomeRules::leftAnymore),
          Rule.of("used to live in", HomeRules::left));

  private HomeRules() {}

  private static boolean livesIn(Clause clause, int at) {
    int in = COMPANY.end(clause.sentence, at);
    if (in < 0) {
      in = at;
    } else {
      while (in < at + 6 && !clause.sentence.is(in, "in")) {
        in++;
      }
    }
    int end = IN.end(clause.sentence, in);
    return end >= 0 && place(clause, end);
  }

  private static boolean place(Clause clause, int at) {
    var place = Places.at(clause, at, Phrase.Style.THING);
    boolean known = place != null && (place.isCapital() || place.first().equals("the"));
    return place != null && clause.tell(LIVES_IN, place, known ? 0.95 : 0.8);
  }

  /// Only with an end is a stay where one lives.
  private static boolean stays(Clause clause, int at) {
    var place = Places.at(clause, at, Phrase.Style.COMING);
    return place != null
        && place.time() != null
        && place.time().from() == null
        && clause.tell(LIVES_IN, place, 0.75);
  }

  private static boolean movedFrom(Clause clause, int at) {
    var left = Places.at(clause, at, Phrase.Style.THING);
    if (left == null || !clause.sentence.is(left.to(), "to")) {
      return false;
    }
    var place = Places.at(clause, left.to() + 1, Phrase.Style.THING);
    // `moved from Vim to Emacs`: only between places one of which is known.
    return place != null
        && (Lexicon.isPlace(left.lower()) || Lexicon.isPlace(place.lower()))
        && clause.tell(LIVES_IN, place, 0.85);
  }

  static boolean from(Clause clause, int at) {
    var place = Places.at(clause, at, Phrase.Style.THING);
    return place != null && clause.tell(FROM, place, place.isCapital() ? 0.9 : 0.75);
  }

  private static boolean left(Clause clause, int at) {
    var place = Places.at(clause, at, Phrase.Style.THING);
    return place != null && clause.tellEnded(LIVES_IN, place, 0.9);
  }

  private static boolean leftAnymore(Clause clause, int at) {
    var place = Places.at(clause, at, Phrase.Style.THING);
    return place != null
        && Endings.isAnymore(clause.sentence, place.end())
        && clause.tellEnded(LIVES_IN, place, 0.95);
  }
}
