package dev.remanence.mind.extract;

import static dev.remanence.mind.extract.Attribute.HOBBY;
import static dev.remanence.mind.extract.Attribute.SPEAKS;
import static dev.remanence.mind.extract.Attribute.USES;

import java.util.List;
import java.util.Set;

/// What somebody uses, speaks, and does in their free time.
final class ToolRules {
  private static final Phrase.Style TOOL =
      Phrase.Style.NAMED.stopping(
          "for with in at on to from about by as and or into every all when here there most");
  private static final Set<String> NOT_TOOLS =
      Words.set("blue red green second first same word words phrase term term head time");

  static final List<Rule> RULES =
      List.of(
          Rule.of("~ use|uses", ToolRules::uses),
          Rule.of("BE ~ using", ToolRules::uses),
          Rule.ofSpeaker("BE on", ToolRules::isOn),
          Rule.of("~ switched from", ToolRules::switched),
          Rule.of("~ moved|migrated from", ToolRules::switched),
          Rule.of("~ switched|migrated to", ToolRules::named),
          Rule.of("HAVE ~ switched|migrated to", ToolRules::named),
          Rule.ofSpeaker("~ code|program ~ in", ToolRules::named),
          Rule.ofSpeaker("~ run", ToolRules::runs),
          Rule.whole("my", ToolRules::mine),
          Rule.of("no longer use|uses", ToolRules::formerly),
          Rule.of("do|does n't|not use", ToolRules::formerlyAnymore),
          Rule.of("used to use", ToolRules::formerly),
          Rule.of("~ stopped using", ToolRules::formerly),
          Rule.of("~ speak|speaks ~", ToolRules::speaks),
          Rule.of("BE ~ fluent in", ToolRules::speaks),
          Rule.whole("my native|first language is|'s", ToolRules::speaks),
          Rule.whole("my mother tongue is|'s", ToolRules::speaks),
          Rule.of("~ play|plays|do|does|practice|practise|practices", ToolRules::hobby),
          Rule.of("~ go|goes", ToolRules::hobby),
          Rule.whole("my hobbies are|include", ToolRules::hobbies),
          Rule.whole("my hobby is", ToolRules::hobbies),
          Rule.of("used to play|do", ToolRules::formerHobby),
          Rule.of("no longer play|plays|do|does", ToolRules::formerHobby),
          Rule.of("do|does n't|not play|do", ToolRules::formerHobbyAnymore));

  private ToolRules() {}

  private static boolean uses(Clause clause, int at) {
    boolean pointed = clause.sentence.is(at, "the", "my", "our", "some", "any", "your");
    boolean told = false;
    for (var each : pointed ? List.<Phrase>of() : clause.list(at, TOOL)) {
      if (each.points()
          || each.size() > 4
          || NOT_TOOLS.contains(each.first())
          || each.last().endsWith("/her")
          || each.last().contains("/")) {
        break;
      }
      told = clause.tell(USES, each, each.isCapital() ? 0.9 : 0.75);
    }
    return told;
  }

  /// `I'm on a MacBook Pro`, `on Windows`: not `on page 12`, `on it`, `on Friday`.
  private static boolean isOn(Clause clause, int at) {
    var tool = clause.phrase(at, TOOL);
    boolean known =
        tool != null
            && tool.isCapital()
            && (clause.sentence.is(at, "a", "an")
                || Set.of(
                        "windows", "linux", "macos", "android", "ios", "ubuntu", "debian", "fedora",
                        "arch")
                    .contains(tool.first()));
    return tool != null && known && clause.tell(USES, tool, 0.85);
  }

  private static boolean switched(Clause clause, int at) {
    var left = clause.phrase(at, TOOL);
    if (left == null || !clause.sentence.is(left.to(), "to")) {
      return false;
    }
    var taken = clause.phrase(left.to() + 1, TOOL);
    boolean tools =
        taken != null
            && left.isCapital()
            && taken.isCapital()
            && !Lexicon.isPlace(taken.lower())
            && !left.points()
            && !taken.points();
    // `moved` is also said of towns: the verb decides.
    boolean moved = clause.sentence.is(at - 2, "moved");
    if (taken == null || !tools || moved) {
      return false;
    }
    clause.tell(USES, taken, 0.85);
    return clause.tellEnded(USES, left, 0.8);
  }

