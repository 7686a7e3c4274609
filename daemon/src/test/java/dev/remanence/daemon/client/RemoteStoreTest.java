package dev.remanence.daemon.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remanence.AsOf;
import dev.remanence.Assemblies;
import dev.remanence.AssemblyDraft;
import dev.remanence.BackupErasure;
import dev.remanence.BackupSchedule;
import dev.remanence.Caller;
import dev.remanence.ConflictRecord;
import dev.remanence.Conflicts;
import dev.remanence.ContextQuestion;
import dev.remanence.Curation;
import dev.remanence.Draft;
import dev.remanence.Facts;
import dev.remanence.Filter;
import dev.remanence.Filter.Op;
import dev.remanence.Grant;
import dev.remanence.ImportOptions;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Limits;
import dev.remanence.Listing;
import dev.remanence.Memory;
import dev.remanence.Page;
import dev.remanence.Patch;
import dev.remanence.Provenance;
import dev.remanence.Query;
import dev.remanence.Range;
import dev.remanence.Remanence;
import dev.remanence.Remanence.Prefer;
import dev.remanence.Remanence.Progress;
import dev.remanence.RemanenceException;
import dev.remanence.RemanenceException.Conflict;
import dev.remanence.RemanenceException.CorruptStore;
import dev.remanence.RemanenceException.Forbidden;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.RemanenceException.StoreClosed;
import dev.remanence.RemanenceException.TooLarge;
import dev.remanence.RemanenceException.Unavailable;
import dev.remanence.Resolution;
import dev.remanence.Retention;
import dev.remanence.Similar;
import dev.remanence.Tokenizer;
import dev.remanence.Turn;
import dev.remanence.Turns;
import dev.remanence.Turns.Keeping;
import dev.remanence.Verb;
import dev.remanence.Watch;
import dev.remanence.WatchEvent;
import dev.remanence.testkit.TestClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A remote store answers as the embedded one does. Every call below goes to both; [Twins] compares
/// what comes of it, so that a test here mostly has to make the calls.
final class RemoteStoreTest {
  private static final String ANNA = "acme/user:anna";
  private static final UUID NOBODY = UUID.fromString("019aa2f3-6f0e-7c11-8a57-3f1f6d1c9b42");
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Json.Obj ODD_JSON =
      (Json.Obj)
          Json.parse(
              """
              {"": null, "list": [null, [], {}, [null, {"a": null}]], "big": 9007199254740991,
               "bigger": 295147905179352830000, "less": -1.5e-300, "third": 0.3333333333333333,
               "text": "\\u0000 \\u2028 \\" \\\\ 日本 😀", "true": true}
              """);

  @TempDir private Path temp;
  private final TestClock clock = new TestClock(NOON);
  private Twins twins;
  private Remanence store;

  @BeforeEach
  void open() throws IOException {
    twins = new Twins(temp, "none", clock, 7);
    store = twins.both();
  }

  @AfterEach
  void close() {
    twins.close();
  }

  private void refused(Class<? extends RemanenceException> type, Runnable call) {
    assertThatThrownBy(call::run).isExactlyInstanceOf(type);
  }

  /// The last line of defence: a method of the interface that no call here reaches is one that
  /// nobody knows to work over a wire.
  @Test
  void everyMethod_isAnsweredAlike() throws IOException {
    write();
    read();
    keepHistory();
    assemble();
    keepFacts();
    talk();
    resolve();
    sit();
    watch();
    care();
    export();
    store.close();
    assertThat(twins.uncalled(Remanence.class)).isEmpty();
    assertThat(twins.uncalled(Assemblies.class)).isEmpty();
    assertThat(twins.uncalled(Facts.class)).isEmpty();
    assertThat(twins.uncalled(Turns.class)).isEmpty();
    assertThat(twins.uncalled(Conflicts.class)).isEmpty();
  }

  private UUID remember(Draft draft) {
    clock.advance(1000);
    return store.remember(ANNA, draft).id();
  }

  private static Draft full() {
    return Draft.of("Anna prefers tea")
        .kind(Kind.EPISODIC)
        .key("drink")
        .speaker("Ännä 😀")
        .tags("drinks", "日本")
        .metadata(ODD_JSON)
        .importance(0.1)
        .pinned(true)
        .link("supports", NOBODY)
        .at(NOON.minusSeconds(86_400).plusNanos(1_999_999))
        .until(NOON.plus(Duration.ofDays(400)))
        .ttl(Duration.ofDays(30).plusNanos(5))
        .provenance(
            new Provenance("s 1", "a tool", "page\n3", NOON, "by hand", 1 / 3.0, NOON, NOBODY))
        .vector(new float[] {0.1f, -0f, Float.MIN_VALUE, -Float.MAX_VALUE, 1, 0, 0, 0})
        .id(UUID.fromString("0189aa2f-0000-4000-8000-000000000001"));
  }

  // Writing

