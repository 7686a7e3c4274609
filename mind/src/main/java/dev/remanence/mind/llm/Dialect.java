package dev.remanence.mind.llm;

import dev.remanence.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an endpoint is spoken to: what is sent, and where the answer lies in what comes back. Reads
/// nothing but JSON and does no I/O.
sealed interface Dialect permits OpenAiDialect, OllamaDialect, AnthropicDialect {
  /// More than any answer that is asked for needs.
  int ANSWER_TOKENS_MAX = 4096;

  /// What follows the address of the setting.
  String path();

  /// The headers that carry a key, names and values in turn.
  List<String> headers(@Nullable String key);

  /// What is sent.
  ///
  /// @param plain without what an endpoint may not know
  Json.Obj request(
      String model, String instructions, List<Said> said, Schema schema, boolean plain);

  /// Whether an endpoint that refuses a request as malformed may take its plain form.
  default boolean hasPlain() {
    return false;
  }

  /// The answer in a body. Throws the family's errors where the body is not as agreed.
  Answer answer(Json.Obj body);

  /// A message of the conversation with the model.
  record Said(boolean byModel, String text) {}

  /// What came.
  sealed interface Answer {
    /// Tokens that were sent, as the server counts them; -1 where it does not.
    long tokensIn();

    long tokensOut();
  }

  record Text(String text, long tokensIn, long tokensOut) implements Answer {}

  /// The model answered that it will not answer, or could not end.
  record Declined(String why, long tokensIn, long tokensOut) implements Answer {}

  /// A count in a server's answer, within reason; -1 where there is none.
  static long count(Json.@Nullable Obj usage, String name) {
    return usage != null
            && usage.get(name) instanceof Json.Num(double number)
            && number >= 0
            && number <= 1e9
        ? (long) number
        : -1;
  }

  /// The messages as OpenAI's and Ollama's servers take them.
  static Json.Arr messages(String instructions, List<Said> said) {
    var messages = new ArrayList<Json>();
    messages.add(message("system", instructions));
    said.forEach(each -> messages.add(message(each.byModel ? "assistant" : "user", each.text)));
    return Json.array(messages);
  }

  static Json.Obj message(String role, String text) {
    return Json.object().put("role", role).put("content", text).build();
  }
}
