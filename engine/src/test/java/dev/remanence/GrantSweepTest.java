package dev.remanence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.NotFound;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every method of a store and of its views, before callers who lack one verb, or are granted
/// another scope. A method that stands in no list here fails the test.
final class GrantSweepTest {
  private static final String SCOPE = "acme/a";

  private static final Map<Verb, Set<String>> STORE =
      Map.of(
          Verb.WRITE,
          Set.of(
              "remember",
              "rememberAll",
              "supersede",
              "revise",
              "link",
              "unlink",
              "forget",
              "revert",
              "curate",
              "branch",
              "merge"),
          Verb.ERASE,
          Set.of("erase", "eraseScope"),
          Verb.READ,
          Set.of(
              "get", "recall", "context", "similar", "list", "range", "stream", "history", "diff",
              "watch"),
          Verb.ADMIN,
          Set.of(
              "sessions",
              "verify",
              "backup",
              "scheduleBackups",
              "compact",
              "eraseFromBackups",
              "stats",
              "exportTo",
              "importFrom",
              "embedMissing",
              "saveAnchor"));

  private static final Map<Verb, Set<String>> ASSEMBLIES =
      Map.of(
          Verb.WRITE,
          Set.of("put", "add", "remove", "forget"),
          Verb.READ,
          Set.of("get", "list", "members", "composites", "similar"));

  private static final Map<Verb, Set<String>> FACTS =
      Map.of(
          Verb.WRITE,
          Set.of("set", "add", "remove"),
          Verb.READ,
          Set.of("get", "list", "history", "prompt"));

  private static final Map<Verb, Set<String>> TURNS =
      Map.of(Verb.WRITE, Set.of("add"), Verb.READ, Set.of("list"));
  private static final Map<Verb, Set<String>> CONFLICTS =
      Map.of(Verb.WRITE, Set.of("resolve"), Verb.READ, Set.of("get", "list", "open"));

  /// A view of a scope, and what its methods want.
  private record View(
      Class<?> type, Map<Verb, Set<String>> table, Function<Remanence, Object> of) {}

  private static final List<View> VIEWS =
      List.of(
          new View(Assemblies.class, ASSEMBLIES, store -> store.assemblies(SCOPE)),
          new View(Facts.class, FACTS, store -> store.facts(SCOPE)),
          new View(Turns.class, TURNS, store -> store.turns(SCOPE)),
          new View(Conflicts.class, CONFLICTS, store -> store.conflicts(SCOPE)));

  /// What wants nothing, answers less, or is asked about below.
  private static final Set<String> OTHERS =
      Set.of(
          "status",
          "close",
          "scope",
          "assemblies",
          "facts",
          "turns",
          "conflicts",
          "scopes",
          "session",
          "undo");

  @TempDir private Path directory;
  private Remanence store;
  private UUID id;

