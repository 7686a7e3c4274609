package dev.remanence.image;

import dev.remanence.image.Postings.Lists;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The words of a scope: which documents hold them, in two fields, words and stems.
///
/// A document is a number, given in ascending order by the caller; numbers may be left out. It is
/// current until it is ended. Documents are never removed.
///
/// Lists are hot or cold. New documents go to the hot lists. When a quarter as many as are current
/// have ended there, [#part] lays the hot lists out anew with the current documents alone and puts
/// the others into cold lists of their own; of those, neighbours of like size become one, so that
/// there are few and each document is moved seldom. A question about what is current reads the hot
/// lists, one about the past reads all.
///
/// Written by one thread at a time, under the image's lock. Readers hold a [WordView] that the
/// writer took and published by a volatile write.
public final class Words {
  static final int CURRENT = Integer.MAX_VALUE;
  private static final int ABSENT = -1;
  private static final int LENGTH_MAX = Character.MAX_VALUE;

  /// So many at least are parted at once.
  private static final int PARTED_MIN = 4;

  /// One in so many current ones is not worth the effort.
  private static final int CURRENT_PER_ENDED = 4;

  private Postings words;
  private Postings stems;

  /// Replaced as a whole, as readers hold it.
  private List<Cold> cold = List.of();

  /// How many documents had ended when this one did. So a reader sees which were current at its
  /// moment, whatever ends meanwhile.
  private int[] endedAt = new int[8];

  private char[] wordLengths = new char[8];
  private char[] stemLengths = new char[8];
  private int count;
  private int endings;

  /// What [#endings] was when lists were parted last.
  private int parted;

  private int current;
  private long wordLength;
  private long stemLength;

  /// Lists of documents that have ended. They do not change any more.
  record Cold(Lists words, Lists stems, int documents, long bytes) {
    private static Cold of(Postings words, Postings stems, int documents, int count) {
      return new Cold(
          words.pin(count, false),
          stems.pin(count, false),
          documents,
          words.bytes() + stems.bytes());
    }

    /// The same of several, as one.
    private static Cold of(List<Cold> several, Documents kept, int count) {
      return of(
          Postings.of(several.stream().map(Cold::words).toList(), kept),
          Postings.of(several.stream().map(Cold::stems).toList(), kept),
          several.stream().mapToInt(Cold::documents).sum(),
          count);
    }
  }

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
      out.putInt(view.parted());
      out.putInt(view.current);
      out.putLong(view.wordLength);
      out.putLong(view.stemLength);
      for (int document = 0; document < view.count(); document++) {
        out.putInt(view.isCurrent(document) ? CURRENT : view.endedAt(document));
      }
      out.putChars(view.wordLengths, view.count());
      out.putChars(view.stemLengths, view.count());
      out.putInt(view.cold().size());
      for (var each : view.cold()) {
        out.putInt(each.documents);
      }
    }
    write(out, 0, view.words.getFirst(), view.stems.getFirst());
    for (int i = 0; i < view.cold().size(); i++) {
      write(out, 1 + i, view.cold().get(i).words, view.cold().get(i).stems);
    }
  }

  private static void write(SnapshotOut out, int number, Lists words, Lists stems)
      throws IOException {
    Postings.write(out, number, words, SnapshotSection.WORD_BYTES, SnapshotSection.WORD_TERMS);
    Postings.write(out, number, stems, SnapshotSection.STEM_BYTES, SnapshotSection.STEM_TERMS);
  }

  private static Postings readWords(SnapshotIn in, int number) throws UnusableSnapshot {
    return Postings.read(in, number, SnapshotSection.WORD_BYTES, SnapshotSection.WORD_TERMS);
  }

  private static Postings readStems(SnapshotIn in, int number) throws UnusableSnapshot {
    return Postings.read(in, number, SnapshotSection.STEM_BYTES, SnapshotSection.STEM_TERMS);
  }

  static Words read(SnapshotIn in) throws UnusableSnapshot {
    var read = new Words(readWords(in, 0), readStems(in, 0));
    var documents = in.section(SnapshotSection.DOCUMENTS, 0);
    read.count = documents.getInt();
    read.endings = documents.getInt();
    read.parted = documents.getInt();
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
    var segments = new Cold[documents.getInt()];
    for (int i = 0; i < segments.length; i++) {
      segments[i] =
          Cold.of(readWords(in, 1 + i), readStems(in, 1 + i), documents.getInt(), read.count);
    }
    read.cold = List.of(segments);
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

  boolean isCurrent(int document) {
    return endedAt[document] == CURRENT;
  }

  /// Whether a document is in the cold lists.
  boolean isCold(int document) {
    return endedAt[document] < parted;
  }

  /// Whether enough have ended in the hot lists that [#part] is worth its effort.
  boolean isWorthParting() {
    int ended = endings - parted;
    return ended >= PARTED_MIN && ended >= current / CURRENT_PER_ENDED;
  }

  /// Takes what has ended out of the hot lists.
  void part() {
    var kept = new Documents(count);
    var gone = new Documents(count);
    for (int document = 0; document < count; document++) {
      if (isCurrent(document)) {
        kept.add(document);
      } else if (!isCold(document)) {
        gone.add(document);
      }
    }
    var hot = new Cold(words.pin(count, false), stems.pin(count, false), endings - parted, 0);
    var segments = new ArrayList<>(cold);
    segments.add(Cold.of(List.of(hot), gone, count));
    while (segments.size() > 1
        && segments.getLast().documents * 2L > segments.get(segments.size() - 2).documents) {
      var alike = List.of(segments.removeLast(), segments.removeLast());
      segments.add(Cold.of(alike, Documents.below(count), count));
    }
    cold = List.copyOf(segments);
    words = Postings.of(List.of(hot.words), kept);
    stems = Postings.of(List.of(hot.stems), kept);
    parted = endings;
  }

  /// The words as they are now.
  public WordView pin() {
    boolean ended = endings > parted;
    return new WordView(
        words.pin(count, ended),
        stems.pin(count, ended),
        cold,
        endedAt,
        wordLengths,
        stemLengths,
        count,
        endings,
        parted,
        current,
        wordLength,
        stemLength);
  }

  public long bytes() {
    return words.bytes()
        + stems.bytes()
        + cold.stream().mapToLong(Cold::bytes).sum()
        + 8L * endedAt.length;
  }
}
