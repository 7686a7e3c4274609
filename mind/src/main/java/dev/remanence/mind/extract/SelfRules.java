package dev.remanence.mind.extract;

import static dev.remanence.mind.extract.Attribute.AGE;
import static dev.remanence.mind.extract.Attribute.BIRTHDAY;
import static dev.remanence.mind.extract.Attribute.BORN;
import static dev.remanence.mind.extract.Attribute.EMAIL;
import static dev.remanence.mind.extract.Attribute.FROM;
import static dev.remanence.mind.extract.Attribute.NAME;
import static dev.remanence.mind.extract.Attribute.NATIONALITY;
import static dev.remanence.mind.extract.Attribute.NICKNAME;
import static dev.remanence.mind.extract.Attribute.PHONE;
import static dev.remanence.mind.extract.Attribute.PRONOUNS;
import static dev.remanence.mind.extract.Attribute.TIMEZONE;

import java.util.List;
import java.util.Locale;

/// Who somebody is: name, age, birthday, nationality, how to reach them.
final class SelfRules {
  private static final Pattern INTRODUCTION = Pattern.of("i 'm|am");
  private static final Pattern THIS_IS = Pattern.of("this is");
  private static final Pattern OLD = Pattern.of("y/o|yo|y.o old?");

  private static final Pattern YEARS_OLD = Pattern.of("years|year|yrs|yr old");

  static final List<Rule> RULES =
      List.of(
          Rule.whole("my full? name is|'s", SelfRules::name),
          Rule.whole("the name 's|is", SelfRules::name),
          Rule.whole("call me", SelfRules::nickname),
          Rule.whole("you can call me", SelfRules::nickname),
          Rule.whole("everyone|everybody|people|they|friends call|calls me", SelfRules::nickname),
          Rule.whole("my friends|family call|calls me", SelfRules::nickname),
          Rule.whole("my birthday|bday|b-day is|'s on? the?", SelfRules::birthday),
          Rule.whole("my pronouns are", SelfRules::pronouns),
          Rule.ofSpeaker("use", SelfRules::pronouns),
          Rule.whole("my email|e-mail address? is|'s", SelfRules::email),
          Rule.whole("you can reach|contact|email me at|on|under", SelfRules::contact),
          Rule.whole("reach|contact|email me at|on|under", SelfRules::contact),
          Rule.whole("my phone|mobile|cell|telephone number? is|'s", SelfRules::phone),
          Rule.whole("my number is|'s", SelfRules::phone),
          Rule.whole("my timezone is|'s", SelfRules::timezone),
          Rule.whole("my time zone is|'s", SelfRules::timezone),
          Rule.ofSpeaker("BE in|on the", SelfRules::timezoneAfter),
          Rule.of("was|were born", SelfRules::born),
          Rule.of("~ turned|turn|turns", SelfRules::turned),
          Rule.of("BE ~", SelfRules::age),
          Rule.of("BE ~", SelfRules::nationality));

  private SelfRules() {}

  /// `I'm Anna`, in a turn that greets; elsewhere it may be anything: `I'm Batman`.
  static boolean introduces(Clause clause) {
    int at = INTRODUCTION.end(clause.sentence, clause.start);
    if (at < 0) {
      at = THIS_IS.end(clause.sentence, clause.start);
    }
    if (at < 0) {
      return false;
    }
    int end = Subject.nameEnd(clause.sentence, at);
    boolean closed =
        !clause.sentence.token(end).isWord()
            || clause.sentence.is(end, "and", "from", "but", "btw");
    return end > at
        && closed
        && !Lexicon.NATIONALITIES.contains(clause.sentence.word(at))
        && clause.fact(NAME, clause.sentence.text(at, end)).upTo(end).tell(0.85);
  }

  private static boolean name(Clause clause, int at) {
    int end = Subject.nameEnd(clause.sentence, at);
    boolean last =
        clause.sentence.is(end, ",") && Subject.nameEnd(clause.sentence, end + 1) > end + 2;
    if (end > at && !last) {
      return clause.fact(NAME, clause.sentence.text(at, end)).upTo(end).tell(0.95);
    }
    boolean lower =
        clause.sentence.token(at).isWord()
            && at + 1 == clause.sentence.size()
            && clause.sentence.word(at).length() > 1
            && !Words.ADVERBS.contains(clause.sentence.word(at))
            && !Words.PRONOUNS.contains(clause.sentence.word(at));
    return lower
        && clause.sentence.text(0, 1).equals(clause.sentence.word(0))
        && clause.fact(NAME, clause.sentence.text(at, at + 1)).upTo(at + 1).tell(0.65);
  }

  private static boolean nickname(Clause clause, int at) {
    int end = Subject.nameEnd(clause.sentence, at);
    return end > at && clause.fact(NICKNAME, clause.sentence.text(at, end)).upTo(end).tell(0.9);
  }

  private static boolean birthday(Clause clause, int at) {
    var date = clause.time(at, When.Side.AFTER);
    boolean day = clause.sentence.token(at).isNumber() || clause.sentence.token(at + 1).isNumber();
    return date != null
        && date.from() != null
        && day
        && clause.fact(BIRTHDAY, clause.sentence.text(at, date.end())).upTo(date.end()).tell(0.95);
  }

