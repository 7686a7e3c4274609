package dev.remanence;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Part of a longer answer. The cursor asks for the next part; null ends it.
public record Page(List<Memory> memories, @Nullable String cursor) {}
