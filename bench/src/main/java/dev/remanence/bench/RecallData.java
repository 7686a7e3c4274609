package dev.remanence.bench;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Made-up memories and questions for measuring recall: all follows from their number and how many
/// there are.
///
/// A text is 195 characters of words by Zipf's law, as in [Sample]. A vector is what a text
/// embedder's look like: all lie in one narrow cone (two at random have a cosine of about 0.64), a
/// hundred or so share a topic (0.84), and what varies lies mostly in few directions, which no axis
/// follows. It is the sum of a common direction, a topic's and its own, the latter two drawn with
/// falling variance, turned by a random rotation, and brought to length 1. Words and topics have
/// nothing to do with each other, which real ones have.
final class RecallData {
  static final int DIMENSIONS = 384;
  static final int TEXT_CHARS = 195;

  /// A tag and the part of the memories that have it, at random.
  enum Tag {
    ALL(1),
    TENTH(0.1),
    HUNDREDTH(0.01),
    THOUSANDTH(0.001);

    final double share;

    Tag(double share) {
      this.share = share;
    }

    /// As people write it.
    String percent() {
      return share * 100 < 1 ? "0.1 %" : Math.round(share * 100) + " %";
    }
  }

  /// Words to look for and the vector of the same.
  record Question(String text, float[] vector) {}

  private static final int BLOCK = 128;
  private static final int A_TOPIC = 100;
  private static final int A_SESSION = 20;
  private static final double COMMON_SHARE = 0.8;
  private static final double TOPIC_SHARE = 0.45;
  private static final double OWN_SHARE = 0.4;
  private static final double SPREAD = 24;

  private final int count;
  private final double[] deviations = new double[DIMENSIONS];
  private final Rotation rotation = new Rotation(new SplittableRandom(3));
  private final float[] common;

  RecallData(int count) {
    this.count = count;
    double sum = 0;
    for (int i = 0; i < DIMENSIONS; i++) {
      deviations[i] = 1 / Math.sqrt(1 + i / SPREAD);
      sum += deviations[i] * deviations[i];
    }
    for (int i = 0; i < DIMENSIONS; i++) {
      deviations[i] /= Math.sqrt(sum);
    }
    common = new float[DIMENSIONS];
    var random = new SplittableRandom(4);
    for (int i = 0; i < DIMENSIONS; i++) {
      common[i] = (float) (random.nextGaussian() / Math.sqrt(DIMENSIONS));
    }
  }

  int count() {
    return count;
  }

  private static SplittableRandom random(String of, long number) {
    return new SplittableRandom(of.hashCode() * 0x9E3779B97F4A7C15L + number);
  }

  String text(long number) {
    return Sample.text(random("text", number), TEXT_CHARS);
  }

  /// The session that a memory is a turn of.
  String session(long number) {
    return "session-" + number / A_SESSION;
  }

  String speaker(long number) {
    return number % 2 == 0 ? "Ada" : "Ben";
  }

  List<String> tags(long number) {
    var random = random("tags", number);
    return Arrays.stream(Tag.values())
        .filter(tag -> random.nextDouble() < tag.share)
        .map(Tag::name)
        .toList();
  }

  float[] vector(long number) {
    var own = new double[DIMENSIONS];
    add(own, OWN_SHARE, random("own", number));
    return finish(own, topic(number));
  }

  private long topic(long number) {
    return random("topic of", number).nextInt(Math.max(10, count / A_TOPIC));
  }

  private void add(double[] vector, double share, SplittableRandom random) {
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] += share * deviations[i] * random.nextGaussian();
    }
  }

  private float[] finish(double[] own, long topic) {
    add(own, TOPIC_SHARE, random("topic", topic));
    rotation.apply(own);
    var vector = new float[DIMENSIONS];
    double square = 0;
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) (COMMON_SHARE * common[i] + own[i]);
      square += (double) vector[i] * vector[i];
    }
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) (vector[i] / Math.sqrt(square));
    }
    return vector;
  }

  /// Three to six of the rarer words of one memory, and a vector near to that of another.
  Question question(int number) {
    var random = random("question", number);
    var words =
        Arrays.stream(text(random.nextInt(count)).split("[ .]+", -1))
            .filter(word -> !word.isEmpty() && !Sample.isCommon(word))
            .distinct()
            .limit(3 + random.nextInt(4))
            .toList();
    long near = random.nextInt(count);
    var own = new double[DIMENSIONS];
    add(own, OWN_SHARE * Math.sqrt(0.5), random("own", near));
    add(own, OWN_SHARE * Math.sqrt(0.5), random);
    return new Question(String.join(" ", words), finish(own, topic(near)));
  }

  List<Question> questions(int asked) {
    return IntStream.range(0, asked).mapToObj(this::question).toList();
  }

  /// Mixes all numbers of a vector and keeps its length: twice over, signs flip, places change, and
  /// each block is turned by Walsh and Hadamard's matrix.
  private static final class Rotation {
    private static final int ROUNDS = 2;

    private final double[][] signs = new double[ROUNDS][DIMENSIONS];
    private final int[][] places = new int[ROUNDS][DIMENSIONS];

    Rotation(SplittableRandom random) {
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < DIMENSIONS; i++) {
          signs[round][i] = random.nextBoolean() ? 1 : -1;
          int other = random.nextInt(i + 1);
          places[round][i] = places[round][other];
          places[round][other] = i;
        }
      }
    }

    void apply(double[] vector) {
      for (int round = 0; round < ROUNDS; round++) {
        var mixed = new double[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
          mixed[i] = vector[places[round][i]] * signs[round][i];
        }
        for (int block = 0; block < DIMENSIONS; block += BLOCK) {
          turn(mixed, block);
        }
        System.arraycopy(mixed, 0, vector, 0, DIMENSIONS);
      }
    }

    private static void turn(double[] vector, int from) {
      for (int half = 1; half < BLOCK; half *= 2) {
        for (int i = from; i < from + BLOCK; i += 2 * half) {
          for (int j = i; j < i + half; j++) {
            double sum = vector[j] + vector[j + half];
            vector[j + half] = vector[j] - vector[j + half];
            vector[j] = sum;
          }
        }
      }
      for (int i = from; i < from + BLOCK; i++) {
        vector[i] /= Math.sqrt(BLOCK);
      }
    }
  }
}
