package dev.remanence.mind.judge;

import dev.remanence.mind.llm.By;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A verdict for each turn, in the order of the turns.
///
/// @param by `MODEL` where any verdict is a model's
/// @param why a model that was to be asked was not heard, for all turns or some; or null
public record Judgement(List<Verdict> verdicts, By by, @Nullable String why) {
  public Judgement {
    verdicts = List.copyOf(verdicts);
  }
}
