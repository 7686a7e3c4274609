package dev.remanence.image;

import dev.remanence.journal.Body;
import java.util.List;

/// Says how a content is found: what its words are taken from.
@FunctionalInterface
public interface Indexing {
  Indexed of(Body.Content content, Body.Attributes attributes);

  /// How a content is found.
  ///
  /// @param pieces the text of each piece, at least one
  /// @param traits what ranking wants to know of the content, as bits that mean nothing here
  record Indexed(List<String> pieces, byte traits) {}
}
