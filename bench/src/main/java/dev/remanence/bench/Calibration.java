package dev.remanence.bench;

import dev.remanence.Json;
import dev.remanence.embed.Embedder;
import dev.remanence.embed.Embedders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// From which cosine on are two texts near, by each model?
///
/// Takes turns of conversations in the form of LoCoMo and prints the cosines of pairs that have
/// nothing to do with each other (turns of two conversations), and of a turn and nearly the same
/// turn (one word in eight is left out). A threshold between the two is right for `similar`.
///
/// Run by `bench/quality calibrate FILE [SETTING…]`; prints only.
final class Calibration {
  private static final int TURNS = 300;
  private static final int PAIRS = 20_000;
  private static final int LEFT_OUT = 8;
  private static final int CHARS_MIN = 60;

  private Calibration() {}

  /// A turn's text and the conversation that it is of.
  private record Turn(int conversation, String text) {}

  public static void main(String[] arguments) throws IOException {
    var random = new SplittableRandom(1);
    var turns = turns(Path.of(arguments[0]), random);
    var settings =
        arguments.length > 1
            ? List.of(arguments).subList(1, arguments.length)
            : List.of("e5-small-v2", "static");
    System.out.printf(
        "%d turns%n%-12s %9s %9s %9s %12s %12s%n",
        turns.size(), "model", "apart 50%", "99%", "99.9%", "alike 10%", "alike 50%");
    for (var setting : settings) {
      try (var embedder = Objects.requireNonNull(Embedders.open(setting, null, random))) {
        print(setting, turns, embedder, random);
      }
    }
  }

  private static List<Turn> turns(Path file, SplittableRandom random) throws IOException {
    var conversations = (Json.Arr) Json.parse(Files.readString(file, StandardCharsets.UTF_8));
    var all = new ArrayList<Turn>();
    for (int i = 0; i < conversations.items().size(); i++) {
      var conversation =
          (Json.Obj)
              Objects.requireNonNull(((Json.Obj) conversations.items().get(i)).get("conversation"));
      for (int session = 1; conversation.array("session_" + session) != null; session++) {
        for (var item : Objects.requireNonNull(conversation.array("session_" + session)).items()) {
          var text = ((Json.Obj) item).string("text");
          if (text != null && text.length() >= CHARS_MIN) {
            all.add(new Turn(i, ((Json.Obj) item).string("speaker") + ": " + text));
          }
        }
      }
    }
    var chosen = new ArrayList<Turn>();
    while (chosen.size() < TURNS && !all.isEmpty()) {
      chosen.add(all.remove(random.nextInt(all.size())));
    }
    return chosen;
  }

  private static void print(
      String setting, List<Turn> turns, Embedder embedder, SplittableRandom random) {
    var vectors = embedder.embedPassages(turns.stream().map(Turn::text).toList());
    var nearly =
        embedder.embedPassages(
            turns.stream()
                .map(turn ->
                    Arrays.stream(turn.text.split(" "))
                        .filter(_ -> random.nextInt(LEFT_OUT) > 0)
                        .collect(Collectors.joining(" ")))
                .toList());
    var alike = new double[turns.size()];
    for (int i = 0; i < alike.length; i++) {
      alike[i] = cosine(vectors.get(i), nearly.get(i));
    }
    var apart = new ArrayList<Double>();
    boolean several = turns.stream().mapToInt(Turn::conversation).distinct().count() > 1;
    while (apart.size() < PAIRS) {
      int one = random.nextInt(turns.size());
      int other = random.nextInt(turns.size());
      if (several ? turns.get(one).conversation != turns.get(other).conversation : one != other) {
        apart.add(cosine(vectors.get(one), vectors.get(other)));
      }
    }
    var unrelated = apart.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    Arrays.sort(alike);
    System.out.printf(
        Locale.ROOT,
        "%-12s %9.3f %9.3f %9.3f %12.3f %12.3f%n",
        setting,
        unrelated[PAIRS / 2],
        unrelated[PAIRS * 99 / 100],
        unrelated[PAIRS * 999 / 1000],
        alike[alike.length / 10],
        alike[alike.length / 2]);
  }

  private static double cosine(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (double) one[i] * other[i];
    }
    return sum;
  }
}
