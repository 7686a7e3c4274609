package dev.remanence.mind.judge;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.mind.extract.Extracted;
import dev.remanence.mind.extract.FactExtraction;
import dev.remanence.mind.extract.Turn;
import dev.remanence.mind.llm.By;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Judges by rules, the first that fits: docs/judging.md has them in order. The same turns, policy
/// and moment give the same verdicts.
public final class RuleTurnJudge implements TurnJudge {
  /// Fewer do not say enough without the question.
  private static final int ANSWER_WORDS_MIN = 6;

  private static final int REPEATED_WORDS_MIN = 3;
  private static final int TEXT_CHARS_MAX = 20_000;

  /// A verdict, and whether no model may change it.
  record Ruled(Verdict verdict, boolean held) {}

  @Override
  public Judgement judge(List<JudgedTurn> turns, Policy policy, Instant now) {
    return new Judgement(
        ruled(turns, policy, now).stream().map(Ruled::verdict).toList(), By.RULES, null);
  }

  List<Ruled> ruled(List<JudgedTurn> turns, Policy policy, Instant now) {
    var ids = new HashSet<String>();
    var latest = new HashMap<String, Integer>();
    for (int at = 0; at < turns.size(); at++) {
      if (!ids.add(turns.get(at).id())) {
        throw new InvalidInput("two turns have one id: index=" + at, "index", at);
      }
      latest.put(sameness(turns.get(at)), at);
    }
    var ruled = new ArrayList<Ruled>();
    for (int at = 0; at < turns.size(); at++) {
      ruled.add(one(turns, at, policy, now, latest));
    }
    return ruled;
  }

  private static Ruled one(
      List<JudgedTurn> turns, int at, Policy policy, Instant now, Map<String, Integer> latest) {
    var turn = turns.get(at);
    var age = Duration.between(turn.at(), now);
    if (turn.pinned()) {
      return held(turn, "pinned");
    }
    var promoted = turn.isByPerson() ? promoted(turns, at) : null;
    if (promoted != null) {
      return new Ruled(promoted, true);
    }
    if (at >= turns.size() - policy.recent()) {
      return held(turn, "among the latest " + policy.recent());
    }
    if (at > 0 && isAnswer(turns.get(at - 1), turn) && Wording.isSmallTalk(turn.text())) {
      return held(turn, "answers a question");
    }
    if (latest.getOrDefault(sameness(turn), at) > at
        && Wording.words(turn.text()).size() >= REPEATED_WORDS_MIN) {
      return free(turn, Action.DELETE, "said again later", null);
    }
    if (Wording.isSmallTalk(turn.text())) {
      return free(turn, Action.DELETE, "small talk", null);
    }
    boolean old = age.compareTo(policy.oldAfter()) >= 0;
    if (old && at + 1 < turns.size() && isAnswered(turn, turns.get(at + 1))) {
      return free(turn, Action.DELETE, "a question that was answered", null);
    }
    var dropAfter = policy.dropAfter();
    if (dropAfter != null && age.compareTo(dropAfter) >= 0) {
      return free(turn, Action.DELETE, "older than " + dropAfter.toDays() + " days", null);
    }
    if (old && turn.isByModel() && turn.text().length() >= policy.longChars()) {
      var text = Summary.of(turn.text(), policy.summaryChars());
      return free(turn, Action.COMPRESS, "a long answer, and old", text);
    }
    return free(turn, Action.KEEP, "nothing speaks against it", null);
  }

  private static Ruled held(JudgedTurn turn, String reason) {
    return new Ruled(new Verdict(turn.id(), Action.KEEP, reason, null, By.RULES), true);
  }

  private static Ruled free(JudgedTurn turn, Action action, String reason, @Nullable String text) {
    return new Ruled(new Verdict(turn.id(), action, reason, text, By.RULES), false);
  }

  /// What a person states for good: facts, decisions, what they ask to be remembered.
  private static @Nullable Verdict promoted(List<JudgedTurn> turns, int at) {
    var turn = turns.get(at);
    var text = turn.text().substring(0, Math.min(turn.text().length(), TEXT_CHARS_MAX));
    if (FactExtraction.tellsSecret(text)) {
      return null;
    }
    var facts = FactExtraction.from(Turn.of(text, speaker(turn), turn.at()));
    var keeping = facts.stream().filter(RuleTurnJudge::isSure).toList();
    if (!keeping.isEmpty()) {
      var keys =
          keeping.stream()
              .map(Extracted::key)
              .distinct()
              .limit(5)
              .collect(Collectors.joining(", "));
      var sentences = new LinkedHashSet<String>();
      keeping.forEach(
          each -> sentences.add(text.substring(each.sentenceStart(), each.sentenceEnd())));
      return promotion(turn, "states facts: " + keys, String.join("\n", sentences));
    }
    for (var sentence : Summary.sentences(text)) {
      if (Wording.isDecision(sentence) || Wording.isToRemember(sentence)) {
        var reason = Wording.isDecision(sentence) ? "a decision" : "asked to be remembered";
        return promotion(turn, reason, sentence);
      }
    }
    return null;
  }

  private static Verdict promotion(JudgedTurn turn, String reason, String text) {
    return new Verdict(turn.id(), Action.PROMOTE, reason, text, By.RULES);
  }

  private static boolean isSure(Extracted fact) {
    return fact.confidence() >= FactExtraction.CONFIDENCE_MIN;
  }

  private static @Nullable String speaker(JudgedTurn turn) {
    return turn.speaker() == null ? turn.role() : turn.speaker();
  }

  private static boolean isAnswer(JudgedTurn before, JudgedTurn turn) {
    return !before.role().equals(turn.role()) && Wording.isQuestion(before.text());
  }

  private static boolean isAnswered(JudgedTurn turn, JudgedTurn next) {
    return isAnswer(turn, next)
        && Wording.isOnlyQuestions(turn.text())
        && !Wording.isQuestion(next.text())
        && Wording.words(next.text()).size() >= ANSWER_WORDS_MIN;
  }

  /// Who said what, whatever the marks and capitals.
  private static String sameness(JudgedTurn turn) {
    var speaker = turn.speaker() == null ? "" : turn.speaker();
    return turn.role() + "\n" + speaker + "\n" + String.join(" ", Wording.words(turn.text()));
  }
}
