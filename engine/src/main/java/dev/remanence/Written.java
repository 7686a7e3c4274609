package dev.remanence;

import java.util.UUID;

/// A change that is on disk: the memory and the number of its newest revision.
public record Written(UUID id, int revision) {}
