package dev.remanence;

import dev.remanence.RemanenceException.InvalidInput;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A question for `similar`: what is near to a memory, a text or a vector, one of the three.
///
/// Nearness is the cosine of two vectors of the same model, from -1 to 1. What counts as near
/// differs from model to model: docs/embedding.md has figures.
///
/// @param threshold the least cosine
public record Similar(
    @Nullable UUID id,
    @Nullable String text,
    float @Nullable [] vector,
    double threshold,
    int limit,
    Filter filter,
    boolean inherit) {

  public Similar {
    int given = (id == null ? 0 : 1) + (text == null ? 0 : 1) + (vector == null ? 0 : 1);
    if (given != 1) {
      throw new InvalidInput(
          "one of id, text and vector is required; found " + given, "field", "id");
    }
    if (text != null) {
      Limits.content("text", text);
    }
    if (vector != null) {
      Limits.vector("vector", vector);
      vector = vector.clone();
    }
    if (!(threshold >= -1 && threshold <= 1)) {
      throw new InvalidInput(
          "a threshold lies from -1 to 1; found " + threshold, "field", "threshold");
    }
    Limits.count("limit", limit, 1, Limits.PAGE_MAX);
  }

  public static Similar to(UUID id) {
    return new Similar(id, null, null, 0, 10, Filter.ALL, false);
  }

  public static Similar to(String text) {
    return new Similar(null, text, null, 0, 10, Filter.ALL, false);
  }

  public static Similar to(float[] vector) {
    return new Similar(null, null, vector, 0, 10, Filter.ALL, false);
  }

  public Similar threshold(double threshold) {
    return new Similar(id, text, vector, threshold, limit, filter, inherit);
  }

  public Similar limit(int limit) {
    return new Similar(id, text, vector, threshold, limit, filter, inherit);
  }

  public Similar filter(Filter filter) {
    return new Similar(id, text, vector, threshold, limit, filter, inherit);
  }

  /// Whether ancestors of the scope and `global` are asked too.
  public Similar inherit(boolean inherit) {
    return new Similar(id, text, vector, threshold, limit, filter, inherit);
  }
}
