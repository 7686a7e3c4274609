package dev.remanence.testkit;

import dev.remanence.AsOf;
import dev.remanence.Draft;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Link;
import dev.remanence.Patch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Random operations from a seed, for a store and its model. Texts, keys, scopes, tags and times
/// come from small pools, so that repeats, clashes of keys and overlaps in time are the rule. Some
/// operations are wrong on purpose. Not thread-safe.
public final class Workload {
  /// Scopes that lie in each other, and one of nobody.
  public static final List<String> SCOPES =
      List.of("acme", "acme/user:1", "acme/user:1/notes", "acme/user:2", "global", "lab");

  public static final List<String> KEYS = List.of("city", "drink", "editor");
  public static final List<String> TAGS = List.of("alpha", "beta", "gamma");
  public static final List<String> BRANCHES = List.of("draft", "other");

  private static final String[] WORDS = {
    "tea", "coffee", "green", "black", "morning", "evening", "Anna", "Bert", "prefers", "drinks",
    "hot", "cold", "schön", "日本", "naïve"
  };
  private static final long DAY = 24 * 3600 * 1000L;

  private final SplittableRandom random;
  private final TestClock clock;
  private final long start;
  private final List<UUID> ids = new ArrayList<>();

  /// A memory to be. Times are milliseconds, `ttl` too.
  public record Note(
      @Nullable String text,
      @Nullable Json json,
      @Nullable String speaker,
      @Nullable String key,
      @Nullable List<String> tags,
      @Nullable Map<String, String> metadata,
      @Nullable Double importance,
      @Nullable Kind kind,
      @Nullable Boolean pinned,
      @Nullable Long at,
      @Nullable Long until,
      @Nullable Long ttl,
      @Nullable UUID id) {

    /// A note of a text and nothing else.
    public static Note of(String text) {
      return new Note(text, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    public Draft draft() {
      var draft = text != null ? Draft.of(text) : Draft.of(Objects.requireNonNull(json));
      draft.speaker(speaker).key(key).id(id);
      if (tags != null) {
        draft.tags(tags);
      }
      if (metadata != null) {
        draft.metadata(object(metadata));
      }
      if (importance != null) {
        draft.importance(importance);
      }
      if (kind != null) {
        draft.kind(kind);
      }
      if (pinned != null) {
        draft.pinned(pinned);
      }
      if (at != null) {
        draft.at(Instant.ofEpochMilli(at));
      }
      if (until != null) {
        draft.until(Instant.ofEpochMilli(until));
      }
      if (ttl != null) {
        draft.ttl(Duration.ofMillis(ttl));
      }
      return draft;
    }
  }

  /// What a revise changes. [ModelStore#OPEN] stands for no end and no expiry.
  public record Edit(
      @Nullable String text,
      @Nullable String speaker,
      @Nullable String key,
      @Nullable List<String> tags,
      @Nullable Map<String, String> metadata,
      @Nullable Double importance,
      @Nullable Kind kind,
      @Nullable Boolean pinned,
      @Nullable Long at,
      @Nullable Long until,
      @Nullable Long expires,
      @Nullable Integer ifRevision,
      @Nullable String message,
      String branch) {

    /// Another text on the main branch.
    public static Edit of(String text) {
      return new Edit(
          text, null, null, null, null, null, null, null, null, null, null, null, null, AsOf.MAIN);
    }

    public Patch patch() {
      var patch = new Patch().branch(branch).ifRevision(ifRevision).message(message);
      if (text != null) {
        patch.text(text);
      }
      if (speaker != null) {
        patch.speaker(speaker);
      }
      if (key != null) {
        patch.key(key);
      }
      if (tags != null) {
        patch.tags(tags);
      }
      if (metadata != null) {
        patch.metadata(object(metadata));
      }
      if (importance != null) {
        patch.importance(importance);
      }
      if (kind != null) {
        patch.kind(kind);
      }
      if (pinned != null) {
        patch.pinned(pinned);
      }
      if (at != null) {
        patch.at(Instant.ofEpochMilli(at));
      }
      if (until != null) {
        patch.until(until == ModelStore.OPEN ? null : Instant.ofEpochMilli(until));
      }
      if (expires != null) {
        patch.expires(expires == ModelStore.OPEN ? null : Instant.ofEpochMilli(expires));
      }
      return patch;
    }
  }

  /// One operation; its text is what a failing test prints.
  public sealed interface Operation {
    record Remember(String scope, List<Note> notes, boolean superseding) implements Operation {}

    record Revise(UUID id, Edit edit) implements Operation {}

    record Relink(UUID id, Link link, boolean present) implements Operation {}

    record Forget(UUID id, @Nullable String reason) implements Operation {}

    record ForgetTagged(String scope, String tag, boolean recursive) implements Operation {}

    record Erase(UUID id, @Nullable String reason) implements Operation {}

    record EraseScope(String scope, boolean recursive) implements Operation {}

    record Revert(UUID id, int revision, @Nullable String message) implements Operation {}

    record Branch(UUID id, String name, @Nullable Integer from, @Nullable String message)
        implements Operation {}

    record Merge(UUID id, String from, String into, @Nullable Boolean preferOurs)
        implements Operation {}
  }

  public Workload(long seed, TestClock clock) {
    this.random = new SplittableRandom(seed);
    this.clock = clock;
    this.start = clock.millis();
  }

  /// Tells of a memory that the store made, so that later operations can be about it.
  public void made(UUID id) {
    if (!ids.contains(id)) {
      ids.add(id);
    }
  }

  /// The random numbers of this workload, for a test that draws its questions from the same seed.
  public SplittableRandom random() {
    return random;
  }

  /// Moves the clock, then draws an operation.
  public Operation next() {
    tick();
    int kind = random.nextInt(100);
    if (ids.isEmpty() || kind < 32) {
      return remember(false, false);
    }
    if (kind < 46) {
      return remember(true, random.nextInt(3) == 0);
    }
    if (kind < 62) {
      return new Operation.Revise(any(), edit());
    }
    if (kind < 70) {
      return new Operation.Relink(
          any(),
          new Link(random.nextBoolean() ? "supports" : "derived-from", any()),
          random.nextInt(3) > 0);
    }
    if (kind < 76) {
      return new Operation.Forget(any(), message());
    }
    if (kind < 77) {
      return new Operation.ForgetTagged(one(SCOPES), one(TAGS), random.nextBoolean());
    }
    if (kind < 79) {
      return new Operation.Erase(any(), message());
    }
    if (kind < 80) {
      return random.nextInt(4) > 0
          ? new Operation.Erase(any(), message())
          : new Operation.EraseScope(one(SCOPES), random.nextBoolean());
    }
    if (kind < 86) {
      return new Operation.Revert(any(), random.nextInt(1, 5), message());
    }
    if (kind < 93) {
      return new Operation.Branch(
          any(), one(BRANCHES), random.nextBoolean() ? null : random.nextInt(1, 5), message());
    }
    return random.nextBoolean()
        ? new Operation.Merge(any(), one(BRANCHES), AsOf.MAIN, preference())
        : new Operation.Merge(any(), AsOf.MAIN, one(BRANCHES), preference());
  }

  private @Nullable Boolean preference() {
    return random.nextInt(4) == 0 ? null : random.nextBoolean();
  }

  private void tick() {
    int kind = random.nextInt(20);
    if (kind < 10) {
      clock.advance(random.nextInt(0, 3));
    } else if (kind < 18) {
      clock.advance(random.nextInt(0, 5000));
    } else if (kind == 18) {
      clock.advance(random.nextLong(DAY));
    } else {
      clock.advance(-random.nextLong(7200_000));
    }
  }

  private Operation remember(boolean keyed, boolean superseding) {
    int size = random.nextInt(8) == 0 ? random.nextInt(2, 6) : 1;
    var notes = new ArrayList<Note>();
    for (int i = 0; i < size; i++) {
      notes.add(note(keyed));
    }
    return new Operation.Remember(one(SCOPES), notes, superseding && size == 1);
  }

  private Note note(boolean keyed) {
    boolean json = random.nextInt(10) == 0;
    var at = random.nextInt(keyed ? 2 : 4) == 0 ? moment() : null;
    return new Note(
        json ? null : text(),
        json ? Json.object().put("n", (long) random.nextInt(3)).put("word", word()).build() : null,
        random.nextInt(6) == 0 ? "Anna" : null,
        keyed ? one(KEYS) : null,
        random.nextInt(3) == 0 ? tags() : null,
        random.nextInt(5) == 0 ? metadata() : null,
        random.nextInt(3) == 0 ? random.nextInt(11) / 10.0 : null,
        random.nextInt(3) == 0 ? one(List.of(Kind.values())) : null,
        random.nextInt(6) == 0 ? random.nextBoolean() : null,
        at,
        random.nextInt(5) == 0 ? moment() : null,
        random.nextInt(8) == 0 ? random.nextLong(1, 2 * DAY) : null,
        random.nextInt(12) == 0 ? givenId() : null);
  }

  /// Ids that callers give: a few, so that they come again.
  private UUID givenId() {
    return random.nextInt(3) == 0
        ? any()
        : new UUID(0x0123456789AB7000L, 0x8000000000000000L | random.nextInt(40));
  }

  private Edit edit() {
    var message = message();
    boolean text = random.nextInt(2) == 0;
    var key = random.nextInt(12) == 0 ? one(KEYS) : null;
    var tags = random.nextInt(4) == 0 ? tags() : null;
    var importance = random.nextInt(4) == 0 ? random.nextInt(11) / 10.0 : null;
    boolean any = text || key != null || tags != null || importance != null;
    return new Edit(
        text || !any ? text() : null,
        random.nextInt(12) == 0 ? "Bert" : null,
        key,
        tags,
        random.nextInt(8) == 0 ? metadata() : null,
        importance,
        random.nextInt(8) == 0 ? Kind.EPISODIC : null,
        random.nextInt(8) == 0 ? random.nextBoolean() : null,
        random.nextInt(8) == 0 ? moment() : null,
        random.nextInt(8) == 0 ? (random.nextBoolean() ? moment() : ModelStore.OPEN) : null,
        random.nextInt(12) == 0 ? (random.nextBoolean() ? moment() : ModelStore.OPEN) : null,
        random.nextInt(6) == 0 ? random.nextInt(1, 4) : null,
        message,
        random.nextInt(4) == 0 ? one(BRANCHES) : AsOf.MAIN);
  }

  /// A moment of validity: on a coarse grid, so that intervals meet and overlap.
  public long moment() {
    return start + random.nextInt(-4, 8) * DAY / 2;
  }

  private @Nullable String message() {
    return random.nextInt(4) == 0 ? "because of " + word() : null;
  }

  private String text() {
    int words = random.nextInt(1, 4);
    var text = new StringBuilder(word());
    for (int i = 1; i < words; i++) {
      text.append(random.nextInt(6) == 0 ? '\n' : ' ').append(word());
    }
    return random.nextInt(25) == 0 ? text + " filler".repeat(random.nextInt(300)) : text.toString();
  }

  /// A word that texts are made of.
  public String word() {
    return WORDS[random.nextInt(WORDS.length)];
  }

  private List<String> tags() {
    var tags = new ArrayList<String>();
    for (var tag : TAGS) {
      if (random.nextBoolean()) {
        tags.add(tag);
      }
    }
    return tags;
  }

  private Map<String, String> metadata() {
    var metadata = new TreeMap<String, String>();
    for (var name : List.of("app", "lang")) {
      if (random.nextBoolean()) {
        metadata.put(name, word());
      }
    }
    return metadata;
  }

  private UUID any() {
    if (ids.isEmpty()) {
      return new UUID(random.nextLong(), random.nextLong());
    }
    // Newer ones more often: long histories of a few rather than short ones of many.
    int back = Math.min(random.nextInt(ids.size()), random.nextInt(1, 60));
    return ids.get(ids.size() - 1 - back);
  }

  private <T> T one(List<T> pool) {
    return pool.get(random.nextInt(pool.size()));
  }

  private static Json.Obj object(Map<String, String> fields) {
    var json = Json.object();
    fields.forEach(json::put);
    return json.build();
  }
}
