package dev.remanence.life;

import dev.remanence.RemanenceException.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What differs between two texts, and the merge of two texts that began as one.
///
/// The difference is the shortest one (Myers 1986) while that is cheap to find. Where more than
/// [#EDITS_MAX] lines differ, the lines that occur once on both sides divide the texts and each gap
/// is compared alone. Where nothing divides them, or [#STEPS_MAX] is used up, the gap is replaced
/// whole: every answer is a correct difference, and comes in time linear in the texts. The bounds
/// count steps, not time, so equal questions have equal answers.
///
/// An instance is one comparison, used once by one thread.
public final class TextDiff {
  /// The unchanged lines shown around a change, as `diff -u` has it.
  private static final int CONTEXT = 3;

  /// The edits that Myers' algorithm may need; its memory grows with the square.
  private static final int EDITS_MAX = 1_000;

  /// The steps that one comparison may take, after what is linear in its texts.
  private static final long STEPS_MAX = 8_000_000;

  /// A conflict of more characters than this is not merged by words: the result would be a text
  /// that nobody wrote and nobody would read through.
  private static final int MERGED_BY_WORD_MAX = 1 << 16;

  private final Tokens before;
  private final Tokens after;
  private final int idCount;
  private final boolean[] removed;
  private final boolean[] added;

  // By id, while unique tokens are looked for: 0 for unseen, the place plus one for seen once, -1
  // for seen more often. All 0 in between, so that a small gap costs little.
  private int[] placesBefore = {};
  private int[] placesAfter = {};

  private long steps = STEPS_MAX;

  /// A merged text. Where there are conflicts, the text has the lines of `ours` in their place, and
  /// the caller decides.
  public record Merge(String text, List<Conflict> conflicts) {
    public Merge {
      conflicts = List.copyOf(conflicts);
    }
  }

  /// Lines that both sides changed, each in its own way, in their order in the text.
  public record Conflict(String base, String ours, String theirs) {}

  private TextDiff(Tokens before, Tokens after, int idCount) {
    this.before = before;
    this.after = after;
    this.idCount = idCount;
    // One more that is never set saves the walk in changes() its bounds.
    this.removed = new boolean[before.size() + 1];
    this.added = new boolean[after.size() + 1];
  }

  /// The difference as a unified diff with three lines of context, which `patch` applies; empty for
  /// equal texts. The names stand in the header, so they must not hold control characters.
  public static String unified(String before, String after, String beforeName, String afterName) {
    var vocabulary = new Vocabulary();
    var old = vocabulary.read(before, Unit.LINE);
    var current = vocabulary.read(after, Unit.LINE);
    var changes = new TextDiff(old, current, vocabulary.size).changes();
    var out = new StringBuilder();
    if (!changes.isEmpty()) {
      appendName(out.append("--- "), beforeName);
      appendName(out.append("+++ "), afterName);
    }
    int first = 0;
    while (first < changes.size()) {
      int end = first + 1;
      while (end < changes.size()
          && changes.get(end).from() - changes.get(end - 1).to() <= 2 * CONTEXT) {
        end++;
      }
      appendHunk(out, old, current, changes.subList(first, end));
      first = end;
    }
    return out.toString();
  }

