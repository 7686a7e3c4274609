package dev.remanence.recall;

import dev.remanence.image.Documents;
import dev.remanence.image.VectorQuery;
import dev.remanence.image.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds what is near to a vector, whatever its words.
public final class Nearness {
  private Nearness() {}

  /// A row that is near.
  ///
  /// @param source the number of the scope among those asked
  public record Near(int source, int row, double cosine) {}

  /// The rows whose cosine to one of the vectors is at least a threshold, nearest first. A content
  /// is as near as its nearest piece.
  ///
  /// @param vectors of length 1, by model; several pieces of one text each find their own
  public static List<Near> rank(
      Map<String, List<float[]>> vectors, List<Ranking.Asked> scopes, double threshold, int limit) {
    var near = new ArrayList<Near>();
    for (int source = 0; source < scopes.size(); source++) {
      var scope = scopes.get(source);
      var nearest = new HashMap<Integer, Double>();
      var eligible = scope.scan().eligible();
      for (var known : scope.scan().vectors()) {
        for (var vector : vectors.getOrDefault(known.model(), List.of())) {
          if (vector.length == known.codes().dimension() && known.count() > 0) {
            collect(scope, known, vector, eligible, threshold, limit, nearest);
          }
        }
      }
      int number = source;
      nearest.forEach((content, cosine) -> {
        int row = scope.scan().rowOf(content);
        if (row >= 0) {
          near.add(new Near(number, row, cosine));
        }
      });
    }
    near.sort(
        Comparator.comparingDouble(Near::cosine)
            .reversed()
            .thenComparingInt(Near::source)
            .thenComparing(Comparator.comparingInt(Near::row).reversed()));
    return List.copyOf(near.subList(0, Math.min(limit, near.size())));
  }

  private static void collect(
      Ranking.Asked scope,
      View.Vectors known,
      float[] vector,
      @Nullable Documents eligible,
      double threshold,
      int limit,
      Map<Integer, Double> nearest) {
    var words = scope.scan().words();
    // Several pieces of one content may be among them.
    var query =
        VectorQuery.nearest(vector, 2 * limit)
            .filter(piece -> eligible == null ? words.isCurrent(piece) : eligible.contains(piece));
    var found = known.codes().similar(query, known.count(), (float) threshold);
    var cosines = known.codes().cosines(vector);
    for (int piece : found.rows()) {
      // It may have been named for a vector that it had before.
      int ordinal = known.ordinal(piece);
      double cosine = ordinal < 0 ? Double.NEGATIVE_INFINITY : cosines.of(ordinal);
      if (cosine >= threshold) {
        nearest.merge(scope.view().contentOfPiece(piece), cosine, Math::max);
      }
    }
  }
}
