package dev.remanence;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One message of a conversation.
///
/// @param role who spoke, as models know it: `user`, `assistant`, `system`, `tool`
/// @param speaker their name; the role where it is null
/// @param at when it was said; null for now
public record Turn(String role, @Nullable String speaker, String text, @Nullable Instant at) {
  /// Every turn has this tag: by it a filter takes them in or leaves them out.
  public static final String TAG = "turn";

  /// Where a turn's memory keeps its role.
  public static final String ROLE = "role";

  public Turn {
    Limits.name("role", role);
    Limits.optionalName("speaker", speaker);
    Limits.content("text", text);
    at = Limits.optionalMoment("at", at);
  }

  public static Turn of(String role, String text) {
    return new Turn(role, null, text, null);
  }

  public static Turn user(String text) {
    return of("user", text);
  }

  public static Turn assistant(String text) {
    return of("assistant", text);
  }

  public Turn speaker(@Nullable String speaker) {
    return new Turn(role, speaker, text, at);
  }

  public Turn at(@Nullable Instant at) {
    return new Turn(role, speaker, text, at);
  }

  /// Who said it.
  String saidBy() {
    return speaker == null ? role : speaker;
  }

  /// The memory that it becomes.
  ///
  /// @param when it was said
  Draft draft(String scope, Instant when) {
    return Draft.of(text)
        .kind(Kind.EPISODIC)
        .speaker(saidBy())
        .tags(TAG)
        .metadata(Json.object().put(ROLE, Json.of(role)).build())
        .at(when)
        .provenance(new Provenance(scope, null, null, null, null, null, null, null));
  }
}
