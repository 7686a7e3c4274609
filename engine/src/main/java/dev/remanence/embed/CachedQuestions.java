package dev.remanence.embed;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The vectors of the questions asked last: a question that comes again is not computed again.
///
/// Holds what users asked, in memory only; [#clear()] forgets it. Long questions are not kept, so
/// the cache is bounded in bytes as well. Safe for any thread.
public final class CachedQuestions {
  private static final int QUESTION_CHARS_MAX = 2000;

  private final Embedder embedder;

  /// Least recently asked first. Guarded by the monitor.
  private final Map<String, float[]> vectors;

  public CachedQuestions(Embedder embedder, int questionsMax) {
    this.embedder = embedder;
    vectors =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
            return size() > questionsMax;
          }
        };
  }

  /// A question's vector, the caller's own to change.
  public float[] vector(String question) {
    var known = find(question);
    if (known != null) {
      return known.clone();
    }
    var vector = embedder.embedQuery(question);
    if (question.length() <= QUESTION_CHARS_MAX) {
      keep(question, vector.clone());
    }
    return vector;
  }

  private synchronized float @Nullable [] find(String question) {
    return vectors.get(question);
  }

  private synchronized void keep(String question, float[] vector) {
    vectors.put(question, vector);
  }

  /// Forgets all questions.
  public synchronized void clear() {
    vectors.clear();
  }
}
