package dev.remanence.daemon.client;

import dev.remanence.Remembered;
import dev.remanence.Turn;
import dev.remanence.Turns;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The turns of a scope of a store that another process owns: `turns.*` of the protocol. Without
/// state.
final class RemoteTurns implements Turns {
  private final RemoteStore store;
  private final String scope;

  RemoteTurns(RemoteStore store, String scope) {
    this.store = store;
    this.scope = scope;
  }

  @Override
  public List<Remembered> add(List<Turn> turns, Keeping keeping) {
    var params = Encoded.in(scope).list("turns", turns, Encoded::turn);
    switch (keeping) {
      case DURABLE -> {}
      case DEFERRED -> params.put("defer", true);
      case VOLATILE -> params.put("durable", false);
    }
    return store.call("turns.add", params).list("results", Decoded::remembered);
  }

  @Override
  public Page list(int limit, @Nullable UUID before) {
    var page =
        store.call("turns.list", Encoded.in(scope).put("limit", limit).put("before", before));
    return new Page(page.list("turns", Decoded::memory), page.optionalId("before"));
  }
}
