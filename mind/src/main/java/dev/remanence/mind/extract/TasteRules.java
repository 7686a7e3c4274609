package dev.remanence.mind.extract;

import static dev.remanence.mind.extract.Attribute.ALLERGIC_TO;
import static dev.remanence.mind.extract.Attribute.CONDITION;
import static dev.remanence.mind.extract.Attribute.DIET;
import static dev.remanence.mind.extract.Attribute.DISLIKES;
import static dev.remanence.mind.extract.Attribute.LIKES;
import static dev.remanence.mind.extract.Attribute.PREFERS;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What somebody likes, refuses, eats, and cannot bear.
final class TasteRules {
  private static final Phrase.Style LIKED = Phrase.Style.THING.stopping("more most");
  private static final Set<String> SAYINGS = Words.set("see say think hear know admit call be");

  static final List<Rule> RULES =
      List.of(
          Rule.of("BE ~ a|an? huge|big|massive|great? fan of", TasteRules::likes),
          Rule.of("BE ~ into|fond|keen|crazy|mad|obsessed of|on|about|with?", TasteRules::likes),
          Rule.of("~ like|likes|love|loves|adore|adores|enjoy|enjoys", TasteRules::likes),
          Rule.of(
              "~ hate|hates|dislike|dislikes|detest|detests|despise|loathe", TasteRules::dislikes),
          Rule.of("~ do|does n't|not ~ like|enjoy", TasteRules::dislikes),
          Rule.of("can n't|not stand|bear", TasteRules::dislikes),
          Rule.of("cannot stand|bear", TasteRules::dislikes),
          Rule.omitted("can n't stand", TasteRules::dislikes),
          Rule.of("BE NOT ~ a|an? huge|big|massive|great? fan of", TasteRules::dislikes),
          Rule.omitted("not ~ a huge|big|massive|great? fan of", TasteRules::dislikes),
          Rule.of("~ prefer|prefers", TasteRules::prefers),
          Rule.ofSpeaker("'d|would rather", TasteRules::rather),
          Rule.whole("my favorite|favourite|fav|fave", TasteRules::favourite),
          Rule.of("BE ~ lactose|gluten|dairy intolerant", TasteRules::intolerant),
          Rule.of("BE ~ a|an?", TasteRules::diet),
          Rule.of("HAVE ~ been ~ a|an?", TasteRules::diet),
          Rule.of("BE no longer a|an?", TasteRules::formerDiet),
          Rule.of("BE NOT a|an?", TasteRules::formerDietAnymore),
          Rule.of("~ keep|keeps|eat|eats ~", TasteRules::diet),
          Rule.of("~ do|does n't|not ~ eat|drink", TasteRules::refuses),
          Rule.of("never eat|eats|drink|drinks", TasteRules::refuses),
          Rule.of("can n't|not eat|drink", TasteRules::refuses),
          Rule.of("cannot eat|drink", TasteRules::refuses),
          Rule.of("BE ~ allergic to", TasteRules::allergy),
          Rule.omitted("allergic to", TasteRules::allergy),
          Rule.of("~ have|has|'ve got? a|an ~", TasteRules::allergyTo),
          Rule.of("~ have|has|'ve got?", TasteRules::condition),
          Rule.of("was|were|been diagnosed with", TasteRules::condition),
          Rule.of("BE ~", TasteRules::conditionAdjective));

  private TasteRules() {}

  private static boolean likes(Clause clause, int at) {
    return taste(clause, at, LIKES);
  }

  private static boolean dislikes(Clause clause, int at) {
    return taste(clause, at, DISLIKES);
  }

