package dev.remanence;

import dev.remanence.Curation.Action;
import dev.remanence.Curation.Step;
import dev.remanence.Selection.Source;
import dev.remanence.image.View.Moment;
import dev.remanence.life.Changes;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// Plans what becomes of memories, and does it: docs/curator.md. Made for one run, in a session of
/// its own.
final class Curator {
  static final String TOOL = "curator";

  private static final int WORKING_MAX = 100;
  private static final Duration WORKING_AGE = Duration.ofDays(1);

  /// The least likeness at which two memories say the same.
  private static final double SAME = 0.85;

  private static final Duration CONSOLIDATED_AGE = Duration.ofDays(90);
  private static final double CONSOLIDATED_STRENGTH = 0.1;
  private static final int CONSOLIDATED_MIN = 5;
  private static final int CONSOLIDATED_MAX = 200;

  /// Of each source, in what consolidates it.
  private static final int QUOTED_CHARS = 160;

  private static final int STEPS_A_COMMIT = 50;

  private final OwnedStore own;
  private final EmbeddedStore session;
  private final Instant now;

  /// A step, and how it is done.
  private record Planned(Step step, Doing doing) {}

  /// On the writer's thread; false where it was overtaken.
  private interface Doing {
    boolean run(Changes changes) throws SQLException;
  }

  private final List<Planned> plan = new ArrayList<>();

  Curator(OwnedStore own, EmbeddedStore session) {
    this.own = own;
    this.session = session;
    this.now = own.wall.instant();
  }

  Curation run(List<Source> sources, Curation.Options options) {
    sources.forEach(this::plan);
    boolean more = plan.size() > options.limit();
    var chosen = plan.subList(0, Math.min(plan.size(), options.limit()));
    if (options.dryRun() || chosen.isEmpty()) {
      return new Curation(null, chosen.stream().map(Planned::step).toList(), more);
    }
    var done = new ArrayList<Step>();
    for (int from = 0; from < chosen.size(); from += STEPS_A_COMMIT) {
      var batch = chosen.subList(from, Math.min(chosen.size(), from + STEPS_A_COMMIT));
      done.addAll(commit(batch));
    }
    own.meaning.later();
    return new Curation(done.isEmpty() ? null : session.id(), done, more);
  }

  private List<Step> commit(List<Planned> batch) {
    var done =
        session.writing.write(
            512 * batch.size(),
            (changes, _) -> {
              var steps = new ArrayList<Step>();
              for (var each : batch) {
                if (each.doing.run(changes)) {
                  steps.add(each.step);
                }
              }
              return steps;
            });
    for (var step : done) {
      own.changed(step.memory());
      step.others().forEach(own::changed);
    }
    return done;
  }

  private void plan(Source source) {
    planExpired(source);
    var working = new ArrayList<Memory>();
    var mergeable = new ArrayList<Memory>();
    var old = new TreeMap<YearMonth, List<Memory>>();
    try (var memories = own.browsing.stream(List.of(source), Filter.ALL)) {
      memories
          .filter(memory -> memory.kind() != Kind.SOLITON && !memory.pinned())
          .forEach(memory -> {
            if (memory.kind() == Kind.GHOST && memory.uses() > 0) {
              planPromotion(source, memory.id());
            } else if (memory.kind() == Kind.WORKING) {
              working.add(memory);
            }
            if (memory.key() == null && !memory.tags().contains(Turn.TAG)) {
              if (memory.speaker() == null && memory.text() != null) {
                mergeable.add(memory);
              }
              if (isForgettable(memory)) {
                var month = YearMonth.from(memory.at().atOffset(ZoneOffset.UTC));
                old.computeIfAbsent(month, _ -> new ArrayList<>()).add(memory);
              }
            }
          });
    }
    planAging(source, working);
    var merged = planMerging(source, mergeable);
    old.forEach((month, memories) -> {
      memories.removeIf(memory -> merged.contains(memory.id()));
      planConsolidation(source, month, memories);
    });
  }

  private void add(
      Source source, Action action, UUID id, String reason, List<UUID> others, Doing doing) {
    plan.add(new Planned(new Step(action, id, source.path(), reason, others), doing));
  }

  private void planExpired(Source source) {
    var view = source.view();
    var expired = new LinkedHashMap<UUID, Kind>();
    long millis = now.toEpochMilli();
    view.visit(
        new Moment(null, null, Long.MIN_VALUE),
        Filter.ALL,
        row -> {
          if (view.expires(row) <= millis && view.kind(row) != Kind.SOLITON) {
            expired.put(view.id(row), view.kind(row));
          }
        });
    expired.forEach((id, kind) -> {
      if (kind == Kind.GHOST && own.uses.of(id) > 0) {
        planPromotion(source, id);
      } else {
        var reason = kind == Kind.GHOST ? "a hint that nobody used has expired" : "it has expired";
        add(
            source,
            Action.EXPIRE,
            id,
            reason,
            List.of(),
            changes -> changes.curating().expire(id, reason));
      }
    });
  }

