package dev.remanence.mind.extract;

import static dev.remanence.mind.extract.Attribute.JOB;
import static dev.remanence.mind.extract.Attribute.STUDIES;
import static dev.remanence.mind.extract.Attribute.STUDIES_AT;
import static dev.remanence.mind.extract.Attribute.WORKS_AT;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What somebody does for a living, for whom, and what they study.
final class WorkRules {
  private static final Phrase.Style TITLE =
      Phrase.Style.THING.stopping("for at in from with by on and or of who as near");
  private static final Set<String> AFTER_AT =
      Words.set("night nights home noon all least last sea times once dawn weekends it");
  private static final Pattern AT = Pattern.of("at|for");
  private static final Pattern AS = Pattern.of("as a|an?");
  private static final Pattern HEAD = Pattern.of("head|director|vp|chief|lead of");

  static final List<Rule> RULES =
      List.of(
          Rule.of("~ work|works|working ~ at|for|with?", WorkRules::employer),
          Rule.of("BE ~ working at|for", WorkRules::employer),
          Rule.of("HAVE ~ been ~ working at|for", WorkRules::employer),
          Rule.of("HAVE ~ worked at|for", WorkRules::employer),
          Rule.of("HAVE ~ been at", WorkRules::employerSince),
          Rule.of("~ started|began working? at", WorkRules::named),
          Rule.omitted("~ started|began working at", WorkRules::named),
          Rule.of("~ joined", WorkRules::named),
          Rule.of("~ got|was hired by|at", WorkRules::named),
          Rule.of("~ work|works|working as a|an?", WorkRules::jobAndEmployer),
          Rule.of("BE ~ working as a|an?", WorkRules::jobAndEmployer),
          Rule.of("HAVE ~ been ~ working as a|an?", WorkRules::jobAndEmployer),
          Rule.of("~ got|have|'ve|has|started a? new? job", WorkRules::newJob),
          Rule.omitted("~ got a? new? job", WorkRules::newJob),
          Rule.of("BE ~", WorkRules::jobAndEmployer),
          Rule.of("~ teach|teaches", WorkRules::teaches),
          Rule.whole("my job is|'s", WorkRules::ownJob),
          Rule.of("~ study|studies", WorkRules::studies),
          Rule.of("BE ~ studying", WorkRules::studies),
          Rule.of("HAVE ~ been ~ studying|learning to?", WorkRules::studies),
          Rule.of("~ major|majors|majoring in", WorkRules::studies),
          Rule.of("BE ~ majoring in", WorkRules::studies),
          Rule.of("BE ~ doing a|my", WorkRules::degree),
          Rule.of("BE ~ learning to?", WorkRules::learns),
          Rule.of("no longer work|works at|for", WorkRules::left),
          Rule.of("do|does n't|not work|works at|for", WorkRules::leftAnymore),
          Rule.of("used to work at|for", WorkRules::left),
          Rule.of("~ quit|left my job at", WorkRules::left),
          Rule.of("~ left|quit", WorkRules::leftNamed));

  private WorkRules() {}

  private static boolean employer(Clause clause, int at) {
    boolean worksAt = AT.end(clause.sentence, at - 1) >= 0;
    if (!worksAt || AFTER_AT.contains(clause.sentence.word(at))) {
      return false;
    }
    var employer = Places.employer(clause, at);
    return employer != null && clause.tell(WORKS_AT, employer, employer.isCapital() ? 0.95 : 0.8);
  }

  /// Only what is written like a name: `joined Atlassian`, not `joined the call`.
  private static boolean named(Clause clause, int at) {
    var employer = clause.phrase(at, Phrase.Style.NAMED);
    boolean name =
        employer != null
            && employer.isCapital()
            && clause.sentence.token(employer.to() - 1).isCapital()
            && !Words.DAYS.contains(employer.first())
            && !Words.MONTHS.contains(employer.first());
    return employer != null && name && clause.tell(WORKS_AT, employer, 0.8);
  }

  private static boolean employerSince(Clause clause, int at) {
    var employer = clause.phrase(at, Phrase.Style.NAMED);
    return employer != null
        && employer.isCapital()
        && employer.time() != null
        && clause.tell(WORKS_AT, employer, 0.85);
  }

  private static boolean newJob(Clause clause, int at) {
    int as = AS.end(clause.sentence, at);
    if (as > 0) {
      return jobAndEmployer(clause, as);
    }
    return clause.sentence.is(at, "at") && named(clause, at + 1);
  }

  private static boolean jobAndEmployer(Clause clause, int at) {
    var title = job(clause, at);
    if (title == null) {
      return false;
    }
    int next = title.to();
    boolean of = clause.sentence.is(next, "of") && clause.sentence.token(next + 1).isCapital();
    if (clause.sentence.is(next, "at", "for") || of) {
      var employer = Places.employer(clause, next + 1);
      if (employer != null && !AFTER_AT.contains(employer.first())) {
        boolean studies = title.last().equals("student");
        clause.tell(studies ? STUDIES_AT : WORKS_AT, employer, 0.85);
      }
    }
    return true;
  }

