package dev.remanence;

import java.util.List;
import java.util.Locale;
import java.util.UUID;

/// What an agent should read now, and why each part of it is there.
///
/// @param tokens of the text, as the tokenizer that was asked for counts them
public record Context(String text, List<Part> parts, long tokens, String tokenizer) {
  public Context {
    parts = List.copyOf(parts);
  }

  /// A section of the text.
  ///
  /// @param reason why it is there, and what found no room
  /// @param memories in the order of their lines
  public record Part(Section section, String reason, List<UUID> memories, long tokens) {
    public Part {
      memories = List.copyOf(memories);
    }
  }

  /// The sections, in the order of the text.
  public enum Section {
    PINNED("Pinned", "pinned"),
    FACTS("Facts", "holds now"),
    TURNS("Conversation", "was said last"),
    RECALLED("Recalled", "answers the query"),
    ASSEMBLIES("Assemblies", "groups that the query finds");

    private final String title;
    private final String reason;

    Section(String title, String reason) {
      this.title = title;
      this.reason = reason;
    }

    String title() {
      return title;
    }

    String reason() {
      return reason;
    }

    /// The name on every surface: lower case.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
