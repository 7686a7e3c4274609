package dev.remanence.image;

import dev.remanence.image.Postings.Lists;

/// The words of a scope at one moment: what a reader holds. Immutable in all that it shows.
public final class WordView {
  final Lists words;
  final Lists stems;
  final char[] wordLengths;
  final char[] stemLengths;
  final int current;
  final long wordLength;
  final long stemLength;
  private final int[] endedAt;
  private final int count;
  private final int endings;

  WordView(
      Lists words,
      Lists stems,
      int[] endedAt,
      char[] wordLengths,
      char[] stemLengths,
      int count,
      int endings,
      int current,
      long wordLength,
      long stemLength) {
    this.words = words;
    this.stems = stems;
    this.endedAt = endedAt;
    this.wordLengths = wordLengths;
    this.stemLengths = stemLengths;
    this.count = count;
    this.endings = endings;
    this.current = current;
    this.wordLength = wordLength;
    this.stemLength = stemLength;
  }

  /// The number below which documents are known.
  public int count() {
    return count;
  }

  int endings() {
    return endings;
  }

  /// How many documents had ended when this one did.
  int endedAt(int document) {
    return endedAt[document];
  }

  /// Whether a document was current at this moment.
  public boolean isCurrent(int document) {
    return endedAt[document] >= endings;
  }

  /// In how many current documents of a field a term is. Costs no look at the list as long as
  /// nothing has ended since somebody asked for the same term.
  int currentIn(Lists field, int list) {
    if (list == Lists.NONE) {
      return 0;
    }
    int documents = field.documents(list);
    int ended = endings == 0 ? 0 : field.endedIn(list, endings);
    if (documents != Lists.NONE && ended != Lists.NONE) {
      return documents - ended;
    }
    var cursor = field.cursor(list);
    documents = 0;
    ended = 0;
    for (int read = cursor.read(); read > 0; read = cursor.read()) {
      documents += read;
      for (int i = 0; i < read; i++) {
        ended += isCurrent(cursor.documents[i]) ? 0 : 1;
      }
    }
    if (endings > 0) {
      field.sayEndedIn(list, endings, ended);
    }
    return documents - ended;
  }

  /// In how many of the given documents of a field a term is.
  static int eligibleIn(Lists field, int list, Documents eligible) {
    int documents = 0;
    if (list != Lists.NONE) {
      var cursor = field.cursor(list);
      for (int read = cursor.read(); read > 0; read = cursor.read()) {
        for (int i = 0; i < read; i++) {
          documents += eligible.contains(cursor.documents[i]) ? 1 : 0;
        }
      }
    }
    return documents;
  }
}
