package dev.remanence;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is decided about a conflict.
public sealed interface Resolution {

  /// One side stays; the other is forgotten, or its value ends where it is one of a key.
  record Keep(Side side) implements Resolution {}

  /// Both become one memory; the other is forgotten and says into which it went.
  ///
  /// @param text what the one says; null for what the strategy makes of both
  record Merge(Strategy strategy, @Nullable String text) implements Resolution {
    public Merge {
      if (text != null) {
        Limits.content("text", text);
      }
    }
  }

  /// It is no conflict: both stay, and the pair is not told again.
  record Dismiss() implements Resolution {}

  static Resolution keep(Side side) {
    return new Keep(side);
  }

  static Resolution merge(Strategy strategy) {
    return new Merge(strategy, null);
  }

  static Resolution dismiss() {
    return new Dismiss();
  }

  /// The decision as the record has it.
  default String words() {
    return switch (this) {
      case Keep(var side) -> "keep " + side.word();
      case Merge(var strategy, var text) -> "merge " + (text == null ? strategy.word() : "by hand");
      case Dismiss() -> "dismiss";
    };
  }

  enum Side {
    OLDER,
    NEWER;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  enum Strategy {
    /// The newer content.
    LAST_WRITER,
    /// What both say and what either says more; refused where they say different things in one
    /// place.
    CONTENT,
    /// The sentences of both; of two that cannot both stand, or say the same, the newer.
    SEMANTIC;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
