package dev.remanence.daemon.client;

import dev.remanence.ConflictRecord;
import dev.remanence.Conflicts;
import dev.remanence.Resolution;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The conflicts of a scope of a store that another process owns: `conflicts`, `conflict` and
/// `resolve` of the protocol. Without state.
final class RemoteConflicts implements Conflicts {
  private final RemoteStore store;
  private final String scope;

  RemoteConflicts(RemoteStore store, String scope) {
    this.store = store;
    this.scope = scope;
  }

  @Override
  public Page list(Listing listing) {
    var params =
        Encoded.in(scope)
            .put("status", Encoded.word(listing.status()))
            .put("inherit", listing.inherit())
            .put("limit", listing.limit())
            .put("after", listing.after());
    var page = store.call("conflicts", params);
    return new Page(page.list("conflicts", Decoded::conflict), page.optionalId("after"));
  }

  @Override
  public ConflictRecord get(UUID id) {
    return Decoded.conflict(store.call("conflict", Encoded.of(id)));
  }

  @Override
  public ConflictRecord resolve(UUID id, Resolution resolution, @Nullable String message) {
    var params = Encoded.of(id).put("message", Encoded.optionalText("message", message));
    switch (resolution) {
      case Resolution.Keep(var side) -> params.put("keep", Encoded.word(side));
      case Resolution.Merge(var strategy, var text) ->
          params
              .put("merge", Encoded.word(strategy))
              .put("text", Encoded.optionalText("text", text));
      case Resolution.Dismiss() -> params.put("dismiss", true);
    }
    return Decoded.conflict(store.call("resolve", params));
  }
}
