package dev.remanence.mind.conflict;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The words that the rules know.
final class Lexicon {
  static final Map<String, String> NUMBERS = numbers();

  /// What makes a sentence something else than a claim about how things are.
  static final Set<String> UNCERTAIN =
      Set.of(
          "if",
          "maybe",
          "perhaps",
          "whether",
          "think",
          "guess",
          "would",
          "could",
          "might",
          "should",
          "want",
          "wish",
          "hope",
          "plan",
          "wonder",
          "suppose",
          "probably",
          "possibly",
          "unless",
          "decided",
          "asked",
          "example",
          "imagine",
          "said",
          "say",
          "used",
          "almost",
          "nearly");

  /// Told of a moment: the same words said on another day tell something else.
  static final Set<String> OF_THE_MOMENT =
      Set.of(
          "today",
          "yesterday",
          "tomorrow",
          "tonight",
          "morning",
          "afternoon",
          "evening",
          "night",
          "last",
          "next",
          "ago",
          "week",
          "again",
          "just");

  /// Says that something is otherwise than before.
  static final Set<String> CHANGE = Set.of("now", "currently", "meanwhile", "nowadays", "recently");

  /// Verbs of how things are or are planned, behind which a value stands.
  static final Set<String> STATE =
      Set.of(
          "is", "have", "cost", "last", "hold", "need", "require", "listen", "run", "start", "end",
          "begin", "depart", "leave", "expire", "weigh", "measure", "live", "work", "take",
          "happen", "contain", "prefer", "close", "open", "arrive", "use", "support", "allow",
          "accept");

  /// Verbs of what was so once and for all.
  static final Set<String> ONCE =
      Set.of("founded", "built", "born", "invented", "died", "ended", "began");

  /// Between `is` and the one value that a thing has there.
  static final Set<String> SINGLE =
      Set.of(
          "",
          "in",
          "at",
          "called",
          "named",
          "married to",
          "from",
          "led by",
          "maintained by",
          "run by",
          "owned by",
          "written in",
          "stored in",
          "located in",
          "hosted in",
          "hosted on",
          "painted",
          "based in",
          "registered in",
          "under the",
          "behind the",
          "beneath the",
          "made of",
          "the");

  /// What one may have many of: another name is another one.
  static final Set<String> MANY =
      Set.of(
          "friend",
          "colleague",
          "brother",
          "sister",
          "neighbour",
          "neighbor",
          "child",
          "son",
          "daughter",
          "aunt",
          "uncle",
          "cousin",
          "teacher",
          "customer",
          "client",
          "roommate",
          "sibling",
          "member",
          "user",
          "pet",
          "hobby",
          "language",
          "speaker",
          "guest",
          "example",
          "author",
          "sponsor",
          "partner",
          "parent",
          "topic",
          "reason",
          "option",
          "candidate");

  /// Of many there is one such.
  static final Set<String> CHIEF =
      Set.of("main", "primary", "default", "current", "only", "official", "favourite");

  /// Values that exclude each other within a list.
  static final List<Set<String>> EXCLUSIVE =
      List.of(
          Set.of(
              "red", "blue", "green", "yellow", "white", "black", "grey", "gray", "brown", "orange",
              "pink", "purple", "beige"),
          Set.of("diesel", "petrol", "gasoline", "electricity", "hydrogen", "gas"),
          Set.of(
              "open",
              "closed",
              "shipped",
              "cancelled",
              "canceled",
              "pending",
              "done",
              "delivered",
              "rejected",
              "approved",
              "draft",
              "merged",
              "paid",
              "unpaid"),
          Set.of("left", "right"),
          Set.of("north", "south", "east", "west"),
          Set.of("wood", "steel", "stone", "glass", "concrete", "plastic", "aluminium", "brick"),
          Set.of("daily", "weekly", "monthly", "yearly", "hourly"),
          Set.of("small", "medium", "large"),
          Set.of("low", "high", "critical"),
          Set.of("main", "master", "trunk", "develop"));

  /// A word and its opposite, of which it is one or the other.
  static final Map<String, String> OPPOSITE =
      Map.ofEntries(
          Map.entry("closed", "open"),
          Map.entry("disabled", "enabled"),
          Map.entry("dead", "alive"),
          Map.entry("unlocked", "locked"),
          Map.entry("forbidden", "allowed"),
          Map.entry("prohibited", "allowed"),
          Map.entry("offline", "online"),
          Map.entry("unavailable", "available"),
          Map.entry("impossible", "possible"),
          Map.entry("false", "true"),
          Map.entry("wrong", "correct"),
          Map.entry("incorrect", "correct"),
          Map.entry("invalid", "valid"),
          Map.entry("absent", "present"),
          Map.entry("female", "male"),
          Map.entry("illegal", "legal"),
          Map.entry("unsafe", "safe"),
          Map.entry("unsupported", "supported"),
          Map.entry("optional", "required"),
          Map.entry("inactive", "active"),
          Map.entry("hidden", "visible"),
          Map.entry("unhappy", "happy"),
          Map.entry("private", "public"),
          Map.entry("off", "on"));

  private static final Map<String, String> IRREGULAR =
      Map.ofEntries(
          Map.entry("are", "is"),
          Map.entry("am", "is"),
          Map.entry("were", "was"),
          Map.entry("has", "have"),
          Map.entry("does", "do"),
          Map.entry("colour", "color"),
          Map.entry("favorite", "favourite"));

  private Lexicon() {}

  private static Map<String, String> numbers() {
    var numbers = new HashMap<String, String>();
    var units =
        List.of(
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty");
    for (int i = 0; i < units.size(); i++) {
      numbers.put(units.get(i), Integer.toString(i));
    }
    var tens = List.of("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety");
    for (int i = 0; i < tens.size(); i++) {
      numbers.put(tens.get(i), Integer.toString(10 * (i + 3)));
    }
    var ordinals =
        List.of(
            "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
            "tenth");
    for (int i = 0; i < ordinals.size(); i++) {
      numbers.put(ordinals.get(i), i + 1 + "th");
      numbers.put(i + 1 + List.of("st", "nd", "rd", "th").get(Math.min(i, 3)), i + 1 + "th");
    }
    return Map.copyOf(numbers);
  }

  /// A word without what differs with its subject: `eats` and `eat` are one.
  static String stem(String word) {
    var known = IRREGULAR.get(word);
    if (known != null) {
      return known;
    }
    if (word.length() <= 3 || !word.endsWith("s") || word.matches(".*('s|us|is|days)")) {
      return word;
    }
    for (var ending : List.of("sses", "shes", "ches", "xes")) {
      if (word.endsWith(ending)) {
        return word.substring(0, word.length() - 2);
      }
    }
    return word.endsWith("ss") ? word : word.substring(0, word.length() - 1);
  }
}
