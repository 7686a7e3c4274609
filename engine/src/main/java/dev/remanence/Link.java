package dev.remanence;

import java.util.UUID;

/// A typed arrow from the memory that holds it to another, which need not exist yet.
public record Link(String type, UUID to) {
  public Link {
    Limits.word("links.type", type, Limits.LINK_TYPE_CHARS_MAX);
  }
}
