package dev.remanence.image;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.concurrent.ArrayBlockingQueue;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.analysis.tokenattributes.TypeAttribute;

/// Takes a text apart into words and stems.
///
/// In order: composed Unicode; [Compounds] taken apart; word boundaries of Unicode's annex 29; full
/// width to half width; lower case; in English the possessive goes; ideographs, kana and hangul as
/// characters and pairs of neighbours, scripts without spaces between words as pairs of characters.
/// That is a word. Its stem is the word without accents and, in English, after Porter's stemmer;
/// English stop words are words without a stem.
///
/// Thread-safe. The work is linear in the text, whatever it holds: a run of more than thirty
/// combining marks is cut, because putting marks in order is quadratic in the run, and a word of
/// more than 255 characters is several.
public final class Analysis {
  private static final int MARKS_MAX = 30;
  private static final int IDLE_MAX = 16;

  private static final int ALL_CJK =
      CJKBigramFilter.HAN
          | CJKBigramFilter.HIRAGANA
          | CJKBigramFilter.KATAKANA
          | CJKBigramFilter.HANGUL;
  private static final String WITHOUT_SPACES =
      StandardTokenizer.TOKEN_TYPES[StandardTokenizer.SOUTHEAST_ASIAN];

  private static final Analysis ENGLISH = new Analysis(Language.ENGLISH);
  private static final Analysis NEUTRAL = new Analysis(Language.NEUTRAL);

  private final Language language;
  private final CharArraySet stopWords;

  /// Streams between two texts. A stream holds buffers worth keeping and serves one thread at a
  /// time.
  private final ArrayBlockingQueue<Stream> idle = new ArrayBlockingQueue<>(IDLE_MAX);

  private Analysis(Language language) {
    this.language = language;
    this.stopWords =
        switch (language) {
          case ENGLISH -> EnglishAnalyzer.getDefaultStopSet();
          case NEUTRAL -> CharArraySet.EMPTY_SET;
        };
  }

  public static Analysis of(Language language) {
    return switch (language) {
      case ENGLISH -> ENGLISH;
      case NEUTRAL -> NEUTRAL;
    };
  }

  public Analyzed analyze(String text) {
    var words = new Terms.Counter();
    var stems = new Terms.Counter();
    var parted = Compounds.spread(composed(text), whole -> words.add(whole, false));
    var pooled = idle.poll();
    var stream = pooled == null ? new Stream() : pooled;
    try {
      stream.read(parted, words, stems);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    idle.offer(stream);
    return new Analyzed(words.terms(), stems.terms());
  }

  private static String composed(String text) {
    var bounded = boundedMarks(text);
    return Normalizer.isNormalized(bounded, Normalizer.Form.NFC)
        ? bounded
        : Normalizer.normalize(bounded, Normalizer.Form.NFC);
  }

  private static String boundedMarks(String text) {
    StringBuilder cut = null;
    int marks = 0;
    int width;
    for (int i = 0; i < text.length(); i += width) {
      int c = text.codePointAt(i);
      width = Character.charCount(c);
      marks = isMark(c) ? marks + 1 : 0;
      if (marks > MARKS_MAX && cut == null) {
        cut = new StringBuilder(text.length()).append(text, 0, i);
      }
      if (marks <= MARKS_MAX && cut != null) {
        cut.appendCodePoint(c);
      }
    }
    return cut == null ? text : cut.toString();
  }

  private static boolean isMark(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
          true;
      default -> false;
    };
  }

  /// Lucene's chain of filters, and what takes its words.
  private final class Stream {
    private final StandardTokenizer tokenizer = new StandardTokenizer();
    private final TokenStream last;
    private final CharTermAttribute term;
    private final PositionIncrementAttribute place;
    private final TypeAttribute type;
    private final TokenStream stemmer = new PorterStemFilter(new OneWord());
    private final CharTermAttribute stemmed = stemmer.addAttribute(CharTermAttribute.class);
    private char[] unaccented = new char[64];

    Stream() {
      TokenStream stream = new LowerCaseFilter(new CJKWidthFilter(tokenizer));
      stream =
          switch (language) {
            case ENGLISH -> new EnglishPossessiveFilter(stream);
            case NEUTRAL -> stream;
          };
      last = new CJKBigramFilter(stream, ALL_CJK, true);
      term = last.addAttribute(CharTermAttribute.class);
      place = last.addAttribute(PositionIncrementAttribute.class);
      type = last.addAttribute(TypeAttribute.class);
    }

    void read(String text, Terms.Counter words, Terms.Counter stems) throws IOException {
      tokenizer.setReader(new StringReader(text));
      last.reset();
      while (last.incrementToken()) {
        boolean placed = place.getPositionIncrement() > 0;
        if (type.type().equals(WITHOUT_SPACES)) {
          pairs(term.toString(), words, stems);
        } else {
          words.add(term.toString(), placed);
          if (!stopWords.contains(term.buffer(), 0, term.length())) {
            stems.add(stem(), placed);
          }
        }
      }
      last.end();
      last.close();
    }

    private String stem() throws IOException {
      if (unaccented.length < term.length() * 4) {
        unaccented = new char[term.length() * 4];
      }
      int length = ASCIIFoldingFilter.foldToASCII(term.buffer(), 0, unaccented, 0, term.length());
      return switch (language) {
        case ENGLISH -> {
          stemmed.copyBuffer(unaccented, 0, length);
          stemmer.incrementToken();
          yield stemmed.toString();
        }
        case NEUTRAL -> new String(unaccented, 0, length);
      };
    }

    private static void pairs(String run, Terms.Counter words, Terms.Counter stems) {
      int start = 0;
      int end = run.offsetByCodePoints(0, 1);
      do {
        int next = end < run.length() ? run.offsetByCodePoints(end, 1) : end;
        words.add(run.substring(start, next), true);
        stems.add(run.substring(start, next), true);
        start = end;
        end = next;
      } while (end < run.length());
    }
  }

  /// The word that is to be stemmed, as the stream of tokens that Lucene's stemmer asks for.
  private static final class OneWord extends TokenStream {
    @Override
    public boolean incrementToken() {
      return true;
    }
  }
}
