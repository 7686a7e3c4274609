package dev.remanence.daemon.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.AssemblyDraft;
import dev.remanence.Draft;
import dev.remanence.Json;
import dev.remanence.Link;
import dev.remanence.Listing;
import dev.remanence.Patch;
import dev.remanence.daemon.protocol.Method;
import dev.remanence.daemon.protocol.Parameter;
import dev.remanence.daemon.protocol.Protocol;
import dev.remanence.daemon.protocol.Type;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No grant is crossed: every method of the store, by JSON-RPC and by every route, with grants of
/// every set of verbs on several patterns, asked for what lies elsewhere. What must hold:
/// 1. No answer holds a text, a tag, an id or a revision of what lies elsewhere. The links of a
///    memory that may be seen, and so an assembly's members, are its own content, and tell ids;
///    following one leads nowhere.
/// 2. An answer about an id, a key or a name of elsewhere is the answer about one that never was.
/// 3. A scope that may not be seen is refused alike, whether it exists or not.
/// 4. A verb that was not granted changes nothing, here or elsewhere.
/// 5. What lies elsewhere is the same after the walk.
final class ScopeWalkTest {
  /// In everything that lies elsewhere.
  private static final String MARK = "ELSEWHERE";

  private static final String HERE = "acme/a";
  private static final String UNKNOWN = "019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42";

  /// The second of each pair does not exist.
  private static final List<List<String>> SCOPES =
      List.of(
          List.of("acme/b", "acme/z"),
          List.of("acme", "acmf"),
          List.of("global", "globak"),
          List.of("acme/ab", "acme/az"),
          List.of("other/deep", "other/none"));

  private static final List<List<String>> PATTERNS =
      List.of(List.of("acme/a"), List.of("acme/a/**"), List.of("*/a", "nowhere/**"));

  private static final List<String> EVERY = List.of("read", "write", "erase", "admin");

  /// Each verb alone, those of a usual token, and all of them.
  private static final List<List<String>> VERBS =
      List.of(
          List.of("read"),
          List.of("write"),
          List.of("erase"),
          List.of("admin"),
          List.of("read", "write"),
          EVERY);

  private static final float[] VECTOR = {0.6f, 0.8f};

  @TempDir private Path directory;
  private Served served;
  private final Map<String, UUID> elsewhere = new LinkedHashMap<>();
  private UUID own;
  private String cursor;

  @BeforeEach
  void serve() {
    served = new Served(directory);
    own = served.store.remember(HERE, Draft.of("mine tea").key("mine").vector(VECTOR)).id();
    served.store.revise(own, new Patch().text("mine green tea").vector(VECTOR));
    for (var pair : SCOPES) {
      var scope = pair.getFirst();
      for (int i = 0; i < 3; i++) {
        var draft = Draft.of(MARK + " tea " + i + " " + scope).tags(List.of(MARK)).vector(VECTOR);
        var id = served.store.remember(scope, i == 0 ? draft.key("secret") : draft).id();
        elsewhere.put(scope + i, id);
      }
      var first = at(scope);
      served.store.revise(first, new Patch().text(MARK + " green tea").vector(VECTOR));
      served.store.link(first, "supports", own);
      served.store.assemblies(scope).put(AssemblyDraft.of("theirs").members(List.of(first)));
    }
    served
        .store
        .assemblies(HERE)
        .put(AssemblyDraft.of("ours").members(List.of(own, at("acme/b"), at("global"))));
    var page = new Listing(Listing.FIRST.filter(), Listing.FIRST.order(), 1, null, false);
    cursor = Objects.requireNonNull(served.store.list("acme/b", page).cursor());
  }

  @AfterEach
  void close() {
    served.close();
  }

  private UUID at(String scope) {
    return Objects.requireNonNull(elsewhere.get(scope + 0));
  }

  @Test
  void walk_crossesNoGrant() {
    var before = state();
    for (var patterns : PATTERNS) {
      for (var verbs : patterns.equals(PATTERNS.getFirst()) ? VERBS : List.of(EVERY)) {
        var secret = served.token("walk", String.join(",", verbs), patterns.toArray(String[]::new));
        walk(secret, verbs);
      }
    }
    assertThat(state()).isEqualTo(before);
  }

  /// All that is elsewhere, as an owner sees it. Uses and strength change with time.
  private String state() {
    var all = new StringBuilder();
    for (var id : elsewhere.values()) {
      served
          .store
          .history(id)
          .forEach(revised -> all.append(revised.id()).append(revised.revision()).append(' '));
    }
    for (var pair : SCOPES) {
      served
          .store
          .list(pair.getFirst(), Listing.FIRST)
          .memories()
          .forEach(memory -> all.append(memory.id()).append(memory.text()).append('\n'));
      all.append(
          served.store.scopes(null).stream()
              .filter(scope -> !scope.scope().startsWith("acme/a/") && !scope.scope().equals(HERE))
              .toList());
    }
    return all.toString();
  }

