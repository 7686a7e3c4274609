package dev.remanence.mind.extract;

import dev.remanence.mind.llm.By;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Facts of a turn, and who told them.
///
/// @param by whether a model was heard; the rules always are
/// @param why no model was heard where one was to be asked, or null
/// @param refused how many facts a model told that the rules did not allow
public record Extraction(List<Extracted> facts, By by, @Nullable String why, int refused) {
  public Extraction {
    facts = List.copyOf(facts);
  }
}
