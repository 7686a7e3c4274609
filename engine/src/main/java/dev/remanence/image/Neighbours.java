package dev.remanence.image;

/// What a search found, best first; equal scores by ordinal.
///
/// @param ordinals of the vectors
/// @param rows of the scope's columns
/// @param cosines to the query
/// @param scores cosine plus prior
public record Neighbours(int[] ordinals, int[] rows, float[] cosines, float[] scores) {
  public int size() {
    return ordinals.length;
  }
}
