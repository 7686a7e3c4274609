package dev.remanence.mind.extract;

import java.util.Set;

/// Words behind a subject, and what they tell of it.
///
/// @param subjects of which kinds a clause must be for the rule to be tried
record Rule(Pattern pattern, Set<Subject.Kind> subjects, Reading reading) {
  private static final Set<Subject.Kind> FIRST = Set.of(Subject.Kind.I, Subject.Kind.WE);
  private static final Set<Subject.Kind> ALL =
      Set.of(
          Subject.Kind.I,
          Subject.Kind.WE,
          Subject.Kind.NAMED,
          Subject.Kind.ROLE,
          Subject.Kind.ROLES,
          Subject.Kind.PRONOUN);

  /// Reads what stands behind the pattern and tells facts; false where it tells none.
  @FunctionalInterface
  interface Reading {
    boolean read(Clause clause, int at);
  }

  /// Of anyone.
  static Rule of(String pattern, Reading reading) {
    return new Rule(Pattern.of(pattern), ALL, reading);
  }

  /// Of the speaker alone.
  static Rule ofSpeaker(String pattern, Reading reading) {
    return new Rule(Pattern.of(pattern), FIRST, reading);
  }

  /// Where the subject is left out, at the beginning of a sentence.
  static Rule omitted(String pattern, Reading reading) {
    return new Rule(Pattern.of(pattern), Set.of(Subject.Kind.OMITTED), reading);
  }

  /// Where the clause itself is the pattern, without a subject that it needs: `my name is`.
  static Rule whole(String pattern, Reading reading) {
    return new Rule(Pattern.of(pattern), Set.of(), reading);
  }

  boolean isWhole() {
    return subjects.isEmpty();
  }

  boolean tries(Clause clause) {
    if (!subjects.contains(clause.subject.kind())) {
      return false;
    }
    int end = pattern.end(clause.sentence, clause.subject.end());
    return end >= 0 && reading.read(clause, end);
  }

  /// As [#tries], from the clause's first word.
  boolean triesWhole(Clause clause) {
    int end = pattern.end(clause.sentence, clause.start);
    return end >= 0 && reading.read(clause, end);
  }
}
