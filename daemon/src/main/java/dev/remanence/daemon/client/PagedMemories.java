package dev.remanence.daemon.client;

import dev.remanence.Memory;
import dev.remanence.Page;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The memories of pages, one after the other: a page is asked for when the one before was
/// consumed. The first is there at once, so that what is refused is refused before anything is
/// consumed.
final class PagedMemories extends Spliterators.AbstractSpliterator<Memory> {
  static final int MEMORIES_A_PAGE = 256;

  private final Function<@Nullable String, Page> pages;
  private Page page;
  private Iterator<Memory> rest;

  /// @param pages answers the page after a cursor; the first one for null
  PagedMemories(Function<@Nullable String, Page> pages) {
    super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
    this.pages = pages;
    this.page = pages.apply(null);
    this.rest = page.memories().iterator();
  }

  @Override
  public boolean tryAdvance(Consumer<? super Memory> action) {
    while (!rest.hasNext()) {
      if (page.cursor() == null) {
        return false;
      }
      page = pages.apply(page.cursor());
      rest = page.memories().iterator();
    }
    action.accept(rest.next());
    return true;
  }
}
