package dev.remanence.mind.judge;

import dev.remanence.Json;
import dev.remanence.mind.llm.By;
import org.jspecify.annotations.Nullable;

/// What should become of a turn, and why.
///
/// @param id of the turn, as it was given
/// @param reason for people to read
/// @param text to `COMPRESS`, what takes its place; to `PROMOTE`, words of the turn, as they are in
///   it; else null
public record Verdict(String id, Action action, String reason, @Nullable String text, By by) {
  public Verdict {
    assert (text != null) == (action == Action.COMPRESS || action == Action.PROMOTE);
  }

  /// `{id, action, reason, text?, by}`.
  public Json.Obj toJson() {
    var json = Json.object().put("id", id).put("action", action.name()).put("reason", reason);
    if (text != null) {
      json.put("text", text);
    }
    return json.put("by", by.word()).build();
  }
}
