package dev.remanence.bench;

import dev.remanence.AsOf;
import dev.remanence.Draft;
import dev.remanence.Hit;
import dev.remanence.Laboratory;
import dev.remanence.OpenOptions;
import dev.remanence.Query;
import dev.remanence.Remanence;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Does recall find what was true at a moment, and what was then known of it?
///
/// Forty people have four properties each, whose values change a few times in a year. Every value
/// is recorded as a keyed fact from the moment on from which it holds; every third is recorded
/// late, by up to five months, so that what was known and what was true part. A plain model, a
/// sorted map for each key, tells what is right.
final class PastQuality {
  private static final String SCOPE = "past";
  private static final int PEOPLE = 40;
  private static final int QUESTIONS = 300;
  private static final int DAYS = 360;
  private static final int LATE_DAYS_MAX = 150;

  /// The day on which the questions are asked: all was told.
  private static final int TODAY = DAYS + LATE_DAYS_MAX + 10;

  private static final LocalDate BEGIN = LocalDate.of(2025, 1, 1);
  private static final String[] SYLLABLES = "ka lo mi ren sa tu vel dor ni pa".split(" ", -1);

  /// A property: how a fact says it, how a question asks for it, and the values.
  private record Property(String name, String says, String asks, List<String> values) {}

  private static final List<Property> PROPERTIES =
      List.of(
          new Property(
              "city",
              "%s lives in %s",
              "where did %s live",
              List.of("Oslo", "Lisbon", "Prague", "Dublin", "Vienna", "Athens", "Riga", "Bern")),
          new Property(
              "employer",
              "%s works for the %s",
              "who did %s work for",
              List.of("bakery", "harbour", "museum", "railway", "library", "hospital", "theatre")),
          new Property(
              "pet",
              "%s keeps a %s as a pet",
              "what pet did %s keep",
              List.of("parrot", "tortoise", "rabbit", "ferret", "spaniel", "goldfish", "hedgehog")),
          new Property(
              "instrument",
              "%s is learning to play the %s",
              "which instrument was %s learning",
              List.of("cello", "oboe", "banjo", "harp", "flute", "piano", "trumpet", "organ")));

  /// A value of a key: what holds from a day on, told on a day.
  private record Told(
      String person, Property property, String value, int fromDay, int toldDay, Instant told) {
    String key() {
      return person.toLowerCase(Locale.ROOT) + "." + property.name;
    }

    String text() {
      return String.format(Locale.ROOT, property.says, person, value);
    }
  }

  private final SplittableRandom random = new SplittableRandom(11);
  private final List<Told> facts = new ArrayList<>();
  private final Remanence store;

  private PastQuality(Remanence store, AtomicReference<Instant> clock) {
    this.store = store;
    make();
    for (var fact : facts) {
      clock.set(fact.told);
      store.supersede(SCOPE, Draft.of(fact.text()).key(fact.key()).at(day(fact.fromDay)));
    }
    clock.set(day(TODAY));
  }

  /// Answers a section of a page.
  static String run(Path directory, OpenOptions options) {
    var clock = new AtomicReference<>(day(0));
    try (var store = Laboratory.open(directory, options, clock::get)) {
      return new PastQuality(store, clock).section();
    }
  }

