/// Whether two statements can both stand, without a model: docs/conflicts.md. [ConflictJudge] is
/// the door. A text becomes sentences of [Term]s ([Wording]); [Claims] compares what extraction
/// reads from both, [Aligned] sentences that differ in one place, [Polarity] such as differ in a
/// negation, [Changes] what says itself that something changed.
@NullMarked
package dev.remanence.mind.conflict;

import org.jspecify.annotations.NullMarked;
