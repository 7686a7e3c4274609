package dev.remanence.image;

import dev.remanence.Filter;
import dev.remanence.Kind;
import dev.remanence.journal.Header;
import dev.remanence.journal.HybridClock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A scope's image at one moment: what a reader pins. Immutable in all that it shows.
public final class View {
  /// The model of vectors that callers gave.
  public static final String GIVEN = "given";

  static final int NONE = -1;

  private final Columns columns;
  private final int count;
  private final long recorded;
  private final Facets facets;
  private final Contents contents;
  private final int contentCount;
  private final Lookalikes.Pinned lookalikes;
  private final WordView words;
  private final List<Vectors> vectors;
  private final List<Vectors> hot;
  private final boolean expiring;

  /// Made when it is first asked for; made twice if two ask at once.
  private volatile @Nullable Groups currentSessions;

  private volatile @Nullable Lacking lacking;

  View(
      Columns columns,
      int count,
      long recorded,
      Facets facets,
      Contents contents,
      int contentCount,
      Lookalikes.Pinned lookalikes,
      WordView words,
      List<Vectors> vectors,
      boolean expiring) {
    this.columns = columns;
    this.count = count;
    this.recorded = recorded;
    this.facets = facets;
    this.contents = contents;
    this.contentCount = contentCount;
    this.lookalikes = lookalikes;
    this.words = words;
    this.vectors = vectors;
    hot = vectors.stream().filter(each -> !each.past()).toList();
    this.expiring = expiring;
  }

  /// The vectors of one model, as many as the view shows.
  ///
  /// @param past whether they are of contents that ended before the image was last parted
  /// @param ordinals by piece, shorter than there are pieces or -1 where a piece has none
  public record Vectors(String model, boolean past, VectorCodes codes, int count, int[] ordinals) {
    /// The vector of a piece, or -1.
    public int ordinal(int piece) {
      int ordinal = piece < ordinals.length ? ordinals[piece] : NONE;
      return ordinal < count ? ordinal : NONE;
    }
  }

  /// Which rows a question may see.
  ///
  /// @param knownAt a recorded time, or null for the moment of this view
  /// @param validAt milliseconds, or null for any
  /// @param expiresAfter milliseconds against which expiry is tested
  public record Moment(@Nullable Long knownAt, @Nullable Long validAt, long expiresAfter) {
    public static Moment now(long millis) {
      return new Moment(null, null, millis);
    }
  }

  /// Is called with each row that passes.
  @FunctionalInterface
  public interface Visitor {
    void visit(int row);
  }

  /// Visits the rows that are current at the moment and pass the filter.
  public void visit(Moment moment, Filter filter, Visitor visitor) {
    var scan = scan(moment, filter);
    for (int block = 0; block < scan.blocks(); block++) {
      scan.visit(block, visitor);
    }
  }

  public Scan scan(Moment moment, Filter filter) {
    return new Scan(moment, filter);
  }

  /// A question to this view, answered block by block.
  public final class Scan {
    private final long known;
    private final long expiresAfter;
    private final boolean anyValidity;
    private final long validAt;
    private final RowTest test;
    private final long @Nullable [] passing;

    private Scan(Moment moment, Filter filter) {
      passing = facets.passing(filter, count);
      known = moment.knownAt() == null ? recorded : Math.min(moment.knownAt(), recorded);
      expiresAfter = moment.expiresAfter();
      var valid = moment.validAt();
      anyValidity = valid == null;
      validAt = valid == null ? 0 : valid;
      test = new RowTest(filter);
    }

    /// Whether what has been replaced or forgotten since may pass.
    private boolean asksThePast() {
      return known < recorded;
    }

    /// The words in which it looks: those of current contents, or all.
    public WordView words() {
      return asksThePast() ? words.withPast() : words;
    }

    /// The vectors among which it looks: those of current contents, or all.
    public List<Vectors> vectors() {
      return asksThePast() ? vectors : hot;
    }

    /// Whether only what held at some moment passes.
    public boolean asksWhatHeld() {
      return !anyValidity;
    }