  private void walk(String secret, List<String> verbs) {
    for (var method : Protocol.METHODS) {
      if (method.isForOpenStore()) {
        for (var pair : SCOPES) {
          var there = pair.getFirst();
          compare(secret, verbs, method, HERE, at(there).toString(), "secret", "theirs", HERE);
          compare(secret, verbs, method, there, UNKNOWN, "nothing", "nobody", pair.getLast());
        }
      }
    }
  }

  /// Asks for what is elsewhere, then the same way for what never was.
  private void compare(
      String secret,
      List<String> verbs,
      Method method,
      String scope,
      String id,
      String key,
      String name,
      String otherScope) {
    for (boolean many : new boolean[] {false, true}) {
      var asked = params(method, scope, id, key, name, many);
      var never = params(method, otherScope, UNKNOWN, "nothing", "nobody", many);
      var answers = List.of(rpc(secret, method, asked), rpc(secret, method, never));
      check(method, verbs, asked, answers, List.of(scope, id, key, name), otherScope);
      for (var route : Routes.ALL) {
        if (route.method().equals(method)
            || (route.instead() != null && method.equals(route.instead()))) {
          check(
              method,
              verbs,
              asked,
              List.of(rest(secret, route, method, asked), rest(secret, route, method, never)),
              List.of(scope, id, key, name),
              otherScope);
        }
      }
    }
  }

  private void check(
      Method method,
      List<String> verbs,
      Map<String, Json> asked,
      List<String> answers,
      List<String> words,
      String otherScope) {
    var what = method.name() + " " + asked + " as " + verbs + ": " + answers;
    assertThat(answers.getFirst()).as(what).doesNotContain(MARK);
    for (var id : elsewhere.values()) {
      if (!id.toString().equals(words.get(1))) {
        assertThat(withoutLinks(answers.getFirst())).as(what).doesNotContain(id.toString());
      }
    }
    if (!verbs.contains(method.verb().name().toLowerCase(Locale.ROOT))) {
      assertThat(answers.getFirst()).as(what).containsAnyOf("Forbidden", "NotFound");
    }
    boolean isAboutElsewhere =
        !words.getFirst().equals(HERE) || asked.containsKey("id") || asked.containsKey("from");
    if (method.name().equals("scopes")) {
      for (var pair : SCOPES) {
        assertThat(answers.getFirst()).as(what).doesNotContain("\"" + pair.getFirst() + "\"");
      }
    } else if (isAboutElsewhere) {
      assertThat(plain(answers.getFirst(), words))
          .as(what)
          .isEqualTo(plain(answers.getLast(), List.of(otherScope, UNKNOWN, "nothing", "nobody")));
    }
  }

  private static String withoutLinks(String answer) {
    return answer.replaceAll("\"(links|members)\":\\[[^]]*]", "");
  }

  private static String plain(String answer, List<String> words) {
    var plain = answer;
    for (var word : words) {
      plain = plain.replace("'" + word + "'", "WORD").replace("\"" + word + "\"", "WORD");
      plain = plain.replace(" " + word, " WORD");
    }
    return plain.replace("assembly:" + words.getLast(), "WORD");
  }

  /// Whether `id` is one to be, and not one that is asked for.
  private static boolean isNew(Method method) {
    return method.name().startsWith("remember")
        || method.name().equals("supersede")
        || method.name().equals("facts.set");
  }

  /// @param many whether optional parameters are given too
  private Map<String, Json> params(
      Method method, String scope, String id, String key, String name, boolean many) {
    var params = new LinkedHashMap<String, Json>();
    for (var parameter : method.parameters()) {
      var value = value(method, parameter, scope, id, key, name, many);
      if (value != null) {
        params.put(parameter.name(), value);
      }
    }
    return params;
  }

  private @Nullable Json value(
      Method method,
      Parameter parameter,
      String scope,
      String id,
      String key,
      String name,
      boolean many) {
    boolean isSearch = method.name().endsWith("similar");
    boolean isGet = method.name().equals("get");
    boolean needsScope = parameter.type() == Type.SCOPE;
    return switch (parameter.name()) {
      case "id" -> isNew(method) || (isGet && many) || (isSearch && !many) ? null : Json.of(id);
      case "from" ->
          switch (method.name()) {
            case "diff" -> many ? Json.of(1) : null;
            case "merge" -> Json.of("draft");
            default -> isTime(parameter) ? null : Json.of(id);
          };
      case "to" ->
          switch (method.name()) {
            case "diff" -> many ? Json.of(2) : null;
            case "link", "unlink" -> Json.of(own.toString());
            default -> null;
          };
      case "scope" ->
          method.parameter("id") != null && !isSearch && !(isGet && many) && !isNew(method)
              ? null
              : Json.of(scope);
      case "below" -> many && needsScope ? Json.of(scope) : null;
      case "key" -> (isGet && many) || method.name().startsWith("facts") ? Json.of(key) : null;
      case "value" -> Json.of("mine");
      case "dismiss" -> Json.of(true);
      case "name" -> Json.of(method.name().startsWith("assemblies") ? name : "draft");
      case "members" -> Json.array(List.of(Json.of(id)));
      case "type" -> Json.of("supports");
      case "query" -> Json.of("tea " + MARK.toLowerCase(Locale.ROOT));
      case "text" -> isSearch ? null : Json.of("mine and new");
      case "revision" -> Json.of(1);
      case "role" -> Json.of("user");
      case "before" -> many ? Json.of(id) : null;
      case "memories" -> Json.array(List.of(Json.parse("{\"text\":\"mine\"}")));
      case "vector" -> isSearch && !many ? Json.parse("[0.6, 0.8]") : null;
      case "links" ->
          many
              ? Json.array(List.of(Json.object().put("type", "supports").put("to", id).build()))
              : null;
      case "inherit", "recursive", "bodies", "composite", "explain" -> many ? Json.of(true) : null;
      case "cursor" -> many ? Json.of(cursor) : null;
      case "file" -> Json.of(directory.resolve("file").toString());
      default -> null;
    };
  }

