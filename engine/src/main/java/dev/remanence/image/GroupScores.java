package dev.remanence.image;

import dev.remanence.image.Postings.Lists;
import java.util.List;

/// BM25 scores of groups of one view's documents, as the sessions of a scope, each group taken as
/// one text. Counts first, for each view that a question searches; scores then, with the statistics
/// of all of them.
public final class GroupScores {
  private final int[] groupOf;
  private final int[] wordLengths;
  private final int[] stemLengths;
  private final int[][] words;
  private final int[][] stems;
  private final float[] scores;
  private int present;

  private GroupScores(Analyzed question, int[] groupOf, int groups) {
    this.groupOf = groupOf;
    wordLengths = new int[groups];
    stemLengths = new int[groups];
    words = new int[question.words().counts().length][groups];
    stems = new int[question.stems().counts().length][groups];
    scores = new float[groups];
  }

  /// Counts the question's terms in the groups of some documents.
  ///
  /// @param groupOf the group of each document below the view's count, or a negative number
  /// @param groups how many groups there are
  /// @param eligible the documents that the question may find; the others are no part of their
  ///   group
  public static GroupScores count(
      WordView view, Analyzed question, int[] groupOf, int groups, Documents eligible) {
    var counted = new GroupScores(question, groupOf, groups);
    var seen = new boolean[groups];
    for (int document = 0; document < view.count(); document++) {
      int group = groupOf[document];
      if (group >= 0 && eligible.contains(document)) {
        counted.wordLengths[group] += view.wordLengths[document];
        counted.stemLengths[group] += view.stemLengths[document];
        counted.present += seen[group] ? 0 : 1;
        seen[group] = true;
      }
    }
    for (int i = 0; i < counted.words.length; i++) {
      counted.count(view.words, question.words().terms().get(i), eligible, counted.words[i]);
    }
    for (int i = 0; i < counted.stems.length; i++) {
      counted.count(view.stems, question.stems().terms().get(i), eligible, counted.stems[i]);
    }
    return counted;
  }

  private void count(Lists field, String term, Documents eligible, int[] counts) {
    int list = field.listOf(term);
    if (list == Lists.NONE) {
      return;
    }
    var cursor = field.cursor(list);
    for (int read = cursor.read(); read > 0; read = cursor.read()) {
      for (int i = 0; i < read; i++) {
        int group = groupOf[cursor.documents[i]];
        if (group >= 0 && eligible.contains(cursor.documents[i])) {
          counts[group] += cursor.counts[i];
        }
      }
    }
  }

  /// Scores what was counted for one question.
  public static void score(List<GroupScores> views) {
    if (views.isEmpty()) {
      return;
    }
    long present = 0;
    long wordLength = 0;
    long stemLength = 0;
    for (var view : views) {
      present += view.present;
      for (int group = 0; group < view.scores.length; group++) {
        wordLength += view.wordLengths[group];
        stemLength += view.stemLengths[group];
      }
    }
    for (int i = 0; i < views.getFirst().words.length; i++) {
      int with = 0;
      for (var view : views) {
        with += with(view.words[i]);
      }
      float rarity = WordStatistics.rarity(present, with);
      for (var view : views) {
        view.add(view.words[i], view.wordLengths, rarity, (double) wordLength / present);
      }
    }
    for (int i = 0; i < views.getFirst().stems.length; i++) {
      int with = 0;
      for (var view : views) {
        with += with(view.stems[i]);
      }
      float rarity = WordStatistics.rarity(present, with);
      for (var view : views) {
        view.add(view.stems[i], view.stemLengths, rarity, (double) stemLength / present);
      }
    }
  }

  private static int with(int[] counts) {
    int with = 0;
    for (int count : counts) {
      with += count > 0 ? 1 : 0;
    }
    return with;
  }

  private void add(int[] counts, int[] lengths, float rarity, double average) {
    for (int group = 0; group < counts.length; group++) {
      if (counts[group] > 0) {
        scores[group] += WordScores.part(rarity, counts[group], lengths[group], average);
      }
    }
  }

  /// A group's score: 0 if it shares no term with the question.
  public float of(int group) {
    return scores[group];
  }
}
