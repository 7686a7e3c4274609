package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import java.util.Locale;

/// How a memory lives and dies. The order is part of the data file: a kind is stored by its ordinal
/// plus one.
public enum Kind {
  /// What is in hand now.
  WORKING,
  /// What happened.
  EPISODIC,
  /// What is true.
  SEMANTIC,
  /// How to do things.
  PROCEDURAL,
  /// A hint that may be nothing.
  GHOST,
  /// What must stay as it is.
  SOLITON;

  /// The name on every surface: lower case.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Kind of(String word) {
    for (var kind : values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw new InvalidInput(
        "kind is one of working, episodic, semantic, procedural, ghost, soliton; found another word",
        "field",
        "kind");
  }
}