  private static boolean named(Clause clause, int at) {
    var tool = clause.phrase(at, TOOL);
    return tool != null
        && tool.isCapital()
        && !tool.points()
        && tool.size() <= 3
        && clause.tell(USES, tool, 0.85);
  }

  /// `I run Arch on my laptop`.
  private static boolean runs(Clause clause, int at) {
    var tool = clause.phrase(at, TOOL);
    return tool != null
        && tool.isCapital()
        && clause.sentence.is(tool.to(), "on")
        && clause.sentence.is(tool.to() + 1, "my", "our", "all", "a", "the")
        && clause.tell(USES, tool, 0.85);
  }

  /// `my editor is Helix`.
  private static boolean mine(Clause clause, int at) {
    boolean tool =
        Lexicon.TOOLS.contains(clause.sentence.word(at)) && clause.sentence.is(at + 1, "is", "'s");
    var value = tool ? clause.phrase(at + 2, TOOL) : null;
    boolean shell = clause.sentence.is(at, "shell", "editor", "os", "distro", "browser");
    return value != null
        && !value.points()
        && (value.isCapital() || (shell && value.size() == 1 && !isState(value.first())))
        && clause.tell(USES, value, 0.85);
  }

  private static boolean isState(String word) {
    return Words.ADVERBS.contains(word)
        || word.endsWith("ed")
        || word.endsWith("ing")
        || Set.of(
                "broken", "slow", "fast", "old", "new", "dead", "down", "full", "great", "fine",
                "ok", "stuck", "weird", "not", "bad", "good", "gone", "open", "dark")
            .contains(word);
  }

  private static boolean formerly(Clause clause, int at) {
    var tool = clause.phrase(at, TOOL);
    return tool != null && !tool.points() && clause.tellEnded(USES, tool, 0.85);
  }

  private static boolean formerlyAnymore(Clause clause, int at) {
    var tool = clause.phrase(at, TOOL);
    return tool != null
        && !tool.points()
        && Endings.isAnymore(clause.sentence, tool.end())
        && clause.tellEnded(USES, tool, 0.9);
  }

  private static boolean speaks(Clause clause, int at) {
    boolean told = false;
    for (var each :
        clause.list(at, Phrase.Style.NAMED.stopping("for with in at on to from and or as by"))) {
      if (!Lexicon.isLanguage(each.last()) || each.size() > 4) {
        break;
      }
      told = clause.tell(SPEAKS, each, 0.95);
    }
    return told;
  }

  private static boolean hobby(Clause clause, int at) {
    int begin = clause.sentence.is(at, "the") ? at + 1 : at;
    boolean told = false;
    for (var each :
        clause.list(
            begin,
            Phrase.Style.NAMED.stopping(
                "for with in at on to from and or as by every twice once after most"))) {
      if (!isHobby(each)) {
        break;
      }
      told = clause.tell(HOBBY, each, 0.85);
    }
    return told;
  }

  private static boolean isHobby(Phrase phrase) {
    boolean gerund =
        phrase.sentence().is(phrase.from() - 1, "go", "goes") == phrase.first().endsWith("ing");
    return phrase.size() <= 2 && Lexicon.HOBBIES.contains(phrase.last()) && gerund;
  }

  private static boolean hobbies(Clause clause, int at) {
    boolean told = false;
    for (var each : clause.list(at, Phrase.Style.THING)) {
      if (each.points() || each.size() > 3) {
        break;
      }
      told = clause.tell(HOBBY, each, 0.85);
    }
    return told;
  }

  private static boolean formerHobby(Clause clause, int at) {
    int begin = clause.sentence.is(at, "the") ? at + 1 : at;
    var hobby = clause.phrase(begin, Phrase.Style.NAMED);
    return hobby != null
        && Lexicon.HOBBIES.contains(hobby.last())
        && clause.tellEnded(HOBBY, hobby, 0.85);
  }

  private static boolean formerHobbyAnymore(Clause clause, int at) {
    var hobby = clause.phrase(clause.sentence.is(at, "the") ? at + 1 : at, Phrase.Style.NAMED);
    return hobby != null
        && Endings.isAnymore(clause.sentence, hobby.end())
        && formerHobby(clause, at);
  }
}
