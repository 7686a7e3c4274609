package dev.remanence.mind.sandbox;

import dev.remanence.Draft;
import dev.remanence.Filter;
import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Link;
import dev.remanence.Patch;
import dev.remanence.RemanenceException.InvalidInput;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The arguments of a call, read as the store takes them.
record StoreRequest(Json.Obj arguments, String defaultScope) {
  String scope() {
    var scope = arguments.string("scope");
    return scope == null ? defaultScope : scope;
  }

  String text(String name) {
    var text = arguments.string(name);
    if (text == null) {
      throw new InvalidInput(name + " is required", "field", name);
    }
    return text;
  }

  UUID id(String name) {
    return id(name, text(name));
  }

  @Nullable UUID optionalId(String name) {
    var text = arguments.string(name);
    return text == null ? null : id(name, text);
  }

  private static UUID id(String name, String text) {
    try {
      if (text.length() == 36) {
        return UUID.fromString(text);
      }
    } catch (IllegalArgumentException _) {
      // Told below, as a text of another length is.
    }
    throw new InvalidInput(name + " is a UUID of 36 characters", "field", name);
  }

  int integer(String name, int fallback) {
    var number = arguments.number(name);
    return number == null ? fallback : (int) Math.clamp(number.longValue(), -1L, 1L << 30);
  }

  double number(String name, double fallback) {
    var number = arguments.number(name);
    return number == null ? fallback : number.value();
  }

  boolean flag(String name, boolean fallback) {
    var flag = arguments.bool(name);
    return flag == null ? fallback : flag;
  }

  @Nullable Instant time(String name) {
    return time(name, arguments.string(name));
  }

  private static @Nullable Instant time(String name, @Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      if (text.length() == 10) {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      boolean zoned = text.endsWith("Z") || text.matches(".*[+-]\\d\\d:\\d\\d");
      return OffsetDateTime.parse((zoned ? text : text + "Z").replace(' ', 'T')).toInstant();
    } catch (DateTimeException _) {
      throw new InvalidInput(
          name + " is a time such as 2026-11-21T09:30:00Z, or a date", "field", name);
    }
  }

  private static @Nullable List<String> texts(Json.Obj from, String name) {
    var array = from.array(name);
    if (array == null) {
      return null;
    }
    var texts = new ArrayList<String>();
    for (var item : array.items()) {
      if (!(item instanceof Json.Str(var text))) {
        throw new InvalidInput(name + " is a list of strings", "field", name);
      }
      texts.add(text);
    }
    return texts;
  }

  // Writing

  static final List<String> DRAFT =
      List.of(
          "text",
          "content",
          "kind",
          "key",
          "speaker",
          "tags",
          "metadata",
          "importance",
          "pinned",
          "links",
          "at",
          "until");

  Draft draft() {
    var text = arguments.string("text");
    var content = arguments.get("content");
    if ((text == null) == (content == null)) {
      throw new InvalidInput("one of text and content is required", "field", "text");
    }
    return fill(text != null ? Draft.of(text) : Draft.of(given(content)))
        .speaker(arguments.string("speaker"));
  }

  Draft factDraft() {
    var value = given(arguments.get("value"));
    return fill(value instanceof Json.Str(var text) ? Draft.of(text) : Draft.of(value));
  }

  private static Json given(@Nullable Json value) {
    if (value == null) {
      throw new InvalidInput("value is required", "field", "value");
    }
    return value;
  }

  private Draft fill(Draft draft) {
    var kind = arguments.string("kind");
    var tags = texts(arguments, "tags");
    var importance = arguments.number("importance");
    var pinned = arguments.bool("pinned");
    var links = links();
    if (kind != null) {
      draft.kind(Kind.of(kind));
    }
    if (tags != null) {
      draft.tags(tags);
    }
    if (importance != null) {
      draft.importance(importance.value());
    }
    if (pinned != null) {
      draft.pinned(pinned);
    }
    if (links != null) {
      draft.links(links);
    }
    return draft
        .key(arguments.string("key"))
        .metadata(arguments.object("metadata"))
        .at(time("at"))
        .until(time("until"));
  }

  private @Nullable List<Link> links() {
    var array = arguments.array("links");
    if (array == null) {
      return null;
    }
    var links = new ArrayList<Link>();
    for (var item : array.items()) {
      if (!(item instanceof Json.Obj link)
          || link.string("type") == null
          || link.string("to") == null) {
        throw new InvalidInput("links is a list of {type, to}", "field", "links");
      }
      links.add(
          new Link(
              String.valueOf(link.string("type")),
              id("links.to", String.valueOf(link.string("to")))));
    }
    return links;
  }

