package dev.remanence.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Documents of a view by groups, as the sessions of a scope: which belongs to which, and how long
/// the groups are. Immutable.
public final class Groups {
  private static final int NONE = -1;

  private final int[] groupOf;
  private final int[] wordLengths;
  private final int[] stemLengths;
  private final int present;

  private Groups(int[] groupOf, int[] wordLengths, int[] stemLengths, int present) {
    this.groupOf = groupOf;
    this.wordLengths = wordLengths;
    this.stemLengths = stemLengths;
    this.present = present;
  }

  /// The documents of a view that are in groups.
  ///
  /// @param groupOf the group of each document below the view's count, or a negative number
  /// @param count how many groups there are
  /// @param eligible the documents that a question may find, null for those that are current; the
  ///   others are no part of their group
  public static Groups of(WordView view, int[] groupOf, int count, @Nullable Documents eligible) {
    var own = Arrays.copyOf(groupOf, view.count());
    var wordLengths = new int[count];
    var stemLengths = new int[count];
    var seen = new boolean[count];
    int present = 0;
    for (int document = 0; document < own.length; document++) {
      boolean isIn = eligible == null ? view.isCurrent(document) : eligible.contains(document);
      if (own[document] < 0 || !isIn) {
        own[document] = NONE;
        continue;
      }
      int group = own[document];
      wordLengths[group] += view.wordLengths[document];
      stemLengths[group] += view.stemLengths[document];
      present += seen[group] ? 0 : 1;
      seen[group] = true;
    }
    return new Groups(own, wordLengths, stemLengths, present);
  }

  int of(int document) {
    return groupOf[document];
  }

  int count() {
    return wordLengths.length;
  }

  int[] wordLengths() {
    return wordLengths;
  }

  int[] stemLengths() {
    return stemLengths;
  }

  /// How many groups have documents.
  public int present() {
    return present;
  }
}
