package dev.remanence.mind.judge;

import dev.remanence.RemanenceException.InvalidInput;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// By which turns are judged.
///
/// @param recent how many of the latest turns stay, whatever they say
/// @param oldAfter from which age on a turn may be compressed, or an answered question deleted
/// @param dropAfter from which age on a turn that nothing speaks for is deleted; null for never
/// @param longChars from which length on a model's turn is compressed
/// @param summaryChars how long what takes its place may be
public record Policy(
    int recent, Duration oldAfter, @Nullable Duration dropAfter, int longChars, int summaryChars) {
  public static final Policy DEFAULT = new Policy(10, Duration.ofDays(7), null, 1200, 400);

  public Policy {
    if (recent < 0
        || oldAfter.isNegative()
        || (dropAfter != null && dropAfter.compareTo(oldAfter) < 0)
        || summaryChars < 40
        || summaryChars > 4000
        || longChars < summaryChars) {
      throw new InvalidInput(
          "a policy has recent >= 0, oldAfter >= 0, dropAfter >= oldAfter, summaryChars from 40 to"
              + " 4000 and longChars >= summaryChars",
          "field",
          "policy");
    }
  }

  public Policy recent(int turns) {
    return new Policy(turns, oldAfter, dropAfter, longChars, summaryChars);
  }

  public Policy dropAfter(@Nullable Duration age) {
    return new Policy(recent, oldAfter, age, longChars, summaryChars);
  }
}
