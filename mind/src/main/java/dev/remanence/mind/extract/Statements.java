package dev.remanence.mind.extract;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a turn states: each sentence that is a claim, each place in it where a clause may begin,
/// each rule until one tells something. Work a token is bounded by the rules, so a turn takes
/// linear time.
final class Statements {
  /// Characters of a turn that are read; what follows is passed over.
  static final int TEXT_CHARS_MAX = 1 << 20;

  /// Facts of a turn; nobody tells more.
  static final int FACTS_MAX = 1000;

  private static final List<Rule> RULES =
      Stream.of(
              SelfRules.RULES,
              HomeRules.RULES,
              WorkRules.RULES,
              TasteRules.RULES,
              PeopleRules.RULES,
              BelongingRules.RULES,
              ToolRules.RULES,
              PlanRules.RULES,
              WishRules.RULES,
              ThingRules.RULES)
          .flatMap(List::stream)
          .toList();

  private static final List<Rule> WHOLE = RULES.stream().filter(Rule::isWhole).toList();
  private static final List<Rule> BEHIND_SUBJECT =
      RULES.stream().filter(rule -> !rule.isWhole()).toList();

  private static final Set<String> BOUNDARIES =
      Words.set(", ; - \u2013 \u2014 ( : and but so because plus cause cuz though although");

  /// Not what one says of a single other person; `Most live in Bern` is of nobody.
  private static final Set<String> BARE_VERBS =
      Words.set(
          """
          live work like love hate adore enjoy prefer use speak play drive own study teach have do \
          go run eat drink dislike reside come don't
          """);

  private final Turn turn;
  private final LocalDate today;
  private final List<Extracted> facts = new ArrayList<>();
  private @Nullable String lately;
  private @Nullable List<Extracted> before;

  private Statements(Turn turn, LocalDate today) {
    this.turn = turn;
    this.today = today;
  }

  static List<Extracted> of(Turn turn) {
    LocalDate today;
    try {
      today = LocalDate.ofInstant(turn.said(), turn.zone());
    } catch (DateTimeException _) {
      return List.of();
    }
    var statements = new Statements(turn, today);
    if (!turn.byModel()) {
      statements.read();
    }
    return List.copyOf(statements.facts);
  }

  private void read() {
    var text =
        turn.text().length() <= TEXT_CHARS_MAX
            ? turn.text()
            : turn.text().substring(0, TEXT_CHARS_MAX);
    var sentences = Sentence.of(text, Token.of(text, Mask.of(text)));
    for (var sentence : sentences) {
      if (Stance.isIrony(sentence)) {
        return;
      }
    }
    boolean greets = sentences.stream().limit(3).anyMatch(each -> each.has(Words.GREETINGS));
    for (var sentence : sentences) {
      var stance = Stance.of(sentence);
      if (stance == Stance.NONE_FROM_HERE || facts.size() >= FACTS_MAX) {
        return;
      }
      if (stance == Stance.CLAIM) {
        claim(sentence, greets);
      } else {
        lately = null;
      }
    }
  }

  private void claim(Sentence sentence, boolean greets) {
    var corrections = Correction.of(sentence, today, facts, this::before);
    if (corrections != null) {
      facts.addAll(corrections);
      return;
    }
    int before = facts.size();
    var people = new HashSet<String>();
    Subject spoken = null;
    boolean anchor = true;
    for (int at = 0; at < sentence.size(); at++) {
      anchor = isAnchor(sentence, at, anchor);
      if (anchor) {
        var subject = Subject.at(sentence, at, turn.first(), lately);
        if (subject == null && spoken != null && sentence.is(at - 1, "and", "but")) {
          subject = toldUpTo(sentence, at - 1) ? spoken.at(at) : null;
        }
        if (subject != null && subject.kind() == Subject.Kind.NAMED) {
          people.add(subject.entity());
        }
        clause(sentence, at, subject, greets);
        spoken = subject == null ? spoken : subject;
      }
      if (sentence.is(at, "my", "our")) {
        var apposed = clauseAt(sentence, at, null);
        PeopleRules.apposed(apposed);
        add(apposed);
      }
    }
    for (var fact : facts.subList(before, facts.size())) {
      if (Roles.isRelation(fact.attribute())) {
        people.add(fact.value());
      }
    }
    lately = people.size() == 1 && facts.size() > before ? people.iterator().next() : null;
  }

  /// Whether the last fact ends right before a position: then what follows `and` is of the same
  /// subject, `I live in Bern and work at Bosch`.
  private boolean toldUpTo(Sentence sentence, int at) {
    return !facts.isEmpty() && facts.getLast().end() == sentence.token(at - 1).end();
  }

  /// What the turn before stated, read once.
  private List<Extracted> before() {
    if (before == null) {
      before = turn.previous() == null ? List.of() : of(turn.previous().after(null));
    }
    return before;
  }

  private static boolean isAnchor(Sentence sentence, int at, boolean before) {
    if (at == 0 || BOUNDARIES.contains(sentence.word(at - 1))) {
      return true;
    }
    boolean meant = sentence.is(at - 1, "mean", "meant") && sentence.is(at - 2, "i");
    return meant
        || (before
            && (Words.OPENERS.contains(sentence.word(at - 1))
                || sentence.token(at - 1).kind() == Token.Kind.MARK));
  }

  private Clause clauseAt(Sentence sentence, int at, @Nullable Subject subject) {
    var speaker = new Subject(turn.first(), Subject.Kind.I, at);
    return new Clause(
        sentence,
        at,
        subject == null ? speaker : subject,
        turn,
        today,
        Correction.isMarked(sentence, at));
  }

  private void clause(Sentence sentence, int at, @Nullable Subject subject, boolean greets) {
    if (greets) {
      var introduced = clauseAt(sentence, at, subject);
      if (SelfRules.introduces(introduced)) {
        add(introduced);
        return;
      }
    }
    if (subject != null && agrees(sentence, subject)) {
      if (first(clauseAt(sentence, at, subject), false)) {
        return;
      }
    }
    if (!first(clauseAt(sentence, at, null), true) && subject == null) {
      first(clauseAt(sentence, at, new Subject(turn.first(), Subject.Kind.OMITTED, at)), false);
    }
  }

  /// The first rule that tells something, if any does.
  private boolean first(Clause clause, boolean whole) {
    for (var rule : whole ? WHOLE : BEHIND_SUBJECT) {
      if (whole ? rule.triesWhole(clause) : rule.tries(clause)) {
        add(clause);
        return true;
      }
      clause.forget();
    }
    return false;
  }

  private static boolean agrees(Sentence sentence, Subject subject) {
    int verb = subject.end();
    while (Words.ADVERBS.contains(sentence.word(verb))) {
      verb++;
    }
    boolean single =
        switch (subject.kind()) {
          case NAMED, ROLE, PRONOUN -> true;
          case I, WE, OMITTED, ROLES -> false;
        };
    if (single && sentence.is(verb, "'s") && Stance.isPossessive(sentence, verb)) {
      return false;
    }
    return !(single
        && (BARE_VERBS.contains(sentence.word(verb)) || sentence.is(verb, "are", "'re", "were")));
  }

  private void add(Clause clause) {
    for (var fact : clause.told()) {
      boolean known =
          facts.stream()
              .skip(Math.max(0, facts.size() - 50L))
              .anyMatch(each ->
                  each.entity().equals(fact.entity())
                      && each.attribute().equals(fact.attribute())
                      && each.value().equalsIgnoreCase(fact.value()));
      if (!known && facts.size() < FACTS_MAX) {
        facts.add(fact);
      }
    }
  }
}
