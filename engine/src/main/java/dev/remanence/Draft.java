package dev.remanence;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A memory to be: what `remember` takes. Fluent and mutable until it is handed over; not
/// thread-safe. Limits are checked by `remember`, or by [#told], not before. What is not set takes
/// its default in a new memory, and stays as it is where a key is remembered again.
public final class Draft {
  final @Nullable String text;
  final @Nullable Json content;
  @Nullable Kind kind;
  @Nullable String key;
  @Nullable String speaker;
  @Nullable List<String> tags;
  Json.@Nullable Obj metadata;
  @Nullable Double importance;
  @Nullable Boolean pinned;
  @Nullable List<Link> links;
  @Nullable Instant at;
  @Nullable Instant until;
  @Nullable Duration ttl;
  Provenance provenance = Provenance.NONE;
  float @Nullable [] vector;
  boolean defer;
  @Nullable UUID id;

  private Draft(@Nullable String text, @Nullable Json content) {
    this.text = text;
    this.content = content;
  }

  public static Draft of(String text) {
    return new Draft(text, null);
  }

  public static Draft of(Json content) {
    return new Draft(null, content);
  }

  /// Semantic unless told.
  public Draft kind(Kind kind) {
    this.kind = kind;
    return this;
  }

  /// A name for this memory within its scope: remembering under a key that exists revises.
  public Draft key(@Nullable String key) {
    this.key = key;
    return this;
  }

  /// Who said it.
  public Draft speaker(@Nullable String speaker) {
    this.speaker = speaker;
    return this;
  }

  public Draft tags(String... tags) {
    return tags(List.of(tags));
  }

  public Draft tags(Collection<String> tags) {
    this.tags = List.copyOf(tags);
    return this;
  }

  public Draft metadata(Json.@Nullable Obj metadata) {
    this.metadata = metadata;
    return this;
  }

  /// Between 0 and 1; 0.5 unless told.
  public Draft importance(double importance) {
    this.importance = importance;
    return this;
  }

  public Draft pinned(boolean pinned) {
    this.pinned = pinned;
    return this;
  }

  public Draft link(String type, UUID to) {
    var more = new ArrayList<Link>(links == null ? List.of() : links);
    more.add(new Link(type, to));
    return links(more);
  }

  public Draft links(List<Link> links) {
    this.links = List.copyOf(links);
    return this;
  }

  /// When it happened or became true; now unless told.
  public Draft at(@Nullable Instant at) {
    this.at = at;
    return this;
  }

  /// When it stopped being true.
  public Draft until(@Nullable Instant until) {
    this.until = until;
    return this;
  }

  /// How long from now it is kept in reads.
  public Draft ttl(@Nullable Duration ttl) {
    this.ttl = ttl;
    return this;
  }

  public Draft provenance(Provenance provenance) {
    this.provenance = provenance;
    return this;
  }

  /// A vector that the caller computed; it is kept with the content.
  public Draft vector(float @Nullable [] vector) {
    this.vector = vector == null ? null : Limits.copyOf(vector);
    return this;
  }

  /// Remembers without waiting for the vector: it is found by words at once, by meaning soon.
  public Draft defer(boolean defer) {
    this.defer = defer;
    return this;
  }

  /// Makes the write idempotent: the same content again under this id is not a second memory.
  public Draft id(@Nullable UUID id) {
    this.id = id;
    return this;
  }

  /// What was told so far, for those who carry it to where it is remembered; refused like there
  /// where it is beyond a limit. Null is what was not told.
  public Told told() {
    Wishes.check(this);
    return new Told(
        text,
        content,
        kind,
        key,
        speaker,
        tags,
        metadata,
        importance,
        pinned,
        links,
        at,
        until,
        ttl,
        provenance,
        vector,
        defer,
        id);
  }

  /// The parts of a draft, by the names under which they are told.
  public record Told(
      @Nullable String text,
      @Nullable Json content,
      @Nullable Kind kind,
      @Nullable String key,
      @Nullable String speaker,
      @Nullable List<String> tags,
      Json.@Nullable Obj metadata,
      @Nullable Double importance,
      @Nullable Boolean pinned,
      @Nullable List<Link> links,
      @Nullable Instant at,
      @Nullable Instant until,
      @Nullable Duration ttl,
      Provenance provenance,
      float @Nullable [] vector,
      boolean defer,
      @Nullable UUID id) {}
}
