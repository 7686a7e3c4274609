package dev.remanence.recall;

import dev.remanence.image.Indexing.Indexed;
import dev.remanence.journal.Body;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A content as it is found: what its words are taken from, and what a model reads, piece by piece.
///
/// Who said it is part of both, because people ask for it ("what did Anna say about tea"). Key and
/// tags are words of the first piece. A model also reads the turn before, so that an answer is
/// understood with what it answers.
public final class Passage {
  /// How much of the turn before is read.
  private static final int BEFORE_CHARS_MAX = 400;

  private Passage() {}

  /// What words are taken from.
  public static Indexed indexed(Body.Content content, Body.Attributes attributes) {
    var text = text(content);
    var pieces = Pieces.of(text);
    var indexed = new String[pieces.size()];
    for (int i = 0; i < indexed.length; i++) {
      indexed[i] = Speakers.spoken(content.speaker(), pieces.get(i));
    }
    var labels = new StringBuilder();
    if (attributes.key() != null) {
      labels.append(attributes.key()).append('\n');
    }
    attributes.tags().forEach(tag -> labels.append(tag).append('\n'));
    indexed[0] = labels + indexed[0];
    return new Indexed(List.of(indexed), Trait.of(text, content.speaker(), attributes.key()));
  }

  /// What a model reads for each piece.
  ///
  /// @param before the turn before in the same session, or null
  public static List<String> embedded(Body.Content content, Body.@Nullable Content before) {
    var pieces = Pieces.of(text(content));
    var embedded = new String[pieces.size()];
    for (int i = 0; i < embedded.length; i++) {
      embedded[i] = Speakers.spoken(content.speaker(), pieces.get(i));
    }
    if (before != null) {
      embedded[0] = end(Speakers.spoken(before.speaker(), text(before))) + "\n" + embedded[0];
    }
    return List.of(embedded);
  }

  private static String end(String text) {
    int start = text.length() - BEFORE_CHARS_MAX;
    if (start <= 0) {
      return text;
    }
    return text.substring(Character.isLowSurrogate(text.charAt(start)) ? start + 1 : start);
  }

  private static String text(Body.Content content) {
    return content.text() != null ? content.text() : String.valueOf(content.json());
  }
}
