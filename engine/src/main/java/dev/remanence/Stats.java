package dev.remanence;

import java.util.Map;

/// Numbers of a store.
///
/// @param kinds current memories by kind
/// @param imageBytes what is derived and kept for opening fast
/// @param vectors contents by the model that computed a vector of them, the past included
/// @param vectorsWaiting contents that have no vector of the model in use yet, nor one that was
///   given
/// @param vectorsRefused those of which the embedder did not take the text; it is asked again at
///   the next opening
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
    long freeBytes,
    Map<String, Long> vectors,
    long vectorsWaiting,
    long vectorsRefused) {}
