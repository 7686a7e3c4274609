package dev.remanence;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Two memories that cannot both stand, or that say the same twice, and what was decided. It says
/// nothing of their words: who may not see a side learns nothing, and an erased one leaves nothing.
///
/// @param id of the memory that the record is, whose history is the audit
/// @param older what was there first
/// @param newer what was remembered later
/// @param score from 0 to 1, as the judge has it
/// @param resolution what was decided, or null
/// @param at when it was found
public record ConflictRecord(
    UUID id,
    String scope,
    UUID older,
    UUID newer,
    Relation relation,
    Reason reason,
    double score,
    Status status,
    @Nullable String resolution,
    Instant at,
    int revision) {

  /// Every conflict has this tag; reads show it only where their filter asks for it.
  public static final String TAG = "conflict";

  /// A memory whose key begins so is a conflict; the ids of the older and the newer side follow.
  public static final String KEY_PREFIX = "conflict:";

  /// The type of the links from a conflict to its sides.
  public static final String LINK = "conflict";

  static boolean isOne(@Nullable String key) {
    return key != null && key.startsWith(KEY_PREFIX);
  }

  /// The key under which the record of a pair is kept.
  public static String keyOf(UUID older, UUID newer) {
    return KEY_PREFIX + older + ":" + newer;
  }

  ConflictRecord status(Status told) {
    return new ConflictRecord(
        id, scope, older, newer, relation, reason, score, told, resolution, at, revision);
  }

  /// How the newer side stands to the older.
  public enum Relation {
    /// The same, said again.
    DUPLICATE,
    /// Another value of what has one at a time and may have changed since.
    UPDATE,
    /// Both cannot be so.
    CONTRADICTION;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// By what it was told.
  public enum Reason {
    /// The same words, or nearly.
    LIKENESS,
    /// The same key, set by a source that is trusted less.
    KEY,
    VALUE,
    NUMBER,
    DATE,
    NEGATION;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public enum Status {
    OPEN,
    RESOLVED,
    DISMISSED,
    /// Still open, but a side was forgotten or erased, or has expired.
    MOOT;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
