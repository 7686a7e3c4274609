package dev.remanence.mind.judge;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// What a turn's words show without understanding them.
final class Wording {
  /// A turn that has no other words says nothing. `No` and its like are left out: they object.
  private static final Set<String> SMALL_TALK =
      Set.copyOf(
          List.of(
              ("ok okay k kk yes yeah yep yup sure right alright fine good great nice cool perfect"
                      + " awesome wow lol haha hahaha hehe hmm hm mhm uh oh ah hi hey hello howdy"
                      + " bye goodbye cheers thanks thank thx ty you your welcome please sorry np"
                      + " got it i see that's that is all for now understood noted makes sense"
                      + " sounds so much a lot very again morning afternoon evening night day have"
                      + " too there how are doing well see and the do done exactly indeed agreed"
                      + " absolutely of course my pleasure happy to help glad could anytime let me"
                      + " know if anything else later")
                  .split(" ")));

  /// Says nothing either, though `no` does.
  private static final Pattern NO_WORRIES = Pattern.compile("(?i)\\bno (problem|worries)\\b");

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}'\u2019]*");
  private static final Pattern DECISION =
      Pattern.compile(
          "(?i)\\b(we|i)( have|'ve)? (decided|agreed|chose|settled on|will go with|'ll go with)\\b"
              + "|\\blet's (go|stick) with\\b|\\bthe decision is\\b|\\bit's decided\\b"
              + "|^(decision|decided|agreed):");
  private static final Pattern REMEMBER =
      Pattern.compile("(?i)\\b(please |pls )?(remember|don't forget|keep in mind) (that|this|:)");

  private static final int SMALL_TALK_WORDS_MAX = 12;

  private Wording() {}

  static List<String> words(String text) {
    return WORD.matcher(text.toLowerCase(Locale.ROOT).replace('\u2019', '\''))
        .results()
        .map(found -> found.group())
        .toList();
  }

  /// Greetings, thanks, acknowledgements, and what has no words at all. Numbers say something.
  static boolean isSmallTalk(String text) {
    var words = words(NO_WORRIES.matcher(text).replaceAll("np"));
    return words.size() <= SMALL_TALK_WORDS_MAX && SMALL_TALK.containsAll(words);
  }

  static boolean isQuestion(String text) {
    return text.strip().endsWith("?");
  }

  /// Whether it is a question and nothing besides.
  static boolean isOnlyQuestions(String text) {
    return isQuestion(text) && Arrays.stream(Summary.sentences(text)).allMatch(Wording::isQuestion);
  }

  static boolean isDecision(String sentence) {
    return DECISION.matcher(sentence.replace('\u2019', '\'')).find() && !isQuestion(sentence);
  }

  static boolean isToRemember(String sentence) {
    return REMEMBER.matcher(sentence.replace('\u2019', '\'')).find() && !isQuestion(sentence);
  }
}
