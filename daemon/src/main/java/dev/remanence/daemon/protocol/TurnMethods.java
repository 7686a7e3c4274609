package dev.remanence.daemon.protocol;

import static dev.remanence.daemon.protocol.Method.Group.CONVERSATION;
import static dev.remanence.daemon.protocol.Parameter.optional;
import static dev.remanence.daemon.protocol.Parameter.required;
import static dev.remanence.daemon.protocol.Parameter.standard;

import dev.remanence.ContextQuestion;
import dev.remanence.Json;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.Tokenizer;
import dev.remanence.Turn;
import dev.remanence.Turns.Keeping;
import java.util.List;

/// The methods `turns.*` and `context`: what was said, and what should be read now.
final class TurnMethods {
  private static final Parameter ROLE =
      required("role", Type.TEXT, "who spoke: user, assistant, system, tool");
  private static final Parameter TEXT = required("text", Type.TEXT, "what was said");
  private static final Parameter SPEAKER = optional("speaker", Type.TEXT, "their name");
  private static final Parameter AT =
      optional("at", Type.TIME, "when it was said; now if not told");

  /// What each item of `turns` has.
  private static final List<Parameter> TURN = List.of(ROLE, SPEAKER, TEXT, AT);

  private TurnMethods() {}

  static List<Method> methods() {
    return List.of(
        Method.of(
            "turns.add",
            CONVERSATION,
            "Adds one message of a conversation, or several in one commit. None is taken for a repeat"
                + " of another.",
            List.of(
                WriteMethods.SCOPE,
                optional("role", Type.TEXT, ROLE.doc()),
                optional("text", Type.TEXT, TEXT.doc()),
                SPEAKER,
                AT,
                optional(
                    "turns",
                    Type.TURNS,
                    "several, each with role, speaker, text and at, in place of these"),
                standard(
                    "durable",
                    Type.BOOLEAN,
                    "true",
                    "whether they are kept on disk, or in the owner's memory alone"),
                optional("defer", Type.BOOLEAN, "do not wait for vectors; they follow soon")),
            "{results[{id, revision, outcome, nearDuplicates[], conflicts[], durable}]}",
            TurnMethods::add),
        Method.of(
            "turns.list",
            CONVERSATION,
            "Answers the latest messages of a scope, oldest first.",
            List.of(
                standard("scope", Type.SCOPE, "global", "whose turns"),
                standard("limit", Type.INTEGER, "50", "turns a page"),
                optional("before", Type.ID, "from the page before, for the turns before its own")),
            "{turns[memory], before?}",
            TurnMethods::list),
        Method.of(
            "context",
            CONVERSATION,
            "Answers what should be read now, within a number of tokens: pinned memories, facts, the"
                + " latest turns, and what answers a query.",
            List.of(
                standard("scope", Type.SCOPE, "global", "for which scope, with what it inherits"),
                optional("query", Type.TEXT, "what is to be recalled; nothing is without it"),
                standard("maxTokens", Type.INTEGER, "2000", "of the text"),
                standard(
                    "tokenizer",
                    Type.TEXT,
                    "estimate",
                    "what counts: estimate, o200k_base, cl100k_base")),
            "{text, parts[{section, reason, memories[id], tokens}], tokens, tokenizer}",
            TurnMethods::context));
  }

  private static Json add(Remanence store, Params params, Progress progress) {
    var many = params.optionalObjects("turns", Type.TURNS, TURN);
    if ((many == null) == (params.optionalText("text") == null)) {
      throw new InvalidInput("give one turn's role and text, or turns", "field", "turns");
    }
    if (many == null && params.optionalText("role") == null) {
      throw new InvalidInput("role is required: user, assistant, system or tool", "field", "role");
    }
    var turns =
        many == null ? List.of(turn(params)) : many.stream().map(TurnMethods::turn).toList();
    boolean durable = !params.has("durable") || params.flag("durable");
    var keeping =
        durable ? params.flag("defer") ? Keeping.DEFERRED : Keeping.DURABLE : Keeping.VOLATILE;
    return Answers.results(store.turns(params.scope()).add(turns, keeping));
  }

  private static Turn turn(Params params) {
    return new Turn(
        params.text("role"),
        params.optionalText("speaker"),
        params.text("text"),
        params.optionalTime("at"));
  }

  private static Json list(Remanence store, Params params, Progress progress) {
    var limit = params.optionalInteger("limit");
    return Answers.turns(
        store.turns(params.scope()).list(limit == null ? 50 : limit, params.optionalId("before")));
  }

  private static Json context(Remanence store, Params params, Progress progress) {
    var question = ContextQuestion.of(params.optionalText("query"));
    var maxTokens = params.optionalInteger("maxTokens");
    if (maxTokens != null) {
      question = question.maxTokens(maxTokens);
    }
    var tokenizer = params.optionalText("tokenizer");
    if (tokenizer != null) {
      question = question.tokenizer(Tokenizer.of(tokenizer));
    }
    return Answers.context(store.context(params.scope(), question));
  }
}
