package dev.remanence.daemon.protocol;

import static dev.remanence.daemon.protocol.Method.Group.READING;
import static dev.remanence.daemon.protocol.Parameter.choice;
import static dev.remanence.daemon.protocol.Parameter.optional;
import static dev.remanence.daemon.protocol.Parameter.required;
import static dev.remanence.daemon.protocol.Parameter.standard;

import dev.remanence.AsOf;
import dev.remanence.Json;
import dev.remanence.Limits;
import dev.remanence.Listing;
import dev.remanence.Query;
import dev.remanence.Range;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.Similar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The methods that only look: `get`, `recall`, `similar`, `list`, `range`, `stream`, `scopes`,
/// `sessions`.
final class ReadMethods {
  static final Parameter KNOWN_AT = optional("knownAt", Type.TIME, "what the store knew then");
  static final Parameter VALID_AT = optional("validAt", Type.TIME, "what was true then");
  static final Parameter FILTER =
      optional("filter", Type.FILTER, "which memories the question is about");
  static final Parameter CURSOR =
      optional("cursor", Type.TEXT, "from the page before, for the next one");
  static final Parameter INHERIT =
      optional("inherit", Type.BOOLEAN, "ask the scope's ancestors and `global` too");

  private ReadMethods() {}

  static List<Method> methods() {
    return List.of(
        Method.of(
            "get",
            READING,
            "Answers one memory, by id, or by key from the scope or its nearest ancestor.",
            List.of(
                optional("id", Type.ID, "the memory; this or `key`"),
                optional("key", Type.TEXT, "its name within the scope; this or `id`"),
                standard("scope", Type.SCOPE, "global", "where the key is looked up first"),
                KNOWN_AT,
                VALID_AT,
                standard("branch", Type.TEXT, "main", "of which branch")),
            "a memory",
            ReadMethods::get),
        Method.of(
            "recall",
            READING,
            "Answers the memories that fit a question, best first.",
            List.of(
                standard("scope", Type.SCOPE, "global", "who asks"),
                required("query", Type.TEXT, "the question, in words"),
                standard("limit", Type.INTEGER, "10", "at most so many hits"),
                FILTER,
                KNOWN_AT,
                VALID_AT,
                optional("maxTokens", Type.INTEGER, "at most so many tokens of text in all"),
                optional("explain", Type.BOOLEAN, "with the parts of each score"),
                standard(
                    "inherit", Type.BOOLEAN, "true", "ask the scope's ancestors and `global` too"),
                optional(
                    "vector",
                    Type.NUMBERS,
                    "the question as your own model sees it, for vectors that you gave"),
                CURSOR,
                standard(
                    "neighbours",
                    Type.INTEGER,
                    "0",
                    "of each hit that is a turn, so many turns before and after it, up to 5")),
            "{hits[{memory, score, why?, before?[], after?[]}], truncated, cursor?, legs{}}",
            ReadMethods::recall),
        Method.of(
            "similar",
            READING,
            "Answers what is near in meaning to a memory, a text or a vector, nearest first.",
            List.of(
                standard("scope", Type.SCOPE, "global", "whose memories"),
                optional("id", Type.ID, "near to this memory"),
                optional("text", Type.TEXT, "near to this text"),
                optional(
                    "vector", Type.NUMBERS, "near to this vector, among vectors that you gave"),
                standard("threshold", Type.NUMBER, "0", "the least cosine, from -1 to 1"),
                standard("limit", Type.INTEGER, "10", "at most so many hits"),
                FILTER,
                INHERIT),
            "{hits[{memory, score}]}",
            ReadMethods::similar),
        Method.of(
            "list",
            READING,
            "Answers the current memories of a scope, page by page, newest or greatest first.",
            List.of(
                standard("scope", Type.SCOPE, "global", "whose memories"),
                INHERIT,
                FILTER,
                choice("order", "updated", Params.words(Listing.Order.class), "what comes first"),
                standard("limit", Type.INTEGER, "50", "memories a page"),
                CURSOR),
            "{memories[], cursor?}",
            ReadMethods::list),
        Method.of(
            "range",
            READING,
            "Answers the memories of a span of time, oldest first.",
            List.of(
                standard("scope", Type.SCOPE, "global", "whose memories"),
                optional("from", Type.TIME, "from this moment on"),
                optional("to", Type.TIME, "before this moment"),
                choice(
                    "by", "at", Params.words(Range.By.class), "when it happened, or was recorded"),
                standard("limit", Type.INTEGER, "50", "memories a page"),
                CURSOR,
                FILTER,
                INHERIT),
            "{memories[], cursor?}",
            ReadMethods::range),
        Method.of(
            "stream",
            READING,
            "Goes through all memories of a scope, page by page, oldest first, scope by scope. What is"
                + " changed on the way comes again.",
            List.of(
                standard("scope", Type.SCOPE, "global", "whose memories"),
                optional("recursive", Type.BOOLEAN, "its descendants' too"),
                FILTER,
                standard("limit", Type.INTEGER, "50", "memories a page"),
                CURSOR),
            "{memories[], cursor?}",
            ReadMethods::stream),
        Method.of(
            "scopes",
            READING,
            "Lists the scopes of the store.",
            List.of(optional("below", Type.SCOPE, "only this scope's descendants")),
            "{scopes[{scope, memories}]}",
            ReadMethods::scopes),
        Method.of(
            "sessions",
            READING,
            "Lists the sittings of tools with the store.",
            List.of(),
            "{sessions[{session, tool, pid, startedAt, endedAt?}]}",
            (store, _, _) -> Answers.sessions(store.sessions())));
  }

