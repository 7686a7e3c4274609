package dev.remanence.daemon.protocol;

import dev.remanence.Filter;
import dev.remanence.Limits;
import dev.remanence.Memory;
import dev.remanence.Page;
import dev.remanence.Range;
import dev.remanence.Remanence;
import java.util.ArrayList;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A stream of memories in pages that need no state between them, so that a caller may go on after
/// an hour, over another connection, or with another owner of the store.
///
/// A cursor is `CURSOR~SCOPE`: the scope that the next page begins in, and the place within it as
/// `range` tells it; nothing before the `~` stands for the scope's beginning. Scopes come in the
/// order of their paths, the one that was asked for first.
final class Streaming {
  private static final String SEPARATOR = "~";

  private Streaming() {}

  static Page page(
      Remanence store,
      String scope,
      Filter filter,
      boolean recursive,
      int limit,
      @Nullable String cursor) {
    Limits.count("limit", limit, 1, Limits.PAGE_MAX);
    var paths = paths(store, scope, recursive);
    var path = scope;
    var place = cursor;
    int separator = cursor == null || !recursive ? -1 : cursor.indexOf(SEPARATOR);
    if (cursor != null && separator >= 0) {
      var named = cursor.substring(separator + 1);
      // One that belongs to another question is refused by `range`.
      if (named.equals(scope) || named.startsWith(scope + "/")) {
        path = named;
        place = separator == 0 ? null : cursor.substring(0, separator);
      }
    }
    var found = new ArrayList<Memory>();
    while (true) {
      var page = store.range(path, oldestFirst(filter, limit - found.size()).after(place));
      found.addAll(page.memories());
      if (page.cursor() != null) {
        return new Page(found, recursive ? page.cursor() + SEPARATOR + path : page.cursor());
      }
      var next = paths.higher(path);
      if (next == null || found.size() == limit) {
        return new Page(found, next == null ? null : SEPARATOR + next);
      }
      path = next;
      place = null;
    }
  }

  private static NavigableSet<String> paths(Remanence store, String scope, boolean recursive) {
    var paths = new TreeSet<String>();
    if (recursive) {
      store.scopes(scope).forEach(each -> paths.add(each.scope()));
    }
    return paths;
  }

  private static Range oldestFirst(Filter filter, int limit) {
    return Range.of(null, null).by(Range.By.RECORDED).filter(filter).limit(limit);
  }
}
