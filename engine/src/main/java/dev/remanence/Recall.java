package dev.remanence;

import java.util.List;

/// The answer to a [Query]: hits, best first; whether more were found than the limits let through;
/// and what each leg of the search looked at.
public record Recall(List<Hit> hits, boolean truncated, Json.Obj legs) {}
