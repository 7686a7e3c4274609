package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import org.jspecify.annotations.Nullable;

/// A question for `recall`. With `maxTokens`, hits are cut where their estimated tokens (a quarter
/// of the characters, rounded up), their neighbours included, would exceed it.
public record Query(
    String text,
    int limit,
    Filter filter,
    AsOf asOf,
    @Nullable Integer maxTokens,
    boolean explain,
    boolean inherit,
    float @Nullable [] vector,
    @Nullable String cursor,
    int neighbours) {

  public Query {
    Limits.text("query", text, Limits.QUERY_CHARS_MAX);
    Limits.count("limit", limit, 1, Limits.PAGE_MAX);
    Limits.count("neighbours", neighbours, 0, Limits.NEIGHBOURS_MAX);
    if (!asOf.branch().equals(AsOf.MAIN)) {
      throw new InvalidInput("recall looks at the main branch", "field", "branch");
    }
    if (cursor != null) {
      Limits.unicode("cursor", cursor);
    }
    if (maxTokens != null) {
      Limits.count("maxTokens", maxTokens, 1, Integer.MAX_VALUE);
    }
    if (vector != null) {
      Limits.vector("vector", vector);
      vector = vector.clone();
    }
  }

  public static Query of(String text) {
    return new Query(text, 10, Filter.ALL, AsOf.NOW, null, false, true, null, null, 0);
  }

  public Query limit(int limit) {
    return new Query(
        text, limit, filter, asOf, maxTokens, explain, inherit, vector, cursor, neighbours);
  }

  public Query filter(Filter filter) {
    return new Query(
        text, limit, filter, asOf, maxTokens, explain, inherit, vector, cursor, neighbours);
  }

  public Query asOf(AsOf asOf) {
    return new Query(
        text, limit, filter, asOf, maxTokens, explain, inherit, vector, cursor, neighbours);
  }

  public Query maxTokens(@Nullable Integer maxTokens) {
    return new Query(
        text, limit, filter, asOf, maxTokens, explain, inherit, vector, cursor, neighbours);
  }

  public Query explain(boolean explain) {
    return new Query(
        text, limit, filter, asOf, maxTokens, explain, inherit, vector, cursor, neighbours);
  }

  /// Whether ancestors of the scope and `global` are asked too.
  public Query inherit(boolean inherit) {
    return new Query(
        text, limit, filter, asOf, maxTokens, explain, inherit, vector, cursor, neighbours);
  }

  /// The question as the caller's own model sees it: for memories whose vectors were given.
  public Query vector(float @Nullable [] vector) {
    return new Query(
        text, limit, filter, asOf, maxTokens, explain, inherit, vector, cursor, neighbours);
  }

  /// The page after the one whose answer gave the cursor. All of the question but its limits must
  /// be the same.
  public Query after(@Nullable String cursor) {
    return new Query(
        text, limit, filter, asOf, maxTokens, explain, inherit, vector, cursor, neighbours);
  }

  /// How many turns of the same session to give before and after each hit that is a turn.
  public Query neighbours(int neighbours) {
    return new Query(
        text, limit, filter, asOf, maxTokens, explain, inherit, vector, cursor, neighbours);
  }
}