  private static boolean taste(Clause clause, int at, Attribute attribute) {
    if (clause.sentence.is(at, "my", "our", "when", "how", "to")) {
      return false;
    }
    boolean told = false;
    Phrase before = null;
    for (var each : clause.list(at, LIKED)) {
      boolean here = isHere(each);
      boolean comparison = clause.sentence.is(each.to(), "more", "better", "than", "most");
      if (each.points() || here || comparison || SAYINGS.contains(each.first())) {
        break;
      }
      if (attribute.equals(LIKES) && clause.sentence.is(each.to() - 1, "more", "better", "best")) {
        break;
      }
      // `films about war and peace`: the second is of the films, unless it is a deed of its
      // own.
      if (before != null && isCompound(before) && !each.first().endsWith("ing")) {
        break;
      }
      before = each;
      told = clause.tell(attribute, each, 0.9);
    }
    return told;
  }

  private static boolean isCompound(Phrase phrase) {
    for (int at = phrase.from(); at < phrase.to(); at++) {
      if (phrase.sentence().is(at, "in", "of", "with", "about", "to", "on", "for", "at", "from")) {
        return true;
      }
    }
    return false;
  }

  /// `the view`, `the colours`: of something before one's eyes. `the Alps` and `the smell of fish`
  /// are of the world.
  private static boolean isHere(Phrase thing) {
    boolean definite = thing.first().equals("the") || thing.first().equals("all");
    boolean ofKind =
        thing.has("of") && !thing.has("my") && thing.sentence().word(thing.to() - 2).equals("of");
    return definite && !thing.sentence().token(thing.from() + 1).isCapital() && !ofKind;
  }

  private static boolean prefers(Clause clause, int at) {
    var thing = clause.phrase(at, Phrase.Style.THING.stopping("for"));
    return thing != null
        && !thing.points()
        && !Words.ADVERBS.contains(thing.first())
        && clause.tell(PREFERS, thing, 0.9);
  }

  /// What one would rather do: up to `than` and beyond it.
  private static boolean rather(Clause clause, int at) {
    var thing = clause.phrase(at, Phrase.Style.THING);
    if (thing == null || thing.points() || thing.first().equals("not")) {
      return false;
    }
    if (clause.sentence.is(thing.to(), "than")) {
      var other = clause.phrase(thing.to() + 1, Phrase.Style.THING);
      if (other != null && !other.points()) {
        return clause
            .fact(PREFERS, clause.sentence.text(thing.from(), other.to()))
            .upTo(other.to())
            .tell(0.85);
      }
      return false;
    }
    return false;
  }

  /// `my favourite color is green`.
  private static boolean favourite(Clause clause, int at) {
    int verb = at;
    while (verb < at + 3 && !clause.sentence.is(verb, "is", "are", "'s", "has")) {
      if (!clause.sentence.token(verb).isWord()) {
        return false;
      }
      verb++;
    }
    if (verb == at || !clause.sentence.is(verb, "is", "are", "'s", "has")) {
      return false;
    }
    int value = verb + 1;
    while (clause.sentence.is(
        value, "always", "been", "definitely", "still", "probably", "currently")) {
      value++;
    }
    boolean plural = clause.sentence.is(verb, "are");
    var thing =
        clause.phrase(value, plural ? new Phrase.Style(Set.of(), true, When.Side.BEFORE) : LIKED);
    boolean stated = thing != null && !thing.points() && !isState(thing.last());
    if (thing == null || !stated || clause.sentence.is(value, "n't", "not")) {
      return false;
    }
    var noun = clause.sentence.text(at, verb);
    var name =
        FactKey.word(
            "favourite "
                + (plural && noun.endsWith("s") ? noun.substring(0, noun.length() - 1) : noun));
    return clause.fact(Attribute.named(name), thing.text()).upTo(thing.to()).tell(0.95);
  }

  private static boolean isState(String word) {
    return Set.of(
            "broken", "gone", "back", "closed", "over", "missing", "here", "empty", "ready", "out")
        .contains(word);
  }

  private static boolean diet(Clause clause, int at) {
    var diet = dietAt(clause, at);
    return diet != null && clause.tell(DIET, diet, 0.9);
  }