  private void write() {
    var id = remember(full());
    store.get(id);
    // What is not told again stays; what is told as nothing goes.
    remember(Draft.of("Anna prefers green tea").key("drink"));
    assertThat(store.get(id).tags()).hasSize(2);
    remember(Draft.of("Anna prefers black tea").key("drink").tags().links(List.of()).pinned(false));
    assertThat(store.get(id).tags()).isEmpty();
    remember(Draft.of("Anna prefers black tea").key("drink").metadata(Json.object().build()));

    remember(Draft.of(ODD_JSON));
    remember(Draft.of(Json.array(List.of())));
    remember(Draft.of(Json.of(0.1 + 0.2)));
    remember(Draft.of(Json.parse("[".repeat(64) + "]".repeat(64))));
    remember(Draft.of("x".repeat(Limits.CONTENT_BYTES_MAX)).defer(true));
    remember(Draft.of("\u0000 control \u001f and 日本 😀 and \u2028"));
    store.rememberAll(
        "acme", List.of(Draft.of("one"), Draft.of("two").tags("x"), Draft.of("one").tags("y")));
    clock.advance(1);
    store.supersede(ANNA, Draft.of("Berlin").key("city").at(NOON.minusSeconds(1000)));
    store.supersede(ANNA, Draft.of("Rome").key("city").at(NOON));
    refused(InvalidInput.class, () -> store.supersede(ANNA, Draft.of("Rome")));

    revise(id);
    var other = remember(Draft.of("Anna is at home"));
    store.link(other, "supports", id);
    store.link(other, "supports", id);
    store.unlink(other, "supports", id);
    refused(NotFound.class, () -> store.unlink(other, "supports", id));
    refused(InvalidInput.class, () -> store.link(other, " ", id));
    refused(NotFound.class, () -> store.link(NOBODY, "supports", id));

    store.forget(other, "no longer \"true\"");
    store.forget(other, null);
    refused(NotFound.class, () -> store.forget(NOBODY, null));
    store.forget("acme", Filter.tagged("x"), false, null);
    store.forget("acme", Filter.ALL, true, "all");
    store.erase(id, null);
    refused(NotFound.class, () -> store.erase(NOBODY, "why"));
    store.remember("lab/a", Draft.of("a"));
    store.remember("lab", Draft.of("b"));
    store.eraseScope("lab", true, "asked to");
    refused(NotFound.class, () -> store.eraseScope("lab", false, null));
  }

  private void revise(UUID id) {
    clock.advance(10);
    store.revise(id, new Patch().text("Anna drinks tea").message("she said so"));
    store.revise(id, new Patch().content(ODD_JSON).kind(Kind.SOLITON).ifRevision(5));
    store.revise(
        id,
        new Patch()
            .speaker("Bert")
            .tags(List.of("a"))
            .metadata(ODD_JSON)
            .importance(1)
            .pinned(true)
            .links(List.of(new dev.remanence.Link("derived-from", NOBODY)))
            .at(NOON)
            .until(NOON.plusSeconds(9))
            .expires(NOON.plus(Duration.ofDays(1000)))
            .provenance(Provenance.NONE)
            .vector(new float[] {1, 0, 0, 0, 0, 0, 0, 0.5f}));
    store.revise(id, new Patch().key("beverage").until(null));
    store.revise(id, new Patch().key(null).speaker(null).expires(null).tags(List.of()));
    var memory = store.get(id);
    assertThat(memory.key()).isNull();
    assertThat(memory.expires()).isNull();
    refused(Conflict.class, () -> store.revise(id, new Patch().text("late").ifRevision(1)));
    refused(InvalidInput.class, () -> store.revise(id, new Patch()));
    refused(
        InvalidInput.class, () -> store.revise(id, new Patch().text("both").content(Json.of(1))));
    refused(InvalidInput.class, () -> store.revise(id, new Patch().key("")));
    refused(NotFound.class, () -> store.revise(id, new Patch().text("x").branch("none")));
    refused(NotFound.class, () -> store.revise(NOBODY, new Patch().text("x")));
  }

  @Test
  void remember_beyondTheRules_isRefusedAlike() {
    var half = "half \ud83d of a pair";
    for (var scope : List.of("", "a//b", "a b", "a/".repeat(8) + "a", half)) {
      refused(InvalidInput.class, () -> store.remember(scope, Draft.of("a")));
      refused(InvalidInput.class, () -> store.list(scope, Listing.FIRST));
      refused(InvalidInput.class, () -> store.scopes(scope));
      refused(InvalidInput.class, () -> store.assemblies(scope));
    }
    for (var draft :
        List.of(
            Draft.of(""),
            Draft.of(half),
            Draft.of(Json.ofNull()),
            Draft.of("a").key(""),
            Draft.of("a").key(half),
            Draft.of("a").key("a\nb"),
            Draft.of("a").speaker(half),
            Draft.of("a").tags(half),
            Draft.of("a").tags(" "),
            Draft.of("a").importance(1.5),
            Draft.of("a").importance(Double.NaN),
            Draft.of("a").importance(Double.POSITIVE_INFINITY),
            Draft.of("a").ttl(Duration.ZERO),
            Draft.of("a").ttl(Duration.ofSeconds(-5)),
            Draft.of("a").ttl(Duration.ofNanos(5)),
            Draft.of("a").ttl(Duration.ofDays(400_000)),
            Draft.of("a").at(Instant.MAX),
            Draft.of("a").until(Instant.MIN),
            Draft.of("a").at(NOON).until(NOON),
            Draft.of("a").vector(new float[0]),
            Draft.of("a").vector(new float[] {1, Float.NaN}),
            Draft.of("a").id(new UUID(0, 0)))) {
      refused(InvalidInput.class, () -> store.remember(ANNA, draft));
    }
    for (var draft :
        List.of(
            Draft.of("ä".repeat(Limits.CONTENT_BYTES_MAX / 2) + "a"),
            Draft.of(Json.of("x".repeat(Limits.CONTENT_BYTES_MAX))),
            Draft.of(Json.parse("[".repeat(65) + "]".repeat(65))),
            Draft.of("a").key("k".repeat(Limits.KEY_CHARS_MAX + 1)),
            Draft.of("a").tags(java.util.Collections.nCopies(Limits.TAGS_MAX + 1, "t")),
            Draft.of("a")
                .metadata(Json.object().put("a", "x".repeat(Limits.METADATA_BYTES_MAX)).build()))) {
      refused(TooLarge.class, () -> store.remember(ANNA, draft));
    }
    refused(InvalidInput.class, () -> store.rememberAll(ANNA, List.of()));
    var id = remember(Draft.of("a"));
    refused(InvalidInput.class, () -> store.forget(id, half));
    refused(InvalidInput.class, () -> store.erase(id, half));
    refused(TooLarge.class, () -> store.erase(id, "r".repeat(Limits.MESSAGE_CHARS_MAX + 1)));
    refused(InvalidInput.class, () -> store.revert(id, 1, half));
    refused(InvalidInput.class, () -> store.branch(id, half, null, null));
    refused(InvalidInput.class, () -> store.merge(id, half, AsOf.MAIN, null, null));
    refused(InvalidInput.class, () -> store.get(ANNA, half, AsOf.NOW));
    refused(InvalidInput.class, () -> store.link(id, half, id));
    refused(InvalidInput.class, () -> store.unlink(id, half, id));
    refused(InvalidInput.class, () -> store.revise(id, new Patch().message(half)));
    refused(InvalidInput.class, () -> store.revise(id, new Patch().text("b").branch(half)));
    refused(InvalidInput.class, () -> store.revise(id, new Patch().at(Instant.MAX)));
    refused(InvalidInput.class, () -> store.revise(id, new Patch().expires(Instant.MIN)));
    refused(InvalidInput.class, () -> store.assemblies(ANNA).put(AssemblyDraft.of(half)));
    refused(InvalidInput.class, () -> store.assemblies(ANNA).get(half));
    refused(InvalidInput.class, () -> store.assemblies(ANNA).get(""));
    refused(
        TooLarge.class,
        () -> store.assemblies(ANNA).put(AssemblyDraft.of("n".repeat(Limits.NAME_CHARS_MAX + 1))));
    refused(
        InvalidInput.class,
        () -> store.assemblies(ANNA).put(AssemblyDraft.of("a").importance(Double.NaN)));
    assertThat(store.stats().revisions()).isEqualTo(2);
  }

