package dev.remanence;

import dev.remanence.RemanenceException.TooLarge;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A named set of memories, as it is known at the moment that was asked for. The assembly is a
/// memory itself: id, tags, importance, history and all else that a memory has are `memory`'s.
///
/// @param members those that reads of that moment see, the oldest id first; what was forgotten or
///   erased, or has expired, is none of them
public record Assembly(
    Memory memory, String name, @Nullable String description, List<UUID> members) {

  /// Every assembly has this tag: by it a filter takes them in or leaves them out.
  public static final String TAG = "assembly";

  /// A memory whose key begins so is an assembly; its name follows.
  public static final String KEY_PREFIX = "assembly:";

  /// The type of the links from an assembly to its members.
  public static final String LINK = "member";

  /// How many members an assembly has at most: a memory has no more links.
  public static final int MEMBERS_MAX = Limits.LINKS_MAX;

  /// The mean of the members' directions, of length 1, as one model sees them.
  ///
  /// @param members how many of them this model has a vector of
  public record Composite(String model, int members, float[] vector) {
    public Composite {
      vector = vector.clone();
    }
  }

  /// An assembly that is near.
  ///
  /// @param score the cosine
  public record Near(Assembly assembly, double score) {}

  /// Part of a longer answer. The cursor asks for the next part; null ends it.
  public record Page(List<Assembly> assemblies, @Nullable String cursor) {}

  static boolean isOne(@Nullable String key) {
    return key != null && key.startsWith(KEY_PREFIX);
  }

  /// The key of an assembly's memory.
  static String key(String name) {
    return KEY_PREFIX + Limits.name("name", name);
  }

  /// What an assembly's memory says: its name, and below it the description. A name has no control
  /// characters, so it is the first line.
  static String text(String name, @Nullable String description) {
    return description == null || description.isEmpty() ? name : name + "\n" + description;
  }

  static void requireRoom(int members) {
    if (members > MEMBERS_MAX) {
      throw new TooLarge(
          "an assembly has at most "
              + MEMBERS_MAX
              + " members; found "
              + members
              + ": a tag gathers any number, and an assembly may be a member of another",
          "field",
          "members",
          "max",
          MEMBERS_MAX,
          "found",
          members);
    }
  }

  /// The assembly that a memory is.
  static Assembly of(Memory memory, List<UUID> members) {
    var name = String.valueOf(memory.key()).substring(KEY_PREFIX.length());
    var body = memory.body();
    var description =
        body.equals(name)
            ? null
            : body.startsWith(name + "\n") ? body.substring(name.length() + 1) : body;
    return new Assembly(memory, name, description, members);
  }
}
