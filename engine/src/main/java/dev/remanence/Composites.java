package dev.remanence;

import dev.remanence.journal.Body;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Header;
import dev.remanence.journal.Reader;
import dev.remanence.journal.SqliteJournal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which members of assemblies are there, and their composite vectors: computed when asked for,
/// kept until a member changes.
///
/// A member's direction is the mean of its pieces' unit vectors, made of length 1; the composite is
/// the mean of the members' directions, made of length 1; each within one model and dimension. It
/// is a function of the journal's present, so nothing of it is stored.
///
/// Nothing stale is answered: whoever computes watches the assembly before its links are read, and
/// each member before its vectors are read; a change is durable before [#changed] is called, and
/// [#changed] before its caller is told. So a change that the reading missed finds the watch. What
/// was changed under way is answered, since its change was not told when the question came, and not
/// kept. Thread-safe; the lock is held for lookups only, never while reading the journal.
final class Composites {
  /// How many memories are watched for all that is kept, about 100 bytes each.
  private static final int WATCHED_MAX = 200_000;

  private final SqliteJournal journal;

  /// By assembly, least recently asked first. Guarded by this, as are the watches.
  private final LinkedHashMap<UUID, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

  private final Map<UUID, Set<Kept>> watches = new HashMap<>();
  private int watched;

  Composites(SqliteJournal journal) {
    this.journal = journal;
  }

  /// What was computed for an assembly, and whose change ends it. Guarded by the outer lock.
  private static final class Kept {
    final UUID assembly;
    final Set<UUID> watched = new HashSet<>();
    Known known = Known.NONE;

    /// When the first of the members expires.
    long until = Header.OPEN;

    boolean stale;

    Kept(UUID assembly) {
      this.assembly = assembly;
    }
  }

  /// What is known of an assembly.
  ///
  /// @param members those that reads of the present see, the oldest id first
  /// @param composites in order of model and dimension; none where no member has a vector
  record Known(List<UUID> members, List<Assembly.Composite> composites) {
    static final Known NONE = new Known(List.of(), List.of());
  }

  /// An assembly as it is now; [Known#NONE] where the id is no live assembly's.
  Known of(UUID assembly, long nowMillis) {
    synchronized (this) {
      var held = kept.get(assembly);
      if (held != null && nowMillis < held.until) {
        return held.known;
      }
    }
    return computed(assembly, nowMillis);
  }

  /// After a change is durable, before its caller is told.
  synchronized void changed(UUID id) {
    var holding = watches.get(id);
    if (holding != null) {
      List.copyOf(holding).forEach(this::drop);
    }
  }

  synchronized void changedAll() {
    Set<Kept> all = Collections.newSetFromMap(new IdentityHashMap<>());
    watches.values().forEach(all::addAll);
    all.forEach(this::drop);
  }

  private Known computed(UUID assembly, long nowMillis) {
    var made = new Kept(assembly);
    boolean whole = false;
    try {
      watch(made, List.of(assembly));
      var members =
          journal.read(reader -> {
            var found = current(reader, assembly, nowMillis);
            return found != null && Assembly.isOne(found.attributes.key())
                ? members(found.attributes.links())
                : List.<UUID>of();
          });
      watch(made, members);
      made.known = journal.readConsistently(reader -> known(reader, members, nowMillis, made));
      whole = true;
      return made.known;
    } finally {
      keep(made, whole);
    }
  }

  static List<UUID> members(List<Link> links) {
    return links.stream().filter(link -> link.type().equals(Assembly.LINK)).map(Link::to).toList();
  }

  private synchronized void watch(Kept made, Collection<UUID> ids) {
    for (var id : ids) {
      if (!made.stale && made.watched.add(id)) {
        watches.computeIfAbsent(id, _ -> new LinkedHashSet<>(2)).add(made);
        watched++;
      }
    }
  }

