/// Facts from ordinary English conversation, without a model: docs/extraction.md. [FactExtraction]
/// is the door. A text becomes [Token]s and [Sentence]s, [Stance] tells which sentences are claims,
/// [Statements] tries the rules at each place where a clause may begin, and a rule reads its value
/// with [Phrase] and its time with [When]. Rules by subject: [SelfRules], [HomeRules], [WorkRules],
/// [TasteRules], [PeopleRules], [BelongingRules], [ToolRules], [PlanRules], [WishRules],
/// [ThingRules].
@NullMarked
package dev.remanence.mind.extract;

import org.jspecify.annotations.NullMarked;
