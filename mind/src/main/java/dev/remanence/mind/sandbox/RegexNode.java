package dev.remanence.mind.sandbox;

import java.util.List;

/// A regular expression as it was read.
sealed interface RegexNode {
  record Literal(int point, boolean ignoreCase) implements RegexNode {}

  /// Any point.
  ///
  /// @param newline whether it takes a line end too
  record AnyPoint(boolean newline) implements RegexNode {}

  record Points(List<Range> ranges, boolean negated, boolean ignoreCase) implements RegexNode {}

  record Capture(int group, RegexNode body) implements RegexNode {}

  record Sequence(List<RegexNode> parts) implements RegexNode {}

  record Choice(List<RegexNode> options) implements RegexNode {}

  record Repeat(RegexNode body, int least, int most, boolean greedy) implements RegexNode {}

  record At(Place place) implements RegexNode {}

  record Back(int group, boolean ignoreCase) implements RegexNode {}

  record Look(RegexNode body, boolean behind, boolean negated) implements RegexNode {}

  /// Points from one to another, or a class such as `\w`: `kind` is its letter, or 0.
  record Range(int from, int to, char kind) {}

  enum Place {
    TEXT_START,
    TEXT_END,
    TEXT_END_BEFORE_NEWLINE,
    LINE_START,
    LINE_END,
    WORD_EDGE,
    NO_WORD_EDGE
  }
}
