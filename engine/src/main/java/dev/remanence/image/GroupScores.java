package dev.remanence.image;

import dev.remanence.image.Postings.Lists;
import java.util.List;

/// BM25 scores of groups of one view's documents, as the sessions of a scope, each group taken as
/// one text. Counts first, for each view that a question searches; scores then, with the statistics
/// of all of them.
public final class GroupScores {
  private final Groups groups;
  private final int[][] words;
  private final int[][] stems;
  private final float[] scores;

  private GroupScores(Analyzed question, Groups groups) {
    this.groups = groups;
    words = new int[question.words().counts().length][groups.count()];
    stems = new int[question.stems().counts().length][groups.count()];
    scores = new float[groups.count()];
  }

  /// Counts the question's terms in the groups of a view's documents.
  public static GroupScores count(WordView view, Analyzed question, Groups groups) {
    var counted = new GroupScores(question, groups);
    for (int i = 0; i < counted.words.length; i++) {
      counted.count(view.words, question.words().terms().get(i), counted.words[i]);
    }
    for (int i = 0; i < counted.stems.length; i++) {
      counted.count(view.stems, question.stems().terms().get(i), counted.stems[i]);
    }
    return counted;
  }

  private void count(List<Lists> field, String term, int[] counts) {
    for (var lists : field) {
      count(lists.cursor(term), counts);
    }
  }

  private void count(Lists.Cursor cursor, int[] counts) {
    for (int read = cursor.read(); read > 0; read = cursor.read()) {
      for (int i = 0; i < read; i++) {
        int group = groups.of(cursor.documents[i]);
        if (group >= 0) {
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
      present += view.groups.present();
      for (int group = 0; group < view.scores.length; group++) {
        wordLength += view.groups.wordLengths()[group];
        stemLength += view.groups.stemLengths()[group];
      }
    }
    for (int i = 0; i < views.getFirst().words.length; i++) {
      int with = 0;
      for (var view : views) {
        with += with(view.words[i]);
      }
      float rarity = WordStatistics.WORDS_WEIGHT * WordStatistics.rarity(present, with);
      for (var view : views) {
        view.add(view.words[i], view.groups.wordLengths(), rarity, (double) wordLength / present);
      }
    }
    for (int i = 0; i < views.getFirst().stems.length; i++) {
      int with = 0;
      for (var view : views) {
        with += with(view.stems[i]);
      }
      float rarity = WordStatistics.rarity(present, with);
      for (var view : views) {
        view.add(view.stems[i], view.groups.stemLengths(), rarity, (double) stemLength / present);
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

  public float greatest() {
    float greatest = 0;
    for (float score : scores) {
      greatest = Math.max(greatest, score);
    }
    return greatest;
  }
}
