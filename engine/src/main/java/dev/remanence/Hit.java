package dev.remanence;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One answer of a recall: the memory, its score, and, when asked for, the parts that add up to the
/// score by name, and what was said around it.
///
/// @param before of a turn, the turns before it in its session, oldest first
/// @param after the turns after it
public record Hit(
    Memory memory, double score, Json.@Nullable Obj why, List<Memory> before, List<Memory> after) {
  Hit(Memory memory, double score) {
    this(memory, score, null, List.of(), List.of());
  }
}
