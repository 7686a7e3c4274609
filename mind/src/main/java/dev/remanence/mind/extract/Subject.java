package dev.remanence.mind.extract;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who a clause is about.
///
/// @param entity the speaker for `I`, a name, or a role such as `anna's sister`
/// @param kind how it was said, from which the confidence follows
/// @param end the position behind it
record Subject(String entity, Kind kind, int end) {
  enum Kind {
    I(0),
    WE(0.08),
    /// Left out: `grew up in New Jersey`.
    OMITTED(0.2),
    NAMED(0.05),
    ROLE(0.03),
    ROLES(0.05),
    /// `she`, who was named in the sentence before.
    PRONOUN(0.2);

    /// What it takes from the confidence.
    final double doubt;

    Kind(double doubt) {
      this.doubt = doubt;
    }

    boolean isFirst() {
      return this == I || this == WE || this == OMITTED;
    }
  }

  /// Capitalized at the beginning of sentences without being names.
  private static final Set<String> NO_NAMES =
      Words.set(
          """
          the a an my our your his her their its i'm oh ok okay yes no not and but so or hey hi hello \
          please thanks thank sorry well also then now here there just still really maybe people \
          folks guys never always sometimes often today tomorrow yesterday tonight mom dad grandma \
          grandpa in on at to from of for with by as after before until during since every each all \
          most many some any few other others another anybody somebody whoever life love work home \
          dear good great nice sure true right wrong only even once again later actually honestly \
          correction favourite favorite born got moved going trying can't
          """);

  /// The subject that begins at a position, or null.
  ///
  /// @param first who `I` is
  /// @param lately the person named in the sentence before, or null
  static @Nullable Subject at(Sentence sentence, int at, String first, @Nullable String lately) {
    var word = sentence.word(at);
    return switch (word) {
      case "i" -> new Subject(first, Kind.I, at + 1);
      case "we" -> new Subject(first, Kind.WE, at + 1);
      case "my", "our" -> role(sentence, at + 1, first);
      case "he", "she" -> lately == null ? null : new Subject(lately, Kind.PRONOUN, at + 1);
      default -> {
        int end = nameEnd(sentence, at);
        yield end == at ? null : new Subject(sentence.text(at, end), Kind.NAMED, end);
      }
    };
  }

  /// The same where it is left out, before a position.
  Subject at(int position) {
    return new Subject(entity, kind, position);
  }

  private static @Nullable Subject role(Sentence sentence, int at, String first) {
    int noun = at;
    while (noun < at + 2 && Roles.ADJECTIVES.contains(sentence.word(noun))) {
      noun++;
    }
    var word = sentence.word(noun);
    boolean pet = Lexicon.PETS.contains(word);
    if (Roles.of(word) == null && !pet) {
      return null;
    }
    int end = nameEnd(sentence, noun + 1);
    if (end > noun + 1) {
      return pet
          ? new Subject(first + "'s " + word, Kind.ROLE, end)
          : new Subject(sentence.text(noun + 1, end), Kind.NAMED, end);
    }
    var kind = Roles.PLURALS.contains(word) ? Kind.ROLES : Kind.ROLE;
    return new Subject(first + "'s " + word, kind, noun + 1);
  }

  /// The position behind the name that begins here; the same where none does.
  static int nameEnd(Sentence sentence, int at) {
    int end = at;
    while (end < at + 3 && isName(sentence, end)) {
      end++;
    }
    return end;
  }

  private static boolean isName(Sentence sentence, int at) {
    var token = sentence.token(at);
    return token.isCapital()
        && token.text().length() > 1
        && token.text().chars().noneMatch(Character::isDigit)
        && !NO_NAMES.contains(token.word())
        && !Words.PRONOUNS.contains(token.word())
        && !Words.STOPS.contains(token.word())
        && !Words.DAYS.contains(token.word())
        && !(Words.MONTHS.contains(token.word()) && sentence.token(at + 1).isNumber());
  }
}
