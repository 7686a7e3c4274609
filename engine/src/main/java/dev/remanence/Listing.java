package dev.remanence;

import org.jspecify.annotations.Nullable;

/// A question for `list`: one page of a scope's current memories, in an order, newest or greatest
/// first. A cursor comes from the page before and belongs to the same question.
public record Listing(
    Filter filter, Order order, int limit, @Nullable String cursor, boolean inherit) {

  public static final Listing FIRST = new Listing(Filter.ALL, Order.UPDATED, 50, null, false);

  public Listing {
    Limits.count("limit", limit, 1, Limits.PAGE_MAX);
    if (cursor != null) {
      Limits.unicode("cursor", cursor);
    }
  }

  public Listing filter(Filter filter) {
    return new Listing(filter, order, limit, cursor, inherit);
  }

  public Listing order(Order order) {
    return new Listing(filter, order, limit, cursor, inherit);
  }

  public Listing limit(int limit) {
    return new Listing(filter, order, limit, cursor, inherit);
  }

  public Listing after(@Nullable String cursor) {
    return new Listing(filter, order, limit, cursor, inherit);
  }

  public Listing inherit(boolean inherit) {
    return new Listing(filter, order, limit, cursor, inherit);
  }

  public enum Order {
    UPDATED,
    CREATED,
    AT,
    IMPORTANCE,
    STRENGTH
  }
}
