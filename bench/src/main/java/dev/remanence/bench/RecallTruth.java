package dev.remanence.bench;

import dev.remanence.bench.RecallData.Question;
import dev.remanence.bench.RecallData.Tag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What the vector leg should find, by comparing questions with all vectors: the cosine that the
/// tenth best memory has, by tag. Kept in a file of lines of numbers.
@SuppressWarnings("EnumOrdinal") // Columns of the file are in the order of the tags.
final class RecallTruth {
  private static final float ROUNDING = 1e-5f;

  private final float[][] tenth;
  private final RecallData data;
  private final List<Question> questions;

  private RecallTruth(RecallData data, List<Question> questions, float[][] tenth) {
    this.data = data;
    this.questions = questions;
    this.tenth = tenth;
  }

  static RecallTruth of(RecallData data, int asked, Path file) throws IOException {
    var questions = data.questions(asked);
    if (!Files.exists(file)) {
      var partial = file.resolveSibling(file.getFileName() + ".partial");
      Files.write(partial, lines(compute(data, questions)));
      Files.move(partial, file);
    }
    var lines = Files.readAllLines(file);
    var tenth = new float[lines.size()][Tag.values().length];
    for (int i = 0; i < tenth.length; i++) {
      var numbers = lines.get(i).split(" ", -1);
      for (int tag = 0; tag < numbers.length; tag++) {
        tenth[i][tag] = Float.parseFloat(numbers[tag]);
      }
    }
    return new RecallTruth(data, questions, tenth);
  }

  private static List<String> lines(float[][][] best) {
    var lines = new ArrayList<String>();
    for (var byTag : best) {
      var line = new ArrayList<String>();
      for (var cosines : byTag) {
        line.add(Float.toString(cosines[0]));
      }
      lines.add(String.join(" ", line));
    }
    return lines;
  }

  /// The ten best cosines, least first, by question and tag.
  private static float[][][] compute(RecallData data, List<Question> questions) {
    var best = new float[questions.size()][Tag.values().length][Searcher.LIMIT];
    for (var byTag : best) {
      for (var cosines : byTag) {
        Arrays.fill(cosines, -1);
      }
    }
    var progress = new Progress("truth", data.count());
    for (int number = 0; number < data.count(); number++) {
      var vector = data.vector(number);
      var tags = data.tags(number).stream().map(Tag::valueOf).toList();
      for (int i = 0; i < questions.size(); i++) {
        float cosine = VectorBench.dot(questions.get(i).vector(), vector);
        for (var tag : tags) {
          take(best[i][tag.ordinal()], cosine);
        }
      }
      progress.at(number);
    }
    return best;
  }

  private static void take(float[] best, float cosine) {
    if (cosine > best[0]) {
      int place = 1;
      while (place < best.length && best[place] < cosine) {
        best[place - 1] = best[place];
        place++;
      }
      best[place - 1] = cosine;
    }
  }

  /// The part of the ten nearest (or of all, where fewer have the tag) that a searcher finds, over
  /// the first so many questions.
  double found(Searcher searcher, Tag tag, int asked) throws Exception {
    long tagged = 0;
    for (int i = 0; i < data.count() && tagged < Searcher.LIMIT; i++) {
      tagged += data.tags(i).contains(tag.name()) ? 1 : 0;
    }
    long found = 0;
    for (int i = 0; i < asked; i++) {
      var question = questions.get(i);
      for (long number : searcher.find(Searcher.Leg.MEANING, question, tag)) {
        float cosine = VectorBench.dot(question.vector(), data.vector(number));
        found += cosine >= tenth[i][tag.ordinal()] - ROUNDING ? 1 : 0;
      }
    }
    return found / (double) (tagged * asked);
  }
}
