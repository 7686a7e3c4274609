package dev.remanence;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A question for `range`: the memories of `[from, to)` by the time they are about or by the time
/// they were recorded, oldest first.
public record Range(
    @Nullable Instant from,
    @Nullable Instant to,
    By by,
    int limit,
    @Nullable String cursor,
    Filter filter,
    boolean inherit) {

  public Range {
    from = Limits.optionalMoment("from", from);
    to = Limits.optionalMoment("to", to);
    Limits.count("limit", limit, 1, Limits.PAGE_MAX);
    if (cursor != null) {
      Limits.unicode("cursor", cursor);
    }
  }

  public static Range of(@Nullable Instant from, @Nullable Instant to) {
    return new Range(from, to, By.AT, 50, null, Filter.ALL, false);
  }

  public Range by(By by) {
    return new Range(from, to, by, limit, cursor, filter, inherit);
  }

  public Range limit(int limit) {
    return new Range(from, to, by, limit, cursor, filter, inherit);
  }

  public Range after(@Nullable String cursor) {
    return new Range(from, to, by, limit, cursor, filter, inherit);
  }

  public Range filter(Filter filter) {
    return new Range(from, to, by, limit, cursor, filter, inherit);
  }

  public Range inherit(boolean inherit) {
    return new Range(from, to, by, limit, cursor, filter, inherit);
  }

  public enum By {
    AT,
    RECORDED
  }
}
