package dev.remanence;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The assemblies of one scope: a view without state, as [MemoryScope] is.
///
/// ```java
/// var trips = store.scope("acme/user:42").assemblies();
/// trips.put(AssemblyDraft.of("Rome").description("the week in May").members(flight, hotel));
/// trips.similar(Similar.to("where did we stay?")).forEach(near -> print(near.assembly().name()));
/// ```
///
/// Names are looked up as keys are: reads by name see the scope's ancestors and `global`, nearest
/// first; writes stay within the scope. Members may lie in any scope.
public interface Assemblies {

  /// Makes an assembly, or changes what is told of the one that has the name.
  Remembered put(AssemblyDraft draft);

  /// Adds members, all or none, as one revision. Those that are there already are no change.
  Written add(String name, Collection<UUID> members);

  /// Takes members away, all or none, as one revision. The memories stay.
  Written remove(String name, Collection<UUID> members);

  /// Forgets the assembly; its members and its history stay.
  void forget(String name, @Nullable String reason);

  default Assembly get(String name) {
    return get(name, AsOf.NOW);
  }

  Assembly get(String name, AsOf asOf);

  /// The members themselves, oldest id first.
  List<Memory> members(String name, AsOf asOf);

  /// What the assembly's members have in common, one vector a model; empty where no member has a
  /// vector. It is of the members as they are now.
  List<Assembly.Composite> composites(String name);

  /// One page of the assemblies of the scope.
  Assembly.Page list(Listing listing);

  /// The assemblies whose composite vector is near, nearest first. To the id of an assembly that is
  /// near to its composite vector; itself is not among them.
  List<Assembly.Near> similar(Similar question);
}