    public int blocks() {
      return (count + (1 << Columns.BLOCK_SHIFT) - 1) >>> Columns.BLOCK_SHIFT;
    }

    public void visit(int block, Visitor visitor) {
      if (!columns.mayBeKnown(block, known) || !test.mayPass(columns, block)) {
        return;
      }
      int start = block << Columns.BLOCK_SHIFT;
      int end = Math.min(count, start + (1 << Columns.BLOCK_SHIFT));
      if (passing == null) {
        for (int row = start; row < end; row++) {
          if (passes(row)) {
            visitor.visit(row);
          }
        }
        return;
      }
      for (int word = start >>> 6; word < (end + 63) >>> 6; word++) {
        for (long rest = passing[word]; rest != 0; rest &= rest - 1) {
          int row = (word << 6) + Long.numberOfTrailingZeros(rest);
          if (passes(row)) {
            visitor.visit(row);
          }
        }
      }
    }

    /// The row that shows a content at the moment, or -1: of several the one that is valid last.
    public int rowOf(int content) {
      int found = NONE;
      int first = contents.firstRow[content];
      for (int row = contents.newestRow(content); row >= first; row = columns.older[row]) {
        if (row < count
            && columns.content[row] == content
            && passes(row)
            && (found == NONE || columns.validFrom[row] > columns.validFrom[found])) {
          found = row;
        }
      }
      return found;
    }

    /// Visits the rows that show a content at the moment.
    public void visitRows(int content, Visitor visitor) {
      int first = contents.firstRow[content];
      for (int row = contents.newestRow(content); row >= first; row = columns.older[row]) {
        if (row < count && columns.content[row] == content && passes(row)) {
          visitor.visit(row);
        }
      }
    }

    /// Who had spoken in this scope by the moment, by number.
    public List<String> speakers() {
      return contents.speakers().until(known);
    }

    /// The turn after a content's, in the same session, as it is at the moment; or -1.
    public int after(int content) {
      return shown(contents.after[contents.turn[content]]);
    }

    /// The rows of the turns before a content's in its session, nearest first, as they are at the
    /// moment. What is not there any more is passed over.
    public int[] before(int content, int limit) {
      return around(contents.before, content, limit);
    }

    /// The same of the turns after it.
    public int[] after(int content, int limit) {
      return around(contents.after, content, limit);
    }

    private int[] around(int[] neighbours, int content, int limit) {
      var rows = new int[limit];
      int count = 0;
      int turn = neighbours[contents.turn[content]];
      while (count < limit && turn != NONE && turn < contentCount) {
        int found = shown(turn);
        if (found != NONE) {
          rows[count++] = rowOf(found);
        }
        turn = neighbours[turn];
      }
      return Arrays.copyOf(rows, count);
    }

    private int shown(int turn) {
      if (turn == NONE || turn >= contentCount) {
        return NONE;
      }
      int content = contents.newest[turn];
      while (content != NONE && (content >= contentCount || rowOf(content) == NONE)) {
        content = contents.earlier[content];
      }
      return content;
    }

    /// The pieces that the question may find, or null for all that are current.
    public @Nullable Documents eligible() {
      if (known == recorded
          && passing == null
          && anyValidity
          && test.passesAll
          && !(expiring && expiresAfter != Long.MIN_VALUE)) {
        return null;
      }
      var eligible = new Documents(words.count());
      for (int block = 0; block < blocks(); block++) {
        visit(
            block,
            row -> {
              int content = columns.content[row];
              if (content != NONE) {
                for (int piece = contents.firstPiece[content];
                    piece < contents.firstPiece[content + 1];
                    piece++) {
                  eligible.add(piece);
                }
              }
            });
      }
      return eligible;
    }

    /// Whether a row is current at the moment and passes the filter, all of it.
    public boolean passes(int row) {
      return (passing == null || (passing[row >>> 6] & 1L << row) != 0)
          && columns.known(row, known)
          && columns.expires[row] > expiresAfter
          && (anyValidity || columns.valid(row, validAt))
          && (test.passesAll || test.passes(columns, row));
    }
  }