  private synchronized void keep(Kept made, boolean whole) {
    if (made.stale || !whole) {
      drop(made);
      return;
    }
    var before = kept.put(made.assembly, made);
    if (before != null) {
      unwatch(before);
    }
    while (watched > WATCHED_MAX && kept.size() > 1) {
      drop(kept.firstEntry().getValue());
    }
  }

  private void drop(Kept each) {
    each.stale = true;
    kept.remove(each.assembly, each);
    unwatch(each);
  }

  private void unwatch(Kept each) {
    for (var id : each.watched) {
      var holding = watches.get(id);
      if (holding != null && holding.remove(each)) {
        watched--;
        if (holding.isEmpty()) {
          watches.remove(id);
        }
      }
    }
  }

  /// One model's vectors of one dimension.
  private record Space(String model, int dimension) implements Comparable<Space> {
    @Override
    public int compareTo(Space other) {
      int order = model.compareTo(other.model);
      return order != 0 ? order : Integer.compare(dimension, other.dimension);
    }
  }

  private static final class Sum {
    final double[] numbers;
    int members;

    Sum(int dimension) {
      numbers = new double[dimension];
    }

    void add(float[] vector) {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] += vector[i];
      }
    }

    /// The sum's direction, or null where the vectors cancel each other out.
    float @Nullable [] direction() {
      double square = 0;
      for (double number : numbers) {
        square += number * number;
      }
      if (square == 0) {
        return null;
      }
      var unit = new float[numbers.length];
      for (int i = 0; i < unit.length; i++) {
        unit[i] = (float) (numbers[i] / Math.sqrt(square));
      }
      return unit;
    }
  }

  private static Known known(Reader reader, List<UUID> members, long nowMillis, Kept made)
      throws SQLException {
    var current = new ArrayList<UUID>();
    var sums = new TreeMap<Space, Sum>();
    for (var member : members) {
      var found = current(reader, member, nowMillis);
      if (found != null) {
        current.add(member);
        made.until = Math.min(made.until, found.attributes.expires());
        var holder = holder(reader, found.head);
        if (holder != null) {
          add(sums, Meaning.stored(reader, holder));
        }
      }
    }
    var composites = new ArrayList<Assembly.Composite>();
    sums.forEach((space, sum) -> {
      var direction = sum.direction();
      if (direction != null) {
        composites.add(new Assembly.Composite(space.model, sum.members, direction));
      }
    });
    return new Known(List.copyOf(current), List.copyOf(composites));
  }

  /// The revision that holds the content; null where it was lost.
  private static @Nullable Entry holder(Reader reader, Entry head) throws SQLException {
    return head.base() == 0 ? head : head.base() == Entry.LOST ? null : reader.entry(head.base());
  }

  private static void add(Map<Space, Sum> sums, Map<String, List<float[]>> vectors) {
    vectors.forEach((model, pieces) -> {
      int dimension = pieces.getFirst().length;
      var whole = new Sum(dimension);
      pieces.forEach(whole::add);
      var direction = whole.direction();
      if (direction != null) {
        var sum = sums.computeIfAbsent(new Space(model, dimension), _ -> new Sum(dimension));
        sum.add(direction);
        sum.members++;
      }
    });
  }

  /// A memory that reads of the present see, and the revision that speaks for it.
  private record Current(Entry head, Body.Attributes attributes) {}

  private static @Nullable Current current(Reader reader, UUID id, long nowMillis)
      throws SQLException {
    var live = reader.live(id);
    var head = live == null ? null : live.head();
    if (live == null) {
      var state = reader.state(id);
      var speaks = state == null || !state.live() ? null : state.head(Header.MAIN);
      head = speaks == null ? null : reader.entry(speaks.pos());
    }
    var bytes = head == null ? null : head.body();
    var attributes = bytes == null ? null : Body.decodeWithoutVector(bytes).attributes();
    return head == null || attributes == null || attributes.expires() <= nowMillis
        ? null
        : new Current(head, attributes);
  }
}
