package dev.remanence.embed;

import dev.remanence.Json;
import dev.remanence.RemanenceException.Unavailable;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Text to the word pieces of an uncased BERT vocabulary, id for id what Hugging Face's tokenizer
/// gives. Immutable, safe for any thread.
///
/// 1. Control characters, private, surrogate and unknown ones fall away; white space separates;
///    every CJK ideograph stands alone.
/// 2. What stands between is decomposed (NFD), loses its non-spacing marks and its capitals.
/// 3. Punctuation marks stand alone; what is left are words.
/// 4. A word becomes the longest pieces of the vocabulary from left to right, all but the first
///    looked up behind `##`; a word that cannot be covered, or has more than 100 characters, is
///    `[UNK]`.
///
/// One deviation, and it is meant: the names of special tokens get no special treatment, so a user
/// who types `[SEP]` has typed five characters.
final class WordPiece {
  private static final int WORD_CHARS_MAX = 100;
  private static final String CONTINUED = "##";
  private static final int ABSENT = -1;

  private static final byte LETTER = 0;
  private static final byte SPACE = 1;
  private static final byte NOTHING = 2;
  private static final byte MARK = 3;
  private static final byte[] ASCII = asciiKinds();

  private final List<String> pieces;
  private final Lookup words;
  private final Lookup continuations;
  private final int cls;
  private final int sep;
  private final int unknown;

  private WordPiece(List<String> pieces) {
    this.pieces = List.copyOf(pieces);
    words = new Lookup(pieces, "");
    continuations = new Lookup(pieces, CONTINUED);
    cls = special("[CLS]");
    sep = special("[SEP]");
    unknown = special("[UNK]");
  }

  /// A vocabulary whose ids are the places in the list.
  static WordPiece of(List<String> pieces) {
    return new WordPiece(pieces);
  }

  /// The vocabulary of a `tokenizer.json`.
  static WordPiece of(Json tokenizer) {
    if (!(tokenizer instanceof Json.Obj file)
        || !(file.get("model") instanceof Json.Obj model)
        || !(model.get("vocab") instanceof Json.Obj vocabulary)) {
      throw unusable("it holds no word-piece vocabulary");
    }
    if (!(file.get("normalizer") instanceof Json.Obj normalizer)
        || !(normalizer.get("lowercase") instanceof Json.Bool(var lower))
        || !lower) {
      throw unusable("only uncased BERT vocabularies are understood");
    }
    var pieces = new @Nullable String[vocabulary.fields().size()];
    for (var piece : vocabulary.fields().entrySet()) {
      if (!(piece.getValue() instanceof Json.Num(var id)) || id < 0 || id >= pieces.length) {
        throw unusable("its ids are not the numbers from 0");
      }
      pieces[(int) id] = piece.getKey();
    }
    for (var piece : pieces) {
      if (piece == null) {
        throw unusable("its ids are not the numbers from 0");
      }
    }
    return new WordPiece(Arrays.asList(pieces));
  }

  private static Unavailable unusable(String why) {
    return new Unavailable("the tokenizer file cannot be used: " + why, null);
  }

  private int special(String name) {
    int id = words.find(name.toCharArray(), 0, name.length());
    if (id == ABSENT) {
      throw unusable("the vocabulary lacks " + name);
    }
    return id;
  }

  /// All pieces, each at its id.
  List<String> pieces() {
    return pieces;
  }

  int cls() {
    return cls;
  }

  int sep() {
    return sep;
  }

  int unknown() {
    return unknown;
  }

  /// The ids of a text between `[CLS]` and `[SEP]`, at most a number of them in all.
  int[] encode(String text, int idsMax) {
    assert idsMax >= 2;
    var run = new Run(idsMax - 1);
    run.add(cls);
    run.read(text);
    return run.closed(sep);
  }

  /// The ids of a text alone, at most a number of them.
  int[] pieces(String text, int idsMax) {
    var run = new Run(idsMax);
    run.read(text);
    return run.ids();
  }

  /// One text on its way through the steps.
  private final class Run {
    private final int idsMax;
    private int[] ids = new int[64];
    private int count;

    /// What stands since the last separator; `plain` as long as that is ASCII, in small letters.
    private char[] chunk = new char[128];

    private int length;
    private boolean plain = true;

    Run(int idsMax) {
      this.idsMax = idsMax;
    }

    void read(String text) {
      for (int i = 0; i < text.length() && count < idsMax; i++) {
        char c = text.charAt(i);
        if (c < 0x80) {
          switch (ASCII[c]) {
            case LETTER -> append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
            case SPACE -> endChunk();
            case MARK -> append(c);
            case NOTHING -> {}
            default -> throw new AssertionError(c);
          }
        } else {
          int point = text.codePointAt(i);
          i += Character.charCount(point) - 1;
          readBeyondAscii(point);
        }
      }
      endChunk();
    }

    private void readBeyondAscii(int point) {
      if (isSpace(point)) {
        endChunk();
      } else if (isIdeograph(point)) {
        endChunk();
        appendPoint(point);
        endChunk();
      } else if (!isDropped(point)) {
        appendPoint(point);
      }
    }

    private void appendPoint(int point) {
      plain = false;
      if (Character.isBmpCodePoint(point)) {
        append((char) point);
      } else {
        append(Character.highSurrogate(point));
        append(Character.lowSurrogate(point));
      }
    }

    private void append(char c) {
      if (length == chunk.length) {
        chunk = Arrays.copyOf(chunk, 2 * length);
      }
      chunk[length++] = c;
    }

