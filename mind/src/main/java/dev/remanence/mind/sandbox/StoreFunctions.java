package dev.remanence.mind.sandbox;

import dev.remanence.AsOf;
import dev.remanence.Draft;
import dev.remanence.Facts;
import dev.remanence.Json;
import dev.remanence.Limits;
import dev.remanence.Listing;
import dev.remanence.Memory;
import dev.remanence.Query;
import dev.remanence.Range;
import dev.remanence.Remanence;
import dev.remanence.Remanence.ScopeInfo;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.Remembered;
import dev.remanence.Similar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// The store's operations as functions for guests, on a store that carries the caller's grant. What
/// the grant does not allow is `Forbidden` in the program too. Nothing erases.
public final class StoreFunctions {
  private final Remanence store;
  private final String scope;

  private StoreFunctions(Remanence store, String scope) {
    this.store = store;
    this.scope = Limits.scope(scope);
  }

  /// All of them.
  ///
  /// @param store as the caller of the program may use it
  /// @param scope where a function looks and writes unless it is told
  public static List<HostFunction> of(Remanence store, String scope) {
    var functions = new StoreFunctions(store, scope);
    var all = new ArrayList<HostFunction>();
    all.addAll(functions.writing());
    all.addAll(functions.reading());
    all.addAll(functions.facts());
    all.addAll(functions.entities());
    return List.copyOf(all);
  }

  private HostFunction function(
      String name, List<String> parameters, Function<StoreRequest, Json> body) {
    return new HostFunction(
        name, parameters, arguments -> body.apply(new StoreRequest(arguments, scope)));
  }

  private static List<String> scoped(List<String> parameters) {
    var all = new ArrayList<>(parameters);
    all.add("scope");
    return all;
  }

  private List<HostFunction> writing() {
    return List.of(
        function(
            "remember",
            scoped(StoreRequest.DRAFT),
            request -> StoreAnswers.remembered(store.remember(request.scope(), request.draft()))),
        function(
            "supersede",
            scoped(StoreRequest.DRAFT),
            request -> StoreAnswers.remembered(store.supersede(request.scope(), request.draft()))),
        function(
            "revise",
            StoreRequest.PATCH,
            request -> StoreAnswers.written(store.revise(request.id("id"), request.patch()))),
        function(
            "link",
            List.of("source", "type", "to"),
            request ->
                StoreAnswers.written(
                    store.link(request.id("source"), request.text("type"), request.id("to")))),
        function(
            "unlink",
            List.of("source", "type", "to"),
            request ->
                StoreAnswers.written(
                    store.unlink(request.id("source"), request.text("type"), request.id("to")))),
        function("forget", List.of("id", "reason", "filter", "recursive", "scope"), this::forget));
  }

  private Json forget(StoreRequest request) {
    var id = request.optionalId("id");
    var reason = request.arguments().string("reason");
    if ((id == null) == (request.arguments().get("filter") == null)) {
      throw new InvalidInput("one of id and filter is required", "field", "id");
    }
    int forgotten =
        id != null
            ? store.forget(id, reason)
            : store.forget(
                request.scope(), request.filter(), request.flag("recursive", false), reason);
    return Json.object().put("forgotten", forgotten).build();
  }

  private List<HostFunction> reading() {
    return List.of(
        function("get", List.of("id", "key", "scope", "knownAt", "validAt"), this::get),
        function(
            "recall",
            List.of(
                "query",
                "limit",
                "filter",
                "scope",
                "knownAt",
                "validAt",
                "maxTokens",
                "explain",
                "inherit",
                "cursor",
                "neighbours"),
            this::recall),
        function(
            "similar",
            List.of("text", "limit", "id", "threshold", "filter", "scope", "inherit"),
            request ->
                StoreAnswers.hits(
                    store.similar(
                        request.scope(),
                        new Similar(
                            request.optionalId("id"),
                            request.arguments().string("text"),
                            null,
                            request.number("threshold", 0),
                            request.integer("limit", 10),
                            request.filter(),
                            request.flag("inherit", false))))),
        function(
            "list_memories",
            List.of("filter", "limit", "order", "cursor", "scope", "inherit"),
            request ->
                StoreAnswers.page(
                    store.list(
                        request.scope(),
                        new Listing(
                            request.filter(),
                            order(request),
                            request.integer("limit", 50),
                            request.arguments().string("cursor"),
                            request.flag("inherit", false))))),
        function(
            "range_memories",
            List.of("start", "end", "by", "limit", "filter", "cursor", "scope", "inherit"),
            request ->
                StoreAnswers.page(
                    store.range(
                        request.scope(),
                        new Range(
                            request.time("start"),
                            request.time("end"),
                            "recorded".equals(request.arguments().string("by"))
                                ? Range.By.RECORDED
                                : Range.By.AT,
                            request.integer("limit", 50),
                            request.arguments().string("cursor"),
                            request.filter(),
                            request.flag("inherit", false))))),
        function(
            "history",
            List.of("id"),
            request -> StoreAnswers.history(store.history(request.id("id")))),
        function(
            "scopes",
            List.of("below"),
            request -> StoreAnswers.scopes(store.scopes(request.arguments().string("below")))));
  }

  private static AsOf asOf(StoreRequest request) {
    return new AsOf(request.time("knownAt"), request.time("validAt"), AsOf.MAIN);
  }