  @BeforeEach
  void open() {
    store =
        Remanence.open(
            directory.resolve("store"), OpenOptions.DEFAULT.embedder("none").shared(false));
    store.remember(SCOPE, Draft.of("has a key").key("key"));
    id = remember("tea");
    store.branch(id, "b", null, null);
    store.assemblies(SCOPE).put(AssemblyDraft.of("name").members(id));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private UUID remember(String text) {
    return store.remember(SCOPE, Draft.of(text).vector(new float[] {1, 0})).id();
  }

  private static Verb verb(Map<Verb, Set<String>> table, Method method) {
    return table.entrySet().stream()
        .filter(row -> row.getValue().contains(method.getName()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new AssertionError("what does this want? " + method));
  }

  private static List<Method> methods(Class<?> type, Set<String> without) {
    var methods =
        Stream.of(type.getMethods())
            .filter(method -> !Modifier.isStatic(method.getModifiers()))
            .filter(method -> !without.contains(method.getName()))
            .toList();
    assertThat(methods).isNotEmpty();
    return methods;
  }

  private Remanence caller(Set<Verb> verbs, String pattern) {
    return store.session(Caller.of("sweep").grant(new Grant(verbs, List.of(pattern))));
  }

  private static Set<Verb> allBut(Verb verb) {
    return EnumSet.complementOf(EnumSet.of(verb));
  }

  @Test
  void everyMethod_withoutItsVerb_isRefused() {
    for (var method : methods(Remanence.class, OTHERS)) {
      var verb = verb(STORE, method);
      try (var few = caller(allBut(verb), "**")) {
        assertThat(failure(method, few)).as(method.toString()).isInstanceOf(Forbidden.class);
      }
    }
    for (var view : VIEWS) {
      for (var method : methods(view.type, Set.of())) {
        try (var few = caller(allBut(verb(view.table, method)), "**")) {
          assertThat(failure(method, view.of.apply(few)))
              .as(method.toString())
              .isInstanceOf(Forbidden.class);
        }
      }
    }
  }

  /// A memory elsewhere is not there; a scope elsewhere is refused, and so is what concerns the
  /// whole store.
  @Test
  void everyMethod_inAnotherScope_isRefused() {
    for (var pattern : List.of("other/**", "acme", "acme/a/*", "acme/b")) {
      try (var stranger = caller(EnumSet.allOf(Verb.class), pattern)) {
        for (var method : methods(Remanence.class, OTHERS)) {
          assertThat(failure(method, stranger))
              .as(pattern + " " + method)
              .isInstanceOf(isOfId(method) ? NotFound.class : Forbidden.class);
        }
        for (var view : VIEWS) {
          for (var method : methods(view.type, Set.of())) {
            assertThat(failure(method, view.of.apply(stranger)))
                .as(pattern + " " + method)
                .isInstanceOf(isOfId(method) ? NotFound.class : Forbidden.class);
          }
        }
        assertThat(stranger.scopes(null)).isEmpty();
        assertThat(stranger.scopes(SCOPE)).isEmpty();
      }
    }
  }

  private static boolean isOfId(Method method) {
    return method.getParameterTypes().length > 0 && method.getParameterTypes()[0] == UUID.class;
  }

  /// The sweep would prove nothing if its calls failed for another reason.
  @Test
  void everyMethod_withItsVerb_isNotRefused() {
    var refused = new TreeSet<String>();
    for (var method : methods(Remanence.class, OTHERS)) {
      var verb = verb(STORE, method);
      store.remember(SCOPE, Draft.of("has a key").key("key"));
      id = remember(method.toString());
      store.branch(id, "b", null, null);
      store.link(id, "supports", id);
      var pattern = verb == Verb.ADMIN ? "**" : "acme/*";
      try (var able = caller(EnumSet.of(verb, Verb.READ), pattern)) {
        if (failure(method, able) != null) {
          refused.add(method + ": " + failure(method, able));
        }
      }
      store.assemblies(SCOPE).put(AssemblyDraft.of("name").members(remember("another")));
    }
    for (var view : VIEWS) {
      for (var method : methods(view.type, Set.of())) {
        id = remember(method.toString());
        store.assemblies(SCOPE).put(AssemblyDraft.of("name").members(id));
        keepFact(method.getName().equals("add") || method.getName().equals("remove"));
        if (view.type == Conflicts.class) {
          id = conflict(method.getName());
        }
        try (var able = caller(EnumSet.of(verb(view.table, method), Verb.READ), "acme/*")) {
          var failure = failure(method, view.of.apply(able));
          if (failure != null) {
            refused.add(method + ": " + failure);
          }
        }
      }
    }
    assertThat(refused).isEmpty();
  }

  private void keepFact(boolean many) {
    store.forget(SCOPE, Filter.ALL.withKeyPrefix("key"), false, null);
    if (many) {
      store.facts(SCOPE).add("key", Json.of("value"));
    } else {
      store.facts(SCOPE).set("key", "value");
    }
  }

  /// A value that a less trusted source told beside one that holds.
  private UUID conflict(String key) {
    store.facts(SCOPE).set(key, "told");
    var doubtful = new Provenance(null, null, null, null, null, 0.1, null, null);
    return store
        .facts(SCOPE)
        .set(Draft.of("doubted " + key).key(key).provenance(doubtful))
        .conflicts()
        .getFirst();
  }

  @Test
  void aSession_isGrantedNoMoreThanTheOneItComesFrom() {
    try (var few = caller(EnumSet.allOf(Verb.class), "acme/**")) {
      assertThat(failure(() -> few.session(Caller.of("more")))).isInstanceOf(Forbidden.class);
    }
    try (var blind = caller(allBut(Verb.READ), "**")) {
      assertThat(failure(() -> blind.session(Caller.of("more")))).isInstanceOf(Forbidden.class);
      assertThat(blind.scopes(null)).isEmpty();
    }
  }

  private static @Nullable RemanenceException failure(Runnable call) {
    try {
      call.run();
      return null;
    } catch (RemanenceException e) {
      return e;
    }
  }

  private @Nullable RemanenceException failure(Method method, Object target) {
    var parameters = method.getParameters();
    var arguments = new @Nullable Object[parameters.length];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = argument(parameters[i].getType(), parameters[i].getName());
    }
    try {
      var result = method.invoke(target, arguments);
      if (result instanceof Watch watch) {
        watch.close();
      }
      return null;
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof RemanenceException failure) {
        return failure;
      }
      throw new AssertionError(method.toString(), thrown.getCause());
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /// What each parameter is given, by its type and, where that is not enough, by its name.
  private @Nullable Object argument(Class<?> type, String name) {
    if (type == String.class) {
      return switch (name) {
        case "scope" -> SCOPE;
        case "type" -> "supports";
        case "from" -> "b";
        case "into" -> AsOf.MAIN;
        case "key", "value" -> name;
        case "name" -> "name";
        case "reason", "message" -> null;
        default -> throw new AssertionError(name);
      };
    }
    if (type == UUID.class && name.equals("before")) {
      return null;
    }
    var values = new HashSet<Object>();
    values.add(id);
    values.addAll(
        List.of(
            AsOf.NOW,
            Draft.of("new").key("k").at(Instant.now()),
            new Patch().importance(0.7),
            Filter.kind(Kind.GHOST),
            Query.of("tea"),
            Listing.FIRST,
            Range.of(null, null),
            Retention.FOREVER,
            ImportOptions.DEFAULT,
            Facts.Listing.ALL,
            new Turn[] {Turn.user("new")},
            Turns.Keeping.DURABLE,
            ContextQuestion.NONE,
            Curation.Options.DEFAULT,
            Conflicts.Listing.ALL,
            Resolution.dismiss(),
            Json.of("value"),
            AssemblyDraft.of("name"),
            Similar.to(new float[] {1, 0}),
            directory.resolve(name)));
    if (type == boolean.class) {
      return false;
    } else if (type == int.class) {
      return 1;
    } else if (type == List.class) {
      return name.equals("turns") ? List.of(Turn.user("new")) : List.of(Draft.of("new"));
    } else if (type == Collection.class) {
      return List.of(id);
    } else if (type == Consumer.class) {
      return (Consumer<WatchEvent>) _ -> {};
    } else if (type == Remanence.Progress.class) {
      return Remanence.Progress.NONE;
    } else if (type == OutputStream.class) {
      return new ByteArrayOutputStream();
    } else if (type == InputStream.class) {
      return new ByteArrayInputStream(new byte[0]);
    } else if (Set.of(Integer.class, Long.class, Remanence.Prefer.class, BackupSchedule.class)
            .contains(type)
        || name.equals("anchor")) {
      return null;
    }
    return values.stream()
        .filter(Objects::nonNull)
        .filter(type::isInstance)
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing to give for " + type));
  }
}
