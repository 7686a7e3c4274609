package dev.remanence.embed;

import dev.remanence.unpack.Unpacked;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// Makes the static table out of a model, when the engine is built.
///
/// 1. Every piece of the vocabulary goes through the network alone.
/// 2. The vectors are turned to the axes in which they differ most, and cut to the first of them.
/// 3. Frequent pieces shrink (SIF): a piece of probability p counts with a / (a + p). The
///    vocabulary is ordered by frequency, so p follows from the place by Zipf's law.
/// 4. The numbers become bytes, with a scale a row.
///
/// One text a call and arithmetic in one order: on one kind of processor the same inputs give the
/// same bytes. On another kind the network's 8-bit kernels may round differently, which is why a
/// table's own hash is part of its model's name.
///
/// A table that was made by the same recipe from the same model is left as it is.
final class Distillation {
  private static final Model SOURCE = Model.MINILM;
  static final int DIMENSION = 256;
  private static final double WEIGHT = 1e-3;
  private static final int RECIPE = 1;

  /// The place of the exclamation mark, before which stand special and unused pieces only.
  private static final int FIRST_PIECE = 999;

  private static final int ASCII = 0x80;

  private Distillation() {}

  /// Makes the table unless it is there.
  ///
  /// @param arguments where the table shall lie, and a directory for what must be unpacked
  public static void main(String[] arguments) throws IOException {
    var table = Path.of(arguments[0]);
    if (!isCurrent(table)) {
      int threads = Runtime.getRuntime().availableProcessors();
      try (var model = new OnnxEmbedder(SOURCE, new Unpacked(Path.of(arguments[1])), threads)) {
        write(distil(model, threads), table);
      }
    }
  }

  private static boolean isCurrent(Path table) throws IOException {
    if (!Files.isRegularFile(table)) {
      return false;
    }
    try (var in = Files.newInputStream(table)) {
      return Arrays.equals(StaticTable.readStamp(in), stamp());
    }
  }

  /// What decides the table's bytes, processors aside.
  private static byte[] stamp() {
    var recipe =
        String.join(
            " ",
            String.valueOf(RECIPE),
            SOURCE.sha256(),
            SOURCE.tokenizerSha256(),
            String.valueOf(DIMENSION),
            String.valueOf(WEIGHT));
    return Unpacked.newSha256().digest(recipe.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(StaticTable table, Path file) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    var fresh = file.resolveSibling(file.getFileName() + ".part");
    try (var out = Files.newOutputStream(fresh)) {
      table.write(out, stamp());
    }
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static StaticTable distil(OnnxEmbedder model, int threads) {
    var loaded = model.load();
    var pieces = loaded.wordPiece().pieces();
    int[] used =
        IntStream.range(0, pieces.size())
            .filter(id -> !pieces.get(id).startsWith("[unused"))
            .toArray();
    var cloud = vectors(loaded, used, threads);
    var axes = PrincipalAxes.of(cloud, DIMENSION);
    var probability = probabilities(pieces, used);
    var rows = new float[pieces.size()][DIMENSION];
    for (int i = 0; i < used.length; i++) {
      rows[used[i]] = axes.along(cloud[i], WEIGHT / (WEIGHT + probability[i]));
    }
    return StaticTable.of(pieces, rows);
  }

  private static float[][] vectors(OnnxEmbedder.Loaded model, int[] used, int threads) {
    var vectors = new float[used.length][];
    try (var workers = Executors.newFixedThreadPool(threads)) {
      var done = new ArrayList<Future<?>>();
      for (int worker = 0; worker < threads; worker++) {
        int first = worker;
        done.add(
            workers.submit(() -> {
              for (int i = first; i < used.length; i += threads) {
                vectors[i] = vector(model, used[i]);
              }
            }));
      }
      for (var each : done) {
        each.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("the distillation was broken off", e);
    }
    return vectors;
  }

  private static float[] vector(OnnxEmbedder.Loaded model, int piece) {
    var words = model.wordPiece();
    return model.session().vector(new int[] {words.cls(), piece, words.sep()});
  }

  /// By Zipf's law over the places, those of single characters beyond ASCII, which the vocabulary
  /// lists before its words, put last.
  private static double[] probabilities(List<String> pieces, int[] used) {
    var order =
        IntStream.range(0, used.length)
            .boxed()
            .sorted(
                Comparator.comparing((Integer i) -> isRare(pieces.get(used[i]), used[i]))
                    .thenComparing(i -> i))
            .toList();
    var probabilities = new double[used.length];
    double sum = 0;
    for (int place = 0; place < order.size(); place++) {
      double share = 1.0 / (place + 2);
      probabilities[order.get(place)] = share;
      sum += share;
    }
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] /= sum;
    }
    return probabilities;
  }

  private static boolean isRare(String piece, int id) {
    return id < FIRST_PIECE
        || (piece.codePointCount(0, piece.length()) == 1 && piece.charAt(0) >= ASCII);
  }
}
