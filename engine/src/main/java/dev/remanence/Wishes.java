package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.TooLarge;
import dev.remanence.journal.Body;
import dev.remanence.journal.Header;
import dev.remanence.life.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Checks what callers send against the limits and brings it into the form that the engine decides
/// on. Nothing was changed when it throws.
final class Wishes {
  private static final long GHOST_MILLIS = Duration.ofHours(1).toMillis();

  private Wishes() {}

  /// Refuses what no store takes, whatever it holds.
  static void check(Draft draft) {
    checkContent(draft.text, draft.content);
    if (draft.vector != null) {
      Limits.vector("vector", draft.vector);
    }
    checkNames(draft.key, draft.speaker, draft.tags, draft.metadata, draft.links);
    if (draft.importance != null) {
      Limits.unit("importance", draft.importance);
    }
    if (draft.id != null && dev.remanence.journal.Reader.isSentinel(draft.id)) {
      throw new InvalidInput("an id is a UUID of its own, not all zeros or ones", "field", "id");
    }
    checkTtl(draft.ttl);
    Limits.optionalTime("at", draft.at);
    Limits.optionalTime("until", draft.until);
  }

  /// Refuses what no store takes, whatever it holds.
  static void check(Patch patch) {
    Limits.optionalText("message", patch.message, Limits.MESSAGE_CHARS_MAX);
    Limits.name("branch", patch.branch);
    if (patch.text != null && patch.content != null) {
      throw new InvalidInput("give text or content, not both", "field", "content");
    }
    if (patch.text != null || patch.content != null) {
      checkContent(patch.text, patch.content);
    }
    if (patch.vector != null) {
      Limits.vector("vector", patch.vector);
    }
    checkNames(patch.key, patch.speaker, patch.tags, patch.metadata, patch.links);
    if (patch.importance != null) {
      Limits.unit("importance", patch.importance);
    }
    Limits.optionalTime("expires", patch.expires);
    Limits.optionalTime("at", patch.at);
    Limits.optionalTime("until", patch.until);
  }

  static Wish of(Draft draft, long nowMillis, Provenance caller) {
    check(draft);
    return new Wish(
        new Body.Content(draft.text, draft.content, draft.speaker, draft.vector),
        draft.kind,
        draft.key,
        draft.tags,
        draft.metadata,
        draft.importance,
        draft.pinned,
        draft.links,
        expires(draft, nowMillis),
        draft.provenance.by(
            Objects.requireNonNull(caller.session()), Objects.requireNonNull(caller.tool())),
        millis(draft.at),
        millis(draft.until),
        draft.id);
  }

  /// A hint that may be nothing is gone in an hour unless told otherwise.
  private static @Nullable Long expires(Draft draft, long nowMillis) {
    if (draft.ttl != null) {
      return nowMillis + draft.ttl.toMillis();
    }
    return draft.kind == Kind.GHOST ? nowMillis + GHOST_MILLIS : null;
  }

  /// What a patch makes of the content that it finds, decided where that cannot change any more.
  static Function<Body.Content, Wish> of(Patch patch) {
    check(patch);
    boolean hasContent = patch.text != null || patch.content != null;
    var attributes =
        new Wish(
            null,
            patch.kind,
            patch.keyless ? Wish.NO_KEY : patch.key,
            patch.tags,
            patch.metadata,
            patch.importance,
            patch.pinned,
            patch.links,
            patch.expiresNever ? Long.valueOf(Header.OPEN) : millis(patch.expires),
            patch.provenance,
            millis(patch.at),
            patch.untilOpen ? Long.valueOf(Header.OPEN) : millis(patch.until),
            null);
    boolean tellsContent =
        hasContent || patch.speaker != null || patch.speakerless || patch.vector != null;
    if (!tellsContent && attributes.equals(Wish.NONE)) {
      throw new InvalidInput("a revise changes at least one field; none was given");
    }
    return before ->
        !tellsContent
            ? attributes
            : attributes.content(
                new Body.Content(
                    hasContent ? patch.text : before.text(),
                    hasContent ? patch.content : before.json(),
                    patch.speaker == null && !patch.speakerless ? before.speaker() : patch.speaker,
                    patch.vector));
  }

  private static void checkContent(@Nullable String text, @Nullable Json json) {
    if ((text == null) == (json == null)) {
      throw new InvalidInput("a memory has either text or content", "field", "text");
    }
    if (text != null) {
      Limits.content("text", text);
    }
    if (json instanceof Json.Null) {
      throw new InvalidInput(
          "a content is a JSON value other than null", "field", "content", "found", "null");
    }
    if (json != null) {
      Limits.json("content", json, Limits.CONTENT_BYTES_MAX);
    }
  }

  private static void checkNames(
      @Nullable String key,
      @Nullable String speaker,
      @Nullable Collection<String> tags,
      Json.@Nullable Obj metadata,
      @Nullable List<Link> links) {
    if (key != null) {
      Limits.word("key", key, Limits.KEY_CHARS_MAX);
    }
    Limits.optionalName("speaker", speaker);
    if (tags != null) {
      if (tags.size() > Limits.TAGS_MAX) {
        throw new TooLarge(
            "a memory has at most " + Limits.TAGS_MAX + " tags; found " + tags.size(),
            "field",
            "tags",
            "found",
            tags.size());
      }
      tags.forEach(tag -> Limits.word("tags", tag, Limits.TAG_CHARS_MAX));
    }
    if (metadata != null) {
      Limits.json("metadata", metadata, Limits.METADATA_BYTES_MAX);
    }
    if (links != null && links.size() > Limits.LINKS_MAX) {
      throw new TooLarge(
          "a memory has at most " + Limits.LINKS_MAX + " links; found " + links.size(),
          "field",
          "links",
          "found",
          links.size());
    }
  }

  /// What lies below a millisecond is nothing to a store.
  private static void checkTtl(@Nullable Duration ttl) {
    if (ttl != null && (ttl.compareTo(Duration.ofMillis(1)) < 0 || ttl.toDays() > 365_000)) {
      throw new InvalidInput("ttl is a time greater than zero", "field", "ttl");
    }
  }

  private static @Nullable Long millis(@Nullable Instant time) {
    return time == null ? null : time.toEpochMilli();
  }
}
