package dev.remanence;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A revision as [Remanence#watch] tells of it: that it is there, and nothing of what it says.
///
/// @param position in the journal; a watch that begins at it goes on with the next
/// @param session of who made it; null where nobody is recorded
public record WatchEvent(
    long position,
    UUID id,
    String scope,
    int revision,
    Change change,
    Instant recordedAt,
    @Nullable String session,
    @Nullable String tool) {}
