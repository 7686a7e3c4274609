package dev.remanence;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An assembly to be: what [Assemblies#put] takes. Fluent and mutable until it is handed over; not
/// thread-safe. What is not set stays as it is where the assembly is there already.
public final class AssemblyDraft {
  final String name;
  @Nullable String description;
  @Nullable List<UUID> members;
  @Nullable List<String> tags;
  Json.@Nullable Obj metadata;
  @Nullable Double importance;
  @Nullable Boolean pinned;

  private AssemblyDraft(String name) {
    this.name = name;
  }

  public static AssemblyDraft of(String name) {
    return new AssemblyDraft(name);
  }

  /// What it is about; an empty one takes the description away.
  public AssemblyDraft description(String description) {
    this.description = description;
    return this;
  }

  public AssemblyDraft members(UUID... members) {
    return members(List.of(members));
  }

  /// In place of all members.
  public AssemblyDraft members(Collection<UUID> members) {
    this.members = List.copyOf(members);
    return this;
  }

  public AssemblyDraft tags(String... tags) {
    return tags(List.of(tags));
  }

  /// In place of all tags but [Assembly#TAG], which stays.
  public AssemblyDraft tags(Collection<String> tags) {
    this.tags = List.copyOf(tags);
    return this;
  }

  public AssemblyDraft metadata(Json.Obj metadata) {
    this.metadata = metadata;
    return this;
  }

  /// Between 0 and 1; 0.5 unless told.
  public AssemblyDraft importance(double importance) {
    this.importance = importance;
    return this;
  }

  public AssemblyDraft pinned(boolean pinned) {
    this.pinned = pinned;
    return this;
  }
}
