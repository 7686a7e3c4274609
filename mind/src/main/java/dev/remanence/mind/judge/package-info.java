/// What should become of the turns of a conversation: docs/judging.md. A [TurnJudge] says it and
/// does nothing: [RuleTurnJudge] by rules, [ModelTurnJudge] by a model within what the rules allow.
@NullMarked
package dev.remanence.mind.judge;

import org.jspecify.annotations.NullMarked;
