package dev.remanence;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer to a [Query]: hits, best first; whether more were found than the limits let through;
/// what asks for the next of them; and what each leg of the search looked at.
///
/// Pages are ranked in the state that the first one saw, whatever is written meanwhile: a later
/// page repeats nothing and passes over nothing, and shows memories as they were then. Only what
/// was forgotten or erased meanwhile is left out.
///
/// @param cursor for [Query#after]; null where nothing more was found, or where the next hit alone
///   is beyond `maxTokens`
public record Recall(List<Hit> hits, boolean truncated, @Nullable String cursor, Json.Obj legs) {}
