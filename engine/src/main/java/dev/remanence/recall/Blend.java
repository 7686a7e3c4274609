package dev.remanence.recall;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// What a score is made of: the shares of words and meaning, which add up to 1, and the priors that
/// are on, always in one order, so that a score is the same to the last bit in every process. Where
/// one of the legs has nothing, the other has its share.
public record Blend(double words, double meaning, Set<Prior> priors) {
  public static final Blend DEFAULT =
      new Blend(Prior.WORDS_SHARE, 1 - Prior.WORDS_SHARE, EnumSet.allOf(Prior.class));

  public Blend {
    var inOrder = EnumSet.noneOf(Prior.class);
    inOrder.addAll(priors);
    priors = Collections.unmodifiableSet(inOrder);
  }

  public Blend without(Prior... off) {
    var on = EnumSet.noneOf(Prior.class);
    on.addAll(priors);
    for (var prior : off) {
      on.remove(prior);
    }
    return new Blend(words, meaning, on);
  }

  boolean has(Prior prior) {
    return priors.contains(prior);
  }
}