  /// What rows can be sorted by, with bounds for a whole block.
  public enum Sort {
    UPDATED {
      @Override
      public long of(View view, int row) {
        return view.columns.recordedFrom[row];
      }

      @Override
      public long least(View view, int block) {
        return view.columns.recordedFrom[block << Columns.BLOCK_SHIFT];
      }

      @Override
      public long greatest(View view, int block) {
        int end = Math.min(view.count, (block + 1) << Columns.BLOCK_SHIFT);
        return view.columns.recordedFrom[end - 1];
      }
    },
    CREATED {
      @Override
      public long of(View view, int row) {
        return view.columns.created[row];
      }

      @Override
      public long least(View view, int block) {
        return view.columns.createdAt.least(block);
      }

      @Override
      public long greatest(View view, int block) {
        return view.columns.createdAt.greatest(block);
      }
    },
    AT {
      @Override
      public long of(View view, int row) {
        return view.columns.validFrom[row];
      }

      @Override
      public long least(View view, int block) {
        return view.columns.at.least(block);
      }

      @Override
      public long greatest(View view, int block) {
        return view.columns.at.greatest(block);
      }
    },
    IMPORTANCE {
      @Override
      public long of(View view, int row) {
        return Columns.sortable(view.columns.importance[row]);
      }

      @Override
      public long least(View view, int block) {
        return view.columns.weight.least(block);
      }

      @Override
      public long greatest(View view, int block) {
        return view.columns.weight.greatest(block);
      }
    };

    public abstract long of(View view, int row);

    /// No row of the block has less.
    public abstract long least(View view, int block);

    /// No row of the block has more.
    public abstract long greatest(View view, int block);
  }

  /// The parts of a filter that columns can answer, as numbers.
  private static final class RowTest {
    final boolean passesAll;
    private final int kinds;
    private final double importanceMin;
    private final double importanceMax;
    private final long validFromMin;
    private final long validFromEnd;
    private final long recordedMin;
    private final long recordedEnd;
    private final int pinned;

    RowTest(Filter filter) {
      int bits = 0;
      for (var kind : filter.kinds()) {
        bits |= 1 << kind.code();
      }
      kinds = bits == 0 ? -1 : bits;
      importanceMin = filter.importanceMin() == null ? 0 : filter.importanceMin();
      importanceMax = filter.importanceMax() == null ? 1 : filter.importanceMax();
      validFromMin = from(filter.at());
      validFromEnd = to(filter.at());
      recordedMin = from(filter.recorded());
      recordedEnd = to(filter.recorded());
      pinned = filter.pinned() == null ? -1 : filter.pinned() ? 1 : 0;
      passesAll =
          kinds == -1
              && filter.importanceMin() == null
              && filter.importanceMax() == null
              && filter.at() == null
              && filter.recorded() == null
              && pinned == -1;
    }

    private static long from(Filter.@Nullable Span span) {
      return span == null || span.from() == null ? Long.MIN_VALUE : span.from().toEpochMilli();
    }

    private static long to(Filter.@Nullable Span span) {
      return span == null || span.to() == null ? Long.MAX_VALUE : span.to().toEpochMilli();
    }

    boolean mayPass(Columns columns, int block) {
      return columns.at.greatest(block) >= validFromMin && columns.at.least(block) < validFromEnd;
    }

    boolean passes(Columns columns, int row) {
      long recorded = HybridClock.millis(columns.recordedFrom[row]);
      return (kinds & (1 << columns.kind[row])) != 0
          && columns.importance[row] >= importanceMin
          && columns.importance[row] <= importanceMax
          && columns.validFrom[row] >= validFromMin
          && columns.validFrom[row] < validFromEnd
          && recorded >= recordedMin
          && recorded < recordedEnd
          && (pinned == -1 || columns.pinned[row] == (pinned == 1));
    }
  }

  public int count() {
    return count;
  }

  // What a snapshot is written from.

  Columns columns() {
    return columns;
  }

  /// The greatest recorded time of what it holds.
  public long recorded() {
    return recorded;
  }

  Facets facets() {
    return facets;
  }