  // Reading

  private void read() {
    var ids = new ArrayList<UUID>();
    for (int i = 0; i < 9; i++) {
      ids.add(
          remember(
              Draft.of("note " + i + " of tea")
                  .at(NOON.plusSeconds(i * 60L))
                  .importance(i / 10.0)
                  .metadata((Json.Obj) Json.parse("{\"n\": " + i + ", \"o\": {\"a\": null}}"))
                  .kind(Kind.ofCode(1 + i % 6))
                  .vector(new float[] {1, i, 0, 0, 0, 0, 0, 0})));
      store.remember("acme", Draft.of("above " + i));
    }
    clock.advance(60_000);
    store.get(ids.getFirst());
    store.get(ids.getFirst(), AsOf.NOW.knownAt(clock.instant()).validAt(NOON.plusSeconds(1)));
    refused(NotFound.class, () -> store.get(ids.getLast(), AsOf.NOW.knownAt(NOON)));
    refused(NotFound.class, () -> store.get(ids.getFirst(), AsOf.NOW.branch("none")));
    refused(NotFound.class, () -> store.get(NOBODY));
    store.supersede(ANNA, Draft.of("Rome").key("city").at(NOON.minusSeconds(10)));
    store.get(ANNA, "city", AsOf.NOW);
    store.get(ANNA + "/deeper", "city", AsOf.NOW.validAt(NOON.minusSeconds(5)));
    refused(NotFound.class, () -> store.get(ANNA, "none", AsOf.NOW));

    for (var filter : filters()) {
      store.list(ANNA, Listing.FIRST.filter(filter));
      store.recall(ANNA, Query.of("tea").filter(filter));
      all(filter);
    }
    for (var order : Listing.Order.values()) {
      var listing = Listing.FIRST.order(order).limit(4).inherit(true);
      pages(cursor -> store.list(ANNA, listing.after(cursor)));
    }
    for (var by : Range.By.values()) {
      var range = Range.of(NOON.plusSeconds(3), null).by(by).limit(3).filter(Filter.tagged());
      pages(cursor -> store.range(ANNA, range.after(cursor)));
    }
    store.range(ANNA, Range.of(null, NOON.plusSeconds(61)).inherit(true));
    refused(InvalidInput.class, () -> store.list(ANNA, Listing.FIRST.after("no cursor")));
    refused(InvalidInput.class, () -> store.range(ANNA, Range.of(null, null).after("")));

    store.recall(ANNA, Query.of("what about tea?").explain(true).limit(3));
    store.recall(ANNA, Query.of("tea").maxTokens(5).inherit(false));
    var first = store.recall(ANNA, Query.of("tea").limit(4));
    assertThat(store.recall(ANNA, Query.of("tea").after(first.cursor())).hits()).isNotEmpty();
    refused(InvalidInput.class, () -> store.recall(ANNA, Query.of("tea").after("none")));
    var sitting = new Provenance("sitting", null, null, null, null, null, null, null);
    for (var turn : List.of("shall we?", "a walk, gladly", "then at five", "until then")) {
      remember(Draft.of(turn).speaker("Bert").provenance(sitting));
    }
    var walk = store.recall(ANNA, Query.of("walk").neighbours(2)).hits().getFirst();
    assertThat(walk.before()).hasSize(1);
    assertThat(walk.after()).hasSize(2);
    store.recall(ANNA, Query.of("tea").asOf(AsOf.NOW.knownAt(NOON.plusSeconds(200))));
    store.recall(ANNA, Query.of("").vector(new float[] {1, 0, 0, 0, 0, 0, 0, 0}).explain(true));
    refused(
        InvalidInput.class, () -> store.recall(ANNA, Query.of("tea").vector(new float[] {1, 2})));
    store.similar(ANNA, Similar.to(ids.getFirst()).limit(2).threshold(-1));
    store.similar(ANNA, Similar.to(new float[] {0, 1, 0, 0, 0, 0, 0, 0}).inherit(true));
    refused(
        InvalidInput.class,
        () -> store.similar(ANNA, Similar.to("tea").filter(Filter.kind(Kind.GHOST))));
    refused(NotFound.class, () -> store.similar(ANNA, Similar.to(NOBODY)));
    store.scopes(null);
    store.scopes("acme");
    store.scopes("nothing/here");
    assertThat(store.scope(ANNA).recall("tea").hits()).isNotEmpty();
  }

