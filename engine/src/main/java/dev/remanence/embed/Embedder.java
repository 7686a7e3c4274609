package dev.remanence.embed;

import java.util.ArrayList;
import java.util.List;

/// Text to a vector of meaning: texts that mean the like lie near each other.
///
/// Vectors have unit length. They are compared only with vectors of the same [#model()]. A text
/// that is longer than the model can read counts with its beginning. Every embedder is safe for any
/// number of threads, virtual ones included, and loads what it needs at the first call rather than
/// when it is made.
///
/// Failures are of the sealed family: `Unavailable` where a library, a model or a server cannot be
/// used, `Timeout` where a server took too long, `StoreClosed` after [#close()].
public interface Embedder extends AutoCloseable {

  /// What tells this model's vectors from all others: name, revision, form of its numbers.
  String model();

  /// Numbers in a vector. Of a model behind a server it is known after the first vector, and 0
  /// before.
  int dimension();

  /// By how much the cosines of related and of unrelated texts differ at least. A smaller
  /// difference between two candidates says nothing.
  default double spread() {
    return 0.1;
  }

  /// The vector of a question. It goes before passages that wait.
  float[] embedQuery(String question);

  /// The vector of a text that questions are to find.
  float[] embedPassage(String text);

  /// The vectors of many texts, in their order, each the same as alone.
  default List<float[]> embedPassages(List<String> texts) {
    var vectors = new ArrayList<float[]>(texts.size());
    for (var text : texts) {
      vectors.add(embedPassage(text));
    }
    return vectors;
  }

  /// Waits for calls under way and gives back what was loaded. Calls after it are refused.
  @Override
  void close();
}
