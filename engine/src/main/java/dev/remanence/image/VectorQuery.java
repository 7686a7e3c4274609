package dev.remanence.image;

import org.jspecify.annotations.Nullable;

/// A question to [VectorCodes]: which vectors are nearest to this one, among the rows that pass, by
/// cosine plus prior.
///
/// @param vector of length 1
/// @param limit how many are wanted
/// @param filter which rows may be answered
/// @param prior what is added to a row's cosine
/// @param depth how many are looked at more closely
/// @param exact where the vectors themselves are, or [Exact#NONE]
public record VectorQuery(
    float[] vector, int limit, RowFilter filter, RowPrior prior, Depth depth, Exact exact) {

  /// Says whether a row may be answered. Asked only of rows that would be kept.
  @FunctionalInterface
  public interface RowFilter {
    RowFilter ALL = row -> true;

    boolean passes(int row);
  }

  /// What a row's cosine is raised by.
  public interface RowPrior {
    RowPrior NONE =
        new RowPrior() {
          @Override
          public float of(int row) {
            return 0;
          }

          @Override
          public float most() {
            return 0;
          }
        };

    float of(int row);

    /// No row's prior is larger. The nearer this is to the truth, the fewer rows are looked at.
    float most();
  }

  /// Finds the vector of an ordinal as it was given, or null; then its code speaks for it.
  @FunctionalInterface
  public interface Exact {
    Exact NONE = ordinal -> null;

    float @Nullable [] vector(int ordinal);
  }

  /// How many of the best by one measure are measured again by the next, sharper one.
  ///
  /// @param candidates by their signs, rescored by their int8 rows
  /// @param finalists by their int8 rows, rescored by their own vectors
  public record Depth(int candidates, int finalists) {
    private static final int CANDIDATES = 400;
    private static final int FINALISTS = 30;

    /// What finds 0.994 and more of the nearest ten of tens of thousands of texts, embedded by e5.
    public static Depth of(int limit) {
      return new Depth(Math.max(CANDIDATES, 8 * limit), Math.max(FINALISTS, limit + limit / 2));
    }
  }

  public VectorQuery {
    if (limit < 1 || depth.candidates < limit || depth.finalists < limit) {
      throw new IllegalArgumentException("vector query: limit=" + limit + ", depth=" + depth);
    }
  }

  /// The nearest of all rows, by cosine alone.
  public static VectorQuery nearest(float[] vector, int limit) {
    return new VectorQuery(
        vector, limit, RowFilter.ALL, RowPrior.NONE, Depth.of(limit), Exact.NONE);
  }

  public VectorQuery filter(RowFilter other) {
    return new VectorQuery(vector, limit, other, prior, depth, exact);
  }

  public VectorQuery prior(RowPrior other) {
    return new VectorQuery(vector, limit, filter, other, depth, exact);
  }

  public VectorQuery depth(Depth other) {
    return new VectorQuery(vector, limit, filter, prior, other, exact);
  }

  public VectorQuery exact(Exact other) {
    return new VectorQuery(vector, limit, filter, prior, depth, other);
  }
}
