package dev.remanence.mind.llm;

import dev.remanence.Json;
import dev.remanence.RemanenceException.InvalidInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Anthropic's messages. The answer is the input of a tool that the model must use, so it comes as
/// JSON; the tool is never run.
record AnthropicDialect() implements Dialect {
  private static final String TOOL = "answer";

  @Override
  public String path() {
    return "/v1/messages";
  }

  @Override
  public List<String> headers(@Nullable String key) {
    return key == null
        ? List.of("anthropic-version", "2023-06-01")
        : List.of("anthropic-version", "2023-06-01", "x-api-key", key);
  }

  @Override
  public Json.Obj request(
      String model, String instructions, List<Said> said, Schema schema, boolean plain) {
    var tool =
        Json.object()
            .put("name", TOOL)
            .put("description", "Takes the answer.")
            .put("input_schema", schema.json())
            .build();
    return Json.object()
        .put("model", model)
        .put("max_tokens", ANSWER_TOKENS_MAX)
        .put("system", instructions)
        .put(
            "messages",
            Json.array(
                said.stream()
                    .map(
                        each -> Dialect.message(each.byModel() ? "assistant" : "user", each.text()))
                    .toList()))
        .put("tools", Json.array(List.of(tool)))
        .put("tool_choice", Json.object().put("type", "tool").put("name", TOOL).build())
        .build();
  }

  @Override
  public Answer answer(Json.Obj body) {
    var usage = body.object("usage");
    long in = Dialect.count(usage, "input_tokens");
    long out = Dialect.count(usage, "output_tokens");
    var stop = body.string("stop_reason");
    if ("refusal".equals(stop)) {
      return new Declined("the model refused", in, out);
    }
    if ("max_tokens".equals(stop)) {
      return new Declined("the answer was too long", in, out);
    }
    var content = body.array("content");
    for (var each : content == null ? List.<Json>of() : content.items()) {
      if (each instanceof Json.Obj block
          && "tool_use".equals(block.string("type"))
          && TOOL.equals(block.string("name"))) {
        var input = block.object("input");
        return new Text(input == null ? "" : input.toString(), in, out);
      }
    }
    throw new InvalidInput("it does not use the tool " + TOOL);
  }
}
