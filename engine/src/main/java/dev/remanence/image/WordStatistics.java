package dev.remanence.image;

/// What BM25 knows of the documents that a question may find: how many there are, how long they
/// are, and in how many of them each term of the question is. Summed over all views that the
/// question searches.
///
/// Because nothing else goes into a score but the document's own counts and lengths, a question to
/// the past scores as in a store that was replayed to that moment.
public final class WordStatistics {
  /// What a word counts beside its stem: the exact word decides between texts that share a stem.
  static final float WORDS_WEIGHT = 0.25f;

  private final Analyzed question;
  private final int[] withWord;
  private final int[] withStem;
  private long documents;
  private long wordLength;
  private long stemLength;

  public WordStatistics(Analyzed question) {
    this.question = question;
    this.withWord = new int[question.words().counts().length];
    this.withStem = new int[question.stems().counts().length];
  }

  /// Adds the current documents of a view.
  public void add(WordView view) {
    documents += view.current;
    wordLength += view.wordLength;
    stemLength += view.stemLength;
    for (int i = 0; i < withWord.length; i++) {
      withWord[i] += view.currentWith(view.words, question.words().terms().get(i));
    }
    for (int i = 0; i < withStem.length; i++) {
      withStem[i] += view.currentWith(view.stems, question.stems().terms().get(i));
    }
  }

  /// Adds some documents of a view: all below its count that the question may find.
  public void add(WordView view, Documents eligible) {
    var bits = eligible.bits();
    for (int i = 0; i < bits.length; i++) {
      documents += Long.bitCount(bits[i]);
      for (long rest = bits[i]; rest != 0; rest &= rest - 1) {
        int document = (i << 6) + Long.numberOfTrailingZeros(rest);
        wordLength += view.wordLengths[document];
        stemLength += view.stemLengths[document];
      }
    }
    for (int i = 0; i < withWord.length; i++) {
      withWord[i] += WordView.eligibleWith(view.words, question.words().terms().get(i), eligible);
    }
    for (int i = 0; i < withStem.length; i++) {
      withStem[i] += WordView.eligibleWith(view.stems, question.stems().terms().get(i), eligible);
    }
  }

  public long documents() {
    return documents;
  }

  Analyzed question() {
    return question;
  }

  float wordRarity(int term) {
    return WORDS_WEIGHT * rarity(documents, withWord[term]);
  }

  float stemRarity(int term) {
    return rarity(documents, withStem[term]);
  }

  double wordAverage() {
    return average(wordLength);
  }

  double stemAverage() {
    return average(stemLength);
  }

  static float rarity(long documents, int with) {
    return (float) Math.log(1 + (documents - with + 0.5) / (with + 0.5));
  }

  private double average(long length) {
    return documents == 0 || length == 0 ? 1 : (double) length / documents;
  }
}
