package dev.remanence.image;

import dev.remanence.Filter;
import dev.remanence.Kind;
import dev.remanence.journal.HybridClock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A scope's image at one moment: what a reader pins. Immutable in all that it shows.
public final class View {
  private final Columns columns;
  private final int count;
  private final long recorded;

  View(Columns columns, int count, long recorded) {
    this.columns = columns;
    this.count = count;
    this.recorded = recorded;
  }

  /// Which rows a question may see.
  ///
  /// @param knownAt a recorded time, or null for the moment of this view
  /// @param validAt milliseconds, or null for any
  /// @param expiresAfter milliseconds against which expiry is tested
  public record Moment(@Nullable Long knownAt, @Nullable Long validAt, long expiresAfter) {}

  /// Is called with each row that passes.
  @FunctionalInterface
  public interface Visitor {
    void visit(int row);
  }

  /// Visits the rows that are current at the moment and pass those parts of the filter that columns
  /// can answer; the rest is the caller's, on the memory itself.
  public void visit(Moment moment, Filter filter, Visitor visitor) {
    var scan = scan(moment, filter);
    for (int block = 0; block < scan.blocks(); block++) {
      scan.visit(block, visitor);
    }
  }

  public Scan scan(Moment moment, Filter filter) {
    return new Scan(moment, filter);
  }

  /// A question to this view, answered block by block.
  public final class Scan {
    private final long known;
    private final long expiresAfter;
    private final boolean anyValidity;
    private final long validAt;
    private final RowTest test;

    private Scan(Moment moment, Filter filter) {
      known = moment.knownAt() == null ? recorded : Math.min(moment.knownAt(), recorded);
      expiresAfter = moment.expiresAfter();
      var valid = moment.validAt();
      anyValidity = valid == null;
      validAt = valid == null ? 0 : valid;
      test = new RowTest(filter);
    }

    public int blocks() {
      return (count + (1 << Columns.BLOCK_SHIFT) - 1) >>> Columns.BLOCK_SHIFT;
    }

    public View view() {
      return View.this;
    }

    public void visit(int block, Visitor visitor) {
      if (!test.mayPass(columns, block)) {
        return;
      }
      int end = Math.min(count, (block + 1) << Columns.BLOCK_SHIFT);
      for (int row = block << Columns.BLOCK_SHIFT; row < end; row++) {
        if (passes(row)) {
          visitor.visit(row);
        }
      }
    }

    private boolean passes(int row) {
      return columns.known(row, known)
          && columns.expires[row] > expiresAfter
          && (anyValidity || columns.valid(row, validAt))
          && (test.passesAll || test.passes(columns, row));
    }
  }

  /// What rows can be sorted by, with bounds for a whole block.
  public enum Sort {
    UPDATED {
      @Override
      public long of(View view, int row) {
        return view.columns.recordedFrom[row];
      }

      @Override
      public long least(View view, int block) {
        return view.columns.recordedFrom[block << Columns.BLOCK_SHIFT];
      }

      @Override
      public long greatest(View view, int block) {
        int end = Math.min(view.count, (block + 1) << Columns.BLOCK_SHIFT);
        return view.columns.recordedFrom[end - 1];
      }
    },
    CREATED {
      @Override
      public long of(View view, int row) {
        return view.columns.created[row];
      }

      @Override
      public long least(View view, int block) {
        return view.columns.createdAt.least(block);
      }

      @Override
      public long greatest(View view, int block) {
        return view.columns.createdAt.greatest(block);
      }
    },
    AT {
      @Override
      public long of(View view, int row) {
        return view.columns.validFrom[row];
      }

      @Override
      public long least(View view, int block) {
        return view.columns.at.least(block);
      }

      @Override
      public long greatest(View view, int block) {
        return view.columns.at.greatest(block);
      }
    },
    IMPORTANCE {
      @Override
      public long of(View view, int row) {
        return Columns.sortable(view.columns.importance[row]);
      }

      @Override
      public long least(View view, int block) {
        return view.columns.weight.least(block);
      }

      @Override
      public long greatest(View view, int block) {
        return view.columns.weight.greatest(block);
      }
    };

    public abstract long of(View view, int row);

    /// No row of the block has less.
    public abstract long least(View view, int block);

    /// No row of the block has more.
    public abstract long greatest(View view, int block);
  }

  /// The parts of a filter that columns can answer, as numbers.
  private static final class RowTest {
    final boolean passesAll;
    private final int kinds;
    private final double importanceMin;
    private final double importanceMax;
    private final long validFromMin;
    private final long validFromEnd;
    private final long recordedMin;
    private final long recordedEnd;
    private final int pinned;

    RowTest(Filter filter) {
      int bits = 0;
      for (var kind : filter.kinds()) {
        bits |= 1 << kind.code();
      }
      kinds = bits == 0 ? -1 : bits;
      importanceMin = filter.importanceMin() == null ? 0 : filter.importanceMin();
      importanceMax = filter.importanceMax() == null ? 1 : filter.importanceMax();
      validFromMin = from(filter.at());
      validFromEnd = to(filter.at());
      recordedMin = from(filter.recorded());
      recordedEnd = to(filter.recorded());
      pinned = filter.pinned() == null ? -1 : filter.pinned() ? 1 : 0;
      passesAll =
          kinds == -1
              && filter.importanceMin() == null
              && filter.importanceMax() == null
              && filter.at() == null
              && filter.recorded() == null
              && pinned == -1;
    }

    private static long from(Filter.@Nullable Span span) {
      return span == null || span.from() == null ? Long.MIN_VALUE : span.from().toEpochMilli();
    }

    private static long to(Filter.@Nullable Span span) {
      return span == null || span.to() == null ? Long.MAX_VALUE : span.to().toEpochMilli();
    }

    boolean mayPass(Columns columns, int block) {
      return columns.at.greatest(block) >= validFromMin && columns.at.least(block) < validFromEnd;
    }

    boolean passes(Columns columns, int row) {
      long recorded = HybridClock.millis(columns.recordedFrom[row]);
      return (kinds & (1 << columns.kind[row])) != 0
          && columns.importance[row] >= importanceMin
          && columns.importance[row] <= importanceMax
          && columns.validFrom[row] >= validFromMin
          && columns.validFrom[row] < validFromEnd
          && recorded >= recordedMin
          && recorded < recordedEnd
          && (pinned == -1 || columns.pinned[row] == (pinned == 1));
    }
  }

  public int count() {
    return count;
  }

  public long pos(int row) {
    return columns.pos[row];
  }

  public UUID id(int row) {
    return columns.id(row);
  }

  public Kind kind(int row) {
    return columns.kind(row);
  }

  public double importance(int row) {
    return columns.importance[row];
  }

  public long validFrom(int row) {
    return columns.validFrom[row];
  }

  public long recordedFrom(int row) {
    return columns.recordedFrom[row];
  }

  /// When the memory of this row was first recorded.
  public long created(int row) {
    return columns.created[row];
  }
}
