package dev.remanence.journal;

import dev.remanence.Change;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which turn follows which in a session: a turn is embedded with the one before it, so its vector
/// holds something of that one too.
public final class SessionTurns {
  /// How far from a turn in its chain the one before is looked for.
  private static final int REACH = 16;

  private SessionTurns() {}

  /// The newest turn of a session in a scope, if it was among the last things written there.
  public static Body.@Nullable Content last(Reader reader, String path, String session)
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
    return newest == null ? null : shown(reader, newest);
  }

  /// The turn that a revision's content follows, as it is now; or null. What revises a turn follows
  /// what the turn followed.
  public static Body.@Nullable Content before(Reader reader, Entry entry) throws SQLException {
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
    return turn == null ? null : shown(reader, turn);
  }

  private static @Nullable Entry turnBefore(Reader reader, long chain, long seq, String session)
      throws SQLException {
    long after = Math.max(0, seq - 1 - REACH);
    Entry newest = null;
    for (var entry : reader.chain(chain, after, (int) (seq - 1 - after))) {
      if (entry.header().change() == Change.CREATE && session.equals(sessionOfTurn(entry))) {
        newest = entry;
      }
    }
    return newest;
  }

  /// What a turn says now, if it was revised.
  private static Body.@Nullable Content shown(Reader reader, Entry turn) throws SQLException {
    var state = reader.state(turn.header().memory());
    var head = state == null ? null : state.head(Header.MAIN);
    long holder = head == null ? turn.pos() : head.base() == 0 ? head.pos() : head.base();
    var body = (holder == turn.pos() ? turn : reader.entry(holder)).decoded();
    return body == null ? null : body.content();
  }

  /// The positions of what was embedded with a memory: the contents of the turn that follows it.
  /// None where the memory is no turn.
  static List<Long> embeddedWith(Reader reader, Entry created) throws SQLException {
    var positions = new ArrayList<Long>();
    var session = created.header().change() == Change.CREATE ? sessionOfTurn(created) : null;
    if (session == null) {
      return positions;
    }
    for (var entry : reader.chain(created.chain(), created.seq(), REACH)) {
      if (entry.header().change() == Change.CREATE && session.equals(sessionOfTurn(entry))) {
        var next = Objects.requireNonNull(reader.state(entry.header().memory()));
        for (var each : reader.history(next)) {
          if (each.base() == 0 && !each.erased()) {
            positions.add(each.pos());
          }
        }
        return positions;
      }
    }
    return positions;
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
