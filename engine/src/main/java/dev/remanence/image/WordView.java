package dev.remanence.image;

import dev.remanence.image.Postings.Lists;
import java.util.ArrayList;
import java.util.List;

/// The words of a scope at one moment: what a reader holds. Immutable in all that it shows.
///
/// It reads the hot lists, in which all current documents are; [#withPast] reads those of the past
/// as well.
public final class WordView {
  /// The lists of each field that are read, the hot ones first.
  final List<Lists> words;

  final List<Lists> stems;
  final char[] wordLengths;
  final char[] stemLengths;
  final int current;
  final long wordLength;
  final long stemLength;
  private final List<Words.Cold> cold;
  private final int[] endedAt;
  private final int count;
  private final int endings;
  private final int parted;

  WordView(
      Lists words,
      Lists stems,
      List<Words.Cold> cold,
      int[] endedAt,
      char[] wordLengths,
      char[] stemLengths,
      int count,
      int endings,
      int parted,
      int current,
      long wordLength,
      long stemLength) {
    this.words = List.of(words);
    this.stems = List.of(stems);
    this.cold = cold;
    this.endedAt = endedAt;
    this.wordLengths = wordLengths;
    this.stemLengths = stemLengths;
    this.count = count;
    this.endings = endings;
    this.parted = parted;
    this.current = current;
    this.wordLength = wordLength;
    this.stemLength = stemLength;
  }

  private WordView(WordView hot) {
    var allWords = new ArrayList<>(hot.words);
    var allStems = new ArrayList<>(hot.stems);
    for (var each : hot.cold) {
      allWords.add(each.words());
      allStems.add(each.stems());
    }
    words = List.copyOf(allWords);
    stems = List.copyOf(allStems);
    cold = List.of();
    endedAt = hot.endedAt;
    wordLengths = hot.wordLengths;
    stemLengths = hot.stemLengths;
    count = hot.count;
    endings = hot.endings;
    parted = hot.parted;
    current = hot.current;
    wordLength = hot.wordLength;
    stemLength = hot.stemLength;
  }

  /// The same moment, lists of the past included.
  public WordView withPast() {
    return cold.isEmpty() ? this : new WordView(this);
  }

  /// The number below which documents are known.
  public int count() {
    return count;
  }

  int endings() {
    return endings;
  }

  /// How many documents had ended when the lists of the past were last parted from the hot ones.
  int parted() {
    return parted;
  }

  List<Words.Cold> cold() {
    return cold;
  }

  /// Whether documents have ended that are still in the hot lists.
  boolean hasEndedHere() {
    return endings > parted;
  }

  /// How many documents had ended when this one did.
  int endedAt(int document) {
    return endedAt[document];
  }

  /// Whether a document was current at this moment.
  public boolean isCurrent(int document) {
    return endedAt[document] >= endings;
  }

  /// In how many current documents a term of a field is: they are all in the hot lists.
  int currentWith(List<Lists> field, String term) {
    return field.getFirst().currentWith(term, this);
  }

  /// In how many of the given documents a term of a field is.
  static int eligibleWith(List<Lists> field, String term, Documents eligible) {
    int documents = 0;
    for (var lists : field) {
      documents += lists.eligibleWith(term, eligible);
    }
    return documents;
  }
}
