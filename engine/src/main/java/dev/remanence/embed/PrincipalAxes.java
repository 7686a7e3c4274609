package dev.remanence.embed;

import java.util.stream.IntStream;

/// The directions in which a cloud of vectors is widest, widest first. Plain Java arithmetic in one
/// order, so the same cloud gives the same bits anywhere.
///
/// The eigenvectors of the covariance, by Jacobi's method in cyclic order: each rotation empties
/// one place beside the diagonal; what is left there shrinks quadratically from sweep to sweep.
final class PrincipalAxes {
  private static final int SWEEPS_MAX = 30;
  private static final double REST_MAX = 1e-20;

  private final double[] mean;
  private final double[][] axes;

  private PrincipalAxes(double[] mean, double[][] axes) {
    this.mean = mean;
    this.axes = axes;
  }

  static PrincipalAxes of(float[][] cloud, int count) {
    int size = cloud[0].length;
    var mean = new double[size];
    for (var vector : cloud) {
      for (int i = 0; i < size; i++) {
        mean[i] += vector[i] / cloud.length;
      }
    }
    var spread = covariance(cloud, mean);
    var vectors = diagonalized(spread);
    var order =
        IntStream.range(0, size)
            .boxed()
            .sorted((a, b) -> Double.compare(spread[b][b], spread[a][a]))
            .mapToInt(Integer::intValue)
            .toArray();
    var axes = new double[count][];
    for (int i = 0; i < count; i++) {
      axes[i] = upright(vectors[order[i]]);
    }
    return new PrincipalAxes(mean, axes);
  }

  /// An axis has two directions; the one in which its largest part is positive is taken.
  private static double[] upright(double[] axis) {
    double largest = 0;
    for (double each : axis) {
      largest = Math.abs(each) > Math.abs(largest) ? each : largest;
    }
    if (largest < 0) {
      for (int i = 0; i < axis.length; i++) {
        axis[i] = -axis[i];
      }
    }
    return axis;
  }

  private static double[][] covariance(float[][] cloud, double[] mean) {
    int size = mean.length;
    var sums = new double[size][size];
    var off = new double[size];
    for (var vector : cloud) {
      for (int i = 0; i < size; i++) {
        off[i] = vector[i] - mean[i];
      }
      for (int i = 0; i < size; i++) {
        var row = sums[i];
        double factor = off[i] / cloud.length;
        for (int j = i; j < size; j++) {
          row[j] += factor * off[j];
        }
      }
    }
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < i; j++) {
        sums[i][j] = sums[j][i];
      }
    }
    return sums;
  }

  /// Leaves the eigenvalues on the diagonal of a symmetric matrix; answers the eigenvectors, a row
  /// each.
  private static double[][] diagonalized(double[][] matrix) {
    int size = matrix.length;
    var vectors = new double[size][size];
    for (int i = 0; i < size; i++) {
      vectors[i][i] = 1;
    }
    double whole = sumOfSquares(matrix, true);
    for (int sweep = 0;
        sweep < SWEEPS_MAX && sumOfSquares(matrix, false) > REST_MAX * whole;
        sweep++) {
      for (int p = 0; p < size; p++) {
        for (int q = p + 1; q < size; q++) {
          rotate(matrix, vectors, p, q);
        }
      }
    }
    return vectors;
  }

  private static double sumOfSquares(double[][] matrix, boolean withDiagonal) {
    double sum = 0;
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix.length; j++) {
        sum += withDiagonal || i != j ? matrix[i][j] * matrix[i][j] : 0;
      }
    }
    return sum;
  }

  private static void rotate(double[][] matrix, double[][] vectors, int p, int q) {
    if (matrix[p][q] == 0) {
      return;
    }
    double theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]);
    double tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double cosine = 1 / Math.sqrt(tangent * tangent + 1);
    double sine = tangent * cosine;
    for (var row : matrix) {
      double atP = row[p];
      double atQ = row[q];
      row[p] = cosine * atP - sine * atQ;
      row[q] = sine * atP + cosine * atQ;
    }
    rotateRows(matrix[p], matrix[q], cosine, sine);
    rotateRows(vectors[p], vectors[q], cosine, sine);
  }

  private static void rotateRows(double[] rowP, double[] rowQ, double cosine, double sine) {
    for (int i = 0; i < rowP.length; i++) {
      double atP = rowP[i];
      double atQ = rowQ[i];
      rowP[i] = cosine * atP - sine * atQ;
      rowQ[i] = sine * atP + cosine * atQ;
    }
  }

  /// A vector as seen along the axes, times a factor.
  float[] along(float[] vector, double factor) {
    var seen = new float[axes.length];
    for (int axis = 0; axis < axes.length; axis++) {
      double sum = 0;
      for (int i = 0; i < vector.length; i++) {
        sum += axes[axis][i] * (vector[i] - mean[i]);
      }
      seen[axis] = (float) (sum * factor);
    }
    return seen;
  }
}