  static final List<String> PATCH =
      List.of(
          "id",
          "text",
          "content",
          "kind",
          "key",
          "speaker",
          "tags",
          "metadata",
          "importance",
          "pinned",
          "links",
          "at",
          "until",
          "ifRevision",
          "message");

  Patch patch() {
    var patch = new Patch().message(arguments.string("message"));
    var content = arguments.get("content");
    var metadata = arguments.object("metadata");
    var importance = arguments.number("importance");
    var pinned = arguments.bool("pinned");
    var tags = texts(arguments, "tags");
    var links = links();
    var at = time("at");
    var revision = arguments.number("ifRevision");
    for (var name : List.of("text", "kind", "key", "speaker")) {
      var value = arguments.string(name);
      if (value != null) {
        switch (name) {
          case "text" -> patch.text(value);
          case "kind" -> patch.kind(Kind.of(value));
          case "key" -> patch.key(value);
          default -> patch.speaker(value);
        }
      }
    }
    if (content != null) {
      patch.content(content);
    }
    if (tags != null) {
      patch.tags(tags);
    }
    if (metadata != null) {
      patch.metadata(metadata);
    }
    if (importance != null) {
      patch.importance(importance.value());
    }
    if (pinned != null) {
      patch.pinned(pinned);
    }
    if (links != null) {
      patch.links(links);
    }
    if (at != null) {
      patch.at(at);
    }
    if (arguments.get("until") != null) {
      patch.until(time("until"));
    }
    return revision == null ? patch : patch.ifRevision(integer("ifRevision", 0));
  }

  // Filters

  /// The parts of a filter that programs use: `{kind[], tags[] | {any, all, none}, metadata{key:
  /// value}, at{from, to}, recorded{from, to}, importance{min, max}, key{prefix}, tool, session,
  /// pinned}`. Comparisons of metadata other than equality are made in the program itself.
  Filter filter() {
    var parts = arguments.object("filter");
    if (parts == null) {
      return Filter.ALL;
    }
    requireKnown(parts);
    var tags = parts.get("tags") instanceof Json.Obj object ? object : null;
    var importance = parts.object("importance");
    var key = parts.object("key");
    return new Filter(
        kinds(parts),
        tags == null ? Set.of() : set(texts(tags, "any")),
        tags == null ? set(texts(parts, "tags")) : set(texts(tags, "all")),
        tags == null ? Set.of() : set(texts(tags, "none")),
        metadata(parts),
        span(parts, "at"),
        span(parts, "recorded"),
        importance == null ? null : value(importance.number("min")),
        importance == null ? null : value(importance.number("max")),
        key == null ? null : key.string("prefix"),
        parts.string("tool"),
        parts.string("session"),
        parts.bool("pinned"));
  }

  private static void requireKnown(Json.Obj parts) {
    var known =
        Set.of(
            "kind",
            "tags",
            "metadata",
            "at",
            "recorded",
            "importance",
            "key",
            "tool",
            "session",
            "pinned");
    for (var name : parts.fields().keySet()) {
      if (!known.contains(name)) {
        throw new InvalidInput("a filter has no part of this name", "field", "filter");
      }
    }
  }

  private static Set<String> set(@Nullable List<String> texts) {
    return texts == null ? Set.of() : Set.copyOf(texts);
  }

  private static @Nullable Double value(Json.@Nullable Num number) {
    return number == null ? null : number.value();
  }

  private static Set<Kind> kinds(Json.Obj parts) {
    var words =
        parts.get("kind") instanceof Json.Str(var word) ? List.of(word) : texts(parts, "kind");
    var kinds = new java.util.HashSet<Kind>();
    if (words != null) {
      words.forEach(word -> kinds.add(Kind.of(word)));
    }
    return kinds;
  }

  private static Map<String, List<Filter.Test>> metadata(Json.Obj parts) {
    var given = parts.object("metadata");
    var tests = new LinkedHashMap<String, List<Filter.Test>>();
    if (given != null) {
      given.fields().forEach((name, value) -> tests.put(name, List.of(Filter.Test.is(value))));
    }
    return tests;
  }

  private static Filter.@Nullable Span span(Json.Obj parts, String name) {
    var span = parts.object(name);
    return span == null
        ? null
        : new Filter.Span(
            time(name + ".from", span.string("from")), time(name + ".to", span.string("to")));
  }
}
