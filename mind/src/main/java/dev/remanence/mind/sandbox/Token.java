package dev.remanence.mind.sandbox;

import org.jspecify.annotations.Nullable;

/// A word of the text.
///
/// @param text as it stands; of a string, its content
/// @param value of a number or a string that needs no evaluation
record Token(Kind kind, String text, @Nullable Object value, int line) {
  enum Kind {
    NAME,
    KEYWORD,
    NUMBER,
    STRING,
    /// An f-string: `value` is a Boolean, whether it is raw.
    FORMATTED,
    SYMBOL,
    NEWLINE,
    INDENT,
    DEDENT,
    END
  }

  boolean is(String symbol) {
    return (kind == Kind.SYMBOL || kind == Kind.KEYWORD) && text.equals(symbol);
  }
}
