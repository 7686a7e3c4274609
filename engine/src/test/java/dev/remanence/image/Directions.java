package dev.remanence.image;

import java.util.SplittableRandom;

/// Made-up vectors of length 1: around a few topics, which lie around one common direction, as the
/// vectors of a text embedder do.
final class Directions {
  private static final int TOPICS = 40;

  private final SplittableRandom random;
  private final int dimension;
  private final float[][] topics = new float[TOPICS][];

  Directions(SplittableRandom random, int dimension) {
    this.random = random;
    this.dimension = dimension;
    var common = any();
    for (int i = 0; i < TOPICS; i++) {
      topics[i] = near(common, 0.7f);
    }
  }

  float[] next() {
    return near(topics[random.nextInt(TOPICS)], 0.6f);
  }

  float[][] next(int count) {
    var directions = new float[count][];
    for (int i = 0; i < count; i++) {
      directions[i] = next();
    }
    return directions;
  }

  /// A direction with a part of chance of this length before it is made one again.
  float[] near(float[] other, float chance) {
    var direction = any();
    for (int i = 0; i < dimension; i++) {
      direction[i] = other[i] + chance * direction[i];
    }
    return unit(direction);
  }

  private float[] any() {
    var direction = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      direction[i] = (float) random.nextGaussian();
    }
    return unit(direction);
  }

  private static float[] unit(float[] vector) {
    float norm = (float) Math.sqrt(dot(vector, vector));
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= norm;
    }
    return vector;
  }

  static float dot(float[] one, float[] other) {
    float sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }
}
