package dev.remanence;

import dev.remanence.journal.Body;
import dev.remanence.journal.Hash;
import dev.remanence.life.Uuid7;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Turns that are in memory and nowhere else: a ring a scope. Thread-safe; who adds to one scope
/// waits for nobody in another.
final class VolatileTurns {
  static final int TURNS_MAX = 1000;

  /// Of text, in all scopes; each turn is there twice.
  private static final long CHARS_MAX = 32L << 20;

  /// A turn, and when it was said.
  ///
  /// @param line as a context has it
  record Spoken(
      UUID id, String scope, Turn turn, String tool, long atMillis, ContextText.Line line) {
    Memory memory() {
      var at = Instant.ofEpochMilli(atMillis);
      var content = new Body.Content(turn.text(), null, turn.saidBy(), null);
      return new Memory(
          id,
          scope,
          Kind.EPISODIC,
          null,
          turn.text(),
          null,
          turn.saidBy(),
          List.of(Turn.TAG),
          Json.object().put(Turn.ROLE, Json.of(turn.role())).build(),
          0.5,
          false,
          List.of(),
          at,
          null,
          1,
          AsOf.MAIN,
          at,
          at,
          1,
          0,
          0.5,
          new Provenance(scope, tool, null, null, null, null, null, null),
          null,
          false,
          Hash.hex(content.identity()));
    }
  }

  /// Guarded by itself.
  private static final class Ring {
    final ArrayDeque<Spoken> turns = new ArrayDeque<>();
    final SplittableRandom random;
    long chars;
    volatile long usedMillis;

    Ring(SplittableRandom random) {
      this.random = random;
    }
  }

  private final Map<String, Ring> rings = new ConcurrentHashMap<>();
  private final AtomicLong chars = new AtomicLong();

  /// Guarded by itself.
  private final SplittableRandom seeds;

  VolatileTurns(RandomGenerator random) {
    seeds = new SplittableRandom(random.nextLong());
  }

  private Ring ring(String scope) {
    return rings.computeIfAbsent(
        scope,
        _ -> {
          synchronized (seeds) {
            return new Ring(seeds.split());
          }
        });
  }

  List<Spoken> add(String scope, List<Turn> turns, String tool, long nowMillis) {
    var added = new ArrayList<Spoken>(turns.size());
    while (added.isEmpty() && !turns.isEmpty()) {
      add(ring(scope), scope, turns, tool, nowMillis, added);
    }
    while (chars.get() > CHARS_MAX && rings.size() > 1) {
      dropLeastUsed(scope);
    }
    return added;
  }

  /// Adds none to a ring that was dropped meanwhile.
  private void add(
      Ring ring, String scope, List<Turn> turns, String tool, long nowMillis, List<Spoken> added) {
    synchronized (ring) {
      if (rings.get(scope) != ring) {
        return;
      }
      ring.usedMillis = nowMillis;
      for (var turn : turns) {
        long at = turn.at() == null ? nowMillis : turn.at().toEpochMilli();
        var id = Uuid7.next(nowMillis, ring.random);
        var line = new ContextText.Line(id, Gathering.said(turn.saidBy(), turn.text()) + "\n");
        var spoken = new Spoken(id, scope, turn, tool, at, line);
        ring.turns.addLast(spoken);
        added.add(spoken);
        count(ring, 2 * turn.text().length());
        if (ring.turns.size() > TURNS_MAX) {
          count(ring, -2 * ring.turns.removeFirst().turn.text().length());
        }
      }
    }
  }

  private void count(Ring ring, int more) {
    ring.chars += more;
    chars.addAndGet(more);
  }

  private void dropLeastUsed(String kept) {
    rings.entrySet().stream()
        .filter(each -> !each.getKey().equals(kept))
        .min(Comparator.comparingLong(each -> each.getValue().usedMillis))
        .ifPresent(eldest -> drop(eldest.getKey()));
  }

  private void drop(String scope) {
    var ring = rings.remove(scope);
    if (ring != null) {
      synchronized (ring) {
        chars.addAndGet(-ring.chars);
        ring.chars = 0;
        ring.turns.clear();
      }
    }
  }

  void erased(Collection<String> scopes) {
    scopes.forEach(this::drop);
  }

  /// The latest turns of a scope, latest first.
  List<Spoken> latest(String scope, int limit) {
    var ring = rings.get(scope);
    if (ring == null) {
      return List.of();
    }
    var found = new ArrayList<Spoken>(Math.min(limit, 64));
    synchronized (ring) {
      for (var each = ring.turns.descendingIterator(); each.hasNext() && found.size() < limit; ) {
        found.add(each.next());
      }
    }
    return found;
  }

  /// The turn of this id, or null.
  @Nullable Spoken find(UUID id) {
    for (var ring : rings.values()) {
      synchronized (ring) {
        for (var each : ring.turns) {
          if (each.id.equals(id)) {
            return each;
          }
        }
      }
    }
    return null;
  }

  void remove(Spoken spoken) {
    var ring = rings.get(spoken.scope);
    if (ring != null) {
      synchronized (ring) {
        if (ring.turns.remove(spoken)) {
          count(ring, -2 * spoken.turn.text().length());
        }
      }
    }
  }
}
