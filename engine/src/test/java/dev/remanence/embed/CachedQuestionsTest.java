package dev.remanence.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CachedQuestionsTest {
  private final Counting embedder = new Counting();
  private final CachedQuestions questions = new CachedQuestions(embedder, 2);

  @Test
  void vector_askedAgain_isNotComputed() {
    var first = questions.vector("a");
    var again = questions.vector("a");

    assertThat(again).isEqualTo(first);
    assertThat(embedder.asked).containsExactly("a");
  }

  @Test
  void vector_changedByItsCaller_staysRightForOthers() {
    questions.vector("a")[0] = 99;
    questions.vector("a")[0] = 99;
    assertThat(questions.vector("a")).isEqualTo(new float[] {1});
  }

  @Test
  void vector_beyondTheBound_leastRecentlyAskedGoes() {
    for (var question : List.of("a", "b", "a", "c", "a", "b")) {
      questions.vector(question);
    }
    assertThat(embedder.asked).containsExactly("a", "b", "c", "b");
  }

  @Test
  void vector_longQuestion_isNotKept() {
    var question = "x".repeat(2001);
    questions.vector(question);
    questions.vector(question);
    assertThat(embedder.asked).hasSize(2);
  }

  @Test
  void clear_forgets() {
    questions.vector("a");
    questions.clear();
    questions.vector("a");
    assertThat(embedder.asked).hasSize(2);
  }

  /// Notes what it is asked.
  private static final class Counting implements Embedder {
    final List<String> asked = new ArrayList<>();

    @Override
    public String model() {
      return "counting";
    }

    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public float[] embedQuery(String question) {
      asked.add(question);
      return new float[] {1};
    }

    @Override
    public float[] embedPassage(String text) {
      throw new AssertionError("a question is no passage");
    }

    @Override
    public void close() {}
  }
}
