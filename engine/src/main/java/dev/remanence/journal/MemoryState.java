package dev.remanence.journal;

import dev.remanence.Change;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is current of one memory: a fold over its revisions.
///
/// A value revision is current on its branch until a later one names it as parent, or until a
/// FORGET or an ERASE. The intervals that are current on a branch do not overlap; the one with the
/// greatest start on the main branch speaks for the memory.
///
/// The fold takes revisions in the order of [#ORDER], so that it is a function of the set of
/// revisions and not of their arrival. Not thread-safe.
public final class MemoryState {
  /// The order of a memory's revisions, the same on every site.
  public static final Comparator<Entry> ORDER =
      Comparator.<Entry>comparingLong(entry -> entry.header().recorded())
          .thenComparingInt(entry -> entry.header().number())
          .thenComparing(Entry::hash, Arrays::compareUnsigned);

  public static final int LIVE = 0;
  public static final int FORGOTTEN = 1;
  public static final int ERASED = 2;

  /// A revision that is current.
  public record Current(long pos, long branch, long from, long until, byte[] reference, long base) {

    public boolean holds(long millis) {
      return from <= millis && millis < until;
    }

    static Current of(Entry entry) {
      var header = entry.header();
      return new Current(
          entry.pos(),
          header.branch(),
          header.from(),
          header.until(),
          entry.reference(),
          entry.base() == 0 ? entry.pos() : entry.base());
    }

    boolean isParentIn(Header header) {
      for (var parent : header.parents()) {
        if (Arrays.equals(parent, reference)) {
          return true;
        }
      }
      return false;
    }
  }

  private final UUID id;
  private final long scope;
  private int state;
  private long last;
  private int number;
  private long created;
  private final List<Current> current = new ArrayList<>(2);

  /// What the tables hold; empty and false for a memory that they do not know.
  private boolean stored;

  private Set<Long> storedOthers = new HashSet<>();

  public MemoryState(UUID id, long scope) {
    this.id = id;
    this.scope = scope;
  }

  static MemoryState loaded(
      UUID id, long scope, int state, long last, int number, long created, List<Current> current) {
    var loaded = new MemoryState(id, scope);
    loaded.state = state;
    loaded.last = last;
    loaded.number = number;
    loaded.created = created;
    loaded.current.addAll(current);
    loaded.stored = true;
    loaded.rememberStored();
    return loaded;
  }

  public UUID id() {
    return id;
  }

  public long scope() {
    return scope;
  }

  public boolean live() {
    return state == LIVE && !current.isEmpty();
  }

  public boolean erased() {
    return state == ERASED;
  }

  int state() {
    return state;
  }

  /// The position of the newest revision.
  public long last() {
    return last;
  }

  /// The greatest revision number.
  public int number() {
    return number;
  }

  /// When the memory was first recorded.
  public long created() {
    return created;
  }

  public List<Current> current() {
    return current;
  }

  public List<Current> onBranch(long branch) {
    return current.stream()
        .filter(each -> each.branch() == branch)
        .sorted(Comparator.comparingLong(Current::from))
        .toList();
  }

  /// The revision that speaks for the memory on a branch, or null.
  public @Nullable Current head(long branch) {
    Current head = null;
    for (var each : current) {
      if (each.branch() == branch && (head == null || each.from() > head.from())) {
        head = each;
      }
    }
    return head;
  }

  /// The revision that was valid at a moment, or null.
  public @Nullable Current at(long branch, long millis) {
    for (var each : current) {
      if (each.branch() == branch && each.holds(millis)) {
        return each;
      }
    }
    return null;
  }

  /// Takes one more revision into account.
  public void apply(Entry entry) {
    var header = entry.header();
    last = Math.max(last, entry.pos());
    number = Math.max(number, header.number());
    if (created == 0) {
      created = header.recorded();
    }
    if (state == ERASED) {
      return;
    }
    switch (header.change()) {
      case OPEN -> throw new AssertionError("an OPEN revision belongs to no memory");
      case FORGET -> {
        current.clear();
        state = FORGOTTEN;
      }
      case ERASE -> {
        current.clear();
        state = ERASED;
      }
      case CREATE, REINFORCE, REVISE, BOUND, SUPERSEDE, LINK, UNLINK, REVERT, BRANCH, MERGE -> {
        current.removeIf(each -> each.branch() == header.branch() && each.isParentIn(header));
        current.add(Current.of(entry));
        if (header.branch() == Header.MAIN) {
          state = LIVE;
        }
      }
    }
  }

  /// The state after a set of revisions, in whatever order they come.
  static MemoryState fold(UUID id, long scope, List<Entry> entries) {
    var state = new MemoryState(id, scope);
    entries.stream().sorted(ORDER).forEach(state::apply);
    return state;
  }

  /// What `knownAt` asks for: the state of the revisions recorded up to then.
  public static MemoryState known(UUID id, long scope, List<Entry> entries, long recordedMax) {
    return fold(
        id,
        scope,
        entries.stream().filter(entry -> entry.header().recorded() <= recordedMax).toList());
  }

  boolean stored() {
    return stored;
  }

  Set<Long> storedOthers() {
    return storedOthers;
  }

  /// Those current ones that the memory's own row does not name.
  List<Current> others() {
    var head = head(Header.MAIN);
    return current.stream().filter(each -> head == null || each.pos() != head.pos()).toList();
  }

  void markStored() {
    stored = true;
    rememberStored();
  }

  void takeStoredFrom(MemoryState tables) {
    stored = tables.stored;
    storedOthers = tables.storedOthers;
  }

  private void rememberStored() {
    storedOthers = new HashSet<>();
    others().forEach(each -> storedOthers.add(each.pos()));
  }

  /// Whether a change can move what the memory's key or content says.
  static boolean movesSlots(Change change) {
    return switch (change) {
      case OPEN, REINFORCE, LINK, UNLINK, BRANCH -> false;
      case CREATE, REVISE, BOUND, SUPERSEDE, FORGET, ERASE, REVERT, MERGE -> true;
    };
  }
}
