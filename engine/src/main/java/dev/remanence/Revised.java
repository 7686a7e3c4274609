package dev.remanence;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One line of a memory's history: who changed what, when, through what and why. `memory` is the
/// value that the revision recorded; it is null where the revision records none (forget, erase) or
/// where its content was erased.
public record Revised(
    UUID id,
    int revision,
    Change change,
    String branch,
    List<Integer> parents,
    Instant recordedAt,
    @Nullable String session,
    @Nullable String tool,
    @Nullable String message,
    String site,
    long sequence,
    String hash,
    boolean erased,
    @Nullable Memory memory) {}