  private void all(Filter filter) {
    for (var scope : List.of(ANNA, "acme", "nothing/here")) {
      store.stream(scope, filter, false);
      store.stream(scope, filter, true);
    }
  }

  private interface Paged {
    Page page(@Nullable String cursor);
  }

  private static void pages(Paged paged) {
    var seen = new ArrayList<Memory>();
    var page = paged.page(null);
    while (page.cursor() != null) {
      seen.addAll(page.memories());
      page = paged.page(page.cursor());
    }
    assertThat(seen).isNotEmpty();
  }

  private static Filter metadata(Filter.Test... tests) {
    return with(Map.of("n", List.of(tests)));
  }

  private static Filter with(Map<String, List<Filter.Test>> metadata) {
    return new Filter(
        Set.of(), Set.of(), Set.of(), Set.of(), metadata, null, null, null, null, null, null, null,
        null);
  }

  private static Filter.Test test(Op op, Json... values) {
    return new Filter.Test(op, List.of(values));
  }

  private static List<Filter> filters() {
    return List.of(
        Filter.ALL,
        Filter.kind(Kind.GHOST, Kind.WORKING),
        Filter.tagged("drinks", "日本"),
        Filter.ALL.withKeyPrefix(""),
        Filter.ALL.withKeyPrefix("ci"),
        metadata(),
        metadata(Filter.Test.is(Json.of(3))),
        metadata(Filter.Test.is(Json.ofNull())),
        metadata(test(Op.NE, Json.of(3)), test(Op.NE, Json.of(4)), test(Op.LT, Json.of(7))),
        metadata(test(Op.GTE, Json.of(2)), test(Op.LT, Json.of(5.5))),
        metadata(test(Op.IN), test(Op.EQ, Json.of(1))),
        metadata(test(Op.IN, Json.of(1), Json.of("x"), Json.ofNull())),
        with(Map.of("o", List.of(Filter.Test.is(Json.parse("{\"a\": null}"))))),
        with(Map.of("o", List.of(test(Op.NE, Json.parse("{\"a\": null}"))), "n", List.of())),
        new Filter(
            Set.of(Kind.EPISODIC, Kind.SEMANTIC, Kind.SOLITON),
            Set.of("drinks", "none"),
            Set.of(),
            Set.of("x"),
            Map.of(),
            new Filter.Span(null, NOON.plusSeconds(240)),
            new Filter.Span(NOON, null),
            0.1,
            0.9,
            null,
            "java",
            "s",
            false),
        new Filter(
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of("x"),
            Map.of(),
            new Filter.Span(null, null),
            new Filter.Span(NOON.minusNanos(1), NOON.plusSeconds(90).plusNanos(999)),
            0.0,
            null,
            null,
            "java",
            null,
            false));
  }

  /// What a filter says, it also says after it was written and read, to the letter.
  @Test
  void filter_thereAndBack_isTheSame() {
    remember(Draft.of("a").metadata(ODD_JSON));
    for (var filter : filters()) {
      store.forget("nothing/here", filter, false, null);
    }
    read();
  }

  @Test
  void stream_ofManyPagesAndScopes_isWhole() {
    var scopes = List.of("acme", "acme-x", "acme/a", "acme/a/b", "acme/b", "other");
    for (var scope : scopes) {
      var drafts = new ArrayList<Draft>();
      for (int i = 0; i < 300; i++) {
        drafts.add(Draft.of(scope + " " + i).tags(i % 2 == 0 ? "even" : "odd"));
      }
      store.rememberAll(scope, drafts);
    }
    store.remember("acme/empty", Draft.of("a"));
    store.forget("acme/empty", Filter.ALL, false, null);
    store.remember("top/below", Draft.of("a"));
    for (var scope : List.of("acme", "acme/a", "acme/empty", "top", "none")) {
      for (var filter : List.of(Filter.ALL, Filter.tagged("odd"))) {
        store.stream(scope, filter, true);
        store.stream(scope, filter, false);
      }
    }
    try (var stream = store.stream("acme", Filter.ALL, true)) {
      assertThat(stream.map(Memory::scope).distinct())
          .containsExactly("acme", "acme/a", "acme/a/b", "acme/b");
    }
  }

  /// A page is asked for when it is needed, and a cursor of another question is refused.
  @Test
  void stream_pageByPage_isAskedForAsItIsConsumed() {
    var drafts = new ArrayList<Draft>();
    for (int i = 0; i < 600; i++) {
      drafts.add(Draft.of("note " + i));
    }
    store.rememberAll("acme", drafts);
    var calls = new ArrayList<String>();
    var remote = new RemoteStore(counted(calls));
    try (var stream = remote.stream("acme", Filter.ALL, true)) {
      var memories = stream.iterator();
      memories.next();
      assertThat(calls).hasSize(1);
      memories.forEachRemaining(_ -> {});
    }
    assertThat(calls).containsExactly("stream", "stream", "stream");
    var link = new LineLink(twins.served());
    for (var cursor : List.of("~other", "x~acme", "~", "", "~acme/../x")) {
      var params = Json.object().put("scope", "acme").put("recursive", true).put("cursor", cursor);
      assertThatThrownBy(() -> link.call("stream", params.build(), Progress.NONE))
          .as(cursor)
          .isInstanceOf(InvalidInput.class);
    }
  }

