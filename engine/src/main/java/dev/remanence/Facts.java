package dev.remanence;

import java.util.ArrayList;
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

  /// What holds now, in the order of the keys, a page at a time.
  Page list(Listing listing);

  /// Every revision of the memory that has the key in this scope, oldest first.
  List<Revised> history(String key);

  /// What holds now in the scope and what it inherits, for a model to read: a line a fact, pinned
  /// ones first, then by importance.
  ///
  /// @param maxTokens of the text, estimated; null for all
  default String prompt(@Nullable Integer maxTokens) {
    var facts = new ArrayList<Fact>();
    var listing = Listing.ALL.inherit(true).limit(Limits.PAGE_MAX);
    Page page;
    do {
      page = list(listing);
      facts.addAll(page.facts());
      listing = listing.after(page.after());
    } while (page.after() != null);
    return FactLines.of(facts, maxTokens);
  }

  /// Which facts are listed.
  ///
  /// @param prefix with which their keys begin; null for all
  /// @param inherit what the scope's ancestors and `global` have too, of each key the nearest
  /// @param after the key that the page before ended with, or null
  record Listing(@Nullable String prefix, boolean inherit, int limit, @Nullable String after) {
    public static final Listing ALL = new Listing(null, false, 50, null);

    public Listing {
      Limits.count("limit", limit, 1, Limits.PAGE_MAX);
    }

    public Listing prefix(@Nullable String prefix) {
      return new Listing(prefix, inherit, limit, after);
    }

    public Listing inherit(boolean inherit) {
      return new Listing(prefix, inherit, limit, after);
    }

    public Listing limit(int limit) {
      return new Listing(prefix, inherit, limit, after);
    }

    public Listing after(@Nullable String key) {
      return new Listing(prefix, inherit, limit, key);
    }
  }

  /// A part of the facts.
  ///
  /// @param after what the next page is asked with; null where this one is the last
  record Page(List<Fact> facts, @Nullable String after) {
    public Page {
      facts = List.copyOf(facts);
    }
  }
}
