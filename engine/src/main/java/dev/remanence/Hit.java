package dev.remanence;

import org.jspecify.annotations.Nullable;

/// One answer of a recall: the memory, its score, and, when asked for, the parts that add up to the
/// score by name.
public record Hit(Memory memory, double score, Json.@Nullable Obj why) {}
