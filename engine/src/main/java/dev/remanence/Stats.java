package dev.remanence;

import java.util.Map;

/// Numbers of a store. `kinds` counts current memories by kind.
public record Stats(
    long memories,
    long forgotten,
    long erased,
    long revisions,
    long scopes,
    long commits,
    Map<Kind, Long> kinds,
    long journalBytes,
    long walBytes,
    long contentBytes,
    long storedBytes,
    long freeBytes) {}
