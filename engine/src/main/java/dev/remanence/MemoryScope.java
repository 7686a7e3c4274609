package dev.remanence;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One scope of a store: a view without state. Reads by key and recalls see the scope's ancestors
/// and `global`; everything else stays within the scope unless told.
public final class MemoryScope {
  private final Remanence store;
  private final String path;

  MemoryScope(Remanence store, String path) {
    this.store = store;
    this.path = path;
  }

  public String path() {
    return path;
  }

  public Remembered remember(String text) {
    return store.remember(path, Draft.of(text));
  }

  public Remembered remember(Draft draft) {
    return store.remember(path, draft);
  }

  public List<Remembered> rememberAll(List<Draft> drafts) {
    return store.rememberAll(path, drafts);
  }

  public Remembered supersede(Draft draft) {
    return store.supersede(path, draft);
  }

  public Memory get(String key) {
    return store.get(path, key, AsOf.NOW);
  }

  public Memory get(String key, AsOf asOf) {
    return store.get(path, key, asOf);
  }

  public Recall recall(String question) {
    return store.recall(path, Query.of(question));
  }

  public Recall recall(Query query) {
    return store.recall(path, query);
  }

  public List<Hit> similar(Similar question) {
    return store.similar(path, question);
  }

  public Page list(Listing listing) {
    return store.list(path, listing);
  }

  public Page range(Range range) {
    return store.range(path, range);
  }

  public Stream<Memory> stream(Filter filter) {
    return store.stream(path, filter, false);
  }

  public Assemblies assemblies() {
    return store.assemblies(path);
  }

  public Facts facts() {
    return store.facts(path);
  }

  public Turns turns() {
    return store.turns(path);
  }

  public Conflicts conflicts() {
    return store.conflicts(path);
  }

  public Context context(ContextQuestion question) {
    return store.context(path, question);
  }

  public int forget(Filter filter, @Nullable String reason) {
    return store.forget(path, filter, false, reason);
  }

  public Receipt erase(@Nullable String reason) {
    return store.eraseScope(path, false, reason);
  }
}
