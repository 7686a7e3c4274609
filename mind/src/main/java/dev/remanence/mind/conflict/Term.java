package dev.remanence.mind.conflict;

/// A word, a number or a date of a sentence, in the form in which it is compared.
///
/// @param text what is compared: lower case, verbs without their `s`, numbers in digits
/// @param capital whether it was written with a capital, as names are
record Term(Kind kind, String text, boolean capital) {
  enum Kind {
    WORD,
    NUMBER,
    /// A day, a month, a year or a weekday; the text begins with which of them.
    DATE
  }

  static Term word(String text, boolean capital) {
    return new Term(Kind.WORD, text, capital);
  }

  static Term number(String text) {
    return new Term(Kind.NUMBER, text, false);
  }

  static Term date(String text) {
    return new Term(Kind.DATE, text, false);
  }

  boolean is(String word) {
    return kind == Kind.WORD && text.equals(word);
  }

  /// Whether both are written the same, whatever their capitals.
  boolean same(Term other) {
    return kind == other.kind && text.equals(other.text);
  }

  /// Dates of one form: two days, two years.
  boolean isDateLike(Term other) {
    return kind == Kind.DATE
        && other.kind == Kind.DATE
        && text.substring(0, text.indexOf(':'))
            .equals(other.text.substring(0, other.text.indexOf(':')));
  }
}