  private Link counted(List<String> calls) {
    var link = new LineLink(twins.served());
    return new Link() {
      @Override
      public Json call(String method, Json.Obj params, Progress progress) {
        calls.add(method);
        return link.call(method, params, progress);
      }

      @Override
      public Watch watch(
          @Nullable String scope,
          boolean recursive,
          @Nullable Long since,
          Consumer<WatchEvent> consumer) {
        calls.add("watch");
        return link.watch(scope, recursive, since, consumer);
      }

      @Override
      public Link session(Caller caller) {
        return link.session(caller);
      }

      @Override
      public void close() {
        link.close();
      }
    };
  }

  @Test
  void meaning_isFoundAlike() throws IOException {
    try (var understanding =
        new Twins(Files.createDirectory(temp.resolve("m")), "static", clock, 8)) {
      var both = understanding.both();
      var ids = new ArrayList<UUID>();
      for (var text : List.of("Anna drinks tea", "a cup of coffee", "the train to Rome")) {
        clock.advance(1000);
        ids.add(both.remember(ANNA, Draft.of(text)).id());
      }
      both.assemblies(ANNA).put(AssemblyDraft.of("drinks").members(ids.subList(0, 2)));
      assertThat(both.recall(ANNA, Query.of("hot beverage").explain(true)).hits()).isNotEmpty();
      both.similar(ANNA, Similar.to("railway").threshold(0.1));
      both.similar(ANNA, Similar.to(ids.getFirst()));
      both.assemblies(ANNA).similar(Similar.to("something to drink"));
      both.assemblies(ANNA).composites("drinks");
      both.exportTo(new ByteArrayOutputStream(), Progress.NONE);
      // Those that are deferred come in a thread of the store's own, so the twins are not compared.
      var remote = new RemoteStore(new LineLink(understanding.served()));
      remote.remember(ANNA, Draft.of("later").defer(true));
      remote.embedMissing(Progress.NONE);
      assertThat(remote.stats().vectorsWaiting()).isZero();
    }
  }

  /// More than a line holds, and pages that end before they have what was asked for.
  @Test
  void muchAtOnce_isOneCommitAndComesInPages() {
    var drafts = new ArrayList<Draft>();
    for (int i = 0; i < 18; i++) {
      drafts.add(Draft.of(i + "x".repeat(Limits.CONTENT_BYTES_MAX - 9)).key("k" + i));
    }
    long commits = store.stats().commits();
    store.rememberAll("acme", drafts);
    assertThat(store.stats().commits()).isEqualTo(commits + 1);
    long revisions = store.stats().revisions();
    drafts.add(Draft.of("bad").importance(7));
    refused(InvalidInput.class, () -> store.rememberAll("acme", drafts));
    assertThat(store.stats().revisions()).isEqualTo(revisions);

    var page = store.list("acme", Listing.FIRST.limit(1000));
    assertThat(page.memories()).hasSize(8);
    pages(cursor -> store.list("acme", Listing.FIRST.limit(1000).after(cursor)));
    var vector = new float[] {1, 0};
    for (var memory : page.memories()) {
      store.revise(memory.id(), new Patch().text("tea " + "y".repeat(1_000_000)).vector(vector));
    }
    store.revise(page.memories().getFirst().id(), new Patch().text("tea").vector(vector));
    var id = page.memories().getFirst().id();
    for (int i = 0; i < 9; i++) {
      store.revise(id, new Patch().text((char) ('a' + i) + "x".repeat(900_000)));
    }
    assertThat(store.history(id)).hasSize(12);
    assertThat(new RemoteStore(new LineLink(twins.served())).history(id))
        .isEqualTo(twins.served().history(id));
    // The last, as it counts uses, which each twin writes when it likes.
    var best = Query.of("").vector(vector).limit(100);
    assertThat(store.recall("acme", best).hits()).hasSizeBetween(1, 8);
  }

  @Test
  void closedSession_refusesLikeAClosedStore() {
    for (var session :
        List.of(
            twins.served().session(Caller.of("guest")),
            new RemoteStore(new LineLink(twins.served())).session(Caller.of("guest")))) {
      var id = session.remember(ANNA, Draft.of("a")).id();
      var watch = session.watch(null, true, null, _ -> {});
      session.close();
      session.close();
      assertThat(watch.isOpen()).isFalse();
      for (var call :
          List.<Runnable>of(
              () -> session.get(id),
              () -> session.remember(ANNA, Draft.of("b")),
              () -> session.list(ANNA, Listing.FIRST),
              () -> session.scopes(null),
              () -> session.assemblies(ANNA).list(Listing.FIRST),
              () -> session.watch(null, true, null, _ -> {}),
              () -> session.session(Caller.of("late")),
              session::stats,
              session::status)) {
        assertThatThrownBy(call::run).isExactlyInstanceOf(StoreClosed.class);
      }
    }
    twins.served().status();
  }

  // History

  private void keepHistory() {
    var id = remember(Draft.of("one\ntwo\nthree"));
    store.revise(id, new Patch().text("one\nzwei\nthree"));
    store.branch(id, "draft", 1, "to try");
    store.branch(id, "entwürfe/日本", null, null);
    store.revise(id, new Patch().text("one\ndue\nthree").branch("draft"));
    store.get(id, AsOf.NOW.branch("draft"));
    refused(Conflict.class, () -> store.merge(id, "draft", AsOf.MAIN, null, null));
    refused(Conflict.class, () -> store.branch(id, "draft", null, null));
    refused(NotFound.class, () -> store.merge(id, "none", AsOf.MAIN, null, null));
    store.merge(id, "draft", AsOf.MAIN, Prefer.THEIRS, "agreed");
    store.merge(id, AsOf.MAIN, "entwürfe/日本", Prefer.OURS, null);
    store.revert(id, 1, null);
    refused(NotFound.class, () -> store.revert(id, Integer.MIN_VALUE, null));
    refused(NotFound.class, () -> store.branch(id, "new", Integer.MAX_VALUE, null));
    store.diff(id, 1, 2);
    refused(NotFound.class, () -> store.diff(id, 1, 99));
    store.forget(id, "it is over");
    store.history(id);
    store.erase(id, "and gone");
    assertThat(store.history(id)).allMatch(revised -> revised.memory() == null);
    refused(NotFound.class, () -> store.history(NOBODY));
  }