    private void endChunk() {
      if (length > 0) {
        if (plain) {
          splitPlain();
        } else {
          split(Normalizer.normalize(new String(chunk, 0, length), Normalizer.Form.NFD));
        }
        length = 0;
        plain = true;
      }
    }

    private void splitPlain() {
      int start = 0;
      for (int i = 0; i < length; i++) {
        if (ASCII[chunk[i]] == MARK) {
          word(chunk, start, i, i - start);
          word(chunk, i, i + 1, 1);
          start = i + 1;
        }
      }
      word(chunk, start, length, length - start);
    }

    private void split(String decomposed) {
      // A small letter can take one char more than its capital.
      var letters = new char[2 * decomposed.length()];
      int start = 0;
      int end = 0;
      int points = 0;
      for (int i = 0; i < decomposed.length(); ) {
        int point = decomposed.codePointAt(i);
        i += Character.charCount(point);
        if (Character.getType(point) == Character.NON_SPACING_MARK) {
          continue;
        }
        if (isPunctuation(point)) {
          word(letters, start, end, points);
          start = end;
          end += Character.toChars(point, letters, end);
          word(letters, start, end, 1);
          start = end;
          points = 0;
        } else {
          end += Character.toChars(Character.toLowerCase(point), letters, end);
          points++;
        }
      }
      word(letters, start, end, points);
    }

    /// Adds the pieces of a word: all of them, or `[UNK]` once.
    private void word(char[] letters, int start, int end, int points) {
      if (start == end || count >= idsMax) {
        return;
      }
      if (points > WORD_CHARS_MAX) {
        add(unknown);
        return;
      }
      int before = count;
      int from = start;
      while (from < end) {
        var lookup = from == start ? words : continuations;
        int to = Math.min(end, from + lookup.charsMax);
        int id = ABSENT;
        while (to > from) {
          id = lookup.find(letters, from, to);
          if (id != ABSENT) {
            break;
          }
          to--;
        }
        if (id == ABSENT) {
          count = before;
          add(unknown);
          return;
        }
        add(id);
        from = to;
      }
    }

    /// Counts on past the limit, so that a word cut there is still known to be one.
    void add(int id) {
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, 2 * count);
      }
      ids[count++] = id;
    }

    int[] ids() {
      return Arrays.copyOf(ids, Math.min(count, idsMax));
    }

    int[] closed(int last) {
      count = Math.min(count, idsMax);
      add(last);
      return Arrays.copyOf(ids, count);
    }
  }

  private static byte[] asciiKinds() {
    var kinds = new byte[0x80];
    for (int c = 0; c < kinds.length; c++) {
      kinds[c] =
          c == ' ' || c == '\t' || c == '\n' || c == '\r'
              ? SPACE
              : c < ' ' || c == 0x7f ? NOTHING : Character.isLetterOrDigit(c) ? LETTER : MARK;
    }
    return kinds;
  }

  private static boolean isSpace(int point) {
    return switch (Character.getType(point)) {
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  private static boolean isDropped(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
      default -> point == 0xFFFD;
    };
  }

  private static boolean isPunctuation(int point) {
    if (point < 0x80) {
      return ASCII[point] == MARK;
    }
    return switch (Character.getType(point)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /// The blocks that the reference sets apart, its gap before U+2B920 included.
  private static boolean isIdeograph(int point) {
    return point >= 0x3400
        && ((point >= 0x4E00 && point <= 0x9FFF)
            || point <= 0x4DBF
            || (point >= 0xF900 && point <= 0xFAFF)
            || (point >= 0x20000 && point <= 0x2A6DF)
            || (point >= 0x2A700 && point <= 0x2B81F)
            || (point >= 0x2B920 && point <= 0x2CEAF)
            || (point >= 0x2F800 && point <= 0x2FA1F));
  }

  /// Pieces by their characters, found without making a string: open addressing over one pool.
  private static final class Lookup {
    private final int charsMax;
    private final char[] pool;
    private final int[] starts;
    private final int[] ids;
    private final int[] slots;

    /// Takes the pieces that begin with the prefix, without it; with an empty prefix all of them.
    Lookup(List<String> pieces, String prefix) {
      var text = new StringBuilder();
      var begins = new int[pieces.size() + 1];
      ids = new int[pieces.size()];
      int size = 0;
      int longest = 0;
      for (int id = 0; id < pieces.size(); id++) {
        var piece = pieces.get(id);
        if (piece.startsWith(prefix)) {
          ids[size++] = id;
          text.append(piece, prefix.length(), piece.length());
          begins[size] = text.length();
          longest = Math.max(longest, piece.length() - prefix.length());
        }
      }
      charsMax = longest;
      starts = begins;
      pool = text.toString().toCharArray();
      slots = new int[Integer.highestOneBit(Math.max(size, 1)) * 4];
      for (int entry = 0; entry < size; entry++) {
        int slot = slot(pool, starts[entry], starts[entry + 1]);
        while (slots[slot] != 0) {
          slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = entry + 1;
      }
    }

    private int slot(char[] letters, int from, int to) {
      int hash = 0;
      for (int i = from; i < to; i++) {
        hash = 31 * hash + letters[i];
      }
      hash *= 0x9E3779B9;
      return (hash ^ (hash >>> 15)) & (slots.length - 1);
    }

    int find(char[] letters, int from, int to) {
      int slot = slot(letters, from, to);
      while (slots[slot] != 0) {
        int entry = slots[slot] - 1;
        if (Arrays.equals(pool, starts[entry], starts[entry + 1], letters, from, to)) {
          return ids[entry];
        }
        slot = (slot + 1) & (slots.length - 1);
      }
      return ABSENT;
    }
  }
}
