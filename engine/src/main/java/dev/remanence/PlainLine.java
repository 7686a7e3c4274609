package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A line of an import that is a memory as users write or list it, rather than a revision.
///
/// @param scope the line's own, or null
record PlainLine(@Nullable String scope, Draft draft) {
  /// What a listed memory also shows and a new one gets anew.
  private static final Set<String> PASSED_OVER =
      Set.of(
          "type",
          "revision",
          "branch",
          "createdAt",
          "updatedAt",
          "count",
          "uses",
          "strength",
          "durable",
          "hash",
          "expires");

  private static final Set<String> KNOWN =
      Set.of(
          "id",
          "scope",
          "kind",
          "key",
          "text",
          "content",
          "speaker",
          "tags",
          "metadata",
          "importance",
          "pinned",
          "links",
          "at",
          "until",
          "provenance");

  static PlainLine of(Json.Obj json) {
    for (var name : json.fields().keySet()) {
      if (!KNOWN.contains(name) && !PASSED_OVER.contains(name)) {
        throw new InvalidInput("a memory has no field '" + shown(name) + "'", "field", shown(name));
      }
    }
    try {
      return new PlainLine(json.string("scope"), draft(json));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new InvalidInput("a field has the wrong form: " + e.getMessage());
    }
  }

  private static String shown(String name) {
    return name.length() > 32 ? name.substring(0, 32) : name;
  }

  private static Draft draft(Json.Obj json) {
    var text = json.string("text");
    var content = json.get("content");
    if ((text == null) == (content == null)) {
      throw new InvalidInput("a memory has either text or content", "field", "text");
    }
    var draft = text != null ? Draft.of(text) : Draft.of(Objects.requireNonNull(content));
    var kind = json.string("kind");
    if (kind != null) {
      draft.kind(Kind.of(kind));
    }
    var importance = json.number("importance");
    if (importance != null) {
      draft.importance(importance.value());
    }
    var pinned = json.bool("pinned");
    if (pinned != null) {
      draft.pinned(pinned);
    }
    var tags = json.array("tags");
    if (tags != null) {
      draft.tags(strings(tags));
    }
    var links = json.array("links");
    if (links != null) {
      draft.links(links(links));
    }
    var id = json.string("id");
    var provenance = json.object("provenance");
    if (provenance != null) {
      draft.provenance(provenance(provenance));
    }
    return draft
        .key(json.string("key"))
        .speaker(json.string("speaker"))
        .metadata(json.object("metadata"))
        .at(instant(json, "at"))
        .until(instant(json, "until"))
        .id(id == null ? null : UUID.fromString(id));
  }

  private static @Nullable Instant instant(Json.Obj json, String field) {
    var text = json.string(field);
    return text == null ? null : Instant.parse(text);
  }

  private static List<String> strings(Json.Arr array) {
    var strings = new ArrayList<String>();
    for (var each : array.items()) {
      if (!(each instanceof Json.Str(var text))) {
        throw new InvalidInput("tags are strings", "field", "tags");
      }
      strings.add(text);
    }
    return strings;
  }

  private static List<Link> links(Json.Arr array) {
    var links = new ArrayList<Link>();
    for (var each : array.items()) {
      if (!(each instanceof Json.Obj link)
          || !(link.get("type") instanceof Json.Str(var type))
          || !(link.get("to") instanceof Json.Str(var to))) {
        throw new InvalidInput("a link has a type and a to", "field", "links");
      }
      links.add(new Link(type, UUID.fromString(to)));
    }
    return links;
  }

  private static Provenance provenance(Json.Obj json) {
    var parent = json.string("parent");
    var confidence = json.number("confidence");
    return new Provenance(
        json.string("session"),
        json.string("tool"),
        json.string("source"),
        instant(json, "sourceTime"),
        json.string("method"),
        confidence == null ? null : confidence.value(),
        instant(json, "lastConfirmed"),
        parent == null ? null : UUID.fromString(parent));
  }
}