  private void planPromotion(Source source, UUID id) {
    var reason = "a hint that was used";
    add(
        source,
        Action.PROMOTE,
        id,
        reason,
        List.of(),
        changes -> changes.curating().become(id, null, Kind.EPISODIC, reason));
  }

  private void planAging(Source source, List<Memory> working) {
    working.sort(Comparator.comparing(Memory::updatedAt).reversed().thenComparing(Memory::id));
    for (int i = 0; i < working.size(); i++) {
      var memory = working.get(i);
      boolean old = memory.updatedAt().plus(WORKING_AGE).isBefore(now);
      if (i >= WORKING_MAX || old) {
        var reason = old ? "not in hand for a day" : "more than " + WORKING_MAX + " are in hand";
        add(
            source,
            Action.AGE,
            memory.id(),
            reason,
            List.of(),
            changes ->
                changes.curating().become(memory.id(), memory.revision(), Kind.EPISODIC, reason));
      }
    }
  }

  /// Answers what is merged into others.
  private Set<UUID> planMerging(Source source, List<Memory> memories) {
    memories.sort(Comparator.comparing(Memory::createdAt).thenComparing(Memory::id));
    var rank = new LinkedHashMap<UUID, Integer>();
    memories.forEach(memory -> rank.put(memory.id(), rank.size()));
    var merged = new HashSet<UUID>();
    for (int i = 0; i < memories.size(); i++) {
      var memory = memories.get(i);
      for (var other : own.nearDuplicates.alike(source.scope(), memory.body(), SAME)) {
        var place = rank.get(other);
        if (place == null || place >= i || merged.contains(other)) {
          continue;
        }
        if (memories.get(place).kind() != memory.kind()) {
          continue;
        }
        merged.add(memory.id());
        var reason = "says nearly the same as " + other;
        add(
            source,
            Action.MERGE,
            memory.id(),
            reason,
            List.of(other),
            changes -> changes.curating().absorb(other, memory.id(), memory.revision(), reason));
        break;
      }
    }
    return merged;
  }

  private boolean isForgettable(Memory memory) {
    return memory.kind() == Kind.EPISODIC
        && memory.uses() == 0
        && memory.updatedAt().plus(CONSOLIDATED_AGE).isBefore(now)
        && memory.strength() < CONSOLIDATED_STRENGTH;
  }

  private void planConsolidation(Source source, YearMonth month, List<Memory> memories) {
    if (memories.size() < CONSOLIDATED_MIN) {
      return;
    }
    memories.sort(Comparator.comparing(Memory::at).thenComparing(Memory::id));
    var sources = List.copyOf(memories.subList(0, Math.min(memories.size(), CONSOLIDATED_MAX)));
    var ids = sources.stream().map(Memory::id).toList();
    var reason = "nobody used these " + sources.size() + " of " + month;
    var draft =
        Draft.of(quoted(month, sources))
            .at(sources.getFirst().at())
            .links(ids.stream().map(id -> new Link("consolidates", id)).toList())
            .provenance(
                new Provenance(null, TOOL, null, null, "consolidation/1", null, null, null));
    add(
        source,
        Action.CONSOLIDATE,
        ids.getFirst(),
        reason,
        ids,
        changes -> {
          var curating = changes.curating();
          for (var each : sources) {
            if (!curating.isUnchanged(each.id(), each.revision())) {
              return false;
            }
          }
          var made = changes.remember(source.path(), session.remembering.wish(draft));
          for (var id : ids) {
            changes.forget(id, "consolidated into " + made.id());
          }
          return true;
        });
  }

  private static String quoted(YearMonth month, List<Memory> sources) {
    var text = new StringBuilder("What happened in ").append(month).append(":\n");
    for (var memory : sources) {
      var line = FactLines.inLine(memory.body());
      text.append("- ")
          .append(memory.at().toString(), 0, 10)
          .append(": ")
          .append(memory.speaker() == null ? "" : memory.speaker() + ": ")
          .append(cut(line))
          .append('\n');
    }
    return text.toString();
  }

  private static String cut(String line) {
    if (line.length() <= QUOTED_CHARS) {
      return line;
    }
    int end = Character.isHighSurrogate(line.charAt(QUOTED_CHARS - 1)) ? 1 : 0;
    return line.substring(0, QUOTED_CHARS - end) + "…";
  }
}
