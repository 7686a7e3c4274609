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
    long known = moment.knownAt() == null ? recorded : Math.min(moment.knownAt(), recorded);
    long expiresAfter = moment.expiresAfter();
    var valid = moment.validAt();
    boolean anyValidity = valid == null;
    long validAt = valid == null ? 0 : valid;
    var test = new RowTest(filter);
    for (int row = 0; row < count; row++) {
      if (columns.known(row, known)
          && columns.expires[row] > expiresAfter
          && (anyValidity || columns.valid(row, validAt))
          && (test.passesAll || test.passes(columns, row))) {
        visitor.visit(row);
      }
    }
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
