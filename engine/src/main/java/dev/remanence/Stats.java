package dev.remanence;

import java.util.Map;

/// Numbers of a store. `kinds` counts current memories by kind; `imageBytes` is what is derived and
/// kept for opening fast.
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
    long imageBytes,
    long contentBytes,
    long storedBytes,
    long freeBytes) {}
