package dev.remanence;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The facts of one scope, which are its keyed memories: a view without state, as [MemoryScope] is.
///
/// ```java
/// var facts = store.scope("acme/user:42").facts();
/// facts.set("city", "Lisbon");
/// facts.get("city").text();
/// facts.add("languages", Json.of("German"));
/// ```
///
/// Reads mean now, unless they are asked as of another moment, and see the scope's ancestors and
/// `global`, nearest first; writes stay within the scope.
public interface Facts {

  /// Sets the value that holds from now on.
  default Remembered set(String key, String value) {
    return set(Draft.of(value).key(key));
  }

  /// Sets the value that holds from the draft's `at` on. What held before is ended, not replaced.
  Remembered set(Draft draft);

  /// Adds a value to a fact that has many, or declares one. A value that is there already is no
  /// change.
  Remembered add(String key, Json value);

  /// Takes a value from a fact that has many; [NotFound] where it has no such value.
  Remembered remove(String key, Json value);

  default Fact get(String key) {
    return get(key, AsOf.NOW);
  }

  /// The value of a moment: of `validAt`, else of `knownAt`, else of now.
  Fact get(String key, AsOf asOf);

  /// What holds now, by key.
  ///
  /// @param prefix with which keys begin; null for all
  /// @param inherit what the scope's ancestors and `global` have too, of each key the nearest
  List<Fact> list(@Nullable String prefix, boolean inherit);

  /// Every value that the key had in this scope, oldest first.
  List<Revised> history(String key);

  /// What holds now in the scope and what it inherits, for a model to read: a line a fact, pinned
  /// ones first, then by importance.
  ///
  /// @param maxTokens of the text, estimated; null for all
  default String prompt(@Nullable Integer maxTokens) {
    return FactLines.of(list(null, true), maxTokens);
  }
}