  private static boolean born(Clause clause, int at) {
    var date = clause.time(at, When.Side.BEFORE);
    int end = at;
    if (date != null) {
      end = date.end();
      boolean year = end == at + 2;
      clause.fact(year ? BORN : BIRTHDAY, clause.sentence.text(at + 1, end)).upTo(end).tell(0.95);
    }
    if (clause.sentence.is(end, "in", "near")) {
      var place = Places.at(clause, end + 1, Phrase.Style.NAMED);
      if (place != null) {
        clause.tell(FROM, place, 0.9);
      }
    }
    return !clause.told().isEmpty();
  }

  private static boolean pronouns(Clause clause, int at) {
    var word = clause.sentence.word(at);
    return List.of("she/her", "he/him", "they/them", "she/they", "he/they", "xe/xem", "ze/zir")
            .contains(word.replaceFirst("/(hers|his|theirs)$", ""))
        && clause.fact(PRONOUNS, clause.sentence.text(at, at + 1)).upTo(at + 1).tell(0.95);
  }

  private static boolean email(Clause clause, int at) {
    var word = clause.sentence.word(at);
    return isEmail(word)
        && clause.fact(EMAIL, clause.sentence.text(at, at + 1)).upTo(at + 1).tell(0.95);
  }

  private static boolean isEmail(String word) {
    int at = word.indexOf('@');
    return at > 0 && word.indexOf('.', at) > at + 1 && word.indexOf('@', at + 1) < 0;
  }

  private static boolean contact(Clause clause, int at) {
    return email(clause, at) || phone(clause, at);
  }

  private static boolean phone(Clause clause, int at) {
    int end = at;
    int digits = 0;
    while (end < at + 8
        && (clause.sentence.token(end).isNumber() || clause.sentence.word(end).startsWith("+"))) {
      digits += (int) clause.sentence.word(end).chars().filter(Character::isDigit).count();
      end++;
    }
    return digits >= 7
        && digits <= 15
        && clause.fact(PHONE, clause.sentence.text(at, end)).upTo(end).tell(0.9);
  }

  private static boolean timezone(Clause clause, int at) {
    var token = clause.sentence.token(at);
    boolean zone =
        token.isCapital()
            && (token.text().equals(token.text().toUpperCase(Locale.ROOT))
                || token.word().indexOf('/') > 0
                || token.word().startsWith("utc")
                || token.word().startsWith("gmt"));
    if (!zone) {
      return false;
    }
    // `UTC-5` is one word; `UTC +2` is two.
    int end = clause.sentence.word(at + 1).startsWith("+") ? at + 2 : at + 1;
    return clause.fact(TIMEZONE, clause.sentence.text(at, end)).upTo(end).tell(0.9);
  }

  private static boolean timezoneAfter(Clause clause, int at) {
    boolean named =
        clause.sentence.is(at + 1, "timezone")
            || (clause.sentence.is(at + 1, "time") && clause.sentence.is(at + 2, "zone"));
    return named && timezone(clause, at);
  }

  private static boolean turned(Clause clause, int at) {
    int age = Words.number(clause.sentence.word(at));
    return age >= 1
        && age <= 120
        && isClosed(clause, at + 1)
        && clause.fact(AGE, clause.sentence.text(at, at + 1)).upTo(at + 1).tell(0.85);
  }

  private static boolean age(Clause clause, int at) {
    int number = clause.sentence.is(at, "a") ? at + 1 : at;
    int age = Words.number(clause.sentence.word(number));
    if (age < 1 || age > 120) {
      return false;
    }
    int old = OLD.end(clause.sentence, number + 1);
    old = old < 0 ? YEARS_OLD.end(clause.sentence, number + 1) : old;
    boolean bare = number == at && isClosed(clause, number + 1);
    if (old < 0 && !bare) {
      return false;
    }
    int end = old < 0 ? number + 1 : old;
    clause.fact(AGE, clause.sentence.text(number, number + 1)).upTo(end).tell(0.9);
    var job = old > 0 ? WorkRules.job(clause, old) : null;
    if (job != null && clause.sentence.is(job.to(), "from")) {
      HomeRules.from(clause, job.to() + 1);
    }
    return true;
  }

  /// Whether a number stands alone: `I'm 34, btw`, not `I'm 20 minutes late`.
  private static boolean isClosed(Clause clause, int at) {
    var next = clause.sentence.word(at);
    return Words.TRAILERS.contains(next)
        || clause.time(at, When.Side.BEFORE) != null
        || List.of("", ",", ".", "!", "and", "but", ";", ")").contains(next);
  }

  private static boolean nationality(Clause clause, int at) {
    var word = clause.sentence.word(at);
    var next = clause.sentence.token(at + 1);
    boolean closed =
        !next.isWord()
            || Words.TRAILERS.contains(next.word())
            || clause.sentence.is(at + 1, "and", "but", "so", "because");
    return Lexicon.NATIONALITIES.contains(word)
        && closed
        && clause.fact(NATIONALITY, clause.sentence.text(at, at + 1)).upTo(at + 1).tell(0.85);
  }
}
