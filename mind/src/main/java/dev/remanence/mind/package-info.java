/// What thinks about memories and may use a model for it: extraction, judgement, conversation
/// policies, the sandbox. It stands on the engine's public surface alone, and the daemon on it.
@NullMarked
package dev.remanence.mind;

import org.jspecify.annotations.NullMarked;
