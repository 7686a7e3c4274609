package dev.remanence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
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

  /// The assembly's memory, where it is a new one.
  Draft memory() {
    var memory =
        Draft.of(Assembly.text(name, description))
            .key(Assembly.key(name))
            .tags(withTag(tags == null ? List.of() : tags))
            .metadata(metadata)
            .links(members == null ? List.of() : links(List.of(), members));
    if (importance != null) {
      memory.importance(importance);
    }
    return pinned == null ? memory : memory.pinned(pinned);
  }

  static Collection<String> withTag(Collection<String> told) {
    var tags = new TreeSet<>(told);
    tags.add(Assembly.TAG);
    return tags;
  }

  /// Links to these members in place of those to others; links of other types stay.
  static List<Link> links(List<Link> before, Collection<UUID> members) {
    var links = new ArrayList<Link>();
    before.stream().filter(link -> !link.type().equals(Assembly.LINK)).forEach(links::add);
    new LinkedHashSet<>(members).forEach(member -> links.add(new Link(Assembly.LINK, member)));
    return links;
  }

  /// What was told so far, for those who carry it to where it is put; refused like there where it
  /// is beyond a limit. Null is what was not told.
  public Told told() {
    var memory = memory();
    Assembly.requireRoom(members == null ? 0 : new LinkedHashSet<>(members).size());
    Wishes.check(memory);
    return new Told(name, description, members, tags, metadata, importance, pinned);
  }

  /// The parts of a draft, by the names under which they are told.
  public record Told(
      String name,
      @Nullable String description,
      @Nullable List<UUID> members,
      @Nullable List<String> tags,
      Json.@Nullable Obj metadata,
      @Nullable Double importance,
      @Nullable Boolean pinned) {}
}
