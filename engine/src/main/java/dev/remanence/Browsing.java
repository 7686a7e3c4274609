package dev.remanence;

import dev.remanence.Selection.Chosen;
import dev.remanence.Selection.Cursor;
import dev.remanence.Selection.SortValue;
import dev.remanence.Selection.Source;
import dev.remanence.image.View;
import dev.remanence.image.View.Moment;
import dev.remanence.journal.HybridClock;
import dev.remanence.life.Strength;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Goes through the memories of scopes in an order: page by page, or all of them as a stream.
/// Thread-safe; holds nothing.
final class Browsing {
  private static final int ROWS_A_PULL = 256;

  private final Reading reading;
  private final InstantSource wall;

  Browsing(Reading reading, InstantSource wall) {
    this.reading = reading;
    this.wall = wall;
  }

  /// @param scope what was asked for, which a cursor belongs to
  Page list(String scope, List<Source> sources, Listing listing) {
    long now = wall.millis();
    int question =
        Arrays.hashCode(
            new Object[] {
              "list", scope, listing.filter().number(), listing.order().name(), listing.inherit()
            });
    var value =
        switch (listing.order()) {
          case UPDATED -> SortValue.of(View.Sort.UPDATED);
          case CREATED -> SortValue.of(View.Sort.CREATED);
          case AT -> SortValue.of(View.Sort.AT);
          case IMPORTANCE -> SortValue.of(View.Sort.IMPORTANCE);
          case STRENGTH -> (SortValue) (view, row) -> strength(view, row, now);
        };
    var selection = new Selection(sources, Moment.now(now), listing.filter(), value, true);
    return page(selection, listing.cursor(), listing.limit(), question);
  }

  private static long strength(View view, int row, long now) {
    // Never negative, so its bits are in order.
    return Double.doubleToLongBits(
        Strength.of(
            view.kind(row),
            view.importance(row),
            HybridClock.millis(view.recordedFrom(row)),
            now,
            0,
            1));
  }

  Page range(String scope, List<Source> sources, Range range) {
    boolean recorded = range.by() == Range.By.RECORDED;
    int question =
        Arrays.hashCode(
            new Object[] {
              "range",
              scope,
              range.from(),
              range.to(),
              range.by().name(),
              range.filter().number(),
              range.inherit()
            });
    var span = new Filter.Span(range.from(), range.to());
    var filter = range.filter();
    var narrowed =
        recorded
            ? filter.within(filter.at(), Filter.Span.both(filter.recorded(), span))
            : filter.within(Filter.Span.both(filter.at(), span), filter.recorded());
    var value = SortValue.of(recorded ? View.Sort.UPDATED : View.Sort.AT);
    var selection = new Selection(sources, Moment.now(wall.millis()), narrowed, value, false);
    return page(selection, range.cursor(), range.limit(), question);
  }

  private Page page(Selection selection, @Nullable String cursorText, int limit, int question) {
    var cursor = Cursor.decode(cursorText, question);
    var found = new ArrayList<Memory>();
    Chosen last = null;
    long chars = 0;
    while (true) {
      int pull = limit + 1 - found.size();
      var rows = selection.after(cursor, pull);
      List<@Nullable Memory> loaded = List.of();
      for (int i = 0; i < rows.size(); i++) {
        if (i % ROWS_A_PULL == 0) {
          // Not more at once than a page may hold, or a few times that.
          loaded = reading.rows(rows.subList(i, Math.min(rows.size(), i + ROWS_A_PULL)));
        }
        var memory = loaded.get(i % ROWS_A_PULL);
        if (memory != null) {
          chars += chars(memory);
          if (found.size() == limit || (chars > Limits.PAGE_CHARS_MAX && !found.isEmpty())) {
            return new Page(found, Cursor.after(Objects.requireNonNull(last), question).encode());
          }
          found.add(memory);
          last = rows.get(i);
        }
      }
      if (rows.size() < pull) {
        return new Page(found, null);
      }
      cursor = Cursor.after(rows.getLast(), question);
    }
  }

  /// What a memory takes in a page.
  static long chars(Memory memory) {
    return (long) memory.body().length()
        + (memory.metadata().fields().isEmpty() ? 0 : memory.metadata().toString().length());
  }

  Stream<Memory> stream(List<Source> sources, Filter filter) {
    var positions = new Positions();
    var now = Moment.now(wall.millis());
    for (var source : sources) {
      source.view().visit(now, filter, row -> positions.add(source, row));
    }
    return StreamSupport.stream(new Pages(positions), false);
  }

  /// Where the rows of a stream lie: 12 bytes a row, whatever the memories hold.
  private static final class Positions {
    private final List<Source> sources = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private int[] rows = new int[64];
    private int size;

    void add(Source source, int row) {
      if (sources.isEmpty() || !sources.getLast().equals(source)) {
        sources.add(source);
        starts.add(size);
      }
      if (size == rows.length) {
        rows = Arrays.copyOf(rows, size * 2);
      }
      rows[size++] = row;
    }

    /// The rows from one number on, at most so many, all of one scope.
    List<Chosen> page(int from, int limit) {
      int index = sources.size() - 1;
      while (index > 0 && starts.get(index) > from) {
        index--;
      }
      int end = index + 1 < sources.size() ? starts.get(index + 1) : size;
      var page = new ArrayList<Chosen>();
      for (int i = from; i < Math.min(end, from + limit); i++) {
        var source = sources.get(index);
        page.add(Chosen.of(source, rows[i]));
      }
      return page;
    }
  }

  /// Reads a stream's memories page by page as they are asked for.
  private final class Pages extends Spliterators.AbstractSpliterator<Memory> {
    private final Positions positions;
    private List<@Nullable Memory> page = List.of();
    private int next;
    private int read;

    Pages(Positions positions) {
      super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
      this.positions = positions;
    }

    @Override
    public boolean tryAdvance(Consumer<? super Memory> action) {
      while (true) {
        while (next < page.size()) {
          var memory = page.get(next++);
          if (memory != null) {
            action.accept(memory);
            return true;
          }
        }
        if (read == positions.size) {
          return false;
        }
        var rows = positions.page(read, ROWS_A_PULL);
        page = reading.rows(rows);
        next = 0;
        read += rows.size();
      }
    }
  }
}
