package dev.remanence.mind.extract;

import static dev.remanence.mind.extract.Attribute.EVENT;
import static dev.remanence.mind.extract.Attribute.GOING_TO;
import static dev.remanence.mind.extract.Attribute.PLANS;
import static dev.remanence.mind.extract.Attribute.VISITED;

import java.util.List;
import java.util.Set;

/// What happens when: appointments, journeys made and to be made, plans.
final class PlanRules {
  private static final Pattern DATE_BEFORE = Pattern.of("is|'s|are");

  /// What one does not set about in passing.
  private static final Set<String> UNDERTAKINGS =
      Words.set(
          """
          start launch open move buy sell quit marry retire study learn apply build found adopt \
          publish visit travel renovate join enroll propose become switch migrate train graduate
          """);

  /// Said of the next minute, or of nothing that is done.
  private static final Set<String> PASSING =
      Words.set(
          """
          be bed have go sleep try say tell ask need check look do see get take leave eat call let \
          keep assume bet guess die cry kill lose regret miss think talk wait stop stay
          """);

  static final List<Rule> RULES =
      List.of(
          Rule.of("BE ~ going|flying|travelling|traveling|heading|driving to", PlanRules::goingTo),
          Rule.of("~ went|travelled|traveled|flew to", PlanRules::visited),
          Rule.of("~ visited", PlanRules::visited),
          Rule.of("HAVE ~ been to", PlanRules::visited),
          Rule.of("HAVE ~ visited", PlanRules::visited),
          Rule.of("was|were in", PlanRules::wasIn),
          Rule.of("BE ~ planning to", PlanRules::plans),
          Rule.of("~ plan|plans to", PlanRules::plans),
          Rule.of("BE ~ going to", PlanRules::intends),
          Rule.of("BE ~ gonna", PlanRules::intends),
          Rule.ofSpeaker("~ have|'ve|got ~ got?", PlanRules::hasEvent),
          Rule.whole("my|our|the", PlanRules::eventIs));

  private PlanRules() {}

  private static boolean goingTo(Clause clause, int at) {
    var place = Places.at(clause, at, Phrase.Style.COMING);
    return place != null && isNamed(place) && clause.tell(GOING_TO, place, 0.85);
  }

  private static boolean visited(Clause clause, int at) {
    var place = Places.at(clause, at, Phrase.Style.THING);
    return place != null && isNamed(place) && clause.tell(VISITED, place, 0.85);
  }

  private static boolean isNamed(Phrase place) {
    return place.isCapital()
        || Lexicon.isPlace(place.lower())
        || (place.first().equals("the") && place.sentence().token(place.from() + 1).isCapital());
  }

  private static boolean wasIn(Clause clause, int at) {
    var place = Places.at(clause, at, Phrase.Style.THING);
    return place != null
        && place.isCapital()
        && place.time() != null
        && clause.tell(VISITED, place, 0.75);
  }

  private static boolean plans(Clause clause, int at) {
    var plan = clause.phrase(at, Phrase.Style.COMING);
    return plan != null
        && !plan.points()
        && !PASSING.contains(plan.first())
        && clause.tell(PLANS, plan, 0.85);
  }

  /// `I'm going to start a podcast`: what takes more than a moment, or has a time.
  private static boolean intends(Clause clause, int at) {
    var plan = clause.phrase(at, Phrase.Style.COMING);
    if (plan == null || plan.points() || plan.isCapital() || plan.size() < 2) {
      return false;
    }
    boolean meant =
        UNDERTAKINGS.contains(plan.first())
            || (plan.time() != null && !PASSING.contains(plan.first()));
    return meant
        && !clause.sentence.is(at, "the", "a", "my", "an", "our")
        && clause.tell(PLANS, plan, 0.8);
  }

  /// `I have a dentist appointment tomorrow`: nothing without its time.
  private static boolean hasEvent(Clause clause, int at) {
    boolean article = clause.sentence.is(at, "a", "an", "my", "our", "another");
    var event = clause.phrase(at, Phrase.Style.COMING);
    return event != null
        && article
        && event.time() != null
        && event.time().from() != null
        && isEvent(clause.sentence, event.from(), event.to())
        && clause.tell(EVENT, event, 0.9);
  }

  /// `my exam is on Friday`, `the team offsite is on 14 May`.
  private static boolean eventIs(Clause clause, int at) {
    int verb = at;
    while (verb < at + 5
        && clause.sentence.token(verb).isWord()
        && DATE_BEFORE.end(clause.sentence, verb) < 0) {
      verb++;
    }
    int date = DATE_BEFORE.end(clause.sentence, verb);
    var time = date < 0 ? null : clause.time(date, When.Side.AFTER);
    boolean event = verb > at && isEvent(clause.sentence, at, verb);
    if (time == null || time.from() == null || !event) {
      return false;
    }
    if (!clause.sentence.is(clause.start, "the")) {
      return clause
          .fact(EVENT, clause.sentence.text(at, verb))
          .time(time)
          .upTo(time.end())
          .tell(0.9);
    }
    // `the team offsite` is of the team.
    return verb - at == 2
        && Lexicon.EVENTS.contains(clause.sentence.word(at + 1))
        && clause
            .fact(clause.sentence.text(at, verb - 1), EVENT, clause.sentence.text(verb - 1, verb))
            .time(time)
            .upTo(time.end())
            .tell(0.8);
  }

  /// Whether words name an event: by their last, or by the one before `to`, `at`, `with`.
  private static boolean isEvent(Sentence sentence, int from, int to) {
    int head = from;
    while (head + 1 < to && !sentence.is(head + 1, "to", "at", "with", "in", "for", "from", "of")) {
      head++;
    }
    return Lexicon.EVENTS.contains(sentence.word(head));
  }
}
