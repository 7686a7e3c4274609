package dev.remanence.mind.extract;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where the text came from: what provenance will tell of facts.
///
/// @param session in which it was said, or null
/// @param source a pointer to the text, to which the offsets of the words are added; or null
/// @param said when
/// @param memory the memory that holds the text, or null; facts are linked to it as derived from it
public record Origin(
    @Nullable String session, @Nullable String source, Instant said, @Nullable UUID memory) {}
