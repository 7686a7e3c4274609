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
    int kinds = 0;
    for (var kind : filter.kinds()) {
      kinds |= 1 << kind.ordinal();
    }
    for (int row = 0; row < count; row++) {
      if (columns.known(row, known)
          && columns.expires[row] > moment.expiresAfter()
          && (moment.validAt() == null || columns.valid(row, moment.validAt()))
          && (kinds == 0 || (kinds & (1 << columns.kind[row])) != 0)
          && passes(row, filter)) {
        visitor.visit(row);
      }
    }
  }

  private boolean passes(int row, Filter filter) {
    return (filter.importanceMin() == null || columns.importance[row] >= filter.importanceMin())
        && (filter.importanceMax() == null || columns.importance[row] <= filter.importanceMax())
        && (filter.pinned() == null || columns.pinned[row] == filter.pinned())
        && (filter.at() == null || covers(filter.at(), columns.validFrom[row]))
        && (filter.recorded() == null
            || covers(filter.recorded(), HybridClock.millis(columns.recordedFrom[row])));
  }

  private static boolean covers(Filter.Span span, long millis) {
    return (span.from() == null || millis >= span.from().toEpochMilli())
        && (span.to() == null || millis < span.to().toEpochMilli());
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
