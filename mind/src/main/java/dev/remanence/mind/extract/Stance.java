package dev.remanence.mind.extract;

import java.util.List;
import java.util.Set;

/// Whether a sentence is a claim of its speaker. Questions, suppositions, hearsay, quotations,
/// wishes, irony and code are not; where in doubt, it is none: a wrong fact is worse than a missed
/// one.
enum Stance {
  CLAIM,
  /// This sentence claims nothing.
  NONE,
  /// Nor does what follows it in the turn: a part is being played.
  NONE_FROM_HERE;

  private static final Set<String> SUPPOSING =
      Words.set(
          """
          if suppose supposing supposedly imagine assuming assume pretend pretending unless whether \
          might maybe perhaps probably possibly presumably wish wishes hope hopes hoping hopefully \
          guess wonder wondering hypothetically doubt almost
          """);

  private static final Set<String> HEARSAY =
      Words.set(
          """
          says said say told tells tell thinks thought think believes believe claims claimed claim \
          heard hear apparently allegedly reportedly rumour rumor according wrote writes reads \
          quote quoted translate lyrics insists swears suspects everyone's sounds
          """);

  private static final Set<String> IRONY =
      Words.set("/s /sarcasm sarcasm \ud83d\ude44 \ud83d\ude43 \ud83d\ude0f obviously kidding jk");

  private static final Set<String> ASKING =
      Words.set(
          """
          what where who whom whose why how when which do does did is are am was were can could \
          should would will shall have has had may wanna isn't aren't
          """);

  private static final Set<String> AUXILIARIES =
      Words.set("do does did is are am was were have has can could would should will");

  private static final List<Pattern> PARTS_PLAYED =
      List.of(
          Pattern.of("pretend"),
          Pattern.of("imagine"),
          Pattern.of("suppose"),
          Pattern.of("let 's pretend|say|imagine|assume"),
          Pattern.of("lets pretend|say|imagine|assume"),
          Pattern.of("act|behave|answer|respond|pose|talk|write as|like if|though|a|an"),
          Pattern.of("say my|i|we"),
          Pattern.of("in this|the|my story|novel|game|scene|poem|film|movie|book|dream|roleplay"),
          Pattern.of("you are now|a|an|my"),
          Pattern.of("role play"),
          Pattern.of("roleplay"));

  private static final List<Pattern> SAYINGS =
      List.of(
          Pattern.of("oh great|sure|yes|yeah|right|wow"),
          Pattern.of("yeah right"),
          Pattern.of("sure ,? because"),
          Pattern.of("great ,? another"),
          Pattern.of("what a surprise"),
          Pattern.of("as if"),
          Pattern.of("said nobody|no"),
          Pattern.of("what if"),
          Pattern.of("for example"),
          Pattern.of("in case"),
          Pattern.of("the song|sign|headline|email|letter|title|line|joke|saying|subject"),
          Pattern.of("this song|quote|line"),
          Pattern.of("word is"),
          Pattern.of("it|that 's|is not that"),
          Pattern.of("none|some|many|most|half of"),
          Pattern.of("people|those|anyone like|who"));

  private static final Set<String> BEFORE_COLON =
      Words.set(
          "correction fyi note ps update edit me also myself background context so info record fact");

  /// @param sentence one sentence of a turn
  static Stance of(Sentence sentence) {
    for (int at = 0; at < sentence.size(); at++) {
      if (opens(sentence, at) && matches(PARTS_PLAYED, sentence, at)) {
        return NONE_FROM_HERE;
      }
    }
    boolean none =
        asks(sentence)
            || sentence.has(SUPPOSING)
            || sentence.has(HEARSAY)
            || isCited(sentence)
            || isCode(sentence);
    for (int at = 0; !none && at < sentence.size(); at++) {
      none = matches(SAYINGS, sentence, at);
    }
    return none ? NONE : CLAIM;
  }

  /// Whether a turn is meant otherwise than it is said.
  static boolean isIrony(Sentence sentence) {
    for (int at = 0; at < sentence.size(); at++) {
      var token = sentence.token(at);
      if (IRONY.contains(token.word())) {
        return true;
      }
      if (token.word().equals("/") && sentence.is(at + 1, "s", "sarcasm")) {
        return true;
      }
      if (token.word().equals("not")
          && isLast(sentence, at)
          && (at == 0 || token.text().equals("NOT"))) {
        return true;
      }
    }
    return false;
  }

  /// Whether `'s` makes an owner of what stands before it: `my daughter's teacher is`, not `my
  /// daughter's a teacher`.
  static boolean isPossessive(Sentence sentence, int at) {
    var next = sentence.word(at + 1);
    boolean alone =
        !sentence.token(at + 2).isWord()
            || Words.TRAILERS.contains(sentence.word(at + 2))
            || sentence.is(at + 2, "and", "but", "to", "so", "since");
    return !sentence.is(at + 1, "a", "an", "the", "from", "in", "based", "living", "working", "not")
        && !Words.ADVERBS.contains(next)
        && !alone;
  }

  private static boolean isLast(Sentence sentence, int at) {
    return at + 1 >= sentence.size() || sentence.token(at + 1).kind() == Token.Kind.MARK;
  }

  private static boolean opens(Sentence sentence, int at) {
    return at == 0
        || sentence.is(at - 1, ",", ":", ";")
        || Words.OPENERS.contains(sentence.word(at - 1));
  }

  private static boolean matches(List<Pattern> patterns, Sentence sentence, int at) {
    for (var pattern : patterns) {
      if (pattern.end(sentence, at) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean asks(Sentence sentence) {
    int last = sentence.size() - 1;
    int first = 0;
    while (first < last
        && (Words.OPENERS.contains(sentence.word(first)) || sentence.is(first, ","))) {
      first++;
    }
    for (int at = last; at >= 0 && sentence.token(at).kind() == Token.Kind.MARK; at--) {
      if (sentence.is(at, "?")) {
        return true;
      }
    }
    boolean inverted = ASKING.contains(sentence.word(first)) && !sentence.is(first + 1, "n't");
    boolean word =
        sentence.is(last, "right", "correct", "eh", "innit") && sentence.is(last - 1, ",");
    boolean tag =
        Words.PRONOUNS.contains(sentence.word(last))
            && sentence.is(last - 1, "n't")
            && AUXILIARIES.contains(sentence.word(last - 2));
    return inverted || word || tag;
  }

  /// Whether it speaks of words rather than saying them: what follows a colon is cited, but for
  /// colons behind words such as `correction`.
  private static boolean isCited(Sentence sentence) {
    for (int at = 1; at < sentence.size(); at++) {
      if (sentence.is(at, ":") && !BEFORE_COLON.contains(sentence.word(at - 1))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isCode(Sentence sentence) {
    int marks = 0;
    for (int at = 0; at < sentence.size(); at++) {
      if (sentence.is(at, "{", "}", "=", "<", "|", "\\", "$", ";")
          || sentence.word(at).contains("_")) {
        marks += sentence.is(at, ";") && at + 1 < sentence.size() ? 0 : 1;
      }
    }
    return marks > 0;
  }
}
