package dev.remanence.image;

import java.io.IOException;
import java.util.Arrays;

/// The words of a scope: which documents hold them, in two fields, words and stems.
///
/// A document is a number, given in ascending order by the caller; numbers may be left out. It is
/// current until it is ended. Documents are never removed: an image in which too many have ended is
/// made anew.
///
/// Written by one thread at a time, under the image's lock. Readers hold a [WordView] that the
/// writer took and published by a volatile write.
public final class Words {
  static final int CURRENT = Integer.MAX_VALUE;
  private static final int ABSENT = -1;
  private static final int LENGTH_MAX = Character.MAX_VALUE;

  private final Postings words;
  private final Postings stems;

  /// How many documents had ended when this one did. So a reader sees which were current at its
  /// moment, whatever ends meanwhile.
  private int[] endedAt = new int[8];

  private char[] wordLengths = new char[8];
  private char[] stemLengths = new char[8];
  private int count;
  private int endings;
  private int current;
  private long wordLength;
  private long stemLength;

  public Words() {
    this(new Postings(), new Postings());
  }

  private Words(Postings words, Postings stems) {
    this.words = words;
    this.stems = stems;
  }

  /// Writes what a reader's moment shows.
  static void write(SnapshotOut out, WordView view) throws IOException {
    try (var _ = out.section(SnapshotSection.DOCUMENTS, 0)) {
      out.putInt(view.count());
      out.putInt(view.endings());
      out.putInt(view.current);
      out.putLong(view.wordLength);
      out.putLong(view.stemLength);
      for (int document = 0; document < view.count(); document++) {
        out.putInt(view.isCurrent(document) ? CURRENT : view.endedAt(document));
      }
      out.putChars(view.wordLengths, view.count());
      out.putChars(view.stemLengths, view.count());
    }
    Postings.write(out, view.words, SnapshotSection.WORD_BYTES, SnapshotSection.WORD_TERMS);
    Postings.write(out, view.stems, SnapshotSection.STEM_BYTES, SnapshotSection.STEM_TERMS);
  }

  static Words read(SnapshotIn in) throws UnusableSnapshot {
    var read =
        new Words(
            Postings.read(in, SnapshotSection.WORD_BYTES, SnapshotSection.WORD_TERMS),
            Postings.read(in, SnapshotSection.STEM_BYTES, SnapshotSection.STEM_TERMS));
    var documents = in.section(SnapshotSection.DOCUMENTS, 0);
    read.count = documents.getInt();
    read.endings = documents.getInt();
    read.current = documents.getInt();
    read.wordLength = documents.getLong();
    read.stemLength = documents.getLong();
    int capacity = read.count + Math.max(8, read.count >>> 3);
    read.endedAt = new int[capacity];
    read.wordLengths = new char[capacity];
    read.stemLengths = new char[capacity];
    documents.getInts(read.endedAt, read.count);
    documents.getChars(read.wordLengths, read.count);
    documents.getChars(read.stemLengths, read.count);
    return read;
  }

  /// Adds a document, greater than any before. A length counts up to 65,535.
  public void add(int document, Analyzed text) {
    assert document >= count;
    if (document >= endedAt.length) {
      int capacity = Math.max(document + 1, endedAt.length + (endedAt.length >> 1));
      endedAt = Arrays.copyOf(endedAt, capacity);
      wordLengths = Arrays.copyOf(wordLengths, capacity);
      stemLengths = Arrays.copyOf(stemLengths, capacity);
    }
    Arrays.fill(endedAt, count, document, ABSENT);
    endedAt[document] = CURRENT;
    wordLengths[document] = (char) Math.min(LENGTH_MAX, text.words().length());
    stemLengths[document] = (char) Math.min(LENGTH_MAX, text.stems().length());
    words.add(document, text.words());
    stems.add(document, text.stems());
    wordLength += wordLengths[document];
    stemLength += stemLengths[document];
    current++;
    count = document + 1;
  }

  /// From now on a document is not current.
  public void end(int document) {
    if (endedAt[document] == CURRENT) {
      endedAt[document] = endings++;
      wordLength -= wordLengths[document];
      stemLength -= stemLengths[document];
      current--;
    }
  }

  /// How many documents have ended.
  public int endings() {
    return endings;
  }

  /// The words as they are now.
  public WordView pin() {
    return new WordView(
        words.pin(count, endings > 0),
        stems.pin(count, endings > 0),
        endedAt,
        wordLengths,
        stemLengths,
        count,
        endings,
        current,
        wordLength,
        stemLength);
  }

  public long bytes() {
    return words.bytes() + stems.bytes() + 8L * endedAt.length;
  }
}
