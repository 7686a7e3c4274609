package dev.remanence.bench;

import dev.remanence.Draft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One memory of the made-up data, the same for both stores.
///
/// The text is 400 to 800 bytes of words drawn by Zipf's law (the n-th word 1/n as often as the
/// first) from 20 000: common English ones first, then made of syllables. It has neither grammar
/// nor topics, so real text packs better. The vector is 384 random floats, which do not pack.
///
/// @param number makes the text unique and orders the memories in time, a second apart
record Sample(
    long number, @Nullable String key, String text, List<String> tags, float @Nullable [] vector) {
  static final String SCOPE = "bench/all";
  static final int DIMENSIONS = 384;

  private static final long EPOCH_MILLIS = 1_700_000_000_000L;
  private static final int VOCABULARY = 20_000;
  private static final String[] COMMON =
      """
      the of and to in is that it was for on are with as be at one have this from or had by hot but
      some what there we can out other were all your when up use word how said an each she which do
      their time if will way about many then them would write like so these her long make thing see
      him two has look more day could go come did my sound no most number who over know water than
      call first people may down side been now find any new work part take get place made live where
      after back little only\
      """
          .split("\\s+", -1);
  private static final String[] SYLLABLES =
      "ka to me ri sa lo ne vi du ba re st an or en ti al ch pe mo".split(" ", -1);
  private static final Set<String> IS_COMMON = Set.copyOf(Arrays.asList(COMMON));
  private static final String[] WORDS = words();
  private static final double[] WEIGHTS = weights();

  private static String[] words() {
    var random = new SplittableRandom(7);
    var words = new ArrayList<>(List.of(COMMON));
    while (words.size() < VOCABULARY) {
      var word = new StringBuilder();
      for (int left = 2 + random.nextInt(3); left > 0; left--) {
        word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
      }
      words.add(word.toString());
    }
    return words.toArray(String[]::new);
  }

  private static double[] weights() {
    var sums = new double[VOCABULARY];
    double sum = 0;
    for (int i = 0; i < VOCABULARY; i++) {
      sum += 1.0 / (i + 1);
      sums[i] = sum;
    }
    return sums;
  }

  /// The n-th memory; every second one has a key.
  static Sample of(long number, boolean withVector) {
    var random = new SplittableRandom(number);
    return new Sample(
        number,
        number % 2 == 0 ? "key-" + number : null,
        text(random),
        List.of("a" + random.nextInt(50), "b" + random.nextInt(50)),
        withVector ? vector(random) : null);
  }

  /// The same content under another number, which is cheap enough to do while a clock runs.
  Sample numbered(long other) {
    return new Sample(other, null, other + " " + text, tags, vector);
  }

  private static String text(SplittableRandom random) {
    return text(random, 400 + random.nextInt(400));
  }

  /// Words by Zipf's law, in sentences, until there are so many characters.
  static String text(SplittableRandom random, int length) {
    var text = new StringBuilder(length + 20);
    while (text.length() < length) {
      int found = Arrays.binarySearch(WEIGHTS, random.nextDouble() * WEIGHTS[VOCABULARY - 1]);
      text.append(WORDS[Math.min(found < 0 ? -found - 1 : found, VOCABULARY - 1)])
          .append(random.nextInt(12) == 0 ? ". " : " ");
    }
    return text.toString();
  }

  /// Whether it is one of the commonest words, by which nobody would search.
  static boolean isCommon(String word) {
    return IS_COMMON.contains(word);
  }

  private static float[] vector(SplittableRandom random) {
    var vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) (random.nextDouble() - 0.5);
    }
    return vector;
  }

  static Instant time(long number) {
    return Instant.ofEpochMilli(EPOCH_MILLIS + number * 1000);
  }

  Instant at() {
    return time(number);
  }

  Draft draft() {
    return Draft.of(text).key(key).at(at()).tags(tags).vector(vector);
  }
}