  Contents contents() {
    return contents;
  }

  Lookalikes.Pinned lookalikes() {
    return lookalikes;
  }

  int contentCount() {
    return contentCount;
  }

  boolean isExpiring() {
    return expiring;
  }

  public long pos(int row) {
    return columns.pos[row];
  }

  /// Milliseconds after which a row is passed over.
  public long expires(int row) {
    return columns.expires[row];
  }

  public UUID id(int row) {
    return columns.id(row);
  }

  public Kind kind(int row) {
    return columns.kind(row);
  }

  public double importance(int row) {
    return columns.importance[row];
  }

  public long validFrom(int row) {
    return columns.validFrom[row];
  }

  /// Whether it is said when the row's value holds no longer.
  public boolean hasEnd(int row) {
    return columns.validUntil[row] != Header.OPEN;
  }

  /// When the row's value holds no longer, if that is said.
  public long validUntil(int row) {
    return columns.validUntil[row];
  }

  public long recordedFrom(int row) {
    return columns.recordedFrom[row];
  }

  /// When the memory of this row was first recorded.
  public long created(int row) {
    return columns.created[row];
  }

  // Contents

  /// How many pieces its contents have.
  int pieces() {
    return words.count();
  }

  WordView words() {
    return words;
  }

  /// All vectors; [Scan#vectors] has those that a question looks at.
  public List<Vectors> vectors() {
    return vectors;
  }

  public int contentOfPiece(int piece) {
    return contents.contentOfPiece[piece];
  }

  public int firstPiece(int content) {
    return contents.firstPiece[content];
  }

  /// The contents that may say nearly what a text says, each with a measure of how probably; turns
  /// are not among them.
  public Map<Integer, Integer> lookalikes(Shingles text) {
    return lookalikes.find(text);
  }

  /// The position of the revision that holds a content.
  public long holder(int content) {
    return contents.pos[content];
  }

  int content(int row) {
    return columns.content[row];
  }

  /// The number of who said it, or -1.
  public int speaker(int content) {
    return contents.speaker[content];
  }

  /// The number of the session that it belongs to, or -1.
  public int session(int content) {
    return contents.session[content];
  }

  /// The bits that the indexing gave it.
  public byte traits(int content) {
    return contents.traits[content];
  }

  /// Whether turns belong to more than one session.
  public boolean hasSessions() {
    return contents.turnSessions() > 1;
  }

  /// The turns by session, those that a question may find.
  public Groups sessions(@Nullable Documents eligible) {
    var known = currentSessions;
    if (eligible == null && known != null) {
      return known;
    }
    var sessionOf = new int[words.count()];
    int greatest = NONE;
    for (int piece = 0; piece < sessionOf.length; piece++) {
      int content = contents.contentOfPiece[piece];
      sessionOf[piece] = contents.isTurn(content) ? contents.session[content] : NONE;
      greatest = Math.max(greatest, sessionOf[piece]);
    }
    var made = Groups.of(words, sessionOf, greatest + 1, eligible);
    if (eligible == null) {
      currentSessions = made;
    }
    return made;
  }

  /// Whether somebody said it in a session.
  public boolean isTurn(int content) {
    return contents.isTurn(content);
  }

  /// Who speaks in this scope, by number.
  List<String> speakers() {
    return contents.speakers().until(recorded);
  }

  /// Whether a model has no vector of some content. One with a vector that its caller gave needs
  /// none.
  public boolean lacks(String model) {
    var known = lacking;
    if (known == null || !known.model.equals(model)) {
      known = new Lacking(model, findsLacking(model));
      lacking = known;
    }
    return known.some;
  }

  private boolean findsLacking(String model) {
    for (int content = 0; content < contentCount; content++) {
      int piece = contents.firstPiece[content];
      boolean has = false;
      for (var each : vectors) {
        has |=
            (each.model().equals(model) || each.model().equals(GIVEN))
                && each.ordinal(piece) != NONE;
      }
      if (!has) {
        return true;
      }
    }
    return false;
  }

  private record Lacking(String model, boolean some) {}
}