  // Assemblies

  private void assemble() {
    var one = remember(Draft.of("a flight").vector(new float[] {1, 0, 0, 0, 0, 0, 0, 0.25f}));
    var two = remember(Draft.of("a hotel").vector(new float[] {0, 1, 0, 0, 0, 0, 0, 0}));
    var trips = store.assemblies(ANNA);
    trips.put(AssemblyDraft.of("Rome"));
    trips.put(
        AssemblyDraft.of("Rome")
            .description("the week\nin May 😀")
            .members(one, one)
            .tags("travel")
            .metadata(ODD_JSON)
            .importance(0.7)
            .pinned(true));
    trips.put(AssemblyDraft.of("Rome").description("").tags());
    trips.put(AssemblyDraft.of("Rome"));
    trips.add("Rome", List.of(two));
    trips.add("Rome", Set.of());
    clock.advance(5000);
    trips.remove("Rome", List.of(one));
    trips.add("Rome", List.of(one, two));
    trips.put(AssemblyDraft.of("Paris").members(List.of()));
    trips.get("Rome");
    trips.get("Rome", AsOf.NOW.knownAt(clock.instant().minusMillis(1000)));
    refused(NotFound.class, () -> trips.get("Rome", AsOf.NOW.branch("none")));
    assertThat(trips.members("Rome", AsOf.NOW)).hasSize(2);
    trips.members("Rome", AsOf.NOW.knownAt(clock.instant().minusMillis(1000)));
    assertThat(trips.composites("Rome")).hasSize(1);
    trips.composites("Paris");
    trips.list(Listing.FIRST.limit(1));
    trips.list(Listing.FIRST.filter(Filter.tagged("none")));
    refused(
        InvalidInput.class,
        () -> trips.list(Listing.FIRST.filter(Filter.ALL.withKeyPrefix("city"))));
    assertThat(trips.similar(Similar.to(one))).isNotEmpty();
    trips.similar(Similar.to(new float[] {0, 1, 0, 0, 0, 0, 0, 0}).threshold(0.5));
    refused(InvalidInput.class, () -> trips.similar(Similar.to("where did we stay?")));
    store.history(trips.get("Rome").memory().id());
    refused(NotFound.class, () -> trips.put(AssemblyDraft.of("Rome").members(NOBODY)));
    refused(NotFound.class, () -> trips.add("none", List.of(one)));
    refused(NotFound.class, () -> trips.remove("Rome", List.of(NOBODY)));
    refused(NotFound.class, () -> trips.members("none", AsOf.NOW));
    refused(NotFound.class, () -> trips.composites("none"));
    var many = new ArrayList<UUID>();
    for (int i = 0; i < Limits.LINKS_MAX + 1; i++) {
      many.add(new UUID(i, 7));
    }
    refused(TooLarge.class, () -> trips.put(AssemblyDraft.of("many").members(many)));
    refused(TooLarge.class, () -> trips.add("Rome", many));
    trips.forget("Paris", "it is over");
    refused(NotFound.class, () -> trips.forget("Paris", null));
    assertThat(store.scope(ANNA).assemblies().list(Listing.FIRST).assemblies()).hasSize(1);
  }

  // Facts

  private void keepFacts() {
    var facts = store.facts(ANNA);
    facts.set("city", "Berlin");
    clock.advance(5000);
    facts.set(Draft.of("Lisbon").key("city").tags("home").importance(0.8).pinned(true));
    facts.set(Draft.of(ODD_JSON).key("odd"));
    facts.set("city", "Lisbon");
    facts.get("city");
    facts.get("city", AsOf.NOW.knownAt(clock.instant().minusMillis(1000)));
    facts.get("odd", AsOf.NOW.validAt(clock.instant()));
    facts.add("languages", Json.of("Deutsch 😀"));
    facts.add("languages", Json.of(7));
    facts.remove("languages", Json.of(7));
    facts.get("languages");
    facts.list(Facts.Listing.ALL);
    facts.list(Facts.Listing.ALL.limit(1));
    facts.list(Facts.Listing.ALL.prefix("c").inherit(true).after("a"));
    facts.history("city");
    assertThat(facts.prompt(null)).contains("- city: Lisbon");
    facts.prompt(3);
    refused(NotFound.class, () -> facts.get("none"));
    refused(NotFound.class, () -> facts.history("none"));
    refused(NotFound.class, () -> facts.remove("languages", Json.of("none")));
    refused(Conflict.class, () -> facts.add("city", Json.of("Rome")));
    refused(Conflict.class, () -> facts.set("languages", "one"));
    refused(InvalidInput.class, () -> facts.set(Draft.of("no key")));
    refused(InvalidInput.class, () -> facts.set("assembly:a", "b"));
    refused(InvalidInput.class, () -> facts.get(""));
  }

  // Turns

