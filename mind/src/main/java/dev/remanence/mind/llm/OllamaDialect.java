package dev.remanence.mind.llm;

import dev.remanence.Json;
import dev.remanence.RemanenceException.InvalidInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ollama's own chat, whose `format` takes a schema.
record OllamaDialect() implements Dialect {
  /// Without it the server cuts a prompt at a few thousand tokens and says nothing.
  private static final int CONTEXT_TOKENS = 16_384;

  @Override
  public String path() {
    return "/api/chat";
  }

  @Override
  public List<String> headers(@Nullable String key) {
    return key == null ? List.of() : List.of("Authorization", "Bearer " + key);
  }

  @Override
  public Json.Obj request(
      String model, String instructions, List<Said> said, Schema schema, boolean plain) {
    var options =
        Json.object()
            .put("num_ctx", CONTEXT_TOKENS)
            .put("num_predict", ANSWER_TOKENS_MAX)
            .put("temperature", 0)
            .build();
    return Json.object()
        .put("model", model)
        .put("messages", Dialect.messages(instructions, said))
        .put("stream", false)
        .put("format", schema.shape())
        .put("options", options)
        .build();
  }

  @Override
  public Answer answer(Json.Obj body) {
    long in = Dialect.count(body, "prompt_eval_count");
    long out = Dialect.count(body, "eval_count");
    if ("length".equals(body.string("done_reason"))) {
      return new Declined("the answer was too long", in, out);
    }
    var message = body.object("message");
    var text = message == null ? null : message.string("content");
    if (text == null) {
      throw new InvalidInput("its message has no content");
    }
    return new Text(text, in, out);
  }
}
