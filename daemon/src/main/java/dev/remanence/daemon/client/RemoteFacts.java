package dev.remanence.daemon.client;

import dev.remanence.AsOf;
import dev.remanence.Draft;
import dev.remanence.Fact;
import dev.remanence.Facts;
import dev.remanence.Json;
import dev.remanence.RemanenceException.InvalidInput;
import dev.remanence.Remembered;
import dev.remanence.Revised;
import dev.remanence.daemon.protocol.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The facts of a scope of a store that another process owns: `facts.*` of the protocol. Without
/// state.
final class RemoteFacts implements Facts {
  private final RemoteStore store;
  private final String scope;

  RemoteFacts(RemoteStore store, String scope) {
    this.store = store;
    this.scope = scope;
  }

  private Shape keyed(String key) {
    return Encoded.in(scope).put("key", Encoded.text("key", key));
  }

  /// A fact is its memory, so answers are asked for with it.
  private static Shape whole(Shape params) {
    return params.put("memory", true);
  }

  @Override
  public Remembered set(Draft draft) {
    if (draft.told().key() == null) {
      throw new InvalidInput("a fact has a key; none was given", "field", "key");
    }
    return Decoded.remembered(store.call("facts.set", Encoded.fact(Encoded.in(scope), draft)));
  }

  @Override
  public Remembered add(String key, Json value) {
    return Decoded.remembered(store.call("facts.add", keyed(key).put("value", value)));
  }

  @Override
  public Remembered remove(String key, Json value) {
    return Decoded.remembered(store.call("facts.remove", keyed(key).put("value", value)));
  }

  @Override
  public Fact get(String key, AsOf asOf) {
    return Decoded.fact(store.call("facts.get", whole(Encoded.asOf(keyed(key), asOf))));
  }

  @Override
  public Page list(Listing listing) {
    var params =
        Encoded.in(scope)
            .put("prefix", Encoded.optionalText("prefix", listing.prefix()))
            .put("inherit", listing.inherit())
            .put("limit", listing.limit())
            .put("after", Encoded.optionalText("after", listing.after()));
    var page = store.call("facts.list", whole(params));
    return new Page(page.list("facts", Decoded::fact), page.optionalText("after"));
  }

  @Override
  public String prompt(@Nullable Integer maxTokens) {
    var params = Encoded.in(scope);
    if (maxTokens != null) {
      params.put("maxTokens", maxTokens.longValue());
    }
    return store.call("facts.prompt", params).text("text");
  }

  @Override
  public List<Revised> history(String key) {
    return store.revisions("facts.history", () -> keyed(key));
  }
}