  private Json get(StoreRequest request) {
    var id = request.optionalId("id");
    var key = request.arguments().string("key");
    if (id != null && key == null) {
      return StoreAnswers.memory(store.get(id, asOf(request)));
    }
    if (key != null && id == null) {
      return StoreAnswers.memory(store.get(request.scope(), key, asOf(request)));
    }
    throw new InvalidInput("one of id and key is required", "field", "id");
  }

  private Json recall(StoreRequest request) {
    var tokens = request.arguments().number("maxTokens");
    return StoreAnswers.recall(
        store.recall(
            request.scope(),
            new Query(
                request.text("query"),
                request.integer("limit", 10),
                request.filter(),
                asOf(request),
                tokens == null ? null : (Integer) request.integer("maxTokens", 0),
                request.flag("explain", false),
                request.flag("inherit", true),
                null,
                request.arguments().string("cursor"),
                request.integer("neighbours", 0))));
  }

  private static Listing.Order order(StoreRequest request) {
    var word = request.arguments().string("order");
    for (var order : Listing.Order.values()) {
      if (word != null && order.name().toLowerCase(Locale.ROOT).equals(word)) {
        return order;
      }
    }
    if (word != null) {
      throw new InvalidInput(
          "order is one of updated, created, at, importance, strength", "field", "order");
    }
    return Listing.Order.UPDATED;
  }

  private List<HostFunction> facts() {
    return List.of(
        function(
            "facts_set",
            scoped(
                List.of(
                    "key",
                    "value",
                    "kind",
                    "tags",
                    "metadata",
                    "importance",
                    "pinned",
                    "at",
                    "until")),
            request -> {
              request.text("key");
              return StoreAnswers.remembered(store.facts(request.scope()).set(request.factDraft()));
            }),
        function(
            "facts_get",
            List.of("key", "scope", "knownAt", "validAt"),
            request ->
                StoreAnswers.fact(
                    store.facts(request.scope()).get(request.text("key"), asOf(request)))),
        function(
            "facts_list",
            List.of("prefix", "limit", "after", "scope", "inherit"),
            request ->
                StoreAnswers.facts(
                    store
                        .facts(request.scope())
                        .list(
                            new Facts.Listing(
                                request.arguments().string("prefix"),
                                request.flag("inherit", false),
                                request.integer("limit", 50),
                                request.arguments().string("after"))))));
  }

  // Entities, for programs that were written for a memory of them: keyed memories whose content is
  // {name, type, observations}

  private List<HostFunction> entities() {
    return List.of(
        function(
            "search_nodes",
            List.of("query", "limit", "scope"),
            request -> {
              var query = Query.of(request.text("query")).limit(request.integer("limit", 10));
              var hits = store.recall(request.scope(), query).hits();
              return StoreAnswers.list(hits, hit -> entity(hit.memory()));
            }),
        function("create_entities", List.of("entities", "scope"), this::createEntities),
        function("get_memory_status", List.of(), _ -> status()));
  }

  private static Json entity(Memory memory) {
    var content = memory.content() instanceof Json.Obj object ? object : null;
    var fields = Json.object().put("id", memory.id().toString());
    fields.put("name", memory.key() == null ? memory.id().toString() : memory.key());
    for (var name : List.of("type", "observations")) {
      var value = content == null ? null : content.get(name);
      var plain =
          name.equals("type")
              ? Json.of(memory.kind().word())
              : Json.array(List.of(Json.of(memory.body())));
      fields.put(name, value == null ? plain : value);
    }
    return fields.build();
  }

  private Json createEntities(StoreRequest request) {
    var array = request.arguments().array("entities");
    if (array == null) {
      throw new InvalidInput("entities is required", "field", "entities");
    }
    var drafts = new ArrayList<Draft>();
    var names = new ArrayList<String>();
    for (var item : array.items()) {
      if (!(item instanceof Json.Obj entity) || entity.string("name") == null) {
        throw new InvalidInput(
            "an entity is {name, entityType, observations[]}", "field", "entities");
      }
      var name = String.valueOf(entity.string("name"));
      names.add(name);
      drafts.add(Draft.of(content(entity, name)).key(name));
    }
    var remembered =
        drafts.isEmpty() ? List.<Remembered>of() : store.rememberAll(request.scope(), drafts);
    var results = new ArrayList<Json>();
    for (int i = 0; i < remembered.size(); i++) {
      results.add(
          Json.object()
              .put("name", names.get(i))
              .put("action", remembered.get(i).outcome().word())
              .put("id", remembered.get(i).id().toString())
              .build());
    }
    return Json.object().put("success", true).put("results", Json.array(results)).build();
  }

  private static Json content(Json.Obj entity, String name) {
    var fields = Json.object().put("name", name);
    for (var alias : List.of("entityType", "entity_type", "type")) {
      if (entity.string(alias) != null) {
        fields.put("type", String.valueOf(entity.string(alias)));
        break;
      }
    }
    var observations = entity.array("observations");
    return fields
        .put("observations", observations == null ? Json.array(List.of()) : observations)
        .build();
  }

  private Json status() {
    var scopes = store.scopes(null);
    return Json.object()
        .put("success", true)
        .put("total_entities", scopes.stream().mapToLong(ScopeInfo::memories).sum())
        .put("scopes", scopes.size())
        .build();
  }
}
