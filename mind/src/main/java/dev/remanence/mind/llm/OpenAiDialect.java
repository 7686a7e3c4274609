package dev.remanence.mind.llm;

import dev.remanence.Json;
import dev.remanence.RemanenceException.InvalidInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Chat completions, as OpenAI and many servers speak them. The plain form leaves the schema to the
/// instructions and names the limit of tokens as older servers do.
record OpenAiDialect() implements Dialect {
  @Override
  public String path() {
    return "/chat/completions";
  }

  @Override
  public List<String> headers(@Nullable String key) {
    return key == null ? List.of() : List.of("Authorization", "Bearer " + key);
  }

  @Override
  public boolean hasPlain() {
    return true;
  }

  @Override
  public Json.Obj request(
      String model, String instructions, List<Said> said, Schema schema, boolean plain) {
    var request =
        Json.object()
            .put("model", model)
            .put("messages", Dialect.messages(instructions, said))
            .put("stream", false);
    if (plain) {
      return request.put("max_tokens", ANSWER_TOKENS_MAX).build();
    }
    var form =
        Json.object().put("name", "answer").put("strict", true).put("schema", schema.shape());
    return request
        .put("max_completion_tokens", ANSWER_TOKENS_MAX)
        .put(
            "response_format",
            Json.object().put("type", "json_schema").put("json_schema", form.build()).build())
        .build();
  }

  @Override
  public Answer answer(Json.Obj body) {
    var choices = body.array("choices");
    if (choices == null
        || choices.items().isEmpty()
        || !(choices.items().getFirst() instanceof Json.Obj choice)) {
      throw new InvalidInput("it has no choices");
    }
    var message = choice.object("message");
    var usage = body.object("usage");
    long in = Dialect.count(usage, "prompt_tokens");
    long out = Dialect.count(usage, "completion_tokens");
    var end = choice.string("finish_reason");
    var refusal = message == null ? null : message.string("refusal");
    if (refusal != null && !refusal.isEmpty()) {
      return new Declined("the model refused", in, out);
    }
    if ("content_filter".equals(end)) {
      return new Declined("the answer was filtered", in, out);
    }
    if ("length".equals(end)) {
      return new Declined("the answer was too long", in, out);
    }
    var text = message == null ? null : message.string("content");
    if (text == null) {
      throw new InvalidInput("its message has no content");
    }
    return new Text(text, in, out);
  }
}
