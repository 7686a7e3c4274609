package dev.remanence.mind.extract;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Words that carry grammar: closed sets. Words that carry content are in [Lexicon].
final class Words {
  static final Set<String> MODELS = set("assistant ai model bot system tool");

  static final Set<String> ABBREVIATIONS =
      set("dr mr mrs ms prof st mt vs etc e.g i.e eg ie approx no dept jr sr inc ltd");

  /// May stand between a subject and its verb without changing what is claimed.
  static final Set<String> ADVERBS =
      set(
          """
          currently now really just still actually also mostly mainly usually always absolutely \
          totally honestly quite very super pretty so officially recently truly definitely \
          primarily generally often both only already presently temporarily originally simply \
          even especially kinda happily highly severely deathly big huge too all strictly pretty \
          """);

  /// Before a clause, without part in it.
  static final Set<String> OPENERS =
      set(
          """
          hey hi hello oh ah well so and but also btw fyi yeah yes yep ok okay right honestly \
          actually no nope nah sorry anyway because since plus though as now tbh frankly \
          basically look correction wait please pls thanks luckily sadly cuz cause apart \
          unfortunately fortunately today ps note lol haha hmm um uh mm
          """);

  /// Behind a value, without part in it.
  static final Set<String> TRAILERS =
      set(
          """
          btw tbh lol haha now lately anymore again currently recently actually honestly rn atm \
          imo ofc though too please pls sadly either yet already obviously these nowadays \
          still by just twice once before together alone
          """);

  /// End a value: another clause or an aside begins.
  static final Set<String> STOPS =
      set(
          """
          but so because since when while if that which who whom whose where though although as \
          until till unless whereas whenever than is are was were am be been 's 'm 're 've 'd 'll \
          do does did n't has had have will would can could should might must may
          """);

  static final Set<String> PRONOUNS =
      set(
          """
          i you he she it we they me him her us them this that these those one ones something \
          anything everything nothing someone anyone everyone everybody nobody none what how why \
          who where your his their its mine yours myself yourself there here both such
          """);

  static final Set<String> ARTICLES = set("a an the my our some");

  static final Set<String> MONTHS =
      set(
          """
          january february march april may june july august september october november december \
          jan feb mar apr jun jul aug sep sept oct nov dec
          """);

  static final Set<String> DAYS =
      set("monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun");

  static final Set<String> GREETINGS =
      set("hi hey hello introduced introduce greetings howdy morning evening");

  private static final Map<String, Integer> NUMBERS =
      Map.ofEntries(
          Map.entry("one", 1),
          Map.entry("two", 2),
          Map.entry("three", 3),
          Map.entry("four", 4),
          Map.entry("five", 5),
          Map.entry("six", 6),
          Map.entry("seven", 7),
          Map.entry("eight", 8),
          Map.entry("nine", 9),
          Map.entry("ten", 10),
          Map.entry("eleven", 11),
          Map.entry("twelve", 12),
          Map.entry("thirteen", 13),
          Map.entry("fourteen", 14),
          Map.entry("fifteen", 15),
          Map.entry("sixteen", 16),
          Map.entry("seventeen", 17),
          Map.entry("eighteen", 18),
          Map.entry("nineteen", 19),
          Map.entry("twenty", 20),
          Map.entry("thirty", 30),
          Map.entry("forty", 40),
          Map.entry("fifty", 50),
          Map.entry("sixty", 60),
          Map.entry("seventy", 70),
          Map.entry("eighty", 80),
          Map.entry("ninety", 90));

  private Words() {}

  static Set<String> set(String words) {
    return Set.copyOf(Arrays.asList(words.strip().split("\\s+", -1)));
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /// The number that a word tells, or -1.
  static int number(String word) {
    if (word.isEmpty() || word.length() > 9) {
      return -1;
    }
    var named = NUMBERS.get(word);
    if (named != null) {
      return named;
    }
    int dash = word.indexOf('-');
    if (dash > 0 && NUMBERS.containsKey(word.substring(0, dash))) {
      int ones = NUMBERS.getOrDefault(word.substring(dash + 1), 0);
      return ones > 0 && ones < 10 ? NUMBERS.getOrDefault(word.substring(0, dash), 0) + ones : -1;
    }
    return word.chars().allMatch(digit -> digit >= '0' && digit <= '9')
        ? Integer.parseInt(word)
        : -1;
  }
}