  /// The job that stands at a position, told; or null where the words are none.
  static @Nullable Phrase job(Clause clause, int at) {
    if (HEAD.end(clause.sentence, at) > 0) {
      var whole = clause.phrase(at, Phrase.Style.THING.stopping("at for in and with"));
      if (whole != null && whole.size() > 2 && !whole.points()) {
        clause.tell(JOB, whole, 0.85);
        return whole;
      }
    }
    int begin = clause.sentence.is(at, "the") ? at + 1 : at;
    var title = clause.phrase(begin, TITLE);
    if (title == null || title.points() || title.size() > 5 || title.has("to")) {
      return null;
    }
    boolean job =
        Lexicon.JOBS.contains(singular(title.last()))
            || (title.size() == 1 && Lexicon.STATES_OF_WORK.contains(title.first()));
    boolean bound = begin > at && !clause.sentence.is(title.to(), "of", "at", "for");
    // `I'm the driver` is of a ride, not of a life.
    if (!job || bound) {
      return null;
    }
    clause.tell(JOB, title, 0.9);
    return title;
  }

  private static String singular(String word) {
    return word.endsWith("s") && word.length() > 4 ? word.substring(0, word.length() - 1) : word;
  }

  private static boolean teaches(Clause clause, int at) {
    var subject = clause.phrase(at, Phrase.Style.NAMED);
    return subject != null
        && !subject.points()
        && subject.size() <= 2
        && clause
            .fact(JOB, clause.sentence.text(at - 1, subject.to()))
            .upTo(subject.to())
            .tell(0.75);
  }

  private static boolean ownJob(Clause clause, int at) {
    var job = clause.phrase(at, Phrase.Style.THING);
    boolean done = job != null && job.first().endsWith("ing") && job.size() > 1 && !job.points();
    if (job != null && done) {
      return clause.tell(JOB, job, 0.8);
    }
    return job(clause, at) != null;
  }

  private static boolean studies(Clause clause, int at) {
    if (clause.sentence.is(at, "at")) {
      var school = clause.phrase(at + 1, Phrase.Style.NAMED);
      return school != null && school.isCapital() && clause.tell(STUDIES_AT, school, 0.85);
    }
    var subject = clause.phrase(at, Phrase.Style.NAMED);
    if (subject == null || subject.points() || subject.size() > 4 || isAdverbial(subject)) {
      return false;
    }
    clause.tell(STUDIES, subject, 0.85);
    if (clause.sentence.is(subject.to(), "at")) {
      var school = clause.phrase(subject.to() + 1, Phrase.Style.NAMED);
      if (school != null && school.isCapital()) {
        clause.tell(STUDIES_AT, school, 0.85);
      }
    }
    return true;
  }

  private static boolean isAdverbial(Phrase subject) {
    return subject.first().endsWith("ly")
        || Set.of(
                "hard",
                "abroad",
                "alone",
                "online",
                "here",
                "part-time",
                "full-time",
                "lot",
                "more")
            .contains(subject.first());
  }

  private static boolean degree(Clause clause, int at) {
    var degree = clause.phrase(at, Phrase.Style.THING.stopping("at for with and on"));
    boolean known =
        degree != null
            && Set.of(
                    "phd",
                    "master",
                    "masters",
                    "bachelor",
                    "bachelors",
                    "degree",
                    "mba",
                    "msc",
                    "bsc")
                .contains(degree.first());
    if (degree == null || !known) {
      return false;
    }
    clause.tell(STUDIES, degree, 0.85);
    if (clause.sentence.is(degree.to(), "at")) {
      var school = clause.phrase(degree.to() + 1, Phrase.Style.NAMED);
      if (school != null && school.isCapital()) {
        clause.tell(STUDIES_AT, school, 0.85);
      }
    }
    return true;
  }

  private static boolean learns(Clause clause, int at) {
    var subject = clause.phrase(clause.sentence.is(at, "the") ? at + 1 : at, Phrase.Style.NAMED);
    return subject != null
        && !subject.points()
        && !isAdverbial(subject)
        && subject.size() <= 3
        && clause.tell(STUDIES, subject, 0.8);
  }

  private static boolean left(Clause clause, int at) {
    var employer = Places.employer(clause, at);
    return employer != null && clause.tellEnded(WORKS_AT, employer, 0.9);
  }

  private static boolean leftAnymore(Clause clause, int at) {
    var employer = Places.employer(clause, at);
    return employer != null
        && Endings.isAnymore(clause.sentence, employer.end())
        && clause.tellEnded(WORKS_AT, employer, 0.95);
  }

  /// `left Accenture in January`: a name that is no place, with a time.
  private static boolean leftNamed(Clause clause, int at) {
    var employer = clause.phrase(at, Phrase.Style.NAMED);
    return employer != null
        && employer.isCapital()
        && employer.size() <= 3
        && employer.time() != null
        && !Lexicon.isPlace(employer.lower())
        && clause.tellEnded(WORKS_AT, employer, 0.75);
  }
}
