package dev.remanence.daemon.client;

import dev.remanence.AsOf;
import dev.remanence.Assemblies;
import dev.remanence.Assembly;
import dev.remanence.AssemblyDraft;
import dev.remanence.Listing;
import dev.remanence.Memory;
import dev.remanence.Remembered;
import dev.remanence.Similar;
import dev.remanence.Written;
import dev.remanence.daemon.protocol.Shape;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The assemblies of a scope of a store that another process owns: `assemblies.*` of the protocol.
/// Without state.
final class RemoteAssemblies implements Assemblies {
  private final RemoteStore store;
  private final String scope;

  RemoteAssemblies(RemoteStore store, String scope) {
    this.store = store;
    this.scope = scope;
  }

  private Shape named(String name) {
    return Encoded.in(scope).put("name", Encoded.text("name", name));
  }

  /// An assembly is its memory, so answers are asked for with it.
  private static Shape whole(Shape params) {
    return params.put("memory", true);
  }

  @Override
  public Remembered put(AssemblyDraft draft) {
    return Decoded.remembered(store.call("assemblies.put", Encoded.assembly(scope, draft)));
  }

  @Override
  public Written add(String name, Collection<UUID> members) {
    return Decoded.written(
        store.call("assemblies.add", named(name).put("members", Encoded.ids(members))));
  }

  @Override
  public Written remove(String name, Collection<UUID> members) {
    return Decoded.written(
        store.call("assemblies.remove", named(name).put("members", Encoded.ids(members))));
  }

  @Override
  public void forget(String name, @Nullable String reason) {
    store.call(
        "assemblies.forget", named(name).put("reason", Encoded.optionalText("reason", reason)));
  }

  @Override
  public Assembly get(String name, AsOf asOf) {
    return Decoded.assembly(store.call("assemblies.get", whole(Encoded.asOf(named(name), asOf))));
  }

  @Override
  public List<Memory> members(String name, AsOf asOf) {
    return store
        .call("assemblies.members", Encoded.asOf(named(name), asOf))
        .list("memories", Decoded::memory);
  }

  @Override
  public List<Assembly.Composite> composites(String name) {
    return store.call("assemblies.composites", named(name)).list("composite", Decoded::composite);
  }

  @Override
  public Assembly.Page list(Listing listing) {
    return Decoded.assemblies(
        store.call("assemblies.list", whole(Encoded.listing(scope, listing))));
  }

  @Override
  public List<Assembly.Near> similar(Similar question) {
    return store
        .call("assemblies.similar", whole(Encoded.similar(scope, question)))
        .list("hits", Decoded::near);
  }
}
