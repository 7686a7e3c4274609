package dev.remanence.daemon.protocol;

import static dev.remanence.daemon.protocol.Method.Group.FACTS;
import static dev.remanence.daemon.protocol.Parameter.optional;
import static dev.remanence.daemon.protocol.Parameter.required;
import static dev.remanence.daemon.protocol.Parameter.standard;
import static java.util.Objects.requireNonNull;

import dev.remanence.Draft;
import dev.remanence.Facts;
import dev.remanence.Json;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Progress;
import java.util.ArrayList;
import java.util.List;

/// The methods `facts.*`: what holds under a key, and since when.
final class FactMethods {
  private static final Parameter KEY = required("key", Type.TEXT, "whose value it is");
  private static final Parameter VALUE = required("value", Type.VALUE, "a text or any JSON value");
  private static final Parameter ONE_VALUE = required("value", Type.VALUE, "one of the values");
  private static final Parameter NEAREST =
      standard("scope", Type.SCOPE, "global", "where the key is looked up first");
  private static final Parameter MEMORY =
      optional("memory", Type.BOOLEAN, "with the memory that the fact is");

  private static final String SHAPE =
      "{key, value, many, scope, id, at, until?, revision, updatedAt, pinned, confidence?}";

  private FactMethods() {}

  static List<Method> methods() {
    return List.of(
        Method.of(
            "facts.set",
            FACTS,
            "Sets what holds from a moment on. What held before is ended, not replaced; the value that"
                + " holds already is confirmed.",
            draft(),
            WriteMethods.REMEMBERED,
            FactMethods::set),
        Method.of(
            "facts.add",
            FACTS,
            "Adds a value to a fact that has many, or declares one.",
            List.of(WriteMethods.SCOPE, KEY, ONE_VALUE),
            WriteMethods.REMEMBERED,
            (store, params, _) ->
                Answers.remembered(
                    facts(store, params)
                        .add(params.text("key"), requireNonNull(params.json("value"))))),
        Method.of(
            "facts.remove",
            FACTS,
            "Takes a value from a fact that has many.",
            List.of(WriteMethods.SCOPE, KEY, ONE_VALUE),
            WriteMethods.REMEMBERED,
            (store, params, _) ->
                Answers.remembered(
                    facts(store, params)
                        .remove(params.text("key"), requireNonNull(params.json("value"))))),
        Method.of(
            "facts.get",
            FACTS,
            "Answers what holds under a key now, or at another moment, in the scope or its nearest"
                + " ancestor.",
            List.of(
                NEAREST,
                KEY,
                ReadMethods.KNOWN_AT,
                ReadMethods.VALID_AT,
                standard("branch", Type.TEXT, "main", "of which branch"),
                MEMORY),
            "a fact: " + SHAPE + ", and memory when asked for",
            (store, params, _) ->
                Answers.fact(
                    facts(store, params)
                        .get(
                            params.text("key"),
                            ReadMethods.asOf(params, params.optionalText("branch"))),
                    params.flag("memory"))),
        Method.of(
            "facts.list",
            FACTS,
            "Answers what holds now, in the order of the keys, page by page.",
            List.of(
                standard("scope", Type.SCOPE, "global", "whose facts"),
                optional("prefix", Type.TEXT, "with which keys begin"),
                optional(
                    "inherit",
                    Type.BOOLEAN,
                    "those of the scope's ancestors and `global` too, of each key the nearest"),
                standard("limit", Type.INTEGER, "50", "facts a page"),
                optional("after", Type.TEXT, "from the page before, for the next one"),
                MEMORY),
            "{facts[fact], after?}",
            FactMethods::list),
        Method.of(
            "facts.history",
            FACTS,
            "Answers every revision of the memory that has the key, oldest first.",
            List.of(
                standard("scope", Type.SCOPE, "global", "whose fact"),
                KEY,
                HistoryMethods.LIMIT,
                ReadMethods.CURSOR),
            "{revisions[], cursor?}, as `history` answers",
            (store, params, _) ->
                HistoryMethods.page(facts(store, params).history(params.text("key")), params)),
        Method.of(
            "facts.prompt",
            FACTS,
            "Renders what holds now for a model to read, a line a fact, with what the scope inherits.",
            List.of(
                standard("scope", Type.SCOPE, "global", "whose facts"),
                optional("maxTokens", Type.INTEGER, "at most so many tokens of text")),
            "{text}",
            (store, params, _) ->
                new Shape()
                    .put("text", facts(store, params).prompt(params.optionalInteger("maxTokens")))
                    .build()));
  }

  /// What a memory to be has, with a key that must be given and one field for the value.
  private static List<Parameter> draft() {
    var draft = new ArrayList<>(List.of(WriteMethods.SCOPE, KEY, VALUE));
    WriteMethods.DRAFT.stream()
        .filter(each -> !List.of("text", "content", "key", "speaker").contains(each.name()))
        .forEach(draft::add);
    return draft;
  }

  private static Facts facts(Remanence store, Params params) {
    return store.facts(params.scope());
  }

  private static Json set(Remanence store, Params params, Progress progress) {
    var draft =
        params.json("value") instanceof Json.Str(var text)
            ? Draft.of(text)
            : Draft.of(requireNonNull(params.json("value")));
    return Answers.remembered(facts(store, params).set(WriteMethods.fill(draft, params)));
  }

  private static Json list(Remanence store, Params params, Progress progress) {
    var limit = params.optionalInteger("limit");
    return Answers.facts(
        facts(store, params)
            .list(
                new Facts.Listing(
                    params.optionalText("prefix"),
                    params.flag("inherit"),
                    limit == null ? 50 : limit,
                    params.optionalText("after"))),
        params.flag("memory"));
  }
}
