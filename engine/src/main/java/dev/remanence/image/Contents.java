package dev.remanence.image;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The contents of a scope: what rows show, by number in the order of their coming. Rows that only
/// count, link or bound share the content of the row before.
///
/// A content has one or more pieces: a long text is indexed and embedded in pieces, of which the
/// best speaks for it. Pieces are numbered through the scope; words and vectors know pieces only.
///
/// What someone said in a session is a turn, and knows the turn before and after. A turn that is
/// revised stays where it is: a turn is named by the first of its contents, which are linked from
/// the newest to the oldest.
///
/// Written by one thread at a time, under the image's lock. Arrays grow by replacement; a reader
/// holds the object that the view published and looks below the counts that it published.
final class Contents {
  static final int NONE = -1;

  private static final VarHandle ROW = MethodHandles.arrayElementVarHandle(int[].class);

  /// The position of the revision that holds the content.
  long[] pos = new long[8];

  /// A hash of the key and the tags, which are indexed with the content.
  int[] labels = new int[8];

  int[] firstPiece = new int[9];
  private int[] newestRow = new int[8];

  /// The oldest row that shows the content, 0 before there is one.
  int[] firstRow = new int[8];

  int[] speaker = new int[8];
  int[] session = new int[8];

  /// The turn that a content is of, itself for the first one.
  int[] turn = new int[8];

  /// The content that was the turn's before this one.
  int[] earlier = new int[8];

  /// By turn: its newest content, and the turns before and after.
  int[] newest = new int[8];

  int[] before = new int[8];
  int[] after = new int[8];
  byte[] traits = new byte[8];
  int[] contentOfPiece = new int[8];
  private int count;
  private int pieces;
  private int turnSessions;

  private final Names speakers;
  private final Names sessions;

  /// The newest turn of each session. The writer's.
  private final Map<Integer, Integer> newestTurn;

  Contents() {
    this(new Names(), new Names(), new HashMap<>());
  }

  private Contents(Names speakers, Names sessions, Map<Integer, Integer> newestTurn) {
    this.speakers = speakers;
    this.sessions = sessions;
    this.newestTurn = newestTurn;
  }

  int count() {
    return count;
  }

  /// How many sessions have turns.
  int turnSessions() {
    return turnSessions;
  }

  int pieces() {
    return pieces;
  }

  Names speakers() {
    return speakers;
  }

  Names sessions() {
    return sessions;
  }

  /// Says that a row, filled in whole, shows a content.
  void shows(int content, int row) {
    if (newestRow[content] == NONE) {
      firstRow[content] = row;
    }
    ROW.setRelease(newestRow, content, row);
  }

  /// The newest row that shows a content, or [#NONE].
  int newestRow(int content) {
    return (int) ROW.getAcquire(newestRow, content);
  }

  boolean isFull(int morePieces) {
    return count == pos.length || pieces + morePieces > contentOfPiece.length;
  }

  /// The same contents with room for more. Readers of the old object keep it.
  Contents grown(int morePieces) {
    var grown = new Contents(speakers, sessions, newestTurn);
    int capacity = count == pos.length ? 2 * count : pos.length;
    grown.pos = Arrays.copyOf(pos, capacity);
    grown.labels = Arrays.copyOf(labels, capacity);
    grown.firstPiece = Arrays.copyOf(firstPiece, capacity + 1);
    grown.firstRow = Arrays.copyOf(firstRow, capacity);
    grown.newestRow = Arrays.copyOf(newestRow, capacity);
    grown.speaker = Arrays.copyOf(speaker, capacity);
    grown.session = Arrays.copyOf(session, capacity);
    grown.turn = Arrays.copyOf(turn, capacity);
    grown.earlier = Arrays.copyOf(earlier, capacity);
    grown.newest = Arrays.copyOf(newest, capacity);
    grown.before = Arrays.copyOf(before, capacity);
    grown.after = Arrays.copyOf(after, capacity);
    grown.traits = Arrays.copyOf(traits, capacity);
    grown.contentOfPiece =
        Arrays.copyOf(contentOfPiece, Math.max(contentOfPiece.length, 2 * (pieces + morePieces)));
    grown.count = count;
    grown.pieces = pieces;
    grown.turnSessions = turnSessions;
    return grown;
  }

