package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import java.util.Locale;

/// How a memory lives and dies. The order is part of the data file: a kind is stored by its ordinal
/// plus one.
public enum Kind {
  /// What is in hand now.
  WORKING(1),
  /// What happened.
  EPISODIC(2),
  /// What is true.
  SEMANTIC(3),
  /// How to do things.
  PROCEDURAL(4),
  /// A hint that may be nothing.
  GHOST(5),
  /// What must stay as it is.
  SOLITON(6);

  private static final Kind[] BY_CODE = values();

  private final int code;

  Kind(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /// The kind with this code; throws `IndexOutOfBoundsException` where there is none.
  public static Kind ofCode(int code) {
    return BY_CODE[code - 1];
  }

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
