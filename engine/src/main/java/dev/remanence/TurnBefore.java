package dev.remanence;

import dev.remanence.journal.Body;
import dev.remanence.journal.Entry;
import dev.remanence.journal.Reader;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Finds the turn that a turn follows in its session: it is embedded with it.
final class TurnBefore {
  /// How far back in a chain it is looked for.
  private static final int LOOK_BACK = 16;

  private TurnBefore() {}

  /// The newest turn of a session in a scope, if it was among the last things written there.
  static Body.@Nullable Content last(Reader reader, String path, String session)
      throws SQLException {
    long scope = reader.scope(path);
    Entry newest = null;
    for (var chain : scope == 0 ? List.<Reader.Chain>of() : reader.chains(scope)) {
      var turn = turnBefore(reader, chain.id(), chain.seq() + 1, session);
      if (turn != null
          && (newest == null || newest.header().recorded() < turn.header().recorded())) {
        newest = turn;
      }
    }
    return newest == null ? null : Objects.requireNonNull(newest.decoded()).content();
  }

  /// The turn that a revision's content follows, or null. What revises a turn follows what the turn
  /// followed.
  static Body.@Nullable Content of(Reader reader, Entry entry) throws SQLException {
    var session = sessionOfTurn(entry);
    if (session == null) {
      return null;
    }
    var place = entry;
    var state =
        entry.header().change() == Change.CREATE ? null : reader.state(entry.header().memory());
    if (state != null) {
      var first = reader.history(state).getFirst();
      place = session.equals(sessionOfTurn(first)) ? first : entry;
    }
    var turn = turnBefore(reader, place.chain(), place.seq(), session);
    return turn == null ? null : Objects.requireNonNull(turn.decoded()).content();
  }

  private static @Nullable Entry turnBefore(Reader reader, long chain, long seq, String session)
      throws SQLException {
    long after = Math.max(0, seq - 1 - LOOK_BACK);
    Entry newest = null;
    for (var entry : reader.chain(chain, after, (int) (seq - 1 - after))) {
      if (entry.header().change() == Change.CREATE && session.equals(sessionOfTurn(entry))) {
        newest = entry;
      }
    }
    return newest;
  }

  private static @Nullable String sessionOfTurn(Entry entry) {
    var body = entry.decoded();
    return body != null
            && body.content() != null
            && body.content().speaker() != null
            && body.attributes() != null
        ? body.attributes().provenance().session()
        : null;
  }
}
