package dev.remanence;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One thing remembered, as it is known at the moment that was asked for.
///
/// Exactly one of `text` and `content` is there. `at` and `until` bound the time in which it was
/// true, `[at, until)`; `createdAt` and `updatedAt` are recorded times, which no caller supplies.
/// `hash` is the SHA-256 of the canonical JSON of content and speaker. `count` tells how often the
/// same content was remembered.
public record Memory(
    UUID id,
    String scope,
    Kind kind,
    @Nullable String key,
    @Nullable String text,
    @Nullable Json content,
    @Nullable String speaker,
    List<String> tags,
    Json.Obj metadata,
    double importance,
    boolean pinned,
    List<Link> links,
    Instant at,
    @Nullable Instant until,
    int revision,
    String branch,
    Instant createdAt,
    Instant updatedAt,
    int count,
    long uses,
    double strength,
    Provenance provenance,
    @Nullable Instant expires,
    boolean durable,
    String hash) {

  /// Whether it is true at a moment.
  public boolean holdsAt(Instant moment) {
    return !moment.isBefore(at) && (until == null || moment.isBefore(until));
  }

  /// The content as a person or a model reads it: the text, or the JSON in one line.
  public String body() {
    return text != null ? text : String.valueOf(content);
  }
}
