package dev.remanence.journal;

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

  public @Nullable String key() {
    return attributes.key();
  }
}
