package dev.remanence.life;

import dev.remanence.Json;
import dev.remanence.Kind;
import dev.remanence.Link;
import dev.remanence.Provenance;
import dev.remanence.Turn;
import dev.remanence.journal.Body;
import dev.remanence.journal.Header;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a caller wants remembered or changed, checked against the limits, times in milliseconds. A
/// null part was not told.
///
/// @param expires milliseconds, [Header#OPEN] for never, or null
/// @param until milliseconds, [Header#OPEN] for no end, or null
public record Wish(
    Body.@Nullable Content content,
    @Nullable Kind kind,
    @Nullable String key,
    @Nullable Collection<String> tags,
    Json.@Nullable Obj metadata,
    @Nullable Double importance,
    @Nullable Boolean pinned,
    @Nullable List<Link> links,
    @Nullable Long expires,
    @Nullable Provenance provenance,
    @Nullable Long at,
    @Nullable Long until,
    @Nullable UUID id) {

  /// A key that takes the memory's key away.
  public static final String NO_KEY = "";

  /// A wish for nothing.
  public static final Wish NONE =
      new Wish(null, null, null, null, null, null, null, null, null, null, null, null, null);

  public Wish content(Body.Content told) {
    return new Wish(
        told,
        kind,
        key,
        tags,
        metadata,
        importance,
        pinned,
        links,
        expires,
        provenance,
        at,
        until,
        id);
  }

  Wish tags(Collection<String> told) {
    return new Wish(
        content,
        kind,
        key,
        told,
        metadata,
        importance,
        pinned,
        links,
        expires,
        provenance,
        at,
        until,
        id);
  }

  /// The same for a memory of its own.
  Wish withoutKey() {
    return new Wish(
        content,
        kind,
        null,
        tags,
        metadata,
        importance,
        pinned,
        links,
        expires,
        provenance,
        at,
        until,
        id);
  }

  Wish provenance(Provenance told) {
    return new Wish(
        content,
        kind,
        key,
        tags,
        metadata,
        importance,
        pinned,
        links,
        expires,
        told,
        at,
        until,
        id);
  }

  Wish links(List<Link> told) {
    return new Wish(
        content,
        kind,
        key,
        tags,
        metadata,
        importance,
        pinned,
        told,
        expires,
        provenance,
        at,
        until,
        id);
  }

  /// Whether it is a message of a conversation: nothing that was said before is reinforced by it.
  public boolean isTurn() {
    return tags != null && tags.contains(Turn.TAG);
  }

  /// The attributes of a new memory.
  Body.Attributes fresh() {
    return new Body.Attributes(
        kind == null ? Kind.SEMANTIC : kind,
        key,
        tags == null ? List.of() : sorted(tags),
        metadata == null ? Json.object().build() : metadata,
        importance == null ? 0.5 : importance,
        pinned != null && pinned,
        links == null ? List.of() : sortedLinks(links),
        expires == null ? Header.OPEN : expires,
        1,
        provenance == null ? Provenance.NONE : provenance);
  }

  /// The attributes that were there, with what was told in their place.
  Body.Attributes over(Body.Attributes before) {
    return new Body.Attributes(
        kind == null ? before.kind() : kind,
        key == null ? before.key() : key.equals(NO_KEY) ? null : key,
        tags == null ? before.tags() : sorted(tags),
        metadata == null ? before.metadata() : metadata,
        importance == null ? before.importance() : importance,
        pinned == null ? before.pinned() : pinned,
        links == null ? before.links() : sortedLinks(links),
        expires == null ? before.expires() : expires,
        before.count(),
        provenance == null ? before.provenance() : provenance);
  }

  static List<String> sorted(Collection<String> tags) {
    return List.copyOf(new TreeSet<>(tags));
  }

  static List<Link> sortedLinks(Collection<Link> links) {
    var sorted = new ArrayList<Link>(new LinkedHashSet<>(links));
    sorted.sort(
        Comparator.comparing((Link link) -> link.to().toString()).thenComparing(Link::type));
    return List.copyOf(sorted);
  }
}
