package dev.remanence;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `revise` changes: only the fields that were set. Fluent and mutable until it is handed
/// over; not thread-safe.
public final class Patch {
  @Nullable String text;
  @Nullable Json content;
  @Nullable Kind kind;
  @Nullable String key;
  boolean keyless;
  @Nullable String speaker;
  boolean speakerless;
  @Nullable List<String> tags;
  Json.@Nullable Obj metadata;
  @Nullable Double importance;
  @Nullable Boolean pinned;
  @Nullable List<Link> links;
  @Nullable Instant at;
  @Nullable Instant until;
  boolean untilOpen;
  @Nullable Instant expires;
  boolean expiresNever;
  @Nullable Provenance provenance;
  float @Nullable [] vector;
  @Nullable Integer ifRevision;
  @Nullable String message;
  String branch = AsOf.MAIN;

  /// Changes nothing yet.
  public Patch() {}

  public Patch text(String text) {
    this.text = text;
    return this;
  }

  public Patch content(Json content) {
    this.content = content;
    return this;
  }

  public Patch kind(Kind kind) {
    this.kind = kind;
    return this;
  }

  /// Its name within the scope; null takes it away.
  public Patch key(@Nullable String key) {
    this.key = key;
    this.keyless = key == null;
    return this;
  }

  /// Who said it; null for nobody in particular.
  public Patch speaker(@Nullable String speaker) {
    this.speaker = speaker;
    this.speakerless = speaker == null;
    return this;
  }

  /// Replaces all tags.
  public Patch tags(Collection<String> tags) {
    this.tags = List.copyOf(tags);
    return this;
  }

  /// Replaces the metadata.
  public Patch metadata(Json.Obj metadata) {
    this.metadata = metadata;
    return this;
  }

  public Patch importance(double importance) {
    this.importance = importance;
    return this;
  }

  public Patch pinned(boolean pinned) {
    this.pinned = pinned;
    return this;
  }

  /// Replaces all links.
  public Patch links(List<Link> links) {
    this.links = List.copyOf(links);
    return this;
  }

  public Patch at(Instant at) {
    this.at = at;
    return this;
  }

  /// The end of its validity; null opens it again.
  public Patch until(@Nullable Instant until) {
    this.until = until;
    this.untilOpen = until == null;
    return this;
  }

  /// The moment after which reads pass it over; null keeps it for good.
  public Patch expires(@Nullable Instant expires) {
    this.expires = expires;
    this.expiresNever = expires == null;
    return this;
  }

  public Patch provenance(Provenance provenance) {
    this.provenance = provenance;
    return this;
  }

  public Patch vector(float[] vector) {
    this.vector = Limits.copyOf(vector);
    return this;
  }

  /// Refuses with `Conflict` unless this is still the current revision.
  public Patch ifRevision(@Nullable Integer revision) {
    this.ifRevision = revision;
    return this;
  }

  /// Why, for the history.
  public Patch message(@Nullable String message) {
    this.message = message;
    return this;
  }

  public Patch branch(String branch) {
    this.branch = branch;
    return this;
  }

  /// What was told so far, for those who carry it to where it is revised; refused like there where
  /// it is beyond a limit. Null is what was not told.
  public Told told() {
    Wishes.check(this);
    return new Told(
        text,
        content,
        kind,
        key,
        keyless,
        speaker,
        speakerless,
        tags,
        metadata,
        importance,
        pinned,
        links,
        at,
        until,
        untilOpen,
        expires,
        expiresNever,
        provenance,
        vector,
        ifRevision,
        message,
        branch);
  }

  /// The parts of a patch, by the names under which they are told.
  ///
  /// @param keyless whether the key is taken away
  /// @param speakerless whether the speaker is taken away
  /// @param untilOpen whether validity is opened again
  /// @param expiresNever whether it is kept for good
  public record Told(
      @Nullable String text,
      @Nullable Json content,
      @Nullable Kind kind,
      @Nullable String key,
      boolean keyless,
      @Nullable String speaker,
      boolean speakerless,
      @Nullable List<String> tags,
      Json.@Nullable Obj metadata,
      @Nullable Double importance,
      @Nullable Boolean pinned,
      @Nullable List<Link> links,
      @Nullable Instant at,
      @Nullable Instant until,
      boolean untilOpen,
      @Nullable Instant expires,
      boolean expiresNever,
      @Nullable Provenance provenance,
      float @Nullable [] vector,
      @Nullable Integer ifRevision,
      @Nullable String message,
      String branch) {}
}
