package dev.remanence;

import dev.remanence.image.View;
import dev.remanence.image.View.Moment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows of one or more scopes in an order, taken a page at a time.
///
/// The order is that of a sort value and then of the position, so it has no ties; a cursor names
/// the last row that was given and holds whatever is written meanwhile: a page never repeats a row,
/// nor passes over one that was there all the time.
final class Selection {
  /// One scope and its view.
  record Source(long scope, String path, View view) {}

  /// A row that was chosen.
  record Chosen(Source source, int row, long value, long pos) {
    /// A row that was not chosen for its place in an order.
    static Chosen of(Source source, int row) {
      return new Chosen(source, row, 0, source.view().pos(row));
    }
  }

  /// Gives the value by which a row is sorted, and between which values a block's rows lie.
  interface SortValue {
    long of(View view, int row);

    default long least(View view, int block) {
      return Long.MIN_VALUE;
    }

    default long greatest(View view, int block) {
      return Long.MAX_VALUE;
    }

    static SortValue of(View.Sort sort) {
      return new SortValue() {
        @Override
        public long of(View view, int row) {
          return sort.of(view, row);
        }

        @Override
        public long least(View view, int block) {
          return sort.least(view, block);
        }

        @Override
        public long greatest(View view, int block) {
          return sort.greatest(view, block);
        }
      };
    }
  }

  private final List<Source> sources;
  private final Moment moment;
  private final Filter filter;
  private final SortValue value;
  private final boolean descending;

  Selection(
      List<Source> sources, Moment moment, Filter filter, SortValue value, boolean descending) {
    this.sources = sources;
    this.moment = moment;
    this.filter = filter;
    this.value = value;
    this.descending = descending;
  }

  /// The first rows after the cursor, at most so many.
  List<Chosen> after(@Nullable Cursor cursor, int limit) {
    var nearest = new Nearest(limit);
    long afterValue = cursor == null ? 0 : directed(cursor.value);
    long afterPos = cursor == null ? 0 : directed(cursor.pos);
    for (int i = 0; i < sources.size(); i++) {
      int source = i;
      var view = sources.get(i).view;
      var scan = view.scan(moment, filter);
      for (int n = 0; n < scan.blocks(); n++) {
        // From the end where a page is likely to lie.
        int block = descending ? scan.blocks() - 1 - n : n;
        long nearestEnd =
            directed(descending ? value.greatest(view, block) : value.least(view, block));
        long farthestEnd =
            directed(descending ? value.least(view, block) : value.greatest(view, block));
        if (nearest.isBeyond(nearestEnd) || (cursor != null && farthestEnd < afterValue)) {
          continue;
        }
        scan.visit(
            block,
            row -> {
              long rowValue = directed(value.of(view, row));
              long rowPos = directed(view.pos(row));
              if (cursor == null || isBefore(afterValue, afterPos, rowValue, rowPos)) {
                nearest.offer(rowValue, rowPos, source, row);
              }
            });
      }
    }
    return nearest.inOrder();
  }

  /// Turns a descending order into an ascending one.
  private long directed(long number) {
    return descending ? ~number : number;
  }

  private static boolean isBefore(long value, long pos, long otherValue, long otherPos) {
    return value != otherValue ? value < otherValue : pos < otherPos;
  }

  /// The rows nearest to the start of the order, as a heap whose top is the farthest of them.
  private final class Nearest {
    private final int limit;
    private long[] values;
    private long[] positions;
    private int[] sourceIndexes;
    private int[] rows;
    private int size;

    Nearest(int limit) {
      this.limit = limit;
      int capacity = Math.min(limit, 64);
      values = new long[capacity];
      positions = new long[capacity];
      sourceIndexes = new int[capacity];
      rows = new int[capacity];
    }

    /// Whether nothing of this value or after it can still be among the nearest.
    boolean isBeyond(long rowValue) {
      return size == limit && rowValue > values[0];
    }

    void offer(long rowValue, long rowPos, int source, int row) {
      if (size == limit) {
        if (isBefore(rowValue, rowPos, values[0], positions[0])) {
          siftDown(rowValue, rowPos, source, row);
        }
        return;
      }
      if (size == values.length) {
        int capacity = Math.min(limit, size * 2);
        values = Arrays.copyOf(values, capacity);
        positions = Arrays.copyOf(positions, capacity);
        sourceIndexes = Arrays.copyOf(sourceIndexes, capacity);
        rows = Arrays.copyOf(rows, capacity);
      }
      siftUp(rowValue, rowPos, source, row);
    }

    private void siftUp(long rowValue, long rowPos, int source, int row) {
      int at = size++;
      while (at > 0) {
        int parent = (at - 1) >>> 1;
        if (!isBefore(values[parent], positions[parent], rowValue, rowPos)) {
          break;
        }
        move(parent, at);
        at = parent;
      }
      set(at, rowValue, rowPos, source, row);
    }

    private void siftDown(long rowValue, long rowPos, int source, int row) {
      int at = 0;
      while (true) {
        int child = 2 * at + 1;
        if (child >= size) {
          break;
        }
        if (child + 1 < size
            && isBefore(values[child], positions[child], values[child + 1], positions[child + 1])) {
          child++;
        }
        if (!isBefore(rowValue, rowPos, values[child], positions[child])) {
          break;
        }
        move(child, at);
        at = child;
      }
      set(at, rowValue, rowPos, source, row);
    }

    private void move(int from, int to) {
      set(to, values[from], positions[from], sourceIndexes[from], rows[from]);
    }

    private void set(int at, long rowValue, long rowPos, int source, int row) {
      values[at] = rowValue;
      positions[at] = rowPos;
      sourceIndexes[at] = source;
      rows[at] = row;
    }

    List<Chosen> inOrder() {
      var order = new Integer[size];
      Arrays.setAll(order, i -> i);
      Arrays.sort(
          order,
          (one, other) ->
              isBefore(values[one], positions[one], values[other], positions[other])
                  ? -1
                  : one.equals(other) ? 0 : 1);
      var chosen = new ArrayList<Chosen>(size);
      for (int i : order) {
        chosen.add(
            new Chosen(
                sources.get(sourceIndexes[i]),
                rows[i],
                directed(values[i]),
                directed(positions[i])));
      }
      return chosen;
    }
  }

  /// The place after which the next page begins, and the question that it belongs to.
  record Cursor(long value, long pos, int question) {
    private static final int BYTES = 20;

    static Cursor after(Chosen last, int question) {
      return new Cursor(last.value, last.pos, question);
    }

    String encode() {
      return CursorText.of(ByteBuffer.allocate(BYTES).putLong(value).putLong(pos).putInt(question));
    }

    static @Nullable Cursor decode(@Nullable String text, int question) {
      if (text == null) {
        return null;
      }
      var in = CursorText.read(text, BYTES);
      var cursor = new Cursor(in.getLong(), in.getLong(), in.getInt());
      if (cursor.question != question) {
        throw CursorText.notACursor();
      }
      return cursor;
    }
  }
}
