package dev.remanence.embed;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;

/// Makes one vector in a process of its own and says by which model.
final class FirstVector {
  private FirstVector() {}

  public static void main(String[] arguments) {
    var setting = arguments[0];
    var directory = Path.of(arguments[1]);
    try (var embedder = Objects.requireNonNull(Embedders.open(setting, directory, new Random(1)))) {
      var vector = embedder.embedQuery("Is anybody there?");
      embedder.embedQuery("And now?");
      System.out.println(embedder.model() + " " + vector.length);
    }
  }
}