  private static @Nullable Phrase dietAt(Clause clause, int at) {
    if (clause.sentence.is(at, "gluten", "dairy", "lactose", "sugar")
        && clause.sentence.is(at + 1, "free")) {
      var diet = clause.phrase(at, Phrase.Style.NAMED);
      return diet != null && diet.size() == 2 ? diet : null;
    }
    boolean known = Lexicon.DIETS.contains(clause.sentence.word(at));
    var diet = known ? clause.phrase(at, Phrase.Style.NAMED) : null;
    return diet != null && diet.size() == 1 ? diet : null;
  }

  private static boolean formerDiet(Clause clause, int at) {
    var diet = dietAt(clause, at);
    return diet != null && clause.tellEnded(DIET, diet, 0.9);
  }

  private static boolean formerDietAnymore(Clause clause, int at) {
    var diet = dietAt(clause, at);
    return diet != null
        && Endings.isAnymore(clause.sentence, diet.end())
        && clause.tellEnded(DIET, diet, 0.95);
  }

  private static boolean intolerant(Clause clause, int at) {
    return clause.fact(DIET, clause.sentence.text(at - 2, at)).upTo(at).tell(0.9);
  }

  /// `don't eat pork or shellfish`: only what is known to be food, so that `don't eat that` and
  /// `don't drink and drive` are none.
  private static boolean refuses(Clause clause, int at) {
    boolean told = false;
    for (var each : clause.list(at, Phrase.Style.THING)) {
      if (!Lexicon.FOODS_REFUSED.contains(each.last())
          || each.size() > 2
          || Endings.isAnymore(clause.sentence, each.end())
          || clause.sentence.is(each.to(), "after", "before", "at", "on", "in", "with", "here")) {
        break;
      }
      told = clause.fact(DIET, "no " + each.text()).upTo(each.end()).tell(0.85);
    }
    return told;
  }

  private static boolean allergy(Clause clause, int at) {
    boolean told = false;
    for (var each : clause.list(at, Phrase.Style.THING)) {
      boolean vague =
          clause.sentence.is(
              each.from(),
              "most",
              "many",
              "work",
              "bullshit",
              "mondays",
              "nonsense",
              "certain",
              "all",
              "everything");
      if (each.points() || each.size() > 3 || vague || each.has("with")) {
        break;
      }
      told = clause.tell(ALLERGIC_TO, each, 0.95);
    }
    return told;
  }

  /// `I have a nut allergy`.
  private static boolean allergyTo(Clause clause, int at) {
    var whole = clause.phrase(at, Phrase.Style.NAMED);
    if (whole == null
        || whole.size() < 2
        || whole.size() > 4
        || !(whole.last().equals("allergy") || whole.last().equals("intolerance"))) {
      return false;
    }
    int from =
        Words.ADVERBS.contains(whole.first()) || clause.sentence.is(at, "severe", "bad")
            ? at + 1
            : at;
    return from < whole.to() - 1
        && clause
            .fact(ALLERGIC_TO, clause.sentence.text(from, whole.to() - 1))
            .upTo(whole.to())
            .tell(0.9);
  }

  private static boolean condition(Clause clause, int at) {
    var condition = clause.phrase(at, Phrase.Style.NAMED);
    boolean known =
        condition != null
            && condition.size() <= 3
            && (Lexicon.CONDITIONS.contains(condition.last())
                || Lexicon.CONDITIONS.contains(condition.first())
                || condition.last().equals("disease"));
    return condition != null
        && known
        && !condition.points()
        && !clause.sentence.is(condition.to(), "in", "on")
        && clause.tell(CONDITION, condition, 0.9);
  }

  private static boolean conditionAdjective(Clause clause, int at) {
    var condition = clause.phrase(at, Phrase.Style.NAMED);
    return condition != null
        && condition.size() == 1
        && Lexicon.CONDITION_ADJECTIVES.contains(condition.first())
        && clause.tell(CONDITION, condition, 0.85);
  }
}