  /// Adds a content and answers its number. There must be room.
  ///
  /// @param recorded when it was recorded
  /// @param revised the content that the memory showed before, or [#NONE]
  int add(
      long holder,
      long recorded,
      int labelled,
      @Nullable String saidBy,
      @Nullable String sitting,
      byte marks,
      int ofPieces,
      int revised) {
    int content = count;
    pos[content] = holder;
    labels[content] = labelled;
    newestRow[content] = NONE;
    firstRow[content] = 0;
    traits[content] = marks;
    speaker[content] = saidBy == null ? NONE : speakers.number(saidBy, recorded);
    session[content] = sitting == null ? NONE : sessions.number(sitting, recorded);
    before[content] = NONE;
    after[content] = NONE;
    turn[content] = content;
    earlier[content] = NONE;
    newest[content] = content;
    if (isTurn(content)) {
      if (revised != NONE && session[revised] == session[content] && isTurn(revised)) {
        turn[content] = turn[revised];
        earlier[content] = newest[turn[revised]];
        newest[turn[revised]] = content;
      } else {
        var last = newestTurn.put(session[content], content);
        if (last != null) {
          before[content] = last;
          after[last] = content;
        } else {
          turnSessions++;
        }
      }
    }
    Arrays.fill(contentOfPiece, pieces, pieces + ofPieces, content);
    pieces += ofPieces;
    firstPiece[content + 1] = pieces;
    count++;
    return content;
  }

  /// Writes the contents below a count. What follows from the rest is left out.
  void write(SnapshotOut out, int first) throws IOException {
    out.putInt(first);
    out.putLongs(pos, first);
    out.putInts(labels, first);
    out.putInts(speaker, first);
    out.putInts(session, first);
    out.putInts(turn, first);
    out.putInts(earlier, first);
    out.putInts(before, first);
    out.putInts(firstPiece, first + 1);
    out.putBytes(traits, first);
    speakers.write(out, 1 + greatest(speaker, first));
    sessions.write(out, 1 + greatest(session, first));
  }

  private static int greatest(int[] numbers, int count) {
    int greatest = NONE;
    for (int i = 0; i < count; i++) {
      greatest = Math.max(greatest, numbers[i]);
    }
    return greatest;
  }

  /// Reads contents, with room for more, and what rows show of them.
  static Contents read(SnapshotIn.Section in, Columns columns, int rows) {
    int count = in.getInt();
    int capacity = count + Math.max(8, count >>> 3);
    var pos = new long[capacity];
    var labels = new int[capacity];
    var speaker = new int[capacity];
    var session = new int[capacity];
    var turn = new int[capacity];
    var earlier = new int[capacity];
    var before = new int[capacity];
    var firstPiece = new int[capacity + 1];
    var traits = new byte[capacity];
    in.getLongs(pos, count);
    in.getInts(labels, count);
    in.getInts(speaker, count);
    in.getInts(session, count);
    in.getInts(turn, count);
    in.getInts(earlier, count);
    in.getInts(before, count);
    in.getInts(firstPiece, count + 1);
    in.getBytes(traits, count);
    var read = new Contents(Names.read(in), Names.read(in), new HashMap<>());
    read.pos = pos;
    read.labels = labels;
    read.speaker = speaker;
    read.session = session;
    read.turn = turn;
    read.earlier = earlier;
    read.before = before;
    read.firstPiece = firstPiece;
    read.traits = traits;
    read.newestRow = new int[capacity];
    read.firstRow = new int[capacity];
    read.newest = new int[capacity];
    read.after = new int[capacity];
    read.count = count;
    read.pieces = firstPiece[count];
    read.contentOfPiece = new int[read.pieces + Math.max(8, read.pieces >>> 3)];
    read.follow(columns, rows);
    return read;
  }

  /// Fills in what follows from the rest.
  private void follow(Columns columns, int rows) {
    Arrays.fill(newestRow, NONE);
    for (int row = 0; row < rows; row++) {
      if (columns.content[row] != NONE) {
        if (newestRow[columns.content[row]] == NONE) {
          firstRow[columns.content[row]] = row;
        }
        newestRow[columns.content[row]] = row;
      }
    }
    for (int content = 0; content < count; content++) {
      Arrays.fill(contentOfPiece, firstPiece[content], firstPiece[content + 1], content);
      after[content] = NONE;
      newest[turn[content]] = content;
      if (before[content] != NONE) {
        after[before[content]] = content;
      }
      if (isTurn(content) && turn[content] == content) {
        newestTurn.put(session[content], content);
      }
    }
    turnSessions = newestTurn.size();
  }

  boolean isTurn(int content) {
    return speaker[content] != NONE && session[content] != NONE;
  }

  long bytes() {
    return pos.length * 57L
        + contentOfPiece.length * 4L
        + 100L * (speakers.size() + sessions.size());
  }
}
