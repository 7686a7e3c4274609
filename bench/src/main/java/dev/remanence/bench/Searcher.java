package dev.remanence.bench;

import dev.remanence.bench.RecallData.Question;
import dev.remanence.bench.RecallData.Tag;
import java.io.IOException;

/// Something that holds memories and finds the best ten for a question. One thread.
interface Searcher extends AutoCloseable {
  int LIMIT = 10;

  /// What a question is answered by.
  enum Leg {
    RECALL("words and vectors"),
    MEANING("vectors alone"),
    WORDS("words alone");

    final String words;

    Leg(String words) {
      this.words = words;
    }
  }

  boolean has(Leg leg);

  /// Takes in what it does not hold yet.
  void load(RecallData data, Progress progress) throws Exception;

  /// The numbers of the best, best first, with what a caller is shown of them in hand.
  long[] find(Leg leg, Question question, Tag tag) throws Exception;

  /// Takes in one more, which the next question finds.
  void insert(RecallData data, long number, String text) throws Exception;

  /// How many candidates a search for vectors may look at, least first; none where there is nothing
  /// to choose.
  default int[] depths() {
    return new int[0];
  }

  default void depth(int candidates) {}

  @Override
  void close() throws IOException;
}
