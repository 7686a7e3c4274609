package dev.remanence;

import dev.remanence.Context.Section;
import dev.remanence.ContextText.Line;
import dev.remanence.Selection.Source;
import dev.remanence.recall.Blend;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Gathers what an agent should read now: docs/conversations.md, "Context". Thread-safe.
///
/// What does not depend on the question is read from the journal once and held for as long as the
/// journal stays where it is and nothing of it begins, ends or expires: so volatile turns, which do
/// not touch the journal, cost what their lines cost.
final class Gathering {
  /// So many memories of a section are looked at; more find no room in a common budget, nor these
  /// in a great one.
  private static final int MANY = 100;

  private static final int COMMON_TOKENS = 4000;

  private static final int HELD_MAX = 256;

  private static final Comparator<Memory> WEIGHTIEST_FIRST =
      Comparator.<Memory>comparingDouble(memory -> -memory.importance())
          .thenComparing(Memory::createdAt)
          .thenComparing(Memory::id);

  /// Finds when the next of the memories that were looked at begins, ends or expires.
  private static final class NextChange {
    private final Instant now;
    private Instant next = Instant.MAX;

    NextChange(Instant now) {
      this.now = now;
    }

    boolean isNow(Memory memory) {
      at(memory.at());
      at(memory.until());
      at(memory.expires());
      return memory.holdsAt(now);
    }

    void at(@Nullable Instant moment) {
      if (moment != null && moment.isAfter(now) && moment.isBefore(next)) {
        next = moment;
      }
    }

    long millis() {
      return next.equals(Instant.MAX) ? Long.MAX_VALUE : next.toEpochMilli();
    }
  }

  private final OwnedStore own;

  private record Place(String scope, Grant grant, int many) {}

  /// What does not depend on the question.
  ///
  /// @param untilMillis when time alone makes it another
  /// @param turns latest first
  private record Standing(
      long position, long untilMillis, List<Line> pinned, List<Line> facts, List<Said> turns) {}

  /// A turn as a line.
  private record Said(long atMillis, Line line) {}

  /// Guarded by itself.
  private final Map<Place, Standing> held =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Standing> eldest) {
          return size() > HELD_MAX;
        }
      };

  Gathering(OwnedStore own) {
    this.own = own;
  }

  /// @param sources what the caller sees of the scope and of those that it inherits from
  Context gather(
      String scope, Grant grant, Supplier<List<Source>> sources, ContextQuestion question) {
    int many = question.maxTokens() <= COMMON_TOKENS ? MANY : Limits.PAGE_MAX;
    var standing = standing(new Place(scope, grant, many), sources);
    var text = new ContextText(question);
    text.offer(Section.PINNED, standing.pinned);
    text.offer(Section.FACTS, standing.facts);
    text.offer(Section.TURNS, turns(scope, standing.turns, many));
    if (question.query() != null) {
      recall(scope, sources.get(), question.query(), many, text);
    }
    return text.fit();
  }

  private Standing standing(Place place, Supplier<List<Source>> sources) {
    long position = own.journal.lastPosition();
    long now = own.wall.millis();
    Standing known;
    synchronized (held) {
      known = held.get(place);
    }
    if (known != null && known.position == position && now < known.untilMillis) {
      return known;
    }
    var read = read(place, sources.get(), position, now);
    synchronized (held) {
      held.put(place, read);
    }
    return read;
  }

  private Standing read(Place place, List<Source> sources, long position, long now) {
    var scope = place.scope;
    var change = new NextChange(Instant.ofEpochMilli(now));
    var pinned =
        weightiest(scope, sources, Filter.ALL.withPinned(true), place.many, change).stream()
            .map(memory -> new Line(memory.id(), standingLine(memory) + "\n"))
            .toList();
    var facts =
        weightiest(scope, sources, Filter.ALL.withKeyPrefix(""), place.many, change).stream()
            .map(memory -> new Line(memory.id(), FactLines.line(new Fact(memory)) + "\n"))
            .toList();
    var here = sources.stream().filter(source -> source.path().equals(scope)).toList();
    var latest =
        Listing.FIRST.filter(Filter.tagged(Turn.TAG)).order(Listing.Order.AT).limit(place.many);
    var turns =
        own.browsing.list(scope, here, latest).memories().stream()
            .map(memory -> {
              change.at(memory.expires());
              var line = new Line(memory.id(), said(memory.speaker(), memory.body()) + "\n");
              return new Said(memory.at().toEpochMilli(), line);
            })
            .toList();
    return new Standing(position, change.millis(), pinned, facts, turns);
  }

  /// Memories that hold now, of each key the nearest, the weightiest first.
  private List<Memory> weightiest(
      String scope, List<Source> sources, Filter filter, int max, NextChange change) {
    var found = new ArrayList<Memory>();
    var keys = new HashSet<String>();
    for (var source : sources) {
      var listing = Listing.FIRST.filter(filter).order(Listing.Order.IMPORTANCE).limit(max);
      for (var memory : own.browsing.list(scope, List.of(source), listing).memories()) {
        var key = memory.key();
        if (change.isNow(memory) && !Views.isOfAnother(key) && (key == null || keys.add(key))) {
          found.add(memory);
        }
      }
    }
    found.sort(WEIGHTIEST_FIRST);
    return found;
  }

  /// The latest turns, durable and volatile, latest first.
  private List<Line> turns(String scope, List<Said> durable, int many) {
    var spoken = own.volatileTurns.latest(scope, many);
    var lines = new ArrayList<Line>(spoken.size() + durable.size());
    int next = 0;
    for (var each : spoken) {
      while (next < durable.size() && durable.get(next).atMillis > each.atMillis()) {
        lines.add(durable.get(next++).line);
      }
      lines.add(each.line());
    }
    durable.subList(next, durable.size()).forEach(each -> lines.add(each.line));
    return lines;
  }

  private void recall(
      String scope, List<Source> sources, String query, int many, ContextText text) {
    var recalled = new ArrayList<Line>();
    var assemblies = new ArrayList<Line>();
    var question = Query.of(query).limit(many / 2).filter(Views.shown(Filter.ALL));
    for (var hit : own.recalling.recall(scope, sources, question, Blend.DEFAULT).hits()) {
      var memory = hit.memory();
      if (Assembly.isOne(memory.key())) {
        assemblies.add(new Line(memory.id(), "- " + FactLines.inLine(memory.body()) + "\n"));
      } else {
        recalled.add(new Line(memory.id(), recalledLine(memory) + "\n"));
      }
    }
    text.offer(Section.RECALLED, recalled);
    text.offer(Section.ASSEMBLIES, assemblies);
  }

  private static String standingLine(Memory memory) {
    return memory.key() != null
        ? FactLines.line(new Fact(memory))
        : "- " + FactLines.inLine(memory.body());
  }

  /// What somebody said, or what is so.
  static String said(@Nullable String speaker, String text) {
    return "- "
        + (speaker == null ? "" : FactLines.inLine(speaker) + ": ")
        + FactLines.inLine(text);
  }

  private static String recalledLine(Memory memory) {
    var day = memory.at().toString().substring(0, 10);
    var says = memory.key() == null ? "" : FactLines.inLine(memory.key()) + ": ";
    return "- [" + day + "] " + said(memory.speaker(), says + memory.body()).substring(2);
  }
}
