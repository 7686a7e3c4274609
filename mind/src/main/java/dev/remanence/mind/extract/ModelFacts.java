package dev.remanence.mind.extract;

import dev.remanence.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a model may tell of a turn. A model reads more than rules do and invents more; what it
/// tells is held to the words that are there:
/// - its quotation stands in the turn, in one sentence that [Stance] takes for a claim, outside of
///   quotations and code;
/// - its value stands in the quotation, as whole words;
/// - whom it is about is the speaker, a name in the turn, or a role of the speaker that it names;
/// - neither speaks of a secret;
/// - it is never surer than [#CONFIDENCE_MAX].
final class ModelFacts {
  /// Less than any rule whose fact is plainly stated.
  static final double CONFIDENCE_MAX = 0.75;

  private static final int YEAR_MIN = 1900;
  private static final int YEAR_MAX = 2200;

  private final Turn turn;
  private final String text;
  private final List<Mask> masks;
  private final List<Sentence> claims;

  ModelFacts(Turn turn) {
    this.turn = turn;
    this.text = turn.text();
    this.masks = Mask.of(text);
    this.claims = claims(Sentence.of(text, Token.of(text, masks)));
  }

  private static List<Sentence> claims(List<Sentence> sentences) {
    if (sentences.stream().anyMatch(Stance::isIrony)) {
      return List.of();
    }
    return sentences.stream()
        .takeWhile(sentence -> Stance.of(sentence) != Stance.NONE_FROM_HERE)
        .filter(sentence -> Stance.of(sentence) == Stance.CLAIM)
        .toList();
  }

  /// The fact, or null where it is not held.
  @Nullable Extracted fact(Json.Obj told) {
    var quote = trimmed(told.string("quote"));
    var value = trimmed(told.string("value"));
    var entity = entity(trimmed(told.string("entity")));
    var attribute = Attribute.named(String.valueOf(told.string("attribute")));
    int start = text.indexOf(quote);
    int end = start + quote.length();
    if (quote.isEmpty() || value.isEmpty() || entity == null || start < 0) {
      return null;
    }
    var sentence = claim(start, end);
    if (sentence == null
        || masks.stream().anyMatch(mask -> mask.start() < end && start < mask.end())
        || !hasWords(Words.lower(quote), Words.lower(value))
        || FactExtraction.tellsSecret(text.substring(sentence.start(), sentence.end()))) {
      return null;
    }
    var given = told.number("confidence");
    double confidence = Math.min(CONFIDENCE_MAX, given == null ? 0 : given.value());
    var from = day(told.string("from"));
    var until = day(told.string("until"));
    return new Extracted(
        entity,
        attribute,
        value,
        from,
        from != null && until != null && !until.isAfter(from) ? null : until,
        Boolean.TRUE.equals(told.bool("ended")),
        false,
        confidence,
        List.of(Extracted.BY_MODEL + confidence),
        start,
        end,
        sentence.start(),
        sentence.end());
  }

  private @Nullable Sentence claim(int start, int end) {
    return claims.stream()
        .filter(sentence -> sentence.start() <= start && end <= sentence.end())
        .findFirst()
        .orElse(null);
  }

  private @Nullable String entity(String told) {
    var first = turn.first();
    if (told.equalsIgnoreCase(first) || told.equalsIgnoreCase("user")) {
      return first;
    }
    var prefix = first + "'s ";
    if (told.regionMatches(true, 0, prefix, 0, prefix.length())) {
      var role = Words.lower(told.substring(prefix.length()));
      return Roles.of(role) != null && hasWords(Words.lower(text), role) ? prefix + role : null;
    }
    boolean named =
        !told.isEmpty()
            && Character.isUpperCase(told.codePointAt(0))
            && !Words.MODELS.contains(Words.lower(told))
            && hasWords(text, told);
    return named ? told : null;
  }

  /// Whether words stand in a text with no letter or digit beside them.
  private static boolean hasWords(String text, String words) {
    for (int at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
      int end = at + words.length();
      if ((at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))
          && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)))) {
        return words.chars().anyMatch(Character::isLetterOrDigit);
      }
    }
    return false;
  }

  private @Nullable Instant day(@Nullable String told) {
    try {
      var day = told == null ? null : LocalDate.parse(told);
      return day == null || day.getYear() < YEAR_MIN || day.getYear() > YEAR_MAX
          ? null
          : day.atStartOfDay(turn.zone()).toInstant();
    } catch (DateTimeException _) {
      return null;
    }
  }

  /// Without spaces around it and without the marks that end a sentence.
  private static String trimmed(@Nullable String told) {
    return told == null ? "" : told.strip().replaceAll("[\\s.!?,;:]+$", "");
  }
}
