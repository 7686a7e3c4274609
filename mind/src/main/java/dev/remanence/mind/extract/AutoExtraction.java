package dev.remanence.mind.extract;

import dev.remanence.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What `autoExtract` answers.
///
/// @param stored what became of each fact, in the same order; empty where nothing was to be stored
/// @param error why it did not succeed, or null
public record AutoExtraction(
    boolean success, List<Extracted> facts, List<Stored> stored, @Nullable String error) {
  public AutoExtraction {
    facts = List.copyOf(facts);
    stored = List.copyOf(stored);
  }

  public int count() {
    return facts.size();
  }

  /// The memories that hold the facts, each once.
  public List<UUID> ids() {
    var ids = new ArrayList<UUID>();
    for (var each : stored) {
      if (each.id() != null && !ids.contains(each.id())) {
        ids.add(each.id());
      }
    }
    return ids;
  }

  /// `{success, facts, count, stored, entity_ids}`, or `{success, error}`.
  public Json.Obj toJson() {
    if (error != null) {
      return Json.object().put("success", false).put("error", error).build();
    }
    return Json.object()
        .put("success", success)
        .put("facts", Json.array(facts.stream().map(Extracted::toJson).toList()))
        .put("count", count())
        .put("stored", !stored.isEmpty())
        .put("entity_ids", Json.array(ids().stream().map(id -> Json.of(id.toString())).toList()))
        .build();
  }
}