  private static Instant day(int day) {
    return BEGIN.plusDays(day).atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  private void make() {
    for (int i = 0; i < PEOPLE; i++) {
      var person =
          capital(SYLLABLES[i % 10] + SYLLABLES[(i / 10 * 3 + i + 1) % 10] + SYLLABLES[i * 7 % 10]);
      for (var property : PROPERTIES) {
        int from = random.nextInt(60);
        var value = "";
        while (from < DAYS) {
          var other = property.values.get(random.nextInt(property.values.size()));
          if (!other.equals(value)) {
            value = other;
            int late = random.nextInt(3) == 0 ? 1 + random.nextInt(LATE_DAYS_MAX) : 0;
            facts.add(
                new Told(
                    person,
                    property,
                    value,
                    from,
                    from + late,
                    day(from + late).plusSeconds(facts.size())));
            from += 40 + random.nextInt(120);
          }
        }
      }
    }
    facts.sort(Comparator.comparing(Told::told));
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  /// What holds on a day, as it was known at the beginning of another; null where nothing was.
  private @Nullable Told right(String key, int day, int knownDay) {
    var known = new TreeMap<Integer, Told>();
    for (var fact : facts) {
      if (fact.key().equals(key) && fact.told.isBefore(day(knownDay))) {
        known.put(fact.fromDay, fact);
      }
    }
    var found = known.floorEntry(day);
    return found == null ? null : found.getValue();
  }

  /// How a question is told the moment that it asks about.
  private enum Way {
    WORDS("only its words tell the month: \"in March 2025\""),
    VALID("`validAt`, asked with all that is known by now"),
    BOTH("`validAt` and `knownAt`"),
    LATE("the same, where later news changed the answer");

    private final String words;

    Way(String words) {
      this.words = words;
    }
  }

  private String section() {
    var out = new StringBuilder();
    put(out, "## What was true, and what was known");
    put(out, "");
    put(
        out,
        "%d facts about %d people over a year, a third of them recorded late (`PastQuality`);"
            + " questions like \"where did Kalo live in March 2025?\". *Right*: the first hit says what"
            + " was true then, or, where nothing was known, says nothing of it. *Contradicted*: another"
            + " hit gives another value for it.",
        facts.size(),
        PEOPLE);
    put(out, "");
    put(out, "| the moment is given by | questions | right | contradicted |");
    put(out, "|---|--:|--:|--:|");
    for (var way : Way.values()) {
      var counts = ask(way);
      put(
          out,
          "| %s | %d | **%.1f %%** | %.1f %% |",
          way.words,
          counts.asked,
          percent(counts.right, counts.asked),
          percent(counts.contradicted, counts.asked));
    }
    return out.toString().strip();
  }

  private static double percent(int some, int all) {
    return 100.0 * some / Math.max(1, all);
  }

  private static final class Counts {
    int asked;
    int right;
    int contradicted;
  }

  private Counts ask(Way way) {
    System.out.println("asking about the past: " + way.words);
    var asked = new SplittableRandom(12);
    var counts = new Counts();
    for (int tries = 0; tries < 100 * QUESTIONS && counts.asked < QUESTIONS; tries++) {
      var fact = facts.get(asked.nextInt(facts.size()));
      var date = BEGIN.plusMonths(asked.nextInt(12)).withDayOfMonth(15);
      int day = date.getDayOfYear() - 1;
      boolean past = way == Way.BOTH || way == Way.LATE;
      int knownDay = past ? 15 + asked.nextInt(DAYS) : TODAY;
      var right = right(fact.key(), day, knownDay);
      if ((way == Way.LATE && Objects.equals(right, right(fact.key(), day, TODAY)))
          || (right == null && way == Way.WORDS)) {
        continue;
      }
      var asOf = way == Way.WORDS ? AsOf.NOW : AsOf.NOW.validAt(day(day));
      if (past) {
        asOf = asOf.knownAt(day(knownDay).minusMillis(1));
      }
      var month = date.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      var question =
          String.format(Locale.ROOT, fact.property.asks, fact.person) + " in " + month + " 2025?";
      judge(counts, fact.key(), right, store.recall(SCOPE, Query.of(question).asOf(asOf)).hits());
    }
    return counts;
  }

  private static void judge(Counts counts, String key, @Nullable Told right, List<Hit> hits) {
    counts.asked++;
    boolean contradicted = false;
    for (var hit : hits) {
      contradicted |=
          key.equals(hit.memory().key())
              && (right == null || !right.text().equals(hit.memory().text()));
    }
    boolean first =
        right == null
            ? !contradicted
            : !hits.isEmpty()
                && key.equals(hits.getFirst().memory().key())
                && right.text().equals(hits.getFirst().memory().text());
    counts.right += first ? 1 : 0;
    counts.contradicted += contradicted ? 1 : 0;
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation would be one more dependency.
  private static void put(StringBuilder out, String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
