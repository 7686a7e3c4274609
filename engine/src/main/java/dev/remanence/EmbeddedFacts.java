package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.RemanenceException.NotFound;
import dev.remanence.life.Changes;
import dev.remanence.life.Wish;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The facts of a scope of a store that this process owns: docs/facts.md. Without state.
final class EmbeddedFacts implements Facts {
  private final EmbeddedStore store;
  private final OwnedStore own;
  private final String scope;

  EmbeddedFacts(EmbeddedStore store, OwnedStore own, String scope) {
    this.store = store;
    this.own = own;
    this.scope = scope;
  }

  // Writing

  @Override
  public Remembered set(Draft draft) {
    store.access.may(Verb.WRITE, scope);
    requireKey(draft.key);
    return store.remembering.all(scope, List.of(draft), Changes::settle).getFirst();
  }

  private static void requireKey(@Nullable String key) {
    if (key == null) {
      throw new InvalidInput("a fact has a key; none was given", "field", "key");
    }
    Views.requireFact(key);
  }

  @Override
  public Remembered add(String key, Json value) {
    return change(key, value, Changes::addValue);
  }

  @Override
  public Remembered remove(String key, Json value) {
    return change(key, value, Changes::removeValue);
  }

  @FunctionalInterface
  private interface ValueChange {
    Remembered make(Changes changes, String scope, Wish wish, Json value) throws SQLException;
  }

  private Remembered change(String key, Json value, ValueChange change) {
    store.access.may(Verb.WRITE, scope);
    requireKey(key);
    var wish = store.remembering.wish(Draft.of(new Json.Arr(List.of(value))).key(key));
    var outcome =
        store.writing.write(1024, (changes, _) -> change.make(changes, scope, wish, value));
    own.changed(outcome.id());
    own.meaning.later();
    return outcome;
  }

  // Reading

  @Override
  public Fact get(String key, AsOf asOf) {
    store.access.may(Verb.READ, scope);
    Limits.word("key", key, Limits.KEY_CHARS_MAX);
    if (asOf.equals(AsOf.NOW)) {
      var here = own.reading.holding(scope, key);
      if (here != null) {
        return new Fact(here);
      }
    }
    var moment =
        asOf.validAt() != null
            ? asOf
            : asOf.validAt(asOf.knownAt() != null ? asOf.knownAt() : own.wall.instant());
    return new Fact(store.get(scope, key, moment));
  }

  @Override
  public Page list(Listing listing) {
    var filter = Filter.ALL.withKeyPrefix(listing.prefix() == null ? "" : listing.prefix());
    var now = own.wall.instant();
    var nearest = new TreeMap<String, Fact>();
    for (var source : store.access.sources(scope, listing.inherit(), false)) {
      try (var memories = own.browsing.stream(List.of(source), filter)) {
        memories
            .filter(memory -> memory.holdsAt(now))
            .map(Fact::new)
            .filter(fact -> !Views.isOfAnother(fact.key()))
            .filter(fact -> listing.after() == null || fact.key().compareTo(listing.after()) > 0)
            .forEach(fact -> nearest.putIfAbsent(fact.key(), fact));
      }
    }
    var facts = new ArrayList<Fact>();
    long chars = 0;
    for (var fact : nearest.values()) {
      chars += Browsing.chars(fact.memory());
      if (facts.size() == listing.limit() || (chars > Limits.PAGE_CHARS_MAX && !facts.isEmpty())) {
        return new Page(facts, facts.getLast().key());
      }
      facts.add(fact);
    }
    return new Page(facts, null);
  }

  @Override
  public List<Revised> history(String key) {
    store.access.may(Verb.READ, scope);
    Limits.word("key", key, Limits.KEY_CHARS_MAX);
    var id = own.reading.holder(scope, key);
    if (id == null) {
      throw new NotFound("there is no fact under this key in " + scope, "scope", scope);
    }
    return own.reading.history(id);
  }
}
