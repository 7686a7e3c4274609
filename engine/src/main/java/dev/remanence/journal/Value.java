package dev.remanence.journal;

import dev.remanence.Turn;
import org.jspecify.annotations.Nullable;

/// What a current revision says: the content, from it or from the revision it refers to, and its
/// attributes.
public record Value(Body.Content content, Body.Attributes attributes) {

  /// The body of a revision that says this; the content is left out where it stands elsewhere.
  public Body body(boolean withContent, Body.Cause cause) {
    return new Body(withContent ? content : null, attributes, cause);
  }

  public Value with(Body.Attributes changed) {
    return new Value(content, changed);
  }

  /// Whether it is a message of a conversation.
  public boolean isTurn() {
    return attributes.tags().contains(Turn.TAG);
  }

  public @Nullable String key() {
    return attributes.key();
  }
}
