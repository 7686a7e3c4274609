/// A language model behind an HTTP endpoint, optional: docs/llm.md. [Model] is the door: it asks a
/// [Prompt] and answers what fits a [Schema], or throws. An [Endpoint] is what the setting names, a
/// [Dialect] its protocol, [Calls] the HTTP, [Breaker] and [Budget] what keeps it within bounds.
@NullMarked
package dev.remanence.mind.llm;

import org.jspecify.annotations.NullMarked;