  private void talk() {
    var turns = store.turns(ANNA);
    turns.add(Turn.user("We fly on Friday 😀").speaker("Ännä"), Turn.assistant("Nice"));
    clock.advance(1000);
    turns.add(List.of(Turn.user("To Rome").at(NOON)), Keeping.DEFERRED);
    var page = turns.list(2, null);
    assertThat(page.turns()).hasSize(2);
    turns.list(2, page.before());
    store.scope(ANNA).turns().list(10, null);
    store.context(ANNA, ContextQuestion.NONE);
    store.context(ANNA, ContextQuestion.of("when do we fly?").maxTokens(120));
    store.context(
        ANNA, ContextQuestion.of("when?").tokenizer(Tokenizer.of("o200k_base")).maxTokens(77));
    var lost = turns.add(List.of(Turn.user("not kept")), Keeping.VOLATILE).getFirst();
    assertThat(store.get(lost.id()).durable()).isFalse();
    assertThat(store.context(ANNA, ContextQuestion.NONE).text()).contains("not kept");
    assertThat(turns.list(1, null).turns().getFirst().id()).isEqualTo(lost.id());
    assertThat(store.forget(lost.id(), null)).isOne();
    store.remember("work/desk", Draft.of("in hand").kind(Kind.WORKING));
    clock.advance(2 * 86_400_000);
    assertThat(store.curate("work", Curation.Options.DEFAULT.dryRun(true)).steps()).isEmpty();
    var run = store.curate("work", Curation.Options.DEFAULT.recursive(true).limit(5)).run();
    assertThat(store.undo(Objects.requireNonNull(run)).restored()).hasSize(1);
    refused(NotFound.class, () -> store.undo(NOBODY));
    refused(InvalidInput.class, () -> turns.add(List.of(), Keeping.DURABLE));
    refused(InvalidInput.class, () -> turns.list(0, null));
    refused(NotFound.class, () -> turns.list(5, NOBODY));
    refused(InvalidInput.class, () -> store.turns("no scope"));
  }

  // Conflicts

  private void resolve() {
    var place = "acme/conflicts";
    var conflicts = store.conflicts(place);
    clock.advance(1000);
    store.remember(place, Draft.of("The office is in Geneva"));
    clock.advance(1000);
    var found = store.remember(place, Draft.of("The office is in Zurich")).conflicts().getFirst();
    assertThat(conflicts.get(found).reason()).isEqualTo(ConflictRecord.Reason.VALUE);
    var facts = store.facts(place);
    for (var key : List.of("a", "b", "c")) {
      facts.set(key, "told of " + key);
      clock.advance(1000);
      var doubtful = new Provenance(null, null, null, null, "extraction/1", 0.7, null, null);
      facts.set(Draft.of("doubted of " + key).key(key).provenance(doubtful));
    }
    assertThat(conflicts.open()).hasSize(4);
    var page = conflicts.list(Conflicts.Listing.ALL.limit(1));
    conflicts.list(Conflicts.Listing.ALL.limit(2).inherit(true).after(page.after()));
    conflicts.resolve(found, Resolution.keep(Resolution.Side.NEWER), "they moved 😀");
    refused(Conflict.class, () -> conflicts.resolve(found, Resolution.dismiss(), null));
    var open = conflicts.open();
    conflicts.resolve(open.get(0).id(), Resolution.dismiss(), null);
    conflicts.resolve(
        open.get(1).id(), new Resolution.Merge(Resolution.Strategy.CONTENT, "as it is"), null);
    conflicts.resolve(open.get(2).id(), Resolution.merge(Resolution.Strategy.LAST_WRITER), null);
    var decided = Conflicts.Listing.ALL.status(ConflictRecord.Status.RESOLVED);
    assertThat(conflicts.list(decided).conflicts()).hasSize(3);
    refused(NotFound.class, () -> conflicts.get(UUID.randomUUID()));
    refused(NotFound.class, () -> conflicts.resolve(UUID.randomUUID(), Resolution.dismiss(), null));
  }

  // Sessions

  private void sit() {
    var writer = store.session(new Caller("écrivain", 4711, Grant.ALL));
    writer.remember(ANNA, Draft.of("from another session"));
    writer.status();
    var reader =
        writer.session(
            Caller.of("reader").grant(new Grant(EnumSet.of(Verb.READ), List.of("acme/*"))));
    reader.list(ANNA, Listing.FIRST);
    reader.scopes(null);
    reader.stream(ANNA, Filter.ALL, true);
    refused(Forbidden.class, () -> reader.stream("acme", Filter.ALL, true));
    refused(Forbidden.class, () -> reader.remember(ANNA, Draft.of("no")));
    refused(Forbidden.class, () -> reader.assemblies(ANNA).put(AssemblyDraft.of("no")));
    refused(Forbidden.class, reader::stats);
    reader.close();
    writer.close();
    store.sessions();
  }

  /// Everything that was written until here is told again.
  private void watch() {
    store.remember("the/end", Draft.of("no more"));
    store.watch(null, true, 0L, RemoteStoreTest::untilTheEnd);
    store.watch("the", true, 0L, RemoteStoreTest::untilTheEnd);
    store.watch("the/end", false, 0L, RemoteStoreTest::untilTheEnd);
    refused(InvalidInput.class, () -> store.watch("a b", true, null, _ -> {}));
    refused(InvalidInput.class, () -> store.watch(null, true, -1L, _ -> {}));
    refused(InvalidInput.class, () -> store.watch(null, true, 1L << 40, _ -> {}));
    var writer =
        store.session(
            Caller.of("writer").grant(new Grant(EnumSet.of(Verb.WRITE), List.of("acme/*"))));
    refused(Forbidden.class, () -> writer.watch(null, true, null, _ -> {}));
    refused(Forbidden.class, () -> writer.watch("acme", true, null, _ -> {}));
    writer.close();
  }

  private static void untilTheEnd(WatchEvent event) {
    if (event.scope().equals("the/end")) {
      throw new IllegalStateException("seen enough");
    }
  }