  private static Json get(Remanence store, Params params, Progress progress) {
    var id = params.optionalId("id");
    var key = params.optionalText("key");
    var asOf = asOf(params, params.optionalText("branch"));
    if (key != null && id == null) {
      return Answers.memory(store.get(params.scope(), key, asOf));
    }
    if (id == null || key != null) {
      var found = id == null ? "neither" : "both";
      throw new InvalidInput(
          "one of id and key is required; found " + found, "field", "id", "found", found);
    }
    var scope = params.optionalText("scope");
    var memory = store.get(id, asOf);
    if (scope != null && !memory.scope().equals(Limits.scope(scope))) {
      throw WriteMethods.otherScope(scope);
    }
    return Answers.memory(memory);
  }

  static AsOf asOf(Params params, @Nullable String branch) {
    return new AsOf(
        params.optionalTime("knownAt"),
        params.optionalTime("validAt"),
        branch == null ? AsOf.MAIN : branch);
  }

  private static Json recall(Remanence store, Params params, Progress progress) {
    var limit = params.optionalInteger("limit");
    var inherit = params.optionalFlag("inherit");
    var neighbours = params.optionalInteger("neighbours");
    return Answers.recall(
        store.recall(
            params.scope(),
            new Query(
                params.text("query"),
                limit == null ? 10 : limit,
                Filters.read(params),
                asOf(params, null),
                params.optionalInteger("maxTokens"),
                params.flag("explain"),
                inherit == null || inherit,
                params.optionalVector("vector"),
                params.optionalText("cursor"),
                neighbours == null ? 0 : neighbours)));
  }

  private static Json similar(Remanence store, Params params, Progress progress) {
    return Answers.hits(store.similar(params.scope(), near(params)));
  }

  static Similar near(Params params) {
    var limit = params.optionalInteger("limit");
    var threshold = params.optionalNumber("threshold");
    return new Similar(
        params.optionalId("id"),
        params.optionalText("text"),
        params.optionalVector("vector"),
        threshold == null ? 0 : threshold,
        limit == null ? 10 : limit,
        Filters.read(params),
        params.flag("inherit"));
  }

  private static Json list(Remanence store, Params params, Progress progress) {
    return Answers.page(store.list(params.scope(), listing(params)));
  }

  static Listing listing(Params params) {
    var limit = params.optionalInteger("limit");
    return new Listing(
        Filters.read(params),
        params.choice("order", Listing.Order.UPDATED),
        limit == null ? 50 : limit,
        params.optionalText("cursor"),
        params.flag("inherit"));
  }

  private static Json range(Remanence store, Params params, Progress progress) {
    var limit = params.optionalInteger("limit");
    return Answers.page(
        store.range(
            params.scope(),
            new Range(
                params.optionalTime("from"),
                params.optionalTime("to"),
                params.choice("by", Range.By.AT),
                limit == null ? 50 : limit,
                params.optionalText("cursor"),
                Filters.read(params),
                params.flag("inherit"))));
  }

  private static Json stream(Remanence store, Params params, Progress progress) {
    var limit = params.optionalInteger("limit");
    return Answers.page(
        Streaming.page(
            store,
            params.scope(),
            Filters.read(params),
            params.flag("recursive"),
            limit == null ? 50 : limit,
            params.optionalText("cursor")));
  }

  private static Json scopes(Remanence store, Params params, Progress progress) {
    var below = params.optionalText("below");
    return Answers.scopes(store.scopes(below == null ? null : Limits.scope(below)));
  }
}
