package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import org.jspecify.annotations.Nullable;

/// A question for `recall`. With `maxTokens`, hits are cut where their estimated tokens (a quarter
/// of the characters, rounded up) would exceed it.
public record Query(
    String text,
    int limit,
    Filter filter,
    AsOf asOf,
    @Nullable Integer maxTokens,
    boolean explain,
    boolean inherit,
    float @Nullable [] vector) {

  public Query {
    Limits.text("query", text, Limits.QUERY_CHARS_MAX);
    Limits.count("limit", limit, 1, Limits.PAGE_MAX);
    if (!asOf.branch().equals(AsOf.MAIN)) {
      throw new InvalidInput("recall looks at the main branch", "field", "branch");
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
    return new Query(text, 10, Filter.ALL, AsOf.NOW, null, false, true, null);
  }

  public Query limit(int limit) {
    return new Query(text, limit, filter, asOf, maxTokens, explain, inherit, vector);
  }

  public Query filter(Filter filter) {
    return new Query(text, limit, filter, asOf, maxTokens, explain, inherit, vector);
  }

  public Query asOf(AsOf asOf) {
    return new Query(text, limit, filter, asOf, maxTokens, explain, inherit, vector);
  }

  public Query maxTokens(@Nullable Integer maxTokens) {
    return new Query(text, limit, filter, asOf, maxTokens, explain, inherit, vector);
  }

  public Query explain(boolean explain) {
    return new Query(text, limit, filter, asOf, maxTokens, explain, inherit, vector);
  }

  /// Whether ancestors of the scope and `global` are asked too.
  public Query inherit(boolean inherit) {
    return new Query(text, limit, filter, asOf, maxTokens, explain, inherit, vector);
  }

  /// The question as the caller's own model sees it: for memories whose vectors were given.
  public Query vector(float @Nullable [] vector) {
    return new Query(text, limit, filter, asOf, maxTokens, explain, inherit, vector);
  }
}
