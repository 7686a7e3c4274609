package dev.remanence.mind.extract;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// What somebody said, and what one must know to read it.
///
/// @param speaker who said it; null, `user` or `human` for a user without a name, `assistant` for a
///   model, whose own claims are never facts
/// @param said the moment to which `tomorrow` and `last year` are relative
/// @param previous the turn before in the same conversation, of which corrections speak
public record Turn(
    String text, @Nullable String speaker, Instant said, ZoneId zone, @Nullable Turn previous) {

  /// A turn in UTC without a turn before.
  public static Turn of(String text, @Nullable String speaker, Instant said) {
    return new Turn(text, speaker, said, ZoneOffset.UTC, null);
  }

  public Turn after(@Nullable Turn previousTurn) {
    return new Turn(text, speaker, said, zone, previousTurn);
  }

  /// Who `I` is.
  String first() {
    return speaker == null
            || speaker.isBlank()
            || speaker.equalsIgnoreCase("human")
            || speaker.equalsIgnoreCase("user")
        ? "user"
        : speaker.strip();
  }

  boolean byModel() {
    return speaker != null && Words.MODELS.contains(Words.lower(speaker.strip()));
  }
}