  private static boolean isTime(Parameter parameter) {
    return parameter.type() != Type.ID && parameter.type() != Type.TEXT;
  }

  private String rpc(String secret, Method method, Map<String, Json> params) {
    var request =
        Json.object()
            .put("jsonrpc", "2.0")
            .put("id", 1)
            .put("method", method.name())
            .put("params", new Json.Obj(params))
            .build();
    return served.as(secret, "POST", "/rpc", request.toString()).body();
  }

  private String rest(String secret, Route route, Method method, Map<String, Json> given) {
    var params = new LinkedHashMap<>(given);
    var path = route.path();
    for (var name : route.variables()) {
      var value = params.remove(name);
      path = path.replace("{" + name + "}", encoded(value == null ? Json.of(UNKNOWN) : value));
    }
    if (route.hasBody()) {
      return served.as(secret, route.verb(), path, new Json.Obj(params).toString()).body();
    }
    var query = new ArrayList<String>();
    params.forEach((name, value) -> {
      if (value instanceof Json.Arr(var items) && name.equals("members")) {
        items.forEach(item -> query.add(name + "=" + encoded(item)));
      } else {
        query.add(name + "=" + encoded(value));
      }
    });
    if (route.instead() != null && route.instead().equals(method)) {
      query.add(method.name() + "=true");
    }
    return served.as(secret, route.verb(), path + "?" + String.join("&", query), "").body();
  }

  private static String encoded(Json value) {
    var text = value instanceof Json.Str(var string) ? string : value.toString();
    return URLEncoder.encode(text, UTF_8);
  }

  @Test
  void whatInherits_seesOnlyWhatIsGranted() {
    var secret = served.token("few", "read", HERE);
    for (var path :
        List.of(
            "/v1/recall?scope=acme/a&query=tea",
            "/v1/memories?scope=acme/a&inherit=true",
            "/v1/range?scope=acme/a&inherit=true",
            "/v1/similar?scope=acme/a&inherit=true&vector=%5B0.6,0.8%5D",
            "/v1/assemblies?scope=acme/a&inherit=true",
            "/v1/assemblies/ours?scope=acme/a&bodies=true&composite=true",
            "/v1/scopes",
            "/v1/memories/" + own + "/history")) {
      var body = served.as(secret, "GET", path, "").body();
      assertThat(body).as(path).doesNotContain(MARK).doesNotContain("error");
      elsewhere
          .values()
          .forEach(id -> assertThat(withoutLinks(body)).as(path).doesNotContain(id.toString()));
    }
    var all = served.token("all", "read", "**");
    assertThat(served.as(all, "GET", "/v1/recall?scope=acme/a&query=tea", "").body())
        .contains(MARK);
  }

  @Test
  void batches_doAllOrNone() {
    var secret = served.token("few", "read,write", HERE);
    var foreign = at("acme/b");
    var answer =
        served.as(
            secret,
            "POST",
            "/rpc",
            "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"get\",\"params\":{\"id\":\""
                + own
                + "\"}},{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"get\",\"params\":{\"id\":\""
                + foreign
                + "\"}}]");
    assertThat(answer.body()).contains("mine green tea").doesNotContain(MARK).contains("NotFound");
  }

  @Test
  void anIdThatIsTaken_tellsNotWhere() {
    var secret = served.token("few", "read,write", HERE);
    var answer =
        served.as(
            secret,
            "POST",
            "/v1/memories",
            "{\"scope\":\"acme/a\",\"text\":\"x\",\"id\":\"" + at("other/deep") + "\"}");
    assertThat(answer.body()).doesNotContain(MARK).doesNotContain("other/deep");
    assertThat(served.store.get(at("other/deep")).scope()).isEqualTo("other/deep");
    assertThat(served.store.get(at("other/deep")).links())
        .isEqualTo(List.of(new Link("supports", own)));
  }
}