  private static void appendName(StringBuilder out, String name) {
    if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidInput(
          "name unfit for a diff: expected=a name without control characters",
          "expected",
          "a name without control characters");
    }
    // A tab ends a name that holds a space, as GNU diff writes it and patch reads it.
    out.append(name).append(name.indexOf(' ') < 0 ? "\n" : "\t\n");
  }

  private static void appendHunk(
      StringBuilder out, Tokens before, Tokens after, List<Change> changes) {
    var first = changes.getFirst();
    var last = changes.getLast();
    int from = Math.max(0, first.from() - CONTEXT);
    int to = Math.min(before.size(), last.to() + CONTEXT);
    out.append("@@ -");
    appendRange(out, from, to);
    out.append(" +");
    appendRange(out, first.afterFrom() - (first.from() - from), last.afterTo() + (to - last.to()));
    out.append(" @@\n");
    int at = from;
    for (var change : changes) {
      appendLines(out, ' ', before, at, change.from());
      appendLines(out, '-', before, change.from(), change.to());
      appendLines(out, '+', after, change.afterFrom(), change.afterTo());
      at = change.to();
    }
    appendLines(out, ' ', before, at, to);
  }

  /// An empty range is named by the line before it.
  private static void appendRange(StringBuilder out, int from, int to) {
    int count = to - from;
    out.append(count == 0 ? from : from + 1);
    if (count != 1) {
      out.append(',').append(count);
    }
  }

  private static void appendLines(StringBuilder out, char mark, Tokens lines, int from, int to) {
    for (int i = from; i < to; i++) {
      out.append(mark);
      lines.appendTo(out, i, i + 1);
      if (out.charAt(out.length() - 1) != '\n') {
        out.append("\n\\ No newline at end of file\n");
      }
    }
  }

  /// Merges two texts that both began as `base`, by lines, and within lines that both changed by
  /// words. Changes meet where no unchanged line, or word, lies between them. The same change on
  /// both sides counts once.
  public static Merge merge(String base, String ours, String theirs) {
    return merge(base, ours, theirs, Unit.LINE);
  }

  private static Merge merge(String base, String ours, String theirs, Unit unit) {
    var vocabulary = new Vocabulary();
    var origin = vocabulary.read(base, unit);
    var left = new Side(vocabulary.read(ours, unit));
    var right = new Side(vocabulary.read(theirs, unit));
    left.changes = new TextDiff(origin, left.tokens, vocabulary.size).changes();
    right.changes = new TextDiff(origin, right.tokens, vocabulary.size).changes();
    var text = new StringBuilder();
    var conflicts = new ArrayList<Conflict>();
    int at = 0;
    while (left.hasNext() || right.hasNext()) {
      int from = Math.min(left.nextFrom(), right.nextFrom());
      int to = from;
      int leftFrom = from + left.shift;
      int rightFrom = from + right.shift;
      // Each round takes the changes that begin within or right behind those taken before.
      while (left.nextFrom() <= to || right.nextFrom() <= to) {
        to = Math.max(to, (left.nextFrom() <= to ? left : right).take());
      }
      origin.appendTo(text, at, from);
      at = to;
      var met =
          new Conflict(
              origin.slice(from, to),
              left.tokens.slice(leftFrom, to + left.shift),
              right.tokens.slice(rightFrom, to + right.shift));
      String resolved = resolve(met, unit);
      text.append(resolved == null ? met.ours() : resolved);
      if (resolved == null) {
        conflicts.add(met);
      }
    }
    origin.appendTo(text, at, origin.size());
    return new Merge(text.toString(), conflicts);
  }

  private static @Nullable String resolve(Conflict met, Unit unit) {
    if (met.ours().equals(met.theirs()) || met.theirs().equals(met.base())) {
      return met.ours();
    }
    if (met.ours().equals(met.base())) {
      return met.theirs();
    }
    int length = met.base().length() + met.ours().length() + met.theirs().length();
    if (unit == Unit.WORD || length > MERGED_BY_WORD_MAX) {
      return null;
    }
    var byWord = merge(met.base(), met.ours(), met.theirs(), Unit.WORD);
    return byWord.conflicts().isEmpty() ? byWord.text() : null;
  }

  /// The maximal changes, in order; between two of them lies at least one token of both texts.
  private List<Change> changes() {
    compare(0, before.size(), 0, after.size());
    var changes = new ArrayList<Change>();
    int a = 0;
    int b = 0;
    while (a < before.size() || b < after.size()) {
      int from = a;
      int afterFrom = b;
      while (removed[a]) {
        a++;
      }
      while (added[b]) {
        b++;
      }
      if (a > from || b > afterFrom) {
        changes.add(new Change(from, a, afterFrom, b));
      } else {
        assert same(a, b);
        a++;
        b++;
      }
    }
    return changes;
  }

  /// Marks what differs between `[a, aEnd)` of the one text and `[b, bEnd)` of the other.
  private void compare(int a, int aEnd, int b, int bEnd) {
    while (a < aEnd && b < bEnd && same(a, b)) {
      a++;
      b++;
    }
    while (a < aEnd && b < bEnd && same(aEnd - 1, bEnd - 1)) {
      aEnd--;
      bEnd--;
    }
    boolean oneSided = a == aEnd || b == bEnd;
    if (oneSided || !(compareShortest(a, aEnd, b, bEnd) || compareDivided(a, aEnd, b, bEnd))) {
      Arrays.fill(removed, a, aEnd, true);
      Arrays.fill(added, b, bEnd, true);
    }
  }

  /// Myers' greedy algorithm. Diagonal k holds the points with x - y = k; `reach` holds the
  /// furthest x on each diagonal after d edits, and `trace` what it was after each d. Answers
  /// false, with nothing marked, where that takes too many edits or more than a share of the steps.
  private boolean compareShortest(int a, int aEnd, int b, int bEnd) {
    int n = aEnd - a;
    int m = bEnd - b;
    if (Math.abs(n - m) > EDITS_MAX) {
      return false;
    }
    int editsMax = Math.min(n + m, EDITS_MAX);
    int origin = editsMax + 1;
    var reach = new int[2 * origin + 1];
    var trace = new ArrayList<int[]>();
    long stepsLeft = steps - steps / 4;
    for (int d = 0; d <= editsMax && steps > stepsLeft; d++) {
      for (int k = -d; k <= d; k += 2) {
        int diagonal = origin + k;
        int x =
            k == -d || (k != d && reach[diagonal - 1] < reach[diagonal + 1])
                ? reach[diagonal + 1]
                : reach[diagonal - 1] + 1;
        int begun = x;
        while (x < n && x - k < m && same(a + x, b + x - k)) {
          x++;
        }
        steps -= 1 + x - begun;
        reach[diagonal] = x;
        if (x >= n && x - k >= m) {
          mark(trace, a, n, b, m);
          return true;
        }
      }
      trace.add(Arrays.copyOfRange(reach, origin - d, origin + d + 1));
    }
    return false;
  }

  /// Walks back from the point (x, y) along the edits that led there.
  private void mark(List<int[]> trace, int a, int x, int b, int y) {
    for (int d = trace.size(); d > 0; d--) {
      int[] reach = trace.get(d - 1);
      int k = x - y;
      int diagonal = d - 1 + k;
      boolean down = k == -d || (k != d && reach[diagonal - 1] < reach[diagonal + 1]);
      x = reach[down ? diagonal + 1 : diagonal - 1];
      y = x - (down ? k + 1 : k - 1);
      if (down) {
        added[b + y] = true;
      } else {
        removed[a + x] = true;
      }
    }
  }

  /// Compares the gaps between the tokens that occur once on either side, as many of them as stand
  /// in the same order. Answers false, with nothing marked, where there are none.
  private boolean compareDivided(int a, int aEnd, int b, int bEnd) {
    steps -= aEnd - a + (bEnd - b);
    if (steps < 0) {
      return false;
    }
    int[] anchors = inOrder(uniqueOnBothSides(a, aEnd, b, bEnd), a);
    if (anchors.length == 0) {
      return false;
    }
    for (int i = 0; i < anchors.length; i += 2) {
      compare(a, anchors[i], b, anchors[i + 1]);
      a = anchors[i] + 1;
      b = anchors[i + 1] + 1;
    }
    compare(a, aEnd, b, bEnd);
    return true;
  }

  /// For each token of `[a, aEnd)`, where its only equal stands in `[b, bEnd)`, or -1.
  private int[] uniqueOnBothSides(int a, int aEnd, int b, int bEnd) {
    if (placesBefore.length == 0) {
      placesBefore = new int[idCount];
      placesAfter = new int[idCount];
    }
    for (int i = a; i < aEnd; i++) {
      int id = before.ids[i];
      placesBefore[id] = placesBefore[id] == 0 ? i + 1 : -1;
    }
    for (int i = b; i < bEnd; i++) {
      int id = after.ids[i];
      placesAfter[id] = placesAfter[id] == 0 ? i + 1 : -1;
    }
    var places = new int[aEnd - a];
    for (int i = a; i < aEnd; i++) {
      int id = before.ids[i];
      places[i - a] = placesBefore[id] > 0 && placesAfter[id] > 0 ? placesAfter[id] - 1 : -1;
    }
    for (int i = a; i < aEnd; i++) {
      placesBefore[before.ids[i]] = 0;
    }
    for (int i = b; i < bEnd; i++) {
      placesAfter[after.ids[i]] = 0;
    }
    return places;
  }

  /// The longest ascending run of places, as pairs of a place before and a place after.
  private static int[] inOrder(int[] places, int a) {
    // tails[length - 1] is the index of the least place that ends an ascending run of that length.
    var tails = new int[places.length];
    var previous = new int[places.length];
    int length = 0;
    for (int i = 0; i < places.length; i++) {
      if (places[i] < 0) {
        continue;
      }
      int low = 0;
      int high = length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (places[tails[middle]] < places[i]) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      previous[i] = low == 0 ? -1 : tails[low - 1];
      tails[low] = i;
      length = Math.max(length, low + 1);
    }
    var anchors = new int[2 * length];
    int index = length == 0 ? -1 : tails[length - 1];
    for (int i = length - 1; i >= 0; i--) {
      anchors[2 * i] = a + index;
      anchors[2 * i + 1] = places[index];
      index = previous[index];
    }
    return anchors;
  }

  private boolean same(int a, int b) {
    return before.ids[a] == after.ids[b];
  }

  /// Tokens `[from, to)` of the one text that stand as `[afterFrom, afterTo)` in the other.
  private record Change(int from, int to, int afterFrom, int afterTo) {}

  /// One side of a merge: its changes to the base, taken in order.
  private static final class Side {
    final Tokens tokens;
    List<Change> changes = List.of();
    int taken;

    /// From a place in the base, behind the changes taken so far, to that place on this side.
    int shift;

    Side(Tokens tokens) {
      this.tokens = tokens;
    }

    boolean hasNext() {
      return taken < changes.size();
    }

    int nextFrom() {
      return hasNext() ? changes.get(taken).from() : Integer.MAX_VALUE;
    }

    /// Takes the next change and answers where in the base it ends.
    int take() {
      var change = changes.get(taken++);
      shift = change.afterTo() - change.to();
      return change.to();
    }
  }

  /// What a text is cut into. The pieces, joined, are the text.
  private enum Unit {
    /// A line with its newline, which the last one may lack.
    LINE {
      @Override
      int end(String text, int from) {
        int newline = text.indexOf('\n', from);
        return newline < 0 ? text.length() : newline + 1;
      }
    },

    /// A word, a run of blanks, or a single other character, with the marks that combine with it.
    /// Ideographs are words of one character: their scripts put no space between words.
    WORD {
      @Override
      int end(String text, int from) {
        int kind = kind(text.codePointAt(from));
        int end = from;
        do {
          end += Character.charCount(text.codePointAt(end));
        } while (end < text.length() && continues(kind, text.codePointAt(end)));
        return end;
      }
    };

    private static final int ALONE = 0;
    private static final int LETTERS = 1;
    private static final int BLANKS = 2;

    abstract int end(String text, int from);

    private static boolean continues(int kind, int codePoint) {
      return (kind != ALONE && kind(codePoint) == kind) || isMark(codePoint);
    }

    private static int kind(int codePoint) {
      if (codePoint == '\n' || Character.isIdeographic(codePoint)) {
        return ALONE;
      }
      if (Character.isLetterOrDigit(codePoint)) {
        return LETTERS;
      }
      return Character.isWhitespace(codePoint) ? BLANKS : ALONE;
    }

    private static boolean isMark(int codePoint) {
      int type = Character.getType(codePoint);
      return type == Character.NON_SPACING_MARK
          || type == Character.COMBINING_SPACING_MARK
          || type == Character.ENCLOSING_MARK;
    }
  }

  /// A text in pieces: piece i is `[starts[i], starts[i + 1])`, and equal pieces have equal ids.
  private static final class Tokens {
    final String text;
    final int[] starts;
    final int[] ids;

    Tokens(String text, int[] starts, int[] ids) {
      this.text = text;
      this.starts = starts;
      this.ids = ids;
    }

    int size() {
      return ids.length;
    }

    String slice(int from, int to) {
      return text.substring(starts[from], starts[to]);
    }

    void appendTo(StringBuilder out, int from, int to) {
      out.append(text, starts[from], starts[to]);
    }
  }

  /// Gives equal pieces of texts equal ids, without copying them: a hash table with open
  /// addressing, at most half full.
  private static final class Vocabulary {
    /// Odd, of random bits.
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private @Nullable Token[] slots = new @Nullable Token[1 << 6];
    private int size;

    private record Token(String text, int from, int to, long hash, int id) {
      boolean matches(String other, int otherFrom, int otherTo, long otherHash) {
        return hash == otherHash
            && to - from == otherTo - otherFrom
            && text.regionMatches(from, other, otherFrom, to - from);
      }
    }

    Tokens read(String text, Unit unit) {
      var starts = new int[64];
      var ids = new int[64];
      int count = 0;
      int from = 0;
      while (from < text.length()) {
        if (count == ids.length) {
          starts = Arrays.copyOf(starts, 2 * count);
          ids = Arrays.copyOf(ids, 2 * count);
        }
        int to = unit.end(text, from);
        starts[count] = from;
        ids[count] = id(text, from, to);
        count++;
        from = to;
      }
      starts = Arrays.copyOf(starts, count + 1);
      starts[count] = text.length();
      return new Tokens(text, starts, Arrays.copyOf(ids, count));
    }

    private int id(String text, int from, int to) {
      long hash = 0;
      for (int i = from; i < to; i++) {
        hash = (hash + text.charAt(i) + 1) * MULTIPLIER;
      }
      int slot = slot(hash);
      var token = slots[slot];
      while (token != null) {
        if (token.matches(text, from, to, hash)) {
          return token.id();
        }
        slot = slot + 1 & slots.length - 1;
        token = slots[slot];
      }
      slots[slot] = new Token(text, from, to, hash, size);
      size++;
      if (size > slots.length / 2) {
        grow();
      }
      return size - 1;
    }

    /// The high half of the hash: every character reaches it.
    private int slot(long hash) {
      return (int) (hash >>> 32) & slots.length - 1;
    }

    private void grow() {
      var old = slots;
      slots = new @Nullable Token[2 * old.length];
      for (var token : old) {
        if (token != null) {
          int slot = slot(token.hash());
          while (slots[slot] != null) {
            slot = slot + 1 & slots.length - 1;
          }
          slots[slot] = token;
        }
      }
    }
  }
}
