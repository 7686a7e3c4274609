package dev.remanence;

import dev.remanence.recall.Ranking;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where the next page of a recall begins, and the state that it is ranked in: that of the first
/// page. The answer as of a moment is that of a store replayed to it, so what is written between
/// two pages neither repeats a hit nor passes one over.
///
/// @param known the recorded time of the first page
/// @param now the milliseconds from which the first page told times, and against which it tested
///   expiry
/// @param depth how many candidates each leg named: scores are shares among them
/// @param pos the position of the last row that was looked at
/// @param given how many rows of the ranking came up to it
/// @param question the question's number
record RecallCursor(long known, long now, int depth, long pos, int given, int question) {
  private static final int BYTES = 36;

  String encode() {
    return CursorText.of(
        ByteBuffer.allocate(BYTES)
            .putLong(known)
            .putLong(now)
            .putInt(depth)
            .putLong(pos)
            .putInt(given)
            .putInt(question));
  }

  /// Reads the cursor of a question; null begins anew.
  static @Nullable RecallCursor of(String scope, Query query) {
    if (query.cursor() == null) {
      return null;
    }
    var in = CursorText.read(query.cursor(), BYTES);
    var cursor =
        new RecallCursor(
            in.getLong(), in.getLong(), in.getInt(), in.getLong(), in.getInt(), in.getInt());
    if (cursor.question != question(scope, query)
        || cursor.depth < 1
        || cursor.depth > Ranking.depth(Limits.PAGE_MAX + 1)
        || cursor.given < 0
        || cursor.given > Limits.CANDIDATES_MAX) {
      throw CursorText.notACursor();
    }
    return cursor;
  }

  /// A number for what is asked, which pages of one question share. Limits may differ.
  static int question(String scope, Query query) {
    return Arrays.hashCode(
        new Object[] {
          "recall",
          scope,
          query.text(),
          query.filter().number(),
          query.asOf(),
          query.inherit(),
          Arrays.hashCode(query.vector())
        });
  }
}
