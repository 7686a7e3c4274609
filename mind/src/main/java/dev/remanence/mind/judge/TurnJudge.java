package dev.remanence.mind.judge;

import java.time.Instant;
import java.util.List;

/// Says what should become of turns. It changes nothing: its verdicts are for someone else to carry
/// out, or not.
public sealed interface TurnJudge permits RuleTurnJudge, ModelTurnJudge {
  /// A verdict for each turn.
  ///
  /// @param turns of one conversation, oldest first, each with an id of its own
  Judgement judge(List<JudgedTurn> turns, Policy policy, Instant now);
}
