package dev.remanence;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The turns of one scope: a view without state, as [MemoryScope] is.
///
/// ```java
/// var turns = store.scope("acme/user:42").turns();
/// turns.add(Turn.user("We fly on Friday."), Turn.assistant("Have a good flight!"));
/// turns.list(20, null).turns().forEach(turn -> print(turn.speaker() + ": " + turn.text()));
/// ```
public interface Turns {

  /// Adds turns, all or none, in one commit and in this order.
  default List<Remembered> add(Turn... turns) {
    return add(List.of(turns), Keeping.DURABLE);
  }

  List<Remembered> add(List<Turn> turns, Keeping keeping);

  /// The latest turns, oldest first.
  ///
  /// @param before only those before this one, which the page before tells; null for the latest
  Page list(int limit, @Nullable UUID before);

  /// What becomes of added turns.
  enum Keeping {
    /// On disk, and embedded, when the call returns.
    DURABLE,
    /// On disk when the call returns; found by words at once, by meaning soon.
    DEFERRED,
    /// In the memory of the store's owner alone, until that ends.
    VOLATILE
  }

  /// A part of the turns.
  ///
  /// @param before what the next page, of those before these, is asked with; null where there are
  ///   none
  record Page(List<Memory> turns, @Nullable UUID before) {
    public Page {
      turns = List.copyOf(turns);
    }
  }
}