  // Care

  private void care() throws IOException {
    store.verify(true, null);
    store.verify(true, null, Progress.NONE);
    store.saveAnchor(Path.of("anchor.json"));
    assertThat(twins.file("anchor.json")).isNotEmpty();
    store.verify(false, Path.of("anchor.json"));
    refused(NotFound.class, () -> store.verify(false, Path.of("none.json")));
    store.backup(Path.of("backups"), Retention.FOREVER);
    clock.advance(1000);
    store.backup(Path.of("backups"), new Retention(Duration.ofNanos(1), 1), Progress.NONE);
    refused(InvalidInput.class, () -> store.backup(Path.of("store/in"), Retention.FOREVER));
    store.eraseFromBackups(Progress.NONE);
    store.scheduleBackups(
        new BackupSchedule(
            Path.of("nightly"), Duration.ofDays(1).plusNanos(1), new Retention(null, 3)));
    store.scheduleBackups(null);
    store.compact();
    store.stats();
    store.status();
    store.embedMissing(Progress.NONE);
    store.scope(ANNA).list(Listing.FIRST);
  }

  @Test
  void eraseFromBackups_tellsWhatBecameOfEach() throws IOException {
    var served = twins.served();
    var backup = served.backup(temp.resolve("backups"), Retention.FOREVER).file();
    Files.writeString(backup, "no backup any more");
    var erasure = new RemoteStore(new LineLink(served)).eraseFromBackups(Progress.NONE);
    assertThat(erasure.receipts()).isEmpty();
    assertThat(erasure.backups()).hasSize(1);
    var failed = erasure.backups().getFirst();
    assertThat(failed.file()).isEqualTo(backup);
    assertThat(failed.outcome()).isEqualTo(BackupErasure.Outcome.FAILED);
    assertThat(failed.failure()).isInstanceOf(CorruptStore.class);
  }

  @Test
  void compactAndStats_sayWhatTheOwnerSays() {
    remember(Draft.of("a").vector(new float[] {1, 2, 3}));
    var remote = new RemoteStore(new LineLink(twins.served()));
    assertThat(remote.stats().journalBytes()).isPositive();
    assertThat(remote.stats()).isEqualTo(twins.served().stats());
    assertThat(remote.status()).isEqualTo(twins.served().status());
    var compaction = remote.compact();
    assertThat(compaction.bytesBefore()).isGreaterThan(0);
    assertThat(compaction.bytesAfter()).isGreaterThan(0);
  }

  private void export() {
    var out = new ByteArrayOutputStream();
    var lines = store.exportTo(out, (_, _) -> {});
    assertThat(out.toString(UTF_8).lines()).hasSize((int) lines);
    store.importFrom(new ByteArrayInputStream(out.toByteArray()), ImportOptions.DEFAULT, NOTHING);
    for (var options :
        List.of(
            ImportOptions.DEFAULT,
            new ImportOptions(false, "import/place"),
            new ImportOptions(true, "import/strict"))) {
      imported("{\"text\":\"plain " + options.scope() + "\"}\n", options);
    }
    imported("{\"text\":\"good\"}\nnot JSON\n\n{\"text\":1}\n", ImportOptions.DEFAULT);
    refused(
        InvalidInput.class,
        () -> imported("{\"text\":\"good\"}\n{}\n", new ImportOptions(true, null)));
    refused(InvalidInput.class, () -> imported("", new ImportOptions(false, "no scope")));
    imported("", ImportOptions.DEFAULT);
    store.exportTo(new ByteArrayOutputStream(), NOTHING);
  }

  private static final Progress NOTHING = (_, _) -> {};

  private void imported(String lines, ImportOptions options) {
    store.importFrom(new ByteArrayInputStream(lines.getBytes(UTF_8)), options, NOTHING);
  }

  @Test
  void importFrom_manyLines_tellsProgressAlike() {
    var lines = new StringBuilder();
    for (int i = 0; i < 1200; i++) {
      lines.append("{\"text\":\"line ").append(i).append("\"}\n");
    }
    imported(lines.toString(), ImportOptions.DEFAULT);
    assertThat(store.stats().memories()).isEqualTo(1200);
    store.exportTo(new ByteArrayOutputStream(), NOTHING);
  }

  @Test
  void importFrom_sourceThatBreaks_takesNothingIn() {
    var remote = new RemoteStore(new LineLink(twins.served()));
    var pulled =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the cable was pulled");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }
        };
    var lines = new ByteArrayInputStream("{\"text\":\"a\"}\n{\"te".getBytes(UTF_8));
    var broken = new SequenceInputStream(lines, pulled);
    assertThatThrownBy(() -> remote.importFrom(broken, ImportOptions.DEFAULT, Progress.NONE))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("the cable was pulled");
    assertThat(twins.served().stats().revisions()).isZero();
  }

  // The end

  @Test
  void close_endsEveryCall() {
    var id = remember(Draft.of("a"));
    var calls = new ArrayList<String>();
    var remote = new RemoteStore(counted(calls));
    remote.close();
    remote.close();
    for (var call :
        List.<Runnable>of(
            () -> remote.get(id),
            () -> remote.remember(ANNA, Draft.of("b")),
            () -> remote.assemblies(ANNA).list(Listing.FIRST),
            () -> remote.stream(ANNA, Filter.ALL, false),
            () -> remote.exportTo(new ByteArrayOutputStream(), Progress.NONE),
            () -> remote.session(Caller.of("late")),
            () -> remote.watch(null, true, null, _ -> {}),
            remote::status)) {
      assertThatThrownBy(call::run).isExactlyInstanceOf(StoreClosed.class);
    }
    // It is this store that refuses, without asking.
    assertThat(calls).isEmpty();
  }
}
