package dev.remanence.mind.llm;

import dev.remanence.Json;
import dev.remanence.RemanenceException;
import java.util.regex.Pattern;

/// Reads what a model said, strictly: the whole of it is one JSON value of the schema, or one code
/// fence with such a value in it.
final class Answers {
  private static final Pattern FENCE =
      Pattern.compile("```[a-zA-Z]{0,10}[ \t]*\r?\n(.*?)\r?\n?```", Pattern.DOTALL);

  private Answers() {}

  sealed interface Read {}

  record Fits(Json.Obj answer) implements Read {}

  /// @param error says what was expected; it repeats nothing of what came
  record Misfits(String error) implements Read {}

  static Read read(String text, Schema.Obj schema) {
    var stripped = text.strip();
    var fence = FENCE.matcher(stripped);
    Json json;
    try {
      json = Json.parse(fence.matches() ? fence.group(1) : stripped);
    } catch (RemanenceException _) {
      return new Misfits("$: expected one JSON object and nothing else");
    }
    var error = schema.error(json);
    return error == null && json instanceof Json.Obj object
        ? new Fits(object)
        : new Misfits(error == null ? "$: expected an object" : error);
  }
}
