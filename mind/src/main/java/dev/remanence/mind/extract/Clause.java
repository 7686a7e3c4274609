package dev.remanence.mind.extract;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A place in a sentence where a clause may begin, and what the rules have told of it. Rules ask it
/// for phrases and tell it facts.
final class Clause {
  final Sentence sentence;

  /// Where it begins, subject included.
  final int start;

  final Subject subject;
  private final Turn turn;
  private final LocalDate today;
  private final boolean correction;
  private final List<Extracted> told = new ArrayList<>();

  Clause(
      Sentence sentence,
      int start,
      Subject subject,
      Turn turn,
      LocalDate today,
      boolean correction) {
    this.sentence = sentence;
    this.start = start;
    this.subject = subject;
    this.turn = turn;
    this.today = today;
    this.correction = correction;
  }

  /// Takes back what was told.
  void forget() {
    told.clear();
  }

  List<Extracted> told() {
    return told;
  }

  /// Who `I` is, whoever the clause is about.
  String first() {
    return turn.first();
  }

  /// Whether an assistant is spoken to: by a user without a name, or in answer to it.
  boolean isToAssistant() {
    return turn.first().equals("user") || (turn.previous() != null && turn.previous().byModel());
  }

  @Nullable Phrase phrase(int at, Phrase.Style style) {
    return Phrase.at(sentence, at, today, style);
  }

  List<Phrase> list(int at, Phrase.Style style) {
    return Phrase.list(sentence, at, today, style);
  }

  When.@Nullable Time time(int at, When.Side side) {
    return When.at(sentence, at, today, side);
  }

  /// Tells a value of the subject.
  boolean tell(Attribute attribute, Phrase value, double sureness) {
    return fact(attribute, value.text()).time(value.time()).upTo(value.end()).tell(sureness);
  }

  /// Tells that a value of the subject holds no longer.
  boolean tellEnded(Attribute attribute, Phrase value, double sureness) {
    return fact(attribute, value.text()).ended(value.time()).upTo(value.end()).tell(sureness);
  }

  Draft fact(Attribute attribute, String value) {
    return new Draft(subject.entity(), attribute, value);
  }

  Draft fact(String entity, Attribute attribute, String value) {
    return new Draft(entity, attribute, value);
  }

  /// A fact to be.
  final class Draft {
    private final String entity;
    private final Attribute attribute;
    private final String value;
    private When.@Nullable Time time;
    private boolean ended;
    private int end = start + 1;

    private Draft(String entity, Attribute attribute, String value) {
      this.entity = entity;
      this.attribute = attribute;
      this.value = value;
    }

    Draft time(When.@Nullable Time told) {
      time = told;
      return this;
    }

    /// It ended, at a time if one was told: of `in January` its first day.
    Draft ended(When.@Nullable Time when) {
      ended = true;
      time = when == null ? null : new When.Time(null, when.from(), when.end());
      return this;
    }

    Draft upTo(int position) {
      end = position;
      return this;
    }

    /// @param sureness of the rule, before what the subject and the wording take from it
    boolean tell(double sureness) {
      var reasons = new ArrayList<String>();
      reasons.add("rule=" + hundredths(sureness));
      double confidence = sureness;
      if (subject.kind().doubt > 0) {
        confidence -= subject.kind().doubt;
        reasons.add(Words.lower(subject.kind().name()) + "=-" + hundredths(subject.kind().doubt));
      }
      if (correction) {
        confidence += 0.05;
        reasons.add("correction=+0.05");
      }
      // A span of a state that was told as one moment has a beginning only: `moved last month`.
      boolean open = !ended && time != null && time.from() != null && !attribute.dated();
      told.add(
          new Extracted(
              entity,
              attribute,
              value,
              time == null ? null : time.fromInstant(turn.zone()),
              time == null || open ? null : time.untilInstant(turn.zone()),
              ended,
              correction,
              Math.clamp(confidence, 0.0, 1.0),
              reasons,
              sentence.token(start).start(),
              sentence.token(Math.max(end, start + 1) - 1).end(),
              sentence.start(),
              sentence.end()));
      return true;
    }

    private static String hundredths(double number) {
      long whole = Math.round(number * 100);
      return "0." + (whole < 10 ? "0" : "") + whole;
    }
  }
}
