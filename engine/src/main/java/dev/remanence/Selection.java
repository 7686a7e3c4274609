package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.image.View;
import dev.remanence.image.View.Moment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Rows of one or more scopes in an order, taken a page at a time.
///
/// The order is that of a sort value and then of the position, so it has no ties; a cursor names the
/// last row that was given and holds whatever is written meanwhile: a page never repeats a row, nor
/// passes over one that was there all the time.
final class Selection {
  /// One scope and its view.
  record Source(long scope, String path, View view) {}

  /// A row that was chosen.
  record Chosen(Source source, int row, long value, long pos) {}

  /// Gives the value by which a row is sorted.
  @FunctionalInterface
  interface SortValue {
    long of(View view, int row);
  }

  private final List<Source> sources;
  private final Moment moment;
  private final Filter filter;
  private final SortValue value;
  private final Comparator<Chosen> order;

  Selection(
      List<Source> sources, Moment moment, Filter filter, SortValue value, boolean descending) {
    this.sources = sources;
    this.moment = moment;
    this.filter = filter;
    this.value = value;
    var ascending = Comparator.comparingLong(Chosen::value).thenComparingLong(Chosen::pos);
    this.order = descending ? ascending.reversed() : ascending;
  }

  /// The first rows after the cursor, at most so many.
  List<Chosen> after(@Nullable Cursor cursor, int limit) {
    if (sources.isEmpty()) {
      return List.of();
    }
    var place =
        cursor == null ? null : new Chosen(sources.getFirst(), 0, cursor.value, cursor.pos);
    var worstFirst = new PriorityQueue<Chosen>(limit + 1, order.reversed());
    for (var source : sources) {
      var view = source.view;
      view.visit(
          moment,
          filter,
          row -> {
            var chosen = new Chosen(source, row, value.of(view, row), view.pos(row));
            if ((place == null || order.compare(place, chosen) < 0)
                && (worstFirst.size() < limit
                    || order.compare(chosen, worstFirst.element()) < 0)) {
              worstFirst.add(chosen);
              if (worstFirst.size() > limit) {
                worstFirst.remove();
              }
            }
          });
    }
    var rows = new ArrayList<>(worstFirst);
    rows.sort(order);
    return rows;
  }

  /// The place after which the next page begins.
  record Cursor(long value, long pos, int question) {
    static Cursor after(Chosen last, int question) {
      return new Cursor(last.value, last.pos, question);
    }

    String encode() {
      var bytes =
          ByteBuffer.allocate(20).putLong(value).putLong(pos).putInt(question).array();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static @Nullable Cursor decode(@Nullable String text, int question) {
      if (text == null) {
        return null;
      }
      try {
        var bytes = Base64.getUrlDecoder().decode(text);
        if (bytes.length == 20) {
          var in = ByteBuffer.wrap(bytes);
          var cursor = new Cursor(in.getLong(), in.getLong(), in.getInt());
          if (cursor.question == question) {
            return cursor;
          }
        }
      } catch (IllegalArgumentException e) {
        // Not base64: the same answer as for other text that is no cursor of this question.
        throw notACursor();
      }
      throw notACursor();
    }

    private static InvalidInput notACursor() {
      return new InvalidInput(
          "a cursor comes from the page before and belongs to the same question; leave it out to"
              + " begin anew",
          "field",
          "cursor");
    }
  }
}
